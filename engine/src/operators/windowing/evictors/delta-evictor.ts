import { type DeltaFunction, type DeltaFunctionLike, toDeltaFunction } from "../delta-function.ts";
import { OneSidedEvictor, retain, type TimestampedValue } from "./evictor.ts";

/** Drops records whose distance to the last record reaches the threshold. (Flink: docs/dev/datastream/operators/windows) */
export class DeltaEvictor<T> extends OneSidedEvictor<T> {
  private readonly threshold: number;
  private readonly delta: DeltaFunction<T>;

  private constructor(threshold: number, delta: DeltaFunction<T>, doEvictAfter: boolean) {
    super(doEvictAfter);
    this.threshold = threshold;
    this.delta = delta;
  }

  /** Drops elements whose delta to the window's last element is at least the threshold; by default before the function runs. */
  static of<T>(threshold: number, deltaFunction: DeltaFunctionLike<T>, doEvictAfter = false): DeltaEvictor<T> {
    return new DeltaEvictor(threshold, toDeltaFunction(deltaFunction), doEvictAfter);
  }

  protected override evict(elements: TimestampedValue<T>[]): void {
    if (elements.length === 0) return;
    const last = elements[elements.length - 1].value;
    retain(elements, ({ value }) => this.delta.getDelta(value, last) < this.threshold);
  }
}
