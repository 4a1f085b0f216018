/**
 * A log broker with Kafka's contract, in memory and on virtual time: topics cut into partitions, offsets, record timestamps, plain,
 * idempotent and transactional producers, fencing by epochs, transaction timeouts, and readers with an isolation level.
 *
 * It lives outside the cluster: task managers crash, the broker stays. Everything is synchronous; network time is the business of
 * whoever calls. Parts: `LogPartition` (order and visibility), `TransactionCoordinator` (who may write, commit, abort).
 *
 * Values are plain JSON values. The broker keeps what it is given; writers hand over copies and readers must not change them.
 */
import { invariant } from "../../base/invariant.ts";
import type { RowKindString } from "../../types/row-kind.ts";
import { CallConditions } from "../systems/call-conditions.ts";
import { LogCleaner, type TopicCleanup } from "./log-cleaner.ts";
import { InvalidRecord, UnknownTopic } from "./log-errors.ts";
import { LogPartition, type LogRecord } from "./log-partition.ts";
import { IdempotentProducer, TransactionalProducer } from "./log-producer.ts";
import type { AbortReason, LogTransaction, TransactionFilter } from "./log-transaction.ts";
import { TransactionCoordinator } from "./transaction-coordinator.ts";

export interface LogBrokerClock {
  currentMs(): number;
  schedule(atMs: number, callback: () => void): { cancel(): void };
}

/** Told about every write and every step of a transaction. Must not call back into the broker. */
export interface LogBrokerObserver {
  written(partition: LogPartition, record: LogRecord, origin: unknown, rowKind?: RowKindString): void;
  transactionOpened(transaction: LogTransaction): void;
  preCommitted(transaction: LogTransaction): void;
  committed(transaction: LogTransaction): void;
  aborted(transaction: LogTransaction, reason: AbortReason): void;
}

/** What a producer sends. */
export interface LogWrite {
  readonly key: string | null;
  readonly value: unknown;
  /** CreateTime in epoch ms; null = the broker's clock (a client that sets no timestamp sends its own "now"). */
  readonly timestampMs: number | null;
  /** Which change of a table it stands for. Nothing of it is in the log: it is for who watches. */
  readonly rowKind?: RowKindString;
}

/** A record as a reader finds it (the shape of `OutputRecord` in sim/outcome.ts). */
export interface LogRow {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: unknown;
  readonly timestampMs: number | null;
  readonly appendedAtMs: number;
  /** When a read_committed reader could first see it; null = never so far. */
  readonly committedAtMs: number | null;
  readonly aborted: boolean;
  /** Number of the transaction, 0 = written outside any. */
  readonly transaction: number;
}

export interface LogBrokerOptions {
  /**
   * The broker's `transaction.max.timeout.ms`. Default 1 h, so that KafkaSink's own default of 1 h is accepted; a real broker's default
   * is 15 min, and there KafkaSink fails at start until one of the two is changed.
   */
  readonly transactionMaxTimeoutMs?: number;
}

/** How far a consumer group has come in a partition. */
export interface GroupOffset {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** Of the next record to read. */
  readonly offset: number;
}

const ONE_HOUR_MS = 3_600_000;

export class LogBroker {
  private readonly clock: LogBrokerClock;
  private readonly observer: LogBrokerObserver;
  private readonly coordinator: TransactionCoordinator;
  private readonly topics = new Map<string, readonly LogPartition[]>();
  private readonly growthListeners = new Set<() => void>();
  private readonly cleaner: LogCleaner;
  private readonly cleanups = new Map<string, TopicCleanup>();
  private readonly groupOffsets = new Map<string, GroupOffset>();
  /** Its `slow` times. */
  readonly conditions: CallConditions;
  private outages = 0;

  constructor(clock: LogBrokerClock, observer: LogBrokerObserver, options: LogBrokerOptions = {}) {
    this.clock = clock;
    this.observer = observer;
    this.cleaner = new LogCleaner(clock);
    this.conditions = new CallConditions(clock, 0);
    this.coordinator = new TransactionCoordinator(clock, observer, options.transactionMaxTimeoutMs ?? ONE_HOUR_MS);
  }

  createTopic(name: string, partitions: number, cleanup?: TopicCleanup): void {
    invariant(Number.isInteger(partitions) && partitions > 0, `topic "${name}" needs at least one partition, not ${partitions}`);
    invariant(!this.topics.has(name), `topic "${name}" exists already`);
    if (cleanup !== undefined) this.cleanups.set(name, cleanup);
    this.topics.set(
      name,
      Array.from({ length: partitions }, (_, index) => new LogPartition(name, index)),
    );
    this.grown();
  }

  /** Adds partitions to a topic, as an administrator does when it has grown. */
  addPartitions(name: string, partitions: number): void {
    const known = this.partitionsOf(name);
    invariant(partitions > known.length, `topic "${name}" has ${known.length} partitions and cannot shrink to ${partitions}`);
    const added = Array.from({ length: partitions - known.length }, (_, index) => new LogPartition(name, known.length + index));
    this.topics.set(name, [...known, ...added]);
    this.grown();
  }

  private grown(): void {
    for (const listener of [...this.growthListeners]) listener();
  }

  /** Calls `listener` whenever there are new topics or partitions. */
  onGrowth(listener: () => void): { cancel(): void } {
    this.growthListeners.add(listener);
    return { cancel: () => void this.growthListeners.delete(listener) };
  }

  topicNames(): readonly string[] {
    return [...this.topics.keys()];
  }

  hasTopic(name: string): boolean {
    return this.topics.has(name);
  }

  /** Throws `UnknownTopic`. */
  partitionCount(topic: string): number {
    return this.partitionsOf(topic).length;
  }

  /** Throws `UnknownTopic` for the topic; a partition outside it is our own mistake. */
  partition(topic: string, index: number): LogPartition {
    const partitions = this.partitionsOf(topic);
    invariant(index >= 0 && index < partitions.length, `topic "${topic}" has ${partitions.length} partitions, there is no ${index}`);
    return partitions[index];
  }

  private partitionsOf(topic: string): readonly LogPartition[] {
    const partitions = this.topics.get(topic);
    if (partitions === undefined) throw new UnknownTopic(topic, this.topicNames());
    return partitions;
  }

  /** Appends outside any transaction; readable at once (unless an open transaction holds back read_committed readers). */
  append(topic: string, partition: number, write: LogWrite, origin?: unknown): number {
    return this.write(this.partition(topic, partition), write, null, origin).offset;
  }

  /** For the producers of this folder. */
  write(partition: LogPartition, write: LogWrite, transaction: LogTransaction | null, origin: unknown): LogRecord {
    const nowMs = this.clock.currentMs();
    const cleanup = this.cleanups.size === 0 ? undefined : this.cleanups.get(partition.topic);
    if (cleanup?.compact === true && write.key === null) throw new InvalidRecord(partition.topic, partition.index);
    const record = partition.append(write.key, write.value, write.timestampMs ?? nowMs, nowMs, transaction);
    this.observer.written(partition, record, origin, write.rowKind);
    partition.notifyListeners();
    if (cleanup !== undefined) this.cleaner.appended(partition, cleanup);
    return record;
  }

  idempotentProducer(origin?: unknown): IdempotentProducer {
    return new IdempotentProducer(this, this.coordinator.newProducerId(), origin);
  }

  /**
   * A producer for this transactional id: fences all earlier ones and aborts the transaction they left open. `origin` comes back in
   * every observer call about it. Throws `InvalidTransactionTimeout`.
   */
  initTransactions(transactionalId: string, options: { readonly timeoutMs: number; readonly origin?: unknown }): TransactionalProducer {
    const { producerId, epoch } = this.coordinator.initialize(transactionalId, options.timeoutMs);
    return new TransactionalProducer(this, this.coordinator, { transactionalId, producerId, epoch }, options.origin);
  }

  /**
   * Commits a transaction that another producer object, perhaps of a dead process, flushed before. Doing it twice is fine. Throws
   * `ProducerFenced`, `TransactionTimedOut`, `InvalidTxnState`.
   */
  commitPrepared(transactionalId: string, producerId: number, epoch: number): void {
    this.coordinator.end(transactionalId, producerId, epoch, "committed");
  }

  /** Transactional ids beginning with `prefix` that have an open transaction (Kafka: listTransactions). */
  openTransactionalIds(prefix: string): readonly string[] {
    return this.coordinator.openTransactionalIds(prefix);
  }

  /** Fences the producers of these transactional ids, as a second process with the same ids would. */
  fenceProducers(filter: TransactionFilter): void {
    this.coordinator.fence(filter);
  }

  /** Aborts these transactions as if their timeout had passed. */
  expireTransactions(filter: TransactionFilter): void {
    this.coordinator.expire(filter);
  }

  /** The partition has no leader for so long. Throws `UnknownTopic`. */
  makeUnavailable(topic: string, index: number, forMs: number): void {
    const partition = this.partition(topic, index);
    const untilMs = this.clock.currentMs() + forMs;
    partition.beginOutage(untilMs);
    this.outages++;
    this.clock.schedule(untilMs, () => {
      this.outages--;
      partition.endOutage(this.clock.currentMs());
    });
  }

  /** How long a request takes at present; 0 unless the broker is slow. */
  requestLatencyMs(): number {
    return this.conditions.latencyAt(this.clock.currentMs());
  }

  /** Remembers how far a group has come. */
  commitGroupOffset(offset: GroupOffset): void {
    this.groupOffsets.set(`${offset.group} ${offset.topic}-${offset.partition}`, offset);
  }

  /** What the group committed last, null when it has never. */
  groupOffset(group: string, topic: string, partition: number): number | null {
    return this.groupOffsets.get(`${group} ${topic}-${partition}`)?.offset ?? null;
  }

  /** Some partition has no leader. */
  get hasOutages(): boolean {
    return this.outages > 0;
  }

  /** Calls `listener` whenever something new may be readable in the partition, for either isolation level. */
  onAppend(topic: string, partition: number, listener: () => void): { cancel(): void } {
    return this.partition(topic, partition).addListener(listener);
  }

  /** What a read_committed consumer has seen so far, in the order in which it could see it. */
  committedView(topic: string): readonly LogRow[] {
    return this.rows(topic)
      .filter((row) => row.committedAtMs !== null)
      .sort((a, b) => (a.committedAtMs as number) - (b.committedAtMs as number) || a.partition - b.partition || a.offset - b.offset);
  }

  /** Everything in the log, aborted and open transactions included, in the order of appending. */
  uncommittedView(topic: string): readonly LogRow[] {
    return this.rows(topic).sort((a, b) => a.appendedAtMs - b.appendedAtMs || a.partition - b.partition || a.offset - b.offset);
  }

  private rows(topic: string): LogRow[] {
    return this.partitionsOf(topic).flatMap((partition) =>
      partition.allRecords().map((record) => ({
        partition: partition.index,
        offset: record.offset,
        key: record.key,
        value: record.value,
        timestampMs: record.timestampMs,
        appendedAtMs: record.appendedAtMs,
        committedAtMs: record.committedAtMs,
        aborted: record.aborted,
        transaction: record.transaction === null ? 0 : record.transaction.number,
      })),
    );
  }
}
