/** Functions whose arguments have a grammar of their own: EXTRACT, TRIM, FLOOR … TO, TIMESTAMPADD, FIRST and LAST of MATCH_RECOGNIZE. */
import type { CallExpr, Expr, OperatorExpr } from "./ast.ts";
import { acceptNullTreatment, call, isCall, parseArgument, parseArguments, parseOver, parseSuffixes } from "./call.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression, parseOrderBy } from "./expression.ts";
import { acceptUnit } from "./interval.ts";
import { acceptJsonCall } from "./json-call.ts";
import { acceptUnsignedNumber, literal, parseStringLiteral } from "./literal.ts";
import { parsePrimary } from "./primary.ts";
import { parseQueryOrList } from "./query.ts";
import type { Span } from "./span.ts";
import { parseCastType, parsePlainType } from "./type.ts";

/** What stands between the parentheses of a call. */
type ArgumentGrammar = (cursor: Cursor, name: string) => Partial<CallExpr> & { readonly args: readonly Expr[] };

const GRAMMARS: Readonly<Record<string, ArgumentGrammar>> = {
  EXTRACT: (cursor) => {
    const unit = parseUnit(cursor, "in EXTRACT");
    cursor.expect("FROM", "in EXTRACT");
    return { args: [unit, parseExpression(cursor)] };
  },
  POSITION: (cursor) => {
    // An operand alone: the IN behind it is not the predicate.
    const args = [parsePrimary(cursor, false)];
    cursor.expect("IN", "in POSITION");
    args.push(parseExpression(cursor));
    if (cursor.accept("FROM")) args.push(parseExpression(cursor));
    return { args };
  },
  OVERLAY: (cursor) => {
    const args = [parseExpression(cursor)];
    cursor.expect("PLACING", "in OVERLAY");
    args.push(parseExpression(cursor));
    cursor.expect("FROM", "in OVERLAY");
    args.push(parseExpression(cursor));
    if (cursor.accept("FOR")) args.push(parseExpression(cursor));
    return { args };
  },
  SUBSTRING: (cursor) => {
    const args = [parseExpression(cursor)];
    cursor.expectOneOf(["FROM", ","], "in SUBSTRING");
    args.push(parseExpression(cursor));
    if (cursor.acceptOneOf(["FOR", ","]) !== null) args.push(parseExpression(cursor));
    return { args };
  },
  TRIM: parseTrim,
  CONVERT: parseConvert,
  TRANSLATE: (cursor) => {
    const args = [parseExpression(cursor)];
    if (cursor.accept("USING")) return { args: [...args, frameOf(cursor)], options: { using: "USING" } };
    while (cursor.accept(",")) args.push(parseExpression(cursor));
    return { args };
  },
  TIMESTAMPADD: unitFirst,
  TIMESTAMPDIFF: unitFirst,
  TIMESTAMP_DIFF: unitLast,
  DATE_DIFF: unitLast,
  DATETIME_DIFF: unitLast,
  TIME_DIFF: unitLast,
  DATE_TRUNC: (cursor) => {
    const args = [parseExpression(cursor)];
    cursor.expect(",", "in DATE_TRUNC");
    const start = cursor.token;
    const unit = cursor.token.kind === "word" && cursor.peek().upper === ")" ? acceptUnit(cursor) : null;
    return { args: [...args, unit === null ? parseExpression(cursor) : { kind: "unit", unit, span: start }] };
  },
  TIMESTAMP_TRUNC: truncation,
  DATETIME_TRUNC: truncation,
  TIME_TRUNC: truncation,
  CONTAINS_SUBSTR: (cursor) => {
    const args = [parseExpression(cursor)];
    cursor.expect(",", "in CONTAINS_SUBSTR");
    args.push(parseExpression(cursor));
    if (!cursor.accept(",")) return { args };
    cursor.expect("JSON_SCOPE");
    cursor.expect("=>");
    return { args, options: { jsonScope: parseExpression(cursor) } };
  },
  DATE: plainArguments,
  TIME: plainArguments,
  DATETIME: plainArguments,
  TIMESTAMP: plainArguments,
  TUMBLE: plainArguments,
  HOP: plainArguments,
  SESSION: plainArguments,
  PREV: navigation,
  NEXT: navigation,
  FIRST: navigation,
  LAST: navigation,
};

const PERCENTILES = new Set(["PERCENTILE_CONT", "PERCENTILE_DISC"]);

/** A call with a grammar of its own, or null when none begins here. */
export function acceptBuiltinCall(cursor: Cursor): Expr | null {
  const { token } = cursor;
  const name = token.upper;
  if (name === "MODEL" && cursor.peek().identifier) {
    cursor.next();
    return { kind: "modelArgument", path: cursor.path("a model"), span: cursor.spanFrom(token) };
  }
  if (name === "RUNNING" || name === "FINAL") return acceptModifier(cursor);
  if (cursor.peek().upper !== "(") return null;
  if (name === "CLASSIFIER" || name === "MATCH_NUMBER") {
    cursor.next();
    cursor.next();
    cursor.expect(")", `to close ${name}(`);
    return call(name, token, [], { span: cursor.spanFrom(token) });
  }
  if (name === "FLOOR" || name === "CEIL" || name === "CEILING") return parseFloor(cursor);
  if (name === "ARRAY_AGG") return parseListAggregate(cursor);
  if (PERCENTILES.has(name)) return parsePercentile(cursor);
  const grammar = GRAMMARS[name];
  if (grammar === undefined) return acceptJsonCall(cursor);
  cursor.next();
  cursor.next();
  const content = cursor.nested(() => grammar(cursor, name));
  cursor.expect(")", `to close ${name}(`);
  return call(name, token, content.args, { ...content, span: cursor.spanFrom(token) });
}

function parseUnit(cursor: Cursor, context: string): Expr {
  const start = cursor.token;
  if (cursor.is("WEEK", "(")) {
    cursor.next();
    cursor.next();
    const day = cursor.expectOneOf(["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"]);
    cursor.expect(")");
    return { kind: "timeFrame", name: `WEEK(${day})`, span: cursor.spanFrom(start) };
  }
  const unit = acceptUnit(cursor);
  if (unit !== null) return { kind: "unit", unit, span: start };
  if (!cursor.isIdentifier()) throw cursor.unexpected("a time unit", context);
  return frameOf(cursor);
}

function frameOf(cursor: Cursor): Expr {
  const { name, span } = cursor.identifier("a name");
  return { kind: "timeFrame", name, span };
}

function unitFirst(cursor: Cursor, name: string): ReturnType<ArgumentGrammar> {
  const unit = parseUnit(cursor, `in ${name}`);
  cursor.expect(",", `in ${name}`);
  const from = parseExpression(cursor);
  cursor.expect(",", `in ${name}`);
  return { args: [unit, from, parseExpression(cursor)] };
}

function unitLast(cursor: Cursor, name: string): ReturnType<ArgumentGrammar> {
  const args = [parseExpression(cursor)];
  cursor.expect(",", `in ${name}`);
  args.push(parseExpression(cursor));
  cursor.expect(",", `in ${name}`);
  return { args: [...args, parseUnit(cursor, `in ${name}`)] };
}

function truncation(cursor: Cursor, name: string): ReturnType<ArgumentGrammar> {
  const value = parseExpression(cursor);
  cursor.expect(",", `in ${name}`);
  return { args: [value, parseUnit(cursor, `in ${name}`)] };
}

function plainArguments(cursor: Cursor): ReturnType<ArgumentGrammar> {
  const distinct = cursor.acceptOneOf(["DISTINCT", "ALL"]) === "DISTINCT";
  return { args: parseArguments(cursor), distinct };
}

/** `PREV(a.price, 1)`, `LAST(a.price)`. */
function navigation(cursor: Cursor, name: string): ReturnType<ArgumentGrammar> {
  const args = [parseExpression(cursor)];
  if (!cursor.accept(",")) return { args };
  return { args: [...args, parseSignedNumber(cursor, name)] };
}

function parseSignedNumber(cursor: Cursor, name: string): Expr {
  const start = cursor.token;
  const sign = cursor.acceptOneOf(["-", "+"]);
  const number = acceptUnsignedNumber(cursor);
  if (number === null) throw cursor.unexpected("a number", `in ${name}`);
  return sign === "-" ? { kind: "unary", op: "-", operand: number, span: cursor.spanFrom(start) } : number;
}

/** RUNNING and FINAL before an aggregate in MEASURES; FINAL is also a name. */
function acceptModifier(cursor: Cursor): OperatorExpr | null {
  const { token } = cursor;
  const following = cursor.peek();
  const operandFollows = following.kind !== "symbol" && following.kind !== "end" && (following.kind !== "word" || operandWord(cursor));
  if (!operandFollows && (following.upper !== "(" || token.identifier)) return null;
  cursor.next();
  const operand = cursor.nested(() => parsePrimary(cursor, false));
  return { kind: "operator", op: token.upper as "RUNNING" | "FINAL", operands: [operand], span: cursor.spanFrom(token) };
}

/** True when the word behind RUNNING or FINAL begins an operand. */
function operandWord(cursor: Cursor): boolean {
  const mark = cursor.mark();
  cursor.next();
  const begins = cursor.isIdentifier() || isCall(cursor) || cursor.is("CASE") || cursor.is("CAST");
  cursor.reset(mark);
  return begins;
}

function parseTrim(cursor: Cursor): ReturnType<ArgumentGrammar> {
  const side = cursor.acceptOneOf(["BOTH", "TRAILING", "LEADING"]);
  const options: Record<string, string> = side === null ? {} : { side };
  if (cursor.is(")")) return { args: [], options };
  if (cursor.is("FROM")) {
    if (side === null) throw cursor.refusal("TRIM needs what to trim, or where, before FROM.", cursor.token, { found: "FROM" });
    cursor.next();
    return { args: [parseExpression(cursor)], options };
  }
  const first = parseExpression(cursor);
  if (!cursor.accept("FROM")) return { args: [first], options };
  return { args: [parseExpression(cursor), first], options };
}

/** `CONVERT(x USING latin1)`, `CONVERT(x, latin1, utf8)`, and SQL Server's `CONVERT(INT, x)`. */
function parseConvert(cursor: Cursor): ReturnType<ArgumentGrammar> {
  const mark = cursor.mark();
  if (beginsExpression(cursor)) {
    const value = parseExpression(cursor);
    if (cursor.accept("USING")) return { args: [value, frameOf(cursor)], options: { using: "USING" } };
    cursor.expect(",", "in CONVERT");
    const from = frameOf(cursor);
    cursor.expect(",", "in CONVERT");
    return { args: [value, from, frameOf(cursor)] };
  }
  cursor.reset(mark);
  const type = cursor.is("INTERVAL") ? parseCastType(cursor) : parsePlainType(cursor);
  cursor.expect(",", "in CONVERT");
  const value = parseExpression(cursor);
  const options = { type: { kind: "cast", operand: value, type, safe: false, span: type.span } as const };
  if (!cursor.accept(",")) return { args: [value], options };
  const style = cursor.accept("NULL") ? literal("null", "NULL", cursor.previous) : acceptUnsignedNumber(cursor);
  if (style === null) throw cursor.unexpected("a number", "in CONVERT");
  return { args: [value, style], options };
}

const TYPE_WORDS = new Set(
  "INT INTEGER BIGINT SMALLINT TINYINT BOOLEAN VARCHAR STRING BYTES DECIMAL DEC NUMERIC FLOAT DOUBLE REAL BINARY VARBINARY".split(" "),
);

function beginsExpression(cursor: Cursor): boolean {
  const { token } = cursor;
  const following = cursor.peek();
  if (TYPE_WORDS.has(token.upper)) return false;
  if ((token.upper === "DATE" || token.upper === "TIME" || token.upper === "TIMESTAMP") && following.kind !== "string")
    return following.upper === "(" && token.upper === "DATE";
  return !(token.upper === "INTERVAL" && following.kind === "word" && !following.identifier);
}

/** `FLOOR(x TO HOUR)`, with OVER behind it as any aggregate. */
function parseFloor(cursor: Cursor): CallExpr {
  const start = cursor.next();
  cursor.next();
  const args: Expr[] = [cursor.nested(parseExpression)];
  if (cursor.accept("TO")) args.push(parseUnit(cursor, `in ${start.upper}`));
  cursor.expect(")", `to close ${start.upper}(`);
  const over = parseOver(cursor);
  return call(start.upper, start, args, { over, span: cursor.spanFrom(start) });
}

/** `ARRAY_AGG(DISTINCT x IGNORE NULLS ORDER BY y)`; STRING_AGG and GROUP_CONCAT have the same grammar, but Flink reserves their names. */
function parseListAggregate(cursor: Cursor): CallExpr {
  const start = cursor.next();
  cursor.next();
  const distinct = cursor.acceptOneOf(["DISTINCT", "ALL"]) === "DISTINCT";
  const args = [cursor.nested(() => parseArgument(cursor, false))];
  while (cursor.accept(",")) args.push(parseArgument(cursor, false));
  const nullTreatment = acceptNullTreatment(cursor);
  const orderBy = cursor.accept("ORDER") ? parseOrderBy(cursor) : [];
  const options: Record<string, Expr> = cursor.accept("SEPARATOR") ? { separator: parseStringLiteral(cursor) } : {};
  cursor.expect(")", `to close ${start.upper}(`);
  const made = call(start.upper, start, args, { distinct, nullTreatment, orderBy, options });
  return parseSuffixes(cursor, start, made);
}

/** `PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x)`, `PERCENTILE_CONT(x, 0.5 IGNORE NULLS)`. */
function parsePercentile(cursor: Cursor): CallExpr {
  const start = cursor.next();
  cursor.next();
  const args = [cursor.nested(() => parseArgument(cursor, false))];
  let nullTreatment: CallExpr["nullTreatment"] = null;
  if (cursor.accept(",")) {
    args.push(parseSignedNumber(cursor, start.upper));
    nullTreatment = acceptNullTreatment(cursor);
  }
  cursor.expect(")", `to close ${start.upper}(`);
  return parseSuffixes(cursor, start, call(start.upper, start, args, { nullTreatment }));
}

/** `{fn f(x)}`: JDBC's spelling of a call. */
export function parseJdbcCall(cursor: Cursor): Expr {
  const start = cursor.next();
  const special = acceptJdbcSpecial(cursor) ?? parseJdbcPlain(cursor, cursor.token);
  cursor.expect("}", "to close {fn");
  return special.kind === "call" ? { ...special, span: cursor.spanFrom(start) } : special;
}

function acceptJdbcSpecial(cursor: Cursor): Expr | null {
  const { upper } = cursor.token;
  return /^(TIMESTAMP|DATE|TIME|DATETIME)(ADD|DIFF|_DIFF|_TRUNC)$/.test(upper) || upper === "CONTAINS_SUBSTR"
    ? acceptBuiltinCall(cursor)
    : null;
}

function parseJdbcPlain(cursor: Cursor, name: Span & { readonly upper: string; readonly text: string }): Expr {
  cursor.next();
  if (!cursor.is("(")) throw cursor.unexpected("(", "behind the function's name");
  if (cursor.accept("(", ")")) return call(name.text.toUpperCase(), name, []);
  if (cursor.accept("(", "*", ")")) return call(name.text.toUpperCase(), name, [], { star: true });
  return call(name.text.toUpperCase(), name, parseQueryOrList(cursor, true));
}
