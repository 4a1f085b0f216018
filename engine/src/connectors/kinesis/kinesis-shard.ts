/** A record of a shard. */
export interface KinesisRecord {
  /** 20 digits, rising within the stream. */
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: unknown;
  /** When it arrived, epoch ms. */
  readonly approximateArrivalTimestamp: number;
}

/** Where reading a shard begins. */
export type ShardPosition =
  | { readonly kind: "TRIM_HORIZON" }
  | { readonly kind: "LATEST" }
  | { readonly kind: "AT_TIMESTAMP"; readonly timestampMs: number }
  | { readonly kind: "AFTER_SEQUENCE_NUMBER"; readonly sequenceNumber: string };

const READS_PER_SECOND = 5;

/** Partition keys are hashed into this range, which the open shards divide among them. */
export const HASH_RANGE = 2 ** 32;

/**
 * A part of a stream: the records whose keys hash into its range, in order. A reshard closes it for good: it takes no more records, but what it has can
 * be read until it is too old; its children go on with its range.
 */
export class KinesisShard {
  readonly shardId: string;
  readonly parents: readonly string[];
  /** From `start` to before `end`. */
  readonly start: number;
  readonly end: number;
  private readonly retentionMs: number;
  private readonly records: KinesisRecord[] = [];
  private readonly listeners = new Set<() => void>();
  private closed = false;
  private secondMs = Number.NEGATIVE_INFINITY;
  private writtenInSecond = 0;
  /** Times of the last reads by polling. */
  private readonly reads: number[] = [];

  constructor(shardId: string, parents: readonly string[], range: { readonly start: number; readonly end: number }, retentionMs: number) {
    this.shardId = shardId;
    this.parents = parents;
    this.start = range.start;
    this.end = range.end;
    this.retentionMs = retentionMs;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  close(): void {
    this.closed = true;
    this.notify();
  }

  append(record: KinesisRecord): void {
    this.records.push(record);
    this.notify();
  }

  /** Counts a write against the shard's limit. False = too many in this second. */
  admits(nowMs: number, maxPerSecond: number): boolean {
    const secondMs = Math.floor(nowMs / 1000) * 1000;
    if (secondMs > this.secondMs) {
      this.secondMs = secondMs;
      this.writtenInSecond = 0;
    }
    if (this.writtenInSecond >= maxPerSecond) return false;
    this.writtenInSecond++;
    return true;
  }

  /** When GetRecords may be called again: five times in a second, by all that poll the shard together. Counts the call when that is now. */
  admitsRead(nowMs: number): number {
    const { reads } = this;
    const atMs = reads.length < READS_PER_SECOND ? nowMs : Math.max(nowMs, reads[0] + 1000);
    if (atMs > nowMs) return atMs;
    if (reads.length === READS_PER_SECOND) reads.shift();
    reads.push(nowMs);
    return nowMs;
  }

  /** Number, in this shard, of the first record from a position on that is not too old. LATEST is behind all that is there. */
  indexOf(position: ShardPosition, nowMs: number): number {
    const oldest = this.firstIndex((record) => record.approximateArrivalTimestamp >= nowMs - this.retentionMs);
    switch (position.kind) {
      case "TRIM_HORIZON":
        return oldest;
      case "LATEST":
        return this.records.length;
      case "AT_TIMESTAMP":
        return Math.max(
          oldest,
          this.firstIndex((record) => record.approximateArrivalTimestamp >= position.timestampMs),
        );
      case "AFTER_SEQUENCE_NUMBER":
        return Math.max(
          oldest,
          this.firstIndex((record) => record.sequenceNumber > position.sequenceNumber),
        );
    }
  }

  /** Undefined when there is none yet, or none any more. */
  recordAt(index: number): KinesisRecord | undefined {
    return this.records[index];
  }

  get length(): number {
    return this.records.length;
  }

  onChange(listener: () => void): { cancel(): void } {
    const entry = () => listener();
    this.listeners.add(entry);
    return { cancel: () => void this.listeners.delete(entry) };
  }

  all(): readonly KinesisRecord[] {
    return this.records;
  }

  private notify(): void {
    for (const listener of [...this.listeners]) listener();
  }

  private firstIndex(matches: (record: KinesisRecord) => boolean): number {
    const index = this.records.findIndex(matches);
    return index === -1 ? this.records.length : index;
  }
}
