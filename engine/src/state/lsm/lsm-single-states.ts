/** The states that hold one value per key: value, reducing and aggregating state. Every read decodes, every write encodes. */
import type { AggregateFunction, ReduceFunction } from "../folding-functions.ts";
import { held, mergeAccumulators } from "../folding.ts";
import { nullIntoState } from "../null-into-state.ts";
import type { StateNamespace } from "../namespace.ts";
import type { AggregatingState, ReducingState, ValueState } from "../state.ts";
import type { TtlClock } from "../ttl-clock.ts";
import type { ColumnFamily } from "./column-family.ts";
import { LsmState } from "./lsm-state.ts";
import type { LsmStore } from "./lsm-store.ts";

abstract class LsmSingleState<T> extends LsmState {
  clear(): void {
    this.pointAtCurrent();
    this.family.remove();
  }

  /** What is stored, an accumulator for instance, as opposed to what `get` makes of it; undefined = nothing. */
  getInternal(): T | undefined {
    this.pointAtCurrent();
    return this.family.find() ? this.decode() : undefined;
  }

  setInternal(value: T): void {
    this.pointAtCurrent();
    this.write(held(value));
  }

  mergeNamespaces(target: StateNamespace, sources: readonly StateNamespace[]): void {
    let merged: T | undefined;
    for (const source of sources) {
      this.setCurrentNamespace(source);
      const value = this.getInternal();
      if (value === undefined) continue;
      this.family.remove();
      merged = merged === undefined ? value : this.mergeValues(merged, value);
    }
    this.setCurrentNamespace(target);
    if (merged === undefined) return;
    const present = this.getInternal();
    const result = present === undefined ? merged : this.mergeValues(present, merged);
    this.pointAtCurrent();
    this.write(held(result));
  }

  protected mergeValues(_left: T, _right: T): T {
    return this.cannotMerge();
  }

  /** The value of the current key, null when there is none that may be seen. */
  protected read(): T | null {
    const { family, ttl } = this;
    this.pointAtCurrent();
    if (!family.find()) return null;
    if (ttl === null) return this.decode();
    const { reader } = this.store;
    const lastAccessMs = reader.at(family.foundBytes, family.foundStart).double();
    const value = reader.value() as T;
    if (ttl.expiredSince(lastAccessMs)) {
      family.remove();
      return ttl.returnExpired ? value : null;
    }
    if (ttl.updateOnRead) this.write(value);
    return value;
  }

  /** What a new value is folded into: undefined when there is nothing, or nothing that still counts. Leaves the address in the store. */
  protected readToFold(): T | undefined {
    const { family, ttl } = this;
    this.pointAtCurrent();
    if (!family.find()) return undefined;
    if (ttl === null) return this.decode();
    const { reader } = this.store;
    const lastAccessMs = reader.at(family.foundBytes, family.foundStart).double();
    return ttl.expiredSince(lastAccessMs) && !ttl.returnExpired ? undefined : (reader.value() as T);
  }

  /** Stores at the address in the store. */
  protected write(value: T): void {
    this.encode(value);
    this.family.put();
  }

  private decode(): T {
    const { family } = this;
    const { reader } = this.store;
    reader.at(family.foundBytes, family.foundStart);
    if (this.ttl !== null) reader.double();
    return reader.value() as T;
  }
}

export class LsmValueState<T> extends LsmSingleState<T> implements ValueState<T> {
  private readonly defaultValue: T | null;

  constructor(family: ColumnFamily, store: LsmStore, ttl: TtlClock | null, defaultValue: T | null) {
    super(family, store, ttl);
    this.defaultValue = defaultValue;
  }

  value(): T | null {
    return this.read() ?? this.defaultValue;
  }

  update(value: T | null): void {
    this.pointAtCurrent();
    if (value === null || value === undefined) this.family.remove();
    else this.write(value);
  }
}

export class LsmReducingState<T> extends LsmSingleState<T> implements ReducingState<T> {
  private readonly reduceFunction: ReduceFunction<T>;

  constructor(family: ColumnFamily, store: LsmStore, ttl: TtlClock | null, reduceFunction: ReduceFunction<T>) {
    super(family, store, ttl);
    this.reduceFunction = reduceFunction;
  }

  get(): T | null {
    return this.read();
  }

  add(value: T): void {
    this.addedFirst(value);
  }

  /**
   * Null reaches the function as a second value (on the heap it clears). A null that is stored is no first value. With time to live the function never
   * sees null; a null that meets nothing but what has expired has no result to store, and Flink fails there.
   */
  addedFirst(value: T): boolean {
    const present = this.readToFold();
    const isNull = value === null || value === undefined;
    let folded: T;
    if (present !== undefined && present !== null) {
      folded = isNull && this.ttl !== null ? present : this.reduceFunction.reduce(present, value);
      // The function may have touched other states of this key.
      this.pointAtCurrent();
    } else {
      if (isNull && this.ttl !== null && this.family.find()) throw nullIntoState("ReducingState");
      folded = value;
    }
    this.write(held(folded));
    return present === undefined;
  }

  protected override mergeValues(left: T, right: T): T {
    return this.reduceFunction.reduce(left, right);
  }
}

export class LsmAggregatingState<IN, ACC, OUT> extends LsmSingleState<ACC> implements AggregatingState<IN, OUT> {
  private readonly aggregate: AggregateFunction<IN, ACC, OUT>;

  constructor(family: ColumnFamily, store: LsmStore, ttl: TtlClock | null, aggregate: AggregateFunction<IN, ACC, OUT>) {
    super(family, store, ttl);
    this.aggregate = aggregate;
  }

  get(): OUT | null {
    const accumulator = this.read();
    // An accumulator may be null; without one there is nothing.
    if (accumulator === null && !this.isPresent()) return null;
    return this.aggregate.getResult(accumulator as ACC);
  }

  add(value: IN): void {
    this.addedFirst(value);
  }

  /** Null reaches the function; on the heap it clears. */
  addedFirst(value: IN): boolean {
    const present = this.readToFold();
    const folded = this.aggregate.add(value, present === undefined || present === null ? this.aggregate.createAccumulator() : present);
    this.pointAtCurrent();
    this.write(held(folded));
    return present === undefined;
  }

  protected override mergeValues(left: ACC, right: ACC): ACC {
    return mergeAccumulators(this.aggregate, left, right);
  }

  private isPresent(): boolean {
    if (this.ttl !== null) return false;
    this.pointAtCurrent();
    return this.family.find();
  }
}
