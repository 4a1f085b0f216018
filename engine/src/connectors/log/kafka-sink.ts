/**
 * `KafkaSink`: writes to topics of the log broker, with or without transactions.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/datastream/kafka/#kafka-sink)
 */
import { outsideOf } from "../../flow/engine-access.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import type { Committer, Sink, SinkWriter, SinkInitContext } from "../../flow/sink.ts";
import { logBrokerOf } from "../outside.ts";
import { KafkaCommitter } from "./kafka-committer.ts";
import type { KafkaRecordSerializationSchema } from "./kafka-record-serialization.ts";
import {
  AppendingKafkaWriter,
  type KafkaCommittable,
  type KafkaWriterState,
  type ProducerSettings,
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
  readonly #serializer: KafkaRecordSerializationSchema<T>;
  readonly #settings: ProducerSettings | TransactionSettings;

  /** @internal Use `KafkaSink.builder()`. Without `TransactionSettings` records are appended at once. */
  constructor(serializer: KafkaRecordSerializationSchema<T>, settings: ProducerSettings | TransactionSettings) {
    this.#serializer = serializer;
    this.#settings = settings;
    if ("prefix" in settings)
      this.createCommitter = (context) => new KafkaCommitter(logBrokerOf(outsideOf(context)), (durationMs) => context.block?.(durationMs));
  }

  /** Starts building; `T` is the type of the values written. */
  static builder<T>(): KafkaSinkBuilder<T> {
    return new KafkaSinkBuilder<T>();
  }

  /**
   * The same sink without its transactions, for showing what they are good for.
   * @internal
   */
  withGuarantee(guarantee: "AT_LEAST_ONCE" | "NONE"): KafkaSink<T> {
    const serializer = this.#serializer;
    const settings = this.#settings;
    return new KafkaSink(serializer, { flushes: guarantee === "AT_LEAST_ONCE", deliveryTimeoutMs: settings.deliveryTimeoutMs });
  }

  createWriter(context: SinkInitContext): KafkaSinkWriter<T> {
    return this.restoreWriter(context, []);
  }

  restoreWriter(context: SinkInitContext, state: readonly KafkaWriterState[]): KafkaSinkWriter<T> {
    const serializer = this.#serializer;
    const settings = this.#settings;
    return "prefix" in settings
      ? new TransactionalKafkaWriter(context, serializer, settings, state)
      : new AppendingKafkaWriter(context, serializer, settings);
  }
}

/** Flink's KafkaSink asks for transactions of up to an hour unless told otherwise. */
const DEFAULT_TRANSACTION_TIMEOUT_MS = 3_600_000;
const DEFAULT_DELIVERY_TIMEOUT_MS = 120_000;

/**
 * Builds a `KafkaSink`. The record serializer is required; EXACTLY_ONCE also needs a transactional id prefix.
 * (Flink: docs/connectors/datastream/kafka)
 */
export class KafkaSinkBuilder<T> {
  #serializer: KafkaRecordSerializationSchema<T> | undefined;
  #guarantee: DeliveryGuarantee = DeliveryGuarantee.NONE;
  #prefix: string | undefined;
  readonly #properties = new Map<string, string>();

  /** Accepted for likeness; there is one broker, the scenario's. */
  setBootstrapServers(_servers: string): this {
    return this;
  }

  /** How values become log records. Needed. */
  setRecordSerializer(serializer: KafkaRecordSerializationSchema<T>): this {
    this.#serializer = serializer;
    return this;
  }

  /** Default `DeliveryGuarantee.NONE`. */
  setDeliveryGuarantee(guarantee: DeliveryGuarantee): this {
    this.#guarantee = guarantee;
    return this;
  }

  /** Begins the names of this sink's transactions: unique among applications, the same after every restart. */
  setTransactionalIdPrefix(prefix: string): this {
    this.#prefix = prefix;
    return this;
  }

  /**
   * A producer property. Understood: `transaction.timeout.ms` (default 3600000). The broker aborts a transaction that stays open longer,
   * even a flushed one: keep it above checkpoint duration plus the longest downtime, and at or below the broker's
   * `transaction.max.timeout.ms`. And `delivery.timeout.ms` (default 120000): how long a record may wait for a partition that is not
   * available before the job fails. Others are accepted and have no effect here.
   */
  setProperty(name: string, value: string | number): this {
    this.#properties.set(name, String(value));
    return this;
  }

  /** Several producer properties at once. */
  setKafkaProducerConfig(properties: Readonly<Record<string, string | number>>): this {
    for (const [name, value] of Object.entries(properties)) this.setProperty(name, value);
    return this;
  }

  /**
   * Throws Diagnostic KAFKA_SINK_WITHOUT_SERIALIZER, KAFKA_SINK_WITHOUT_TRANSACTIONAL_ID_PREFIX, KAFKA_BAD_TRANSACTION_TIMEOUT,
   * KAFKA_BAD_DELIVERY_TIMEOUT.
   */
  build(): KafkaSink<T> {
    if (this.#serializer === undefined) {
      throw new Diagnostic({
        code: "KAFKA_SINK_WITHOUT_SERIALIZER",
        message: "This KafkaSink has no record serializer, so it does not know topic and format.",
        phase: "graph",
        hint: 'Call setRecordSerializer(json("sessions")) before build().',
      });
    }
    if (this.#guarantee === DeliveryGuarantee.EXACTLY_ONCE) return new KafkaSink(this.#serializer, this.#transactionSettings());
    return new KafkaSink(this.#serializer, {
      flushes: this.#guarantee === DeliveryGuarantee.AT_LEAST_ONCE,
      deliveryTimeoutMs: this.#deliveryTimeoutMs(),
    });
  }

  #transactionSettings(): TransactionSettings {
    if (this.#prefix === undefined || this.#prefix === "") {
      throw new Diagnostic({
        code: "KAFKA_SINK_WITHOUT_TRANSACTIONAL_ID_PREFIX",
        message:
          "EXACTLY_ONCE delivery guarantee requires a transactionalIdPrefix to be set to provide unique transaction names across " +
          "multiple KafkaSinks writing to the same Kafka cluster.",
        phase: "graph",
        hint: 'Call setTransactionalIdPrefix("sessions-") with a name of your own; keep it when you upgrade the job.',
      });
    }
    return {
      prefix: this.#prefix,
      timeoutMs: this.#positiveMs("transaction.timeout.ms", DEFAULT_TRANSACTION_TIMEOUT_MS, "KAFKA_BAD_TRANSACTION_TIMEOUT"),
      deliveryTimeoutMs: this.#deliveryTimeoutMs(),
    };
  }

  #deliveryTimeoutMs(): number {
    return this.#positiveMs("delivery.timeout.ms", DEFAULT_DELIVERY_TIMEOUT_MS, "KAFKA_BAD_DELIVERY_TIMEOUT");
  }

  #positiveMs(property: string, defaultMs: number, code: string): number {
    const text = this.#properties.get(property) ?? String(defaultMs);
    const valueMs = Number(text);
    if (Number.isInteger(valueMs) && valueMs > 0) return valueMs;
    throw new Diagnostic({
      code,
      message: `Invalid value "${text}" for the producer property ${property}.`,
      phase: "graph",
      found: text,
      expected: "a positive whole number of milliseconds",
    });
  }
}
