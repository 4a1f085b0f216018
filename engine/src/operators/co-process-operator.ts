import { MIN_TIMESTAMP } from "../base/long.ts";
import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import type { CoProcessFunction } from "../flow/functions.ts";
import type { TwoInputStreamOperator } from "../flow/operator.ts";
import type { StreamRecord } from "../flow/stream-record.ts";
import { TimestampedCollector } from "../flow/timestamped-collector.ts";
import { ReusableProcessContext } from "./process-context.ts";
import { ClockOnlyTimerService } from "./simple-timer-service.ts";

/** A CoProcessFunction on two streams that are not both keyed: no timers, and keyed state only while a key of the keyed one is current. */
export class CoProcessOperator<I1, I2, O>
  extends AbstractUdfStreamOperator<CoProcessFunction<I1, I2, O>>
  implements TwoInputStreamOperator
{
  private collector!: TimestampedCollector<O>;
  private processContext!: ReusableProcessContext;
  private currentWatermark = MIN_TIMESTAMP;

  override open(): void {
    super.open();
    this.collector = new TimestampedCollector<O>(this.output);
    const timers = new ClockOnlyTimerService(this.context.processingTime, () => this.currentWatermark);
    this.processContext = new ReusableProcessContext(this.output, timers, () => null);
  }

  processElement1(record: StreamRecord): void {
    this.setKeyContext(record);
    this.collector.setTimestampOf(record);
    this.userFunction.processElement1(record.value as I1, this.processContext.ofRecord(record), this.collector);
  }

  processElement2(record: StreamRecord): void {
    this.setKeyContext2(record);
    this.collector.setTimestampOf(record);
    this.userFunction.processElement2(record.value as I2, this.processContext.ofRecord(record), this.collector);
  }

  override processWatermark(timestampMs: number): void {
    super.processWatermark(timestampMs);
    this.currentWatermark = timestampMs;
  }
}
