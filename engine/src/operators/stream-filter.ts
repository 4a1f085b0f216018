import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import type { FilterFunction, FilterFunctionLike } from "../flow/functions.ts";
import type { OneInputStreamOperator } from "../flow/operator.ts";
import type { StreamRecord } from "../flow/stream-record.ts";

/** Lets through what the predicate accepts. */
export class StreamFilter<T> extends AbstractUdfStreamOperator<FilterFunction<T>> implements OneInputStreamOperator {
  constructor(predicate: FilterFunctionLike<T>) {
    super(typeof predicate === "function" ? { filter: predicate } : predicate);
  }

  processElement(record: StreamRecord): void {
    this.setKeyContext(record);
    if (this.userFunction.filter(record.value as T)) this.output.collect(record);
  }
}
