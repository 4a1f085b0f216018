import type { AggregateFunction, ReduceFunction } from "../../../state/folding-functions.ts";
import { copyValue } from "../../../types/value-codec.ts";

/** An incremental function as slices see it: accumulators that grow by records and can be put together. */
export interface Folding {
  /** The accumulator of one record. */
  first(value: unknown): unknown;
  add(accumulator: unknown, value: unknown): unknown;
  /** `older` before `newer`; may change and return either, so hand in what may be changed. */
  merge(older: unknown, newer: unknown): unknown;
  /** What the window function is given. */
  result(accumulator: unknown): unknown;
  /** The function itself says that accumulators may be merged in any order. */
  readonly mergeDeclared: boolean;
}

/** An accumulator that a merge may change without changing the original. */
export function changeable(accumulator: unknown): unknown {
  return typeof accumulator === "object" && accumulator !== null ? copyValue(accumulator) : accumulator;
}

export class ReduceFolding implements Folding {
  readonly mergeDeclared = false;
  private readonly reduce: ReduceFunction<unknown>;

  constructor(reduce: ReduceFunction<unknown>) {
    this.reduce = reduce;
  }

  first(value: unknown): unknown {
    return value;
  }

  add(accumulator: unknown, value: unknown): unknown {
    return this.reduce.reduce(accumulator, value);
  }

  merge(older: unknown, newer: unknown): unknown {
    return this.reduce.reduce(older, newer);
  }

  result(accumulator: unknown): unknown {
    return accumulator;
  }
}

type Mergeable = AggregateFunction<unknown, unknown, unknown> & { merge(a: unknown, b: unknown): unknown };

export function isMergeable(aggregate: AggregateFunction<unknown, unknown, unknown>): aggregate is Mergeable {
  return typeof aggregate.merge === "function";
}

export class AggregateFolding implements Folding {
  readonly mergeDeclared = true;
  private readonly aggregate: Mergeable;

  constructor(aggregate: Mergeable) {
    this.aggregate = aggregate;
  }

  first(value: unknown): unknown {
    return this.aggregate.add(value, this.aggregate.createAccumulator());
  }

  add(accumulator: unknown, value: unknown): unknown {
    return this.aggregate.add(value, accumulator);
  }

  merge(older: unknown, newer: unknown): unknown {
    return this.aggregate.merge(older, newer);
  }

  result(accumulator: unknown): unknown {
    return this.aggregate.getResult(accumulator);
  }
}
