/**
 * Flink's configuration options under the names of its Java constants, with type and default, for `new Configuration().set(option, value)`.
 * Listed is what has an effect here; every other key is accepted as text and does nothing. (Flink: docs/deployment/config)
 */
import { Duration } from "../base/duration.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import { parseTimeText } from "./time-like.ts";

/** A length of time, as `Duration`s and the old `Time`s give it. */
interface Milliseconds {
  /** Whole milliseconds. */
  toMillis(): number;
}

/** A configuration key with the type of its value, and perhaps a default. (Flink: docs/deployment/config) */
export interface ConfigOption<V> {
  /** Flink's name of the option, such as `parallelism.default`. */
  readonly key: string;
  /** What counts when nobody sets it; absent = nothing. */
  readonly defaultValue?: V;
  /** Reads the value from the text of a configuration file; undefined when it is none. Absent = any text. */
  readonly parse?: (text: string) => V | undefined;
  /** Only carries the value's type; never set. */
  readonly valueType?: V;
}

/** The second half of `ConfigOptions.key("…").intType()`: the default, or none. (Flink: docs/deployment/config) */
export class TypedConfigOptionBuilder<V> {
  private readonly key: string;
  private readonly parse: (text: string) => V | undefined;

  /** @internal */
  constructor(key: string, parse: (text: string) => V | undefined) {
    this.key = key;
    this.parse = parse;
  }

  /** The option, with what counts when nobody sets it. */
  defaultValue(value: V): ConfigOption<V> {
    return { key: this.key, defaultValue: value, parse: this.parse };
  }

  /** The option; nothing counts when nobody sets it. */
  noDefaultValue(): ConfigOption<V> {
    return { key: this.key, parse: this.parse };
  }
}

/** The first half of `ConfigOptions.key("…")`: the type. (Flink: docs/deployment/config) */
export class ConfigOptionBuilder {
  private readonly key: string;

  /** @internal */
  constructor(key: string) {
    this.key = key;
  }

  /** Any text. */
  stringType(): TypedConfigOptionBuilder<string> {
    return new TypedConfigOptionBuilder(this.key, (text) => text);
  }

  /** A whole number. */
  intType(): TypedConfigOptionBuilder<number> {
    return new TypedConfigOptionBuilder(this.key, wholeNumberOf);
  }

  /** A whole number; here as exact as a JavaScript number. */
  longType(): TypedConfigOptionBuilder<number> {
    return new TypedConfigOptionBuilder(this.key, wholeNumberOf);
  }

  /** A number. */
  doubleType(): TypedConfigOptionBuilder<number> {
    return new TypedConfigOptionBuilder(this.key, numberOf);
  }

  /** `true` or `false`, in any case of letters. */
  booleanType(): TypedConfigOptionBuilder<boolean> {
    return new TypedConfigOptionBuilder(this.key, booleanOf);
  }

  /** A length of time, written `10 s`, `500 ms`, `1 min`; without a unit milliseconds. */
  durationType(): TypedConfigOptionBuilder<Milliseconds> {
    return new TypedConfigOptionBuilder<Milliseconds>(this.key, durationOf);
  }
}

/**
 * Makes options for a program's own settings: `ConfigOptions.key("clicks.gap").durationType().defaultValue(Duration.ofMinutes(5))`.
 * (Flink: docs/deployment/config)
 */
export const ConfigOptions = {
  key: (key: string): ConfigOptionBuilder => new ConfigOptionBuilder(key),
} as const;

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

/** Options of `state.backend.…`. (Flink: docs/ops/state/state_backends) */
export const StateBackendOptions = {
  /** `hashmap` or `rocksdb` (`forst` is the same). */
  STATE_BACKEND: ConfigOptions.key("state.backend.type").stringType().defaultValue("hashmap"),
} as const;

/** Options of `restart-strategy.…`. (Flink: docs/ops/state/task_failure_recovery) */
export const RestartStrategyOptions = {
  /** `none`, `fixed-delay`, `exponential-delay` or `failure-rate`; by default exponential delay with checkpointing, none without. */
  RESTART_STRATEGY: ConfigOptions.key("restart-strategy.type").stringType().noDefaultValue(),
  RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS: ConfigOptions.key("restart-strategy.fixed-delay.attempts").intType().defaultValue(1),
  RESTART_STRATEGY_FIXED_DELAY_DELAY: ConfigOptions.key("restart-strategy.fixed-delay.delay")
    .durationType()
    .defaultValue(Duration.ofSeconds(1)),
  RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF: ConfigOptions.key("restart-strategy.exponential-delay.initial-backoff")
    .durationType()
    .defaultValue(Duration.ofSeconds(1)),
  RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF: ConfigOptions.key("restart-strategy.exponential-delay.max-backoff")
    .durationType()
    .defaultValue(Duration.ofMinutes(1)),
  RESTART_STRATEGY_EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER: ConfigOptions.key("restart-strategy.exponential-delay.backoff-multiplier")
    .doubleType()
    .defaultValue(1.5),
  /** How long the job must run without a failure for the backoff to begin anew. */
  RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD: ConfigOptions.key(
    "restart-strategy.exponential-delay.reset-backoff-threshold",
  )
    .durationType()
    .defaultValue(Duration.ofHours(1)),
  RESTART_STRATEGY_EXPONENTIAL_DELAY_JITTER_FACTOR: ConfigOptions.key("restart-strategy.exponential-delay.jitter-factor")
    .doubleType()
    .defaultValue(0.1),
  RESTART_STRATEGY_FAILURE_RATE_MAX_FAILURES_PER_INTERVAL: ConfigOptions.key("restart-strategy.failure-rate.max-failures-per-interval")
    .intType()
    .defaultValue(1),
  RESTART_STRATEGY_FAILURE_RATE_FAILURE_RATE_INTERVAL: ConfigOptions.key("restart-strategy.failure-rate.failure-rate-interval")
    .durationType()
    .defaultValue(Duration.ofMinutes(1)),
  RESTART_STRATEGY_FAILURE_RATE_DELAY: ConfigOptions.key("restart-strategy.failure-rate.delay")
    .durationType()
    .defaultValue(Duration.ofSeconds(1)),
} as const;

/** Options of `execution.checkpointing.…`. (Flink: docs/dev/datastream/fault-tolerance/checkpointing) */
export const CheckpointingOptions = {
  /** At least 10 ms; unset = no checkpoints. */
  CHECKPOINTING_INTERVAL: ConfigOptions.key("execution.checkpointing.interval").durationType().noDefaultValue(),
  /** EXACTLY_ONCE or AT_LEAST_ONCE. */
  CHECKPOINTING_CONSISTENCY_MODE: ConfigOptions.key("execution.checkpointing.mode").stringType().defaultValue("EXACTLY_ONCE"),
  /** After this a checkpoint that is not complete is given up. */
  CHECKPOINTING_TIMEOUT: ConfigOptions.key("execution.checkpointing.timeout").durationType().defaultValue(Duration.ofMinutes(10)),
  /** Between the end of a checkpoint and the start of the next, at least. */
  MIN_PAUSE_BETWEEN_CHECKPOINTS: ConfigOptions.key("execution.checkpointing.min-pause").durationType().defaultValue(Duration.ZERO),
  MAX_CONCURRENT_CHECKPOINTS: ConfigOptions.key("execution.checkpointing.max-concurrent-checkpoints").intType().defaultValue(1),
  /** How many checkpoints in a row may fail before the job does. */
  TOLERABLE_FAILURE_NUMBER: ConfigOptions.key("execution.checkpointing.tolerable-failed-checkpoints").intType().defaultValue(0),
  /** Whether barriers may overtake records that wait in front of them. */
  ENABLE_UNALIGNED: ConfigOptions.key("execution.checkpointing.unaligned.enabled").booleanType().defaultValue(false),
  /** How long unaligned checkpoints are tried aligned; 0 = barriers overtake at once. */
  ALIGNED_CHECKPOINT_TIMEOUT: ConfigOptions.key("execution.checkpointing.aligned-checkpoint-timeout")
    .durationType()
    .defaultValue(Duration.ZERO),
  /** Unaligned checkpoints also in jobs with custom partitioners. */
  FORCE_UNALIGNED: ConfigOptions.key("execution.checkpointing.unaligned.forced").booleanType().defaultValue(false),
  /** Whether checkpoints of the log-structured backend upload only tables that no completed one has. */
  INCREMENTAL_CHECKPOINTS: ConfigOptions.key("execution.checkpointing.incremental").booleanType().defaultValue(false),
  /** `jobmanager` (5 MiB per task and kind of state) or `filesystem`. */
  CHECKPOINT_STORAGE: ConfigOptions.key("execution.checkpointing.storage").stringType().noDefaultValue(),
} as const;

/**
 * The value of an option read from text.
 *
 * @throws Diagnostic JOB_BAD_CONFIG_VALUE
 * @internal
 */
export function parsedValue<V>(option: ConfigOption<V>, text: string): V {
  const value = option.parse === undefined ? (text as V) : option.parse(text);
  if (value !== undefined) return value;
  throw new Diagnostic({
    code: "JOB_BAD_CONFIG_VALUE",
    message: `Could not parse value "${text}" for key "${option.key}".`,
    phase: "graph",
    found: text,
  });
}

function numberOf(text: string): number | undefined {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isNaN(number) ? undefined : number;
}

function wholeNumberOf(text: string): number | undefined {
  const number = numberOf(text);
  return Number.isSafeInteger(number) ? number : undefined;
}

function booleanOf(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  return word === "true" ? true : word === "false" ? false : undefined;
}

function durationOf(text: string): Milliseconds | undefined {
  const millis = parseTimeText(text);
  return millis === undefined ? undefined : Duration.ofMillis(millis);
}
