/**
 * What a function sees of its keyed state (Flink: `org.apache.flink.api.common.state`). Every call is about the current key.
 *
 * The heap backend hands values out by reference, as Flink's does; the log-structured one keeps bytes, and hands out a copy each time. So a value that is
 * changed without `update` may be changed in state or not: always write back. (Flink: docs/dev/datastream/fault-tolerance/state)
 */
export interface State {
  /** Forgets the value of the current key. */
  clear(): void;
}

/** One value per key. (Flink: docs/dev/datastream/fault-tolerance/state) */
export interface ValueState<T> extends State {
  /** null when nothing was stored for this key (or it has expired). */
  value(): T | null;
  /** Storing null is the same as `clear()`. */
  update(value: T | null): void;
}

/** A list per key, or per operator instance. (Flink: docs/dev/datastream/fault-tolerance/state) */
export interface ListState<T> extends State {
  /** The elements in the order they were added; empty when there are none. */
  get(): T[];
  /** Appends a value, which may not be null. */
  add(value: T): void;
  /** Appends values, none of which may be null. */
  addAll(values: Iterable<T>): void;
  /** Replaces all elements. */
  update(values: Iterable<T>): void;
}

/** A map per key. Entries are read and written one by one, without touching the rest. (Flink: docs/dev/datastream/fault-tolerance/state) */
export interface MapState<K, V> extends State {
  /** null when the map has no such entry. */
  get(key: K): V | null;
  /** Sets an entry. */
  put(key: K, value: V): void;
  /** Sets several entries. */
  putAll(map: ReadonlyMap<K, V>): void;
  /** Removes an entry; without effect when there is none. */
  remove(key: K): void;
  /** True when there is an entry of this key. */
  contains(key: K): boolean;
  /** All entries: on the heap in the order in which they were made, in the log-structured backend in that of their serialized keys. */
  entries(): Iterable<[K, V]>;
  /** The keys of all entries. */
  keys(): Iterable<K>;
  /** The values of all entries. */
  values(): Iterable<V>;
  /** True when there is no entry. */
  isEmpty(): boolean;
}

/** State into which values are added and out of which something else may come. (Flink: docs/dev/datastream/fault-tolerance/state) */
export interface AppendingState<IN, OUT> extends State {
  /** null when nothing was added for this key. */
  get(): OUT | null;
  /** Folds a value in, for the current key. */
  add(value: IN): void;
}

/** Keeps one value: the reduction of all added ones. (Flink: docs/dev/datastream/fault-tolerance/state) */
export interface ReducingState<T> extends AppendingState<T, T> {}

/** Keeps one accumulator; `get` gives the function's result. (Flink: docs/dev/datastream/fault-tolerance/state) */
export interface AggregatingState<IN, OUT> extends AppendingState<IN, OUT> {}

/**
 * Operator state that is the same in all subtasks; only the broadcast side may write it.
 * (Flink: docs/dev/datastream/fault-tolerance/broadcast_state)
 */
export interface ReadOnlyBroadcastState<K, V> {
  /** The value of a key, null when there is none. */
  get(key: K): V | null;
  /** True when there is an entry of this key. */
  contains(key: K): boolean;
  /** All entries, to be read. */
  immutableEntries(): Iterable<[K, V]>;
}

/**
 * A map that every subtask keeps whole; to be changed on the broadcast side only, in the same way everywhere. (Flink:
 * docs/dev/datastream/fault-tolerance/broadcast_state)
 */
export interface BroadcastState<K, V> extends ReadOnlyBroadcastState<K, V> {
  /** Sets an entry. */
  put(key: K, value: V): void;
  /** Sets several entries. */
  putAll(map: ReadonlyMap<K, V>): void;
  /** Removes an entry; without effect when there is none. */
  remove(key: K): void;
  /** All entries. */
  entries(): Iterable<[K, V]>;
  /** Removes all entries. */
  clear(): void;
}
