import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import type { CoProcessFunction, KeyedCoProcessFunction } from "../flow/functions.ts";
import type { Triggerable } from "../flow/internal-timer-service.ts";
import type { TwoInputStreamOperator } from "../flow/operator.ts";
import type { StreamRecord } from "../flow/stream-record.ts";
import type { InternalTimer } from "../flow/timer-queue.ts";
import { ResultTimestamp, TimestampedCollector } from "../flow/timestamped-collector.ts";
import { CurrentElement, ReusableProcessContext } from "./process-context.ts";
import { timerServiceFor } from "./simple-timer-service.ts";

/** Two keyed inputs that share state and timers. A plain CoProcessFunction on keyed streams runs here too. */
export class KeyedCoProcessOperator<K, I1, I2, O>
  extends AbstractUdfStreamOperator<KeyedCoProcessFunction<K, I1, I2, O> | CoProcessFunction<I1, I2, O>>
  implements TwoInputStreamOperator, Triggerable
{
  private collector!: TimestampedCollector<O>;
  private readonly resultTimestamp = new ResultTimestamp();
  private readonly element = new CurrentElement();
  private processContext!: ReusableProcessContext;
  private fn!: KeyedCoProcessFunction<unknown, I1, I2, O>;

  override open(): void {
    super.open();
    this.fn = this.userFunction as KeyedCoProcessFunction<unknown, I1, I2, O>;
    this.collector = new TimestampedCollector<O>(this.output, this.resultTimestamp);
    const timers = timerServiceFor(this.getInternalTimerService("user-timers", this), this.probe, () => this.getCurrentKey());
    this.processContext = new ReusableProcessContext(this.output, timers, () => this.getCurrentKey(), this.element);
  }

  processElement1(record: StreamRecord): void {
    this.setKeyContext(record);
    this.resultTimestamp.setOf(record);
    this.element.ofRecord(record);
    this.fn.processElement1(record.value as I1, this.processContext, this.collector);
  }

  processElement2(record: StreamRecord): void {
    this.setKeyContext2(record);
    this.resultTimestamp.setOf(record);
    this.element.ofRecord(record);
    this.fn.processElement2(record.value as I2, this.processContext, this.collector);
  }

  onEventTime(timer: InternalTimer): void {
    if (this.probe.recording) this.probe.timerFired("event", timer.key, timer.timestampMs);
    this.resultTimestamp.set(timer.timestampMs);
    this.element.ofTimer(timer.timestampMs, "EVENT_TIME");
    this.fn.onTimer(timer.timestampMs, this.processContext, this.collector);
  }

  onProcessingTime(timer: InternalTimer): void {
    if (this.probe.recording) this.probe.timerFired("processing", timer.key, timer.timestampMs);
    this.resultTimestamp.erase();
    this.element.ofTimer(timer.timestampMs, "PROCESSING_TIME");
    this.fn.onTimer(timer.timestampMs, this.processContext, this.collector);
  }
}
