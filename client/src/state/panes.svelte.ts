/** Sizes of the workspace's panes in px: dragged, remembered, reset by a double click. */
import { browserStore, type KeyValueStore } from "./storage.ts";

export interface PaneLimits {
  readonly initial: number;
  readonly min: number;
  readonly max: number;
}

export class PaneSize {
  #size = $state(0);
  readonly limits: PaneLimits;
  readonly #key: string;
  readonly #store: KeyValueStore;

  constructor(name: string, limits: PaneLimits, store: KeyValueStore = browserStore) {
    this.limits = limits;
    this.#key = `pane.${name}`;
    this.#store = store;
    const kept = Number(store.get(this.#key) ?? Number.NaN);
    this.#size = Number.isFinite(kept) ? this.#within(kept) : limits.initial;
  }

  get size(): number {
    return this.#size;
  }

  set size(px: number) {
    this.#size = this.#within(px);
    this.#store.set(this.#key, String(this.#size));
  }

  reset(): void {
    this.#size = this.limits.initial;
    this.#store.remove(this.#key);
  }

  #within(px: number): number {
    return Math.round(Math.min(this.limits.max, Math.max(this.limits.min, px)));
  }
}
