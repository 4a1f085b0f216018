/**
 * What is due on the clock of a simulated cluster: a priority queue by time, and by order of scheduling among those of one time.
 *
 * Most of what is scheduled is cancelled: every checkpoint has its timeout, every transaction too, minutes away, and they end within milliseconds.
 * A cancelled entry stays where it is until it comes to the front, or until half of the queue is like it; then all of them are dropped.
 */

/** Fewer are not worth going through. */
const MIN_DROPPED = 32;

export class TimedEntry {
  readonly atUs: number;
  readonly sequence: number;
  /** null = it has run, or was cancelled. */
  private callback: (() => void) | null;
  private readonly queue: TimedQueue;

  constructor(atUs: number, sequence: number, callback: () => void, queue: TimedQueue) {
    this.atUs = atUs;
    this.sequence = sequence;
    this.callback = callback;
    this.queue = queue;
  }

  get cancelled(): boolean {
    return this.callback === null;
  }

  /** Without effect when it has run. */
  cancel(): void {
    if (this.callback === null) return;
    this.callback = null;
    this.queue.entryCancelled();
  }

  /** Once, when it has been taken out of the queue. */
  fire(): void {
    const { callback } = this;
    this.callback = null;
    callback?.();
  }
}

export class TimedQueue {
  private readonly items: TimedEntry[] = [];
  private sequence = 0;
  private cancelledItems = 0;

  add(atUs: number, callback: () => void): TimedEntry {
    const entry = new TimedEntry(atUs, this.sequence++, callback, this);
    const { items } = this;
    let index = items.length;
    items.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      // What was there is older: among those of one time it stays in front.
      if (items[parent].atUs <= atUs) break;
      items[index] = items[parent];
      index = parent;
    }
    items[index] = entry;
    return entry;
  }

  /** Time of the first entry, Infinity when there is none. */
  nextDueUs(): number {
    const { items } = this;
    while (items.length > 0) {
      const first = items[0];
      if (!first.cancelled) return first.atUs;
      this.removeFirst();
      this.cancelledItems--;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Takes the first entry out; undefined when there is none. */
  take(): TimedEntry | undefined {
    while (this.items.length > 0) {
      const first = this.removeFirst();
      if (!first.cancelled) return first;
      this.cancelledItems--;
    }
    return undefined;
  }

  /** One of the entries in the queue has been cancelled. */
  entryCancelled(): void {
    const { items } = this;
    this.cancelledItems++;
    if (this.cancelledItems < MIN_DROPPED || this.cancelledItems * 2 < items.length) return;
    let length = 0;
    for (const item of items) if (!item.cancelled) items[length++] = item;
    items.length = length;
    this.cancelledItems = 0;
    for (let index = (length >> 1) - 1; index >= 0; index--) this.siftDown(index, items[index]);
  }

  private removeFirst(): TimedEntry {
    const { items } = this;
    const first = items[0];
    const last = items.pop() as TimedEntry;
    if (items.length > 0) this.siftDown(0, last);
    return first;
  }

  /** Puts the entry where it belongs, at the place or below it. */
  private siftDown(place: number, entry: TimedEntry): void {
    const { items } = this;
    const { length } = items;
    const { atUs, sequence } = entry;
    let index = place;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= length) break;
      let lower = items[child];
      if (child + 1 < length) {
        const right = items[child + 1];
        if (right.atUs < lower.atUs || (right.atUs === lower.atUs && right.sequence < lower.sequence)) {
          lower = right;
          child++;
        }
      }
      if (atUs < lower.atUs || (atUs === lower.atUs && sequence < lower.sequence)) break;
      items[index] = lower;
      index = child;
    }
    items[index] = entry;
  }
}
