/**
 * `KafkaSource`: reads topics of the log broker as a FLIP-27 source, one split per partition, offsets in checkpoints.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/datastream/kafka/#kafka-source)
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import type { Boundedness, Source, SourceReader, SourceReaderContext, SplitEnumerator, SplitEnumeratorContext } from "../../flow/source.ts";
import { copyValue } from "../../types/value-copy.ts";
import type { KafkaPartitionSplit } from "./kafka-partition-split.ts";
import { type KafkaEnumeratorState, KafkaSourceEnumerator, type KafkaSubscription } from "./kafka-source-enumerator.ts";
import { type ConsumerRecord, type KafkaReaderSettings, KafkaSourceReader, type RecordDeserializer } from "./kafka-source-reader.ts";
import type { IsolationLevel } from "./log-partition.ts";
import { OffsetResetStrategy, OffsetsInitializer } from "./offsets-initializer.ts";
import { TopicPartition } from "./topic-partition.ts";
import { type DeserializationSchema, deserializerOf } from "./serialization-schemas.ts";

/** Where a record deserializer puts its values. (Flink: docs/connectors/datastream/kafka) */
export interface RecordCollector<T> {
  /** Emits a value. */
  collect(value: T): void;
}

/** Deserializer that sees the whole record: topic, partition, offset, timestamp, key, value. (Flink: docs/connectors/datastream/kafka) */
export interface KafkaRecordDeserializationSchema<T> {
  /** Emits what the log record stands for: one value, none or several. */
  deserialize(record: ConsumerRecord, out: RecordCollector<T>): void;
}

export const KafkaRecordDeserializationSchema = {
  /** Looks at the record's value only. */
  valueOnly<T>(schema: DeserializationSchema<T> | ((value: unknown) => T | null | undefined)): KafkaRecordDeserializationSchema<T> {
    const deserialize = deserializerOf(schema);
    return {
      deserialize(record, out) {
        const value = deserialize(record.value);
        if (value !== null && value !== undefined) out.collect(value);
      },
    };
  },
};

const DEFAULT_DISCOVERY_INTERVAL_MS = "300000";

/** A reader of log topics. Make one with `KafkaSource.builder<T>()`. (Flink: docs/connectors/datastream/kafka) */
export class KafkaSource<T> implements Source<T, KafkaPartitionSplit, KafkaEnumeratorState> {
  readonly #subscription: KafkaSubscription;
  readonly #settings: KafkaReaderSettings;
  readonly #deserialize: RecordDeserializer<T>;

  /** @internal Use `KafkaSource.builder()`. */
  constructor(subscription: KafkaSubscription, settings: KafkaReaderSettings, deserialize: RecordDeserializer<T>) {
    this.#subscription = subscription;
    this.#settings = settings;
    this.#deserialize = deserialize;
  }

  /** Starts building; `T` is the type of the topic's values. */
  static builder<T>(): KafkaSourceBuilder<T> {
    return new KafkaSourceBuilder<T>();
  }

  /** BOUNDED after `setBounded`. */
  getBoundedness(): Boundedness {
    return this.#settings.bounded ? "BOUNDED" : "CONTINUOUS_UNBOUNDED";
  }

  createEnumerator(context: SplitEnumeratorContext<KafkaPartitionSplit>): SplitEnumerator<KafkaPartitionSplit, KafkaEnumeratorState> {
    return new KafkaSourceEnumerator(context, this.#subscription, undefined);
  }

  restoreEnumerator(
    context: SplitEnumeratorContext<KafkaPartitionSplit>,
    state: KafkaEnumeratorState,
  ): SplitEnumerator<KafkaPartitionSplit, KafkaEnumeratorState> {
    return new KafkaSourceEnumerator(context, this.#subscription, state);
  }

  createReader(context: SourceReaderContext): SourceReader<T, KafkaPartitionSplit> {
    return new KafkaSourceReader(context, this.#settings, this.#deserialize);
  }
}

/** Builds a `KafkaSource`. Only the topics are required. (Flink: docs/connectors/datastream/kafka) */
export class KafkaSourceBuilder<T> {
  #topics: readonly string[] = [];
  #topicPattern: RegExp | undefined;
  #startingOffsets = OffsetsInitializer.earliest();
  #stoppingOffsets: OffsetsInitializer | undefined;
  #bounded = false;
  #partitions: ReadonlySet<string> | undefined;
  #deserialize: RecordDeserializer<T> = valueAsItIs;
  readonly #properties = new Map<string, string>();

  /** Accepted for likeness; there is one broker, the scenario's. */
  setBootstrapServers(_servers: string): this {
    return this;
  }

  /** Topics to read; they must exist when the job starts. */
  setTopics(...topics: readonly (string | readonly string[])[]): this {
    this.#topics = topics.flat();
    return this;
  }

  /** Reads every topic whose whole name matches. */
  setTopicPattern(pattern: RegExp): this {
    this.#topicPattern = pattern;
    return this;
  }

  /** Reads only these partitions. */
  setPartitions(...partitions: readonly (TopicPartition | Iterable<TopicPartition>)[]): this {
    const all = partitions.flatMap((given) => (given instanceof TopicPartition ? [given] : [...given]));
    this.#topics = [...new Set(all.map((partition) => partition.topic()))];
    this.#partitions = new Set(all.map(String));
    return this;
  }

  /**
   * Consumer group. When a checkpoint is complete its offsets are committed for the group, for others to see (unless `commit.offsets.on.checkpoint` is
   * "false"). The job itself reads them only with `OffsetsInitializer.committedOffsets()`, and only when it starts without a checkpoint.
   */
  setGroupId(groupId: string): this {
    return this.setProperty("group.id", groupId);
  }

  /** Default `OffsetsInitializer.earliest()`. Ignored when the job starts from a checkpoint or savepoint. */
  setStartingOffsets(offsets: OffsetsInitializer): this {
    this.#startingOffsets = offsets;
    return this;
  }

  /** Makes the source finite: it ends once every partition has reached this offset, taken when the job starts. */
  setBounded(offsets: OffsetsInitializer): this {
    this.#stoppingOffsets = offsets;
    this.#bounded = true;
    return this;
  }

  /** Ends at these offsets like `setBounded`, but counts as unbounded: the job runs as a stream. */
  setUnbounded(offsets: OffsetsInitializer): this {
    this.#stoppingOffsets = offsets;
    this.#bounded = false;
    return this;
  }

  /** How to read a value. Default: the JSON value as it is. Null results are skipped. */
  setValueOnlyDeserializer(schema: DeserializationSchema<T> | ((value: unknown) => T | null | undefined)): this {
    const deserialize = deserializerOf(schema);
    this.#deserialize = (record, _partition, collect) => {
      const value = deserialize(copyValue(record.value));
      if (value !== null && value !== undefined) collect(value);
    };
    return this;
  }

  /** How to read a whole record, key and timestamp included. */
  setDeserializer(schema: KafkaRecordDeserializationSchema<T>): this {
    this.#deserialize = (record, partition, collect) => {
      const consumerRecord: ConsumerRecord = {
        topic: partition.topic,
        partition: partition.index,
        offset: record.offset,
        timestamp: record.timestampMs ?? record.appendedAtMs,
        key: record.key,
        value: copyValue(record.value),
      };
      schema.deserialize(consumerRecord, { collect });
    };
    return this;
  }

  /**
   * A consumer property. Understood: `isolation.level` = "read_uncommitted" (default, as in Kafka: records of open and aborted
   * transactions are read, too) or "read_committed"; `partition.discovery.interval.ms` (default 300000): how often to look for new
   * partitions and topics, 0 or less = never; `commit.offsets.on.checkpoint` (default true); `auto.offset.reset` = "earliest", "latest" or "none":
   * where to go on when records have been removed before they were read (default: as the starting offsets say). Others are accepted and
   * have no effect here.
   */
  setProperty(name: string, value: string): this {
    this.#properties.set(name, value);
    return this;
  }

  /** Several client properties by Kafka's names. */
  setProperties(properties: Readonly<Record<string, string>>): this {
    for (const [name, value] of Object.entries(properties)) this.setProperty(name, value);
    return this;
  }

  /** Throws Diagnostic KAFKA_SOURCE_WITHOUT_TOPIC, KAFKA_BAD_ISOLATION_LEVEL, KAFKA_BAD_DISCOVERY_INTERVAL, KAFKA_BAD_OFFSET_RESET. */
  build(): KafkaSource<T> {
    if (this.#topics.length === 0 && this.#topicPattern === undefined) {
      throw new Diagnostic({
        code: "KAFKA_SOURCE_WITHOUT_TOPIC",
        message: "No subscribe mode is specified for this KafkaSource: it needs topics or a topic pattern.",
        phase: "graph",
        hint: 'Call setTopics("clicks") before build().',
      });
    }
    const isolation = this.#isolationLevel();
    const group = this.#properties.get("group.id");
    const subscription: KafkaSubscription = {
      topics: this.#topics,
      topicPattern: this.#topicPattern,
      partitions: this.#partitions,
      startingOffsets: this.#startingOffsets,
      stoppingOffsets: this.#stoppingOffsets,
      group,
      isolation,
      discoveryIntervalMs: this.#discoveryIntervalMs(),
    };
    const settings: KafkaReaderSettings = {
      isolation,
      bounded: this.#bounded,
      offsetReset: this.#offsetReset(),
      commitsOffsetsFor: this.#properties.get("commit.offsets.on.checkpoint") === "false" ? undefined : group,
    };
    return new KafkaSource(subscription, settings, this.#deserialize);
  }

  #offsetReset(): OffsetResetStrategy {
    const text = this.#properties.get("auto.offset.reset");
    if (text === undefined) return this.#startingOffsets.getAutoOffsetResetStrategy();
    const strategy = OffsetResetStrategy[text.toUpperCase() as OffsetResetStrategy];
    if (strategy !== undefined) return strategy;
    throw new Diagnostic({
      code: "KAFKA_BAD_OFFSET_RESET",
      message: `Invalid value "${text}" for the consumer property auto.offset.reset.`,
      phase: "graph",
      found: text,
      expected: "earliest, latest or none",
    });
  }

  /** A bounded source reads what was there when it started. */
  #discoveryIntervalMs(): number {
    const text = this.#properties.get("partition.discovery.interval.ms") ?? DEFAULT_DISCOVERY_INTERVAL_MS;
    const intervalMs = Number(text);
    if (!Number.isInteger(intervalMs)) {
      throw new Diagnostic({
        code: "KAFKA_BAD_DISCOVERY_INTERVAL",
        message: `Invalid value "${text}" for the property partition.discovery.interval.ms.`,
        phase: "graph",
        found: text,
        expected: "whole milliseconds; 0 or less turns discovery off",
      });
    }
    return this.#stoppingOffsets === undefined ? intervalMs : 0;
  }

  #isolationLevel(): IsolationLevel {
    const level = this.#properties.get("isolation.level") ?? "read_uncommitted";
    if (level === "read_committed" || level === "read_uncommitted") return level;
    throw new Diagnostic({
      code: "KAFKA_BAD_ISOLATION_LEVEL",
      message: `Invalid value "${level}" for the consumer property isolation.level.`,
      phase: "graph",
      found: level,
      expected: "read_committed or read_uncommitted",
    });
  }
}

/** Every reader gets its own copy: user functions may change what they are given. */
function valueAsItIs<T>(record: { readonly value: unknown }, _partition: unknown, collect: (value: T) => void): void {
  collect(copyValue(record.value) as T);
}
