import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import type { CoMapFunction } from "../flow/functions.ts";
import type { TwoInputStreamOperator } from "../flow/operator.ts";
import type { StreamRecord } from "../flow/stream-record.ts";

/** Two inputs of different type, one value out for each. */
export class CoStreamMap<I1, I2, O> extends AbstractUdfStreamOperator<CoMapFunction<I1, I2, O>> implements TwoInputStreamOperator {
  processElement1(record: StreamRecord): void {
    this.setKeyContext(record);
    this.output.collect(record.replace(this.userFunction.map1(record.value as I1)));
  }

  processElement2(record: StreamRecord): void {
    this.setKeyContext2(record);
    this.output.collect(record.replace(this.userFunction.map2(record.value as I2)));
  }
}
