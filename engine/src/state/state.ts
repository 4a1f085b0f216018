/**
 * What a function sees of its keyed state (Flink: `org.apache.flink.api.common.state`). Every call is about the current key.
 *
 * Values are handed out by reference, as Flink's heap backend does: changing an object without `update` may or may not be seen
 * later, so always write back.
 */
export interface State {
  /** Forgets the value of the current key. */
  clear(): void;
}

export interface ValueState<T> extends State {
  /** null when nothing was stored for this key (or it has expired). */
  value(): T | null;
  /** Storing null is the same as `clear()`. */
  update(value: T | null): void;
}

export interface ListState<T> extends State {
  /** The elements in the order they were added; empty when there are none. */
  get(): T[];
  add(value: T): void;
  addAll(values: Iterable<T>): void;
  /** Replaces all elements. */
  update(values: Iterable<T>): void;
}

export interface MapState<K, V> extends State {
  /** null when the map has no such entry. */
  get(key: K): V | null;
  put(key: K, value: V): void;
  putAll(map: ReadonlyMap<K, V>): void;
  remove(key: K): void;
  contains(key: K): boolean;
  entries(): Iterable<[K, V]>;
  keys(): Iterable<K>;
  values(): Iterable<V>;
  isEmpty(): boolean;
}

/** State into which values are added and out of which something else may come. */
export interface AppendingState<IN, OUT> extends State {
  /** null when nothing was added for this key. */
  get(): OUT | null;
  add(value: IN): void;
}

/** Keeps one value: the reduction of all added ones. */
export interface ReducingState<T> extends AppendingState<T, T> {}

/** Keeps one accumulator; `get` gives the function's result. */
export interface AggregatingState<IN, OUT> extends AppendingState<IN, OUT> {}

/** Operator state that is the same in all subtasks; only the broadcast side may write it. */
export interface ReadOnlyBroadcastState<K, V> {
  get(key: K): V | null;
  contains(key: K): boolean;
  immutableEntries(): Iterable<[K, V]>;
}

export interface BroadcastState<K, V> extends ReadOnlyBroadcastState<K, V> {
  put(key: K, value: V): void;
  putAll(map: ReadonlyMap<K, V>): void;
  remove(key: K): void;
  entries(): Iterable<[K, V]>;
  clear(): void;
}
