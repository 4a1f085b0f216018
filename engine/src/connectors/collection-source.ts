import { Diagnostic } from "../base/diagnostic.ts";
import { copyValue } from "../types/value-copy.ts";
import { NumberRangeSource } from "./generator-source.ts";

/**
 * The values of an array, in order, then the end. What `env.fromData` and `env.fromCollection` read.
 * (Flink: docs/dev/datastream/overview)
 */
export class CollectionSource<T> extends NumberRangeSource<T> {
  constructor(values: readonly T[]) {
    const own = values.map((value) => copyValue(value));
    super({ from: 0, to: own.length - 1 }, (index) => copyValue(own[index]));
  }
}

/**
 * Whole numbers from `from` to `to`, both included. What `env.fromSequence` reads. Flink: `NumberSequenceSource`.
 * (Flink: docs/dev/datastream/overview)
 */
export class NumberSequenceSource extends NumberRangeSource<number> {
  constructor(from: number, to: number) {
    if (!(from <= to)) {
      throw new Diagnostic({
        code: "SOURCE_SEQUENCE_BOUNDS",
        phase: "graph",
        message: "Start of sequence must not be greater than the end.",
        found: `from ${from} to ${to}`,
        expected: "the smaller number first; both ends are included",
      });
    }
    super({ from, to }, (index) => index);
  }
}
