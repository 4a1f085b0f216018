/** Rows inside and rows of a program: the same fields, each in its own form. */
import type { RowKind } from "../../types/row-kind.ts";
import { FIELD_OFFSET, type Row as EngineRow } from "../../types/row.ts";
import type { RelColumn } from "../../sql/2-analyze/rel.ts";
import { type Convert, toExternal } from "../../sql/user-functions/external-value.ts";
import { Row } from "../../sql/user-functions/row.ts";

/** Makes the value that a program gets of a row. */
export type RowForm = (row: EngineRow) => unknown;

/** `Row`s with kind, positions and names. @param positions of the fields that are wanted; default all */
export function rowFormOf(columns: readonly RelColumn[], positions: readonly number[] = columns.map((_, i) => i)): RowForm {
  const names = positions.map((at) => columns[at].name);
  const converts = positions.map((at): Convert | null => toExternal(columns[at].type));
  return (row) => new Row(row[0] as RowKind, fieldsOf(row, positions, converts), names);
}

/** Plain objects with the columns' names, or of a class. */
export function objectFormOf(columns: readonly RelColumn[], type: (new () => object) | null): RowForm {
  const positions = columns.map((_, i) => i);
  const converts = columns.map((column): Convert | null => toExternal(column.type));
  return (row) => {
    const made = (type === null ? {} : new type()) as Record<string, unknown>;
    fieldsOf(row, positions, converts).forEach((value, i) => {
      made[columns[i].name] = value;
    });
    return made;
  };
}

function fieldsOf(row: EngineRow, positions: readonly number[], converts: readonly (Convert | null)[]): unknown[] {
  return positions.map((at, i) => {
    const value = row[at + FIELD_OFFSET];
    const convert = converts[i];
    return value === null || convert === null ? value : convert(value);
  });
}
