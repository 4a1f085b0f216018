import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import type { KeyedProcessFunction, ProcessFunction } from "../flow/functions.ts";
import type { Triggerable } from "../flow/internal-timer-service.ts";
import type { OneInputStreamOperator } from "../flow/operator.ts";
import type { StreamRecord } from "../flow/stream-record.ts";
import type { InternalTimer } from "../flow/timer-queue.ts";
import { ResultTimestamp, TimestampedCollector } from "../flow/timestamped-collector.ts";
import { CurrentElement, ReusableProcessContext } from "./process-context.ts";
import { timerServiceFor } from "./simple-timer-service.ts";

/** Keyed state and timers, record by record. A plain ProcessFunction on a keyed stream runs here too and may set timers. */
export class KeyedProcessOperator<K, I, O>
  extends AbstractUdfStreamOperator<KeyedProcessFunction<K, I, O> | ProcessFunction<I, O>>
  implements OneInputStreamOperator, Triggerable
{
  private collector!: TimestampedCollector<O>;
  private readonly resultTimestamp = new ResultTimestamp();
  private readonly element = new CurrentElement();
  private processContext!: ReusableProcessContext;
  private fn!: KeyedProcessFunction<unknown, I, O>;

  override open(): void {
    super.open();
    this.fn = this.userFunction as KeyedProcessFunction<unknown, I, O>;
    this.collector = new TimestampedCollector<O>(this.output, this.resultTimestamp);
    const timers = timerServiceFor(this.getInternalTimerService("user-timers", this), this.probe, () => this.getCurrentKey());
    this.processContext = new ReusableProcessContext(this.output, timers, () => this.getCurrentKey(), this.element);
  }

  processElement(record: StreamRecord): void {
    this.setKeyContext(record);
    this.resultTimestamp.setOf(record);
    this.element.ofRecord(record);
    this.fn.processElement(record.value as I, this.processContext, this.collector);
  }

  onEventTime(timer: InternalTimer): void {
    if (this.probe.recording) this.probe.timerFired("event", timer.key, timer.timestampMs);
    this.resultTimestamp.set(timer.timestampMs);
    this.element.ofTimer(timer.timestampMs, "EVENT_TIME");
    this.fn.onTimer(timer.timestampMs, this.processContext, this.collector);
  }

  /** Results of processing timers carry no timestamp. */
  onProcessingTime(timer: InternalTimer): void {
    if (this.probe.recording) this.probe.timerFired("processing", timer.key, timer.timestampMs);
    this.resultTimestamp.erase();
    this.element.ofTimer(timer.timestampMs, "PROCESSING_TIME");
    this.fn.onTimer(timer.timestampMs, this.processContext, this.collector);
  }
}
