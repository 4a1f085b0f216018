import type { BroadcastState, ReadOnlyBroadcastState, State } from "../state/state.ts";
import type { MapStateDescriptor, StateDescriptor } from "../state/descriptors.ts";
import type { Collector } from "./element-functions.ts";
import type { OutputTag } from "./output.ts";
import { AbstractRichFunction } from "./rich-function.ts";

/** Which clock a timer belongs to. (Flink: docs/dev/datastream/operators/process_function) */
export type TimeDomain = "EVENT_TIME" | "PROCESSING_TIME";
export const TimeDomain = { EVENT_TIME: "EVENT_TIME", PROCESSING_TIME: "PROCESSING_TIME" } as const;

/**
 * Reads clocks and sets timers. At most one timer exists per key and timestamp. Setting timers needs a keyed stream.
 * (Flink: docs/dev/datastream/operators/process_function)
 */
export interface TimerService {
  /** Processing time in epoch ms; virtual here. */
  currentProcessingTime(): number;
  /** MIN_TIMESTAMP before the first watermark. */
  currentWatermark(): number;
  /**
   * Calls `onTimer` when the watermark reaches this time (epoch ms), for the current key. The same time again changes nothing; a time
   * already passed fires with the next watermark.
   */
  registerEventTimeTimer(timestampMs: number): void;
  /** Calls `onTimer` when the clock reaches this time (epoch ms), for the current key. The same time again changes nothing. */
  registerProcessingTimeTimer(timestampMs: number): void;
  /** Takes back the current key's event-time timer at this time (epoch ms); without effect when there is none. */
  deleteEventTimeTimer(timestampMs: number): void;
  /** Takes back the current key's processing-time timer at this time (epoch ms); without effect when there is none. */
  deleteProcessingTimeTimer(timestampMs: number): void;
}

/**
 * What a process function sees beside the record. The object is reused; do not keep it.
 * (Flink: docs/dev/datastream/operators/process_function)
 */
export interface ProcessContext {
  /** Event timestamp of the record, null when it has none. */
  timestamp(): number | null;
  /** Clocks and timers. */
  timerService(): TimerService;
  /** Emits into a side output. */
  output<X>(outputTag: OutputTag<X>, value: X): void;
}

/** What `onTimer` sees. The object is reused; do not keep it. (Flink: docs/dev/datastream/operators/process_function) */
export interface OnTimerContext extends ProcessContext {
  /** Which clock the firing timer belongs to. */
  timeDomain(): TimeDomain;
}

/**
 * What a function on a keyed stream sees beside the record. The object is reused; do not keep it.
 * (Flink: docs/dev/datastream/operators/process_function)
 */
export interface KeyedProcessContext<K> extends ProcessContext {
  /** The key of the record or timer being worked on. */
  getCurrentKey(): K;
}

/** What `onTimer` on a keyed stream sees. The object is reused; do not keep it. (Flink: docs/dev/datastream/operators/process_function) */
export interface KeyedOnTimerContext<K> extends OnTimerContext {
  /** The key of the record or timer being worked on. */
  getCurrentKey(): K;
}

/** One record in, any number out, with side outputs (Flink: `ProcessFunction`). (Flink: docs/dev/datastream/operators/process_function) */
export abstract class ProcessFunction<I, O> extends AbstractRichFunction {
  /** Called for each record. What it collects carries the record's timestamp. */
  abstract processElement(value: I, ctx: ProcessContext, out: Collector<O>): void;

  /** Called when a timer fires; only ever on keyed streams. @param timestamp the time the timer was set for, in epoch ms. */
  onTimer(_timestamp: number, _ctx: OnTimerContext, _out: Collector<O>): void {}
}

/** Keyed state and timers, record by record (Flink: `KeyedProcessFunction`). (Flink: docs/dev/datastream/operators/process_function) */
export abstract class KeyedProcessFunction<K, I, O> extends AbstractRichFunction {
  /** Called for each record. What it collects carries the record's timestamp. */
  abstract processElement(value: I, ctx: KeyedProcessContext<K>, out: Collector<O>): void;

  /**
   * Called when a timer of a key fires, with that key set. Results of an event-time timer carry its timestamp.
   *
   * @param timestamp the time the timer was set for, in epoch ms.
   */
  onTimer(_timestamp: number, _ctx: KeyedOnTimerContext<K>, _out: Collector<O>): void {}
}

/** Two inputs, not keyed (or keyed by `connect(…).keyBy`). (Flink: docs/dev/datastream/operators/process_function) */
export abstract class CoProcessFunction<I1, I2, O> extends AbstractRichFunction {
  /** Called for each record of the first stream. */
  abstract processElement1(value: I1, ctx: ProcessContext, out: Collector<O>): void;
  /** Called for each record of the second stream. */
  abstract processElement2(value: I2, ctx: ProcessContext, out: Collector<O>): void;

  /**
   * Called when a timer of a key fires, with that key set. Results of an event-time timer carry its timestamp.
   *
   * @param timestamp the time the timer was set for, in epoch ms.
   */
  onTimer(_timestamp: number, _ctx: OnTimerContext, _out: Collector<O>): void {}
}

/** Two keyed inputs with shared state and timers. (Flink: docs/dev/datastream/operators/process_function) */
export abstract class KeyedCoProcessFunction<K, I1, I2, O> extends AbstractRichFunction {
  /** Called for each record of the first stream. */
  abstract processElement1(value: I1, ctx: KeyedProcessContext<K>, out: Collector<O>): void;
  /** Called for each record of the second stream. */
  abstract processElement2(value: I2, ctx: KeyedProcessContext<K>, out: Collector<O>): void;

  /**
   * Called when a timer of a key fires, with that key set. Results of an event-time timer carry its timestamp.
   *
   * @param timestamp the time the timer was set for, in epoch ms.
   */
  onTimer(_timestamp: number, _ctx: KeyedOnTimerContext<K>, _out: Collector<O>): void {}
}

/**
 * Context on the data side of a broadcast connection: broadcast state may be read only.
 * (Flink: docs/dev/datastream/fault-tolerance/broadcast_state)
 */
export interface ReadOnlyBroadcastContext {
  /** Event timestamp of the record in epoch ms, null when it has none. */
  timestamp(): number | null;
  /** Processing time in epoch ms; virtual here. */
  currentProcessingTime(): number;
  /** The current watermark in epoch ms, MIN_TIMESTAMP before the first. */
  currentWatermark(): number;
  /** Emits into a side output. */
  output<X>(outputTag: OutputTag<X>, value: X): void;
  /** The broadcast state of this descriptor, to be read. It must be one of those given to `broadcast(…)`. */
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): ReadOnlyBroadcastState<K, V>;
}

/**
 * Context on the broadcast side: the only place where broadcast state may be written.
 * (Flink: docs/dev/datastream/fault-tolerance/broadcast_state)
 */
export interface BroadcastContext {
  /** Event timestamp of the record in epoch ms, null when it has none. */
  timestamp(): number | null;
  /** Processing time in epoch ms; virtual here. */
  currentProcessingTime(): number;
  /** The current watermark in epoch ms, MIN_TIMESTAMP before the first. */
  currentWatermark(): number;
  /** Emits into a side output. */
  output<X>(outputTag: OutputTag<X>, value: X): void;
  /**
   * The broadcast state of this descriptor, to be read and written: in the same way in all subtasks. It must be one of those given to
   * `broadcast(…)`.
   */
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V>;
}

/**
 * Connects a non-keyed stream with a broadcast one (Flink: `BroadcastProcessFunction`).
 * (Flink: docs/dev/datastream/fault-tolerance/broadcast_state)
 */
export abstract class BroadcastProcessFunction<I1, I2, O> extends AbstractRichFunction {
  /** Called for each record of the data stream; broadcast state may be read. */
  abstract processElement(value: I1, ctx: ReadOnlyBroadcastContext, out: Collector<O>): void;
  /** Called in every subtask for each record of the broadcast stream; must change broadcast state in the same way everywhere. */
  abstract processBroadcastElement(value: I2, ctx: BroadcastContext, out: Collector<O>): void;
}

/**
 * What the data side of a keyed broadcast connection sees: key and timers, and broadcast state to read.
 * (Flink: docs/dev/datastream/fault-tolerance/broadcast_state)
 */
export interface KeyedReadOnlyBroadcastContext<K> extends ReadOnlyBroadcastContext {
  /** The key of the record or timer being worked on. */
  getCurrentKey(): K;
  /** Clocks and timers of the current key. */
  timerService(): TimerService;
}

/** What `onTimer` of a keyed broadcast connection sees. (Flink: docs/dev/datastream/fault-tolerance/broadcast_state) */
export interface KeyedBroadcastOnTimerContext<K> extends KeyedReadOnlyBroadcastContext<K> {
  /** Which clock the firing timer belongs to. */
  timeDomain(): TimeDomain;
}

/**
 * What the broadcast side of a keyed connection sees: broadcast state to write, and the keyed state of all keys.
 * (Flink: docs/dev/datastream/fault-tolerance/broadcast_state)
 */
export interface KeyedBroadcastContext<K> extends BroadcastContext {
  /** Calls `process(key, state)` for every key that has a value in this keyed state. The key order is not a contract. */
  applyToKeyedState<S extends State>(descriptor: StateDescriptor<S>, process: (key: K, state: S) => void): void;
}

/**
 * Connects a keyed stream with a broadcast one (Flink: `KeyedBroadcastProcessFunction`).
 * (Flink: docs/dev/datastream/fault-tolerance/broadcast_state)
 */
export abstract class KeyedBroadcastProcessFunction<K, I1, I2, O> extends AbstractRichFunction {
  /** Called for each record of the data stream; broadcast state may be read. */
  abstract processElement(value: I1, ctx: KeyedReadOnlyBroadcastContext<K>, out: Collector<O>): void;
  /** Called in every subtask for each record of the broadcast stream; must change broadcast state in the same way everywhere. */
  abstract processBroadcastElement(value: I2, ctx: KeyedBroadcastContext<K>, out: Collector<O>): void;

  /**
   * Called when a timer of a key fires, with that key set. Results of an event-time timer carry its timestamp.
   *
   * @param timestamp the time the timer was set for, in epoch ms.
   */
  onTimer(_timestamp: number, _ctx: KeyedBroadcastOnTimerContext<K>, _out: Collector<O>): void {}
}
