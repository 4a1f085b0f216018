import type { InternalMapState } from "../keyed-state-backend.ts";
import { requireValues } from "../null-into-state.ts";
import { HeapState } from "./heap-state.ts";
import { UserMap } from "./user-map.ts";

export class HeapMapState<K, V> extends HeapState<UserMap<K, V>> implements InternalMapState<K, V> {
  get(key: K): V | null {
    const found = this.table.find()?.value.find(key);
    return found === undefined ? null : found.value;
  }

  put(key: K, value: V): void {
    const cell = this.table.find() ?? this.table.insert(new UserMap());
    cell.value.set(key, value);
  }

  putAll(map: ReadonlyMap<K, V>): void {
    for (const [key, value] of requireValues(map, "Map")) this.put(key, value);
  }

  remove(key: K): void {
    const cell = this.table.find();
    if (cell?.value.delete(key) && cell.value.size === 0) this.table.remove();
  }

  contains(key: K): boolean {
    return this.table.find()?.value.find(key) !== undefined;
  }

  isEmpty(): boolean {
    return this.table.find() === undefined;
  }

  /** A list of the entries as they are now; writing while going through it is safe. */
  entries(): Iterable<[K, V]> {
    const entries: [K, V][] = [];
    this.table.find()?.value.forEach(({ key, value }) => entries.push([key, value]));
    return entries;
  }

  keys(): Iterable<K> {
    const keys: K[] = [];
    this.table.find()?.value.forEach(({ key }) => keys.push(key));
    return keys;
  }

  values(): Iterable<V> {
    const values: V[] = [];
    this.valuesInto(values);
    return values;
  }

  valuesInto(target: V[]): number {
    const cell = this.table.find();
    return cell === undefined ? 0 : cell.value.valuesInto(target);
  }
}
