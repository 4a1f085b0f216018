/** What a lookup join makes of a row and the answers to it: one joined row per answer that fits, or a padded one. */
import type { RowKind } from "../../../types/row-kind.ts";
import { INSERT } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../../../types/row.ts";
import type { Rex } from "../../2-analyze/rex.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";
import { compileExpression, compilePredicate } from "../codegen/compile-expression.ts";
import { nulls, type PairMaker, pairMaker } from "../codegen/row-makers.ts";

/** Where a value to ask by comes from. */
export type LookupKey = { readonly field: number; readonly cast: Rex | null } | { readonly value: unknown };

export interface LookupJoinOptions {
  readonly type: "inner" | "left";
  /** Columns of the stream. */
  readonly leftWidth: number;
  /** What for, per column of the table that is asked by. */
  readonly keys: readonly LookupKey[];
  /** What is joined of an answer, over the table's columns. */
  readonly projection: readonly Rex[];
  /** What an answer must meet, over the table's columns; null = nothing. */
  readonly tableCondition: Rex | null;
  /** Over the joined row. */
  readonly condition: Rex | null;
}

export class LookupRows {
  private readonly options: LookupJoinOptions;
  private readonly pair: PairMaker;
  private readonly padding: Row;
  private readonly readers: readonly ((row: Row) => unknown)[];
  private readonly parts: readonly ((answer: Row) => unknown)[];
  private readonly fits: ((row: Row) => boolean) | null;
  private readonly matches: ((row: Row) => boolean) | null;

  constructor(options: LookupJoinOptions, evaluation: EvalContext) {
    const { leftWidth, keys, projection, tableCondition, condition } = options;
    this.options = options;
    this.pair = pairMaker(leftWidth, projection.length);
    this.padding = nulls(projection.length);
    this.readers = keys.map((key) => {
      if ("value" in key) return () => key.value;
      const at = key.field + FIELD_OFFSET;
      return key.cast === null ? (row) => row[at] : compileExpression(key.cast, evaluation);
    });
    this.parts = projection.map((rex) => compileExpression(rex, evaluation));
    this.fits = tableCondition === null ? null : compilePredicate(tableCondition, evaluation);
    this.matches = condition === null ? null : compilePredicate(condition, evaluation);
  }

  keyOf(row: Row): unknown[] {
    return this.readers.map((read) => read(row));
  }

  joined(row: Row, answers: readonly Row[]): Row[] {
    const kind: RowKind = kindOf(row);
    const rows: Row[] = [];
    for (const answer of answers) {
      if (this.fits !== null && !this.fits(answer)) continue;
      const right: Row = [INSERT];
      for (const part of this.parts) right.push(part(answer));
      const made = this.pair(row, right, kind);
      if (this.matches === null || this.matches(made)) rows.push(made);
    }
    if (rows.length === 0 && this.options.type === "left") rows.push(this.pair(row, this.padding, kind));
    return rows;
  }
}
