/** Fields of a row as a state key: one plain value stays what it is, everything else becomes a text that is equal for equal keys. */
import type { KeySelector } from "../../flow/operator.ts";
import { FIELD_OFFSET, type Row, valueDigest } from "../../types/row.ts";
import type { StateKey } from "./state/keyed-store.ts";

/** Key of rows that all belong together. */
export const GLOBAL_KEY = "";

export type RowKey = (row: Row) => StateKey;

export function keyOf(fields: readonly number[]): RowKey {
  if (fields.length === 0) return () => GLOBAL_KEY;
  if (fields.length === 1) {
    const at = fields[0] + FIELD_OFFSET;
    return (row) => {
      const value = row[at];
      return typeof value === "string" || typeof value === "number" ? value : `\u0000${valueDigest(value)}`;
    };
  }
  const positions = fields.map((field) => field + FIELD_OFFSET);
  return (row) => {
    let key = "";
    for (const at of positions) key += `${valueDigest(row[at])},`;
    return key;
  };
}

export function keySelectorOf(fields: readonly number[]): KeySelector {
  const key = keyOf(fields);
  return (row) => key(row as Row);
}
