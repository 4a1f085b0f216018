/**
 * A map from 32-bit integers to 32-bit integers.
 *
 * As long as the keys are small numbers, ids counted from 0 perhaps, the key is the place: no hash, no search. The first key that is out of
 * proportion (DENSE_PER_KEY) turns the map into a hash table for good.
 *
 * JavaScript's own Map chains its entries, three words each, and over a million of them every lookup waits for memory two or three times.
 * Here key and value lie side by side in one typed array with open addressing (linear probing, at most half full), so a lookup waits once, and
 * the garbage collector has nothing to go through. A deletion moves later entries of the same run forward, so no tombstones pile up.
 */
import { bitMix } from "./murmur.ts";

const MIN_CAPACITY = 16;
/** The dense form holds any key below this … */
const DENSE_MIN = 1024;
/** … and beyond that, keys up to so many times their number. */
const DENSE_PER_KEY = 8;

export class IntMap {
  /** value + 1 by key, while the keys are dense. */
  private dense: Int32Array | null = new Int32Array(DENSE_MIN);
  /** Key at 2 i, value + 1 at 2 i + 1; 0 there = the place is free. */
  private slots = new Int32Array(MIN_CAPACITY * 2);
  private mask = MIN_CAPACITY - 1;
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** −1 when the key is absent. Values are ≥ 0. */
  get(key: number): number {
    const { dense } = this;
    if (dense !== null) return key >= 0 && key < dense.length ? dense[key] - 1 : -1;
    const { slots, mask } = this;
    let place = bitMix(key) & mask;
    for (;;) {
      const value = slots[2 * place + 1];
      if (value === 0 || slots[2 * place] === key) return value - 1;
      place = (place + 1) & mask;
    }
  }

  set(key: number, value: number): void {
    if (this.dense !== null) {
      if (this.setDense(this.dense, key, value)) return;
      this.hashAll(this.dense);
    }
    const { slots, mask } = this;
    let place = bitMix(key) & mask;
    while (slots[2 * place + 1] !== 0) {
      if (slots[2 * place] === key) {
        slots[2 * place + 1] = value + 1;
        return;
      }
      place = (place + 1) & mask;
    }
    slots[2 * place] = key;
    slots[2 * place + 1] = value + 1;
    if (++this.count * 2 > mask) this.resize((mask + 1) * 2);
  }

  /** False when the key was absent. */
  delete(key: number): boolean {
    const { dense } = this;
    if (dense !== null) {
      if (key < 0 || key >= dense.length || dense[key] === 0) return false;
      dense[key] = 0;
      this.count--;
      return true;
    }
    const { slots, mask } = this;
    let place = bitMix(key) & mask;
    while (slots[2 * place] !== key || slots[2 * place + 1] === 0) {
      if (slots[2 * place + 1] === 0) return false;
      place = (place + 1) & mask;
    }
    // Entries behind the gap that belong at or before it move into it.
    let gap = place;
    for (;;) {
      place = (place + 1) & mask;
      const value = slots[2 * place + 1];
      if (value === 0) break;
      const home = bitMix(slots[2 * place]) & mask;
      if (((place - home) & mask) < ((place - gap) & mask)) continue;
      slots[2 * gap] = slots[2 * place];
      slots[2 * gap + 1] = value;
      gap = place;
    }
    slots[2 * gap + 1] = 0;
    this.count--;
    if (mask >= MIN_CAPACITY * 2 && this.count * 16 < mask) this.resize((mask + 1) >> 1);
    return true;
  }

  private setDense(dense: Int32Array, key: number, value: number): boolean {
    if (key < 0 || (key >= dense.length && key >= this.count * DENSE_PER_KEY)) return false;
    let array = dense;
    if (key >= array.length) {
      let length = array.length;
      while (length <= key) length *= 2;
      array = new Int32Array(length);
      array.set(dense);
      this.dense = array;
    }
    if (array[key] === 0) this.count++;
    array[key] = value + 1;
    return true;
  }

  private hashAll(dense: Int32Array): void {
    this.dense = null;
    this.count = 0;
    for (let key = 0; key < dense.length; key++) if (dense[key] !== 0) this.set(key, dense[key] - 1);
  }

  private resize(capacity: number): void {
    const old = this.slots;
    this.slots = new Int32Array(capacity * 2);
    this.mask = capacity - 1;
    const { slots, mask } = this;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1] === 0) continue;
      let place = bitMix(old[from]) & mask;
      while (slots[2 * place + 1] !== 0) place = (place + 1) & mask;
      slots[2 * place] = old[from];
      slots[2 * place + 1] = old[from + 1];
    }
  }
}
