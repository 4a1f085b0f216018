import type { MapKey } from "./canonical-key.ts";
import { IntMap } from "./int-map.ts";

/** Numbers (≥ 0) by key: integers of 32 bits in a table of their own, all other keys in a Map. */
export class KeyIndex {
  private readonly ints = new IntMap();
  private others: Map<MapKey, number> | null = null;

  get size(): number {
    return this.ints.size + (this.others === null ? 0 : this.others.size);
  }

  /** −1 when the key is absent. */
  get(key: MapKey): number {
    if (isInt(key)) return this.ints.get(key);
    return this.others === null ? -1 : (this.others.get(key) ?? -1);
  }

  set(key: MapKey, number: number): void {
    if (isInt(key)) {
      this.ints.set(key, number);
      return;
    }
    this.others ??= new Map();
    this.others.set(key, number);
  }

  delete(key: MapKey): void {
    if (isInt(key)) this.ints.delete(key);
    else this.others?.delete(key);
  }
}

function isInt(key: MapKey): key is number {
  return typeof key === "number" && (key | 0) === key;
}
