/** `execution.state-recovery.…`: all options of Flink 2.3. (Flink: docs/deployment/config#recovery) */
import { ConfigOptions } from "./config-option.ts";

/** Options of `execution.state-recovery.…`. (Flink: docs/deployment/config#recovery) */
export const StateRecoveryOptions = {
  /** The savepoint that the program wants to start from. */
  SAVEPOINT_PATH: ConfigOptions.key("execution.state-recovery.path")
    .withFallbackKeys("execution.savepoint.path")
    .stringType()
    .noDefaultValue(),
  /** Leave out state that no operator claims, instead of refusing the savepoint. */
  SAVEPOINT_IGNORE_UNCLAIMED_STATE: ConfigOptions.key("execution.state-recovery.ignore-unclaimed-state")
    .withFallbackKeys("execution.savepoint.ignore-unclaimed-state")
    .booleanType()
    .defaultValue(false),
  /** NO_CLAIM: the savepoint stays the user's. CLAIM: the job owns it. */
  RESTORE_MODE: ConfigOptions.key("execution.state-recovery.claim-mode")
    .withFallbackKeys("execution.savepoint-restore-mode")
    .stringType()
    .defaultValue("NO_CLAIM"),
  /** Whether a failed task alone restarts and loses what was in flight. Not built. */
  APPROXIMATE_LOCAL_RECOVERY: ConfigOptions.key("execution.state-recovery.approximate-local-recovery")
    .withFallbackKeys("execution.checkpointing.approximate-local-recovery")
    .booleanType()
    .defaultValue(false),
  /** The checkpoint whose records in flight are left out when it is restored; -1 = none. */
  CHECKPOINT_ID_OF_IGNORED_IN_FLIGHT_DATA: ConfigOptions.key("execution.state-recovery.without-channel-state.checkpoint-id")
    .withFallbackKeys("execution.checkpointing.recover-without-channel-state.checkpoint-id")
    .longType()
    .defaultValue(-1),
  /** Whether tasks restore from copies on their task manager. Changes nothing here. */
  LOCAL_RECOVERY: ConfigOptions.key("execution.state-recovery.from-local")
    .withFallbackKeys("state.backend.local-recovery")
    .booleanType()
    .defaultValue(false),
} as const;
