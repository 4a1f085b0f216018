/** Types of columns, and what becomes of a value that is put into one. Rows hold plain JSON values. */
import { PostgresError, SQLSTATE } from "../postgres-error.ts";

export type ColumnTypeName =
  | "smallint"
  | "integer"
  | "bigint"
  | "double precision"
  | "numeric"
  | "text"
  | "boolean"
  | "timestamp"
  | "date"
  | "jsonb";

export interface Column {
  readonly name: string;
  readonly type: ColumnTypeName;
  readonly notNull: boolean;
}

const ALIASES: Readonly<Record<string, ColumnTypeName>> = {
  int2: "smallint",
  int: "integer",
  int4: "integer",
  serial: "integer",
  int8: "bigint",
  bigserial: "bigint",
  float8: "double precision",
  double: "double precision",
  real: "double precision",
  decimal: "numeric",
  varchar: "text",
  "character varying": "text",
  char: "text",
  uuid: "text",
  bool: "boolean",
  timestamptz: "timestamp",
  json: "jsonb",
};

const NAMES: ReadonlySet<string> = new Set([
  "smallint",
  "integer",
  "bigint",
  "double precision",
  "numeric",
  "text",
  "boolean",
  "timestamp",
  "date",
  "jsonb",
]);

/** Reads `varchar(20) not null`. @throws Error for a type that is unknown. */
export function columnOf(name: string, declaration: string): Column {
  const words = declaration.trim().toLowerCase();
  const notNull = /\bnot null\b|\bprimary key\b/.test(words);
  const bare = words.replace(/\bnot null\b|\bnull\b|\bprimary key\b|\([^)]*\)/g, "").trim();
  const type = NAMES.has(bare) ? (bare as ColumnTypeName) : ALIASES[bare];
  if (type === undefined) throw new Error(`Column "${name}" has the unknown type "${declaration}".`);
  return { name, type, notNull };
}

const INTEGER_LIMITS: Readonly<Record<string, number>> = { smallint: 32767, integer: 2147483647, bigint: Number.MAX_SAFE_INTEGER };

/** The value as the column stores it. @throws PostgresError 22P02, 22003 */
export function storedValue(value: unknown, type: ColumnTypeName): unknown {
  if (value === null || value === undefined) return null;
  switch (type) {
    case "smallint":
    case "integer":
    case "bigint":
      return wholeNumber(value, type);
    case "double precision":
    case "numeric":
      return numberOf(value, type);
    case "boolean":
      return booleanOf(value);
    case "timestamp":
    case "date":
      return timeOf(value, type);
    case "jsonb":
      return value;
    case "text":
      return typeof value === "string" ? value : typeof value === "object" ? JSON.stringify(value) : String(value);
  }
}

function wholeNumber(value: unknown, type: ColumnTypeName): number {
  const number = numberOf(value, type);
  const rounded = Math.round(number);
  if (typeof value === "string" && rounded !== number) throw invalidText(value, type);
  if (Math.abs(rounded) > INTEGER_LIMITS[type]) throw new PostgresError(SQLSTATE.numericOutOfRange, `${type} out of range`);
  return rounded;
}

function numberOf(value: unknown, type: ColumnTypeName): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : typeof value === "bigint" ? Number(value) : value;
  if (typeof number !== "number" || Number.isNaN(number)) throw invalidText(value, type);
  return number;
}

function booleanOf(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (value === "t" || value === "true" || value === 1) return true;
  if (value === "f" || value === "false" || value === 0) return false;
  throw invalidText(value, "boolean");
}

/** Epoch ms, as a Debezium connector gives `timestamp` (and, in days, `date`); texts stay texts. */
function timeOf(value: unknown, type: ColumnTypeName): unknown {
  if (typeof value === "number" || typeof value === "string") return value;
  if (value instanceof Date) return value.getTime();
  throw invalidText(value, type);
}

function invalidText(value: unknown, type: ColumnTypeName): PostgresError {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return new PostgresError(SQLSTATE.invalidText, `invalid input syntax for type ${type}: "${text}"`);
}
