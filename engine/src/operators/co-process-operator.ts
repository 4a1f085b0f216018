import { MIN_TIMESTAMP } from "../base/long.ts";
import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import type { CoProcessFunction } from "../flow/functions.ts";
import type { TwoInputStreamOperator } from "../flow/operator.ts";
import type { StreamRecord } from "../flow/stream-record.ts";
import { ResultTimestamp, TimestampedCollector } from "../flow/timestamped-collector.ts";
import { CurrentElement, ReusableProcessContext } from "./process-context.ts";
import { ClockOnlyTimerService } from "./simple-timer-service.ts";

/** A CoProcessFunction on two streams that are not both keyed: no timers, and keyed state only while a key of the keyed one is current. */
export class CoProcessOperator<I1, I2, O>
  extends AbstractUdfStreamOperator<CoProcessFunction<I1, I2, O>>
  implements TwoInputStreamOperator
{
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

  processElement1(record: StreamRecord): void {
    this.setKeyContext(record);
    this.resultTimestamp.setOf(record);
    this.element.ofRecord(record);
    this.userFunction.processElement1(record.value as I1, this.processContext, this.collector);
  }

  processElement2(record: StreamRecord): void {
    this.setKeyContext2(record);
    this.resultTimestamp.setOf(record);
    this.element.ofRecord(record);
    this.userFunction.processElement2(record.value as I2, this.processContext, this.collector);
  }

  override processWatermark(timestampMs: number): void {
    super.processWatermark(timestampMs);
    this.currentWatermark = timestampMs;
  }
}
