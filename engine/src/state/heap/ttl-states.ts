/**
 * The five states with time to live. Each stored value (each element of a list, each entry of a map) carries the time of its last
 * touch; an expired one is dropped when it is met (Flink: `org.apache.flink.runtime.state.ttl`).
 */
import type { AggregateFunction, ReduceFunction } from "../folding-functions.ts";
import type { InternalMapState } from "../keyed-state-backend.ts";
import type { AggregatingState, ListState, ReducingState, ValueState } from "../state.ts";
import { mergeAccumulators } from "../folding.ts";
import { rejectNull, requireValues } from "../null-into-state.ts";
import { HeapState } from "./heap-state.ts";
import type { StateTable } from "./state-table.ts";
import type { TtlClock, TtlValue } from "../ttl-clock.ts";
import { UserMap } from "./user-map.ts";

abstract class TtlState<V> extends HeapState<V> {
  protected readonly ttl: TtlClock;
  /** Runs the incremental cleanup; called at every access. */
  protected readonly accessed: () => void;

  constructor(table: StateTable<V>, ttl: TtlClock, accessed: () => void) {
    super(table);
    this.ttl = ttl;
    this.accessed = accessed;
  }
}

/** A state that holds one wrapped value per key. */
abstract class SingleValueTtlState<T> extends TtlState<TtlValue<T>> {
  protected read(): T | null {
    this.accessed();
    const entry = this.table.find();
    if (entry === undefined) return null;
    const wrapped = entry.value;
    if (this.ttl.expired(wrapped)) {
      this.table.remove();
      return this.ttl.returnExpired ? wrapped.value : null;
    }
    if (this.ttl.updateOnRead) entry.value = this.ttl.wrap(wrapped.value);
    return wrapped.value;
  }

  protected foldInto(first: () => T, fold: (present: T) => T): void {
    this.accessed();
    const entry = this.table.find();
    const present = entry === undefined ? null : this.ttl.unexpired(entry.value);
    this.table.put(this.ttl.wrap(present === undefined || present === null ? first() : fold(present)));
  }
}

export class TtlValueState<T> extends SingleValueTtlState<T> implements ValueState<T> {
  private readonly defaultValue: T | null;

  constructor(table: StateTable<TtlValue<T>>, ttl: TtlClock, accessed: () => void, defaultValue: T | null) {
    super(table, ttl, accessed);
    this.defaultValue = defaultValue;
  }

  value(): T | null {
    return this.read() ?? this.defaultValue;
  }

  update(value: T | null): void {
    this.accessed();
    if (value === null || value === undefined) this.table.remove();
    else this.table.put(this.ttl.wrap(value));
  }
}

export class TtlReducingState<T> extends SingleValueTtlState<T> implements ReducingState<T> {
  private readonly reduceFunction: ReduceFunction<T>;

  constructor(table: StateTable<TtlValue<T>>, ttl: TtlClock, accessed: () => void, reduceFunction: ReduceFunction<T>) {
    super(table, ttl, accessed);
    this.reduceFunction = reduceFunction;
  }

  get(): T | null {
    return this.read();
  }

  /** Adding null touches, and leaves an entry without a value where there is none: what is stored is the null with its time (as in Flink). */
  add(value: T): void {
    this.foldInto(
      () => value ?? (null as T),
      (present) => (value === null || value === undefined ? present : this.reduceFunction.reduce(present, value)),
    );
  }

  protected override mergeValues(left: TtlValue<T>, right: TtlValue<T>): TtlValue<T> {
    return this.ttl.wrap(this.reduceFunction.reduce(left.value, right.value));
  }
}

export class TtlAggregatingState<IN, ACC, OUT> extends SingleValueTtlState<ACC> implements AggregatingState<IN, OUT> {
  private readonly aggregate: AggregateFunction<IN, ACC, OUT>;

  constructor(table: StateTable<TtlValue<ACC>>, ttl: TtlClock, accessed: () => void, aggregate: AggregateFunction<IN, ACC, OUT>) {
    super(table, ttl, accessed);
    this.aggregate = aggregate;
  }

  get(): OUT | null {
    const accumulator = this.read();
    return accumulator === null ? null : this.aggregate.getResult(accumulator);
  }

  /** Adding null clears, as without time to live. */
  add(value: IN): void {
    if (value === null || value === undefined) {
      this.accessed();
      this.table.remove();
      return;
    }
    this.foldInto(
      () => this.aggregate.add(value, this.aggregate.createAccumulator()),
      (present) => this.aggregate.add(value, present),
    );
  }

  protected override mergeValues(left: TtlValue<ACC>, right: TtlValue<ACC>): TtlValue<ACC> {
    return this.ttl.wrap(mergeAccumulators(this.aggregate, left.value, right.value));
  }
}

export class TtlListState<T> extends TtlState<TtlValue<T>[]> implements ListState<T> {
  get(): T[] {
    this.accessed();
    const entry = this.table.find();
    if (entry === undefined) return [];
    const elements = entry.value;
    const alive = elements.filter((element) => !this.ttl.expired(element));
    if (alive.length === 0) this.table.remove();
    else if (this.ttl.updateOnRead) entry.value = alive.map((element) => this.ttl.wrap(element.value));
    return (this.ttl.returnExpired ? elements : alive).map((element) => element.value);
  }

  add(value: T): void {
    rejectNull(value, "ListState");
    this.append([value]);
  }

  addAll(values: Iterable<T>): void {
    const added = [...requireValues(values, "List")];
    for (const value of added) rejectNull(value, "ListState");
    if (added.length > 0) this.append(added);
  }

  update(values: Iterable<T>): void {
    this.accessed();
    const list = [...requireValues(values, "List")];
    for (const value of list) rejectNull(value, "ListState");
    if (list.length === 0) this.table.remove();
    else this.table.put(list.map((value) => this.ttl.wrap(value)));
  }

  private append(values: readonly T[]): void {
    this.accessed();
    const wrapped = values.map((value) => this.ttl.wrap(value));
    const entry = this.table.find();
    if (entry === undefined) this.table.insert(wrapped);
    else entry.value.push(...wrapped);
  }

  protected override mergeValues(left: TtlValue<T>[], right: TtlValue<T>[]): TtlValue<T>[] {
    return left.concat(right);
  }
}

export class TtlMapState<K, V> extends TtlState<UserMap<K, TtlValue<V>>> implements InternalMapState<K, V> {
  /** Going through a map on the heap, Flink removes what has expired from the map, not from the state, where an empty map may stay. */
  private readonly keepsEmptied: boolean;

  constructor(table: StateTable<UserMap<K, TtlValue<V>>>, ttl: TtlClock, accessed: () => void, keepsEmptied: boolean) {
    super(table, ttl, accessed);
    this.keepsEmptied = keepsEmptied;
  }

  get(key: K): V | null {
    this.accessed();
    return this.read(key);
  }

  put(key: K, value: V): void {
    this.accessed();
    const cell = this.table.find() ?? this.table.insert(new UserMap());
    cell.value.set(key, this.ttl.wrap(value));
  }

  putAll(map: ReadonlyMap<K, V>): void {
    for (const [key, value] of requireValues(map, "Map")) this.put(key, value);
  }

  remove(key: K): void {
    this.accessed();
    this.drop(key);
  }

  contains(key: K): boolean {
    this.accessed();
    return this.read(key) !== null;
  }

  /** True only when not even expired entries are left, as in Flink. */
  isEmpty(): boolean {
    this.accessed();
    const entry = this.table.find();
    return entry === undefined || entry.value.size === 0;
  }

  entries(): Iterable<[K, V]> {
    this.accessed();
    const entry = this.table.find();
    if (entry === undefined) return [];
    const alive: [K, V][] = [];
    entry.value.forEach((found) => {
      const { key, value: wrapped } = found;
      if (this.ttl.expired(wrapped)) {
        entry.value.delete(key);
        if (this.ttl.returnExpired) alive.push([key, wrapped.value]);
        return;
      }
      if (this.ttl.updateOnRead) found.value = this.ttl.wrap(wrapped.value);
      alive.push([key, wrapped.value]);
    });
    if (entry.value.size === 0 && !this.keepsEmptied) this.table.remove();
    return alive;
  }

  keys(): Iterable<K> {
    return [...this.entries()].map(([key]) => key);
  }

  values(): Iterable<V> {
    return [...this.entries()].map(([, value]) => value);
  }

  valuesInto(target: V[]): number {
    let count = 0;
    for (const value of this.values()) target[count++] = value;
    return count;
  }

  private read(key: K): V | null {
    const entry = this.table.find();
    const found = entry?.value.find(key);
    if (found === undefined) return null;
    const wrapped = found.value;
    if (this.ttl.expired(wrapped)) {
      this.drop(key);
      return this.ttl.returnExpired ? wrapped.value : null;
    }
    if (this.ttl.updateOnRead) found.value = this.ttl.wrap(wrapped.value);
    return wrapped.value;
  }

  private drop(key: K): void {
    const entry = this.table.find();
    if (entry?.value.delete(key) && entry.value.size === 0) this.table.remove();
  }
}
