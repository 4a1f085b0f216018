/**
 * SELECT with its clauses. A mistake within a clause is noted, and reading goes on at the next clause, so that an editor shows more than the first one; the statement
 * is lost all the same.
 */
import type { Expr, GroupItem, Identifier, SelectItem, SelectQuery, TableRef, WindowSpec } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression, parseExpressionList } from "./expression.ts";
import { parseHints } from "./hint.ts";
import { SqlError } from "./sql-error.ts";
import { parseFrom } from "./table-ref.ts";
import { parseWindowSpec } from "./window-spec.ts";

/** Where reading goes on after a mistake: words that begin a later clause and can hardly stand anywhere else. */
const CLAUSES = new Set(["FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "QUALIFY"]);

export function parseSelect(cursor: Cursor): SelectQuery {
  const start = cursor.expect("SELECT");
  const hints = parseHints(cursor);
  const stream = cursor.accept("STREAM");
  const distinct = cursor.acceptOneOf(["DISTINCT", "ALL"]) === "DISTINCT";
  const items = parseClause(cursor, parseSelectList, []);
  let from: TableRef | null = null;
  let where: Expr | null = null;
  let groupBy: GroupItem[] | null = null;
  let groupDistinct = false;
  let having: Expr | null = null;
  let windows: { name: Identifier; spec: WindowSpec }[] = [];
  let qualify: Expr | null = null;
  if (cursor.accept("FROM")) {
    from = parseClause<TableRef | null>(cursor, parseFrom, null);
    if (cursor.accept("WHERE")) where = parseClause<Expr | null>(cursor, parseExpression, null);
    if (cursor.accept("GROUP")) {
      cursor.expect("BY", "after GROUP");
      groupDistinct = cursor.acceptOneOf(["DISTINCT", "ALL"]) === "DISTINCT";
      groupBy = parseClause(cursor, parseGroupBy, []);
    }
    if (cursor.accept("HAVING")) having = parseClause<Expr | null>(cursor, parseExpression, null);
    if (cursor.accept("WINDOW")) windows = parseClause(cursor, parseWindows, []);
    if (cursor.accept("QUALIFY")) qualify = parseExpression(cursor);
  }
  const span = cursor.spanFrom(start);
  return { kind: "select", distinct, stream, hints, items, from, where, groupBy, groupDistinct, having, windows, qualify, span };
}

/** Reads a clause; after a mistake within it, notes that and stands at the next clause, if there is one at this depth. */
function parseClause<T>(cursor: Cursor, parse: (cursor: Cursor) => T, instead: T): T {
  try {
    return parse(cursor);
  } catch (error) {
    if (!(error instanceof SqlError) || error.code === "SQL_TOO_DEEP") throw error;
    const mark = cursor.mark();
    const found = cursor.skipTo(CLAUSES);
    const resume = cursor.mark();
    cursor.reset(mark);
    if (!found) throw error;
    cursor.recover(error, resume);
    return instead;
  }
}

function parseSelectList(cursor: Cursor): SelectItem[] {
  const items = [parseSelectItem(cursor)];
  while (cursor.accept(",")) items.push(parseSelectItem(cursor));
  return items;
}

function parseSelectItem(cursor: Cursor): SelectItem {
  const { token } = cursor;
  const expr: Expr = cursor.accept("*") ? { kind: "star", qualifier: [], span: token } : parseExpression(cursor);
  return { expr, alias: parseItemAlias(cursor), span: cursor.spanFrom(expr.span) };
}

function parseItemAlias(cursor: Cursor): Identifier | null {
  const named = cursor.accept("AS");
  if (cursor.token.kind === "string") {
    throw cursor.refusal("An alias is a name, no string.", cursor.token, {
      found: cursor.text.slice(cursor.token.start, cursor.token.end),
      hint: `As a name it stands in back quotes: \`${cursor.token.text}\`.`,
    });
  }
  return named || cursor.isIdentifier() ? cursor.identifier("an alias") : null;
}

/** `GROUP BY ()` has no items; `GROUP BY GROUPING SETS (())` has one. */
function parseGroupBy(cursor: Cursor): GroupItem[] {
  if (cursor.is("(", ")") && cursor.peek(2).upper !== ",") {
    cursor.next();
    cursor.next();
    return [];
  }
  const items = parseGroupItem(cursor);
  while (cursor.accept(",")) items.push(...parseGroupItem(cursor));
  return items;
}

function parseGroupItem(cursor: Cursor): GroupItem[] {
  const start = cursor.token;
  if (cursor.accept("GROUPING", "SETS")) {
    cursor.expect("(", "after GROUPING SETS");
    const items: GroupItem[] = [];
    do items.push(parseGroupingElement(cursor));
    while (cursor.accept(","));
    cursor.expect(")", "to close GROUPING SETS");
    return [setsOf(items, cursor.spanFrom(start))];
  }
  const word = cursor.acceptOneOf(["ROLLUP", "CUBE"]);
  if (word !== null) {
    cursor.expect("(", `after ${word}`);
    const sets = parseExpressionList(cursor).map(columnsOf);
    cursor.expect(")", `to close ${word}`);
    return [{ kind: word === "CUBE" ? "cube" : "rollup", sets, span: cursor.spanFrom(start) }];
  }
  if (cursor.accept("(", ")")) return [{ kind: "sets", sets: [[]], span: cursor.spanFrom(start) }];
  return columnsOf(parseExpression(cursor)).map((expr) => ({ kind: "expr", expr, span: expr.span }));
}

/** An element of GROUPING SETS: a column, `(a, b)`, `()`, or ROLLUP, CUBE, GROUPING SETS once more. */
function parseGroupingElement(cursor: Cursor): GroupItem {
  const start = cursor.token;
  if (cursor.is("GROUPING", "SETS") || cursor.is("ROLLUP") || cursor.is("CUBE")) return cursor.nested(parseGroupItem)[0];
  if (cursor.accept("(", ")")) return { kind: "sets", sets: [[]], span: cursor.spanFrom(start) };
  const set = columnsOf(parseExpression(cursor));
  return { kind: "sets", sets: [set], span: cursor.spanFrom(start) };
}

/** Plain elements are the sets themselves; others stay as they are. */
function setsOf(items: readonly GroupItem[], span: GroupItem["span"]): GroupItem {
  const sets: (readonly Expr[])[] = [];
  for (const item of items) {
    if (item.kind !== "sets" || item.sets.length !== 1) return { kind: "nestedSets", items, span };
    sets.push(item.sets[0]);
  }
  return { kind: "sets", sets, span };
}

function columnsOf(expr: Expr): readonly Expr[] {
  return expr.kind === "row" ? expr.items : [expr];
}

function parseWindows(cursor: Cursor): { name: Identifier; spec: WindowSpec }[] {
  const windows: { name: Identifier; spec: WindowSpec }[] = [];
  do {
    const name = cursor.identifier("a window name");
    cursor.expect("AS", "behind the window's name");
    windows.push({ name, spec: parseWindowSpec(cursor) });
  } while (cursor.accept(","));
  return windows;
}
