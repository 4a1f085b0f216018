/**
 * Queries: WITH, set operations, VALUES, ORDER BY and LIMIT, and the brackets around them. What stands in brackets may turn out a query or an expression only at its
 * end (`((SELECT 1) UNION SELECT 2)`, `((SELECT 1) + 2)`): it is read as an expression, a subquery being one, and goes on as a query when UNION or ORDER BY follows.
 */
import type { CommonTable, Expr, Identifier, OrderItem, Query, QueryBody, SelectQuery, ValuesQuery } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression, parseNonQueryExpression, parseOrderBy } from "./expression.ts";
import { acceptUnsignedNumber } from "./literal.ts";
import { parseSelect } from "./select.ts";
import { type Span, cover } from "./span.ts";

/** Items of a list in brackets; a query is an item of kind `subquery`. */
export type QueryOrList = readonly [Expr, ...Expr[]];

const QUERY_STARTS = new Set(["SELECT", "VALUES", "VALUE", "WITH", "TABLE"]);
const SET_OPERATORS = new Set(["UNION", "INTERSECT", "EXCEPT", "MINUS"]);

/** True when a query without brackets begins here. */
export function beginsQuery(cursor: Cursor): boolean {
  return QUERY_STARTS.has(cursor.token.upper);
}

export function isSetOperator(cursor: Cursor): boolean {
  return SET_OPERATORS.has(cursor.token.upper);
}

/** A query where nothing else is taken, with its ORDER BY and LIMIT. `first` = its first part, when that has been read already. */
export function parseOrderedQuery(cursor: Cursor, first: Query | null = null): Query {
  return cursor.nested(() => parseOrdered(cursor, first));
}

function parseOrdered(cursor: Cursor, first: Query | null): Query {
  const start: Span = first === null ? cursor.token : first.span;
  const common: CommonTable[] = [];
  let recursive = false;
  if (first === null && cursor.accept("WITH")) {
    recursive = cursor.accept("RECURSIVE");
    do common.push(parseCommonTable(cursor));
    while (cursor.accept(","));
  }
  const leaf = first ?? parseLeaf(cursor);
  const body = parseSetOperations(cursor, leaf);
  const orderBy: OrderItem[] = cursor.accept("ORDER") ? parseOrderBy(cursor) : [];
  const { limit, offset } = parseLimit(cursor);
  if (body.kind === "query" && common.length === 0 && orderBy.length === 0 && limit === null && offset === null) return body;
  return { kind: "query", with: common, recursive, body, orderBy, limit, offset, span: cursor.spanFrom(start) };
}

function parseCommonTable(cursor: Cursor): CommonTable {
  const name = cursor.identifier("the name of the common table");
  const columns: Identifier[] = cursor.is("(") ? cursor.identifierList() : [];
  cursor.expect("AS", "before the query of WITH");
  const query = parseBracketedQuery(cursor);
  return { name, columns, query, span: cursor.spanFrom(name.span) };
}

/** `(query)`. */
export function parseBracketedQuery(cursor: Cursor): Query {
  cursor.expect("(");
  const query = parseOrderedQuery(cursor);
  cursor.expect(")");
  return query;
}

/** SELECT, VALUES, TABLE t, or a query in brackets. */
function parseLeaf(cursor: Cursor): QueryBody {
  switch (cursor.token.upper) {
    case "SELECT":
      return parseSelect(cursor);
    case "VALUES":
    case "VALUE":
      return parseValues(cursor);
    case "TABLE":
      return parseExplicitTable(cursor);
    case "(":
      return parseBracketedQuery(cursor);
    default:
      throw cursor.unexpected("SELECT, VALUES or WITH");
  }
}

/** `TABLE t` is `SELECT * FROM t`. */
function parseExplicitTable(cursor: Cursor): SelectQuery {
  const start = cursor.next();
  const path = cursor.path("a table");
  const span = cursor.spanFrom(start);
  return {
    kind: "select",
    distinct: false,
    stream: false,
    hints: [],
    items: [{ expr: { kind: "star", qualifier: [], span }, alias: null, span }],
    from: { kind: "table", path, alias: null, asOf: null, hints: [], span },
    where: null,
    groupBy: null,
    groupDistinct: false,
    having: null,
    windows: [],
    qualify: null,
    span,
  };
}

/** UNION and EXCEPT from the left; INTERSECT binds tighter. */
export function parseSetOperations(cursor: Cursor, first: QueryBody): QueryBody {
  let left = parseIntersections(cursor, first);
  while (cursor.is("UNION") || cursor.is("EXCEPT") || cursor.is("MINUS")) {
    const word = cursor.next();
    if (word.upper === "MINUS") {
      throw cursor.refusal("Flink has no MINUS; it is written EXCEPT.", word, { found: "MINUS", expected: "EXCEPT" });
    }
    const all = parseQuantifier(cursor);
    const right = parseIntersections(cursor, parseLeaf(cursor));
    left = { kind: "set", op: word.upper as "UNION" | "EXCEPT", all, left, right, span: cover(left.span, right.span) };
  }
  return left;
}

function parseIntersections(cursor: Cursor, first: QueryBody): QueryBody {
  let left = first;
  while (cursor.accept("INTERSECT")) {
    const all = parseQuantifier(cursor);
    const right = parseLeaf(cursor);
    left = { kind: "set", op: "INTERSECT", all, left, right, span: cover(left.span, right.span) };
  }
  return left;
}

/** True for ALL. */
function parseQuantifier(cursor: Cursor): boolean {
  return cursor.acceptOneOf(["ALL", "DISTINCT"]) === "ALL";
}

function parseLimit(cursor: Cursor): { readonly limit: Expr | null; readonly offset: Expr | null } {
  if (cursor.accept("LIMIT")) {
    const limit = cursor.accept("ALL") ? null : parseCount(cursor, "after LIMIT");
    if (cursor.is(",")) {
      const comma = cursor.next();
      if (cursor.is("ALL") || acceptUnsignedNumber(cursor) !== null || cursor.accept("?")) {
        throw cursor.refusal("Flink does not take LIMIT start, count.", comma, { found: ",", expected: "LIMIT count OFFSET start" });
      }
      throw cursor.unexpected("a number", "after LIMIT");
    }
    return { limit, offset: cursor.accept("OFFSET") ? parseOffset(cursor) : null };
  }
  if (cursor.accept("OFFSET")) {
    const offset = parseOffset(cursor);
    if (cursor.is("LIMIT")) {
      throw cursor.refusal("LIMIT comes before OFFSET.", cursor.token, { found: "OFFSET … LIMIT", expected: "LIMIT … OFFSET" });
    }
    return { limit: cursor.accept("FETCH") ? parseFetch(cursor) : null, offset };
  }
  return { limit: cursor.accept("FETCH") ? parseFetch(cursor) : null, offset: null };
}

function parseOffset(cursor: Cursor): Expr {
  const offset = parseCount(cursor, "after OFFSET");
  cursor.acceptOneOf(["ROW", "ROWS"]);
  return offset;
}

/** Behind FETCH: `FIRST 5 ROWS ONLY`. */
function parseFetch(cursor: Cursor): Expr {
  cursor.expectOneOf(["FIRST", "NEXT"], "after FETCH");
  const count = parseCount(cursor, "in FETCH");
  cursor.expectOneOf(["ROWS", "ROW"], "in FETCH");
  cursor.expect("ONLY", "to close FETCH");
  return count;
}

function parseCount(cursor: Cursor, context: string): Expr {
  const { token } = cursor;
  if (cursor.accept("?")) return { kind: "parameter", span: token };
  const number = acceptUnsignedNumber(cursor);
  if (number === null) throw cursor.unexpected("a number", context);
  return number;
}

function parseValues(cursor: Cursor): ValuesQuery {
  const start = cursor.next();
  const rows: (readonly Expr[])[] = [];
  do rows.push(parseRow(cursor));
  while (cursor.accept(","));
  return { kind: "values", rows, span: cursor.spanFrom(start) };
}

/** A row of VALUES: `(a, b)`, `ROW(a, b)`, `(ROW(a, b))`, `a`. */
export function parseRow(cursor: Cursor): readonly Expr[] {
  if (cursor.is("(", "ROW", "(")) {
    cursor.next();
    cursor.next();
    const row = cursor.nested(parseRowItems);
    cursor.expect(")");
    return row;
  }
  if (cursor.is("(")) return cursor.nested(parseRowItems);
  if (cursor.accept("ROW")) return cursor.nested(parseRowItems);
  return [parseExpression(cursor)];
}

function parseRowItems(cursor: Cursor): readonly Expr[] {
  cursor.expect("(");
  const items: Expr[] = [acceptDefault(cursor) ?? parseQueryOrExpression(cursor, true)];
  while (cursor.accept(",")) items.push(acceptDefault(cursor) ?? parseExpression(cursor));
  cursor.expect(")", "to close the row");
  return items;
}

function acceptDefault(cursor: Cursor): Expr | null {
  const { token } = cursor;
  return cursor.accept("DEFAULT") ? { kind: "default", span: token } : null;
}

/** `(…)` holding one query or a list of expressions. */
export function parseQueryOrList(cursor: Cursor, allowQuery: boolean): QueryOrList {
  return cursor.nested(() => {
    cursor.expect("(");
    const items: [Expr, ...Expr[]] = [parseQueryOrExpression(cursor, allowQuery)];
    while (cursor.accept(",")) items.push(allowQuery ? parseExpression(cursor) : parseNonQueryExpression(cursor));
    cursor.expect(")");
    return items;
  });
}

function parseQueryOrExpression(cursor: Cursor, allowQuery: boolean): Expr {
  if (beginsQuery(cursor)) {
    if (!allowQuery) throw cursor.refusal("A subquery is not taken here.", cursor.token, { found: cursor.token.text });
    const query = parseOrderedQuery(cursor);
    return { kind: "subquery", query, span: query.span };
  }
  const expr = allowQuery ? parseExpression(cursor) : parseNonQueryExpression(cursor);
  if (expr.kind !== "subquery" || cursor.is(")") || cursor.is(",")) return expr;
  const query = parseOrderedQuery(cursor, expr.query);
  return { kind: "subquery", query, span: query.span };
}
