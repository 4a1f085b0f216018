/**
 * The map of one key of map state. Its keys are equal when Java would call them equal; tuples and objects work as keys.
 *
 * A job may keep a map for each of millions of keys, with one or two entries in most: JavaScript's own Map takes two hundred bytes before the first, and the
 * collector goes through all of it. So a few entries are a chain, searched by comparing; that needs keys that `===` can compare, so the first key
 * of another kind, or one entry too many, makes it a table for good. Entries are in the order in which they were made, in both forms.
 */
import { canonicalKey, type MapKey } from "../../base/canonical-key.ts";

/** Searching so many by comparing costs no more than hashing one key. */
const MAX_CHAIN = 8;

/** One entry: the key as the user gave it, and the value. */
export class UserMapEntry<K, V> {
  readonly key: K;
  value: V;
  /** In a chain. */
  next: UserMapEntry<K, V> | null = null;

  constructor(key: K, value: V) {
    this.key = key;
    this.value = value;
  }
}

export class UserMap<K, V> {
  size = 0;
  private first: UserMapEntry<K, V> | null = null;
  private table: Map<MapKey, UserMapEntry<K, V>> | null = null;

  find(key: K): UserMapEntry<K, V> | undefined {
    if (this.table !== null) return this.table.get(canonicalKey(key));
    let entry = this.first;
    while (entry !== null && entry.key !== key) entry = entry.next;
    return entry ?? undefined;
  }

  set(key: K, value: V): void {
    const present = this.find(key);
    if (present === undefined) this.append(new UserMapEntry(key, value));
    else present.value = value;
  }

  /** False when there was no such entry. */
  delete(key: K): boolean {
    const entry = this.find(key);
    if (entry === undefined) return false;
    this.size--;
    if (this.table !== null) return this.table.delete(canonicalKey(key));
    if (this.first === entry) {
      this.first = entry.next;
      return true;
    }
    let before = this.first as UserMapEntry<K, V>;
    while (before.next !== entry) before = before.next as UserMapEntry<K, V>;
    before.next = entry.next;
    return true;
  }

  /** Calls with each entry; the one at hand may be deleted meanwhile. */
  forEach(use: (entry: UserMapEntry<K, V>) => void): void {
    if (this.table !== null) {
      for (const entry of this.table.values()) use(entry);
      return;
    }
    for (let entry = this.first; entry !== null; entry = entry.next) use(entry);
  }

  /** Puts the values into an array, from its beginning; returns how many. */
  valuesInto(target: V[]): number {
    let count = 0;
    if (this.table !== null) for (const { value } of this.table.values()) target[count++] = value;
    else for (let entry = this.first; entry !== null; entry = entry.next) target[count++] = entry.value;
    return count;
  }

  private append(entry: UserMapEntry<K, V>): void {
    this.size++;
    if (this.table === null && this.size <= MAX_CHAIN && comparesPlainly(entry.key)) this.chain(entry);
    else this.asTable().set(canonicalKey(entry.key), entry);
  }

  private chain(entry: UserMapEntry<K, V>): void {
    if (this.first === null) {
      this.first = entry;
      return;
    }
    let last = this.first;
    while (last.next !== null) last = last.next;
    last.next = entry;
  }

  private asTable(): Map<MapKey, UserMapEntry<K, V>> {
    if (this.table !== null) return this.table;
    this.table = new Map();
    for (let entry = this.first; entry !== null; ) {
      const { next } = entry;
      entry.next = null;
      this.table.set(canonicalKey(entry.key), entry);
      entry = next;
    }
    this.first = null;
    return this.table;
  }
}

/** Whether `===` is true for equal keys, as for those that `canonicalKey` leaves as they are; not for NaN. */
function comparesPlainly(key: unknown): boolean {
  if (typeof key === "string") return key.charCodeAt(0) !== 0;
  if (typeof key === "number") return !Number.isNaN(key);
  return typeof key === "boolean" || typeof key === "bigint";
}
