/**
 * The pending timers of one operator in one time domain.
 *
 * Timers mostly come in the order of their time: "24 h after this record", "at the end of this minute", a million keys of one window all
 * for the same instant. They are appended to a *run* that is sorted by itself; only those that come out of order go through a heap. The
 * earliest timer is at the head of one of the two.
 *
 * Whether a key has a timer already is written down in the key's row (state/key-context.ts), which is at hand when the timer is set. The
 * one timer of a key that belongs to no window, the usual case in process functions, is no object: the run holds its time and the key's row, and
 * the row holds its position in the run. All others are objects, chained per key.
 *
 * A timer that is deleted stays in run or heap as a dead one until it comes up or the dead are many. Timers of one timestamp fire in the order
 * of registration (Flink leaves that order open between keys).
 */
import { BinaryHeap } from "../base/binary-heap.ts";
import type { MapKey } from "../base/canonical-key.ts";
import { type Column, type KeyContext, NO_ROW, type RowKeys } from "../state/key-context.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../state/namespace.ts";

/** A key with more timers than this gets a table of them. */
const CHAIN_MAX = 8;
/** The dead are cleared away when they are more than this, and so many times more than the pending: most leave by themselves in time. */
const DEAD_MAX = 8192;
const DEAD_PER_TIMER = 8;
const RUN_MIN = 16;

/** A timer that is pending, or has just come up. At most one exists per key, namespace and timestamp. */
export interface InternalTimer {
  readonly key: unknown;
  readonly mapKey: MapKey;
  /** The window, or `VOID_NAMESPACE`. */
  readonly namespace: StateNamespace;
  readonly timestampMs: number;
}

class KeyedTimer implements InternalTimer {
  readonly key: unknown;
  readonly mapKey: MapKey;
  readonly namespace: StateNamespace;
  readonly timestampMs: number;

  constructor(key: unknown, mapKey: MapKey, namespace: StateNamespace, timestampMs: number) {
    this.key = key;
    this.mapKey = mapKey;
    this.namespace = namespace;
    this.timestampMs = timestampMs;
  }
}

class ChainedTimer {
  readonly row: number;
  namespace: StateNamespace;
  timestampMs: number;
  /** Where the run ended when the timer was set, and how many had gone to the heap: the order of registration. In the run it is its place. */
  runPosition: number;
  readonly heapNumber: number;
  /**
   * Copies of the queue are told apart by numbers. Below 0 = the timer is pending, and was set when the next copy's number was −1 − life; otherwise
   * it has fired or was deleted when the next copy's number was this.
   */
  life: number;
  nextOfKey: ChainedTimer | null;

  constructor(
    row: number,
    namespace: StateNamespace,
    timestampMs: number,
    runPosition: number,
    heapNumber: number,
    copyNumber: number,
    next: ChainedTimer | null,
  ) {
    this.row = row;
    this.namespace = namespace;
    this.timestampMs = timestampMs;
    this.runPosition = runPosition;
    this.heapNumber = heapNumber;
    this.life = -1 - copyNumber;
    this.nextOfKey = next;
  }

  get pending(): boolean {
    return this.life < 0;
  }

  /** Whether it was pending when the copy with this number was made, given that the queue had it then. */
  pendingIn(copyNumber: number): boolean {
    return this.life < 0 || this.life > copyNumber;
  }

  is(namespace: StateNamespace, timestampMs: number): boolean {
    return this.timestampMs === timestampMs && (this.namespace === namespace || this.namespace.namespaceKey === namespace.namespaceKey);
  }
}

/** What a row has: the position of its only timer in the run, a chain of timers (newest first), or chains by timestamp. */
type TimersOfKey = number | ChainedTimer | Map<number, ChainedTimer>;

/** An entry of the run: the row of a key's only timer, a timer, or DEAD. */
type RunItem = number | ChainedTimer;

const DEAD = -1;

/** The timers of a queue as they were at one moment. */
export class TimerQueueCopy {
  readonly size: number;
  private readonly number: number;
  private readonly keys: RowKeys;
  private times: Float64Array;
  /** Rows, and timers as long as the queue has them too. */
  private items: readonly RunItem[];
  private heap: readonly ChainedTimer[];
  /** By index; empty = no timer of `items` has one. */
  private namespaces: readonly StateNamespace[] = [];

  constructor(
    number: number,
    keys: RowKeys,
    size: number,
    parts: { readonly times: Float64Array; readonly items: readonly RunItem[]; readonly heap: readonly ChainedTimer[] },
  ) {
    this.number = number;
    this.keys = keys;
    this.size = size;
    this.times = parts.times;
    this.items = parts.items;
    this.heap = parts.heap;
  }

  /** Calls with each timer: those of the run in their order, then the others in none. */
  forEach(use: (row: number, namespace: StateNamespace, timestampMs: number) => void): void {
    const { times, items, namespaces, number } = this;
    for (let index = 0; index < items.length; index++) {
      const item = items[index];
      if (typeof item !== "number") {
        if (item.pendingIn(number)) use(item.row, item.namespace, item.timestampMs);
      } else if (item !== DEAD) {
        use(item, namespaces[index] ?? VOID_NAMESPACE, times[index]);
      }
    }
    for (const timer of this.heap) if (timer.pendingIn(number)) use(timer.row, timer.namespace, timer.timestampMs);
  }

  keyAt(row: number): unknown {
    return this.keys.at(row);
  }

  private hasTimerObjects(): boolean {
    for (const item of this.items) if (typeof item !== "number") return true;
    return false;
  }

  /** Lets go of everything that is the queue's, and of the program's keys. */
  detach(): void {
    this.keys.detach();
    if (this.heap.length === 0 && !this.hasTimerObjects()) return;
    const times = new Float64Array(this.size);
    const rows: number[] = [];
    const namespaces: StateNamespace[] = [];
    this.forEach((row, namespace, timestampMs) => {
      times[rows.length] = timestampMs;
      rows.push(row);
      namespaces.push(namespace);
    });
    this.times = times;
    this.items = rows;
    this.namespaces = namespaces;
    this.heap = [];
  }
}

export class TimerQueue {
  private readonly keyContext: KeyContext;
  private readonly column: Column<TimersOfKey>;
  // The run: positions from `runHead` to `runTail`, which only ever grow, in rings of a power of two.
  private runTimes = new Float64Array(RUN_MIN);
  private runItems: RunItem[] = new Array<RunItem>(RUN_MIN).fill(DEAD);
  private runHead = 0;
  private runTail = 0;
  private runLastMs = Number.NEGATIVE_INFINITY;
  private readonly heap = new BinaryHeap<ChainedTimer>((a, b) => a.timestampMs - b.timestampMs || a.heapNumber - b.heapNumber);
  private heapNumber = 0;
  private count = 0;
  private dead = 0;
  /** Of the next copy. */
  private copyNumber = 1;

  constructor(keyContext: KeyContext) {
    this.keyContext = keyContext;
    this.column = keyContext.newColumn();
  }

  get size(): number {
    return this.count;
  }

  /** Sets a timer for the current key. False when it is pending already. */
  add(namespace: StateNamespace, timestampMs: number): boolean {
    return this.addAt(this.keyContext.rowForWriting(), namespace, timestampMs);
  }

  /** Sets a timer for some key (restoring). */
  addFor(key: unknown, mapKey: MapKey, namespace: StateNamespace, timestampMs: number): void {
    this.addAt(this.keyContext.rowOf(key, mapKey), namespace, timestampMs);
  }

  /** Deletes a timer of the current key. False when there is none. */
  remove(namespace: StateNamespace, timestampMs: number): boolean {
    const row = this.keyContext.currentRow();
    if (row === NO_ROW) return false;
    const present = this.column[row];
    if (typeof present === "number") {
      const slot = present & (this.runTimes.length - 1);
      if (namespace !== VOID_NAMESPACE || this.runTimes[slot] !== timestampMs) return false;
      this.runItems[slot] = DEAD;
      this.column[row] = undefined;
      this.keyContext.release(row);
    } else {
      const timer = this.unlink(row, namespace, timestampMs);
      if (timer === null) return false;
      timer.life = this.copyNumber;
    }
    this.count--;
    this.oneMoreDead();
    return true;
  }

  /** Deletes one timer of the current key and sets another: a session has grown. */
  move(namespace: StateNamespace, timestampMs: number, newNamespace: StateNamespace, newTimestampMs: number): void {
    const row = this.keyContext.currentRow();
    const timer = row === NO_ROW ? undefined : this.column[row];
    if (timer instanceof ChainedTimer && timer.nextOfKey === null && newTimestampMs >= this.runLastMs && timer.is(namespace, timestampMs)) {
      const slot = timer.runPosition & (this.runTimes.length - 1);
      // A timer that a copy may have stays as it is.
      if (this.runItems[slot] === timer && timer.life === -1 - this.copyNumber) {
        this.runItems[slot] = DEAD;
        timer.namespace = newNamespace;
        timer.timestampMs = newTimestampMs;
        timer.runPosition = this.append(newTimestampMs, timer);
        this.oneMoreDead();
        return;
      }
    }
    this.remove(namespace, timestampMs);
    this.add(newNamespace, newTimestampMs);
  }

  /** Timestamp of the earliest timer, undefined when there is none. */
  peekTimestamp(): number | undefined {
    const where = this.earliest();
    return where === "none" ? undefined : where === "run" ? this.headTime() : this.heap.peek()?.timestampMs;
  }

  /** Removes the earliest timer if it is due at `timeMs`, makes its key the current one and returns it. */
  pollDue(timeMs: number): InternalTimer | undefined {
    const where = this.earliest();
    if (where === "none") return undefined;
    if (where === "run") {
      const timestampMs = this.headTime();
      if (timestampMs > timeMs) return undefined;
      const item = this.runItems[this.runHead & (this.runTimes.length - 1)];
      this.dropRunHead();
      if (typeof item !== "number") return this.came(item);
      this.column[item] = undefined;
      this.count--;
      return this.fired(item, VOID_NAMESPACE, timestampMs);
    }
    const top = this.heap.peek() as ChainedTimer;
    if (top.timestampMs > timeMs) return undefined;
    this.heap.pop();
    return this.came(top);
  }

  /**
   * The queue as it is now, whatever happens to it later. Only references are copied: what the copy refers to does not change, or says when it
   * did.
   *
   * @param keys of all rows, as they are now.
   */
  copy(keys: RowKeys): TimerQueueCopy {
    const { runHead, runTail, runTimes, runItems } = this;
    const size = runTimes.length;
    const from = runHead & (size - 1);
    const count = runTail - runHead;
    const times = runTimes.slice(from, from + count);
    const items = runItems.slice(from, from + count);
    if (times.length === count)
      return new TimerQueueCopy(this.copyNumber++, keys, this.count, { times, items, heap: [...this.heap.all()] });
    const whole = new Float64Array(count);
    whole.set(times);
    whole.set(runTimes.subarray(0, count - times.length), times.length);
    const run = { times: whole, items: items.concat(runItems.slice(0, count - times.length)), heap: [...this.heap.all()] };
    return new TimerQueueCopy(this.copyNumber++, keys, this.count, run);
  }

  /** Calls with the row of each timer. */
  forEachRow(use: (row: number) => void): void {
    const mask = this.runTimes.length - 1;
    for (let position = this.runHead; position < this.runTail; position++) {
      const item = this.runItems[position & mask];
      if (typeof item !== "number") {
        if (item.pending) use(item.row);
      } else if (item !== DEAD) {
        use(item);
      }
    }
    for (const timer of this.heap.all()) if (timer.pending) use(timer.row);
  }

  /** All timers, in no particular order. */
  *[Symbol.iterator](): Generator<InternalTimer> {
    const { keyContext } = this;
    const mask = this.runTimes.length - 1;
    const shown = (row: number, namespace: StateNamespace, timestampMs: number) =>
      new KeyedTimer(keyContext.keyAt(row), keyContext.mapKeyAt(row), namespace, timestampMs);
    for (let position = this.runHead; position < this.runTail; position++) {
      const item = this.runItems[position & mask];
      if (typeof item !== "number") {
        if (item.pending) yield shown(item.row, item.namespace, item.timestampMs);
      } else if (item !== DEAD) {
        yield shown(item, VOID_NAMESPACE, this.runTimes[position & mask]);
      }
    }
    for (const timer of this.heap.all()) if (timer.pending) yield shown(timer.row, timer.namespace, timer.timestampMs);
  }

  private addAt(row: number, namespace: StateNamespace, timestampMs: number): boolean {
    const { column, keyContext } = this;
    const present = column[row];
    if (present === undefined) {
      if (namespace === VOID_NAMESPACE && timestampMs >= this.runLastMs) column[row] = this.append(timestampMs, row);
      else column[row] = this.enqueue(row, namespace, timestampMs, null);
    } else if (present instanceof Map) {
      const chain = present.get(timestampMs) ?? null;
      if (lengthWithout(chain, namespace, timestampMs) < 0) return false;
      present.set(timestampMs, this.enqueue(row, namespace, timestampMs, chain));
    } else {
      const chain = typeof present === "number" ? this.asTimer(row, present) : present;
      const length = lengthWithout(chain, namespace, timestampMs);
      if (length < 0) return false;
      const added = this.enqueue(row, namespace, timestampMs, chain);
      column[row] = length < CHAIN_MAX ? added : tableOf(added);
    }
    keyContext.retain(row);
    this.count++;
    return true;
  }

  /** Makes an object of the only timer of a key, which is about to get company. */
  private asTimer(row: number, position: number): ChainedTimer {
    const slot = position & (this.runTimes.length - 1);
    const timer = new ChainedTimer(row, VOID_NAMESPACE, this.runTimes[slot], position, 0, this.copyNumber, null);
    this.runItems[slot] = timer;
    this.column[row] = timer;
    return timer;
  }

  private enqueue(row: number, namespace: StateNamespace, timestampMs: number, next: ChainedTimer | null): ChainedTimer {
    const timer = new ChainedTimer(row, namespace, timestampMs, this.runTail, this.heapNumber, this.copyNumber, next);
    if (timestampMs >= this.runLastMs) {
      this.append(timestampMs, timer);
    } else {
      this.heapNumber++;
      this.heap.push(timer);
    }
    return timer;
  }

  private append(timestampMs: number, item: RunItem): number {
    if (this.runTail - this.runHead === this.runTimes.length) this.growRun();
    const position = this.runTail++;
    const slot = position & (this.runTimes.length - 1);
    this.runTimes[slot] = timestampMs;
    this.runItems[slot] = item;
    this.runLastMs = timestampMs;
    return position;
  }

  private growRun(): void {
    const { runTimes, runItems } = this;
    const mask = runTimes.length - 1;
    const size = runTimes.length * 2;
    this.runTimes = new Float64Array(size);
    this.runItems = new Array<RunItem>(size).fill(DEAD);
    for (let position = this.runHead; position < this.runTail; position++) {
      this.runTimes[position & (size - 1)] = runTimes[position & mask];
      this.runItems[position & (size - 1)] = runItems[position & mask];
    }
  }

  private headTime(): number {
    return this.runTimes[this.runHead & (this.runTimes.length - 1)];
  }

  /** Where the earliest timer is; drops the dead in front of it. */
  private earliest(): "run" | "heap" | "none" {
    const { runItems } = this;
    const mask = this.runTimes.length - 1;
    while (this.runHead < this.runTail) {
      const item = runItems[this.runHead & mask];
      if (typeof item === "number" ? item !== DEAD : item.pending) break;
      this.dead--;
      this.dropRunHead();
    }
    if (this.heap.size === 0) return this.runHead < this.runTail ? "run" : "none";
    let top = this.heap.peek();
    while (top !== undefined && !top.pending) {
      this.dead--;
      this.heap.pop();
      top = this.heap.peek();
    }
    if (this.runHead === this.runTail) return top === undefined ? "none" : "heap";
    if (top === undefined) return "run";
    const order = this.headTime() - top.timestampMs;
    return order < 0 || (order === 0 && this.runHead < top.runPosition) ? "run" : "heap";
  }

  private dropRunHead(): void {
    this.runItems[this.runHead & (this.runTimes.length - 1)] = DEAD;
    if (++this.runHead === this.runTail) this.runLastMs = Number.NEGATIVE_INFINITY;
  }

  private oneMoreDead(): void {
    if (++this.dead > DEAD_MAX && this.dead > this.count * DEAD_PER_TIMER) this.dropDead();
  }

  /** A timer object has come up. */
  private came(timer: ChainedTimer): InternalTimer {
    timer.life = this.copyNumber;
    this.count--;
    const { row, namespace, timestampMs } = timer;
    const { keyContext } = this;
    const key = keyContext.keyAt(row);
    const mapKey = keyContext.mapKeyAt(row);
    this.unlink(row, namespace, timestampMs);
    keyContext.setCurrentKeyAt(key, mapKey, keyContext.holds(row) ? row : NO_ROW);
    return new KeyedTimer(key, mapKey, namespace, timestampMs);
  }

  private fired(row: number, namespace: StateNamespace, timestampMs: number): InternalTimer {
    const { keyContext } = this;
    const key = keyContext.keyAt(row);
    const mapKey = keyContext.mapKeyAt(row);
    keyContext.setCurrentKeyAt(key, mapKey, keyContext.release(row) ? NO_ROW : row);
    return new KeyedTimer(key, mapKey, namespace, timestampMs);
  }

  private dropDead(): void {
    const mask = this.runTimes.length - 1;
    const times: number[] = [];
    const items: RunItem[] = [];
    for (let position = this.runHead; position < this.runTail; position++) {
      const item = this.runItems[position & mask];
      if (typeof item === "number" ? item === DEAD : !item.pending) continue;
      times.push(this.runTimes[position & mask]);
      items.push(item);
    }
    let size = RUN_MIN;
    while (size < times.length) size *= 2;
    // Those that stay keep their order among themselves and get the last positions before the tail, so nothing else has to change but rows.
    const first = this.runTail - times.length;
    this.runTimes = new Float64Array(size);
    this.runItems = new Array<RunItem>(size).fill(DEAD);
    for (let index = 0; index < times.length; index++) {
      const item = items[index];
      const slot = (first + index) & (size - 1);
      this.runTimes[slot] = times[index];
      this.runItems[slot] = item;
      if (typeof item === "number") this.column[item] = first + index;
      else item.runPosition = first + index;
    }
    this.runHead = first;
    this.runLastMs = times.at(-1) ?? Number.NEGATIVE_INFINITY;
    this.heap.retain((timer) => timer.pending);
    this.dead = 0;
  }

  /** Takes a timer object out of its key's row; null when the key has no such timer. */
  private unlink(row: number, namespace: StateNamespace, timestampMs: number): ChainedTimer | null {
    const present = this.column[row];
    if (present === undefined || typeof present === "number") return null;
    const table = present instanceof Map ? present : null;
    const head = present instanceof Map ? (present.get(timestampMs) ?? null) : present;
    let previous: ChainedTimer | null = null;
    let timer = head;
    while (timer !== null && !timer.is(namespace, timestampMs)) {
      previous = timer;
      timer = timer.nextOfKey;
    }
    if (timer === null) return null;
    const next = timer.nextOfKey;
    timer.nextOfKey = null;
    if (previous !== null) previous.nextOfKey = next;
    else if (table === null) this.column[row] = next ?? undefined;
    else if (next !== null) table.set(timestampMs, next);
    else if (table.delete(timestampMs) && table.size === 0) this.column[row] = undefined;
    this.keyContext.release(row);
    return timer;
  }
}

/** Length of a chain, −1 when it contains the timer. */
function lengthWithout(chain: ChainedTimer | null, namespace: StateNamespace, timestampMs: number): number {
  let length = 0;
  for (let timer = chain; timer !== null; timer = timer.nextOfKey) {
    if (timer.is(namespace, timestampMs)) return -1;
    length++;
  }
  return length;
}

function tableOf(chain: ChainedTimer): Map<number, ChainedTimer> {
  const table = new Map<number, ChainedTimer>();
  for (let timer: ChainedTimer | null = chain; timer !== null; ) {
    const next: ChainedTimer | null = timer.nextOfKey;
    timer.nextOfKey = table.get(timer.timestampMs) ?? null;
    table.set(timer.timestampMs, timer);
    timer = next;
  }
  return table;
}
