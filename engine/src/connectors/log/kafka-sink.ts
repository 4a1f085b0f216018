/**
 * `KafkaSink`: writes to topics of the log broker, with or without transactions.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/datastream/kafka/#kafka-sink)
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import type { Committer, Sink, SinkWriter, SinkInitContext } from "../../flow/sink.ts";
import { logBrokerOf } from "../outside.ts";
import { KafkaCommitter } from "./kafka-committer.ts";
import type { KafkaRecordSerializationSchema } from "./kafka-record-serialization.ts";
import {
  AppendingKafkaWriter,
  type KafkaCommittable,
  type KafkaWriterState,
  TransactionalKafkaWriter,
  type TransactionSettings,
} from "./kafka-writer.ts";

/** What a sink promises after a failure. (Flink: docs/connectors/datastream/kafka) */
export const DeliveryGuarantee = {
  /** Nothing is promised. The default of KafkaSink. */
  NONE: "NONE",
  /** Nothing is lost; records since the last checkpoint may be written again. */
  AT_LEAST_ONCE: "AT_LEAST_ONCE",
  /** A read_committed consumer sees everything once; records become visible when a checkpoint completes. */
  EXACTLY_ONCE: "EXACTLY_ONCE",
} as const;
export type DeliveryGuarantee = (typeof DeliveryGuarantee)[keyof typeof DeliveryGuarantee];

type KafkaSinkWriter<T> = SinkWriter<T, KafkaCommittable, KafkaWriterState>;

/** A writer to log topics. Make one with `KafkaSink.builder<T>()`. (Flink: docs/connectors/datastream/kafka) */
export class KafkaSink<T> implements Sink<T, KafkaCommittable, KafkaWriterState> {
  /** Present with EXACTLY_ONCE only: the presence makes the runtime add a committer. */
  readonly createCommitter?: (context: SinkInitContext) => Committer<KafkaCommittable>;
  private readonly serializer: KafkaRecordSerializationSchema<T>;
  private readonly transactions: TransactionSettings | undefined;

  /** @internal Use `KafkaSink.builder()`. `transactions` undefined = records are appended at once. */
  constructor(serializer: KafkaRecordSerializationSchema<T>, transactions: TransactionSettings | undefined) {
    this.serializer = serializer;
    this.transactions = transactions;
    if (transactions !== undefined) this.createCommitter = (context) => new KafkaCommitter(logBrokerOf(context.outside));
  }

  /** Starts building; `T` is the type of the values written. */
  static builder<T>(): KafkaSinkBuilder<T> {
    return new KafkaSinkBuilder<T>();
  }

  createWriter(context: SinkInitContext): KafkaSinkWriter<T> {
    return this.restoreWriter(context, []);
  }

  restoreWriter(context: SinkInitContext, state: readonly KafkaWriterState[]): KafkaSinkWriter<T> {
    return this.transactions === undefined
      ? new AppendingKafkaWriter(context, this.serializer)
      : new TransactionalKafkaWriter(context, this.serializer, this.transactions, state);
  }
}

/** Flink's KafkaSink asks for transactions of up to an hour unless told otherwise. */
const DEFAULT_TRANSACTION_TIMEOUT_MS = 3_600_000;

/**
 * Builds a `KafkaSink`. The record serializer is required; EXACTLY_ONCE also needs a transactional id prefix.
 * (Flink: docs/connectors/datastream/kafka)
 */
export class KafkaSinkBuilder<T> {
  private serializer: KafkaRecordSerializationSchema<T> | undefined;
  private guarantee: DeliveryGuarantee = DeliveryGuarantee.NONE;
  private prefix: string | undefined;
  private readonly properties = new Map<string, string>();

  /** Accepted for likeness; there is one broker, the scenario's. */
  setBootstrapServers(_servers: string): this {
    return this;
  }

  /** How values become log records. Needed. */
  setRecordSerializer(serializer: KafkaRecordSerializationSchema<T>): this {
    this.serializer = serializer;
    return this;
  }

  /** Default `DeliveryGuarantee.NONE`. */
  setDeliveryGuarantee(guarantee: DeliveryGuarantee): this {
    this.guarantee = guarantee;
    return this;
  }

  /** Begins the names of this sink's transactions: unique among applications, the same after every restart. */
  setTransactionalIdPrefix(prefix: string): this {
    this.prefix = prefix;
    return this;
  }

  /**
   * A producer property. Understood: `transaction.timeout.ms` (default 3600000). The broker aborts a transaction that stays open longer,
   * even a flushed one: keep it above checkpoint duration plus the longest downtime, and at or below the broker's
   * `transaction.max.timeout.ms`. Others are accepted and have no effect here.
   */
  setProperty(name: string, value: string | number): this {
    this.properties.set(name, String(value));
    return this;
  }

  /** Several producer properties at once. */
  setKafkaProducerConfig(properties: Readonly<Record<string, string | number>>): this {
    for (const [name, value] of Object.entries(properties)) this.setProperty(name, value);
    return this;
  }

  /** Throws Diagnostic KAFKA_SINK_WITHOUT_SERIALIZER, KAFKA_SINK_WITHOUT_TRANSACTIONAL_ID_PREFIX, KAFKA_BAD_TRANSACTION_TIMEOUT. */
  build(): KafkaSink<T> {
    if (this.serializer === undefined) {
      throw new Diagnostic({
        code: "KAFKA_SINK_WITHOUT_SERIALIZER",
        message: "This KafkaSink has no record serializer, so it does not know topic and format.",
        phase: "graph",
        hint: 'Call setRecordSerializer(json("sessions")) before build().',
      });
    }
    return new KafkaSink(this.serializer, this.guarantee === DeliveryGuarantee.EXACTLY_ONCE ? this.transactionSettings() : undefined);
  }

  private transactionSettings(): TransactionSettings {
    if (this.prefix === undefined || this.prefix === "") {
      throw new Diagnostic({
        code: "KAFKA_SINK_WITHOUT_TRANSACTIONAL_ID_PREFIX",
        message:
          "EXACTLY_ONCE delivery guarantee requires a transactionalIdPrefix to be set to provide unique transaction names across " +
          "multiple KafkaSinks writing to the same Kafka cluster.",
        phase: "graph",
        hint: 'Call setTransactionalIdPrefix("sessions-") with a name of your own; keep it when you upgrade the job.',
      });
    }
    const text = this.properties.get("transaction.timeout.ms") ?? String(DEFAULT_TRANSACTION_TIMEOUT_MS);
    const timeoutMs = Number(text);
    if (!Number.isInteger(timeoutMs) || timeoutMs <= 0) {
      throw new Diagnostic({
        code: "KAFKA_BAD_TRANSACTION_TIMEOUT",
        message: `Invalid value "${text}" for the producer property transaction.timeout.ms.`,
        phase: "graph",
        found: text,
        expected: "a positive whole number of milliseconds",
      });
    }
    return { prefix: this.prefix, timeoutMs };
  }
}
