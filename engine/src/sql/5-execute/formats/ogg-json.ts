/** `'format' = 'ogg-json'`. (Flink: docs/connectors/table/formats/ogg) */
import { arrayOf, STRING, timestampLtzOf } from "../../../types/logical-type.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import { type Change, changeFormat, instantOf, requireRow } from "./change-json.ts";

function before(operation: string): string {
  return `The "before" field of "${operation}" message is null, if you are using Ogg Postgres Connector, please check the Postgres table has been set REPLICA IDENTITY to FULL level.`;
}

export const OGG_JSON_FORMAT = changeFormat({
  identifier: "ogg-json",
  options: [],
  metadata: {
    table: STRING,
    "primary-keys": arrayOf(STRING),
    "ingestion-timestamp": timestampLtzOf(6),
    "event-timestamp": timestampLtzOf(6),
  },
  read(document): readonly Change[] {
    const after = () => requireRow(document, "after", `The "after" field of an Ogg message is null.`);
    switch (document.op_type) {
      case "I":
        return [{ kind: "insert", after: after() }];
      case "U":
        return [{ kind: "update", before: requireRow(document, "before", before("UPDATE")), after: after() }];
      case "D":
        return [{ kind: "delete", before: requireRow(document, "before", before("DELETE")) }];
      case "T":
        return [];
      default:
        throw new SqlRuntimeError(
          "SQL_CHANGE_FORMAT",
          `Unknown "op_type" value "${String(document.op_type)}". The Ogg JSON message is '${JSON.stringify(document)}'`,
        );
    }
  },
  readMetadata: (document) => ({
    table: document.table ?? null,
    "primary-keys": document.primary_keys ?? null,
    "ingestion-timestamp": instantOf(document.current_ts),
    "event-timestamp": instantOf(document.op_ts),
  }),
  write: (row, deleted) => (deleted ? { before: row, after: null, op_type: "D" } : { before: null, after: row, op_type: "I" }),
});
