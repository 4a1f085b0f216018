/**
 * Functions that make rows of a given width. Written out (`[kind, a[1], b[1]]`) a row is one array literal of exactly its length: no loop, and none of the spare
 * room that an array gets which grows.
 */
import { CodeWriter } from "../../../base/generated-code.ts";
import { INSERT, type RowKind } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";

/** Left fields, then right ones. */
export type PairMaker = (left: Row, right: Row, kind: RowKind) => Row;

/** The fields of a row, of which there may be more than its width, and what else is given. */
export type RowMaker = (row: Row, kind: RowKind, first?: number, second?: number) => Row;

export function pairMaker(leftWidth: number, rightWidth: number): PairMaker {
  const made = literalMaker("left, right, kind", [...fieldsOf("left", leftWidth), ...fieldsOf("right", rightWidth)]);
  return (made as PairMaker | null) ?? slowPairMaker(leftWidth, rightWidth);
}

export function slowPairMaker(leftWidth: number, rightWidth: number): PairMaker {
  return (left, right, kind) => {
    const made: Row = [kind];
    for (let i = 0; i < leftWidth; i++) made.push(left[i + FIELD_OFFSET]);
    for (let i = 0; i < rightWidth; i++) made.push(right[i + FIELD_OFFSET]);
    return made;
  };
}

/** @param extra how many of the given numbers come behind the fields. */
export function rowMaker(width: number, extra: 0 | 1 | 2 = 0): RowMaker {
  const numbers = ["first", "second"].slice(0, extra);
  return (
    (literalMaker("row, kind, first, second", [...fieldsOf("row", width), ...numbers]) as RowMaker | null) ?? slowRowMaker(width, extra)
  );
}

export function slowRowMaker(width: number, extra: 0 | 1 | 2 = 0): RowMaker {
  return (row, kind, first, second) => {
    const made: Row = row.slice(0, width + FIELD_OFFSET);
    made[0] = kind;
    if (extra > 0) made.push(first);
    if (extra > 1) made.push(second);
    return made;
  };
}

/** As wide as the side of a join that has no partner. */
export function nulls(width: number): Row {
  return [INSERT, ...new Array<null>(width).fill(null)];
}

function fieldsOf(row: string, width: number): string[] {
  return Array.from({ length: width }, (_, i) => `${row}[${i + FIELD_OFFSET}]`);
}

function literalMaker(parameters: string, elements: readonly string[]): unknown {
  return new CodeWriter().evaluate(`return (${parameters}) => [kind, ${elements.join(", ")}];`);
}
