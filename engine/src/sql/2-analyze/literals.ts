/** Literals of the syntax tree as values. */
import {
  BIGINT,
  BOOLEAN,
  charOf,
  DATE,
  DOUBLE,
  decimalOf,
  INT,
  INTERVAL_DAY_TIME,
  INTERVAL_YEAR_MONTH,
  type LogicalType,
  NULL_TYPE,
  timeOf,
  timestampLtzOf,
  timestampOf,
  withNullable,
} from "../../types/logical-type.ts";
import type { Timestamp } from "../../types/timestamp.ts";
import type { IntervalExpr, LiteralExpr } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { wrapLong } from "../functions/bigint.ts";
import { parseDecimal } from "../functions/decimal.ts";
import { parseDate, parseTime, parseTimestamp } from "../functions/temporal-text.ts";
import { cannotApply } from "./coercion.ts";
import { literalOf, type RexLiteral } from "./rex.ts";

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

/** `negative` = a minus sign stands before it: -2147483648 is an INT although 2147483648 is none. */
export function bindLiteral(expr: LiteralExpr, negative = false): RexLiteral {
  const not = (type: LogicalType): LogicalType => withNullable(type, false);
  const bad = (what: string, format: string): never => {
    throw new SqlError("validate", "SQL_LITERAL", `Illegal ${what} literal '${expr.text}': not in format '${format}'`, expr.span, {
      found: expr.text,
      expected: format,
    });
  };
  const outOfRange = (): SqlError =>
    new SqlError(
      "validate",
      "SQL_LITERAL_RANGE",
      `Numeric literal '${negative ? "-" : ""}${expr.text.toUpperCase()}' out of range`,
      expr.span,
    );
  const whole = (digits: string): RexLiteral => {
    const value = negative ? -BigInt(digits) : BigInt(digits);
    if (value < LONG_MIN || value > LONG_MAX) throw outOfRange();
    const isInt = value >= -(2n ** 31n) && value < 2n ** 31n;
    return literalOf(wrapLong(value), not(isInt ? INT : BIGINT));
  };
  switch (expr.type) {
    case "integer":
      return whole(expr.text);
    case "decimal": {
      const [integer, fraction = ""] = expr.text.split(".");
      if (fraction === "") return whole(integer);
      const unscaled = parseDecimal(expr.text, fraction.length)!;
      if (unscaled > LONG_MAX) throw outOfRange();
      // Each digit counts, also zeros before the point.
      return literalOf(negative ? -unscaled : unscaled, not(decimalOf(Math.min(38, integer.length + fraction.length), fraction.length)));
    }
    case "double":
      if (!Number.isFinite(Number(expr.text))) throw outOfRange();
      return literalOf(negative ? -Number(expr.text) : Number(expr.text), not(DOUBLE));
    default:
      if (negative) throw cannotApply("-", [bindLiteral(expr)], expr.span);
  }
  switch (expr.type) {
    case "string":
      return literalOf(expr.text, not(charOf(expr.text.length)));
    case "boolean":
      return literalOf(expr.text === "TRUE", not(BOOLEAN));
    case "null":
      return literalOf(null, expr.text === "UNKNOWN" ? BOOLEAN : NULL_TYPE);
    case "bytes": {
      if (expr.text.length % 2 === 1)
        throw new SqlError("validate", "SQL_LITERAL", "Binary literal string must contain an even number of hexits", expr.span);
      const bytes = Uint8Array.from(expr.text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      return literalOf(bytes, not({ root: "BINARY", nullable: true, length: bytes.length }));
    }
    case "date":
      return literalOf(
        /^\d{4}-\d\d?-\d\d?$/.test(expr.text) ? (parseDate(expr.text) ?? bad("DATE", "yyyy-MM-dd")) : bad("DATE", "yyyy-MM-dd"),
        not(DATE),
      );
    case "time":
      return literalOf(parseTime(expr.text) ?? bad("TIME", "HH:mm:ss"), not(timeOf(Math.min(3, fractionDigits(expr.text)))));
    case "datetime":
      throw new SqlError("validate", "SQL_LITERAL", "Flink has no DATETIME literals.", expr.span, { hint: "Write TIMESTAMP '…'." });
    case "timestampLtz":
      // Read in UTC, whatever the session's zone (recorded: `own-nanos-ltz-literals-zone`).
      return literalOf(
        parseTimestampLiteral(expr.text) ?? bad("TIMESTAMP WITH LOCAL TIME ZONE", "yyyy-MM-dd HH:mm:ss"),
        not(timestampLtzOf(fractionDigits(expr.text))),
      );
    case "timestamp":
      return literalOf(
        parseTimestampLiteral(expr.text) ?? bad("TIMESTAMP", "yyyy-MM-dd HH:mm:ss"),
        not(timestampOf(fractionDigits(expr.text))),
      );
  }
}

function parseTimestampLiteral(text: string): Timestamp | null {
  const match = /^(\d+-\d+-\d+(?: \d+:\d+:\d+(?:\.\d{1,9})?)?)\d*$/.exec(text.trim());
  return match === null ? null : parseTimestamp(match[1]);
}

/** Digits behind the ninth say nothing. */
function fractionDigits(text: string): number {
  return Math.min(9, /\.(\d+)$/.exec(text)?.[1].length ?? 0);
}

const UNIT_MS: Readonly<Record<string, number>> = {
  WEEK: 604_800_000,
  DAY: 86_400_000,
  HOUR: 3_600_000,
  MINUTE: 60_000,
  SECOND: 1000,
  MILLISECOND: 1,
};

export function bindInterval(expr: IntervalExpr): RexLiteral {
  return { ...intervalValue(expr), qualifier: qualifierText(expr), fractionDigits: expr.fraction ?? undefined };
}

/** `DAY TO SECOND(9)`, `SECOND(2, 9)`, or without digits where none are written. */
function qualifierText({ from, to, precision, fraction }: IntervalExpr): string {
  const digits = fraction === null ? "" : to === null ? `(${precision ?? 2}, ${fraction})` : `(${fraction})`;
  return to === null ? `${from}${digits}` : `${from} TO ${to}${digits}`;
}

function intervalValue(expr: IntervalExpr): RexLiteral {
  const { fraction } = expr;
  const unit = qualifierText(expr);
  if (fraction !== null && (fraction < 1 || fraction > 9)) {
    throw new SqlError(
      "validate",
      "SQL_INTERVAL_PRECISION",
      `Interval fractional second precision '${fraction}' out of range for INTERVAL ${unit}`,
      expr.span,
      { expected: "1 to 9 digits" },
    );
  }
  const seconds = `\\d+(?:\\.\\d{1,${fraction ?? 6}})?`;
  const negative = expr.negative !== expr.text.startsWith("-");
  const text = expr.text.replace(/^[+-]/, "");
  const sign = negative ? -1 : 1;
  const bad = (): never => {
    throw new SqlError("validate", "SQL_LITERAL", `Illegal interval literal format '${expr.text}' for INTERVAL ${unit}`, expr.span);
  };
  if (UNIT_MS[expr.from] === undefined && !["YEAR", "QUARTER", "MONTH"].includes(expr.from))
    throw new SqlError("parse", "SQL_SYNTAX", `${expr.from} is no unit of an interval.`, expr.span);
  if (expr.from === "MILLISECOND" && expr.quoted)
    throw new SqlError("parse", "SQL_SYNTAX", "MILLISECOND is no unit of an interval.", expr.span);
  const isMonths = ["YEAR", "QUARTER", "MONTH"].includes(expr.from);
  if (!isMonths && expr.precision !== null && expr.precision > 3)
    throw new SqlError("validate", "SQL_INTERVAL_PRECISION", `DAY_INTERVAL_TYPES precision is not supported: ${expr.precision}`, expr.span);
  const leading = /^\d+/.exec(text)?.[0] ?? "";
  const precision = expr.precision ?? 2;
  if (expr.quoted && leading.replace(/^0+(?=\d)/, "").length > precision) {
    throw new SqlError(
      "validate",
      "SQL_LITERAL",
      `Interval field value ${leading} exceeds precision of ${expr.from}(${precision}) field`,
      expr.span,
      {
        hint: `Write ${expr.from}(${leading.length}), or INTERVAL ${leading} ${expr.from} without quotes.`,
      },
    );
  }
  const months = { YEAR: 12, QUARTER: 3, MONTH: 1 }[expr.from as string];
  if (months !== undefined) {
    const parts = text.split("-");
    if (parts.some((part) => !/^\d+$/.test(part)) || parts.length !== (expr.to === null ? 1 : 2)) return bad();
    if (Number(parts[1] ?? 0) >= 12) return bad();
    return literalOf(sign * (Number(parts[0]) * months + Number(parts[1] ?? 0)), withNullable(INTERVAL_YEAR_MONTH, false));
  }
  let ms: number;
  if (expr.to === null) {
    if (!(expr.from === "SECOND" ? new RegExp(`^${seconds}$`) : /^\d+$/).test(text)) return bad();
    ms = expr.from === "SECOND" ? secondsInMs(text) : Number(text) * UNIT_MS[expr.from];
  } else {
    const match = new RegExp(`^(?:(\\d+)(?: |$))?(?:(\\d+)(?::(\\d+))?(?::(${seconds}))?)?$`).exec(text);
    const parts = text.split(/[ :]/);
    const numbers = parts.map(Number);
    const order = ["DAY", "HOUR", "MINUTE", "SECOND"];
    const from = order.indexOf(expr.from);
    if (match === null || numbers.length !== order.indexOf(expr.to) - from + 1) return bad();
    if (numbers.slice(1).some((number, i) => number >= (order[from + 1 + i] === "HOUR" ? 24 : 60))) return bad();
    ms = numbers.reduce((total, number, i) => {
      const partUnit = order[from + i];
      return total + (partUnit === "SECOND" ? secondsInMs(parts[i]) : number * UNIT_MS[partUnit]);
    }, 0);
  }
  return literalOf(sign * ms, withNullable(INTERVAL_DAY_TIME, false));
}

/** Digits behind the milliseconds are cut. */
function secondsInMs(text: string): number {
  const [whole, fraction = ""] = text.split(".");
  return Number(whole) * 1000 + Number(fraction.slice(0, 3).padEnd(3, "0"));
}
