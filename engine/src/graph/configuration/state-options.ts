/** `state.…` but for the log-structured backend: all options of Flink 2.3. (Flink: docs/ops/state/state_backends, docs/deployment/config#state-backends) */
import { Duration } from "../../base/duration.ts";
import { ConfigOptions } from "./config-option.ts";

/** Options of `state.backend.…`. (Flink: docs/ops/state/state_backends) */
export const StateBackendOptions = {
  /** `hashmap` or `rocksdb` (`forst` is the same). */
  STATE_BACKEND: ConfigOptions.key("state.backend.type").withFallbackKeys("state.backend").stringType().defaultValue("hashmap"),
} as const;

/** Options of `state.latency-track.…`. (Flink: docs/deployment/config#state-latency-tracking-options) */
export const StateLatencyTrackOptions = {
  /** Whether accesses to keyed state are timed. Not built. */
  LATENCY_TRACK_ENABLED: ConfigOptions.key("state.latency-track.keyed-state-enabled")
    .withFallbackKeys("state.backend.latency-track.keyed-state-enabled")
    .booleanType()
    .defaultValue(false),
  /** Every how many accesses one is timed. Changes nothing here. */
  LATENCY_TRACK_SAMPLE_INTERVAL: ConfigOptions.key("state.latency-track.sample-interval")
    .withFallbackKeys("state.backend.latency-track.sample-interval")
    .intType()
    .defaultValue(100),
  /** How many times a histogram keeps. Changes nothing here. */
  LATENCY_TRACK_HISTORY_SIZE: ConfigOptions.key("state.latency-track.history-size")
    .withFallbackKeys("state.backend.latency-track.history-size")
    .intType()
    .defaultValue(128),
  /** Whether the state's name is a variable of the metric. Changes nothing here. */
  LATENCY_TRACK_STATE_NAME_AS_VARIABLE: ConfigOptions.key("state.latency-track.state-name-as-variable")
    .withFallbackKeys("state.backend.latency-track.state-name-as-variable")
    .booleanType()
    .defaultValue(true),
} as const;

/** Options of `state.size-track.…`. (Flink: docs/deployment/config) */
export const StateSizeTrackOptions = {
  /** Whether sizes of keys and values are sampled. Not built. */
  SIZE_TRACK_ENABLED: ConfigOptions.key("state.size-track.keyed-state-enabled").booleanType().defaultValue(false),
  /** Every how many accesses one is sampled. Changes nothing here. */
  SIZE_TRACK_SAMPLE_INTERVAL: ConfigOptions.key("state.size-track.sample-interval").intType().defaultValue(100),
  /** How many sizes a histogram keeps. Changes nothing here. */
  SIZE_TRACK_HISTORY_SIZE: ConfigOptions.key("state.size-track.history-size").intType().defaultValue(128),
  /** Whether the state's name is a variable of the metric. Changes nothing here. */
  SIZE_TRACK_STATE_NAME_AS_VARIABLE: ConfigOptions.key("state.size-track.state-name-as-variable").booleanType().defaultValue(true),
} as const;

/** Options of `state.changelog.…`. (Flink: docs/ops/state/state_backends#enabling-changelog) */
export const StateChangelogOptions = {
  /** Whether the state behind the log is stored now and then. Changes nothing here. */
  PERIODIC_MATERIALIZATION_ENABLED: ConfigOptions.key("state.changelog.periodic-materialize.enabled")
    .withFallbackKeys("state.backend.changelog.periodic-materialize.enabled")
    .booleanType()
    .defaultValue(true),
  /** How often. Changes nothing here. */
  PERIODIC_MATERIALIZATION_INTERVAL: ConfigOptions.key("state.changelog.periodic-materialize.interval")
    .withFallbackKeys("state.backend.changelog.periodic-materialize.interval")
    .durationType()
    .defaultValue(Duration.ofMinutes(10)),
  /** How often that may fail in a row. Changes nothing here. */
  MATERIALIZATION_MAX_FAILURES_ALLOWED: ConfigOptions.key("state.changelog.max-failures-allowed")
    .withFallbackKeys("state.backend.changelog.max-failures-allowed")
    .intType()
    .defaultValue(3),
  /** Whether changes of state are written to a log. Not built: results are the same without. */
  ENABLE_STATE_CHANGE_LOG: ConfigOptions.key("state.changelog.enabled")
    .withFallbackKeys("state.backend.changelog.enabled")
    .booleanType()
    .defaultValue(false),
  /** `memory` or `filesystem`. Changes nothing here. */
  STATE_CHANGE_LOG_STORAGE: ConfigOptions.key("state.changelog.storage")
    .withFallbackKeys("state.backend.changelog.storage")
    .stringType()
    .defaultValue("memory"),
} as const;

/** Options of `state.changelog.dstl.dfs.…`. (Flink: docs/deployment/config#state-changelog-options) */
export const FsStateChangelogOptions = {
  /** Folder of the log. Changes nothing here. */
  BASE_PATH: ConfigOptions.key("state.changelog.dstl.dfs.base-path").withFallbackKeys("dstl.dfs.base-path").stringType().noDefaultValue(),
  /** Whether changes are compressed. Changes nothing here. */
  COMPRESSION_ENABLED: ConfigOptions.key("state.changelog.dstl.dfs.compression.enabled")
    .withFallbackKeys("dstl.dfs.compression.enabled")
    .booleanType()
    .defaultValue(false),
  /** Size from which changes are stored before a checkpoint asks. Changes nothing here. */
  PREEMPTIVE_PERSIST_THRESHOLD: ConfigOptions.key("state.changelog.dstl.dfs.preemptive-persist-threshold")
    .withFallbackKeys("dstl.dfs.preemptive-persist-threshold")
    .memoryType()
    .defaultValue("5 mb"),
  /** How long changes wait for others. Changes nothing here. */
  PERSIST_DELAY: ConfigOptions.key("state.changelog.dstl.dfs.batch.persist-delay")
    .withFallbackKeys("dstl.dfs.batch.persist-delay")
    .durationType()
    .defaultValue(Duration.ofMillis(10)),
  /** Size of a batch of changes. Changes nothing here. */
  PERSIST_SIZE_THRESHOLD: ConfigOptions.key("state.changelog.dstl.dfs.batch.persist-size-threshold")
    .withFallbackKeys("dstl.dfs.batch.persist-size-threshold")
    .memoryType()
    .defaultValue("10 mb"),
  /** Buffer of an upload. Changes nothing here. */
  UPLOAD_BUFFER_SIZE: ConfigOptions.key("state.changelog.dstl.dfs.upload.buffer-size")
    .withFallbackKeys("dstl.dfs.upload.buffer-size")
    .memoryType()
    .defaultValue("1 mb"),
  /** Threads that upload. Changes nothing here. */
  NUM_UPLOAD_THREADS: ConfigOptions.key("state.changelog.dstl.dfs.upload.num-threads")
    .withFallbackKeys("dstl.dfs.upload.num-threads")
    .intType()
    .defaultValue(5),
  /** Threads that delete. Changes nothing here. */
  NUM_DISCARD_THREADS: ConfigOptions.key("state.changelog.dstl.dfs.discard.num-threads")
    .withFallbackKeys("dstl.dfs.discard.num-threads")
    .intType()
    .defaultValue(1),
  /** Bytes under way at a time. Changes nothing here. */
  IN_FLIGHT_DATA_LIMIT: ConfigOptions.key("state.changelog.dstl.dfs.upload.max-in-flight")
    .withFallbackKeys("dstl.dfs.upload.max-in-flight")
    .memoryType()
    .defaultValue("100 mb"),
  /** `fixed` or `none`. Changes nothing here. */
  RETRY_POLICY: ConfigOptions.key("state.changelog.dstl.dfs.upload.retry-policy")
    .withFallbackKeys("dstl.dfs.upload.retry-policy")
    .stringType()
    .defaultValue("fixed"),
  /** After this an upload is tried again. Changes nothing here. */
  UPLOAD_TIMEOUT: ConfigOptions.key("state.changelog.dstl.dfs.upload.timeout")
    .withFallbackKeys("dstl.dfs.upload.timeout")
    .durationType()
    .defaultValue(Duration.ofSeconds(1)),
  /** How often an upload is tried. Changes nothing here. */
  RETRY_MAX_ATTEMPTS: ConfigOptions.key("state.changelog.dstl.dfs.upload.max-attempts")
    .withFallbackKeys("dstl.dfs.upload.max-attempts")
    .intType()
    .defaultValue(3),
  /** Between two attempts. Changes nothing here. */
  RETRY_DELAY_AFTER_FAILURE: ConfigOptions.key("state.changelog.dstl.dfs.upload.next-attempt-delay")
    .withFallbackKeys("dstl.dfs.upload.next-attempt-delay")
    .durationType()
    .defaultValue(Duration.ofMillis(500)),
  /** How long a downloaded file is kept. Changes nothing here. */
  CACHE_IDLE_TIMEOUT: ConfigOptions.key("state.changelog.dstl.dfs.download.local-cache.idle-timeout-ms")
    .withFallbackKeys("dstl.dfs.download.local-cache.idle-timeout-ms")
    .durationType()
    .defaultValue(Duration.ofMinutes(10)),
} as const;
