/**
 * A map from 32-bit integers to 32-bit integers.
 *
 * JavaScript's own Map chains its entries, three words each, and over a million of them every lookup waits for memory two or three times.
 * Here key and value lie side by side in one typed array with open addressing (linear probing, at most half full), so a lookup waits once, and
 * the garbage collector has nothing to go through. A deletion moves later entries of the same run forward, so no tombstones pile up.
 */
import { bitMix } from "./murmur.ts";

const MIN_CAPACITY = 16;

export class IntMap {
  /** Key at 2 i, value + 1 at 2 i + 1; 0 there = the place is free. */
  private slots = new Int32Array(MIN_CAPACITY * 2);
  private mask = MIN_CAPACITY - 1;
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** −1 when the key is absent. Values are ≥ 0. */
  get(key: number): number {
    const { slots, mask } = this;
    let place = bitMix(key) & mask;
    for (;;) {
      const value = slots[2 * place + 1];
      if (value === 0 || slots[2 * place] === key) return value - 1;
      place = (place + 1) & mask;
    }
  }

  set(key: number, value: number): void {
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
