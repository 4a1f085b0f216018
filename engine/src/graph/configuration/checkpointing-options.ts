/** `execution.checkpointing.…`: all options of Flink 2.3. (Flink: docs/deployment/config#checkpointing) */
import { Duration } from "../../base/duration.ts";
import { ConfigOptions } from "./config-option.ts";

/** Options of `execution.checkpointing.…`. (Flink: docs/deployment/config#checkpointing) */
export const CheckpointingOptions = {
  /** `jobmanager` (5 MiB per task and kind of state) or `filesystem`; unset = a file system. */
  CHECKPOINT_STORAGE: ConfigOptions.key("execution.checkpointing.storage")
    .withFallbackKeys("state.checkpoint-storage")
    .stringType()
    .noDefaultValue(),
  /** How many completed checkpoints are kept. */
  MAX_RETAINED_CHECKPOINTS: ConfigOptions.key("execution.checkpointing.num-retained")
    .withFallbackKeys("state.checkpoints.num-retained")
    .intType()
    .defaultValue(1),
  /** Whether the files of a checkpoint that goes are deleted in parallel. Changes nothing here. */
  CLEANER_PARALLEL_MODE: ConfigOptions.key("execution.checkpointing.cleaner.parallel-mode")
    .withFallbackKeys("state.checkpoint.cleaner.parallel-mode")
    .booleanType()
    .defaultValue(true),
  /** Whether checkpoints of the log-structured backend upload only tables that no completed one has. */
  INCREMENTAL_CHECKPOINTS: ConfigOptions.key("execution.checkpointing.incremental")
    .withFallbackKeys("state.backend.incremental")
    .booleanType()
    .defaultValue(false),
  /** Where task managers keep copies of their state. Changes nothing here. */
  LOCAL_RECOVERY_TASK_MANAGER_STATE_ROOT_DIRS: ConfigOptions.key("execution.checkpointing.local-backup.dirs")
    .withFallbackKeys("taskmanager.state.local.root-dirs")
    .stringType()
    .noDefaultValue(),
  /** Where savepoints go unless their trigger says otherwise. Changes nothing here. */
  SAVEPOINT_DIRECTORY: ConfigOptions.key("execution.checkpointing.savepoint-dir")
    .withFallbackKeys("state.savepoints.dir", "savepoints.state.backend.fs.dir")
    .stringType()
    .noDefaultValue(),
  /** Where checkpoints go: the world's checkpoint storage, whatever is said. Changes nothing here. */
  CHECKPOINTS_DIRECTORY: ConfigOptions.key("execution.checkpointing.dir")
    .withFallbackKeys("state.checkpoints.dir", "state.backend.fs.checkpointdir")
    .stringType()
    .noDefaultValue(),
  /** Whether checkpoints lie in a folder of their job. Changes nothing here. */
  CREATE_CHECKPOINT_SUB_DIR: ConfigOptions.key("execution.checkpointing.create-subdir")
    .withFallbackKeys("state.checkpoints.create-subdir")
    .booleanType()
    .defaultValue(true),
  /** State that is smaller lies in the checkpoint's metadata; at most 1 MB. */
  FS_SMALL_FILE_THRESHOLD: ConfigOptions.key("execution.checkpointing.data-inline-threshold")
    .withFallbackKeys("state.storage.fs.memory-threshold", "state.backend.fs.memory-threshold")
    .memoryType()
    .defaultValue("20 kb"),
  /** Bytes that a stream of a checkpoint gathers before it writes. Changes nothing here. */
  FS_WRITE_BUFFER_SIZE: ConfigOptions.key("execution.checkpointing.write-buffer-size")
    .withFallbackKeys("state.storage.fs.write-buffer-size", "state.backend.fs.write-buffer-size")
    .intType()
    .defaultValue(4096),
  /** Whether task managers keep copies of their state. Changes nothing here. */
  LOCAL_BACKUP_ENABLED: ConfigOptions.key("execution.checkpointing.local-backup.enabled")
    .withFallbackKeys("execution.state-recovery.from-local", "state.backend.local-recovery")
    .booleanType()
    .defaultValue(false),
  /** Whether state of several tasks shares a file. Changes nothing here. */
  FILE_MERGING_ENABLED: ConfigOptions.key("execution.checkpointing.file-merging.enabled").booleanType().defaultValue(false),
  /** Whether state of several checkpoints shares a file. Changes nothing here. */
  FILE_MERGING_ACROSS_BOUNDARY: ConfigOptions.key("execution.checkpointing.file-merging.across-checkpoint-boundary")
    .booleanType()
    .defaultValue(false),
  /** Largest shared file. Changes nothing here. */
  FILE_MERGING_MAX_FILE_SIZE: ConfigOptions.key("execution.checkpointing.file-merging.max-file-size").memoryType().defaultValue("32 mb"),
  /** Whether a task waits for a shared file instead of beginning one. Changes nothing here. */
  FILE_MERGING_POOL_BLOCKING: ConfigOptions.key("execution.checkpointing.file-merging.pool-blocking").booleanType().defaultValue(false),
  /** How many tasks share a file. Changes nothing here. */
  FILE_MERGING_MAX_SUBTASKS_PER_FILE: ConfigOptions.key("execution.checkpointing.file-merging.max-subtasks-per-file")
    .intType()
    .defaultValue(4),
  /** How much larger than its living contents a shared file may be. Changes nothing here. */
  FILE_MERGING_MAX_SPACE_AMPLIFICATION: ConfigOptions.key("execution.checkpointing.file-merging.max-space-amplification")
    .doubleType()
    .defaultValue(2),
  /** EXACTLY_ONCE or AT_LEAST_ONCE. */
  CHECKPOINTING_CONSISTENCY_MODE: ConfigOptions.key("execution.checkpointing.mode").stringType().defaultValue("EXACTLY_ONCE"),
  /** After this a checkpoint that is not complete is given up; at least 10 ms. */
  CHECKPOINTING_TIMEOUT: ConfigOptions.key("execution.checkpointing.timeout").durationType().defaultValue(Duration.ofMinutes(10)),
  /** How many checkpoints may be under way at once. */
  MAX_CONCURRENT_CHECKPOINTS: ConfigOptions.key("execution.checkpointing.max-concurrent-checkpoints").intType().defaultValue(1),
  /** Between the end of a checkpoint and the start of the next periodic one, at least. */
  MIN_PAUSE_BETWEEN_CHECKPOINTS: ConfigOptions.key("execution.checkpointing.min-pause").durationType().defaultValue(Duration.ZERO),
  /** How many checkpoints in a row may fail before the job does. */
  TOLERABLE_FAILURE_NUMBER: ConfigOptions.key("execution.checkpointing.tolerable-failed-checkpoints").intType().defaultValue(0),
  /** What becomes of the checkpoints when the job ends: NO_EXTERNALIZED_CHECKPOINTS, DELETE_ON_CANCELLATION, RETAIN_ON_CANCELLATION. */
  EXTERNALIZED_CHECKPOINT_RETENTION: ConfigOptions.key("execution.checkpointing.externalized-checkpoint-retention")
    .stringType()
    .defaultValue("NO_EXTERNALIZED_CHECKPOINTS"),
  /** The interval while a source works off its backlog; 0 = no checkpoints meanwhile, unset = as otherwise. */
  CHECKPOINTING_INTERVAL_DURING_BACKLOG: ConfigOptions.key("execution.checkpointing.interval-during-backlog")
    .durationType()
    .noDefaultValue(),
  /** At least 10 ms; unset = no checkpoints. */
  CHECKPOINTING_INTERVAL: ConfigOptions.key("execution.checkpointing.interval").durationType().noDefaultValue(),
  /** Whether barriers may overtake records that wait in front of them. */
  ENABLE_UNALIGNED: ConfigOptions.key("execution.checkpointing.unaligned.enabled")
    .withFallbackKeys("execution.checkpointing.unaligned")
    .booleanType()
    .defaultValue(false),
  /** How long unaligned checkpoints are tried aligned; 0 = barriers overtake at once. */
  ALIGNED_CHECKPOINT_TIMEOUT: ConfigOptions.key("execution.checkpointing.aligned-checkpoint-timeout")
    .withFallbackKeys("execution.checkpointing.alignment-timeout")
    .durationType()
    .defaultValue(Duration.ZERO),
  /** Unaligned checkpoints also in jobs with custom partitioners. */
  FORCE_UNALIGNED: ConfigOptions.key("execution.checkpointing.unaligned.forced").booleanType().defaultValue(false),
  /** Whether a barrier may come between the timers of one watermark. Not built: they fire in one go. */
  ENABLE_UNALIGNED_INTERRUPTIBLE_TIMERS: ConfigOptions.key("execution.checkpointing.unaligned.interruptible-timers.enabled")
    .booleanType()
    .defaultValue(false),
  /** Whether checkpoints go on when some tasks have finished. */
  ENABLE_CHECKPOINTS_AFTER_TASKS_FINISH: ConfigOptions.key("execution.checkpointing.checkpoints-after-tasks-finish")
    .withFallbackKeys("execution.checkpointing.checkpoints-after-tasks-finish.enabled")
    .booleanType()
    .defaultValue(true),
  /** Whether sources wait for the first checkpoint after a restore. Not built. */
  PAUSE_SOURCES_UNTIL_FIRST_CHECKPOINT: ConfigOptions.key("pipeline.sources.pause-until-first-checkpoint")
    .booleanType()
    .defaultValue(false),
  /** How many tasks share a file for what was in flight: the count of files in the storage, not their bytes. */
  UNALIGNED_MAX_SUBTASKS_PER_CHANNEL_STATE_FILE: ConfigOptions.key("execution.checkpointing.unaligned.max-subtasks-per-channel-state-file")
    .intType()
    .defaultValue(5),
  /** Whether receivers recover what senders had queued, ahead of everything new. */
  UNALIGNED_RECOVER_OUTPUT_ON_DOWNSTREAM: ConfigOptions.key("execution.checkpointing.unaligned.recover-output-on-downstream.enabled")
    .booleanType()
    .defaultValue(false),
  /** Whether checkpoints begin before all that was in flight is read again. Needs `UNALIGNED_RECOVER_OUTPUT_ON_DOWNSTREAM`. */
  CHECKPOINTING_DURING_RECOVERY_ENABLED: ConfigOptions.key("execution.checkpointing.during-recovery.enabled")
    .withFallbackKeys("execution.checkpointing.unaligned.during-recovery.enabled")
    .booleanType()
    .defaultValue(false),
} as const;
