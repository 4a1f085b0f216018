/**
 * The writers of a KafkaSink: one that appends at once (NONE, AT_LEAST_ONCE) and one that writes in transactions (EXACTLY_ONCE).
 *
 * The transactional writer, as Flink's `ExactlyOnceKafkaWriter` with incrementing names: between two checkpoints everything goes into
 * one transaction named `<prefix>-<subtask>-<n>`, n = the checkpoint that will close it. At the barrier the transaction is flushed and
 * handed to the committer as (id, producer id, epoch); the next record goes into a new one. Starting from checkpoint c, every open
 * transaction of the prefix with n > c belongs to work that will be done again, and is aborted; those with n <= c are in the restored
 * committables and must be left alone. When the parallelism has changed, old subtask s is looked after by s mod parallelism.
 */
import { accessOf, type OriginOfWrites, originOf, outsideOf } from "../../flow/engine-access.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import { invariant } from "../../base/invariant.ts";
import type { Counter } from "../../flow/metrics/metric.ts";
import { inStep } from "../../flow/checkpoint-step.ts";
import { OperatorMetricGroup } from "../../flow/metrics/metric-group.ts";
import type { SinkInitContext, SinkWriteContext, SinkWriter, WriterInitContext } from "../../flow/sink.ts";
import { logBrokerOf } from "../outside.ts";
import { KafkaPartitioner } from "./kafka-partitioner.ts";
import { type KafkaRecordSerializationSchema, type ProducerRecord, rowKindOfRecord } from "./kafka-record-serialization.ts";
import { unknownTopicDiagnostic } from "./kafka-source-enumerator.ts";
import type { LogBroker, LogWrite } from "./log-broker.ts";
import { DeliveryTimedOut, InvalidTransactionTimeout } from "./log-errors.ts";
import type { TransactionalProducer } from "./log-producer.ts";
import { toPlainValue } from "./plain-value.ts";

/** Names a flushed transaction, so that any process can commit it. */
export interface KafkaCommittable {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly epoch: number;
}

/** Kept in the writer's state only to find lingering transactions after a restore under another prefix. */
export interface KafkaWriterState {
  readonly transactionalIdPrefix: string;
}

/** Puts a record into the log, or into a transaction of it. */
type Send = (topic: string, partition: number, write: LogWrite) => void;

/** What both writers do with a value: from value to topic, partition and record. */
class KafkaRecords<T> {
  readonly broker: LogBroker;
  readonly context: SinkInitContext;
  readonly origin: OriginOfWrites;
  readonly #send: Send;
  readonly #serializer: KafkaRecordSerializationSchema<T>;
  readonly #partitioner: KafkaPartitioner;
  readonly #numRecordsSend: Counter;
  readonly #deliveryTimeoutMs: number = 0;
  /** When the last of the partitions written to since the last flush is back. */
  #deliveredAtMs = Number.NEGATIVE_INFINITY;

  constructor(context: SinkInitContext, serializer: KafkaRecordSerializationSchema<T>, deliveryTimeoutMs: number, send: Send) {
    this.context = context;
    this.origin = originOf(context);
    this.#send = send;
    this.#deliveryTimeoutMs = deliveryTimeoutMs;
    this.broker = logBrokerOf(outsideOf(context));
    this.#serializer = serializer;
    this.#partitioner = new KafkaPartitioner(context.subtaskIndex);
    // Outside a job there is nobody to report to.
    const metrics = (context as Partial<WriterInitContext>).metricGroup?.() ?? new OperatorMetricGroup(null);
    this.#numRecordsSend = metrics.counter("numRecordsSend");
    if (serializer.topic !== undefined) this.#requireTopic(serializer.topic);
  }

  write(value: T, context: SinkWriteContext): void {
    const record = this.#serializer.serialize(value, context.timestamp());
    if (record === null) return;
    this.#requireTopic(record.topic);
    const key = keyText(record.key);
    const rowKind = rowKindOfRecord(record);
    const write: LogWrite = {
      key,
      value: toPlainValue(record.value),
      timestampMs: record.timestamp ?? usableTimestamp(context.timestamp()),
      ...(rowKind === null ? {} : { rowKind }),
    };
    const partition = this.#partitionOf(record, key);
    this.#send(record.topic, partition, write);
    this.#numRecordsSend.inc();
    if (this.broker.hasOutages) this.#expectDelivery(record.topic, partition);
  }

  /** A partition without a leader takes nothing: what was sent waits here, and fails the job when it has waited for too long. */
  #expectDelivery(topic: string, partition: number): void {
    const { unavailableUntilMs } = this.broker.partition(topic, partition);
    if (unavailableUntilMs === null || unavailableUntilMs <= this.#deliveredAtMs) return;
    this.#deliveredAtMs = unavailableUntilMs;
    const deadlineMs = this.context.currentMs() + this.#deliveryTimeoutMs;
    if (unavailableUntilMs <= deadlineMs) return;
    (this.context as Partial<WriterInitContext>).getProcessingTimeService?.().registerTimer(deadlineMs, () => {
      throw new DeliveryTimedOut(topic, partition, this.#deliveryTimeoutMs);
    });
  }

  /** Waits until everything sent is in the log, or has been given up. */
  awaitDelivery(): void {
    const outageMs = Math.min(this.#deliveredAtMs - this.context.currentMs(), this.#deliveryTimeoutMs);
    const waitMs = Math.max(outageMs, this.broker.requestLatencyMs());
    if (waitMs > 0) this.context.block?.(waitMs);
  }

  #partitionOf(record: ProducerRecord, key: string | null): number {
    const partitions = this.broker.partitionCount(record.topic);
    const { partition } = record;
    if (partition === undefined) return this.#partitioner.partitionFor(key, partitions);
    if (Number.isInteger(partition) && partition >= 0 && partition < partitions) return partition;
    throw new Diagnostic({
      code: "KAFKA_UNKNOWN_PARTITION",
      message: `The partitioner chose partition ${partition} of topic "${record.topic}", which has ${partitions}.`,
      phase: "runtime",
      found: String(partition),
      expected: `0 to ${partitions - 1}`,
    });
  }

  #requireTopic(topic: string): void {
    if (!this.broker.hasTopic(topic)) {
      throw unknownTopicDiagnostic(topic, this.broker, "Write to a topic that the scenario declares.");
    }
  }
}

export interface ProducerSettings {
  /** NONE: nobody waits for what was sent. */
  readonly flushes: boolean;
  readonly deliveryTimeoutMs: number;
}

interface WaitingWrite {
  readonly topic: string;
  readonly partition: number;
  readonly write: LogWrite;
}

/**
 * NONE and AT_LEAST_ONCE: a record is in the log, for everybody to see, when `write` returns and its partition has a leader. Without one it waits here,
 * and dies with its task unless it was flushed: with AT_LEAST_ONCE a checkpoint flushes, with NONE it does not.
 */
export class AppendingKafkaWriter<T> implements SinkWriter<T> {
  readonly #records: KafkaRecords<T>;
  readonly #flushes: boolean = false;
  #waiting: WaitingWrite[] = [];

  constructor(context: SinkInitContext, serializer: KafkaRecordSerializationSchema<T>, { flushes, deliveryTimeoutMs }: ProducerSettings) {
    this.#records = new KafkaRecords(context, serializer, deliveryTimeoutMs, (topic, partition, write) =>
      this.#send(topic, partition, write),
    );
    this.#flushes = flushes;
  }

  write(value: T, context: SinkWriteContext): void {
    this.#records.write(value, context);
  }

  #send(topic: string, partition: number, write: LogWrite): void {
    if (this.#records.broker.hasOutages || this.#waiting.length > 0) this.#sendWhenPossible({ topic, partition, write });
    else this.#records.broker.append(topic, partition, write, this.#records.origin);
  }

  flush(endOfInput: boolean): void {
    if (!this.#flushes && !endOfInput) return;
    this.#records.awaitDelivery();
    this.#append(this.#waiting.splice(0));
  }

  /** What waits is given up. */
  close(): void {
    this.#waiting = [];
  }

  /** Records of a partition keep their order: they wait behind those that wait. */
  #sendWhenPossible(write: WaitingWrite): void {
    this.#waiting.push(write);
    this.#sendDeliverable();
    const { topic, partition } = write;
    const { unavailableUntilMs } = this.#records.broker.partition(topic, partition);
    if (unavailableUntilMs === null) return;
    const { getProcessingTimeService } = this.#records.context as Partial<WriterInitContext>;
    if (getProcessingTimeService === undefined) this.#append(this.#waiting.splice(0));
    else getProcessingTimeService().registerTimer(unavailableUntilMs, () => this.#sendDeliverable());
  }

  #sendDeliverable(): void {
    const hasLeader = ({ topic, partition }: WaitingWrite) => this.#records.broker.partition(topic, partition).unavailableUntilMs === null;
    const deliverable = this.#waiting.filter(hasLeader);
    this.#waiting = this.#waiting.filter((write) => !hasLeader(write));
    this.#append(deliverable);
  }

  #append(writes: readonly WaitingWrite[]): void {
    for (const { topic, partition, write } of writes) this.#records.broker.append(topic, partition, write, this.#records.origin);
  }
}

export interface TransactionSettings {
  readonly prefix: string;
  readonly timeoutMs: number;
  readonly deliveryTimeoutMs: number;
}

/** EXACTLY_ONCE. */
export class TransactionalKafkaWriter<T> implements SinkWriter<T, KafkaCommittable, KafkaWriterState> {
  readonly #records: KafkaRecords<T>;
  readonly #settings: TransactionSettings;
  #producer: TransactionalProducer;

  constructor(
    context: SinkInitContext,
    serializer: KafkaRecordSerializationSchema<T>,
    settings: TransactionSettings,
    restored: readonly KafkaWriterState[],
  ) {
    this.#records = new KafkaRecords(context, serializer, settings.deliveryTimeoutMs, (topic, partition, write) =>
      this.#send(topic, partition, write),
    );
    this.#settings = settings;
    const restoredCheckpointId = context.restoredCheckpointId ?? 0;
    const prefixes = new Set([settings.prefix, ...restored.map((state) => state.transactionalIdPrefix)]);
    for (const prefix of prefixes) this.#abortLingering(prefix, restoredCheckpointId);
    this.#producer = this.#startTransaction(restoredCheckpointId + 1);
  }

  write(value: T, context: SinkWriteContext): void {
    this.#records.write(value, context);
  }

  #abortLingering(prefix: string, restoredCheckpointId: number): void {
    const { subtaskIndex, parallelism } = this.#records.context;
    for (const id of this.#records.broker.openTransactionalIds(`${prefix}-`)) {
      const match = /^(\d+)-(\d+)$/.exec(id.slice(prefix.length + 1));
      if (match === null) continue; // another application whose prefix begins with ours
      const [subtask, checkpoint] = [Number(match[1]), Number(match[2])];
      if (subtask % parallelism !== subtaskIndex || checkpoint <= restoredCheckpointId) continue;
      // A new producer under the same id aborts what the old one left open.
      inStep(accessOf(this.#records.context).steps, "abort", checkpoint, () => this.#newProducer(id));
    }
  }

  #newProducer(transactionalId: string): TransactionalProducer {
    try {
      return this.#records.broker.initTransactions(transactionalId, { timeoutMs: this.#settings.timeoutMs, origin: this.#records.origin });
    } catch (failure) {
      if (!(failure instanceof InvalidTransactionTimeout)) throw failure;
      throw new Diagnostic({
        code: "KAFKA_TRANSACTION_TIMEOUT_TOO_LONG",
        message: failure.message,
        phase: "runtime",
        hint: 'Lower it with setProperty("transaction.timeout.ms", …), but keep it above checkpoint duration plus the longest downtime.',
      });
    }
  }

  #startTransaction(checkpointId: number): TransactionalProducer {
    return inStep(accessOf(this.#records.context).steps, "begin", checkpointId, () => {
      const producer = this.#newProducer(`${this.#settings.prefix}-${this.#records.context.subtaskIndex}-${checkpointId}`);
      producer.begin();
      return producer;
    });
  }

  #send(topic: string, partition: number, write: LogWrite): void {
    this.#producer.append(topic, partition, write);
  }

  flush(): void {
    this.#records.awaitDelivery();
    this.#producer.flush();
  }

  prepareCommit(): readonly KafkaCommittable[] {
    const { transactionalId, producerId, epoch } = this.#producer;
    return this.#producer.hasRecordsInTransaction ? [{ transactionalId, producerId, epoch }] : [];
  }

  snapshotState(checkpointId: number): readonly KafkaWriterState[] {
    invariant(checkpointId > 0, `checkpoint ids begin with 1, not ${checkpointId}`);
    this.#producer = this.#startTransaction(checkpointId + 1);
    return [{ transactionalIdPrefix: this.#settings.prefix }];
  }

  /** Leaves an open transaction to the broker's timeout, as a closing or dying process does; the next start aborts it. */
  close(): void {}
}

/** Keys lie in the log as texts: texts as they are, everything else as its JSON text. */
function keyText(key: unknown): string | null {
  if (key === null || key === undefined) return null;
  return typeof key === "string" ? key : JSON.stringify(toPlainValue(key));
}

/** Kafka refuses negative timestamps; Flink then sends none and the broker takes its own clock. */
function usableTimestamp(timestampMs: number | null): number | null {
  return timestampMs !== null && timestampMs >= 0 && timestampMs < 2 ** 53 ? timestampMs : null;
}
