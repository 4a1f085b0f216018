/**
 * Finds a pattern in the events of each key (Flink: `CepOperator`).
 *
 * In event time an event waits in keyed state, by its timestamp, and a timer is set for that time. When the watermark reaches it, the
 * key's events up to the watermark go through the automaton in the order of time, and events of one time in the order in which they came
 * (or of the comparator). Events that are not after the watermark are late. In processing time events are looked at when they come, or,
 * with a comparator, one millisecond later together with all others of that time.
 *
 * Before each event, and after the last with the watermark itself, the automaton hears how late it is; that ends runs whose `within` is
 * over. Each time a run begins a timer is set for its end, so that it ends even if no event comes.
 *
 * State per key, under Flink's names: the waiting events, the runs, and the shared buffer's three maps. The runs are dropped when only the
 * start state is left.
 */
import { CurrentMatch } from "./pattern-function-context.ts";
import { MIN_TIMESTAMP } from "../../base/long.ts";
import { AbstractUdfStreamOperator } from "../../flow/abstract-udf-stream-operator.ts";
import type { InternalTimerService, Triggerable } from "../../flow/internal-timer-service.ts";
import type { OneInputStreamOperator, OperatorContext } from "../../flow/operator.ts";
import type { OutputTag } from "../../flow/output.ts";
import { isRichFunction } from "../../flow/rich-function.ts";
import type { StreamRecord } from "../../flow/stream-record.ts";
import { ResultTimestamp, TimestampedCollector } from "../../flow/timestamped-collector.ts";
import { MapStateDescriptor, ValueStateDescriptor } from "../../state/descriptors.ts";
import { VOID_NAMESPACE } from "../../state/namespace.ts";
import type { MapState, ValueState } from "../../state/state.ts";
import type { AfterMatchSkipStrategy } from "./after-match-skip-strategy.ts";
import { CepRuntimeContext } from "./cep-runtime-context.ts";
import { type Match, Nfa, type NfaState } from "./nfa.ts";
import type { NfaGraph } from "./nfa-graph.ts";
import { PatternFunctionContext } from "./pattern-function-context.ts";
import { isTimedOutPartialMatchHandler, type PatternProcessFunction } from "./pattern-process-function.ts";
import { SharedBuffer } from "./shared-buffer.ts";

/** Decides which of two events of one timestamp comes first: negative, zero or positive, as for `Array.sort`. */
export type EventOrder = (left: unknown, right: unknown) => number;

export interface CepOperatorOptions {
  readonly graph: NfaGraph;
  readonly skipStrategy: AfterMatchSkipStrategy;
  readonly isProcessingTime: boolean;
  /** Order of events of one timestamp; null = as they came. */
  readonly comparator: EventOrder | null;
  /** Where late events go; without it they are dropped and counted. */
  readonly lateDataOutputTag: OutputTag | null;
}

export class CepOperator<IN, OUT>
  extends AbstractUdfStreamOperator<PatternProcessFunction<IN, OUT>>
  implements OneInputStreamOperator, Triggerable
{
  private readonly options: CepOperatorOptions;
  private readonly isProcessingTime: boolean;
  private cepRuntimeContext!: CepRuntimeContext;
  private nfa!: Nfa;
  private opened = 0;
  private timers!: InternalTimerService;
  private collector!: TimestampedCollector<OUT>;
  private readonly resultTimestamp = new ResultTimestamp();
  private readonly currentMatch = new CurrentMatch();
  private functionContext!: PatternFunctionContext;
  private lateRecordsDropped!: { inc(by?: number): void };
  // Keyed state
  private runs!: ValueState<NfaState>;
  private waitingEvents!: MapState<number, unknown[]>;

  constructor(userFunction: PatternProcessFunction<IN, OUT>, options: CepOperatorOptions) {
    super(userFunction);
    this.options = options;
    this.isProcessingTime = options.isProcessingTime;
  }

  override setup(context: OperatorContext): void {
    super.setup(context);
    this.cepRuntimeContext = new CepRuntimeContext(context, this.keyedStateBackend);
    if (isRichFunction(this.userFunction)) this.userFunction.setRuntimeContext(this.cepRuntimeContext);
    this.lateRecordsDropped = context.counter("numLateRecordsDropped");
  }

  override open(): void {
    super.open();
    this.runs = this.runtimeContext.getState(new ValueStateDescriptor<NfaState>("nfaStateName"));
    this.waitingEvents = this.runtimeContext.getMapState(new MapStateDescriptor<number, unknown[]>("eventQueuesStateName"));
    this.timers = this.getInternalTimerService("watermark-callbacks", this);
    const processingTime = () => this.timers.currentProcessingTime();
    this.nfa = new Nfa(this.options.graph, new SharedBuffer(this.runtimeContext), {
      skipStrategy: this.options.skipStrategy,
      handleTimeout: isTimedOutPartialMatchHandler(this.userFunction),
      processingTime,
    });
    this.collector = new TimestampedCollector<OUT>(this.output, this.resultTimestamp);
    this.functionContext = new PatternFunctionContext(this.currentMatch, this.output, this.isProcessingTime, processingTime);
    for (const fn of this.options.graph.functions) {
      fn.setRuntimeContext(this.cepRuntimeContext);
      fn.open({ attemptNumber: this.context.attemptNumber });
      this.opened++;
    }
  }

  override close(): void {
    super.close();
    const { functions } = this.options.graph;
    const { opened } = this;
    this.opened = 0;
    for (let index = 0; index < opened; index++) functions[index].close();
  }

  processElement(record: StreamRecord): void {
    this.setKeyContext(record);
    if (this.isProcessingTime) this.processNow(record.value);
    else this.processWhenDue(record);
  }

  onEventTime(): void {
    const state = this.currentRuns();
    const watermarkMs = this.timers.currentWatermark();
    for (const timestampMs of [...this.waitingEvents.keys()].sort(ascending)) {
      if (timestampMs > watermarkMs) break;
      this.processWaiting(state, timestampMs);
    }
    this.advanceTime(state, watermarkMs);
    this.storeRuns(state);
    if (state.partial.length === 1 && state.completed.length === 0) this.runs.clear();
  }

  onProcessingTime(): void {
    const state = this.currentRuns();
    for (const timestampMs of [...this.waitingEvents.keys()].sort(ascending)) this.processWaiting(state, timestampMs);
    this.advanceTime(state, this.timers.currentProcessingTime());
    this.storeRuns(state);
  }

  private processNow(event: unknown): void {
    const nowMs = this.timers.currentProcessingTime();
    if (this.options.comparator !== null) {
      this.wait(event, nowMs);
      return;
    }
    const state = this.currentRuns();
    this.advanceTime(state, nowMs);
    this.processEvent(state, event, nowMs);
    this.storeRuns(state);
  }

  /** An event without a timestamp is late, as in Flink, whatever the watermark. */
  private processWhenDue(record: StreamRecord): void {
    const timestampMs = record.hasTimestamp ? record.timestamp : MIN_TIMESTAMP;
    const watermarkMs = this.timers.currentWatermark();
    if (timestampMs > watermarkMs) {
      this.wait(record.value, timestampMs);
      return;
    }
    const tag = this.options.lateDataOutputTag;
    if (this.probe.recording) this.probe.recordLate(record.value, timestampMs, watermarkMs, tag === null ? null : tag.id);
    if (tag === null) this.lateRecordsDropped.inc();
    else this.output.collectSide(tag, record);
  }

  private wait(event: unknown, timestampMs: number): void {
    let events = this.waitingEvents.get(timestampMs);
    if (events === null) {
      events = [];
      this.registerTimer(timestampMs);
    }
    events.push(event);
    this.waitingEvents.put(timestampMs, events);
  }

  private registerTimer(timestampMs: number): void {
    if (this.isProcessingTime) this.timers.registerProcessingTimeTimer(VOID_NAMESPACE, timestampMs + 1);
    else this.timers.registerEventTimeTimer(VOID_NAMESPACE, timestampMs);
  }

  private processWaiting(state: NfaState, timestampMs: number): void {
    this.advanceTime(state, timestampMs);
    let events = this.waitingEvents.get(timestampMs) ?? [];
    if (this.options.comparator !== null) events = [...events].sort(this.options.comparator);
    for (const event of events) this.processEvent(state, event, timestampMs);
    this.waitingEvents.remove(timestampMs);
  }

  private processEvent(state: NfaState, event: unknown, timestampMs: number): void {
    const matches = this.nfa.process(state, event, timestampMs);
    if (this.nfa.windowMs > 0 && state.startedRun) this.registerTimer(timestampMs + this.nfa.windowMs);
    if (matches.length > 0) this.emit(matches, timestampMs);
  }

  private advanceTime(state: NfaState, timestampMs: number): void {
    const { matches, timedOut } = this.nfa.advanceTime(state, timestampMs);
    if (matches.length > 0) this.emit(matches, timestampMs);
    const fn: unknown = this.userFunction;
    if (timedOut.length === 0 || !isTimedOutPartialMatchHandler(fn)) return;
    for (const { match, timestampMs: overMs } of timedOut) {
      this.setTimestamp(overMs);
      fn.processTimedOutMatch(match, this.functionContext);
    }
  }

  private emit(matches: readonly Match[], timestampMs: number): void {
    this.setTimestamp(timestampMs);
    for (const match of matches) this.userFunction.processMatch(match as Map<string, IN[]>, this.functionContext, this.collector);
  }

  private setTimestamp(timestampMs: number): void {
    if (!this.isProcessingTime) this.resultTimestamp.set(timestampMs);
    this.currentMatch.timestampMs = timestampMs;
  }

  private currentRuns(): NfaState {
    return this.runs.value() ?? this.nfa.createInitialState();
  }

  private storeRuns(state: NfaState): void {
    if (!state.changed) return;
    state.changed = false;
    state.startedRun = false;
    this.runs.update(state);
  }
}

function ascending(left: number, right: number): number {
  return left - right;
}
