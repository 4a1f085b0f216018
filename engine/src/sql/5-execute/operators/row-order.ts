/** ORDER BY as an order of rows. */
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import type { SortKey } from "../../2-analyze/rel.ts";
import { compareValues } from "../../functions/compare.ts";

export type RowOrder = (a: Row, b: Row) => number;

export function rowOrder(keys: readonly SortKey[]): RowOrder {
  const parts = keys.map(({ field, descending, nullsFirst }) => ({
    at: field + FIELD_OFFSET,
    sign: descending ? -1 : 1,
    nulls: nullsFirst ? -1 : 1,
  }));
  return (a, b) => {
    for (let i = 0; i < parts.length; i++) {
      const { at, sign, nulls } = parts[i];
      const x = a[at];
      const y = b[at];
      if (x === y) continue;
      if (x === null) return nulls;
      if (y === null) return -nulls;
      const order = compareValues(x, y);
      if (order !== 0) return order * sign;
    }
    return 0;
  };
}

/** Where a row goes in sorted rows, behind those of equal rank. Rows mostly come near the end. */
export function placeAfterEquals(rows: readonly Row[], row: Row, compare: RowOrder): number {
  let high = rows.length;
  if (high === 0 || compare(row, rows[high - 1]) >= 0) return high;
  let low = 0;
  high--;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(row, rows[middle]) < 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The first row that is not before it. */
export function placeBeforeEquals(rows: readonly Row[], row: Row, compare: RowOrder): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(rows[middle], row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
