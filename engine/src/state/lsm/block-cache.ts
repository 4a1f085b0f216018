import type { TableView } from "./sorted-table.ts";

const FREE = -1;

/**
 * Which blocks of its tables a backend has in memory: counts hits and misses of lookups. (The bytes themselves are all in memory; a miss is what would
 * have been a read from disk.) Blocks that were not used since the hand came by last make room (clock, a cheap form of "least recently used").
 */
export class BlockCache {
  hits = 0;
  misses = 0;
  private readonly blockBytes: number;
  private readonly views: (TableView | null)[] = [];
  private readonly blocks: number[] = [];
  private readonly used: boolean[] = [];
  private readonly capacity: number;
  private hand = 0;

  constructor(cacheBytes: number, blockBytes: number) {
    this.blockBytes = blockBytes;
    this.capacity = Math.max(1, Math.floor(cacheBytes / blockBytes));
  }

  /** Bytes of the blocks in it. */
  get usageBytes(): number {
    return this.views.length * this.blockBytes;
  }

  /** A lookup reads at a place in a table. */
  touch(view: TableView, position: number): void {
    const block = Math.floor(position / this.blockBytes);
    view.cached ??= new Int32Array(Math.floor(view.table.data.length / this.blockBytes) + 1).fill(FREE);
    const place = view.cached[block];
    if (place !== FREE) {
      this.hits++;
      this.used[place] = true;
      return;
    }
    this.misses++;
    view.cached[block] = this.load(view, block);
  }

  /** The table is gone, and its blocks with it. */
  forget(view: TableView): void {
    if (view.cached === null) return;
    for (const place of view.cached) if (place !== FREE) this.views[place] = null;
    view.cached = null;
  }

  private load(view: TableView, block: number): number {
    let place = this.views.length;
    if (place >= this.capacity) {
      while (this.views[this.hand] !== null && this.used[this.hand]) {
        this.used[this.hand] = false;
        this.hand = (this.hand + 1) % this.capacity;
      }
      place = this.hand;
      this.hand = (this.hand + 1) % this.capacity;
      const evicted = this.views[place]?.cached;
      if (evicted !== null && evicted !== undefined) evicted[this.blocks[place]] = FREE;
    }
    this.views[place] = view;
    this.blocks[place] = block;
    this.used[place] = true;
    return place;
  }
}
