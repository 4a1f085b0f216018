import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import type { CoFlatMapFunction } from "../flow/functions.ts";
import type { TwoInputStreamOperator } from "../flow/operator.ts";
import type { StreamRecord } from "../flow/stream-record.ts";
import { ResultTimestamp, TimestampedCollector } from "../flow/timestamped-collector.ts";

/** Two inputs of different type, any number of values out for each. */
export class CoStreamFlatMap<I1, I2, O> extends AbstractUdfStreamOperator<CoFlatMapFunction<I1, I2, O>> implements TwoInputStreamOperator {
  private collector!: TimestampedCollector<O>;
  private readonly resultTimestamp = new ResultTimestamp();

  override open(): void {
    super.open();
    this.collector = new TimestampedCollector<O>(this.output, this.resultTimestamp);
  }

  processElement1(record: StreamRecord): void {
    this.setKeyContext(record);
    this.resultTimestamp.setOf(record);
    this.userFunction.flatMap1(record.value as I1, this.collector);
  }

  processElement2(record: StreamRecord): void {
    this.setKeyContext2(record);
    this.resultTimestamp.setOf(record);
    this.userFunction.flatMap2(record.value as I2, this.collector);
  }
}
