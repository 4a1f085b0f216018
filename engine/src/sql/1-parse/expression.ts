/**
 * Expressions by precedence climbing, with the precedences of Calcite's operators. Left-associative chains are built in a loop, so that an expression of ten thousand
 * terms needs no stack here; only brackets, calls and prefixes nest.
 *
 * `allowQuery` = a bare subquery in brackets may come first. Calcite forbids that in a few places (PARTITION BY, ARRAY[…], watermarks) and only for the leftmost operand;
 * so do we.
 */
import type { BinaryOp, Expr, InExpr, OrderItem, Query, QuantifiedExpr, RareOperator } from "./ast.ts";
import { call } from "./call.ts";
import type { Cursor } from "./cursor.ts";
import { parsePrimary } from "./primary.ts";
import { type QueryOrList, parseQueryOrList } from "./query.ts";
import { cover } from "./span.ts";

const OR = 22;
const NOT = 26;
const IS = 28;
const COMPARISON = 30;
const RANGE = 32;
const SUM = 40;
const SIGN = 80;

const BINARY: Readonly<Record<string, number>> = {
  OR,
  AND: 24,
  "=": COMPARISON,
  "<>": COMPARISON,
  "<": COMPARISON,
  "<=": COMPARISON,
  ">": COMPARISON,
  ">=": COMPARISON,
  "+": SUM,
  "-": SUM,
  "*": 60,
  "/": 60,
  "%": 60,
  "||": 60,
};

/** Words that begin a predicate or a rare operator behind an operand. */
const PREDICATE_WORDS = new Set(
  "IS IN BETWEEN LIKE ILIKE RLIKE SIMILAR NOT OVERLAPS CONTAINS EQUALS PRECEDES SUCCEEDS IMMEDIATELY MEMBER SUBMULTISET MULTISET FORMAT".split(
    " ",
  ),
);

export function parseExpression(cursor: Cursor): Expr {
  return parseOperators(cursor, 0, true);
}

/** An expression that does not begin with a subquery. */
export function parseNonQueryExpression(cursor: Cursor): Expr {
  return parseOperators(cursor, 0, false);
}

/** Operators that bind tighter than `minimum`. */
function parseOperators(cursor: Cursor, minimum: number, allowQuery: boolean): Expr {
  let left = parseUnary(cursor, allowQuery);
  for (;;) {
    const { token } = cursor;
    if (token.kind !== "word" && token.kind !== "symbol") return left;
    const power = BINARY[token.upper];
    if (power !== undefined) {
      if (power <= minimum) return left;
      if (power === COMPARISON) {
        const quantifier = cursor.peek().upper;
        if (quantifier === "ALL" || quantifier === "SOME" || quantifier === "ANY") {
          left = parseQuantified(cursor, left);
          continue;
        }
      }
      cursor.next();
      const right = parseOperators(cursor, power, true);
      left = { kind: "binary", op: token.upper as BinaryOp, left, right, span: cover(left.span, right.span) };
    } else if (token.upper === "[") {
      left = parseIndex(cursor, left);
    } else if (PREDICATE_WORDS.has(token.upper)) {
      const next = parsePredicate(cursor, left, minimum);
      if (next === null) return left;
      left = next;
    } else {
      return left;
    }
  }
}

function parseUnary(cursor: Cursor, allowQuery: boolean): Expr {
  const { token } = cursor;
  switch (token.upper) {
    case "NOT": {
      cursor.next();
      const operand = cursor.nested(() => parseOperators(cursor, NOT, allowQuery));
      return { kind: "unary", op: "NOT", operand, span: cursor.spanFrom(token) };
    }
    case "-":
    case "+": {
      cursor.next();
      const operand = cursor.nested(() => parseOperators(cursor, SIGN, allowQuery));
      return { kind: "unary", op: token.upper, operand, span: cursor.spanFrom(token) };
    }
    case "EXISTS":
    case "UNIQUE": {
      cursor.next();
      const operand = cursor.nested(() => parseOperators(cursor, SUM, allowQuery));
      const span = cursor.spanFrom(token);
      if (token.upper === "EXISTS" && operand.kind === "subquery") return { kind: "exists", query: operand.query, span };
      return { kind: "operator", op: token.upper, operands: [operand], span };
    }
    default:
      break;
  }
  let expr = parsePrimary(cursor, allowQuery);
  while (cursor.is(".") && cursor.peek().identifier) {
    cursor.next();
    expr = parseField(cursor, expr);
  }
  return expr;
}

/** `f(x).field`, `(row).field`, `f(x).method(y)`: behind the point. */
function parseField(cursor: Cursor, operand: Expr): Expr {
  if (cursor.peek().upper === "(") {
    const call = parsePrimary(cursor, true);
    return { kind: "operator", op: "METHOD", operands: [operand, call], span: cover(operand.span, call.span) };
  }
  const field = cursor.identifier("a field name");
  return { kind: "field", operand, field, span: cursor.spanFrom(operand.span) };
}

/** `a[1]`, `m['k'].field`. */
function parseIndex(cursor: Cursor, operand: Expr): Expr {
  cursor.next();
  const op = cursor.acceptOneOf(["OFFSET", "ORDINAL", "SAFE_OFFSET", "SAFE_ORDINAL"]);
  const index = cursor.nested(parseExpression);
  cursor.expect("]");
  const span = cursor.spanFrom(operand.span);
  let expr: Expr = op === null ? { kind: "index", operand, index, span } : { kind: "operator", op, operands: [operand, index], span };
  while (cursor.is(".") && cursor.peek().identifier) {
    cursor.next();
    const field = cursor.identifier("a field name");
    expr = { kind: "field", operand: expr, field, span: cursor.spanFrom(operand.span) };
  }
  return expr;
}

function parseQuantified(cursor: Cursor, operand: Expr): QuantifiedExpr {
  const op = cursor.next().upper as BinaryOp;
  const quantifier = cursor.next().upper === "ALL" ? "ALL" : "SOME";
  const { query, list } = listOrQuery(parseQueryOrList(cursor, true));
  return { kind: "quantified", operand, op, quantifier, query, list, span: cursor.spanFrom(operand.span) };
}

/** A single subquery, in how many brackets ever, is no list of one. */
function listOrQuery(content: QueryOrList): { readonly query: Query | null; readonly list: readonly Expr[] | null } {
  if (content.length === 1 && content[0].kind === "subquery") return { query: content[0].query, list: null };
  return { query: null, list: content };
}

/** A predicate behind its operand; null when none comes that binds tightly enough. */
function parsePredicate(cursor: Cursor, operand: Expr, minimum: number): Expr | null {
  const negated = cursor.is("NOT");
  const word = negated ? cursor.peek().upper : cursor.token.upper;
  switch (word) {
    case "IS":
      return negated ? null : parseIs(cursor, operand, minimum);
    case "IN":
      if (minimum >= RANGE) return null;
      cursor.next();
      if (negated) cursor.next();
      return parseIn(cursor, operand, negated);
    case "BETWEEN":
      if (minimum >= RANGE) return null;
      cursor.next();
      if (negated) cursor.next();
      return parseBetween(cursor, operand, negated);
    case "LIKE":
    case "ILIKE":
    case "RLIKE":
      if (minimum >= RANGE) return null;
      cursor.next();
      if (negated) cursor.next();
      return parseLike(cursor, operand, word, negated);
    case "SIMILAR":
      if (minimum >= RANGE || cursor.peek(negated ? 2 : 1).upper !== "TO") return null;
      cursor.next();
      cursor.next();
      if (negated) cursor.next();
      return parseLike(cursor, operand, word, negated);
    case "FORMAT":
      if (negated || minimum >= IS || !cursor.accept("FORMAT", "JSON")) return null;
      if (cursor.accept("ENCODING")) cursor.expectOneOf(["UTF8", "UTF16", "UTF32"]);
      return { kind: "operator", op: "FORMAT JSON", operands: [operand], span: cursor.spanFrom(operand.span) };
    case "MULTISET":
      return negated ? null : parseMultisetOperator(cursor, operand, minimum);
    default:
      return parseRareOperator(cursor, operand, minimum);
  }
}

function parseIs(cursor: Cursor, operand: Expr, minimum: number): Expr | null {
  const negated = cursor.peek().upper === "NOT";
  const ahead = negated ? 2 : 1;
  const word = cursor.peek(ahead).upper;
  if (word === "DISTINCT") {
    if (minimum >= COMPARISON) return null;
    for (let i = 0; i <= ahead; i++) cursor.next();
    cursor.expect("FROM", "in IS DISTINCT FROM");
    const right = parseOperators(cursor, COMPARISON, true);
    return { kind: "isDistinct", left: operand, right, negated, span: cover(operand.span, right.span) };
  }
  if (minimum >= IS) return null;
  for (let i = 0; i < ahead; i++) cursor.next();
  const what = cursor.acceptOneOf(["NULL", "TRUE", "FALSE", "UNKNOWN"]);
  if (what !== null) return { kind: "is", operand, negated, what, span: cursor.spanFrom(operand.span) };
  if (cursor.accept("JSON")) {
    const kind = cursor.acceptOneOf(["VALUE", "OBJECT", "ARRAY", "SCALAR"]);
    return { kind: "is", operand, negated, what: kind === null ? "JSON" : `JSON ${kind}`, span: cursor.spanFrom(operand.span) };
  }
  if (cursor.accept("A")) {
    cursor.expect("SET");
    return { kind: "operator", op: negated ? "IS NOT A SET" : "IS A SET", operands: [operand], span: cursor.spanFrom(operand.span) };
  }
  if (cursor.accept("EMPTY")) {
    return { kind: "operator", op: negated ? "IS NOT EMPTY" : "IS EMPTY", operands: [operand], span: cursor.spanFrom(operand.span) };
  }
  throw cursor.unexpected("NULL, TRUE, FALSE, UNKNOWN, DISTINCT FROM or JSON after IS");
}

function parseIn(cursor: Cursor, operand: Expr, negated: boolean): InExpr {
  const { query, list } = listOrQuery(parseQueryOrList(cursor, true));
  return { kind: "in", operand, list, query, negated, span: cursor.spanFrom(operand.span) };
}

function parseBetween(cursor: Cursor, operand: Expr, negated: boolean): Expr {
  const symmetric = cursor.accept("SYMMETRIC");
  if (!symmetric) cursor.accept("ASYMMETRIC");
  const low = parseOperators(cursor, NOT, true);
  cursor.expect("AND", "between the bounds of BETWEEN");
  const high = parseOperators(cursor, RANGE, true);
  return { kind: "between", operand, low, high, negated, symmetric, span: cover(operand.span, high.span) };
}

function parseLike(cursor: Cursor, operand: Expr, word: "LIKE" | "ILIKE" | "RLIKE" | "SIMILAR", negated: boolean): Expr {
  const pattern = parseOperators(cursor, RANGE, true);
  const escapeChar = cursor.accept("ESCAPE") ? parseUnary(cursor, true) : null;
  const span = cursor.spanFrom(operand.span);
  if (word === "LIKE" || word === "SIMILAR") {
    return { kind: "like", operand, pattern, escape: escapeChar, negated, similar: word === "SIMILAR", span };
  }
  const op: RareOperator = negated ? `NOT ${word}` : word;
  return { kind: "operator", op, operands: escapeChar === null ? [operand, pattern] : [operand, pattern, escapeChar], span };
}

const MULTISET_UNION = 14;
const MULTISET_INTERSECT = 18;

function parseMultisetOperator(cursor: Cursor, operand: Expr, minimum: number): Expr | null {
  const word = cursor.peek().upper;
  if (word !== "UNION" && word !== "INTERSECT" && word !== "EXCEPT") return null;
  const power = word === "INTERSECT" ? MULTISET_INTERSECT : MULTISET_UNION;
  if (power <= minimum) return null;
  cursor.next();
  cursor.next();
  const all = cursor.accept("ALL");
  if (!all) cursor.accept("DISTINCT");
  const right = parseOperators(cursor, power, true);
  const op: RareOperator = all ? `MULTISET ${word} ALL` : `MULTISET ${word}`;
  return { kind: "operator", op, operands: [operand, right], span: cover(operand.span, right.span) };
}

function parseRareOperator(cursor: Cursor, operand: Expr, minimum: number): Expr | null {
  if (minimum >= COMPARISON) return null;
  if (cursor.is("OVERLAPS")) {
    const word = cursor.next();
    const right = parseOperators(cursor, COMPARISON, true);
    return call("OVERLAPS", word, [operand, right], { span: cover(operand.span, right.span) });
  }
  const op = acceptRareOperator(cursor);
  if (op === null) return null;
  const right = parseOperators(cursor, COMPARISON, true);
  return { kind: "operator", op, operands: [operand, right], span: cover(operand.span, right.span) };
}

function acceptRareOperator(cursor: Cursor): RareOperator | null {
  if (cursor.accept("NOT", "SUBMULTISET", "OF")) return "NOT SUBMULTISET OF";
  if (cursor.accept("SUBMULTISET", "OF")) return "SUBMULTISET OF";
  if (cursor.accept("MEMBER", "OF")) return "MEMBER OF";
  if (cursor.accept("IMMEDIATELY", "PRECEDES")) return "IMMEDIATELY PRECEDES";
  if (cursor.accept("IMMEDIATELY", "SUCCEEDS")) return "IMMEDIATELY SUCCEEDS";
  return cursor.acceptOneOf(["CONTAINS", "EQUALS", "PRECEDES", "SUCCEEDS"]);
}

export function parseExpressionList(cursor: Cursor, first: (cursor: Cursor) => Expr = parseExpression): Expr[] {
  const list = [first(cursor)];
  while (cursor.accept(",")) list.push(parseExpression(cursor));
  return list;
}

export function parseOrderItem(cursor: Cursor): OrderItem {
  const expr = parseExpression(cursor);
  const descending = cursor.accept("DESC");
  if (!descending) cursor.accept("ASC");
  let nulls: "FIRST" | "LAST" | null = null;
  if (cursor.accept("NULLS", "FIRST")) nulls = "FIRST";
  else if (cursor.accept("NULLS", "LAST")) nulls = "LAST";
  return { expr, descending, nulls, span: cursor.spanFrom(expr.span) };
}

/** Behind ORDER. */
export function parseOrderBy(cursor: Cursor): OrderItem[] {
  cursor.expect("BY", "after ORDER");
  const items = [parseOrderItem(cursor)];
  while (cursor.accept(",")) items.push(parseOrderItem(cursor));
  return items;
}
