import type { AggregateFunction, ReduceFunction } from "../folding-functions.ts";
import type { AggregatingState, ReducingState } from "../state.ts";
import { held, mergeAccumulators } from "../folding.ts";
import { HeapState } from "./heap-state.ts";
import type { StateTable } from "./state-table.ts";

export class HeapReducingState<T> extends HeapState<T> implements ReducingState<T> {
  private readonly reduceFunction: ReduceFunction<T>;

  constructor(table: StateTable<T>, reduceFunction: ReduceFunction<T>) {
    super(table);
    this.reduceFunction = reduceFunction;
  }

  get(): T | null {
    const entry = this.table.find();
    return entry === undefined ? null : entry.value;
  }

  add(value: T): void {
    this.addedFirst(value);
  }

  /** Adding null clears, as in Flink's heap backend. */
  addedFirst(value: T): boolean {
    if (value === null || value === undefined) {
      this.table.remove();
      return false;
    }
    const { table } = this;
    const place = table.locate();
    if (place < 0) {
      table.insert(value);
      return true;
    }
    const { array } = table;
    array[place] = held(this.reduceFunction.reduce(array[place] as T, value));
    return false;
  }

  protected override mergeValues(left: T, right: T): T {
    return this.reduceFunction.reduce(left, right);
  }
}

export class HeapAggregatingState<IN, ACC, OUT> extends HeapState<ACC> implements AggregatingState<IN, OUT> {
  private readonly aggregate: AggregateFunction<IN, ACC, OUT>;

  constructor(table: StateTable<ACC>, aggregate: AggregateFunction<IN, ACC, OUT>) {
    super(table);
    this.aggregate = aggregate;
  }

  get(): OUT | null {
    const entry = this.table.find();
    return entry === undefined ? null : this.aggregate.getResult(entry.value);
  }

  add(value: IN): void {
    this.addedFirst(value);
  }

  addedFirst(value: IN): boolean {
    if (value === null || value === undefined) {
      this.table.remove();
      return false;
    }
    const { table } = this;
    const place = table.locate();
    if (place < 0) {
      table.insert(this.aggregate.add(value, this.aggregate.createAccumulator()));
      return true;
    }
    const { array } = table;
    array[place] = held(this.aggregate.add(value, array[place] as ACC));
    return false;
  }

  protected override mergeValues(left: ACC, right: ACC): ACC {
    return mergeAccumulators(this.aggregate, left, right);
  }
}
