/**
 * The pending timers, in one time domain, that belong to a key alone (those of process functions).
 *
 * Such timers mostly come in the order of their time: "24 h after this record", "at the end of this minute". They are appended to a run that
 * is sorted by itself; only those that come out of order go through a heap. The earliest timer is at the head of one of the two.
 *
 * Whether a key has a timer already is written down in the key's slot (state/key-slot.ts), which is at hand when the timer is set. A timer
 * that is deleted stays in run or heap as a dead one until it comes up or the dead are many.
 */
import { BinaryHeap } from "../base/binary-heap.ts";
import type { MapKey } from "../base/canonical-key.ts";
import type { KeyContext, KeySlot } from "../state/key-slot.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../state/namespace.ts";
import type { InternalTimer } from "./timer-queue.ts";

/** A key with more timers than this gets a table of them. */
const CHAIN_MAX = 8;
const DEAD_MAX = 1024;

/** What a slot holds for one queue: a chain of timers, newest first, or a table by timestamp. */
type TimersOfKey = KeyTimer | Map<number, KeyTimer>;

class KeyTimer implements InternalTimer {
  readonly slot: KeySlot;
  readonly timestampMs: number;
  /** Position in the order of registration, for equal timestamps. */
  readonly sequence: number;
  pending = true;
  nextOfKey: KeyTimer | null;

  constructor(slot: KeySlot, timestampMs: number, sequence: number, nextOfKey: KeyTimer | null) {
    this.slot = slot;
    this.timestampMs = timestampMs;
    this.sequence = sequence;
    this.nextOfKey = nextOfKey;
  }

  get key(): unknown {
    return this.slot.key;
  }

  get mapKey(): MapKey {
    return this.slot.mapKey;
  }

  get namespace(): StateNamespace {
    return VOID_NAMESPACE;
  }
}

export type { KeyTimer };

export class KeyTimerQueue {
  private readonly keyContext: KeyContext;
  private readonly number: number;
  /** Sorted by time and registration from `runHead` on; undefined before it. */
  private run: (KeyTimer | undefined)[] = [];
  private runHead = 0;
  private runLastMs = Number.NEGATIVE_INFINITY;
  private readonly heap = new BinaryHeap<KeyTimer>((a, b) => a.timestampMs - b.timestampMs || a.sequence - b.sequence);
  private sequence = 0;
  private count = 0;
  private dead = 0;

  constructor(keyContext: KeyContext) {
    this.keyContext = keyContext;
    this.number = keyContext.newTimerQueue();
  }

  get size(): number {
    return this.count;
  }

  /** False when that timer is pending already. */
  add(slot: KeySlot, timestampMs: number): boolean {
    const present = this.timersOf(slot);
    if (present === null || present === undefined) {
      this.setTimersOf(slot, this.enqueue(slot, timestampMs, null));
    } else if (present instanceof Map) {
      if (present.has(timestampMs)) return false;
      present.set(timestampMs, this.enqueue(slot, timestampMs, null));
    } else {
      let length = 0;
      for (let timer: KeyTimer | null = present; timer !== null; timer = timer.nextOfKey) {
        if (timer.timestampMs === timestampMs) return false;
        length++;
      }
      const added = this.enqueue(slot, timestampMs, present);
      this.setTimersOf(slot, length < CHAIN_MAX ? added : tableOf(added));
    }
    this.keyContext.retain(slot);
    this.count++;
    return true;
  }

  remove(slot: KeySlot, timestampMs: number): boolean {
    const timer = this.unlink(slot, timestampMs);
    if (timer === undefined) return false;
    timer.pending = false;
    this.count--;
    this.dead++;
    if (this.dead > DEAD_MAX && this.dead > this.count) this.dropDead();
    return true;
  }

  /** Timestamp of the earliest timer, undefined when there is none. */
  peekTimestamp(): number | undefined {
    return this.earliest()?.timestampMs;
  }

  /** Removes and returns the earliest timer if it is due at `timeMs`. */
  pollDue(timeMs: number): KeyTimer | undefined {
    const timer = this.earliest();
    if (timer === undefined || timer.timestampMs > timeMs) return undefined;
    if (timer === this.run[this.runHead]) this.dropRunHead();
    else this.heap.pop();
    timer.pending = false;
    this.unlink(timer.slot, timer.timestampMs);
    this.count--;
    return timer;
  }

  /** All timers, in no particular order. */
  *[Symbol.iterator](): Generator<KeyTimer> {
    for (let index = this.runHead; index < this.run.length; index++) {
      const timer = this.run[index] as KeyTimer;
      if (timer.pending) yield timer;
    }
    for (const timer of this.heap.all()) if (timer.pending) yield timer;
  }

  private enqueue(slot: KeySlot, timestampMs: number, nextOfKey: KeyTimer | null): KeyTimer {
    const timer = new KeyTimer(slot, timestampMs, this.sequence++, nextOfKey);
    if (timestampMs >= this.runLastMs) {
      this.run.push(timer);
      this.runLastMs = timestampMs;
    } else {
      this.heap.push(timer);
    }
    return timer;
  }

  private earliest(): KeyTimer | undefined {
    let first = this.run[this.runHead];
    while (first !== undefined && !first.pending) {
      this.dead--;
      this.dropRunHead();
      first = this.run[this.runHead];
    }
    if (this.heap.size === 0) return first;
    let top = this.heap.peek();
    while (top !== undefined && !top.pending) {
      this.dead--;
      this.heap.pop();
      top = this.heap.peek();
    }
    if (first === undefined || top === undefined) return first ?? top;
    const order = first.timestampMs - top.timestampMs || first.sequence - top.sequence;
    return order < 0 ? first : top;
  }

  private dropRunHead(): void {
    this.run[this.runHead++] = undefined;
    if (this.runHead === this.run.length) {
      this.run.length = 0;
      this.runHead = 0;
      this.runLastMs = Number.NEGATIVE_INFINITY;
    } else if (this.runHead >= 4096 && this.runHead * 2 > this.run.length) {
      this.run = this.run.slice(this.runHead);
      this.runHead = 0;
    }
  }

  private dropDead(): void {
    this.run = this.run.slice(this.runHead).filter((timer) => timer?.pending === true);
    this.runHead = 0;
    this.runLastMs = this.run.at(-1)?.timestampMs ?? Number.NEGATIVE_INFINITY;
    this.heap.retain((timer) => timer.pending);
    this.dead = 0;
  }

  private timersOf(slot: KeySlot): TimersOfKey | null | undefined {
    const held = this.number === 0 ? slot.timers : slot.otherTimers?.[this.number - 1];
    return held as TimersOfKey | null | undefined;
  }

  private setTimersOf(slot: KeySlot, timers: TimersOfKey | null): void {
    if (this.number === 0) {
      slot.timers = timers;
      return;
    }
    slot.otherTimers ??= [];
    while (slot.otherTimers.length < this.number) slot.otherTimers.push(null);
    slot.otherTimers[this.number - 1] = timers;
  }

  /** Takes a timer out of its key's slot. */
  private unlink(slot: KeySlot, timestampMs: number): KeyTimer | undefined {
    const present = this.timersOf(slot);
    if (present === null || present === undefined) return undefined;
    let found: KeyTimer | undefined;
    if (present instanceof Map) {
      found = present.get(timestampMs);
      if (found === undefined) return undefined;
      present.delete(timestampMs);
      if (present.size === 0) this.setTimersOf(slot, null);
    } else {
      let previous: KeyTimer | null = null;
      let timer: KeyTimer | null = present;
      while (timer !== null && timer.timestampMs !== timestampMs) {
        previous = timer;
        timer = timer.nextOfKey;
      }
      if (timer === null) return undefined;
      if (previous === null) this.setTimersOf(slot, timer.nextOfKey);
      else previous.nextOfKey = timer.nextOfKey;
      timer.nextOfKey = null;
      found = timer;
    }
    this.keyContext.release(slot);
    return found;
  }
}

function tableOf(chain: KeyTimer): Map<number, KeyTimer> {
  const table = new Map<number, KeyTimer>();
  for (let timer: KeyTimer | null = chain; timer !== null; ) {
    table.set(timer.timestampMs, timer);
    const next: KeyTimer | null = timer.nextOfKey;
    timer.nextOfKey = null;
    timer = next;
  }
  return table;
}
