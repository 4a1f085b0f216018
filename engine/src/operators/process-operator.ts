import { MIN_TIMESTAMP } from "../base/long.ts";
import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import type { ProcessFunction } from "../flow/functions.ts";
import type { OneInputStreamOperator } from "../flow/operator.ts";
import type { StreamRecord } from "../flow/stream-record.ts";
import { TimestampedCollector } from "../flow/timestamped-collector.ts";
import { ReusableProcessContext } from "./process-context.ts";
import { ClockOnlyTimerService } from "./simple-timer-service.ts";

/** A ProcessFunction: side outputs and clocks, no timers. Behind keyBy it may use keyed state (timers need a KeyedProcessFunction). */
export class ProcessOperator<I, O> extends AbstractUdfStreamOperator<ProcessFunction<I, O>> implements OneInputStreamOperator {
  private collector!: TimestampedCollector<O>;
  private processContext!: ReusableProcessContext;
  private currentWatermark = MIN_TIMESTAMP;

  override open(): void {
    super.open();
    this.collector = new TimestampedCollector<O>(this.output);
    const timers = new ClockOnlyTimerService(this.context.processingTime, () => this.currentWatermark);
    this.processContext = new ReusableProcessContext(this.output, timers, () => null);
  }

  processElement(record: StreamRecord): void {
    this.setKeyContext(record);
    this.collector.setTimestampOf(record);
    this.userFunction.processElement(record.value as I, this.processContext.ofRecord(record), this.collector);
  }

  override processWatermark(timestampMs: number): void {
    super.processWatermark(timestampMs);
    this.currentWatermark = timestampMs;
  }
}
