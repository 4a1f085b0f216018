/**
 * One partition of a topic: a sequence of records, and which of them a reader may see.
 *
 * Two limits matter to readers. `endOffset` (Kafka's high watermark; one replica, so it is also the log's end) bounds
 * read_uncommitted readers. `lastStableOffset` bounds read_committed ones: no record at or behind the first record of an open
 * transaction is given out, whoever wrote it, since its fate is unknown and readers see a partition in log order only. A transaction
 * left open therefore blocks read_committed readers of the whole partition, and a record becomes visible not when its own
 * transaction commits but when the last stable offset has passed it. That moment is kept as the record's `committedAtMs`.
 *
 * While the partition has no leader (`beginOutage`) nobody reads from it, and what producers send waits in their buffers: it gets its
 * offset at once, since nobody can tell the difference, but is appended, and becomes readable, when the partition is back. A transaction
 * that ends meanwhile is decided all the same; here its marker comes when the partition is back.
 *
 * Kafka writes a control record (commit or abort marker) that takes an offset. Here the markers lie beside the log and take none, so
 * that offsets are dense: 0, 1, 2 …; nothing else depends on it.
 */
import type { LogTransaction } from "./log-transaction.ts";

export type IsolationLevel = "read_committed" | "read_uncommitted";

/** A record in the log. Never changed by readers: take copies of `value`. */
export class LogRecord {
  readonly offset: number;
  readonly key: string | null;
  readonly value: unknown;
  /** CreateTime of the producer; null = none. */
  readonly timestampMs: number | null;
  readonly appendedAtMs: number;
  readonly transaction: LogTransaction | null;
  /** When a read_committed reader could first see it; null = not yet, or never. */
  committedAtMs: number | null = null;
  /** Cleaned away: nobody reads it any more. */
  removed = false;

  constructor(
    offset: number,
    key: string | null,
    value: unknown,
    timestampMs: number | null,
    appendedAtMs: number,
    transaction: LogTransaction | null,
  ) {
    this.offset = offset;
    this.key = key;
    this.value = value;
    this.timestampMs = timestampMs;
    this.appendedAtMs = appendedAtMs;
    this.transaction = transaction;
  }

  get aborted(): boolean {
    return this.transaction !== null && this.transaction.state === "aborted";
  }
}

export class LogPartition {
  readonly topic: string;
  readonly index: number;
  private readonly records: LogRecord[] = [];
  /** First offset of each open transaction, in the order of those offsets (a transaction joins at the end of the log). */
  private readonly openTransactions = new Map<LogTransaction, number>();
  private stableOffset = 0;
  private readonly listeners = new Set<() => void>();
  /** Last sequence number and its offset per idempotent producer. */
  private readonly sequences = new Map<number, { sequence: number; offset: number }>();
  /** Offset of the first record that retention has left. */
  private firstOffset = 0;
  /** Compaction has made gaps. */
  private gaps = false;
  private outageUntilMs: number | null = null;
  /** Transactions that have ended during the outage. */
  private readonly endedInOutage: LogTransaction[] = [];

  constructor(topic: string, index: number) {
    this.topic = topic;
    this.index = index;
  }

  /** Offset that the next record will get. */
  get endOffset(): number {
    return this.records.length;
  }

  get lastStableOffset(): number {
    return this.stableOffset;
  }

  /** What lies before it has been removed by retention; a reader that is still there has lost it. */
  get logStartOffset(): number {
    return this.firstOffset;
  }

  /** The end as a client asks for it (Kafka: endOffsets): for read_committed the last stable offset. */
  endFor(isolation: IsolationLevel): number {
    return isolation === "read_committed" ? this.stableOffset : this.records.length;
  }

  /** When the partition will have a leader again (epoch ms), null while it has one. */
  get unavailableUntilMs(): number | null {
    return this.outageUntilMs;
  }

  /** The leader is gone until then; an outage under way lasts at least as long. */
  beginOutage(untilMs: number): void {
    this.outageUntilMs = Math.max(this.outageUntilMs ?? untilMs, untilMs);
  }

  /** Does nothing when the outage has been prolonged. */
  endOutage(nowMs: number): void {
    if (this.outageUntilMs === null || this.outageUntilMs > nowMs) return;
    this.outageUntilMs = null;
    for (const transaction of this.endedInOutage.splice(0)) this.openTransactions.delete(transaction);
    this.advanceStableOffset(nowMs);
    this.notifyListeners();
  }

  /** Where readers of this isolation level have to stop for now; 0 when there is nobody to read from. */
  readLimit(isolation: IsolationLevel): number {
    if (this.outageUntilMs !== null) return 0;
    return isolation === "read_committed" ? this.stableOffset : this.records.length;
  }

  recordAt(offset: number): LogRecord {
    return this.records[offset];
  }

  /** First offset at or behind `from` that such a reader gets, or -1 while there is none. read_committed skips aborted records. */
  nextReadable(from: number, isolation: IsolationLevel): number {
    if (this.outageUntilMs !== null) return -1;
    if (isolation === "read_uncommitted") {
      let offset = from;
      if (this.gaps) while (offset < this.records.length && this.records[offset].removed) offset++;
      return offset < this.records.length ? offset : -1;
    }
    for (let offset = from; offset < this.stableOffset; offset++) {
      const record = this.records[offset];
      if (!record.aborted && !record.removed) return offset;
    }
    return -1;
  }

  /** First offset whose record has a timestamp at or after `timestampMs`; the end when there is none (Kafka: offsetsForTimes). */
  offsetForTimestamp(timestampMs: number): number {
    const found = this.records.findIndex((record) => !record.removed && record.timestampMs !== null && record.timestampMs >= timestampMs);
    return found === -1 ? this.records.length : found;
  }

  append(key: string | null, value: unknown, timestampMs: number | null, nowMs: number, transaction: LogTransaction | null): LogRecord {
    const record = new LogRecord(this.records.length, key, value, timestampMs, this.outageUntilMs ?? nowMs, transaction);
    this.records.push(record);
    if (transaction !== null && !this.openTransactions.has(transaction)) this.openTransactions.set(transaction, record.offset);
    this.advanceStableOffset(nowMs);
    return record;
  }

  /** Timestamp of the first record that is left, null when there is none. */
  get oldestTimestampMs(): number | null {
    const first = this.records[this.firstOffset];
    return first === undefined ? null : (first.timestampMs ?? first.appendedAtMs);
  }

  /** Retention: removes records from the beginning while they are older than that. What an open transaction holds back stays. */
  removeOlderThan(limitMs: number): void {
    for (let oldestMs = this.oldestTimestampMs; oldestMs !== null && oldestMs < limitMs; oldestMs = this.oldestTimestampMs) {
      if (this.firstOffset >= this.stableOffset) return;
      this.records[this.firstOffset++].removed = true;
    }
  }

  /** Compaction: below the last stable offset only the last record of each key stays; tombstones older than that go, too. */
  compact(tombstoneLimitMs: number): void {
    const lastOffsets = new Map<string | null, number>();
    for (let offset = 0; offset < this.stableOffset; offset++) {
      if (!this.records[offset].aborted) lastOffsets.set(this.records[offset].key, offset);
    }
    for (let offset = this.firstOffset; offset < this.stableOffset; offset++) {
      const record = this.records[offset];
      const isLast = lastOffsets.get(record.key) === offset;
      const isSpent = record.value === null && record.appendedAtMs < tombstoneLimitMs;
      if (record.aborted || !isLast || isSpent) record.removed = true;
    }
    this.gaps = true;
  }

  /** Remembers an idempotent producer's sequence number. Returns the offset of an earlier append of the same one, or -1. */
  checkSequence(producerId: number, sequence: number): { readonly duplicateOf: number; readonly expected: number } {
    const last = this.sequences.get(producerId);
    const expected = last === undefined ? 0 : last.sequence + 1;
    return { duplicateOf: last !== undefined && last.sequence === sequence ? last.offset : -1, expected };
  }

  rememberSequence(producerId: number, sequence: number, offset: number): void {
    this.sequences.set(producerId, { sequence, offset });
  }

  /** The transaction has been committed or aborted: what it blocked may become visible. */
  transactionEnded(transaction: LogTransaction, nowMs: number): void {
    if (this.outageUntilMs !== null) {
      this.endedInOutage.push(transaction);
      return;
    }
    this.openTransactions.delete(transaction);
    this.advanceStableOffset(nowMs);
    this.notifyListeners();
  }

  private advanceStableOffset(nowMs: number): void {
    if (this.outageUntilMs !== null) return;
    let limit = this.records.length;
    for (const firstOffset of this.openTransactions.values()) {
      limit = firstOffset;
      break; // insertion order is offset order
    }
    for (let offset = this.stableOffset; offset < limit; offset++) {
      const record = this.records[offset];
      if (!record.aborted) record.committedAtMs = nowMs;
    }
    this.stableOffset = limit;
  }

  addListener(listener: () => void): { cancel(): void } {
    // A wrapper of its own, so that the same function can be registered twice and cancelled once.
    const entry = () => listener();
    this.listeners.add(entry);
    return { cancel: () => void this.listeners.delete(entry) };
  }

  notifyListeners(): void {
    for (const listener of [...this.listeners]) listener();
  }

  /** Those that have not been cleaned away. */
  allRecords(): readonly LogRecord[] {
    return this.firstOffset === 0 && !this.gaps ? this.records : this.records.filter(({ removed }) => !removed);
  }
}
