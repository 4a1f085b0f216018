/** The environment: settings of the job, its sources, and `execute`. */
import { ofType } from "./stream-internals.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import { SocketTextSource } from "../connectors/socket/socket-text-source.ts";
import { CollectionSource, NumberSequenceSource } from "../connectors/collection-source.ts";
import type { Source } from "../flow/connector.ts";
import { executionPlan } from "../graph/execution-plan.ts";
import type { JobConfig, RestartStrategy } from "../graph/stream-graph.ts";
import { type CustomWatermarkStrategy, WatermarkStrategy } from "../operators/watermarks/watermark-strategy.ts";
import { MIN_CHECKPOINT_INTERVAL_MS } from "../graph/configuration/apply-options.ts";
import { wholeNumber } from "../graph/configuration/whole-number.ts";
import { CheckpointConfig } from "./checkpoint-config.ts";
import { applyConfiguration, Configuration } from "./configuration.ts";
import { clusterDefaults, submitJob } from "./evaluate-job.ts";
import { ExecutionConfig } from "./execution-config.ts";
import { GraphBuilder } from "./graph-builder.ts";
import { checkCollection, typeOfElement } from "./collection-checks.ts";
import { defaultJobConfig } from "../graph/configuration/default-job-config.ts";
import type { CheckpointingMode } from "./job-settings.ts";
import { MAX_PARALLELISM } from "./parallelism.ts";
import { type RuntimeExecutionMode, runtimeModeOf } from "../graph/configuration/runtime-execution-mode.ts";
import type { SlotSharingGroup } from "./slot-sharing-group.ts";
import type { StateBackend } from "./state-backends.ts";
import { SingleOutputStreamOperator } from "./streams.ts";
import { TypeInformation } from "./type-information.ts";
import { requireWatermarkStrategy } from "./user-functions.ts";
import { type TimeLike, timeMs } from "../graph/configuration/time-like.ts";

/** What `execute` returns; the job's results are in its sinks. (Flink: docs/dev/datastream/overview) */
export interface JobExecutionResult {
  /** The name given to `execute`. */
  getJobName(): string;
  /**
   * The result of an accumulator. Here `execute` returns before the job has run, so this always fails; the results stand in the run's
   * outcome.
   * @throws Diagnostic JOB_NOT_FINISHED
   */
  getAccumulatorResult<T>(name: string): T;
}

/** What `executeAsync` returns. (Flink: docs/dev/datastream/overview) */
export interface JobClient {
  /** The name given to `executeAsync`. */
  getJobName(): string;
}

/** What `getStreamGraph` returns. (Flink: docs/ops/debugging, "execution plan") */
export interface StreamGraphDescription {
  /** The name given to `getStreamGraph`. */
  getJobName(): string;
  /** As `env.getExecutionPlan()`. */
  getStreamingPlanAsJSON(): string;
}

let builderOf: (env: StreamExecutionEnvironment) => GraphBuilder;

/** The graph in the making, for the Table API. No member of the environment, which programs hold. */
export function graphOf(env: StreamExecutionEnvironment): GraphBuilder {
  return builderOf(env);
}

/**
 * Where every program begins: `const env = StreamExecutionEnvironment.getExecutionEnvironment()`.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/overview/)
 */
export class StreamExecutionEnvironment {
  static {
    builderOf = (env) => env.#builder;
  }

  readonly #jobConfig: JobConfig;
  readonly #builder: GraphBuilder;
  readonly #checkpointConfig: CheckpointConfig;
  readonly #executionConfig: ExecutionConfig;

  private constructor(configuration: Configuration | undefined) {
    const defaults = clusterDefaults();
    this.#jobConfig = defaultJobConfig(defaults);
    if (defaults.configuration !== undefined) applyConfiguration(Configuration.fromMap(defaults.configuration), this.#jobConfig);
    this.#builder = new GraphBuilder(this.#jobConfig);
    this.#checkpointConfig = new CheckpointConfig(this.#jobConfig);
    this.#executionConfig = new ExecutionConfig(this.#jobConfig);
    if (configuration !== undefined) this.configure(configuration);
  }

  /** A fresh environment of the cluster that runs this program. */
  static getExecutionEnvironment(configuration?: Configuration): StreamExecutionEnvironment {
    return new StreamExecutionEnvironment(configuration);
  }

  /** As `getExecutionEnvironment`, with this parallelism: there is one cluster here, and it is always near. */
  static createLocalEnvironment(parallelism?: number, configuration?: Configuration): StreamExecutionEnvironment {
    const env = new StreamExecutionEnvironment(configuration);
    return parallelism === undefined ? env : env.setParallelism(parallelism);
  }

  /**
   * Parallelism of all operators that set none and are added from now on: 1 to 32768. Default: the cluster's (`parallelism.default`).
   *
   * @throws Diagnostic JOB_BAD_NUMBER
   */
  setParallelism(parallelism: number): this {
    this.#jobConfig.parallelism = wholeNumber(parallelism, "The parallelism", 1, MAX_PARALLELISM);
    return this;
  }

  /** Parallelism of operators that set none. */
  getParallelism(): number {
    return this.#jobConfig.parallelism;
  }

  /** Number of key groups, 1 to 32768. Default: 1.5 × parallelism rounded up to a power of two, at least 128. */
  setMaxParallelism(maxParallelism: number): this {
    this.#jobConfig.maxParallelism = wholeNumber(maxParallelism, "The maximum parallelism", 1, MAX_PARALLELISM);
    return this;
  }

  /** Number of key groups set for the job, -1 when each operator follows its parallelism. */
  getMaxParallelism(): number {
    return this.#jobConfig.maxParallelism ?? -1;
  }

  /**
   * STREAMING (default), BATCH, or AUTOMATIC, which is BATCH when all sources are bounded. In BATCH mode each vertex runs when those in front of
   * it have ended, keys come one after the other, there is no watermark but the last and no checkpoint. Unbounded sources are refused (Diagnostic
   * GRAPH_BATCH_UNBOUNDED). (Flink: docs/dev/datastream/execution_mode)
   */
  setRuntimeMode(mode: RuntimeExecutionMode): this {
    this.#jobConfig.runtimeMode = runtimeModeOf(mode);
    return this;
  }

  /** How long records wait for a buffer to fill, in milliseconds; 0 = not at all, -1 = until it is full. Default 100. */
  setBufferTimeout(timeoutMs: number): this {
    this.#jobConfig.bufferTimeoutMs = wholeNumber(timeoutMs, "The buffer timeout", -1);
    return this;
  }

  /** Milliseconds, see `setBufferTimeout`. */
  getBufferTimeout(): number {
    return this.#jobConfig.bufferTimeoutMs ?? 100;
  }

  /** Describes a slot sharing group once, for operators that then name it. @throws Diagnostic JOB_SLOT_SHARING_GROUP */
  registerSlotSharingGroup(group: SlotSharingGroup): this {
    this.#builder.slotSharingGroups.register(group);
    return this;
  }

  /** Milliseconds are accepted for the interval, as in Flink. At least 10 ms; mode EXACTLY_ONCE unless told otherwise. */
  enableCheckpointing(interval: TimeLike, mode: CheckpointingMode = "EXACTLY_ONCE"): this {
    this.#jobConfig.checkpointIntervalMs = timeMs(interval, "The checkpoint interval", MIN_CHECKPOINT_INTERVAL_MS);
    this.#jobConfig.checkpointingMode = mode;
    return this;
  }

  /** Settings of checkpoints beyond interval and mode. */
  getCheckpointConfig(): CheckpointConfig {
    return this.#checkpointConfig;
  }

  /** Settings of the running job, such as the interval of watermarks. */
  getConfig(): ExecutionConfig {
    return this.#executionConfig;
  }

  /** Default `new HashMapStateBackend()`. */
  setStateBackend(backend: StateBackend): this {
    this.#jobConfig.stateBackend = backend.kind;
    if (backend.incremental === true) this.#jobConfig.lsmOptions = { ...this.#jobConfig.lsmOptions, incremental: true };
    return this;
  }

  /** Every operator becomes a task of its own. */
  disableOperatorChaining(): this {
    this.#jobConfig.chainingEnabled = false;
    return this;
  }

  /** False after `disableOperatorChaining`. */
  isChainingEnabled(): boolean {
    return this.#jobConfig.chainingEnabled;
  }

  /** `pipeline.operator-chaining.chain-operators-with-different-max-parallelism`, true unless configured otherwise. */
  isChainingOfOperatorsWithDifferentMaxParallelismEnabled(): boolean {
    return this.#jobConfig.chainsDifferentMaxParallelism !== false;
  }

  /**
   * What happens after a failure. Default: exponential delay with checkpointing, no restart without.
   * @deprecated Removed in Flink 2.0; use `configure(new Configuration().set(RestartStrategyOptions.RESTART_STRATEGY, …))`.
   */
  setRestartStrategy(strategy: RestartStrategy): this {
    this.#jobConfig.restartStrategy = strategy;
    return this;
  }

  /** Applies settings by Flink's configuration keys. */
  configure(configuration: Configuration): this {
    applyConfiguration(configuration, this.#jobConfig);
    return this;
  }

  /**
   * Reads from a source. Watermarks are made per split of the source and combined by their minimum.
   * @param watermarks `WatermarkStrategy.noWatermarks()` when the job needs no event time.
   * @param sourceName shown in the job graph.
   */
  fromSource<T>(
    source: Source<T>,
    watermarks: WatermarkStrategy<NoInfer<T>> | CustomWatermarkStrategy<NoInfer<T>>,
    sourceName: string,
  ): SingleOutputStreamOperator<T> {
    if (typeof source?.createEnumerator !== "function") {
      throw new Diagnostic({
        code: "JOB_NOT_A_SOURCE",
        message: "fromSource needs a source, such as what KafkaSource.builder()….build() returns.",
        phase: "graph",
        found: typeof source,
        hint: "Did you forget .build()?",
      });
    }
    requireWatermarkStrategy(watermarks, "fromSource");
    const node = this.#builder.add({
      name: sourceName,
      body: { kind: "source", source: source as Source<unknown>, watermarks: WatermarkStrategy.from<T>(watermarks) },
      inputs: [],
      keySelectors: [],
    });
    return new SingleOutputStreamOperator<T>(this.#builder, node);
  }

  /**
   * The given values, then the end; parallelism 1. Values may be given one by one or as one array, behind their type or without it.
   *
   * @throws Diagnostic JOB_EMPTY_COLLECTION, SOURCE_NULL_ELEMENT, SOURCE_MIXED_ELEMENTS
   */
  fromData<T>(typeInfo: TypeInformation<T>, ...values: readonly NoInfer<T>[]): SingleOutputStreamOperator<T>;
  fromData<T>(values: readonly T[], typeInfo?: TypeInformation<T>): SingleOutputStreamOperator<T>;
  fromData<T>(...values: readonly T[]): SingleOutputStreamOperator<T>;
  fromData<T>(...given: readonly unknown[]): SingleOutputStreamOperator<T> {
    if (given[0] instanceof TypeInformation) return this.#collection(given.slice(1) as T[], given[0]);
    const [first, second] = given;
    if (!Array.isArray(first) || given.length > 2) return this.#collection(given as T[]);
    if (second instanceof TypeInformation) return this.#collection(first as T[], second);
    return this.#collection((given.length === 1 ? first : given) as T[]);
  }

  /** @deprecated Write `fromData(values)`. */
  fromCollection<T>(values: readonly T[], typeInfo?: TypeInformation<T>): SingleOutputStreamOperator<T> {
    return this.#collection(values, typeInfo);
  }

  /** @deprecated Write `fromData(…)`. */
  fromElements<T>(...values: readonly T[]): SingleOutputStreamOperator<T> {
    return this.#collection(values);
  }

  #collection<T>(values: readonly T[], typeInfo?: TypeInformation<unknown>): SingleOutputStreamOperator<T> {
    checkCollection(values);
    const source = this.fromSource<T>(new CollectionSource(values), WatermarkStrategy.forMonotonousTimestamps<T>(), "Collection Source");
    return ofType(source.setParallelism(1), typeInfo ?? typeOfElement(values[0]));
  }

  /** Whole numbers from `from` to `to`, both included, then the end. */
  fromSequence(from: number, to: number): SingleOutputStreamOperator<number> {
    return this.fromSource(new NumberSequenceSource(from, to), WatermarkStrategy.noWatermarks<number>(), "Sequence Source");
  }

  /**
   * Lines that a server sends (one of the scenario's sockets), with parallelism 1. For trying things out only: what comes while the job is down, and what
   * it had received when it died, is lost, also with checkpoints.
   *
   * @param delimiter what ends a record; default a line break.
   * @param maxRetry how often to connect again (every 500 ms) when the server closes the connection; default 0, -1 = for ever. Then the source ends.
   */
  socketTextStream(hostname: string, port: number, delimiter = "\n", maxRetry = 0): SingleOutputStreamOperator<string> {
    const source = new SocketTextSource({ hostname, port, delimiter, maxRetry });
    return this.fromSource<string>(source, WatermarkStrategy.noWatermarks<string>(), "Socket Stream").forceNonParallel();
  }

  /** Runs the job. Here the simulated cluster takes it over when the program has ended; `execute` itself returns at once. */
  execute(jobName = "Flink Streaming Job"): JobExecutionResult {
    submitJob(this.#builder.build(jobName));
    return {
      getJobName: () => jobName,
      getAccumulatorResult: (name) => {
        throw notFinished(name);
      },
    };
  }

  /** Same as `execute` here. */
  executeAsync(jobName = "Flink Streaming Job"): JobClient {
    return this.execute(jobName);
  }

  /** The graph as described so far, for who wants to look at it. @throws Diagnostic JOB_WITHOUT_SINK, JOB_WITHOUT_OPERATORS */
  getStreamGraph(jobName = "Flink Streaming Job"): StreamGraphDescription {
    const plan = executionPlan(this.#builder.build(jobName));
    return { getJobName: () => jobName, getStreamingPlanAsJSON: () => plan };
  }

  /**
   * The job as described so far, as JSON: `{ "nodes" : [ { "id", "type", "pact", "contents", "parallelism", "predecessors" } ] }`. Operators
   * are listed before chaining; `ship_strategy` names the partitioner between two. (Flink: docs/ops/debugging, "execution plan")
   *
   * @throws Diagnostic JOB_WITHOUT_OPERATORS, or whatever makes the graph impossible.
   */
  getExecutionPlan(): string {
    return executionPlan(this.#builder.describe("Flink Streaming Job"));
  }
}

function notFinished(accumulator: string): Diagnostic {
  return new Diagnostic({
    code: "JOB_NOT_FINISHED",
    phase: "graph",
    message: `The result of accumulator "${accumulator}" was asked for before the job has run: execute() only describes the job here.`,
    hint: "Results of accumulators stand beside the run when it has ended.",
  });
}
