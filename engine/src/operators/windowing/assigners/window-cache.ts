import { TimeWindow } from "../window.ts";

const CAPACITY = 64;

/**
 * Windows handed out lately, by start. Windows are immutable, so records of one window can share the object: that spares an allocation
 * per record and lets state and timers recognise the window by identity.
 */
export class WindowCache {
  private readonly sizeMs: number;
  private readonly lists = new Map<number, readonly TimeWindow[]>();
  private lastStart = Number.NaN;
  private lastUntil = Number.NaN;
  private lastList: readonly TimeWindow[] = [];

  constructor(sizeMs: number) {
    this.sizeMs = sizeMs;
  }

  /** What was handed out last, if the time lies between the start asked for then and the next one. */
  lastContaining(timeMs: number): readonly TimeWindow[] | undefined {
    return timeMs >= this.lastStart && timeMs < this.lastUntil ? this.lastList : undefined;
  }

  /** `count` windows with ends falling by `slideMs`, the first one starting at `start`. */
  windowsFrom(start: number, slideMs: number, count: number): readonly TimeWindow[] {
    if (start === this.lastStart && this.lastList.length === count) return this.lastList;
    let list = this.lists.get(start);
    if (list === undefined || list.length !== count) {
      if (this.lists.size >= CAPACITY) this.lists.clear();
      list = this.create(start, slideMs, count);
      this.lists.set(start, list);
    }
    this.lastStart = start;
    this.lastUntil = start + slideMs;
    this.lastList = list;
    return list;
  }

  private create(start: number, slideMs: number, count: number): readonly TimeWindow[] {
    const list: TimeWindow[] = [];
    for (let index = 0; index < count; index++) {
      const own = start - index * slideMs;
      list.push(new TimeWindow(own, own + this.sizeMs));
    }
    return list;
  }
}
