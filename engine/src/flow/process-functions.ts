import type { BroadcastState, ReadOnlyBroadcastState, State } from "../state/state.ts";
import type { MapStateDescriptor, StateDescriptor } from "../state/descriptors.ts";
import type { Collector } from "./element-functions.ts";
import type { OutputTag } from "./output.ts";
import { AbstractRichFunction } from "./rich-function.ts";

/** Which clock a timer belongs to. */
export type TimeDomain = "EVENT_TIME" | "PROCESSING_TIME";
export const TimeDomain = { EVENT_TIME: "EVENT_TIME", PROCESSING_TIME: "PROCESSING_TIME" } as const;

/** Reads clocks and sets timers. At most one timer exists per key and timestamp. Setting timers needs a keyed stream. */
export interface TimerService {
  currentProcessingTime(): number;
  /** MIN_TIMESTAMP before the first watermark. */
  currentWatermark(): number;
  registerEventTimeTimer(timestampMs: number): void;
  registerProcessingTimeTimer(timestampMs: number): void;
  deleteEventTimeTimer(timestampMs: number): void;
  deleteProcessingTimeTimer(timestampMs: number): void;
}

/** What a process function sees beside the record. The object is reused; do not keep it. */
export interface ProcessContext {
  /** Event timestamp of the record, null when it has none. */
  timestamp(): number | null;
  timerService(): TimerService;
  /** Emits into a side output. */
  output<X>(outputTag: OutputTag<X>, value: X): void;
}

export interface OnTimerContext extends ProcessContext {
  timeDomain(): TimeDomain;
}

export interface KeyedProcessContext<K> extends ProcessContext {
  getCurrentKey(): K;
}

export interface KeyedOnTimerContext<K> extends OnTimerContext {
  getCurrentKey(): K;
}

/** One record in, any number out, with side outputs (Flink: `ProcessFunction`). */
export abstract class ProcessFunction<I, O> extends AbstractRichFunction {
  abstract processElement(value: I, ctx: ProcessContext, out: Collector<O>): void;

  /** Only ever called on keyed streams. */
  onTimer(_timestamp: number, _ctx: OnTimerContext, _out: Collector<O>): void {}
}

/** Keyed state and timers, record by record (Flink: `KeyedProcessFunction`). */
export abstract class KeyedProcessFunction<K, I, O> extends AbstractRichFunction {
  abstract processElement(value: I, ctx: KeyedProcessContext<K>, out: Collector<O>): void;

  onTimer(_timestamp: number, _ctx: KeyedOnTimerContext<K>, _out: Collector<O>): void {}
}

/** Two inputs, not keyed (or keyed by `connect(…).keyBy`). */
export abstract class CoProcessFunction<I1, I2, O> extends AbstractRichFunction {
  abstract processElement1(value: I1, ctx: ProcessContext, out: Collector<O>): void;
  abstract processElement2(value: I2, ctx: ProcessContext, out: Collector<O>): void;

  onTimer(_timestamp: number, _ctx: OnTimerContext, _out: Collector<O>): void {}
}

/** Two keyed inputs with shared state and timers. */
export abstract class KeyedCoProcessFunction<K, I1, I2, O> extends AbstractRichFunction {
  abstract processElement1(value: I1, ctx: KeyedProcessContext<K>, out: Collector<O>): void;
  abstract processElement2(value: I2, ctx: KeyedProcessContext<K>, out: Collector<O>): void;

  onTimer(_timestamp: number, _ctx: KeyedOnTimerContext<K>, _out: Collector<O>): void {}
}

/** Context on the data side of a broadcast connection: broadcast state may be read only. */
export interface ReadOnlyBroadcastContext {
  timestamp(): number | null;
  currentProcessingTime(): number;
  currentWatermark(): number;
  output<X>(outputTag: OutputTag<X>, value: X): void;
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): ReadOnlyBroadcastState<K, V>;
}

/** Context on the broadcast side: the only place where broadcast state may be written. */
export interface BroadcastContext {
  timestamp(): number | null;
  currentProcessingTime(): number;
  currentWatermark(): number;
  output<X>(outputTag: OutputTag<X>, value: X): void;
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V>;
}

/** Connects a non-keyed stream with a broadcast one (Flink: `BroadcastProcessFunction`). */
export abstract class BroadcastProcessFunction<I1, I2, O> extends AbstractRichFunction {
  abstract processElement(value: I1, ctx: ReadOnlyBroadcastContext, out: Collector<O>): void;
  abstract processBroadcastElement(value: I2, ctx: BroadcastContext, out: Collector<O>): void;
}

export interface KeyedReadOnlyBroadcastContext<K> extends ReadOnlyBroadcastContext {
  getCurrentKey(): K;
  timerService(): TimerService;
}

export interface KeyedBroadcastOnTimerContext<K> extends KeyedReadOnlyBroadcastContext<K> {
  timeDomain(): TimeDomain;
}

export interface KeyedBroadcastContext<K> extends BroadcastContext {
  /** Calls `process(key, state)` for every key that has a value in this keyed state. The key order is not a contract. */
  applyToKeyedState<S extends State>(descriptor: StateDescriptor<S>, process: (key: K, state: S) => void): void;
}

/** Connects a keyed stream with a broadcast one (Flink: `KeyedBroadcastProcessFunction`). */
export abstract class KeyedBroadcastProcessFunction<K, I1, I2, O> extends AbstractRichFunction {
  abstract processElement(value: I1, ctx: KeyedReadOnlyBroadcastContext<K>, out: Collector<O>): void;
  abstract processBroadcastElement(value: I2, ctx: KeyedBroadcastContext<K>, out: Collector<O>): void;

  onTimer(_timestamp: number, _ctx: KeyedBroadcastOnTimerContext<K>, _out: Collector<O>): void {}
}
