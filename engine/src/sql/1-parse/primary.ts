/** The leaves of expressions: literals, names, brackets, CASE, CAST, constructors; calls are in `call.ts` and `builtin-call.ts`. */
import type { Expr, TimeUnit } from "./ast.ts";
import { acceptBuiltinCall, parseJdbcCall } from "./builtin-call.ts";
import { call, isCall, parseNamedCall } from "./call.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression, parseExpressionList, parseNonQueryExpression } from "./expression.ts";
import { isIntervalUnit, parseInterval, parseIntervalQualifier } from "./interval.ts";
import { CONTEXT_VARIABLES, MISSING_VARIABLES } from "./keywords.ts";
import {
  acceptConstant,
  acceptJdbcLiteral,
  acceptTemporalLiteral,
  acceptUnsignedNumber,
  isStringToken,
  parseStringLiteral,
} from "./literal.ts";
import { parseName } from "./name.ts";
import { parseBracketedQuery, parseQueryOrList } from "./query.ts";
import { parseCastType } from "./type.ts";

export function parsePrimary(cursor: Cursor, allowQuery: boolean): Expr {
  const { token } = cursor;
  if (token.kind === "word") return parseWord(cursor);
  if (token.kind === "quoted") return isCall(cursor) ? parseNamedCall(cursor) : parseName(cursor);
  if (token.kind === "symbol") return parseSymbol(cursor, allowQuery);
  if (isStringToken(token)) return parseStringLiteral(cursor);
  const number = acceptUnsignedNumber(cursor);
  if (number !== null) return number;
  throw cursor.unexpected("an expression");
}

function parseSymbol(cursor: Cursor, allowQuery: boolean): Expr {
  const { token } = cursor;
  if (token.upper === "(") return parseParenthesized(cursor, allowQuery);
  if (token.upper === "?") {
    cursor.next();
    return { kind: "parameter", span: token };
  }
  if (token.upper === "{fn") return parseJdbcCall(cursor);
  const literal = acceptJdbcLiteral(cursor);
  if (literal !== null) return literal;
  throw cursor.unexpected("an expression");
}

function parseWord(cursor: Cursor): Expr {
  const { token } = cursor;
  const { upper } = token;
  const following = cursor.peek().upper;
  switch (upper) {
    case "INTERVAL":
      cursor.next();
      return parseInterval(cursor, token);
    case "CASE":
      return cursor.nested(parseCase);
    case "CAST":
    case "TRY_CAST":
    case "SAFE_CAST":
      return cursor.nested(parseCast);
    case "ARRAY":
      return cursor.nested(parseArray);
    case "MAP":
      if (following === "[" || following === "(") return cursor.nested(parseArray);
      break;
    case "MULTISET":
      return cursor.nested(parseMultiset);
    case "ROW": {
      cursor.next();
      const items = parseQueryOrList(cursor, true);
      return { kind: "row", items, span: cursor.spanFrom(token) };
    }
    case "PERIOD": {
      cursor.next();
      cursor.expect("(", "after PERIOD");
      const from = cursor.nested(parseExpression);
      cursor.expect(",");
      const to = cursor.nested(parseExpression);
      cursor.expect(")");
      return { kind: "row", items: [from, to], span: cursor.spanFrom(token) };
    }
    case "NEW": {
      cursor.next();
      if (!isCall(cursor)) throw cursor.unexpected("a call", "after NEW");
      const made = parseNamedCall(cursor);
      return { kind: "operator", op: "NEW", operands: [made], span: cursor.spanFrom(token) };
    }
    case "NEXT":
    case "CURRENT":
      if (following === "VALUE") {
        cursor.next();
        cursor.next();
        cursor.expect("FOR");
        const sequence = parseName(cursor);
        return { kind: "operator", op: `${upper} VALUE FOR`, operands: [sequence], span: cursor.spanFrom(token) };
      }
      break;
    case "CURSOR":
      throw cursor.refusal("CURSOR is not taken here.", token, { found: token.text });
    default:
      break;
  }
  const value = acceptConstant(cursor) ?? acceptTemporalLiteral(cursor) ?? acceptUnsignedNumber(cursor) ?? acceptBuiltinCall(cursor);
  if (value !== null) return value;
  if (isCall(cursor)) return parseNamedCall(cursor);
  if (token.identifier) return parseName(cursor);
  if (CONTEXT_VARIABLES.has(upper)) {
    cursor.next();
    return call(upper, token, []);
  }
  if (MISSING_VARIABLES.has(upper)) {
    cursor.next();
    const span = cursor.spanFrom(token);
    return { kind: "name", parts: [{ name: token.text, span }], span };
  }
  throw cursor.unexpected("an expression");
}

/** `(a)`, `(a, b)`, `(SELECT …)`, `(a - b) DAY`. */
function parseParenthesized(cursor: Cursor, allowQuery: boolean): Expr {
  const open = cursor.token;
  const items = parseQueryOrList(cursor, allowQuery);
  if (isIntervalUnit(cursor)) {
    const [inner] = items;
    const { from, to } = parseIntervalQualifier(cursor, "behind the brackets");
    const span = cursor.spanFrom(open);
    if (items.length === 1 && inner.kind === "binary" && inner.op === "-") {
      return { kind: "intervalDifference", left: inner.left, right: inner.right, unit: from, to, span };
    }
    throw cursor.refusal(`A time unit behind brackets needs a difference in them: (a - b) ${from satisfies TimeUnit}.`, span, {
      hint: "An alias of this name needs AS and back quotes.",
    });
  }
  return items.length === 1 ? items[0] : { kind: "row", items, span: cursor.spanFrom(open) };
}

function parseCase(cursor: Cursor): Expr {
  const start = cursor.expect("CASE");
  const operand = cursor.is("WHEN") ? null : parseExpression(cursor);
  const whens: { when: Expr; result: Expr }[] = [];
  while (cursor.accept("WHEN")) {
    const conditions = parseExpressionList(cursor);
    cursor.expect("THEN", "in CASE");
    const result = parseExpression(cursor);
    for (const when of conditions) whens.push({ when, result });
  }
  if (whens.length === 0) throw cursor.unexpected("WHEN", "in CASE");
  const otherwise = cursor.accept("ELSE") ? parseExpression(cursor) : null;
  cursor.expect("END", "to close CASE");
  return { kind: "case", operand, whens, otherwise, span: cursor.spanFrom(start) };
}

function parseCast(cursor: Cursor): Expr {
  const start = cursor.next();
  cursor.expect("(", `after ${start.upper}`);
  const operand = parseExpression(cursor);
  cursor.expect("AS", `in ${start.upper}`);
  const type = parseCastType(cursor);
  cursor.expect(")", `to close ${start.upper}(`);
  return { kind: "cast", operand, type, safe: start.upper !== "CAST", span: cursor.spanFrom(start) };
}

/** ARRAY and MAP: `[a, b]`, `(SELECT …)`, `(a, b)`. */
function parseArray(cursor: Cursor): Expr {
  const start = cursor.next();
  const collection = start.upper === "MAP" ? "MAP" : "ARRAY";
  if (cursor.accept("[")) {
    const items = cursor.is("]") ? [] : parseExpressionList(cursor, parseNonQueryExpression);
    cursor.expect("]", `to close ${collection}[`);
    return { kind: collection === "MAP" ? "map" : "array", items, span: cursor.spanFrom(start) };
  }
  if (cursor.accept("(", ")")) return call(collection, start, [], { span: cursor.spanFrom(start) });
  const items = parseQueryOrList(cursor, true);
  const span = cursor.spanFrom(start);
  if (items.length === 1 && items[0].kind === "subquery") return { kind: "collectionQuery", collection, query: items[0].query, span };
  return call(collection, start, items, { span });
}

function parseMultiset(cursor: Cursor): Expr {
  const start = cursor.next();
  if (cursor.is("(")) {
    const query = parseBracketedQuery(cursor);
    return { kind: "collectionQuery", collection: "MULTISET", query, span: cursor.spanFrom(start) };
  }
  cursor.expect("[", "after MULTISET");
  const items = parseExpressionList(cursor, parseNonQueryExpression);
  cursor.expect("]", "to close MULTISET[");
  return { kind: "multiset", items, span: cursor.spanFrom(start) };
}
