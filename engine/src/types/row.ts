/**
 * A row on its way between SQL operators: one flat array, the row kind at index 0 and the fields from index 1 on.
 *
 * A plain array crosses channels and snapshots like any other plain value, and one array per row is the cheapest layout that can
 * carry a kind. Rows are never changed once they have been emitted; who needs another kind makes a copy (`withKind`).
 *
 * Fields by type: TINYINT…INT, FLOAT, DOUBLE = number; BIGINT = number while it is a safe integer, else bigint; DECIMAL = bigint,
 * unscaled; CHAR, VARCHAR = string; DATE = days, TIME = ms of the day, TIMESTAMP and TIMESTAMP_LTZ = epoch ms, microseconds as a
 * fraction, and a bigint where a double has no room for the nanoseconds (timestamp.ts); intervals = ms or months; ARRAY and ROW = array; MAP and MULTISET = array of [key, value]; BINARY = Uint8Array.
 */
import { INSERT, type RowKind } from "./row-kind.ts";

export type Row = unknown[];

/** Where field `i` lies in a row. */
export const FIELD_OFFSET = 1;

/** An insert row of the given fields. */
export function rowOf(...fields: readonly unknown[]): Row {
  return [INSERT, ...fields];
}

export function kindOf(row: Row): RowKind {
  return row[0] as RowKind;
}

/** The same fields under another kind. */
export function withKind(row: Row, kind: RowKind): Row {
  const copy = row.slice();
  copy[0] = kind;
  return copy;
}

/** The fields without the kind. */
export function fieldsOf(row: Row): unknown[] {
  return row.slice(FIELD_OFFSET);
}

/** A text equal for equal values and different for different ones; used as map key where values may be of any SQL type. */
export function valueDigest(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `s${value.length}:${value}`;
    case "number":
      return Object.is(value, -0) ? "n0" : `n${value}`;
    case "bigint":
      return `i${value}`;
    case "boolean":
      return value ? "t" : "f";
    default:
      if (value === null || value === undefined) return "_";
      if (Array.isArray(value)) return `[${value.map(valueDigest).join(",")}]`;
      if (value instanceof Uint8Array) return `b${Array.from(value).join(".")};`;
      return `o${JSON.stringify(value)}`;
  }
}

/** Digest of the fields only: equal for rows that differ in nothing but their kind. */
export function rowDigest(row: Row): string {
  let digest = "";
  for (let i = FIELD_OFFSET; i < row.length; i++) digest += `${valueDigest(row[i])},`;
  return digest;
}

/**
 * Whether two rows of one width are equal but for their kind, as `rowDigest` has it, except that 0 and −0 differ (as the bytes of Flink's rows).
 *
 * @param from position of the first field to look at.
 */
export function sameFields(a: Row, b: Row, from = FIELD_OFFSET): boolean {
  for (let i = from; i < a.length; i++) {
    const x = a[i];
    const y = b[i];
    if (x === y) {
      if (x === 0 && !Object.is(x, y)) return false;
    } else if (typeof x === "object" && typeof y === "object") {
      if (valueDigest(x) !== valueDigest(y)) return false;
    } else if (!Number.isNaN(x) || !Number.isNaN(y)) {
      return false;
    }
  }
  return true;
}
