import { handleOf } from "../state/state-handles.ts";
import { CurrentElement } from "./process-context.ts";
import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import type { KeyedBroadcastProcessFunction } from "../flow/functions.ts";
import type { Triggerable } from "../flow/internal-timer-service.ts";
import type { TwoInputStreamOperator } from "../flow/operator.ts";
import type { StreamRecord } from "../flow/stream-record.ts";
import type { InternalTimer } from "../flow/timer-queue.ts";
import { ResultTimestamp, TimestampedCollector } from "../flow/timestamped-collector.ts";
import { invariant } from "../base/invariant.ts";
import type { MapStateDescriptor, StateDescriptor } from "../state/descriptors.ts";
import { VOID_NAMESPACE } from "../state/namespace.ts";
import type { State } from "../state/state.ts";
import { BroadcastContextImpl, BroadcastStates, NoTimers } from "./broadcast-context.ts";
import { timerServiceFor } from "./simple-timer-service.ts";

/** A keyed stream (input 1) joined by a broadcast stream (input 2). */
export class CoBroadcastWithKeyedOperator<K, I1, I2, O>
  extends AbstractUdfStreamOperator<KeyedBroadcastProcessFunction<K, I1, I2, O>>
  implements TwoInputStreamOperator, Triggerable
{
  private readonly descriptors: readonly MapStateDescriptor<unknown, unknown>[];
  private collector!: TimestampedCollector<O>;
  private readonly resultTimestamp = new ResultTimestamp();
  private readonly element = new CurrentElement();
  private readContext!: BroadcastContextImpl;
  private writeContext!: BroadcastContextImpl;
  private fn!: KeyedBroadcastProcessFunction<unknown, I1, I2, O>;

  constructor(
    userFunction: KeyedBroadcastProcessFunction<K, I1, I2, O>,
    broadcastStateDescriptors: readonly MapStateDescriptor<never, never>[],
  ) {
    super(userFunction);
    this.descriptors = broadcastStateDescriptors as unknown as readonly MapStateDescriptor<unknown, unknown>[];
  }

  override open(): void {
    super.open();
    this.fn = this.userFunction as unknown as KeyedBroadcastProcessFunction<unknown, I1, I2, O>;
    this.collector = new TimestampedCollector<O>(this.output, this.resultTimestamp);
    const timers = timerServiceFor(this.getInternalTimerService("user-timers", this), this.probe, () => this.getCurrentKey());
    const states = new BroadcastStates(this.operatorStateBackend, this.descriptors);
    const key = () => this.getCurrentKey();
    this.readContext = new BroadcastContextImpl(this.output, timers, key, states, true, undefined, this.element);
    this.writeContext = new BroadcastContextImpl(
      this.output,
      new NoTimers(timers),
      key,
      states,
      false,
      this.applyToKeyedState,
      this.element,
    );
  }

  processElement1(record: StreamRecord): void {
    this.setKeyContext(record);
    this.resultTimestamp.setOf(record);
    this.element.ofRecord(record);
    this.fn.processElement(record.value as I1, this.readContext, this.collector);
  }

  processElement2(record: StreamRecord): void {
    this.resultTimestamp.setOf(record);
    this.element.ofRecord(record);
    this.fn.processBroadcastElement(record.value as I2, this.writeContext, this.collector);
  }

  onEventTime(timer: InternalTimer): void {
    if (this.probe.recording) this.probe.timerFired("event", timer.key, timer.timestampMs);
    this.resultTimestamp.set(timer.timestampMs);
    this.element.ofTimer(timer.timestampMs, "EVENT_TIME");
    this.fn.onTimer(timer.timestampMs, this.readContext, this.collector);
  }

  onProcessingTime(timer: InternalTimer): void {
    if (this.probe.recording) this.probe.timerFired("processing", timer.key, timer.timestampMs);
    this.resultTimestamp.erase();
    this.element.ofTimer(timer.timestampMs, "PROCESSING_TIME");
    this.fn.onTimer(timer.timestampMs, this.readContext, this.collector);
  }

  private readonly applyToKeyedState = (descriptor: StateDescriptor, process: (key: unknown, state: State) => void): void => {
    const backend = this.keyedStateBackend;
    invariant(backend !== undefined, "a keyed broadcast operator has keyed state");
    const state = handleOf(descriptor.kind, this.getKeyedState(descriptor));
    for (const key of backend.keysOf(descriptor.name, VOID_NAMESPACE)) {
      backend.setCurrentKey(key);
      process(key, state);
    }
  };
}
