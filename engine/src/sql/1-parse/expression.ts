/**
 * Expressions by precedence climbing. From loose to tight: OR, AND, NOT, comparison and predicates (IS, IN, BETWEEN, LIKE), `||`,
 * `+ -`, `* / %`, unary sign, postfix `[i]` and `.field`.
 */
import type { BinaryOp, CallExpr, Expr, Identifier, IntervalExpr, OrderItem, TimeUnit, WindowSpec } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parsePrimary } from "./primary.ts";
import { parseQuery } from "./query.ts";
import { cover } from "./span.ts";
import { SqlError } from "./sql-error.ts";

const BINARY: Readonly<Record<string, number>> = {
  OR: 1,
  AND: 2,
  "=": 4,
  "<>": 4,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  "||": 6,
  "+": 7,
  "-": 7,
  "*": 8,
  "/": 8,
  "%": 8,
};
const PREDICATE = 4;
const PREDICATE_WORDS = ["IS", "IN", "BETWEEN", "LIKE", "SIMILAR", "NOT", "OVERLAPS"];
const NOT_LEVEL = 3;
const UNARY_LEVEL = 9;

export function parseExpression(cursor: Cursor, minimum = 0): Expr {
  let left = parseUnary(cursor);
  for (;;) {
    const token = cursor.token;
    if (token.text === "!=") throw cursor.unexpected("an operator");
    const power = token.kind === "word" || token.kind === "symbol" ? BINARY[token.upper] : undefined;
    if (power !== undefined && power > minimum) {
      cursor.next();
      const op = token.upper as BinaryOp;
      if (power === PREDICATE && (cursor.is("ALL", "(") || cursor.is("SOME", "(") || cursor.is("ANY", "("))) {
        const quantifier = cursor.next().upper === "ALL" ? "ALL" : "SOME";
        cursor.expect("(");
        const query = parseQuery(cursor);
        cursor.expect(")");
        left = { kind: "quantified", operand: left, op, quantifier, query, span: cursor.spanFrom(left.span) };
        continue;
      }
      const right = parseExpression(cursor, power);
      left = { kind: "binary", op, left, right, span: cover(left.span, right.span) };
    } else if (token.kind === "word" && PREDICATE > minimum && PREDICATE_WORDS.includes(token.upper)) {
      left = parsePredicate(cursor, left);
    } else {
      return left;
    }
  }
}

function parseUnary(cursor: Cursor): Expr {
  const token = cursor.token;
  if (cursor.accept("NOT")) {
    const operand = parseExpression(cursor, NOT_LEVEL - 1 + 1);
    return { kind: "unary", op: "NOT", operand, span: cursor.spanFrom(token) };
  }
  if (cursor.accept("-")) {
    const operand = parseExpression(cursor, UNARY_LEVEL);
    return { kind: "unary", op: "-", operand, span: cursor.spanFrom(token) };
  }
  if (cursor.accept("+")) {
    const operand = parseExpression(cursor, UNARY_LEVEL);
    return { kind: "unary", op: "+", operand, span: cursor.spanFrom(token) };
  }
  let expr = parsePrimary(cursor);
  for (;;) {
    if (cursor.accept("[")) {
      const index = parseExpression(cursor);
      cursor.expect("]");
      expr = { kind: "index", operand: expr, index, span: cursor.spanFrom(expr.span) };
    } else if (cursor.is(".") && expr.kind !== "name") {
      cursor.next();
      const field = cursor.identifier("a field name");
      expr = { kind: "field", operand: expr, field, span: cursor.spanFrom(expr.span) };
    } else {
      return expr;
    }
  }
}

function parsePredicate(cursor: Cursor, operand: Expr): Expr {
  const negated = cursor.accept("NOT");
  if (!negated && cursor.accept("IS")) return parseIs(cursor, operand);
  if (cursor.accept("BETWEEN")) {
    const symmetric = cursor.accept("SYMMETRIC");
    if (!symmetric) cursor.accept("ASYMMETRIC");
    const low = parseExpression(cursor, PREDICATE);
    cursor.expect("AND", "between the bounds of BETWEEN");
    const high = parseExpression(cursor, PREDICATE);
    return { kind: "between", operand, low, high, negated, symmetric, span: cover(operand.span, high.span) };
  }
  if (cursor.accept("IN")) {
    cursor.expect("(");
    if (cursor.is("SELECT") || cursor.is("WITH") || cursor.is("VALUES")) {
      const query = parseQuery(cursor);
      cursor.expect(")");
      return { kind: "in", operand, list: null, query, negated, span: cursor.spanFrom(operand.span) };
    }
    const list = parseExpressionList(cursor);
    cursor.expect(")");
    return { kind: "in", operand, list, query: null, negated, span: cursor.spanFrom(operand.span) };
  }
  const similar = cursor.accept("SIMILAR", "TO");
  if (similar || cursor.accept("LIKE")) {
    const pattern = parseExpression(cursor, PREDICATE);
    const escapeChar = cursor.accept("ESCAPE") ? parseExpression(cursor, PREDICATE) : null;
    return { kind: "like", operand, pattern, escape: escapeChar, negated, similar, span: cursor.spanFrom(operand.span) };
  }
  if (!negated && cursor.accept("OVERLAPS")) {
    const right = parseExpression(cursor, PREDICATE);
    return plainCall("OVERLAPS", [operand, right], cover(operand.span, right.span));
  }
  throw cursor.unexpected("IN, BETWEEN, LIKE or SIMILAR TO after NOT");
}

function parseIs(cursor: Cursor, operand: Expr): Expr {
  const negated = cursor.accept("NOT");
  if (cursor.accept("DISTINCT")) {
    cursor.expect("FROM");
    const right = parseExpression(cursor, PREDICATE);
    return { kind: "isDistinct", left: operand, right, negated, span: cover(operand.span, right.span) };
  }
  for (const what of ["NULL", "TRUE", "FALSE", "UNKNOWN"] as const) {
    if (cursor.accept(what)) return { kind: "is", operand, negated, what, span: cursor.spanFrom(operand.span) };
  }
  if (cursor.accept("JSON")) {
    for (const what of ["VALUE", "OBJECT", "ARRAY", "SCALAR"] as const) {
      if (cursor.accept(what)) return { kind: "is", operand, negated, what: `JSON ${what}`, span: cursor.spanFrom(operand.span) };
    }
    return { kind: "is", operand, negated, what: "JSON", span: cursor.spanFrom(operand.span) };
  }
  throw cursor.unexpected("NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM after IS");
}

export function parseExpressionList(cursor: Cursor): Expr[] {
  const list = [parseExpression(cursor)];
  while (cursor.accept(",")) list.push(parseExpression(cursor));
  return list;
}

export function plainCall(name: string, args: readonly Expr[], span: { start: number; end: number }): CallExpr {
  return {
    kind: "call",
    name,
    nameSpan: span,
    args,
    distinct: false,
    star: false,
    filter: null,
    over: null,
    withinGroup: null,
    options: {},
    span,
  };
}

export function parseOrderItems(cursor: Cursor): OrderItem[] {
  const items: OrderItem[] = [];
  do {
    const expr = parseExpression(cursor);
    const descending = cursor.accept("DESC");
    if (!descending) cursor.accept("ASC");
    let nulls: "FIRST" | "LAST" | null = null;
    if (cursor.accept("NULLS", "FIRST")) nulls = "FIRST";
    else if (cursor.accept("NULLS", "LAST")) nulls = "LAST";
    items.push({ expr, descending, nulls, span: cursor.spanFrom(expr.span) });
  } while (cursor.accept(","));
  return items;
}

/** What stands between the parentheses of OVER ( … ) or of a WINDOW clause. */
export function parseWindowSpec(cursor: Cursor): WindowSpec {
  const open = cursor.expect("(");
  let base: Identifier | null = null;
  if (cursor.isIdentifier() && !cursor.is("PARTITION") && !cursor.is("ROWS") && !cursor.is("RANGE")) base = cursor.identifier();
  let partitionBy: Expr[] = [];
  if (cursor.accept("PARTITION")) {
    cursor.expect("BY");
    partitionBy = parseExpressionList(cursor);
  }
  let orderBy: OrderItem[] = [];
  if (cursor.accept("ORDER")) {
    cursor.expect("BY");
    orderBy = parseOrderItems(cursor);
  }
  let frame: WindowSpec["frame"] = null;
  if (cursor.is("ROWS") || cursor.is("RANGE")) {
    const unit = cursor.next().upper as "ROWS" | "RANGE";
    if (cursor.accept("BETWEEN")) {
      const start = parseBound(cursor);
      cursor.expect("AND");
      frame = { unit, start, end: parseBound(cursor) };
    } else {
      frame = { unit, start: parseBound(cursor), end: { kind: "currentRow", offset: null } };
    }
  }
  cursor.expect(")");
  return { kind: "windowSpec", base, partitionBy, orderBy, frame, span: cursor.spanFrom(open) };
}

function parseBound(cursor: Cursor): NonNullable<WindowSpec["frame"]>["start"] {
  if (cursor.accept("UNBOUNDED", "PRECEDING")) return { kind: "unboundedPreceding", offset: null };
  if (cursor.accept("UNBOUNDED", "FOLLOWING")) return { kind: "unboundedFollowing", offset: null };
  if (cursor.accept("CURRENT", "ROW")) return { kind: "currentRow", offset: null };
  const offset = parseExpression(cursor, PREDICATE);
  if (cursor.accept("PRECEDING")) return { kind: "preceding", offset };
  if (cursor.accept("FOLLOWING")) return { kind: "following", offset };
  throw cursor.unexpected("PRECEDING or FOLLOWING");
}

const UNITS = new Set<string>(
  "YEAR QUARTER MONTH WEEK DAY HOUR MINUTE SECOND MILLISECOND MICROSECOND NANOSECOND DOW DOY ISODOW ISOYEAR EPOCH DECADE CENTURY MILLENNIUM".split(
    " ",
  ),
);

/** A unit word, singular or plural, or null when none comes next. */
export function acceptUnit(cursor: Cursor): TimeUnit | null {
  const token = cursor.token;
  if (token.kind !== "word") return null;
  let unit = token.upper.startsWith("SQL_TSI_") ? token.upper.slice(8) : token.upper;
  if (!UNITS.has(unit) && unit.endsWith("S")) unit = unit.slice(0, -1);
  if (!UNITS.has(unit)) return null;
  cursor.next();
  return unit as TimeUnit;
}

/** Behind the word INTERVAL. */
export function parseInterval(cursor: Cursor, start: { start: number; end: number }): IntervalExpr {
  let negative = false;
  if (cursor.accept("-")) negative = true;
  else cursor.accept("+");
  const text = cursor.acceptKind("string");
  const value = text ?? cursor.acceptKind("integer");
  if (value === null) throw cursor.unexpected("the length of the interval in quotes", "after INTERVAL", "For example INTERVAL '5' MINUTE.");
  const from = acceptUnit(cursor);
  if (from === null) throw cursor.unexpected("a time unit", "after the interval", "SECOND, MINUTE, HOUR, DAY, MONTH or YEAR.");
  let precision: number | null = null;
  if (cursor.accept("(")) {
    precision = Number(cursor.token.text);
    while (!cursor.accept(")")) cursor.next();
  }
  let to: TimeUnit | null = null;
  if (cursor.accept("TO")) {
    to = acceptUnit(cursor);
    if (to === null) throw cursor.unexpected("a time unit", "after TO");
    if (cursor.accept("(")) while (!cursor.accept(")")) cursor.next();
  }
  if (from === "NANOSECOND" || from === "MICROSECOND") {
    throw new SqlError("parse", "SQL_SYNTAX", `${from} is no unit of an interval.`, value);
  }
  return { kind: "interval", text: value.text.trim(), negative, quoted: text !== null, precision, from, to, span: cursor.spanFrom(start) };
}
