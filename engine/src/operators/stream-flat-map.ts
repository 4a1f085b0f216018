import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import type { FlatMapFunction, FlatMapFunctionLike } from "../flow/functions.ts";
import type { OneInputStreamOperator } from "../flow/operator.ts";
import type { StreamRecord } from "../flow/stream-record.ts";
import { ResultTimestamp, TimestampedCollector } from "../flow/timestamped-collector.ts";

/** Any number of values out for each value in, with its timestamp. */
export class StreamFlatMap<I, O> extends AbstractUdfStreamOperator<FlatMapFunction<I, O>> implements OneInputStreamOperator {
  private collector!: TimestampedCollector<O>;
  private readonly resultTimestamp = new ResultTimestamp();

  constructor(flatMapper: FlatMapFunctionLike<I, O>) {
    super(typeof flatMapper === "function" ? { flatMap: flatMapper } : flatMapper);
  }

  override open(): void {
    super.open();
    this.collector = new TimestampedCollector<O>(this.output, this.resultTimestamp);
  }

  processElement(record: StreamRecord): void {
    this.setKeyContext(record);
    this.resultTimestamp.setOf(record);
    this.userFunction.flatMap(record.value as I, this.collector);
  }
}
