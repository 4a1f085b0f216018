/** `'format' = 'csv'`: a line per row. (Flink: docs/connectors/table/formats/csv) */
import { INSERT } from "../../../types/row-kind.ts";
import { isCharacter, type LogicalType, typeName } from "../../../types/logical-type.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import { doubleToString, floatToString } from "../../functions/number-text.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import { optional, type TableOptions } from "../connectors/table-options.ts";
import type { Format } from "./format.ts";
import { jsonDecoder, jsonEncoder } from "./json-value.ts";

interface CsvSettings {
  readonly delimiter: string;
  /** null = `disable-quote-character`. */
  readonly quote: string | null;
  readonly escapeCharacter: string | null;
  readonly nullLiteral: string | null;
  readonly arrayDelimiter: string;
  readonly ignoresErrors: boolean;
  readonly allowsComments: boolean;
}

function settingsOf(options: TableOptions): CsvSettings {
  return {
    // As in Flink's Java-escaped option: '\t' is a tab.
    delimiter: options.text("field-delimiter", ",").replace(/^\\t$/, "\t"),
    quote: options.boolean("disable-quote-character", false) ? null : options.text("quote-character", '"'),
    escapeCharacter: options.text("escape-character") ?? null,
    nullLiteral: options.text("null-literal") ?? null,
    arrayDelimiter: options.text("array-element-delimiter", ";"),
    ignoresErrors: options.boolean("ignore-parse-errors", false),
    allowsComments: options.boolean("allow-comments", false),
  };
}

export const CSV_FORMAT: Format = {
  identifier: "csv",
  options: [
    optional("field-delimiter"),
    optional("disable-quote-character", "boolean"),
    optional("quote-character"),
    optional("allow-comments", "boolean"),
    optional("ignore-parse-errors", "boolean"),
    optional("array-element-delimiter"),
    optional("escape-character"),
    optional("null-literal"),
    optional("write-bigdecimal-in-scientific-notation", "boolean"),
  ],
  sourceMode: "insert",
  sinkMode: "insert",
  validate({ options }) {
    if (options.boolean("disable-quote-character", false) && options.has("quote-character")) {
      throw new SqlError(
        "validate",
        "SQL_FORMAT",
        "Format cannot define a quote character and disabled quote character at the same time.",
        options.span("quote-character"),
      );
    }
    for (const key of ["field-delimiter", "quote-character", "escape-character"]) {
      const text = options.text(key);
      if (text === undefined || text.replace(/^\\t$/, "\t").length === 1) continue;
      throw new SqlError(
        "validate",
        "SQL_OPTION_VALUE",
        `Option 'csv.${key}' must be a string with single character, but was: ${text}`,
        options.valueSpan(key),
      );
    }
  },
  decoder({ fields, options, evaluation }) {
    const settings = settingsOf(options);
    const decode = fields.map(({ type }) => {
      const value = jsonDecoder(type, { failsOnMissing: false, ignoresErrors: settings.ignoresErrors }, evaluation);
      return (text: string): unknown => {
        if (text === settings.nullLiteral) return null;
        if (text === "" && type.root === "BOOLEAN") return false;
        if (text === "" && !isCharacter(type) && !settings.ignoresErrors)
          throw new SqlRuntimeError("SQL_CSV_VALUE", `Failed to deserialize CSV row: For input string: "" is no ${typeName(type)}.`);
        if (text === "" && !isCharacter(type)) return null;
        return value(typedText(type, text, settings));
      };
    });
    return (value, consume) => {
      if (value === null || value === undefined) return;
      const line = String(value);
      if (line === "" || (settings.allowsComments && line.startsWith("#"))) return;
      try {
        const cells = splitLine(line, settings);
        if (cells.length !== decode.length && !settings.ignoresErrors)
          throw new SqlRuntimeError("SQL_CSV_ROW", `Row length mismatch. ${decode.length} fields expected but was ${cells.length}.`);
        if (cells.length > decode.length) return;
        consume(
          INSERT,
          decode.map((field, i) => (i < cells.length ? field(cells[i]) : null)),
        );
      } catch (error) {
        if (!settings.ignoresErrors || !(error instanceof SqlRuntimeError)) throw error;
      }
    };
  },
  encoder({ fields, options }) {
    const settings = settingsOf(options);
    const encode = fields.map(({ type }) =>
      jsonEncoder(type, { iso: false, plainDecimals: true, leavesNullsOut: false, nullKeys: "literal", nullKeyLiteral: "null" }),
    );
    return (_kind, values) =>
      values
        .map((value, i) => (value === null ? (settings.nullLiteral ?? "") : cellOf(encode[i](value), fields[i].type, settings)))
        .join(settings.delimiter);
  },
};

function typedText(type: LogicalType, text: string, { arrayDelimiter }: CsvSettings): unknown {
  if (type.root === "ARRAY") return text.split(arrayDelimiter);
  if (type.root === "ROW") {
    const cells = text.split(arrayDelimiter);
    return Object.fromEntries(type.fields!.map(({ name }, i) => [name, cells[i] ?? null]));
  }
  return isCharacter(type) ? text : text.trim();
}

/**
 * Quotes are written in as Jackson does it, which looks closely at short texts only: around what is longer than 24 characters, and around what has a character in it that stands before the later of delimiter
 * and quote, be it an apostrophe. Numbers and truth values never get any.
 */
function cellOf(value: unknown, type: LogicalType, { delimiter, quote, escapeCharacter, arrayDelimiter }: CsvSettings): string {
  const parts = Array.isArray(value) ? value : typeof value === "object" && value !== null ? Object.values(value) : null;
  if (parts === null && typeof value === "number")
    return type.root === "DOUBLE" ? doubleToString(value) : type.root === "FLOAT" ? floatToString(value) : String(value);
  const text = parts === null ? String(value) : parts.map((part) => (part === null ? "" : String(part))).join(arrayDelimiter);
  if (quote === null || typeof value === "boolean" || type.root === "BIGINT") return text;
  const lastUnsafe = Math.max(delimiter.charCodeAt(0), quote.charCodeAt(0));
  if (text.length <= MAX_CHECKED_LENGTH && [...text].every((char) => char.charCodeAt(0) > lastUnsafe)) return text;
  return quote + text.replaceAll(quote, (escapeCharacter ?? quote) + quote) + quote;
}

const MAX_CHECKED_LENGTH = 24;

function splitLine(line: string, { delimiter, quote, escapeCharacter }: CsvSettings): string[] {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i];
    if (escapeCharacter !== null && char === escapeCharacter && i + 1 < line.length) cell += line[++i];
    else if (quoted) {
      if (char !== quote) cell += char;
      else if (line[i + 1] === quote) cell += line[++i];
      else quoted = false;
    } else if (char === quote && cell === "") quoted = true;
    else if (char === delimiter) {
      cells.push(cell);
      cell = "";
    } else cell += char;
  }
  if (quoted) throw new SqlRuntimeError("SQL_CSV_ROW", `Failed to deserialize CSV row '${line}': a quote is not closed.`);
  cells.push(cell);
  return cells;
}
