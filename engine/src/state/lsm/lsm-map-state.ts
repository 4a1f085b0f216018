import type { InternalMapState } from "../keyed-state-backend.ts";
import type { StateNamespace } from "../namespace.ts";
import { requireValues } from "../null-into-state.ts";
import { writeKey } from "./key-codec.ts";
import { LsmState } from "./lsm-state.ts";

interface Entry<K, V> {
  readonly key: K;
  readonly value: V;
  /** Where its address lies. */
  readonly keyBytes: Uint8Array;
  /** Undefined without time to live. */
  readonly lastAccessMs: number | undefined;
}

/** Each entry of a map is a record of its own, at the address of the map followed by its key; so maps iterate in the order of their serialized keys. */
export class LsmMapState<K, V> extends LsmState implements InternalMapState<K, V> {
  get(key: K): V | null {
    return this.read(key) ?? null;
  }

  put(key: K, value: V): void {
    const prefixLength = this.pointAtEntry(key);
    this.encode(value);
    this.family.put(prefixLength);
  }

  putAll(map: ReadonlyMap<K, V>): void {
    for (const [key, value] of requireValues(map, "Map")) this.put(key, value);
  }

  remove(key: K): void {
    const prefixLength = this.pointAtEntry(key);
    this.family.remove(prefixLength);
  }

  /** With time to live an entry of null counts as none, as on the heap. */
  contains(key: K): boolean {
    if (this.ttl !== null) return (this.read(key) ?? null) !== null;
    this.pointAtEntry(key);
    return this.family.find();
  }

  /** True only when not even expired entries are left, as in Flink. */
  isEmpty(): boolean {
    this.pointAtCurrent();
    return !this.family.scanMap().nextValue();
  }

  /** A list of the entries as they are now; writing while going through it is safe. */
  entries(): Iterable<[K, V]> {
    const { ttl } = this;
    const all = this.load();
    if (ttl === null) return all.map(({ key, value }): [K, V] => [key, value]);
    const shown: [K, V][] = [];
    for (const { key, value, keyBytes, lastAccessMs } of all) {
      if (ttl.expiredSince(lastAccessMs as number)) {
        this.removeAt(keyBytes);
        if (ttl.returnExpired) shown.push([key, value]);
        continue;
      }
      if (ttl.updateOnRead) this.put(key, value);
      shown.push([key, value]);
    }
    return shown;
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

  clear(): void {
    this.pointAtCurrent();
    const scan = this.family.scanMap();
    const keys: Uint8Array[] = [];
    while (scan.nextValue()) keys.push(scan.keyBytes.slice(scan.keyStart, scan.keyEnd));
    for (const key of keys) this.removeAt(key);
  }

  mergeNamespaces(_target: StateNamespace, _sources: readonly StateNamespace[]): void {
    this.cannotMerge();
  }

  private pointAtEntry(key: K): number {
    this.pointAtCurrent();
    const { store } = this;
    const prefixLength = store.key.length;
    writeKey(store.key, store.shapes, key);
    return prefixLength;
  }

  private removeAt(keyBytes: Uint8Array): void {
    this.pointAtCurrent();
    const { key } = this.store;
    const prefixLength = key.length;
    key.slice(keyBytes, prefixLength, keyBytes.length);
    this.family.remove(prefixLength);
  }

  private read(key: K): V | undefined {
    const { family, ttl } = this;
    const { reader } = this.store;
    const prefixLength = this.pointAtEntry(key);
    if (!family.find()) return undefined;
    reader.at(family.foundBytes, family.foundStart);
    if (ttl === null) return reader.value() as V;
    const lastAccessMs = reader.double();
    const value = reader.value() as V;
    if (ttl.expiredSince(lastAccessMs)) {
      family.remove(prefixLength);
      return ttl.returnExpired ? value : undefined;
    }
    if (ttl.updateOnRead) {
      this.encode(value);
      family.put(prefixLength);
    }
    return value;
  }

  private load(): Entry<K, V>[] {
    this.pointAtCurrent();
    const { reader, addresses } = this.store;
    const scan = this.family.scanMap();
    const found: Entry<K, V>[] = [];
    while (scan.nextValue()) {
      const keyBytes = scan.keyBytes.slice(scan.keyStart, scan.keyEnd);
      addresses.at(keyBytes, 0).key();
      addresses.namespace();
      const key = addresses.key() as K;
      const { bytes, start } = scan.pieces[0];
      reader.at(bytes, start);
      const lastAccessMs = this.ttl === null ? undefined : reader.double();
      found.push({ key, value: reader.value() as V, keyBytes, lastAccessMs });
    }
    return found;
  }
}
