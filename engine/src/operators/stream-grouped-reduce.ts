import { MAX_TIMESTAMP } from "../base/long.ts";
import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import { type ReduceFunction, type ReduceFunctionLike, toReduceFunction } from "../flow/functions.ts";
import type { OneInputStreamOperator } from "../flow/operator.ts";
import { StreamRecord } from "../flow/stream-record.ts";
import { ValueStateDescriptor } from "../state/descriptors.ts";
import type { ValueState } from "../state/state.ts";

/** Rolling reduction per key: emits the reduction so far after each record, with that record's timestamp. */
export class StreamGroupedReduce<T> extends AbstractUdfStreamOperator<ReduceFunction<T>> implements OneInputStreamOperator {
  private values!: ValueState<T>;

  constructor(reduce: ReduceFunctionLike<T>) {
    super(toReduceFunction(reduce));
  }

  override open(): void {
    super.open();
    this.values = this.getKeyedState(new ValueStateDescriptor<T>("_op_state"));
  }

  processElement(record: StreamRecord): void {
    this.setKeyContext(record);
    const value = record.value as T;
    const current = this.values.value();
    const reduced = current === null ? value : this.userFunction.reduce(current, value);
    this.values.update(reduced);
    if (this.context.batch !== true) this.output.collect(record.replace(reduced));
  }

  /** BATCH mode: the last value of the key is all that is told of it, at the end of time. */
  override endKey(): void {
    super.endKey();
    const reduced = this.values.value();
    if (reduced !== null) this.output.collect(new StreamRecord<unknown>(reduced, MAX_TIMESTAMP));
    this.values.clear();
  }
}
