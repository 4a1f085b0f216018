/** The environment: settings of the job, its sources, and `execute`. */
import { Diagnostic } from "../base/diagnostic.ts";
import { CollectionSource, NumberSequenceSource } from "../connectors/collection-source.ts";
import type { Source } from "../flow/connector.ts";
import type { JobConfig, RestartStrategy, StreamGraph } from "../graph/stream-graph.ts";
import { WatermarkStrategy } from "../operators/watermarks/watermark-strategy.ts";
import { CheckpointConfig, MIN_CHECKPOINT_INTERVAL_MS, wholeNumber } from "./checkpoint-config.ts";
import { applyConfiguration, type Configuration } from "./configuration.ts";
import { clusterDefaults, submitJob } from "./evaluate-job.ts";
import { ExecutionConfig } from "./execution-config.ts";
import { GraphBuilder } from "./graph-builder.ts";
import { type CheckpointingMode, defaultJobConfig } from "./job-settings.ts";
import { MAX_PARALLELISM } from "./parallelism.ts";
import type { StateBackend } from "./state-backends.ts";
import { SingleOutputStreamOperator } from "./streams.ts";
import { type TimeLike, timeMs } from "./time-like.ts";

/** What `execute` returns; the job's results are in its sinks. */
export interface JobExecutionResult {
  getJobName(): string;
}

/** What `executeAsync` returns. */
export interface JobClient {
  getJobName(): string;
}

/**
 * Where every program begins: `const env = StreamExecutionEnvironment.getExecutionEnvironment()`.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/overview/)
 */
export class StreamExecutionEnvironment {
  private readonly jobConfig: JobConfig;
  private readonly builder: GraphBuilder;
  private readonly checkpointConfig: CheckpointConfig;
  private readonly executionConfig: ExecutionConfig;

  private constructor(configuration: Configuration | undefined) {
    this.jobConfig = defaultJobConfig(clusterDefaults());
    this.builder = new GraphBuilder(this.jobConfig);
    this.checkpointConfig = new CheckpointConfig(this.jobConfig);
    this.executionConfig = new ExecutionConfig(this.jobConfig);
    if (configuration !== undefined) this.configure(configuration);
  }

  /** A fresh environment of the cluster that runs this program. */
  static getExecutionEnvironment(configuration?: Configuration): StreamExecutionEnvironment {
    return new StreamExecutionEnvironment(configuration);
  }

  /** Parallelism of all operators that set none. Default: the cluster's (`parallelism.default`). */
  setParallelism(parallelism: number): this {
    this.jobConfig.parallelism = wholeNumber(parallelism, "The parallelism", 1, MAX_PARALLELISM);
    return this;
  }

  getParallelism(): number {
    return this.jobConfig.parallelism;
  }

  /** Number of key groups. Default: 1.5 × parallelism rounded up to a power of two, at least 128. */
  setMaxParallelism(maxParallelism: number): this {
    this.jobConfig.maxParallelism = wholeNumber(maxParallelism, "The maximum parallelism", 1, MAX_PARALLELISM);
    return this;
  }

  /** Milliseconds are accepted for the interval, as in Flink. At least 10 ms; mode EXACTLY_ONCE unless told otherwise. */
  enableCheckpointing(interval: TimeLike, mode: CheckpointingMode = "EXACTLY_ONCE"): this {
    this.jobConfig.checkpointIntervalMs = timeMs(interval, "The checkpoint interval", MIN_CHECKPOINT_INTERVAL_MS);
    this.jobConfig.checkpointingMode = mode;
    return this;
  }

  getCheckpointConfig(): CheckpointConfig {
    return this.checkpointConfig;
  }

  getConfig(): ExecutionConfig {
    return this.executionConfig;
  }

  /** Default `new HashMapStateBackend()`. */
  setStateBackend(backend: StateBackend): this {
    this.jobConfig.stateBackend = backend.kind;
    return this;
  }

  /** Every operator becomes a task of its own. */
  disableOperatorChaining(): this {
    this.jobConfig.chainingEnabled = false;
    return this;
  }

  /**
   * What happens after a failure. Default: exponential delay with checkpointing, no restart without.
   * @deprecated Removed in Flink 2.0; use `configure(new Configuration().set(RestartStrategyOptions.RESTART_STRATEGY, …))`.
   */
  setRestartStrategy(strategy: RestartStrategy): this {
    this.jobConfig.restartStrategy = strategy;
    return this;
  }

  /** Applies settings by Flink's configuration keys. */
  configure(configuration: Configuration): this {
    applyConfiguration(configuration, this.jobConfig);
    return this;
  }

  /**
   * Reads from a source. Watermarks are made per split of the source and combined by their minimum.
   * @param watermarks `WatermarkStrategy.noWatermarks()` when the job needs no event time.
   * @param sourceName shown in the job graph.
   */
  fromSource<T>(source: Source<T>, watermarks: WatermarkStrategy<NoInfer<T>>, sourceName: string): SingleOutputStreamOperator<T> {
    if (typeof source?.createEnumerator !== "function") {
      throw new Diagnostic({
        code: "JOB_NOT_A_SOURCE",
        message: "fromSource needs a source, such as what KafkaSource.builder()….build() returns.",
        phase: "graph",
        found: typeof source,
        hint: "Did you forget .build()?",
      });
    }
    const node = this.builder.add({
      name: sourceName,
      body: { kind: "source", source: source as Source<unknown>, watermarks },
      inputs: [],
      keySelectors: [],
    });
    return new SingleOutputStreamOperator<T>(this.builder, node);
  }

  /** The given values, then the end; parallelism 1. Values may be given one by one or as one array. */
  fromData<T>(values: readonly T[]): SingleOutputStreamOperator<T>;
  fromData<T>(...values: readonly T[]): SingleOutputStreamOperator<T>;
  fromData<T>(...values: readonly T[] | readonly [readonly T[]]): SingleOutputStreamOperator<T> {
    const list = (values.length === 1 && Array.isArray(values[0]) ? values[0] : values) as readonly T[];
    return this.collection(list);
  }

  /** @deprecated Write `fromData(values)`. */
  fromCollection<T>(values: readonly T[]): SingleOutputStreamOperator<T> {
    return this.collection(values);
  }

  /** @deprecated Write `fromData(…)`. */
  fromElements<T>(...values: readonly T[]): SingleOutputStreamOperator<T> {
    return this.collection(values);
  }

  private collection<T>(values: readonly T[]): SingleOutputStreamOperator<T> {
    if (values.length === 0) {
      throw new Diagnostic({
        code: "JOB_EMPTY_COLLECTION",
        message: "Collection must not be empty.",
        phase: "graph",
        hint: "Give fromData at least one value.",
      });
    }
    return this.fromSource<T>(
      new CollectionSource(values),
      WatermarkStrategy.forMonotonousTimestamps<T>(),
      "Collection Source",
    ).setParallelism(1);
  }

  /** Whole numbers from `from` to `to`, both included, then the end. */
  fromSequence(from: number, to: number): SingleOutputStreamOperator<number> {
    return this.fromSource(new NumberSequenceSource(from, to), WatermarkStrategy.noWatermarks<number>(), "Sequence Source");
  }

  /** Runs the job. Here the simulated cluster takes it over when the program has ended; `execute` itself returns at once. */
  execute(jobName = "Flink Streaming Job"): JobExecutionResult {
    submitJob(this.getStreamGraph(jobName));
    return { getJobName: () => jobName };
  }

  /** Same as `execute` here. */
  executeAsync(jobName = "Flink Streaming Job"): JobClient {
    return this.execute(jobName);
  }

  /** The graph as described so far; throws Diagnostic JOB_WITHOUT_SINK, JOB_WITHOUT_OPERATORS. */
  getStreamGraph(jobName = "Flink Streaming Job"): StreamGraph {
    return this.builder.build(jobName);
  }
}
