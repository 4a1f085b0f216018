/**
 * Fields of a row as a state key: one plain value stays what it is, everything else becomes a text that is equal for equal keys.
 *
 * Rows are distributed by the hash of this key. Flink hashes the bytes of a `BinaryRowData`, so its SQL keys sit in other subtasks than ours;
 * nothing but the order between keys can tell. Key groups, rescaling and sizes by key group work the same.
 */
import type { KeySelector } from "../../flow/operator.ts";
import { FIELD_OFFSET, type Row, valueDigest } from "../../types/row.ts";

export type StateKey = string | number;

/** Key of rows that all belong together. */
export const GLOBAL_KEY = "";

export type RowKey = (row: Row) => StateKey;

export function keyOf(fields: readonly number[]): RowKey {
  if (fields.length === 0) return () => GLOBAL_KEY;
  if (fields.length === 1) {
    const at = fields[0] + FIELD_OFFSET;
    return (row) => {
      const value = row[at];
      if (typeof value === "number") return smallInteger(value);
      if (typeof value === "string" && value.charCodeAt(0) !== 0) return value;
      return `\u0000${valueDigest(value)}`;
    };
  }
  const positions = fields.map((field) => field + FIELD_OFFSET);
  return (row) => {
    let key = "";
    for (let i = 0; i < positions.length; i++) key += `${valueDigest(row[positions[i]])},`;
    return key;
  };
}

/**
 * The same number. One that comes out of an array of doubles, as a row with a time in it is, would be an object of its own each time it is handed on; an integer
 * of 32 bits then is none.
 */
function smallInteger(value: number): number {
  const integer = value | 0;
  return Object.is(integer, value) ? integer : value;
}

export function keySelectorOf(fields: readonly number[]): KeySelector {
  return keyOf(fields) as KeySelector;
}
