/** Options of the job as a whole, of its pipeline, its sinks and the web UI that have an effect here. (Flink: docs/deployment/config) */
import { Duration } from "../../base/duration.ts";
import { ConfigOptions } from "./config-option.ts";

/** Options of `parallelism.…`. (Flink: docs/deployment/config) */
export const CoreOptions = {
  /** Parallelism of operators that set none; by default the cluster's. */
  DEFAULT_PARALLELISM: ConfigOptions.key("parallelism.default").intType().noDefaultValue(),
} as const;

/** Options of `execution.…`. (Flink: docs/deployment/config) */
export const ExecutionOptions = {
  /** STREAMING, BATCH or AUTOMATIC. */
  RUNTIME_MODE: ConfigOptions.key("execution.runtime-mode").stringType().defaultValue("STREAMING"),
  /** How long records wait for a buffer to fill. */
  BUFFER_TIMEOUT: ConfigOptions.key("execution.buffer-timeout.interval").durationType().defaultValue(Duration.ofMillis(100)),
} as const;

/** Options of `pipeline.…`. (Flink: docs/deployment/config) */
export const PipelineOptions = {
  /** How often periodic watermarks are emitted; 0 = never. */
  AUTO_WATERMARK_INTERVAL: ConfigOptions.key("pipeline.auto-watermark-interval").durationType().defaultValue(Duration.ofMillis(200)),
  /** Number of key groups; -1 = by the parallelism. */
  MAX_PARALLELISM: ConfigOptions.key("pipeline.max-parallelism").intType().defaultValue(-1),
  /** Whether operators are chained at all. */
  OPERATOR_CHAINING: ConfigOptions.key("pipeline.operator-chaining.enabled").booleanType().defaultValue(true),
  /** Whether operators with different maximum parallelism are chained. */
  OPERATOR_CHAINING_CHAIN_OPERATORS_WITH_DIFFERENT_MAX_PARALLELISM: ConfigOptions.key(
    "pipeline.operator-chaining.chain-operators-with-different-max-parallelism",
  )
    .booleanType()
    .defaultValue(true),
  /** Whether chained operators may hand objects on without copying. */
  OBJECT_REUSE: ConfigOptions.key("pipeline.object-reuse").booleanType().defaultValue(false),
  /** Whether operators without uid get an id from their place in the program. */
  AUTO_GENERATE_UIDS: ConfigOptions.key("pipeline.auto-generate-uids").booleanType().defaultValue(true),
} as const;

/** Options of sinks. (Flink: docs/deployment/config) */
export const SinkOptions = {
  /** How often a committer may put a committable off before the job fails. */
  COMMITTER_RETRIES: ConfigOptions.key("sink.committer.retries").intType().defaultValue(10),
} as const;

/** Options of `web.…`. (Flink: docs/deployment/config#web) */
export const WebOptions = {
  /** How many failures of a job the exception history keeps. */
  MAX_EXCEPTION_HISTORY_SIZE: ConfigOptions.key("web.exception-history-size").intType().defaultValue(16),
  /** How many checkpoints the checkpoint history keeps. */
  CHECKPOINTS_HISTORY_SIZE: ConfigOptions.key("web.checkpoints.history")
    .withFallbackKeys("jobmanager.web.checkpoints.history")
    .intType()
    .defaultValue(10),
} as const;
