/** `INTERVAL '1:30' HOUR TO MINUTE`, `INTERVAL 10 MINUTES`, `INTERVAL (a + b) DAY`, and the time units of functions. */
import type { IntervalExpr, IntervalOfExpr, TimeUnit } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression } from "./expression.ts";
import { parseName } from "./name.ts";
import type { Span } from "./span.ts";

/** Units that an interval can be written in, singular and plural. */
const INTERVAL_UNITS: Readonly<Record<string, TimeUnit>> = {
  YEAR: "YEAR",
  YEARS: "YEAR",
  QUARTER: "QUARTER",
  QUARTERS: "QUARTER",
  MONTH: "MONTH",
  MONTHS: "MONTH",
  WEEK: "WEEK",
  WEEKS: "WEEK",
  DAY: "DAY",
  DAYS: "DAY",
  HOUR: "HOUR",
  HOURS: "HOUR",
  MINUTE: "MINUTE",
  MINUTES: "MINUTE",
  SECOND: "SECOND",
  SECONDS: "SECOND",
};

/** Which units may stand behind TO. */
const ENDS: Readonly<Partial<Record<TimeUnit, readonly TimeUnit[]>>> = {
  YEAR: ["MONTH"],
  DAY: ["HOUR", "MINUTE", "SECOND"],
  HOUR: ["MINUTE", "SECOND"],
  MINUTE: ["SECOND"],
};

/** Units that functions take: FLOOR(x TO …), EXTRACT(… FROM x), TIMESTAMPADD(…, …). */
const FUNCTION_UNITS = new Set<string>(
  `YEAR QUARTER MONTH WEEK DAY HOUR MINUTE SECOND MILLISECOND MICROSECOND NANOSECOND DOW DOY DAYOFWEEK DAYOFYEAR ISODOW ISOYEAR EPOCH DECADE CENTURY
  MILLENNIUM`.split(/\s+/),
);

export interface IntervalQualifier {
  readonly from: TimeUnit;
  readonly to: TimeUnit | null;
  readonly precision: number | null;
  readonly fraction: number | null;
}

/** True when the coming word is a unit of an interval. */
export function isIntervalUnit(cursor: Cursor): boolean {
  const { token } = cursor;
  return token.kind === "word" && INTERVAL_UNITS[token.upper] !== undefined;
}

function expectUnit(cursor: Cursor, context: string): TimeUnit {
  if (!isIntervalUnit(cursor)) throw cursor.unexpected("a time unit", context, "SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER or YEAR.");
  return INTERVAL_UNITS[cursor.next().upper];
}

/** `DAY(3) TO SECOND(6)`. */
export function parseIntervalQualifier(cursor: Cursor, context: string): IntervalQualifier {
  const start = parseIntervalUnit(cursor, context);
  const ends = ENDS[start.from];
  if (ends === undefined || !cursor.is("TO") || !ends.includes(INTERVAL_UNITS[cursor.peek().upper])) return start;
  cursor.next();
  const to = expectUnit(cursor, "after TO");
  return { ...start, to, fraction: to === "SECOND" ? parsePrecision(cursor) : null };
}

/** `DAY(3)`, `SECOND(2, 3)`: without TO. */
function parseIntervalUnit(cursor: Cursor, context: string): IntervalQualifier {
  const from = expectUnit(cursor, context);
  if (from !== "SECOND") return { from, to: null, precision: parsePrecision(cursor), fraction: null };
  if (!cursor.accept("(")) return { from, to: null, precision: null, fraction: null };
  const precision = cursor.unsignedInteger("the number of digits");
  const fraction = cursor.accept(",") ? cursor.unsignedInteger("the number of digits") : null;
  cursor.expect(")");
  return { from, to: null, precision, fraction };
}

function parsePrecision(cursor: Cursor): number | null {
  if (!cursor.accept("(")) return null;
  const precision = cursor.unsignedInteger("the number of digits");
  cursor.expect(")");
  return precision;
}

/** Behind the word INTERVAL. */
export function parseInterval(cursor: Cursor, start: Span): IntervalExpr | IntervalOfExpr {
  const negative = cursor.accept("-");
  if (!negative) cursor.accept("+");
  const { token } = cursor;
  if (token.kind === "string") {
    cursor.next();
    const { from, to, precision, fraction } = parseIntervalQualifier(cursor, "after the interval");
    if (token.text.trim() === "")
      throw cursor.refusal("An interval has a length.", token, { found: "''", expected: "INTERVAL '5' MINUTE" });
    return {
      kind: "interval",
      text: token.text.trim(),
      negative,
      quoted: true,
      from,
      to,
      precision,
      fraction,
      span: cursor.spanFrom(start),
    };
  }
  if (token.kind === "integer") {
    cursor.next();
    const { from, precision, fraction } = parseIntervalUnit(cursor, "after the interval");
    return {
      kind: "interval",
      text: token.text,
      negative,
      quoted: false,
      from,
      to: null,
      precision,
      fraction,
      span: cursor.spanFrom(start),
    };
  }
  const value = parseLength(cursor);
  const { from } = parseIntervalUnit(cursor, "after the interval");
  const span = cursor.spanFrom(start);
  return { kind: "intervalOf", value: negative ? { kind: "unary", op: "-", operand: value, span: value.span } : value, unit: from, span };
}

function parseLength(cursor: Cursor): IntervalOfExpr["value"] {
  const { token } = cursor;
  if (cursor.accept("(")) {
    const value = cursor.nested(parseExpression);
    cursor.expect(")");
    return value;
  }
  if (token.kind === "decimal" || token.kind === "double") {
    cursor.next();
    return { kind: "literal", type: token.kind, text: token.text, span: token };
  }
  if (cursor.isIdentifier()) return parseName(cursor);
  throw cursor.unexpected("the length of the interval in quotes", "after INTERVAL", "For example INTERVAL '5' MINUTE.");
}

/** A unit as an argument: `DAY`, `WEEK(MONDAY)`; null when the word is no unit of Flink's. */
export function acceptUnit(cursor: Cursor): TimeUnit | null {
  const { token } = cursor;
  if (token.kind !== "word") return null;
  let unit = token.upper.startsWith("SQL_TSI_") ? token.upper.slice(8) : token.upper;
  if (!FUNCTION_UNITS.has(unit) && token.identifier && unit.endsWith("S")) unit = unit.slice(0, -1);
  if (!FUNCTION_UNITS.has(unit)) return null;
  cursor.next();
  return unit as TimeUnit;
}
