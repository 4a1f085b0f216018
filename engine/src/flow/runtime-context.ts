import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from "../state/descriptors.ts";
import type { AggregatingState, BroadcastState, ListState, MapState, ReducingState, ValueState } from "../state/state.ts";

/** A metric that only counts. */
export interface Counter {
  inc(by?: number): void;
  dec(by?: number): void;
  getCount(): number;
}

/** Where a function registers its metrics. */
export interface MetricGroup {
  counter(name: string): Counter;
  /** Accepted so that programs run; the engine collects counters only. */
  gauge<T>(name: string, gauge: (() => T) | { getValue(): T }): void;
  addGroup(name: string): MetricGroup;
}

/** Which subtask of what a function runs in (Flink: `TaskInfo`). */
export interface TaskInfo {
  getTaskName(): string;
  getMaxNumberOfParallelSubtasks(): number;
  getIndexOfThisSubtask(): number;
  getNumberOfParallelSubtasks(): number;
  /** 0 for the first attempt, one more after each restart. */
  getAttemptNumber(): number;
  /** For instance `Count per user (2/4)#0`. */
  getTaskNameWithSubtasks(): string;
}

/** Access to keyed state of the current key. */
export interface KeyedStateStore {
  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T>;
  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V>;
  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T>;
  getAggregatingState<IN, ACC, OUT>(descriptor: AggregatingStateDescriptor<IN, ACC, OUT>): AggregatingState<IN, OUT>;
}

/** State of the operator instance itself, redistributed when the parallelism changes. */
export interface OperatorStateStore {
  /** Split evenly over the subtasks on restore. */
  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  /** Everybody gets everything on restore. */
  getUnionListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V>;
}

/** What a rich function can ask of its surroundings. */
export interface RuntimeContext extends KeyedStateStore {
  getTaskInfo(): TaskInfo;
  getJobInfo(): { getJobName(): string };
  getMetricGroup(): MetricGroup;
  /** Spelling of Flink 1.x; same as `getTaskInfo().getIndexOfThisSubtask()`. */
  getIndexOfThisSubtask(): number;
  /** Spelling of Flink 1.x; same as `getTaskInfo().getNumberOfParallelSubtasks()`. */
  getNumberOfParallelSubtasks(): number;
  /** Spelling of Flink 1.x; same as `getTaskInfo().getAttemptNumber()`. */
  getAttemptNumber(): number;
  getTaskName(): string;
}
