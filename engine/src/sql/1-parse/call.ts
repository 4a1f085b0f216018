/** Calls of functions by name, with what may follow the parentheses: WITHIN GROUP, FILTER, OVER. */
import type { CallExpr, Expr, Identifier, OrderItem, WindowSpec } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression, parseOrderBy, parseOrderItem } from "./expression.ts";
import { RESERVED_FUNCTIONS } from "./keywords.ts";
import { beginsQuery, parseOrderedQuery } from "./query.ts";
import type { Span } from "./span.ts";
import { parseWindowSpec } from "./window-spec.ts";

export function call(name: string, nameSpan: Span, args: readonly Expr[], more: Partial<CallExpr> = {}): CallExpr {
  const span = { start: nameSpan.start, end: nameSpan.end };
  return {
    kind: "call",
    name,
    nameSpan: span,
    path: [{ name, span }],
    args,
    distinct: false,
    star: false,
    filter: null,
    over: null,
    withinGroup: null,
    nullTreatment: null,
    options: {},
    orderBy: [],
    span,
    ...more,
  };
}

/** True when a name with `(` behind it comes: `f(`, `cat.db.f(`, `COUNT(`, SPECIFIC f(. */
export function isCall(cursor: Cursor): boolean {
  const { token } = cursor;
  if (token.upper === "SPECIFIC") return true;
  if (cursor.peek().upper === "(") return token.identifier || RESERVED_FUNCTIONS.has(token.upper);
  if (!token.identifier) return false;
  let ahead = 1;
  while (cursor.peek(ahead).upper === "." && cursor.peek(ahead + 1).identifier) ahead += 2;
  return ahead > 1 && cursor.peek(ahead).upper === "(";
}

function parseFunctionName(cursor: Cursor): Identifier[] {
  const { token } = cursor;
  if (token.identifier || !RESERVED_FUNCTIONS.has(token.upper)) return cursor.path("a function");
  cursor.next();
  return [{ name: token.upper, span: token }];
}

/** A function's name as the registry knows it: functions are found whatever the case. */
function lookupName(path: readonly Identifier[]): string {
  return path
    .map(({ name }) => name)
    .join(".")
    .toUpperCase();
}

/** `name([DISTINCT] …)` with its suffixes. */
export function parseNamedCall(cursor: Cursor): Expr {
  const start = cursor.token;
  cursor.accept("SPECIFIC");
  const path = parseFunctionName(cursor);
  const nameSpan = cursor.spanFrom(path[0].span);
  const name = lookupName(path);
  cursor.expect("(", `after ${name}`);
  if (cursor.accept("*")) {
    cursor.expect(")", `to close ${name}(*`);
    return parseSuffixes(cursor, start, call(name, nameSpan, [], { path, star: true }));
  }
  if (cursor.accept(")")) return asDescriptor(cursor, start, parseSuffixes(cursor, start, call(name, nameSpan, [], { path })));
  const quantifier = cursor.acceptOneOf(["DISTINCT", "ALL"]);
  const args = cursor.nested(parseArguments);
  cursor.expect(")", `to close ${name}(`);
  const made = call(name, nameSpan, args, { path, distinct: quantifier === "DISTINCT" });
  return asDescriptor(cursor, start, parseSuffixes(cursor, start, made));
}

/** DESCRIPTOR(a, b) holds names of columns, no values. */
function asDescriptor(cursor: Cursor, start: Span, expr: CallExpr): Expr {
  if (expr.name !== "DESCRIPTOR" || expr.path.length > 1) return expr;
  const columns: Identifier[] = [];
  for (const arg of expr.args) {
    if (arg.kind !== "name" || arg.parts.length > 1) return expr;
    columns.push(arg.parts[0]);
  }
  return { kind: "descriptor", columns, span: cursor.spanFrom(start) };
}

/** `name(…)` without suffixes: in TABLE(…), CALL and NEW. */
export function parseRoutineCall(cursor: Cursor): CallExpr {
  const start = cursor.token;
  const path = cursor.path("a function");
  return parseRoutineArguments(cursor, start, path);
}

/** Behind the name of a table function. */
export function parseRoutineArguments(cursor: Cursor, start: Span, path: readonly Identifier[]): CallExpr {
  const nameSpan = cursor.spanFrom(start);
  const name = lookupName(path);
  cursor.expect("(", `after ${name}`);
  const args = cursor.is(")") ? [] : cursor.nested(parseArguments);
  cursor.expect(")", `to close ${name}(`);
  return call(name, nameSpan, args, { path, span: cursor.spanFrom(start) });
}

/** Arguments: expressions, tables, DEFAULT, each perhaps named; a bare query only as the first. */
export function parseArguments(cursor: Cursor): Expr[] {
  const args = [parseArgument(cursor, true)];
  while (cursor.accept(",")) args.push(parseArgument(cursor, false));
  return args;
}

export function parseArgument(cursor: Cursor, first: boolean): Expr {
  const start = cursor.token;
  if (!start.identifier || cursor.peek().upper !== "=>") return parseArgumentValue(cursor, first);
  const name = cursor.identifier();
  cursor.next();
  const value = parseArgumentValue(cursor, first);
  return { kind: "namedArgument", name, value, span: cursor.spanFrom(start) };
}

function parseArgumentValue(cursor: Cursor, first: boolean): Expr {
  const { token } = cursor;
  if (cursor.accept("DEFAULT")) return { kind: "default", span: token };
  if (token.upper === "TABLE") {
    cursor.next();
    const path = cursor.path("a table");
    const table = { kind: "table", path, alias: null, asOf: null, hints: [], span: cursor.spanFrom(token) } as const;
    return parseSetSemantics(cursor, token, { kind: "tableArgument", table, partitionBy: [], orderBy: [], span: token });
  }
  if (first && beginsQuery(cursor)) {
    const query = parseOrderedQuery(cursor);
    return parseSetSemantics(cursor, token, { kind: "subquery", query, span: query.span });
  }
  if (first && token.upper === "CURSOR") {
    cursor.next();
    const query = parseOrderedQuery(cursor);
    const operand = { kind: "subquery", query, span: query.span } as const;
    return { kind: "operator", op: "CURSOR", operands: [operand], span: cursor.spanFrom(token) };
  }
  const expr = parseExpression(cursor);
  return first ? parseSetSemantics(cursor, token, continueQuery(cursor, expr)) : expr;
}

/** `(SELECT …) UNION ALL (SELECT …)`: what began as an expression goes on as a query. */
function continueQuery(cursor: Cursor, expr: Expr): Expr {
  if (expr.kind !== "subquery") return expr;
  const query = parseOrderedQuery(cursor, expr.query);
  return query === expr.query ? expr : { kind: "subquery", query, span: query.span };
}

/** PARTITION BY and ORDER BY behind a table given to a function. */
function parseSetSemantics(cursor: Cursor, start: Span, expr: Expr): Expr {
  const partitioned = cursor.is("PARTITION");
  if (!partitioned && !cursor.is("ORDER")) return expr.kind === "tableArgument" ? { ...expr, span: cursor.spanFrom(start) } : expr;
  let partitionBy: Identifier[] = [];
  if (partitioned) {
    cursor.next();
    cursor.expect("BY", "after PARTITION");
    partitionBy = cursor.is("(") ? cursor.identifierList() : [cursor.identifier("a column name")];
  } else if (expr.kind !== "tableArgument" && expr.kind !== "subquery") {
    throw cursor.refusal("ORDER BY does not go with an expression.", cursor.token, { found: cursor.token.text });
  }
  const orderBy = cursor.accept("ORDER") ? parseTableOrder(cursor) : [];
  const columns = partitionBy.map((column): Expr => ({ kind: "name", parts: [column], span: column.span }));
  const span = cursor.spanFrom(start);
  if (expr.kind === "tableArgument") return { ...expr, partitionBy: columns, orderBy, span };
  if (expr.kind !== "subquery") return { kind: "partitioned", operand: expr, partitionBy: columns, orderBy, span };
  const table = { kind: "derived", query: expr.query, alias: null, lateral: false, span: expr.span } as const;
  return { kind: "tableArgument", table, partitionBy: columns, orderBy, span };
}

/** Behind a table's ORDER: one item, or several in brackets. */
function parseTableOrder(cursor: Cursor): OrderItem[] {
  cursor.expect("BY", "after ORDER");
  if (!cursor.accept("(")) return [parseOrderItem(cursor)];
  const items = [parseOrderItem(cursor)];
  while (cursor.accept(",")) items.push(parseOrderItem(cursor));
  cursor.expect(")");
  return items;
}

/** NULLS, WITHIN, FILTER, OVER behind the parentheses. */
export function parseSuffixes(cursor: Cursor, start: Span, made: CallExpr): CallExpr {
  const nullTreatment = acceptNullTreatment(cursor) ?? made.nullTreatment;
  const options = { ...made.options };
  if (cursor.accept("WITHIN", "DISTINCT")) {
    cursor.expect("(");
    const keys = [parseExpression(cursor)];
    while (cursor.accept(",")) keys.push(parseExpression(cursor));
    cursor.expect(")");
    options.withinDistinct = { kind: "row", items: keys, span: cursor.spanFrom(keys[0].span) };
  }
  const withinGroup = parseWithinGroup(cursor);
  let filter: Expr | null = null;
  if (cursor.accept("FILTER")) {
    cursor.expect("(", "after FILTER");
    cursor.expect("WHERE", "in FILTER");
    filter = cursor.nested(parseExpression);
    cursor.expect(")", "to close FILTER");
  }
  const over = parseOver(cursor);
  return { ...made, nullTreatment, options, withinGroup, filter, over, span: cursor.spanFrom(start) };
}

export function parseWithinGroup(cursor: Cursor): OrderItem[] | null {
  if (!cursor.accept("WITHIN")) return null;
  cursor.expect("GROUP", "after WITHIN");
  cursor.expect("(");
  cursor.expect("ORDER");
  const items = parseOrderBy(cursor);
  cursor.expect(")");
  return items;
}

export function parseOver(cursor: Cursor): WindowSpec | Identifier | null {
  if (!cursor.accept("OVER")) return null;
  if (cursor.isIdentifier()) return cursor.identifier("a window name");
  return parseWindowSpec(cursor);
}

/** IGNORE NULLS, RESPECT NULLS. */
export function acceptNullTreatment(cursor: Cursor): CallExpr["nullTreatment"] {
  if (cursor.accept("IGNORE", "NULLS")) return "IGNORE NULLS";
  return cursor.accept("RESPECT", "NULLS") ? "RESPECT NULLS" : null;
}
