import type { ExternalService } from "./external-service.ts";
import type { Accumulator } from "./accumulators/accumulator.ts";
import type { Histogram } from "./accumulators/collecting-accumulators.ts";
import type { DoubleCounter, IntCounter, LongCounter } from "./accumulators/number-accumulators.ts";
import type { MetricGroup } from "./metrics/metric-group.ts";
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from "../state/descriptors.ts";
import type { AggregatingState, BroadcastState, ListState, MapState, ReducingState, ValueState } from "../state/state.ts";

export type { Counter, Gauge, Histogram as MetricHistogram, HistogramStatistics, Meter } from "./metrics/metric.ts";
export type { MetricGroup } from "./metrics/metric-group.ts";

/** Which subtask of what a function runs in (Flink: `TaskInfo`). (Flink: docs/dev/datastream/user_defined_functions) */
export interface TaskInfo {
  /** Name of the vertex, or of the operator when it stands alone. */
  getTaskName(): string;
  /** Number of key groups, the most subtasks there could be. */
  getMaxNumberOfParallelSubtasks(): number;
  /** Number of this subtask, counted from 0. */
  getIndexOfThisSubtask(): number;
  /** How many subtasks there are. */
  getNumberOfParallelSubtasks(): number;
  /** 0 for the first attempt, one more after each restart. */
  getAttemptNumber(): number;
  /** For instance `Count per user (2/4)#0`. */
  getTaskNameWithSubtasks(): string;
}

/** Access to keyed state of the current key. (Flink: docs/dev/datastream/fault-tolerance/state) */
export interface KeyedStateStore {
  /** One value per key. Call it in `open` with the same descriptor each time. */
  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T>;
  /** A list per key. */
  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  /** A map per key. */
  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V>;
  /** One value per key, into which further ones are folded. */
  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T>;
  /** One accumulator per key, into which values are folded. */
  getAggregatingState<IN, ACC, OUT>(descriptor: AggregatingStateDescriptor<IN, ACC, OUT>): AggregatingState<IN, OUT>;
}

/** State of the operator instance itself, redistributed when the parallelism changes. (Flink: docs/dev/datastream/fault-tolerance/state) */
export interface OperatorStateStore {
  /** Split evenly over the subtasks on restore. */
  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  /** Everybody gets everything on restore. */
  getUnionListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  /** A map that every subtask keeps whole; it is for the program to keep them equal. */
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V>;
}

/** The job that a function is part of. (Flink: `JobInfo`, docs/dev/datastream/user_defined_functions) */
export interface JobInfo {
  /** Its name, as given to `env.execute(…)`. */
  getJobName(): string;
  /** 32 hexadecimal digits, the same through all restarts, another for each job. */
  getJobId(): string;
}

/** What a rich function can ask of its surroundings. (Flink: docs/dev/datastream/user_defined_functions) */
export interface RuntimeContext extends KeyedStateStore {
  /** Which subtask of what this is. */
  getTaskInfo(): TaskInfo;
  /** The job this is part of. */
  getJobInfo(): JobInfo;
  /** What the program set with `env.getConfig().setGlobalJobParameters(…)`, else nothing. */
  getGlobalJobParameters(): Readonly<Record<string, string>>;
  /**
   * Adds an accumulator under a name that no other operator of the task has taken. Call it in `open`.
   * @throws Diagnostic ACCUMULATOR_EXISTS
   */
  addAccumulator<V, R>(name: string, accumulator: Accumulator<V, R>): void;
  /** The accumulator that some operator of the task added under this name, null when none did. */
  getAccumulator<V, R>(name: string): Accumulator<V, R> | null;
  /** The accumulator of this name, made when there is none. @throws Diagnostic ACCUMULATOR_TYPE when it is of another kind. */
  getIntCounter(name: string): IntCounter;
  /** As `getIntCounter`. */
  getLongCounter(name: string): LongCounter;
  /** As `getIntCounter`. */
  getDoubleCounter(name: string): DoubleCounter;
  /** As `getIntCounter`: an accumulator, not the metric. */
  getHistogram(name: string): Histogram;
  /** Where to register metrics of this operator. */
  getMetricGroup(): MetricGroup;
  /**
   * A client of an outside service of the world, for requests of async functions. Call it in `open`.
   * @throws Diagnostic SERVICE_UNKNOWN when the world has none of this name.
   */
  getExternalService<V = unknown>(name: string): ExternalService<V>;
  /** Spelling of Flink 1.x; same as `getTaskInfo().getIndexOfThisSubtask()`. */
  getIndexOfThisSubtask(): number;
  /** Spelling of Flink 1.x; same as `getTaskInfo().getNumberOfParallelSubtasks()`. */
  getNumberOfParallelSubtasks(): number;
  /** Spelling of Flink 1.x; same as `getTaskInfo().getAttemptNumber()`. */
  getAttemptNumber(): number;
  /** Spelling of Flink 1.x; same as `getTaskInfo().getTaskName()`. */
  getTaskName(): string;
}
