/**
 * How values become log records and back. Records in the simulated log carry plain JSON values already, so schemas are optional: they
 * exist so that a job reads as it does in Flink, and for programs that want texts.
 */
import { Diagnostic } from "../../base/diagnostic.ts";

/**
 * Turns a record's value into a `T`. Returning null or undefined skips the record. A plain function is accepted wherever one is.
 * (Flink: docs/connectors/datastream/kafka)
 */
export interface DeserializationSchema<T> {
  /** The value that a log record's value stands for. */
  deserialize(value: unknown): T | null | undefined;
}

/**
 * Turns a value into what is put into the record. A plain function is accepted wherever one is.
 * (Flink: docs/connectors/datastream/kafka)
 */
export interface SerializationSchema<T> {
  /** What is written into the log record for a value. */
  serialize(value: T): unknown;
}

/**
 * Texts in, texts out (UTF-8). A JSON value that is not a text is read as its JSON text. Flink: `SimpleStringSchema`.
 * (Flink: docs/connectors/datastream/kafka)
 */
export class SimpleStringSchema implements DeserializationSchema<string>, SerializationSchema<string> {
  deserialize(value: unknown): string {
    return typeof value === "string" ? value : JSON.stringify(value);
  }

  serialize(value: string): string {
    return value;
  }
}

/**
 * JSON objects in. A text is parsed, other values are taken as they are. Flink: `JsonDeserializationSchema`.
 * (Flink: docs/connectors/datastream/kafka)
 */
export class JsonDeserializationSchema<T> implements DeserializationSchema<T> {
  deserialize(value: unknown): T {
    if (typeof value !== "string") return value as T;
    try {
      return JSON.parse(value) as T;
    } catch (error) {
      throw new Diagnostic({
        code: "SOURCE_RECORD_NOT_JSON",
        message: `Failed to deserialize JSON: ${error instanceof Error ? error.message : String(error)}`,
        phase: "runtime",
        found: value.length > 80 ? `${value.slice(0, 80)}…` : value,
        expected: "a JSON text",
        hint: "Catch broken records in a deserializer of your own and return null to skip them.",
      });
    }
  }
}

/** JSON objects out. Flink: `JsonSerializationSchema`. (Flink: docs/connectors/datastream/kafka) */
export class JsonSerializationSchema<T> implements SerializationSchema<T> {
  serialize(value: T): unknown {
    return value;
  }
}

export function deserializerOf<T>(schema: DeserializationSchema<T> | ((value: unknown) => T | null | undefined)) {
  return typeof schema === "function" ? schema : (value: unknown) => schema.deserialize(value);
}

export function serializerOf<T>(schema: SerializationSchema<T> | ((value: T) => unknown)): (value: T) => unknown {
  return typeof schema === "function" ? schema : (value: T) => schema.serialize(value);
}
