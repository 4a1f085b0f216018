/**
 * The map of one key of map state. Its keys are equal when Java would call them equal; tuples and objects work as keys.
 *
 * A job may keep a map for each of millions of keys, with one or two entries in most: JavaScript's own Map takes two hundred bytes before the first, and the
 * collector goes through all of it. So a few entries are a chain, searched by comparing; that needs keys that `===` can compare, so the first key
 * of another kind, or one entry too many, makes it a table for good. Entries are in the order in which they were made, in both forms.
 * The first of a chain is the map itself: most maps are one object.
 */
import { canonicalKey, type MapKey } from "../../base/canonical-key.ts";

/** Searching so many by comparing costs no more than hashing one key. */
const MAX_CHAIN = 8;

/** One entry: the key as the user gave it, and the value. */
export class UserMapEntry<K, V> {
  /** Changed by the map alone, as `next` is. */
  key: K;
  value: V;
  /** In a chain. */
  next: UserMapEntry<K, V> | null = null;

  constructor(key: K, value: V) {
    this.key = key;
    this.value = value;
  }
}

/** Key and value of the map itself while it is not an entry. */
const NOTHING: unknown = undefined;

/** The entries of one key of map state. As an entry it is its own first one, as long as it is a chain and not empty. */
export class UserMap<K, V> extends UserMapEntry<K, V> {
  size = 0;
  private table: Map<MapKey, UserMapEntry<K, V>> | null = null;

  constructor() {
    super(NOTHING as K, NOTHING as V);
  }

  /** Valid until an entry is deleted. */
  find(key: K): UserMapEntry<K, V> | undefined {
    if (this.table !== null) return this.table.get(canonicalKey(key));
    if (this.size === 0) return undefined;
    let entry: UserMapEntry<K, V> | null = this;
    while (entry !== null && entry.key !== key) entry = entry.next;
    return entry ?? undefined;
  }

  set(key: K, value: V): void {
    const present = this.find(key);
    if (present === undefined) this.append(key, value);
    else present.value = value;
  }

  /** False when there was no such entry. */
  delete(key: K): boolean {
    const entry = this.find(key);
    if (entry === undefined) return false;
    this.size--;
    if (this.table !== null) return this.table.delete(canonicalKey(key));
    if (entry === this) {
      this.takeOver(this.next);
      return true;
    }
    let before: UserMapEntry<K, V> = this;
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
    // A deleted first entry makes room for the second one.
    for (let { size } = this; size > 0; size = this.size) {
      use(this);
      if (this.size === size) break;
    }
    if (this.size === 0) return;
    for (let entry = this.next; entry !== null; ) {
      const { next }: UserMapEntry<K, V> = entry;
      use(entry);
      entry = next;
    }
  }

  /** Puts the values into an array, from its beginning; returns how many. */
  valuesInto(target: V[]): number {
    if (this.size === 0) return 0;
    let count = 0;
    if (this.table !== null) for (const { value } of this.table.values()) target[count++] = value;
    else for (let entry: UserMapEntry<K, V> | null = this; entry !== null; entry = entry.next) target[count++] = entry.value;
    return count;
  }

  private append(key: K, value: V): void {
    const size = ++this.size;
    if (this.table !== null || size > MAX_CHAIN || !comparesPlainly(key)) {
      this.asTable(size - 1).set(canonicalKey(key), new UserMapEntry(key, value));
      return;
    }
    if (size === 1) {
      this.key = key;
      this.value = value;
      return;
    }
    let last: UserMapEntry<K, V> = this;
    while (last.next !== null) last = last.next;
    last.next = new UserMapEntry(key, value);
  }

  /** The first entry goes, and the second one becomes the first. */
  private takeOver(second: UserMapEntry<K, V> | null): void {
    this.key = second === null ? (NOTHING as K) : second.key;
    this.value = second === null ? (NOTHING as V) : second.value;
    this.next = second === null ? null : second.next;
  }

  private asTable(size: number): Map<MapKey, UserMapEntry<K, V>> {
    if (this.table !== null) return this.table;
    const table = new Map<MapKey, UserMapEntry<K, V>>();
    for (let entry: UserMapEntry<K, V> | null = size === 0 ? null : this; entry !== null; entry = entry.next) {
      table.set(canonicalKey(entry.key), new UserMapEntry(entry.key, entry.value));
    }
    this.takeOver(null);
    this.table = table;
    return table;
  }
}

/** Whether `===` is true for equal keys, as for those that `canonicalKey` leaves as they are; not for NaN. */
function comparesPlainly(key: unknown): boolean {
  if (typeof key === "string") return key.charCodeAt(0) !== 0;
  if (typeof key === "number") return !Number.isNaN(key);
  return typeof key === "boolean" || typeof key === "bigint";
}
