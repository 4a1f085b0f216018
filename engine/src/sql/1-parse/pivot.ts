/** PIVOT and UNPIVOT: Flink's parser takes them, its planner does not. */
import type { Expr, Identifier, PivotRef, SelectItem, TableRef, UnpivotRef } from "./ast.ts";
import { isCall, parseNamedCall } from "./call.ts";
import type { Cursor } from "./cursor.ts";
import { parseRow } from "./query.ts";

export function acceptPivot(cursor: Cursor, input: TableRef): PivotRef | null {
  const start = cursor.token;
  if (!cursor.accept("PIVOT")) return null;
  refuseJoin(cursor, input, start);
  cursor.expect("(", "after PIVOT");
  const aggregates: SelectItem[] = [];
  do {
    if (!isCall(cursor)) throw cursor.unexpected("an aggregate", "in PIVOT");
    const expr = parseNamedCall(cursor);
    aggregates.push({ expr, alias: acceptItemAlias(cursor), span: cursor.spanFrom(expr.span) });
  } while (cursor.accept(","));
  cursor.expect("FOR", "in PIVOT");
  const axes = parseNames(cursor);
  cursor.expect("IN", "in PIVOT");
  cursor.expect("(", "in PIVOT");
  const values: SelectItem[] = [];
  if (!cursor.is(")")) {
    do values.push(parseValue(cursor));
    while (cursor.accept(","));
  }
  cursor.expect(")", "to close IN");
  cursor.expect(")", "to close PIVOT");
  return { kind: "pivot", input, aggregates, axes, values, alias: null, span: cursor.spanFrom(input.span) };
}

export function acceptUnpivot(cursor: Cursor, input: TableRef): UnpivotRef | null {
  const start = cursor.token;
  if (!cursor.accept("UNPIVOT")) return null;
  refuseJoin(cursor, input, start);
  const nulls = cursor.acceptOneOf(["INCLUDE", "EXCLUDE"]);
  if (nulls !== null) cursor.expect("NULLS", `after ${nulls}`);
  cursor.expect("(", "after UNPIVOT");
  const measures = parseNames(cursor);
  cursor.expect("FOR", "in UNPIVOT");
  const axes = parseNames(cursor);
  cursor.expect("IN", "in UNPIVOT");
  cursor.expect("(", "in UNPIVOT");
  const values: { columns: Identifier[]; value: Expr | null }[] = [];
  do {
    const columns = parseNames(cursor);
    values.push({ columns, value: cursor.accept("AS") ? rowOf(cursor) : null });
  } while (cursor.accept(","));
  cursor.expect(")", "to close IN");
  cursor.expect(")", "to close UNPIVOT");
  return { kind: "unpivot", input, nulls, measures, axes, values, alias: null, span: cursor.spanFrom(input.span) };
}

function refuseJoin(cursor: Cursor, input: TableRef, word: { readonly start: number; readonly end: number; readonly text: string }): void {
  if (input.kind === "join") throw cursor.refusal(`A join takes no ${word.text}.`, word, { found: word.text });
}

function parseNames(cursor: Cursor): Identifier[] {
  return cursor.is("(") ? cursor.identifierList() : [cursor.identifier("a column name")];
}

function parseValue(cursor: Cursor): SelectItem {
  const expr = rowOf(cursor);
  return { expr, alias: acceptItemAlias(cursor), span: cursor.spanFrom(expr.span) };
}

/** A row, or its only value. */
function rowOf(cursor: Cursor): Expr {
  const start = cursor.token;
  const items = parseRow(cursor);
  return items.length === 1 ? items[0] : { kind: "row", items, span: cursor.spanFrom(start) };
}

function acceptItemAlias(cursor: Cursor): Identifier | null {
  return cursor.accept("AS") || cursor.isIdentifier() ? cursor.identifier("an alias") : null;
}
