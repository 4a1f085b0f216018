/** The two kinds of producer beside the plain `LogBroker.append`, as a Kafka client offers them. */
import type { LogBroker, LogWrite } from "./log-broker.ts";
import { InvalidTxnState, OutOfOrderSequence } from "./log-errors.ts";
import type { LogRecord } from "./log-partition.ts";
import type { LogTransaction } from "./log-transaction.ts";
import type { TransactionCoordinator } from "./transaction-coordinator.ts";

/** Writes each record once even if the request is repeated: the broker knows its sequence number per partition. */
export class IdempotentProducer {
  readonly producerId: number;
  private readonly broker: LogBroker;
  private readonly origin: unknown;
  private readonly nextSequence = new Map<string, number>();

  constructor(broker: LogBroker, producerId: number, origin: unknown) {
    this.broker = broker;
    this.producerId = producerId;
    this.origin = origin;
  }

  /** Sequence number for the next record of this partition. */
  sequenceFor(topic: string, partition: number): number {
    const key = `${topic}-${partition}`;
    const sequence = this.nextSequence.get(key) ?? 0;
    this.nextSequence.set(key, sequence + 1);
    return sequence;
  }

  /** Sends one record, or repeats the last send with the same `sequence`. Returns the record's offset. */
  append(topic: string, partition: number, write: LogWrite, sequence = this.sequenceFor(topic, partition)): number {
    const log = this.broker.partition(topic, partition);
    const { duplicateOf, expected } = log.checkSequence(this.producerId, sequence);
    if (duplicateOf !== -1) return duplicateOf;
    if (sequence !== expected) throw new OutOfOrderSequence(this.producerId, expected, sequence);
    const offset = this.broker.append(topic, partition, write, this.origin);
    log.rememberSequence(this.producerId, sequence, offset);
    return offset;
  }
}

/**
 * Writes in transactions: begin, append …, flush, then commit or abort, again and again. Made by `LogBroker.initTransactions`, which
 * fences every earlier producer of the same transactional id.
 */
export class TransactionalProducer {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly epoch: number;
  private readonly broker: LogBroker;
  private readonly coordinator: TransactionCoordinator;
  private readonly origin: unknown;
  private begun = false;
  private transaction: LogTransaction | null = null;

  constructor(
    broker: LogBroker,
    coordinator: TransactionCoordinator,
    identity: { readonly transactionalId: string; readonly producerId: number; readonly epoch: number },
    origin: unknown,
  ) {
    this.broker = broker;
    this.coordinator = coordinator;
    this.transactionalId = identity.transactionalId;
    this.producerId = identity.producerId;
    this.epoch = identity.epoch;
    this.origin = origin;
  }

  begin(): void {
    if (this.begun) throw new InvalidTxnState(this.transactionalId, "begin", "already open");
    this.begun = true;
    this.transaction = null;
  }

  get hasRecordsInTransaction(): boolean {
    return this.transaction !== null;
  }

  append(topic: string, partition: number, write: LogWrite): number {
    if (!this.begun) throw new InvalidTxnState(this.transactionalId, "append to", "not open");
    const log = this.broker.partition(topic, partition);
    this.transaction ??= this.coordinator.begin(this.transactionalId, this.epoch, this.origin);
    this.coordinator.join(this.transaction, log);
    const record: LogRecord = this.broker.write(log, write, this.transaction, this.origin);
    return record.offset;
  }

  /** All records are in the log; the caller is about to promise the commit (phase one). */
  flush(): void {
    if (this.transaction !== null) this.coordinator.preCommit(this.transaction);
  }

  /** A transaction without records never reached the broker, so there is nothing to end. */
  commit(): void {
    this.end("committed");
  }

  abort(): void {
    this.end("aborted");
  }

  private end(how: "committed" | "aborted"): void {
    if (!this.begun) throw new InvalidTxnState(this.transactionalId, how === "committed" ? "commit" : "abort", "not open");
    this.begun = false;
    if (this.transaction !== null) this.coordinator.end(this.transactionalId, this.producerId, this.epoch, how);
  }
}
