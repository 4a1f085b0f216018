/**
 * The slices of one key, oldest first, and what is needed to put those of a window together in constant time.
 *
 * A window's value is the merge of its slices. Doing that anew for every window costs size / slide merges each. Instead, as in a queue made
 * of two stacks: for the older slices there are merged suffixes (`suffixes[i]` = slices i … frontEnd − 1), for the younger ones one running
 * merge (`back`). The next window drops slices at the old end, which a suffix knows already, and adds some at the young end to `back`. When the
 * suffixes are used up they are built anew from all slices at hand. So every slice is merged three times, however many windows it is in.
 *
 * A record for a slice that has been merged already (it came out of order) makes what is merged worthless, and the next window starts over.
 */
import { changeable, type Folding } from "./folding.ts";

/** Dropped slices are cut off the arrays once there are so many. */
const SLACK = 64;

export class KeySlices {
  readonly key: unknown;
  private starts: number[] = [];
  private accumulators: unknown[] = [];
  private suffixes: unknown[] = [];
  /** Slices before it have been dropped. */
  private head = 0;
  /** Slices from `head` to here have suffixes. */
  private frontEnd = 0;
  /** Slices from `frontEnd` to here are merged into `back`. */
  private backEnd = 0;
  private back: unknown = undefined;

  constructor(key: unknown) {
    this.key = key;
  }

  get size(): number {
    return this.starts.length - this.head;
  }

  /** Start of the oldest slice; only when there is one. */
  get oldest(): number {
    return this.starts[this.head];
  }

  /** Start of the newest slice, −∞ when there is none. */
  get newest(): number {
    return this.size === 0 ? Number.NEGATIVE_INFINITY : this.starts[this.starts.length - 1];
  }

  /** Adds a record to the slice that starts there. True when the slice is new. */
  add(start: number, value: unknown, folding: Folding): boolean {
    const { starts, accumulators } = this;
    let index = starts.length - 1;
    while (index >= this.head && starts[index] > start) index--;
    if (index >= this.head && starts[index] === start) {
      if (index < this.backEnd) this.forgetMerges();
      accumulators[index] = folding.add(accumulators[index], value);
      return false;
    }
    const first = folding.first(value);
    if (index === starts.length - 1) {
      starts.push(start);
      accumulators.push(first);
    } else {
      if (index + 1 < this.backEnd) this.forgetMerges();
      starts.splice(index + 1, 0, start);
      accumulators.splice(index + 1, 0, first);
    }
    return true;
  }

  /** Drops the slices before a time. */
  dropBefore(start: number): void {
    const { starts } = this;
    while (this.head < starts.length && starts[this.head] < start) {
      this.accumulators[this.head] = undefined;
      if (this.head < this.frontEnd) this.suffixes[this.head] = undefined;
      this.head++;
    }
    if (this.head >= SLACK && this.head * 2 >= starts.length) this.cutOff();
  }

  /** The merge of all slices at hand that start before `end`, as a value that may be changed; undefined when there is none. */
  mergedBefore(end: number, folding: Folding): unknown {
    const { starts } = this;
    let count = this.backEnd < this.head ? this.head : this.backEnd;
    if (this.head >= this.frontEnd) {
      // The suffixes are used up: all that is at hand becomes the front.
      while (count < starts.length && starts[count] < end) count++;
      this.buildFront(count, folding);
    } else {
      for (; count < starts.length && starts[count] < end; count++) {
        const next = changeable(this.accumulators[count]);
        this.back = this.backEnd === this.frontEnd ? next : folding.merge(this.back, next);
        this.backEnd = count + 1;
      }
    }
    if (this.head >= this.frontEnd) return undefined;
    const front = changeable(this.suffixes[this.head]);
    return this.backEnd === this.frontEnd ? front : folding.merge(front, changeable(this.back));
  }

  /** Every slice with its start, oldest first. */
  *[Symbol.iterator](): Generator<readonly [start: number, accumulator: unknown]> {
    for (let index = this.head; index < this.starts.length; index++) yield [this.starts[index], this.accumulators[index]];
  }

  private buildFront(end: number, folding: Folding): void {
    this.suffixes.length = end;
    for (let index = end - 1; index >= this.head; index--) {
      const own = changeable(this.accumulators[index]);
      this.suffixes[index] = index === end - 1 ? own : folding.merge(own, changeable(this.suffixes[index + 1]));
    }
    this.frontEnd = end;
    this.backEnd = end;
    this.back = undefined;
  }

  private forgetMerges(): void {
    this.frontEnd = this.head;
    this.backEnd = this.head;
    this.back = undefined;
  }

  private cutOff(): void {
    const { head } = this;
    this.starts = this.starts.slice(head);
    this.accumulators = this.accumulators.slice(head);
    this.suffixes = this.suffixes.slice(head);
    this.frontEnd = Math.max(0, this.frontEnd - head);
    this.backEnd = Math.max(0, this.backEnd - head);
    this.head = 0;
  }
}
