/**
 * The pending timers of windows, in one time domain, in timestamp order. (Timers of a key alone: key-timer-queue.ts.)
 *
 * Windows of a million keys end at the same instant, so timers are gathered in one bucket per timestamp: the heap holds timestamps,
 * and adding or removing a timer of a known timestamp is a lookup. Timers of equal timestamp fire in the order of registration
 * within a namespace (Flink leaves that order open).
 */
import { BinaryHeap } from "../base/binary-heap.ts";
import type { MapKey } from "../base/canonical-key.ts";
import type { StateNamespace } from "../state/namespace.ts";

/** One pending timer: at most one exists per key, namespace and timestamp. */
export interface InternalTimer {
  readonly key: unknown;
  readonly mapKey: MapKey;
  readonly namespace: StateNamespace;
  readonly timestampMs: number;
}

class WindowTimer implements InternalTimer {
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

/** Empty buckets are kept for reuse until there are this many and they are the majority. */
const EMPTY_BUCKETS_MAX = 256;

export class TimerQueue {
  private readonly heap = new BinaryHeap<TimerBucket>((left, right) => left.timestampMs - right.timestampMs);
  private readonly buckets = new Map<number, TimerBucket>();
  private lastBucket: TimerBucket | undefined;
  private count = 0;
  private emptyBuckets = 0;
  /** The timer asked for last; NaN once any timer has left the queue. */
  private lastTimestampMs = Number.NaN;
  private lastMapKey: MapKey = null;
  private lastNamespace: StateNamespace | undefined;

  get size(): number {
    return this.count;
  }

  /** False when that timer is pending already. */
  add(key: unknown, mapKey: MapKey, namespace: StateNamespace, timestampMs: number): boolean {
    // Triggers and cleanup ask for the same timer one after the other.
    if (timestampMs === this.lastTimestampMs && mapKey === this.lastMapKey && namespace === this.lastNamespace) return false;
    this.lastTimestampMs = timestampMs;
    this.lastMapKey = mapKey;
    this.lastNamespace = namespace;
    let bucket = this.lastBucket;
    if (bucket === undefined || bucket.timestampMs !== timestampMs) {
      bucket = this.buckets.get(timestampMs);
      if (bucket === undefined) {
        bucket = new TimerBucket(timestampMs);
        this.buckets.set(timestampMs, bucket);
        this.heap.push(bucket);
        this.emptyBuckets++;
      }
      this.lastBucket = bucket;
    }
    if (!bucket.add(key, mapKey, namespace)) return false;
    if (bucket.size === 1) this.emptyBuckets--;
    this.count++;
    return true;
  }

  remove(mapKey: MapKey, namespace: StateNamespace, timestampMs: number): boolean {
    const bucket = this.buckets.get(timestampMs);
    if (bucket === undefined || !bucket.remove(mapKey, namespace)) return false;
    this.lastTimestampMs = Number.NaN;
    this.count--;
    if (bucket.size === 0 && ++this.emptyBuckets > EMPTY_BUCKETS_MAX && this.emptyBuckets > this.heap.size / 2) this.dropEmptyBuckets();
    return true;
  }

  /** Timestamp of the earliest timer, undefined when there is none. */
  peekTimestamp(): number | undefined {
    for (;;) {
      const bucket = this.heap.peek();
      if (bucket === undefined || bucket.size > 0) return bucket?.timestampMs;
      this.heap.pop();
      this.forget(bucket);
    }
  }

  /** Removes and returns the earliest timer if it is due at `timeMs`. */
  pollDue(timeMs: number): InternalTimer | undefined {
    const earliest = this.peekTimestamp();
    if (earliest === undefined || earliest > timeMs) return undefined;
    const bucket = this.heap.peek() as TimerBucket;
    this.lastTimestampMs = Number.NaN;
    this.count--;
    const timer = bucket.poll();
    if (bucket.size === 0) this.emptyBuckets++;
    return timer;
  }

  /** All timers, in no particular order. */
  *[Symbol.iterator](): Generator<InternalTimer> {
    for (const bucket of this.buckets.values()) yield* bucket.timers();
  }

  private dropEmptyBuckets(): void {
    this.heap.retain((bucket) => bucket.size > 0);
    for (const bucket of this.buckets.values()) if (bucket.size === 0) this.forget(bucket);
  }

  private forget(bucket: TimerBucket): void {
    this.buckets.delete(bucket.timestampMs);
    this.emptyBuckets--;
    if (this.lastBucket === bucket) this.lastBucket = undefined;
  }
}

/** The timers of one timestamp. A single one, the usual case for user timers, is held without any table. */
class TimerBucket {
  readonly timestampMs: number;
  size = 0;
  private only: InternalTimer | undefined;
  private tables: Map<string | number, Map<MapKey, InternalTimer>> | undefined;
  private lastNamespaceKey: string | number | undefined;
  private lastTable: Map<MapKey, InternalTimer> | undefined;
  /** Polling walks the live tables once; entries added behind it are still met. */
  private tableWalk: Iterator<Map<MapKey, InternalTimer>> | undefined;
  private timerWalk: Iterator<InternalTimer> | undefined;

  constructor(timestampMs: number) {
    this.timestampMs = timestampMs;
  }

  add(key: unknown, mapKey: MapKey, namespace: StateNamespace): boolean {
    if (this.tables === undefined) {
      const only = this.only;
      if (only === undefined) {
        this.only = new WindowTimer(key, mapKey, namespace, this.timestampMs);
        this.size = 1;
        return true;
      }
      if (only.mapKey === mapKey && only.namespace.namespaceKey === namespace.namespaceKey) return false;
      this.tables = new Map();
      this.only = undefined;
      this.tableOf(only.namespace.namespaceKey).set(only.mapKey, only);
    }
    const table = this.tableOf(namespace.namespaceKey);
    if (table.has(mapKey)) return false;
    table.set(mapKey, new WindowTimer(key, mapKey, namespace, this.timestampMs));
    this.size++;
    return true;
  }

  remove(mapKey: MapKey, namespace: StateNamespace): boolean {
    const namespaceKey = namespace.namespaceKey;
    if (this.tables === undefined) {
      const only = this.only;
      if (only === undefined || only.mapKey !== mapKey || only.namespace.namespaceKey !== namespaceKey) return false;
      this.only = undefined;
      this.size = 0;
      return true;
    }
    const table = this.tables.get(namespaceKey);
    if (table === undefined || !table.delete(mapKey)) return false;
    this.size--;
    if (table.size === 0) this.dropTable(namespaceKey);
    return true;
  }

  /** Removes the timer registered first. The bucket must not be empty. */
  poll(): InternalTimer {
    if (this.only !== undefined) {
      const timer = this.only;
      this.only = undefined;
      this.size = 0;
      return timer;
    }
    for (;;) {
      const next = this.timerWalk?.next();
      if (next !== undefined && !next.done) {
        this.remove(next.value.mapKey, next.value.namespace);
        return next.value;
      }
      this.tableWalk ??= (this.tables as Map<string | number, Map<MapKey, InternalTimer>>).values();
      const table = this.tableWalk.next();
      this.timerWalk = table.done ? undefined : table.value.values();
      if (table.done) this.tableWalk = undefined;
    }
  }

  *timers(): Generator<InternalTimer> {
    if (this.only !== undefined) yield this.only;
    if (this.tables !== undefined) for (const table of this.tables.values()) yield* table.values();
  }

  private tableOf(namespaceKey: string | number): Map<MapKey, InternalTimer> {
    if (this.lastTable !== undefined && this.lastNamespaceKey === namespaceKey) return this.lastTable;
    const tables = this.tables as Map<string | number, Map<MapKey, InternalTimer>>;
    let table = tables.get(namespaceKey);
    if (table === undefined) {
      table = new Map();
      tables.set(namespaceKey, table);
    }
    this.lastNamespaceKey = namespaceKey;
    this.lastTable = table;
    return table;
  }

  private dropTable(namespaceKey: string | number): void {
    (this.tables as Map<string | number, Map<MapKey, InternalTimer>>).delete(namespaceKey);
    if (this.lastNamespaceKey === namespaceKey) this.lastTable = undefined;
  }
}
