import type { KeyGroupSize } from "./keyed-state-backend.ts";

/** Adds the entries of one state up, by key group. */
export class KeyGroupTotals {
  private readonly groups = new Map<number, { entries: number; bytes: number }>();

  add(keyGroup: number, entries: number, bytes: number): void {
    const total = this.groups.get(keyGroup);
    if (total === undefined) {
      this.groups.set(keyGroup, { entries, bytes });
    } else {
      total.entries += entries;
      total.bytes += bytes;
    }
  }

  of(stateName: string): KeyGroupSize[] {
    return [...this.groups].sort(([a], [b]) => a - b).map(([keyGroup, total]) => ({ stateName, keyGroup, ...total }));
  }
}
