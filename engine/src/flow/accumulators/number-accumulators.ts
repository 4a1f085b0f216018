/** The accumulators of numbers. Java's int, long and double are all numbers here, so the three of a kind differ in name only. */
import type { Accumulator, SimpleAccumulator } from "./accumulator.ts";

abstract class NumberAccumulator implements SimpleAccumulator<number> {
  protected value: number;
  private readonly start: number;

  constructor(start: number, value: number) {
    this.start = start;
    this.value = value;
  }

  /** Takes one number in. */
  abstract add(value: number): void;
  /** One of the same kind with the same result so far. */
  abstract clone(): NumberAccumulator;

  getLocalValue(): number {
    return this.value;
  }

  resetLocal(): void {
    this.value = this.start;
  }

  merge(other: Accumulator<number, number>): void {
    this.add(other.getLocalValue());
  }
}

/** A sum of whole numbers. (Flink: docs/dev/datastream/user_defined_functions) */
export class IntCounter extends NumberAccumulator {
  constructor(value = 0) {
    super(0, value);
  }

  add(value: number): void {
    this.value += value;
  }

  clone(): IntCounter {
    return new IntCounter(this.value);
  }
}

/** A sum of whole numbers. (Flink: docs/dev/datastream/user_defined_functions) */
export class LongCounter extends NumberAccumulator {
  constructor(value = 0) {
    super(0, value);
  }

  add(value: number): void {
    this.value += value;
  }

  clone(): LongCounter {
    return new LongCounter(this.value);
  }
}

/** A sum of numbers. (Flink: docs/dev/datastream/user_defined_functions) */
export class DoubleCounter extends NumberAccumulator {
  constructor(value = 0) {
    super(0, value);
  }

  add(value: number): void {
    this.value += value;
  }

  clone(): DoubleCounter {
    return new DoubleCounter(this.value);
  }
}

/** The lowest value; without any, the highest int there is. (Flink: docs/dev/datastream/user_defined_functions) */
export class IntMinimum extends NumberAccumulator {
  constructor(value = 2 ** 31 - 1) {
    super(2 ** 31 - 1, value);
  }

  add(value: number): void {
    this.value = Math.min(this.value, value);
  }

  clone(): IntMinimum {
    return new IntMinimum(this.value);
  }
}

/** The highest value; without any, the lowest int there is. (Flink: docs/dev/datastream/user_defined_functions) */
export class IntMaximum extends NumberAccumulator {
  constructor(value = -(2 ** 31)) {
    super(-(2 ** 31), value);
  }

  add(value: number): void {
    this.value = Math.max(this.value, value);
  }

  clone(): IntMaximum {
    return new IntMaximum(this.value);
  }
}

/** The lowest value; without any, Long.MAX_VALUE. (Flink: docs/dev/datastream/user_defined_functions) */
export class LongMinimum extends NumberAccumulator {
  constructor(value = 2 ** 63) {
    super(2 ** 63, value);
  }

  add(value: number): void {
    this.value = Math.min(this.value, value);
  }

  clone(): LongMinimum {
    return new LongMinimum(this.value);
  }
}

/** The highest value; without any, Long.MIN_VALUE. (Flink: docs/dev/datastream/user_defined_functions) */
export class LongMaximum extends NumberAccumulator {
  constructor(value = -(2 ** 63)) {
    super(-(2 ** 63), value);
  }

  add(value: number): void {
    this.value = Math.max(this.value, value);
  }

  clone(): LongMaximum {
    return new LongMaximum(this.value);
  }
}

/** The lowest value; without any, infinity. (Flink: docs/dev/datastream/user_defined_functions) */
export class DoubleMinimum extends NumberAccumulator {
  constructor(value = Number.POSITIVE_INFINITY) {
    super(Number.POSITIVE_INFINITY, value);
  }

  add(value: number): void {
    this.value = Math.min(this.value, value);
  }

  clone(): DoubleMinimum {
    return new DoubleMinimum(this.value);
  }
}

/** The highest value; without any, minus infinity. (Flink: docs/dev/datastream/user_defined_functions) */
export class DoubleMaximum extends NumberAccumulator {
  constructor(value = Number.NEGATIVE_INFINITY) {
    super(Number.NEGATIVE_INFINITY, value);
  }

  add(value: number): void {
    this.value = Math.max(this.value, value);
  }

  clone(): DoubleMaximum {
    return new DoubleMaximum(this.value);
  }
}
