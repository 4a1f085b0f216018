import type { MapKey } from "../../base/canonical-key.ts";
import { KeyIndex } from "../../base/key-index.ts";
import type { StateNamespace } from "../namespace.ts";

/** Up to so many keys are looked for one after the other: sessions have one key each. */
const UNINDEXED_MAX = 8;

/** The values of one state in one window, by key, side by side in arrays. */
export class NamespaceTable<V> {
  readonly namespace: StateNamespace;
  readonly keys: unknown[] = [];
  readonly mapKeys: MapKey[] = [];
  readonly values: V[] = [];
  /** Copying on write (state-table.ts): as the table's `versions`; null as long as no snapshot was alive. */
  versions: number[] | null = null;
  private index: KeyIndex | null = null;

  constructor(namespace: StateNamespace) {
    this.namespace = namespace;
  }

  get size(): number {
    return this.mapKeys.length;
  }

  /** Place of a key, −1 when it has no value. */
  placeOf(mapKey: MapKey): number {
    if (this.index !== null) return this.index.get(mapKey);
    const { mapKeys } = this;
    for (let place = 0; place < mapKeys.length; place++) if (mapKeys[place] === mapKey) return place;
    return typeof mapKey === "number" && Number.isNaN(mapKey) ? mapKeys.findIndex((other) => Object.is(other, mapKey)) : -1;
  }

  /** Adds a key that has no value. */
  add(key: unknown, mapKey: MapKey, value: V): number {
    const place = this.mapKeys.length;
    this.keys.push(key);
    this.mapKeys.push(mapKey);
    this.values.push(value);
    this.versions?.push(0);
    if (this.index !== null) this.index.set(mapKey, place);
    else if (place >= UNINDEXED_MAX) this.buildIndex();
    return place;
  }

  /** The last value takes the place of the removed one. */
  removeAt(place: number): void {
    const last = this.mapKeys.length - 1;
    this.index?.delete(this.mapKeys[place]);
    if (place !== last) {
      this.keys[place] = this.keys[last];
      this.mapKeys[place] = this.mapKeys[last];
      this.values[place] = this.values[last];
      if (this.versions !== null) this.versions[place] = this.versions[last];
      this.index?.set(this.mapKeys[place], place);
    }
    this.keys.pop();
    this.mapKeys.pop();
    this.values.pop();
    this.versions?.pop();
  }

  private buildIndex(): void {
    this.index = new KeyIndex();
    for (let place = 0; place < this.mapKeys.length; place++) this.index.set(this.mapKeys[place], place);
  }
}
