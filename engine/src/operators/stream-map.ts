import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import type { MapFunction, MapFunctionLike } from "../flow/functions.ts";
import type { OneInputStreamOperator } from "../flow/operator.ts";
import type { StreamRecord } from "../flow/stream-record.ts";

/** One value out for each value in. */
export class StreamMap<I, O> extends AbstractUdfStreamOperator<MapFunction<I, O>> implements OneInputStreamOperator {
  constructor(mapper: MapFunctionLike<I, O>) {
    super(typeof mapper === "function" ? { map: mapper } : mapper);
  }

  processElement(record: StreamRecord): void {
    this.setKeyContext(record);
    this.output.collect(record.replace(this.userFunction.map(record.value as I)));
  }
}
