import { MIN_TIMESTAMP } from "../base/long.ts";
import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import type { ProcessFunction } from "../flow/functions.ts";
import type { OneInputStreamOperator } from "../flow/operator.ts";
import type { StreamRecord } from "../flow/stream-record.ts";
import { ResultTimestamp, TimestampedCollector } from "../flow/timestamped-collector.ts";
import { CurrentElement, ReusableProcessContext } from "./process-context.ts";
import { ClockOnlyTimerService } from "./simple-timer-service.ts";

/** A ProcessFunction: side outputs and clocks, no timers. Behind keyBy it may use keyed state (timers need a KeyedProcessFunction). */
export class ProcessOperator<I, O> extends AbstractUdfStreamOperator<ProcessFunction<I, O>> implements OneInputStreamOperator {
  private collector!: TimestampedCollector<O>;
  private readonly resultTimestamp = new ResultTimestamp();
  private readonly element = new CurrentElement();
  private processContext!: ReusableProcessContext;
  private currentWatermark = MIN_TIMESTAMP;

  override open(): void {
    super.open();
    this.collector = new TimestampedCollector<O>(this.output, this.resultTimestamp);
    const timers = new ClockOnlyTimerService(this.context.processingTime, () => this.currentWatermark);
    this.processContext = new ReusableProcessContext(this.output, timers, () => null, this.element);
  }

  processElement(record: StreamRecord): void {
    this.setKeyContext(record);
    this.resultTimestamp.setOf(record);
    this.element.ofRecord(record);
    this.userFunction.processElement(record.value as I, this.processContext, this.collector);
  }

  override processWatermark(timestampMs: number): void {
    super.processWatermark(timestampMs);
    this.currentWatermark = timestampMs;
  }
}
