/**
 * Reads the log: the changes of the captured tables, without those that the chunks contain already.
 *
 * Changes are fetched every `poll.interval.ms`, as Debezium's queue gives them out: what commits in between waits for the next time. How far
 * reading has come is a position between transactions and a number of events behind it, so that it can go on in the middle of one.
 */
import type { PostgresDatabase } from "../database.ts";
import type { ReplicationStream } from "../replication/replication-stream.ts";
import { changeRecords, type EventOrigin, type SourceRecord } from "./change-event.ts";
import { type FinishedChunk, isInChunk, type StreamPosition, type StreamSplit } from "./cdc-splits.ts";
import { isCaptured, type PostgresSourceConfig, SERVER_NAME } from "./postgres-source-config.ts";

export class StreamFetch {
  readonly #split: StreamSplit;
  readonly #config: PostgresSourceConfig;
  readonly #database: PostgresDatabase;
  readonly #stream: ReplicationStream;
  readonly #origin: EventOrigin;
  readonly #currentMs: () => number;
  readonly #chunksByTable = new Map<string, FinishedChunk[]>();
  readonly #startMs: number = 0;
  /** What was committed up to here has been fetched. */
  #fetchedLsn: number = 0;
  /** When the queue gives out what is there, null when nothing is. */
  #dueMs: number | null = null;
  /** Events of the transaction that is being read, and which of them is next. */
  #events: readonly (readonly [SourceRecord, boolean])[] = [];
  #transactionEndLsn = 0;
  #position: StreamPosition;
  #lastHeartbeatMs: number = 0;

  /** @param onAvailable called when there may be something new. @throws PostgresError */
  constructor(
    database: PostgresDatabase,
    config: PostgresSourceConfig,
    split: StreamSplit,
    currentMs: () => number,
    onAvailable: () => void,
  ) {
    this.#database = database;
    this.#config = config;
    this.#split = split;
    this.#currentMs = currentMs;
    this.#startMs = currentMs();
    this.#lastHeartbeatMs = this.#startMs;
    this.#position = split.position;
    this.#origin = { name: SERVER_NAME, database: config.database };
    for (const chunk of split.finishedChunks) {
      const others = this.#chunksByTable.get(chunk.table);
      if (others === undefined) this.#chunksByTable.set(chunk.table, [chunk]);
      else others.push(chunk);
    }
    this.#stream = database.startReplication(config.slotName, config.publication, split.position.lsn);
    this.#stream.onAvailable(onAvailable);
    this.#fetchedLsn = this.#stream.position;
  }

  /** The next event, null when nothing more has been fetched. @throws PostgresError */
  next(): SourceRecord | null {
    for (;;) {
      while (this.#position.events < this.#events.length) {
        const [record, wanted] = this.#events[this.#position.events];
        const events = this.#position.events + 1;
        this.#position = events === this.#events.length ? { lsn: this.#transactionEndLsn, events: 0 } : { ...this.#position, events };
        if (this.#position.events === 0) this.#events = [];
        if (wanted) return record;
      }
      if (!this.#openTransaction()) return null;
    }
  }

  /** Nothing more will come. */
  get ended(): boolean {
    const { endingLsn } = this.#split;
    if (endingLsn === null || this.#position.events < this.#events.length) return false;
    const next = this.#stream.peek();
    return next === null || next.endLsn > endingLsn;
  }

  /** Takes what there is. False when nothing is, or not yet: see `nextFetchMs`. @throws PostgresError */
  fetch(): boolean {
    if (this.#stream.peek() === null) return false;
    const nowMs = this.#currentMs();
    this.#dueMs ??= this.#pollTimeAfter(nowMs);
    if (nowMs < this.#dueMs) return false;
    this.#dueMs = null;
    this.#fetchedLsn = this.#database.wal.insertLsn;
    return true;
  }

  /** When to fetch next; null = when there is something. */
  get nextFetchMs(): number | null {
    return this.#dueMs;
  }

  /** For a checkpoint: heartbeats move the position on when other tables alone have changed. */
  snapshot(): StreamSplit {
    const { heartbeatIntervalMs } = this.#config;
    const nowMs = this.#currentMs();
    if (heartbeatIntervalMs > 0 && nowMs - this.#lastHeartbeatMs >= heartbeatIntervalMs && this.#position.events === 0) {
      this.#lastHeartbeatMs = nowMs;
      const lsn = this.#events.length > 0 ? this.#position.lsn : this.#stream.keepaliveLsn();
      if (lsn > this.#position.lsn) this.#position = { lsn, events: 0 };
    }
    return { ...this.#split, position: this.#position };
  }

  /** The slot may forget what is before this position. */
  confirm(lsn: number): void {
    this.#database.confirm(this.#stream, lsn);
  }

  close(): void {
    this.#stream.close();
  }

  /** The next time at which the queue is polled, counted from the start; perhaps now. */
  #pollTimeAfter(nowMs: number): number {
    const { pollIntervalMs } = this.#config;
    return pollIntervalMs === 0 ? nowMs : this.#startMs + Math.ceil((nowMs - this.#startMs) / pollIntervalMs) * pollIntervalMs;
  }

  #openTransaction(): boolean {
    const next = this.#stream.peek();
    if (next === null || next.endLsn > this.#fetchedLsn) return false;
    const { endingLsn } = this.#split;
    if (endingLsn !== null && next.endLsn > endingLsn) return false;
    this.#stream.next();
    const nowMs = this.#currentMs();
    const events = next.changes
      .filter(({ table }) => isCaptured(this.#config, table))
      .flatMap((change) => changeRecords(this.#origin, next, change, nowMs))
      .map((record) => [record, this.#isWanted(record, next.endLsn)] as const);
    // A transaction without any event of ours does not move the position: see `snapshot`.
    if (events.length === 0) return true;
    this.#events = events;
    this.#transactionEndLsn = next.endLsn;
    return true;
  }

  /** The chunk of this row was complete before the change. */
  #isWanted({ value }: SourceRecord, endLsn: number): boolean {
    const chunks = this.#chunksByTable.get(`${value.source.schema}.${value.source.table}`);
    if (chunks === undefined) return true;
    const row = value.after ?? value.before;
    const chunk = chunks.find((candidate) => isInChunk(row?.[candidate.chunkKey], candidate));
    return chunk === undefined || endLsn > chunk.highWatermarkLsn;
  }
}
