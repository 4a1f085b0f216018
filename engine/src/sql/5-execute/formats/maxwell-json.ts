/** `'format' = 'maxwell-json'`. (Flink: docs/connectors/table/formats/maxwell) */
import { arrayOf, STRING, timestampLtzOf } from "../../../types/logical-type.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import { type Change, changeFormat, requireRow } from "./change-json.ts";
import { isObject } from "./json-value.ts";

export const MAXWELL_JSON_FORMAT = changeFormat({
  identifier: "maxwell-json",
  options: [],
  metadata: { database: STRING, table: STRING, "primary-key-columns": arrayOf(STRING), "ingestion-timestamp": timestampLtzOf(3) },
  read(document): readonly Change[] {
    const data = () => requireRow(document, "data", `The "data" field of a Maxwell message is null.`);
    switch (document.type) {
      case "insert":
      case "bootstrap-insert":
        return [{ kind: "insert", after: data() }];
      case "update": {
        // Only what has changed is in `old`.
        const after = data();
        return [{ kind: "update", before: { ...after, ...(isObject(document.old) ? document.old : {}) }, after }];
      }
      case "delete":
        return [{ kind: "delete", before: data() }];
      case "bootstrap-start":
      case "bootstrap-complete":
        return [];
      default:
        throw new SqlRuntimeError(
          "SQL_CHANGE_FORMAT",
          `Unknown "type" value "${String(document.type)}". The Maxwell JSON message is '${JSON.stringify(document)}'`,
        );
    }
  },
  readMetadata: (document) => ({
    database: document.database ?? null,
    table: document.table ?? null,
    "primary-key-columns": document["primary-key-columns"] ?? null,
    // Seconds.
    "ingestion-timestamp": typeof document.ts === "number" ? document.ts * 1000 : null,
  }),
  write: (row, deleted) => ({ data: row, type: deleted ? "delete" : "insert" }),
});
