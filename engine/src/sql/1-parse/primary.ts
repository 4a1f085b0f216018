/** The leaves of expressions: literals, names, calls with their special argument syntax, CASE, CAST, subqueries, constructors. */
import type { CallExpr, Expr, Identifier, LiteralExpr, OrderItem, WindowSpec } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { acceptUnit, parseExpression, parseExpressionList, parseInterval, parseOrderItems, parseWindowSpec } from "./expression.ts";
import { parseQuery, parseTableArgument } from "./query.ts";
import { parseType } from "./type.ts";

const UNIT_FIRST = new Set(["TIMESTAMPADD", "TIMESTAMPDIFF"]);
const NO_PARENTHESES = new Set(["CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP"]);
const KEYWORD_FUNCTIONS = new Set(["LEFT", "RIGHT", "ARRAY", "MAP", "ROW", ...NO_PARENTHESES]);

export function parsePrimary(cursor: Cursor): Expr {
  const token = cursor.token;
  switch (token.kind) {
    case "integer":
    case "decimal":
    case "double":
    case "string":
    case "bytes":
      cursor.next();
      return literal(token.kind, token.text, token);
    case "quoted":
      return parseNameOrCall(cursor);
    case "symbol":
      if (token.text === "(") return parseParenthesized(cursor);
      if (token.text === "*") {
        cursor.next();
        return { kind: "star", qualifier: [], span: token };
      }
      break;
    case "word":
      return parseWord(cursor);
    default:
      break;
  }
  throw cursor.unexpected("an expression");
}

function literal(type: LiteralExpr["type"], text: string, span: { start: number; end: number }): LiteralExpr {
  return { kind: "literal", type, text, span: { start: span.start, end: span.end } };
}

function parseWord(cursor: Cursor): Expr {
  const token = cursor.token;
  switch (token.upper) {
    case "NULL":
      cursor.next();
      return literal("null", "NULL", token);
    case "TRUE":
    case "FALSE":
    case "UNKNOWN":
      cursor.next();
      return token.upper === "UNKNOWN" ? literal("null", "UNKNOWN", token) : literal("boolean", token.upper, token);
    case "DATE":
    case "TIME":
    case "TIMESTAMP":
      if (cursor.peek().kind === "string") {
        cursor.next();
        const value = cursor.next();
        return literal(token.upper.toLowerCase() as "date" | "time" | "timestamp", value.text, cursor.spanFrom(token));
      }
      return parseNameOrCall(cursor);
    case "INTERVAL":
      cursor.next();
      return parseInterval(cursor, token);
    case "CASE":
      return parseCase(cursor);
    case "CAST":
    case "TRY_CAST": {
      if (cursor.peek().text !== "(") break;
      cursor.next();
      cursor.expect("(");
      const operand = parseExpression(cursor);
      cursor.expect("AS", `in ${token.upper}`);
      const type = parseType(cursor);
      cursor.expect(")");
      return { kind: "cast", operand, type, safe: token.upper === "TRY_CAST", span: cursor.spanFrom(token) };
    }
    case "EXISTS": {
      cursor.next();
      cursor.expect("(");
      const query = parseQuery(cursor);
      cursor.expect(")");
      return { kind: "exists", query, span: cursor.spanFrom(token) };
    }
    case "ARRAY":
    case "MAP":
      if (cursor.peek().text === "[") {
        cursor.next();
        cursor.expect("[");
        const items = cursor.is("]") ? [] : parseExpressionList(cursor);
        cursor.expect("]");
        return { kind: token.upper === "ARRAY" ? "array" : "map", items, span: cursor.spanFrom(token) };
      }
      break;
    case "ROW": {
      if (cursor.peek().text !== "(") break;
      cursor.next();
      cursor.expect("(");
      const items = cursor.is(")") ? [] : parseExpressionList(cursor);
      cursor.expect(")");
      return { kind: "row", items, span: cursor.spanFrom(token) };
    }
    case "DESCRIPTOR": {
      if (cursor.peek().text !== "(") break;
      cursor.next();
      const columns = cursor.identifierList();
      return { kind: "descriptor", columns, span: cursor.spanFrom(token) };
    }
    case "TABLE":
      return parseTableArgument(cursor);
    default:
      break;
  }
  if (NO_PARENTHESES.has(token.upper) && cursor.peek().text !== "(") {
    cursor.next();
    return call(token.upper, token, []);
  }
  return parseNameOrCall(cursor);
}

function parseParenthesized(cursor: Cursor): Expr {
  const open = cursor.expect("(");
  if (cursor.is("SELECT") || cursor.is("WITH") || cursor.is("VALUES")) {
    const query = parseQuery(cursor);
    cursor.expect(")");
    return { kind: "subquery", query, span: cursor.spanFrom(open) };
  }
  const items = parseExpressionList(cursor);
  cursor.expect(")");
  if (items.length > 1) return { kind: "row", items, span: cursor.spanFrom(open) };
  const inner = items[0];
  if (inner.kind === "binary" && inner.op === "-") {
    const mark = cursor.mark();
    const unit = acceptUnit(cursor);
    if (unit !== null) {
      if (cursor.accept("TO")) acceptUnit(cursor);
      return { kind: "intervalDifference", left: inner.left, right: inner.right, unit, span: cursor.spanFrom(open) };
    }
    cursor.reset(mark);
  }
  return inner;
}

function parseCase(cursor: Cursor): Expr {
  const start = cursor.expect("CASE");
  const operand = cursor.is("WHEN") ? null : parseExpression(cursor);
  const whens: { when: Expr; result: Expr }[] = [];
  while (cursor.accept("WHEN")) {
    const values = [parseExpression(cursor)];
    while (operand !== null && cursor.accept(",")) values.push(parseExpression(cursor));
    cursor.expect("THEN", "in CASE");
    const result = parseExpression(cursor);
    for (const when of values) whens.push({ when, result });
  }
  if (whens.length === 0) throw cursor.unexpected("WHEN", "in CASE");
  const otherwise = cursor.accept("ELSE") ? parseExpression(cursor) : null;
  cursor.expect("END", "to close CASE");
  return { kind: "case", operand, whens, otherwise, span: cursor.spanFrom(start) };
}

function parseNameOrCall(cursor: Cursor): Expr {
  const token = cursor.token;
  if (token.kind === "word" && cursor.peek().text === "(" && (cursor.isIdentifier() || KEYWORD_FUNCTIONS.has(token.upper))) {
    return parseCall(cursor);
  }
  const parts: Identifier[] = [cursor.identifier("an expression")];
  while (cursor.is(".")) {
    cursor.next();
    if (cursor.is("*")) {
      cursor.next();
      return { kind: "star", qualifier: parts, span: cursor.spanFrom(token) };
    }
    parts.push(cursor.identifier("a column name"));
  }
  return { kind: "name", parts, span: cursor.spanFrom(token) };
}

function call(name: string, nameSpan: { start: number; end: number }, args: readonly Expr[], more: Partial<CallExpr> = {}): CallExpr {
  const span = { start: nameSpan.start, end: nameSpan.end };
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
    ...more,
  };
}

export function parseCall(cursor: Cursor): CallExpr {
  const token = cursor.next();
  const name = token.upper;
  cursor.expect("(");
  const args: Expr[] = [];
  const options: Record<string, string | Expr> = {};
  let star = false;
  let distinct = false;
  if (cursor.is("*") && cursor.peek().text === ")") {
    cursor.next();
    star = true;
  } else if (!cursor.is(")")) {
    if (cursor.accept("DISTINCT")) distinct = true;
    else if (!cursor.is("ALL", "(")) cursor.accept("ALL");
    if (name === "TRIM") parseTrim(cursor, args, options);
    else if (name === "JSON_OBJECT" || name === "JSON_OBJECTAGG") parseJsonObject(cursor, args);
    else parseArguments(cursor, name, args);
    parseTrailingOptions(cursor, name, options);
  }
  cursor.expect(")", `to close ${name}(`);
  let withinGroup: OrderItem[] | null = null;
  if (cursor.accept("WITHIN", "GROUP")) {
    cursor.expect("(");
    cursor.expect("ORDER");
    cursor.expect("BY");
    withinGroup = parseOrderItems(cursor);
    cursor.expect(")");
  }
  let filter: Expr | null = null;
  if (cursor.is("FILTER", "(")) {
    cursor.next();
    cursor.expect("(");
    cursor.expect("WHERE");
    filter = parseExpression(cursor);
    cursor.expect(")");
  }
  let over: WindowSpec | Identifier | null = null;
  if (cursor.accept("OVER")) over = cursor.is("(") ? parseWindowSpec(cursor) : cursor.identifier("a window name");
  return call(name, token, args, { star, distinct, filter, over, withinGroup, options, span: cursor.spanFrom(token) });
}

function parseArguments(cursor: Cursor, name: string, args: Expr[]): void {
  do {
    const start = cursor.token;
    if (args.length === 0 && (UNIT_FIRST.has(name) || name === "EXTRACT")) {
      const unit = acceptUnit(cursor);
      if (unit === null) throw cursor.unexpected("a time unit", `in ${name}`);
      args.push({ kind: "unit", unit, span: start });
      if (name === "EXTRACT") {
        cursor.expect("FROM", "in EXTRACT");
        args.push(parseExpression(cursor));
      }
      continue;
    }
    if (cursor.isIdentifier() && cursor.peek().text === "=>") {
      const argument = cursor.identifier();
      cursor.expect("=>");
      const value = parseExpression(cursor);
      args.push({ kind: "namedArgument", name: argument, value, span: cursor.spanFrom(start) });
      continue;
    }
    // The IN of POSITION is not the predicate.
    args.push(parseExpression(cursor, name === "POSITION" ? 5 : 0));
    if (name === "POSITION" && cursor.accept("IN")) {
      args.push(parseExpression(cursor));
      if (cursor.accept("FROM")) args.push(parseExpression(cursor));
    }
    if ((name === "SUBSTRING" || name === "OVERLAY") && cursor.accept("PLACING")) args.push(parseExpression(cursor));
    if ((name === "SUBSTRING" || name === "OVERLAY") && cursor.accept("FROM")) {
      args.push(parseExpression(cursor));
      if (cursor.accept("FOR")) args.push(parseExpression(cursor));
    }
    if ((name === "FLOOR" || name === "CEIL" || name === "CEILING") && cursor.accept("TO")) {
      const unitStart = cursor.token;
      const unit = acceptUnit(cursor);
      if (unit === null) throw cursor.unexpected("a time unit", `in ${name}`);
      args.push({ kind: "unit", unit, span: unitStart });
    }
  } while (cursor.accept(","));
}

function parseTrim(cursor: Cursor, args: Expr[], options: Record<string, string | Expr>): void {
  for (const side of ["LEADING", "TRAILING", "BOTH"]) if (cursor.accept(side)) options.side = side;
  if (cursor.accept("FROM")) {
    args.push(parseExpression(cursor));
    return;
  }
  const first = parseExpression(cursor, 5);
  if (cursor.accept("FROM")) {
    args.push(parseExpression(cursor), first);
  } else {
    args.push(first);
    while (cursor.accept(",")) args.push(parseExpression(cursor));
  }
}

function parseJsonObject(cursor: Cursor, args: Expr[]): void {
  do {
    const keyed = cursor.accept("KEY");
    args.push(parseExpression(cursor));
    if (keyed || cursor.is("VALUE")) cursor.expect("VALUE", "in JSON_OBJECT");
    else if (!cursor.accept(":")) throw cursor.unexpected("VALUE", "in JSON_OBJECT");
    args.push(parseExpression(cursor));
  } while (cursor.accept(","));
}

/** NULL ON NULL, ABSENT ON NULL; RETURNING t, x ON EMPTY, x ON ERROR; wrapper behaviour of JSON_QUERY; RESPECT or IGNORE NULLS. */
function parseTrailingOptions(cursor: Cursor, name: string, options: Record<string, string | Expr>): void {
  if (!name.startsWith("JSON_")) return;
  for (;;) {
    if (cursor.accept("NULL", "ON", "NULL")) options.onNull = "NULL";
    else if (cursor.accept("ABSENT", "ON", "NULL")) options.onNull = "ABSENT";
    else if (cursor.accept("RETURNING")) {
      const type = parseType(cursor);
      options.returning = { kind: "cast", operand: literal("null", "NULL", type.span), type, safe: true, span: type.span };
    } else if (cursor.accept("WITHOUT")) {
      cursor.accept("ARRAY");
      cursor.expect("WRAPPER");
      options.wrapper = "WITHOUT";
    } else if (cursor.accept("WITH")) {
      const conditional = cursor.accept("CONDITIONAL");
      if (!conditional) cursor.accept("UNCONDITIONAL");
      cursor.accept("ARRAY");
      cursor.expect("WRAPPER");
      options.wrapper = conditional ? "CONDITIONAL" : "UNCONDITIONAL";
    } else {
      const behaviour = parseBehaviour(cursor);
      if (behaviour === null) return;
      cursor.expect("ON");
      if (cursor.accept("EMPTY")) options.onEmpty = behaviour;
      else {
        cursor.expect("ERROR");
        options.onError = behaviour;
      }
    }
  }
}

function parseBehaviour(cursor: Cursor): string | Expr | null {
  for (const word of ["NULL", "ERROR", "TRUE", "FALSE", "UNKNOWN"]) {
    if (cursor.is(word, "ON")) {
      cursor.next();
      return word;
    }
  }
  if (cursor.accept("EMPTY")) {
    if (cursor.accept("ARRAY")) return "EMPTY ARRAY";
    cursor.expect("OBJECT");
    return "EMPTY OBJECT";
  }
  if (cursor.accept("DEFAULT")) return parseExpression(cursor, 5);
  return null;
}
