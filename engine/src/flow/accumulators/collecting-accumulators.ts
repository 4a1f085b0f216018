import type { Accumulator } from "./accumulator.ts";

/** The mean of the values; 0 without any. Flink: `AverageAccumulator`. (Flink: docs/dev/datastream/user_defined_functions) */
export class AverageAccumulator implements Accumulator<number, number> {
  private sum = 0;
  private count = 0;

  add(value: number): void {
    this.sum += value;
    this.count++;
  }

  getLocalValue(): number {
    return this.count === 0 ? 0 : this.sum / this.count;
  }

  resetLocal(): void {
    this.sum = 0;
    this.count = 0;
  }

  merge(other: Accumulator<number, number>): void {
    if (!(other instanceof AverageAccumulator)) throw new TypeError("The merged accumulator must be AverageAccumulator.");
    this.sum += other.sum;
    this.count += other.count;
  }

  clone(): AverageAccumulator {
    const copy = new AverageAccumulator();
    copy.merge(this);
    return copy;
  }
}

/**
 * How often each whole number came, in ascending order. Flink: `Histogram` of the accumulators.
 * (Flink: docs/dev/datastream/user_defined_functions)
 */
export class Histogram implements Accumulator<number, Map<number, number>> {
  private counts = new Map<number, number>();

  add(value: number): void {
    this.counts.set(value, (this.counts.get(value) ?? 0) + 1);
  }

  getLocalValue(): Map<number, number> {
    return new Map([...this.counts].sort(([a], [b]) => a - b));
  }

  resetLocal(): void {
    this.counts = new Map();
  }

  merge(other: Accumulator<number, Map<number, number>>): void {
    for (const [value, count] of other.getLocalValue()) this.counts.set(value, (this.counts.get(value) ?? 0) + count);
  }

  clone(): Histogram {
    const copy = new Histogram();
    copy.merge(this);
    return copy;
  }
}

/** All values, those of one subtask in their order. Flink: `ListAccumulator`. (Flink: docs/dev/datastream/user_defined_functions) */
export class ListAccumulator<T> implements Accumulator<T, T[]> {
  private values: T[] = [];

  add(value: T): void {
    this.values.push(value);
  }

  getLocalValue(): T[] {
    return [...this.values];
  }

  resetLocal(): void {
    this.values = [];
  }

  merge(other: Accumulator<T, T[]>): void {
    this.values.push(...other.getLocalValue());
  }

  clone(): ListAccumulator<T> {
    const copy = new ListAccumulator<T>();
    copy.merge(this);
    return copy;
  }
}
