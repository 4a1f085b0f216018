/**
 * Join with what an outside table says at the moment (Flink: `LookupJoinRunner`): each row asks by key and is joined with the answers. Nothing is kept, so
 * a row that is taken back asks again. The task waits for each answer; with a retry hint it waits and asks again while nothing is found.
 */
import { INSERT } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../../../types/row.ts";
import type { Rex } from "../../2-analyze/rex.ts";
import { compilePredicate } from "../codegen/compile-expression.ts";
import { nulls, type PairMaker, pairMaker } from "../codegen/row-makers.ts";
import type { LookupFunction, LookupSource } from "../connectors/lookup.ts";

import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

/** Where a value to ask by comes from. */
export type LookupKey = { readonly field: number } | { readonly value: unknown };

export interface LookupJoinOptions {
  readonly type: "inner" | "left";
  /** Columns of the stream. */
  readonly leftWidth: number;
  /** The table's columns that are asked by, and what for. */
  readonly columns: readonly number[];
  readonly keys: readonly LookupKey[];
  /** Columns of an answer that are joined. */
  readonly fields: readonly number[];
  /** What an answer must meet, over its columns; null = nothing. */
  readonly tableCondition: Rex | null;
  /** Over the joined row. */
  readonly condition: Rex | null;
  /** While nothing is found; `maxAttempts` without the first question. */
  readonly retry: { readonly fixedDelayMs: number; readonly maxAttempts: number } | null;
}

export class LookupJoinOperator extends OneInputSqlOperator {
  private readonly options: LookupJoinOptions;
  private readonly pair: PairMaker;
  private readonly source: LookupSource;
  private readonly padding: Row;
  private table!: LookupFunction;
  private fits: ((row: Row) => boolean) | null = null;
  private matches: ((row: Row) => boolean) | null = null;

  constructor(session: SessionSettings, source: LookupSource, options: LookupJoinOptions) {
    super(session);
    this.source = source;
    this.options = options;
    this.pair = pairMaker(options.leftWidth, options.fields.length);
    this.padding = nulls(options.fields.length);
  }

  override open(): void {
    const { columns, tableCondition, condition } = this.options;
    this.table = this.source.create(columns, this.context);
    if (tableCondition !== null) this.fits = compilePredicate(tableCondition, this.evalContext);
    if (condition !== null) this.matches = compilePredicate(condition, this.evalContext);
  }

  override close(): void {
    this.table?.close();
    super.close();
  }

  processRow(row: Row): void {
    const kind = kindOf(row);
    let found = false;
    for (const answer of this.ask(this.options.keys.map((key) => ("field" in key ? row[key.field + FIELD_OFFSET] : key.value)))) {
      if (this.fits !== null && !this.fits(answer)) continue;
      const right: Row = [INSERT];
      for (const field of this.options.fields) right.push(answer[field + FIELD_OFFSET]);
      const made = this.pair(row, right, kind);
      if (this.matches !== null && !this.matches(made)) continue;
      found = true;
      this.emit(made);
    }
    if (!found && this.options.type === "left") this.emit(this.pair(row, this.padding, kind));
  }

  private ask(key: readonly unknown[]): readonly Row[] {
    const { retry } = this.options;
    for (let attempt = 0; ; attempt++) {
      const answers = this.table.lookup(key);
      if (answers.length > 0 || retry === null || attempt >= retry.maxAttempts) return answers;
      this.context.mailbox.spendUs(retry.fixedDelayMs * 1000);
    }
  }
}
