import { CurrentElement } from "./process-context.ts";
import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import type { BroadcastProcessFunction } from "../flow/functions.ts";
import type { TwoInputStreamOperator } from "../flow/operator.ts";
import type { StreamRecord } from "../flow/stream-record.ts";
import { ResultTimestamp, TimestampedCollector } from "../flow/timestamped-collector.ts";
import { MIN_TIMESTAMP } from "../base/long.ts";
import type { MapStateDescriptor } from "../state/descriptors.ts";
import { BroadcastContextImpl, BroadcastStates } from "./broadcast-context.ts";
import { ClockOnlyTimerService } from "./simple-timer-service.ts";

/** A stream without key (input 1) joined by a broadcast stream (input 2). */
export class CoBroadcastWithNonKeyedOperator<I1, I2, O>
  extends AbstractUdfStreamOperator<BroadcastProcessFunction<I1, I2, O>>
  implements TwoInputStreamOperator
{
  private readonly descriptors: readonly MapStateDescriptor<unknown, unknown>[];
  private collector!: TimestampedCollector<O>;
  private readonly resultTimestamp = new ResultTimestamp();
  private readonly element = new CurrentElement();
  private readContext!: BroadcastContextImpl;
  private writeContext!: BroadcastContextImpl;
  private currentWatermark = MIN_TIMESTAMP;

  constructor(userFunction: BroadcastProcessFunction<I1, I2, O>, broadcastStateDescriptors: readonly MapStateDescriptor<never, never>[]) {
    super(userFunction);
    this.descriptors = broadcastStateDescriptors as unknown as readonly MapStateDescriptor<unknown, unknown>[];
  }

  override open(): void {
    super.open();
    this.collector = new TimestampedCollector<O>(this.output, this.resultTimestamp);
    const timers = new ClockOnlyTimerService(this.context.processingTime, () => this.currentWatermark);
    const states = new BroadcastStates(this.operatorStateBackend, this.descriptors);
    this.readContext = new BroadcastContextImpl(this.output, timers, () => null, states, true, undefined, this.element);
    this.writeContext = new BroadcastContextImpl(this.output, timers, () => null, states, false, undefined, this.element);
  }

  processElement1(record: StreamRecord): void {
    this.resultTimestamp.setOf(record);
    this.element.ofRecord(record);
    this.userFunction.processElement(record.value as I1, this.readContext, this.collector);
  }

  processElement2(record: StreamRecord): void {
    this.resultTimestamp.setOf(record);
    this.element.ofRecord(record);
    this.userFunction.processBroadcastElement(record.value as I2, this.writeContext, this.collector);
  }

  override processWatermark(timestampMs: number): void {
    super.processWatermark(timestampMs);
    this.currentWatermark = timestampMs;
  }
}
