/**
 * The pending timers of one operator in one time domain.
 *
 * Timers mostly come in the order of their time: "24 h after this record", "at the end of this minute", a million keys of one window all
 * for the same instant. They are appended to a run that is sorted by itself; only those that come out of order go through a heap. The
 * earliest timer is at the head of one of the two.
 *
 * Whether a key has a timer already is written down in the key's slot (state/key-slot.ts), which is at hand when the timer is set. A timer
 * that is deleted stays in run or heap as a dead one until it comes up or the dead are many.
 *
 * Timers of one timestamp fire in the order of registration (Flink leaves that order open between keys).
 */
import { BinaryHeap } from "../base/binary-heap.ts";
import type { MapKey } from "../base/canonical-key.ts";
import type { KeyContext, KeySlot } from "../state/key-slot.ts";
import type { StateNamespace } from "../state/namespace.ts";

/** A key with more timers than this gets a table of them. */
const CHAIN_MAX = 8;
const DEAD_MAX = 1024;

/** What a slot holds for one queue: a chain of timers, newest first, or such chains by timestamp. */
type TimersOfKey = InternalTimer | Map<number, InternalTimer>;

/** One pending timer: at most one exists per key, namespace and timestamp. */
export class InternalTimer {
  readonly slot: KeySlot;
  /** The window, or `VOID_NAMESPACE`. */
  readonly namespace: StateNamespace;
  readonly timestampMs: number;
  /** Position in the order of registration. */
  readonly sequence: number;
  pending = true;
  nextOfKey: InternalTimer | null;

  constructor(slot: KeySlot, namespace: StateNamespace, timestampMs: number, sequence: number, nextOfKey: InternalTimer | null) {
    this.slot = slot;
    this.namespace = namespace;
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

  is(namespace: StateNamespace, timestampMs: number): boolean {
    return this.timestampMs === timestampMs && (this.namespace === namespace || this.namespace.namespaceKey === namespace.namespaceKey);
  }
}

export class TimerQueue {
  private readonly keyContext: KeyContext;
  private readonly number: number;
  /** Sorted by time and registration from `runHead` on; undefined before it. */
  private run: (InternalTimer | undefined)[] = [];
  private runHead = 0;
  private runLastMs = Number.NEGATIVE_INFINITY;
  private readonly heap = new BinaryHeap<InternalTimer>((a, b) => a.timestampMs - b.timestampMs || a.sequence - b.sequence);
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
  add(slot: KeySlot, namespace: StateNamespace, timestampMs: number): boolean {
    const present = this.timersOf(slot);
    if (present instanceof Map) {
      const chain = present.get(timestampMs) ?? null;
      if (lengthWithout(chain, namespace, timestampMs) < 0) return false;
      present.set(timestampMs, this.enqueue(slot, namespace, timestampMs, chain));
    } else {
      const length = lengthWithout(present, namespace, timestampMs);
      if (length < 0) return false;
      const added = this.enqueue(slot, namespace, timestampMs, present);
      this.setTimersOf(slot, length < CHAIN_MAX ? added : tableOf(added));
    }
    this.keyContext.retain(slot);
    this.count++;
    return true;
  }

  remove(slot: KeySlot, namespace: StateNamespace, timestampMs: number): boolean {
    const timer = this.unlink(slot, namespace, timestampMs);
    if (timer === null) return false;
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
  pollDue(timeMs: number): InternalTimer | undefined {
    const timer = this.earliest();
    if (timer === undefined || timer.timestampMs > timeMs) return undefined;
    if (timer === this.run[this.runHead]) this.dropRunHead();
    else this.heap.pop();
    timer.pending = false;
    this.unlink(timer.slot, timer.namespace, timer.timestampMs);
    this.count--;
    return timer;
  }

  /** All timers, in no particular order. */
  *[Symbol.iterator](): Generator<InternalTimer> {
    for (let index = this.runHead; index < this.run.length; index++) {
      const timer = this.run[index] as InternalTimer;
      if (timer.pending) yield timer;
    }
    for (const timer of this.heap.all()) if (timer.pending) yield timer;
  }

  private enqueue(slot: KeySlot, namespace: StateNamespace, timestampMs: number, nextOfKey: InternalTimer | null): InternalTimer {
    const timer = new InternalTimer(slot, namespace, timestampMs, this.sequence++, nextOfKey);
    if (timestampMs >= this.runLastMs) {
      this.run.push(timer);
      this.runLastMs = timestampMs;
    } else {
      this.heap.push(timer);
    }
    return timer;
  }

  private earliest(): InternalTimer | undefined {
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

  private timersOf(slot: KeySlot): TimersOfKey | null {
    if (this.number === 0) return slot.timers as TimersOfKey | null;
    return slot.otherTimers === null ? null : ((slot.otherTimers[this.number - 1] ?? null) as TimersOfKey | null);
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

  /** Takes a timer out of its key's slot; null when the key has no such timer. */
  private unlink(slot: KeySlot, namespace: StateNamespace, timestampMs: number): InternalTimer | null {
    const present = this.timersOf(slot);
    const table = present instanceof Map ? present : null;
    const head = table === null ? (present as InternalTimer | null) : (table.get(timestampMs) ?? null);
    let previous: InternalTimer | null = null;
    let timer = head;
    while (timer !== null && !timer.is(namespace, timestampMs)) {
      previous = timer;
      timer = timer.nextOfKey;
    }
    if (timer === null) return null;
    const next = timer.nextOfKey;
    timer.nextOfKey = null;
    if (previous !== null) previous.nextOfKey = next;
    else if (table === null) this.setTimersOf(slot, next);
    else if (next !== null) table.set(timestampMs, next);
    else if (table.delete(timestampMs) && table.size === 0) this.setTimersOf(slot, null);
    this.keyContext.release(slot);
    return timer;
  }
}

/** Length of a chain, −1 when it contains the timer. */
function lengthWithout(chain: InternalTimer | null, namespace: StateNamespace, timestampMs: number): number {
  let length = 0;
  for (let timer = chain; timer !== null; timer = timer.nextOfKey) {
    if (timer.is(namespace, timestampMs)) return -1;
    length++;
  }
  return length;
}

function tableOf(chain: InternalTimer): Map<number, InternalTimer> {
  const table = new Map<number, InternalTimer>();
  for (let timer: InternalTimer | null = chain; timer !== null; ) {
    const next: InternalTimer | null = timer.nextOfKey;
    timer.nextOfKey = table.get(timer.timestampMs) ?? null;
    table.set(timer.timestampMs, timer);
    timer = next;
  }
  return table;
}
