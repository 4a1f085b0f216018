/**
 * A client of the log for sinks that programs write themselves: its transactions, and nothing else of it. What Flink's users have `KafkaProducer` for.
 */
import { accessOf, type OriginOfWrites, originOf } from "../../flow/engine-access.ts";
import type { CommitterInitContext } from "../../flow/sink.ts";
import { logBrokerOf } from "../outside.ts";
import type { LogBroker } from "./log-broker.ts";
import { InvalidTxnState } from "./log-errors.ts";
import type { TransactionalProducer } from "./log-producer.ts";
import { toPlainValue } from "./plain-value.ts";

/** Names a transaction of the log: plain data, made to be kept in a checkpoint. */
export interface LogTransactionHandle {
  /** The transactional id. */
  readonly transactionalId: string;
  /** Of the producer that began it. */
  readonly producerId: number;
  /** Rises with each producer of the same transactional id; those of lower epochs are fenced. */
  readonly epoch: number;
}

/** One record to be written. */
export interface LogTransactionRecord {
  /** Where to; the topic must be one of the world's. */
  readonly topic: string;
  /** Counted from 0. Default 0. */
  readonly partition?: number;
  /** What compaction and lookups go by. Default none. */
  readonly key?: string | null;
  /** Plain JSON. */
  readonly value: unknown;
  /** Epoch ms. Default: the log's own clock when the record is written. */
  readonly timestampMs?: number;
}

/**
 * Writes to the world's topics in transactions, as a Kafka client does: what is in an open transaction is read by nobody who reads committed data. Whoever has the
 * handle of a transaction that was prepared may commit it, after a crash too, once or several times.
 *
 * Made in `createWriter` or `createCommitter` of a `Sink`, from the context given there.
 */
export class TransactionalLogClient {
  readonly #broker: LogBroker;
  readonly #origin: OriginOfWrites;
  readonly #open = new Map<string, TransactionalProducer>();

  /** @throws Diagnostic CONNECTOR_CONTEXT for a context that is not the one given to the sink. */
  constructor(context: CommitterInitContext) {
    this.#broker = logBrokerOf(accessOf(context).outside);
    this.#origin = originOf(context);
  }

  /**
   * Opens a transaction. One of the same id that is still open, whoever opened it, is aborted, prepared or not.
   * @param timeoutMs after which the log aborts it by itself, in ms.
   */
  begin(transactionalId: string, timeoutMs: number): LogTransactionHandle {
    const producer = this.#broker.initTransactions(transactionalId, { timeoutMs, origin: this.#origin });
    producer.begin();
    this.#open.set(transactionalId, producer);
    const { producerId, epoch } = producer;
    return { transactionalId, producerId, epoch };
  }

  /** Adds a record to a transaction that this client has opened. */
  append({ transactionalId }: LogTransactionHandle, record: LogTransactionRecord): void {
    const { topic, partition = 0, key = null, value, timestampMs = null } = record;
    this.#producerOf(transactionalId, "append to").append(topic, partition, { key, value: toPlainValue(value), timestampMs });
  }

  /** Phase one: from now on it can be committed, whatever happens to this client. It takes no more records. */
  prepare({ transactionalId }: LogTransactionHandle): void {
    this.#producerOf(transactionalId, "prepare").flush();
    this.#open.delete(transactionalId);
  }

  /** Phase two, by whoever has the handle. Once or several times: that is the same. */
  commit({ transactionalId, producerId, epoch }: LogTransactionHandle): void {
    this.#broker.commitPrepared(transactionalId, producerId, epoch);
  }

  /** Throws a transaction away that this client has opened. */
  abort({ transactionalId }: LogTransactionHandle): void {
    this.#producerOf(transactionalId, "abort").abort();
    this.#open.delete(transactionalId);
  }

  #producerOf(transactionalId: string, wanted: string): TransactionalProducer {
    const producer = this.#open.get(transactionalId);
    if (producer === undefined) throw new InvalidTxnState(transactionalId, wanted, "not open here");
    return producer;
  }
}
