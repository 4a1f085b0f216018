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
  timestampOf,
  withNullable,
} from "../../types/logical-type.ts";
import type { IntervalExpr, LiteralExpr } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { wrapLong } from "../functions/bigint.ts";
import { parseDecimal } from "../functions/decimal.ts";
import { parseDate, parseTime, parseTimestamp } from "../functions/temporal-text.ts";
import { literalOf, type RexLiteral } from "./rex.ts";

export function bindLiteral(expr: LiteralExpr): RexLiteral {
  const not = (type: LogicalType): LogicalType => withNullable(type, false);
  const bad = (what: string, format: string): never => {
    throw new SqlError("validate", "SQL_LITERAL", `'${expr.text}' is no ${what}.`, expr.span, { found: expr.text, expected: format });
  };
  switch (expr.type) {
    case "integer": {
      const value = BigInt(expr.text);
      if (value < 2n ** 31n) return literalOf(Number(value), not(INT));
      if (value < 2n ** 63n) return literalOf(wrapLong(value), not(BIGINT));
      return literalOf(value, not(decimalOf(Math.min(38, expr.text.length), 0)));
    }
    case "decimal": {
      const [whole, fraction = ""] = expr.text.split(".");
      const digits = `${whole}${fraction}`.replace(/^0+/, "").length;
      return literalOf(parseDecimal(expr.text, fraction.length), not(decimalOf(Math.max(digits, fraction.length, 1), fraction.length)));
    }
    case "double":
      return literalOf(Number(expr.text), not(DOUBLE));
    case "string":
      return literalOf(expr.text, not(charOf(expr.text.length)));
    case "boolean":
      return literalOf(expr.text === "TRUE", not(BOOLEAN));
    case "null":
      return literalOf(null, NULL_TYPE);
    case "bytes": {
      const bytes = Uint8Array.from(expr.text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      return literalOf(bytes, not({ root: "BINARY", nullable: true, length: bytes.length }));
    }
    case "date":
      return literalOf(
        /^\d{4}-\d\d?-\d\d?$/.test(expr.text) ? (parseDate(expr.text) ?? bad("date", "yyyy-MM-dd")) : bad("date", "yyyy-MM-dd"),
        not(DATE),
      );
    case "time":
      return literalOf(parseTime(expr.text) ?? bad("time", "HH:mm:ss"), not(timeOf(fractionDigits(expr.text))));
    case "timestampLtz":
    case "datetime":
      throw new SqlError(
        "validate",
        "SQL_LITERAL",
        `Flink has no ${expr.type === "datetime" ? "DATETIME" : "TIMESTAMP WITH LOCAL TIME ZONE"} literals.`,
        expr.span,
        {
          hint: "Write CAST(TIMESTAMP '…' AS TIMESTAMP_LTZ(3)).",
        },
      );
    case "timestamp":
      return literalOf(parseTimestamp(expr.text) ?? bad("timestamp", "yyyy-MM-dd HH:mm:ss"), not(timestampOf(fractionDigits(expr.text))));
  }
}

function fractionDigits(text: string): number {
  return /\.(\d+)$/.exec(text)?.[1].length ?? 0;
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
  return { ...intervalValue(expr), qualifier: expr.to === null ? expr.from : `${expr.from} TO ${expr.to}` };
}

function intervalValue(expr: IntervalExpr): RexLiteral {
  const negative = expr.negative !== expr.text.startsWith("-");
  const text = expr.text.replace(/^[+-]/, "");
  const sign = negative ? -1 : 1;
  const bad = (): never => {
    throw new SqlError(
      "validate",
      "SQL_LITERAL",
      `'${expr.text}' is no interval of ${expr.from}${expr.to === null ? "" : ` TO ${expr.to}`}.`,
      expr.span,
    );
  };
  const months = { YEAR: 12, QUARTER: 3, MONTH: 1 }[expr.from as string];
  if (months !== undefined) {
    const parts = text.split("-");
    if (parts.some((part) => !/^\d+$/.test(part)) || parts.length !== (expr.to === null ? 1 : 2)) return bad();
    return literalOf(sign * (Number(parts[0]) * months + Number(parts[1] ?? 0)), withNullable(INTERVAL_YEAR_MONTH, false));
  }
  let ms: number;
  if (expr.to === null) {
    if (!/^\d+(\.\d+)?$/.test(text)) return bad();
    ms = Number(text) * UNIT_MS[expr.from];
  } else {
    const match = /^(?:(\d+)(?: |$))?(?:(\d+)(?::(\d+))?(?::(\d+(?:\.\d+)?))?)?$/.exec(text);
    const numbers = text.split(/[ :]/).map(Number);
    const order = ["DAY", "HOUR", "MINUTE", "SECOND"];
    const from = order.indexOf(expr.from);
    if (match === null || numbers.length !== order.indexOf(expr.to) - from + 1) return bad();
    ms = numbers.reduce((total, number, i) => total + number * UNIT_MS[order[from + i]], 0);
  }
  return literalOf(sign * Math.round(ms), withNullable(INTERVAL_DAY_TIME, false));
}
