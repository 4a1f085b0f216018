import { canonicalKey, type MapKey } from "../../base/canonical-key.ts";
import type { MapState } from "../state.ts";
import { requireValues } from "../null-into-state.ts";
import { HeapState } from "./heap-state.ts";

/** One entry of a user's map: the key as the user gave it, and the value. */
export interface UserMapEntry<K, V> {
  readonly key: K;
  value: V;
}

/** A map whose keys are equal when Java would call them equal; tuples and objects work as keys. */
export type UserMap<K, V> = Map<MapKey, UserMapEntry<K, V>>;

export class HeapMapState<K, V> extends HeapState<UserMap<K, V>> implements MapState<K, V> {
  get(key: K): V | null {
    const found = this.table.find()?.value.get(canonicalKey(key));
    return found === undefined ? null : found.value;
  }

  put(key: K, value: V): void {
    let entry = this.table.find();
    if (entry === undefined) entry = this.table.insert(new Map());
    const mapKey = canonicalKey(key);
    const present = entry.value.get(mapKey);
    if (present === undefined) entry.value.set(mapKey, { key, value });
    else present.value = value;
  }

  putAll(map: ReadonlyMap<K, V>): void {
    for (const [key, value] of requireValues(map, "Map")) this.put(key, value);
  }

  remove(key: K): void {
    const entry = this.table.find();
    if (entry?.value.delete(canonicalKey(key)) && entry.value.size === 0) this.table.remove();
  }

  contains(key: K): boolean {
    return this.table.find()?.value.has(canonicalKey(key)) ?? false;
  }

  isEmpty(): boolean {
    return this.table.find() === undefined;
  }

  /** A list of the entries as they are now; writing while going through it is safe. */
  entries(): Iterable<[K, V]> {
    const entry = this.table.find();
    return entry === undefined ? [] : [...entry.value.values()].map(({ key, value }): [K, V] => [key, value]);
  }

  keys(): Iterable<K> {
    const entry = this.table.find();
    return entry === undefined ? [] : [...entry.value.values()].map(({ key }) => key);
  }

  values(): Iterable<V> {
    const entry = this.table.find();
    return entry === undefined ? [] : [...entry.value.values()].map(({ value }) => value);
  }
}
