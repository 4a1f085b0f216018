/**
 * The states that programs are given. A backend's own state has more than Flink's interfaces show (its table, the namespace it points at, merging), which is the
 * operators'; what a program holds leads to none of that. One handle for each state, made when it is first asked for.
 */
import { invariant } from "../base/invariant.ts";
import type { StateKind } from "./descriptors.ts";
import type { AggregatingState, BroadcastState, ListState, MapState, ReducingState, State, ValueState } from "./state.ts";

/** What carries its handle: one field more in states of the backends. */
export interface Handled {
  handle: State | null;
}

/** The handle of a backend's state. */
export function handleOf<S extends State>(kind: StateKind, state: S & Handled): S {
  state.handle ??= newHandle(kind, state);
  return state.handle as S;
}

function newHandle(kind: StateKind, state: State): State {
  switch (kind) {
    case "value":
      return new ValueStateHandle(state as ValueState<unknown>);
    case "list":
      return new ListStateHandle(state as ListState<unknown>);
    case "map":
      return new MapStateHandle(state as MapState<unknown, unknown>);
    case "reducing":
    case "aggregating":
      return new AppendingStateHandle(state as AggregatingState<unknown, unknown>);
    default:
      invariant(false, `a state of kind ${String(kind)} has no handle`);
  }
}

class ValueStateHandle<T> implements ValueState<T> {
  readonly #state: ValueState<T>;

  constructor(state: ValueState<T>) {
    this.#state = state;
  }

  value(): T | null {
    return this.#state.value();
  }

  update(value: T | null): void {
    this.#state.update(value);
  }

  clear(): void {
    this.#state.clear();
  }
}

export class ListStateHandle<T> implements ListState<T> {
  readonly #state: ListState<T>;

  constructor(state: ListState<T>) {
    this.#state = state;
  }

  get(): T[] {
    return this.#state.get();
  }

  add(value: T): void {
    this.#state.add(value);
  }

  addAll(values: Iterable<T>): void {
    this.#state.addAll(values);
  }

  update(values: Iterable<T>): void {
    this.#state.update(values);
  }

  clear(): void {
    this.#state.clear();
  }
}

class MapStateHandle<K, V> implements MapState<K, V> {
  readonly #state: MapState<K, V>;

  constructor(state: MapState<K, V>) {
    this.#state = state;
  }

  get(key: K): V | null {
    return this.#state.get(key);
  }

  put(key: K, value: V): void {
    this.#state.put(key, value);
  }

  putAll(map: ReadonlyMap<K, V>): void {
    this.#state.putAll(map);
  }

  remove(key: K): void {
    this.#state.remove(key);
  }

  contains(key: K): boolean {
    return this.#state.contains(key);
  }

  entries(): Iterable<[K, V]> {
    return this.#state.entries();
  }

  keys(): Iterable<K> {
    return this.#state.keys();
  }

  values(): Iterable<V> {
    return this.#state.values();
  }

  isEmpty(): boolean {
    return this.#state.isEmpty();
  }

  clear(): void {
    this.#state.clear();
  }
}

class AppendingStateHandle<IN, OUT> implements ReducingState<IN>, AggregatingState<IN, OUT> {
  readonly #state: AggregatingState<IN, OUT>;

  constructor(state: AggregatingState<IN, OUT>) {
    this.#state = state;
  }

  get(): (IN & OUT) | null {
    return this.#state.get() as (IN & OUT) | null;
  }

  add(value: IN): void {
    this.#state.add(value);
  }

  clear(): void {
    this.#state.clear();
  }
}

export class BroadcastStateHandle<K, V> implements BroadcastState<K, V> {
  readonly #state: BroadcastState<K, V>;

  constructor(state: BroadcastState<K, V>) {
    this.#state = state;
  }

  get(key: K): V | null {
    return this.#state.get(key);
  }

  contains(key: K): boolean {
    return this.#state.contains(key);
  }

  put(key: K, value: V): void {
    this.#state.put(key, value);
  }

  putAll(map: ReadonlyMap<K, V>): void {
    this.#state.putAll(map);
  }

  remove(key: K): void {
    this.#state.remove(key);
  }

  clear(): void {
    this.#state.clear();
  }

  entries(): Iterable<[K, V]> {
    return this.#state.entries();
  }

  immutableEntries(): Iterable<[K, V]> {
    return this.#state.immutableEntries();
  }
}
