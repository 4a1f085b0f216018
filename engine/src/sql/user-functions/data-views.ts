/** Lists and maps in state that are not read as a whole: state of process table functions, and parts of accumulators. */

/**
 * A list in state. Elements are plain values of the declared type. (Flink: docs/dev/table/functions/ptfs, "Large State";
 * `org.apache.flink.table.api.dataview.ListView`)
 */
export interface ListView<T = unknown> {
  /** All elements, in the order in which they were added. */
  get(): readonly T[];
  /** Appends an element. */
  add(value: T): void;
  /** Appends elements. */
  addAll(values: Iterable<T>): void;
  /** Replaces all elements. */
  setList(values: Iterable<T>): void;
  /** Takes the first element that equals the value out; false = there is none. */
  remove(value: T): boolean;
  /** Takes all elements out. */
  clear(): void;
}

/**
 * A map in state. Keys and values are plain values of the declared types. (Flink: docs/dev/table/functions/ptfs, "Large State";
 * `org.apache.flink.table.api.dataview.MapView`)
 */
export interface MapView<K = unknown, V = unknown> {
  /** The value of a key, null = it has none. */
  get(key: K): V | null;
  /** Sets the value of a key. */
  put(key: K, value: V): void;
  /** Sets the values of many keys. */
  putAll(entries: Iterable<readonly [K, V]>): void;
  /** Takes a key out. */
  remove(key: K): void;
  /** True when the key has a value, NULL too. */
  contains(key: K): boolean;
  /** Keys with their values. */
  entries(): Iterable<readonly [K, V]>;
  /** Keys. */
  keys(): Iterable<K>;
  /** Values. */
  values(): Iterable<V>;
  /** True without any key. */
  isEmpty(): boolean;
  /** Takes all keys out. */
  clear(): void;
}
