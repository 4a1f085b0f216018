/**
 * What the change formats have in common: a JSON document that says what happened to a row, with the row before and after it. Each format only
 * says how it writes that down (`ChangeDialect`).
 *
 * Decoding gives +I, -U/+U and -D. Encoding knows no updates, as in Flink: -U is written as a deletion, +U as an insertion.
 */
import { DELETE, INSERT, type RowKind, UPDATE_AFTER, UPDATE_BEFORE } from "../../../types/row-kind.ts";
import type { LogicalType } from "../../../types/logical-type.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import type { OptionDeclaration, TableOptions } from "../connectors/table-options.ts";
import type { Format } from "./format.ts";
import { failedToDeserialize, jsonDocument } from "./json-document.ts";
import { DECODING_OPTIONS, decodingOf, ENCODING_OPTIONS, encodingOf } from "./json-options.ts";
import { fieldsDecoder, fieldsEncoder, isObject } from "./json-value.ts";

export type JsonRow = Readonly<Record<string, unknown>>;

export type Change =
  | { readonly kind: "insert"; readonly after: JsonRow }
  | { readonly kind: "delete"; readonly before: JsonRow }
  | { readonly kind: "update"; readonly before: JsonRow; readonly after: JsonRow };

export interface ChangeDialect {
  readonly identifier: string;
  /** Beside those of JSON. */
  readonly options: readonly OptionDeclaration[];
  readonly metadata: Readonly<Record<string, LogicalType>>;
  /** The changes in a document; none when it is to be skipped. Throws SqlRuntimeError. */
  read(document: JsonRow, options: TableOptions): readonly Change[];
  /** Values of the metadata. */
  readMetadata(document: JsonRow): Readonly<Record<string, unknown>>;
  write(row: JsonRow, deleted: boolean): JsonRow;
}

export function changeFormat(dialect: ChangeDialect): Format {
  return {
    identifier: dialect.identifier,
    options: [...dialect.options, ...DECODING_OPTIONS, ...ENCODING_OPTIONS],
    sourceMode: "retract",
    sinkMode: "all",
    metadata: dialect.metadata,
    decoder({ fields, options, evaluation }) {
      const decoding = decodingOf(options);
      const decode = fieldsDecoder(fields, decoding, evaluation);
      return (value, consume) => {
        // A tombstone, which says nothing that the deletion before it has not said.
        if (value === null || value === undefined) return;
        try {
          const document = jsonDocument(value);
          if (!isObject(document)) throw failedToDeserialize(value);
          const metadata = dialect.readMetadata(document);
          for (const change of dialect.read(document, options)) {
            switch (change.kind) {
              case "insert":
                consume(INSERT, decode(change.after), metadata);
                break;
              case "delete":
                consume(DELETE, decode(change.before), metadata);
                break;
              case "update":
                consume(UPDATE_BEFORE, decode(change.before), metadata);
                consume(UPDATE_AFTER, decode(change.after), metadata);
                break;
            }
          }
        } catch (error) {
          if (!decoding.ignoresErrors || !(error instanceof SqlRuntimeError)) throw error;
        }
      };
    },
    encoder({ fields, options }) {
      const encode = fieldsEncoder(fields, encodingOf(options));
      return (kind: RowKind, values) => dialect.write(encode(values), kind === DELETE || kind === UPDATE_BEFORE);
    },
  };
}

/** The member as a row. Throws SqlRuntimeError with what is said when it is missing. */
export function requireRow(document: JsonRow, member: string, complaint: string): JsonRow {
  const row = document[member];
  if (isObject(row)) return row;
  throw new SqlRuntimeError("SQL_CHANGE_FORMAT", complaint);
}

/** Epoch ms or text of a time as a TIMESTAMP_LTZ(3). */
export function instantOf(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return null;
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?)/.exec(value);
  return match === null ? null : Date.parse(`${match[1]}T${match[2]}Z`);
}
