/** `'format' = 'canal-json'`. (Flink: docs/connectors/table/formats/canal) */
import { arrayOf, INT, mapOf, STRING, timestampLtzOf } from "../../../types/logical-type.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import { optional } from "../connectors/table-options.ts";
import { type Change, changeFormat, instantOf, type JsonRow } from "./change-json.ts";
import { isObject } from "./json-value.ts";

function rowsOf(value: unknown): JsonRow[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export const CANAL_JSON_FORMAT = changeFormat({
  identifier: "canal-json",
  options: [optional("database.include"), optional("table.include")],
  metadata: {
    database: STRING,
    table: STRING,
    "sql-type": mapOf(STRING, INT),
    "pk-names": arrayOf(STRING),
    "ingestion-timestamp": timestampLtzOf(3),
    "event-timestamp": timestampLtzOf(3),
  },
  read(document, options): readonly Change[] {
    for (const what of ["database", "table"]) {
      const include = options.text(`${what}.include`);
      if (include !== undefined && !new RegExp(`^(?:${include})$`).test(String(document[what]))) return [];
    }
    const data = rowsOf(document.data);
    switch (document.type) {
      case "INSERT":
        return data.map((after) => ({ kind: "insert", after }));
      case "DELETE":
        return data.map((before) => ({ kind: "delete", before }));
      case "UPDATE": {
        // Only what has changed is in `old`.
        const old = rowsOf(document.old);
        return data.map((after, i) => ({ kind: "update", before: { ...after, ...old[i] }, after }));
      }
      case "CREATE":
        return [];
      default:
        throw new SqlRuntimeError(
          "SQL_CHANGE_FORMAT",
          `Unknown "type" value "${String(document.type)}". The Canal JSON message is '${JSON.stringify(document)}'`,
        );
    }
  },
  readMetadata: (document) => ({
    database: document.database ?? null,
    table: document.table ?? null,
    "sql-type": isObject(document.sqlType) ? Object.entries(document.sqlType) : null,
    "pk-names": document.pkNames ?? null,
    "ingestion-timestamp": instantOf(document.ts),
    "event-timestamp": instantOf(document.es),
  }),
  write: (row, deleted) => ({ data: [row], type: deleted ? "DELETE" : "INSERT" }),
});
