/** How a KafkaSink turns values into log records: topic, key, value and, if wanted, partition and timestamp. */
import { Diagnostic } from "../../base/diagnostic.ts";
import { isRowKindString, type RowKindString } from "../../types/row-kind.ts";
import { type SerializationSchema, serializerOf } from "./serialization-schemas.ts";

/**
 * What is to be written. `partition` absent = by key; `timestamp` (epoch ms) absent = the record's event time.
 * (Flink: docs/connectors/datastream/kafka)
 */
export interface ProducerRecord {
  /** The topic it goes to. */
  readonly topic: string;
  /** Key of the log record, null for none; equal keys go to one partition. */
  readonly key: unknown;
  /** What is written; null is a tombstone in a compacted topic. */
  readonly value: unknown;
  /** A partition chosen by the program, absent = by key or in turn. */
  readonly partition?: number;
  /** Timestamp of the log record in epoch ms, absent = the event timestamp. */
  readonly timestamp?: number;
}

/** What the sinks of tables write: which change of the table it is comes along, for recordings. */
export interface TableRecord extends ProducerRecord {
  readonly rowKind: RowKindString;
}

/** null = it stands for a value, not for a change. */
export function rowKindOfRecord(record: ProducerRecord): RowKindString | null {
  const { rowKind } = record as Partial<TableRecord>;
  return isRowKindString(rowKind) ? rowKind : null;
}

/**
 * Turns a value into a log record; null skips it. Implement it, or use `KafkaRecordSerializationSchema.builder()` or `json()`.
 * (Flink: docs/connectors/datastream/kafka)
 */
export interface KafkaRecordSerializationSchema<T> {
  /** The log record for a value: topic, key, value, and partition and timestamp if the schema chooses them. */
  serialize(value: T, timestampMs: number | null): ProducerRecord | null;
  /** The topic when it is always the same; checked when the job starts. */
  readonly topic?: string;
}

export const KafkaRecordSerializationSchema = {
  /** Starts building a schema; topic and value serializer are required. */
  builder<T>(): KafkaRecordSerializationSchemaBuilder<T> {
    return new KafkaRecordSerializationSchemaBuilder<T>();
  },
};

/** Writes values as JSON objects to one topic, keyed by `keyOf` when it is given. (Flink: docs/connectors/datastream/kafka) */
export function json<T>(topic: string, keyOf?: (value: T) => unknown): KafkaRecordSerializationSchema<T> {
  const builder = new KafkaRecordSerializationSchemaBuilder<T>().setTopic(topic).setValueSerializationSchema((value) => value);
  return (keyOf === undefined ? builder : builder.setKeySerializationSchema(keyOf)).build();
}

/**
 * Puts a serialization schema together; made by `KafkaRecordSerializationSchema.builder()`. A topic and a value schema are needed.
 * (Flink: docs/connectors/datastream/kafka)
 */
export class KafkaRecordSerializationSchemaBuilder<T> {
  #topic: string | undefined;
  #topicSelector: ((value: T) => string) | undefined;
  #keySerializer: ((value: T) => unknown) | undefined;
  #valueSerializer: ((value: T) => unknown) | undefined;
  #partitioner: ((value: T, key: unknown) => number) | undefined;

  /** Every value goes to this topic. */
  setTopic(topic: string): this {
    this.#topic = topic;
    return this;
  }

  /** Chooses the topic by value. */
  setTopicSelector(selector: (value: T) => string): this {
    this.#topicSelector = selector;
    return this;
  }

  /** Takes the record key out of a value. Without it records have no key and go round the partitions. */
  setKeySerializationSchema(schema: SerializationSchema<T> | ((value: T) => unknown)): this {
    this.#keySerializer = serializerOf(schema);
    return this;
  }

  /** How a value is written into the log record. */
  setValueSerializationSchema(schema: SerializationSchema<T> | ((value: T) => unknown)): this {
    this.#valueSerializer = serializerOf(schema);
    return this;
  }

  /** Same as `setValueSerializationSchema(new JsonSerializationSchema())`. */
  setJsonValues(): this {
    return this.setValueSerializationSchema((value) => value);
  }

  /** Chooses the partition (0 …) by value and key. */
  setPartitioner(partitioner: (value: T, key: unknown) => number): this {
    this.#partitioner = partitioner;
    return this;
  }

  /** Throws Diagnostic KAFKA_SINK_WITHOUT_TOPIC, KAFKA_SINK_WITHOUT_VALUE_SERIALIZER. */
  build(): KafkaRecordSerializationSchema<T> {
    const topic = this.#topic;
    const topicSelector = this.#topicSelector;
    const keySerializer = this.#keySerializer;
    const valueSerializer = this.#valueSerializer;
    const partitioner = this.#partitioner;
    const chooseTopic = topicSelector ?? (topic === undefined ? undefined : () => topic);
    if (chooseTopic === undefined) {
      throw new Diagnostic({
        code: "KAFKA_SINK_WITHOUT_TOPIC",
        message: "The record serializer does not say which topic to write to.",
        phase: "graph",
        hint: 'Call setTopic("sessions") before build().',
      });
    }
    if (valueSerializer === undefined) {
      throw new Diagnostic({
        code: "KAFKA_SINK_WITHOUT_VALUE_SERIALIZER",
        message: "The record serializer has no value serialization schema.",
        phase: "graph",
        hint: 'Call setValueSerializationSchema(new JsonSerializationSchema()), or use json("topic") instead.',
      });
    }
    return {
      topic: topicSelector === undefined ? topic : undefined,
      serialize(value) {
        const key = keySerializer?.(value) ?? null;
        return {
          topic: chooseTopic(value),
          key,
          value: valueSerializer(value),
          ...(partitioner === undefined ? {} : { partition: partitioner(value, key) }),
        };
      },
    };
  }
}
