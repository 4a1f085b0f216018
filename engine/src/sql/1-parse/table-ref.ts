/** FROM: tables, subqueries, table functions, UNNEST, joins, and what may follow them. */
import type { Alias, Expr, Identifier, JoinType, Query, TableRef } from "./ast.ts";
import { parseRoutineArguments, parseRoutineCall } from "./call.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression } from "./expression.ts";
import { parseHints } from "./hint.ts";
import { parseStringLiteral } from "./literal.ts";
import { acceptMatchRecognize } from "./match-recognize.ts";
import { acceptPivot, acceptUnpivot } from "./pivot.ts";
import { beginsQuery, isSetOperator, parseOrderedQuery, parseQueryOrList, parseSetOperations } from "./query.ts";
import { type Span, cover } from "./span.ts";

const JOIN_STARTS = new Set(["JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "OUTER"]);

/** The tables of FROM; a comma binds no looser than JOIN, as in Calcite. */
export function parseFrom(cursor: Cursor): TableRef {
  let left = parseTableRef(cursor);
  for (;;) {
    if (cursor.accept(",")) {
      const right = parseTableRef(cursor);
      const span = cover(left.span, right.span);
      left = { kind: "join", type: "CROSS", comma: true, natural: false, left, right, on: null, using: [], span };
    } else if (JOIN_STARTS.has(cursor.token.upper)) {
      left = parseJoin(cursor, left);
    } else {
      return left;
    }
  }
}

function parseJoins(cursor: Cursor, first: TableRef): TableRef {
  let left = first;
  while (JOIN_STARTS.has(cursor.token.upper)) left = parseJoin(cursor, left);
  return left;
}

function parseJoin(cursor: Cursor, left: TableRef): TableRef {
  const start = cursor.token;
  if (cursor.is("CROSS", "APPLY") || cursor.is("OUTER", "APPLY")) {
    throw cursor.refusal("Flink has no APPLY; write CROSS JOIN LATERAL or LEFT JOIN LATERAL … ON TRUE.", cursor.peek(), { found: "APPLY" });
  }
  const natural = cursor.accept("NATURAL");
  let type: JoinType = "INNER";
  const side = cursor.acceptOneOf(["LEFT", "RIGHT", "FULL", "CROSS", "INNER"]);
  if (side !== null) {
    type = side;
    if (side === "LEFT" || side === "RIGHT" || side === "FULL") cursor.accept("OUTER");
  }
  cursor.expect("JOIN", start.upper === "JOIN" ? undefined : `after ${cursor.previous.upper}`);
  const right = parseTableRef(cursor);
  const on: Expr | null = cursor.accept("ON") ? parseExpression(cursor) : null;
  const using: Identifier[] = on === null && cursor.accept("USING") ? cursor.identifierList() : [];
  return { kind: "join", type, comma: false, natural, left, right, on, using, span: cursor.spanFrom(left.span) };
}

export function parseTableRef(cursor: Cursor): TableRef {
  return cursor.nested(parseReference);
}

function parseReference(cursor: Cursor): TableRef {
  let table = parseTable(cursor);
  table = acceptMatchRecognize(cursor, table) ?? table;
  table = acceptPivot(cursor, table) ?? table;
  table = acceptUnpivot(cursor, table) ?? table;
  table = withAlias(cursor, table);
  return acceptSample(cursor, table) ?? table;
}

function withAlias(cursor: Cursor, table: TableRef): TableRef {
  const start = cursor.token;
  const alias = acceptAlias(cursor);
  if (alias === null) return table;
  if (table.kind === "join")
    throw cursor.refusal("A join in brackets takes no alias.", start, { found: start.text, hint: "Alias the tables in it." });
  return { ...table, alias, span: cursor.spanFrom(table.span) } as TableRef;
}

function acceptAlias(cursor: Cursor): Alias | null {
  if (!cursor.accept("AS") && !cursor.isIdentifier()) return null;
  const name = cursor.identifier("an alias");
  const columns = cursor.is("(") ? cursor.identifierList() : [];
  return { name, columns };
}

function parseTable(cursor: Cursor): TableRef {
  const start = cursor.token;
  if (cursor.isIdentifier()) return parseNamed(cursor, start);
  const lateral = cursor.accept("LATERAL");
  if (cursor.is("TABLE", "(")) {
    cursor.next();
    cursor.next();
    cursor.accept("SPECIFIC");
    const call = parseRoutineCall(cursor);
    cursor.expect(")", "to close TABLE(");
    return { kind: "function", call, alias: null, lateral, span: cursor.spanFrom(start) };
  }
  if (cursor.accept("UNNEST")) {
    const exprs = parseQueryOrList(cursor, true);
    const withOrdinality = cursor.accept("WITH", "ORDINALITY");
    return { kind: "unnest", expr: exprs[0], exprs, withOrdinality, alias: null, span: cursor.spanFrom(start) };
  }
  if (cursor.is("(")) return parseBracketed(cursor, start, lateral);
  throw cursor.unexpected(lateral ? "TABLE( or a subquery" : "a table", lateral ? "after LATERAL" : undefined);
}

/** `t`, `cat.db.t FOR SYSTEM_TIME AS OF x`, `f(x)`. */
function parseNamed(cursor: Cursor, start: Span): TableRef {
  const path = cursor.path("a table");
  if (cursor.is("(")) {
    const call = parseRoutineArguments(cursor, start, path);
    return { kind: "function", call, alias: null, lateral: false, span: cursor.spanFrom(start) };
  }
  const hints = parseHints(cursor);
  let asOf: Expr | null = null;
  if (cursor.is("FOR", "SYSTEM_TIME")) {
    cursor.next();
    cursor.next();
    cursor.expect("AS", "in FOR SYSTEM_TIME AS OF");
    cursor.expect("OF", "in FOR SYSTEM_TIME AS OF");
    asOf = parseExpression(cursor);
  }
  return { kind: "table", path, alias: null, asOf, hints, span: cursor.spanFrom(start) };
}

/** `(SELECT …)`, `(a JOIN b …)`, `((SELECT …) UNION (SELECT …))`. */
function parseBracketed(cursor: Cursor, start: Span, lateral: boolean): TableRef {
  cursor.expect("(");
  if (beginsQuery(cursor) && !cursor.is("TABLE", "(")) {
    const query = parseOrderedQuery(cursor);
    cursor.expect(")");
    return { kind: "derived", query, alias: null, lateral, span: cursor.spanFrom(start) };
  }
  const inner = parseJoins(cursor, parseTableRef(cursor));
  const plainQuery = inner.kind === "derived" && inner.alias === null && !inner.lateral;
  if (plainQuery) {
    const query = isSetOperator(cursor) ? queryOf(parseSetOperations(cursor, inner.query)) : inner.query;
    cursor.expect(")");
    return { kind: "derived", query, alias: null, lateral, span: cursor.spanFrom(start) };
  }
  if (isSetOperator(cursor)) throw cursor.unexpected(")");
  const close = cursor.expect(")", "to close the join");
  if (inner.kind !== "join" || lateral) {
    throw cursor.refusal(
      "Brackets in FROM hold a query or a join.",
      { start: start.start, end: close.end },
      { found: "a table", expected: "a query or a join" },
    );
  }
  return { ...inner, span: cursor.spanFrom(start) };
}

function queryOf(body: ReturnType<typeof parseSetOperations>): Query {
  if (body.kind === "query") return body;
  return { kind: "query", with: [], recursive: false, body, orderBy: [], limit: null, offset: null, span: body.span };
}

function acceptSample(cursor: Cursor, input: TableRef): TableRef | null {
  const start = cursor.token;
  if (!cursor.accept("TABLESAMPLE")) return null;
  if (input.kind === "join") throw cursor.refusal("A join takes no TABLESAMPLE.", start, { found: "TABLESAMPLE" });
  const method = cursor.expectOneOf(["BERNOULLI", "SYSTEM", "SUBSTITUTE"], "after TABLESAMPLE");
  cursor.expect("(", `after ${method}`);
  if (method === "SUBSTITUTE") {
    const name = parseStringLiteral(cursor);
    cursor.expect(")");
    return { kind: "sample", input, method, size: name.text, seed: null, span: cursor.spanFrom(input.span) };
  }
  const size = cursor.acceptKind("integer") ?? cursor.acceptKind("decimal") ?? cursor.acceptKind("double");
  if (size === null) throw cursor.unexpected("a percentage", `after ${method}`);
  cursor.expect(")");
  return { kind: "sample", input, method, size: size.text, seed: parseSeed(cursor), span: cursor.spanFrom(input.span) };
}

function parseSeed(cursor: Cursor): number | null {
  if (!cursor.accept("REPEATABLE")) return null;
  cursor.expect("(", "after REPEATABLE");
  const sign = cursor.acceptOneOf(["-", "+"]);
  const seed = cursor.unsignedInteger("a number");
  cursor.expect(")");
  return sign === "-" ? -seed : seed;
}
