import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import type { CoProcessFunction, KeyedCoProcessFunction } from "../flow/functions.ts";
import type { Triggerable } from "../flow/internal-timer-service.ts";
import type { TwoInputStreamOperator } from "../flow/operator.ts";
import type { StreamRecord } from "../flow/stream-record.ts";
import type { InternalTimer } from "../flow/timer-queue.ts";
import { TimestampedCollector } from "../flow/timestamped-collector.ts";
import { ReusableProcessContext } from "./process-context.ts";
import { SimpleTimerService } from "./simple-timer-service.ts";

/** Two keyed inputs that share state and timers. A plain CoProcessFunction on keyed streams runs here too. */
export class KeyedCoProcessOperator<K, I1, I2, O>
  extends AbstractUdfStreamOperator<KeyedCoProcessFunction<K, I1, I2, O> | CoProcessFunction<I1, I2, O>>
  implements TwoInputStreamOperator, Triggerable
{
  private collector!: TimestampedCollector<O>;
  private processContext!: ReusableProcessContext;
  private fn!: KeyedCoProcessFunction<unknown, I1, I2, O>;

  override open(): void {
    super.open();
    this.fn = this.userFunction as KeyedCoProcessFunction<unknown, I1, I2, O>;
    this.collector = new TimestampedCollector<O>(this.output);
    const timers = new SimpleTimerService(this.getInternalTimerService("user-timers", this));
    this.processContext = new ReusableProcessContext(this.output, timers, () => this.getCurrentKey());
  }

  processElement1(record: StreamRecord): void {
    this.setKeyContext(record);
    this.collector.setTimestampOf(record);
    this.fn.processElement1(record.value as I1, this.processContext.ofRecord(record), this.collector);
  }

  processElement2(record: StreamRecord): void {
    this.setKeyContext2(record);
    this.collector.setTimestampOf(record);
    this.fn.processElement2(record.value as I2, this.processContext.ofRecord(record), this.collector);
  }

  onEventTime(timer: InternalTimer): void {
    if (this.probe.recording) this.probe.timerFired("event", timer.key, timer.timestampMs);
    this.collector.setAbsoluteTimestamp(timer.timestampMs);
    this.fn.onTimer(timer.timestampMs, this.processContext.ofTimer(timer.timestampMs, "EVENT_TIME"), this.collector);
  }

  onProcessingTime(timer: InternalTimer): void {
    if (this.probe.recording) this.probe.timerFired("processing", timer.key, timer.timestampMs);
    this.collector.eraseTimestamp();
    this.fn.onTimer(timer.timestampMs, this.processContext.ofTimer(timer.timestampMs, "PROCESSING_TIME"), this.collector);
  }
}
