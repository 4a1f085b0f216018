/** `'format' = 'debezium-json'`. (Flink: docs/connectors/table/formats/debezium) */
import { mapOf, STRING, timestampLtzOf } from "../../../types/logical-type.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import { optional } from "../connectors/table-options.ts";
import { type Change, changeFormat, instantOf, type JsonRow, requireRow } from "./change-json.ts";
import { isObject } from "./json-value.ts";

function replicaIdentityComplaint(operation: string): string {
  return `The "before" field of "${operation}" message is null, if you are using Debezium Postgres Connector, please check the Postgres table has been set REPLICA IDENTITY to FULL level.`;
}

/** The message itself: with `schema-include` it is the `payload` of a pair. */
function payloadOf(document: JsonRow): JsonRow {
  return isObject(document.payload) && document.op === undefined ? document.payload : document;
}

function sourceOf(document: JsonRow): JsonRow {
  const { source } = payloadOf(document);
  return isObject(source) ? source : {};
}

export const DEBEZIUM_JSON_FORMAT = changeFormat({
  identifier: "debezium-json",
  options: [optional("schema-include", "boolean")],
  metadata: {
    schema: STRING,
    "ingestion-timestamp": timestampLtzOf(3),
    "source.timestamp": timestampLtzOf(3),
    "source.database": STRING,
    "source.schema": STRING,
    "source.table": STRING,
    "source.properties": mapOf(STRING, STRING),
  },
  read(document): readonly Change[] {
    const payload = payloadOf(document);
    const { op } = payload;
    switch (op) {
      case "c":
      case "r":
        return [{ kind: "insert", after: requireRow(payload, "after", `The "after" field of a "${op}" message is null.`) }];
      case "u":
        return [
          {
            kind: "update",
            before: requireRow(payload, "before", replicaIdentityComplaint("UPDATE")),
            after: requireRow(payload, "after", `The "after" field of a "u" message is null.`),
          },
        ];
      case "d":
        return [{ kind: "delete", before: requireRow(payload, "before", replicaIdentityComplaint("DELETE")) }];
      default:
        throw new SqlRuntimeError(
          "SQL_CHANGE_FORMAT",
          `Unknown "op" value "${String(op)}". The Debezium JSON message is '${JSON.stringify(document)}'`,
        );
    }
  },
  readMetadata(document) {
    const source = sourceOf(document);
    const text = (value: unknown): string | null => (value === undefined || value === null ? null : String(value));
    return {
      schema: document.schema === undefined ? null : JSON.stringify(document.schema),
      "ingestion-timestamp": instantOf(payloadOf(document).ts_ms),
      "source.timestamp": instantOf(source.ts_ms),
      "source.database": text(source.db),
      "source.schema": text(source.schema),
      "source.table": text(source.table),
      "source.properties": Object.entries(source).map(([key, value]) => [key, text(value)]),
    };
  },
  write: (row, deleted) => (deleted ? { before: row, after: null, op: "d" } : { before: null, after: row, op: "c" }),
});
