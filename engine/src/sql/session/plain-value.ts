/**
 * A value of a row as plain JSON, in the notation of the recorded cases: numbers as numbers (a BIGINT beyond 2^53 and what is not finite as
 * text), DECIMAL as text with all its digits, times as `yyyy-MM-dd HH:mm:ss.SSS`, ARRAY and ROW as arrays, MAP and MULTISET as `{ $map }`, binary as
 * `{ $bytes }` in hexadecimal digits, intervals as `{ $ms }` or `{ $months }`.
 */
import type { LogicalType } from "../../types/logical-type.ts";
import type { Timestamp } from "../../types/timestamp.ts";
import { bitmapText } from "../functions/bitmap.ts";
import { decimalToString } from "../functions/decimal.ts";
import { formatDate, formatTime, formatTimestampForOutput } from "../functions/temporal-text.ts";

export function plainValue(value: unknown, type: LogicalType): unknown {
  if (value === null || value === undefined) return null;
  switch (type.root) {
    case "BIGINT":
      return typeof value === "bigint" ? value.toString() : value;
    case "FLOAT":
      return Number.isFinite(value as number) ? shortestFloat(value as number) : String(value);
    case "DOUBLE":
      return Number.isFinite(value as number) ? ((value as number) === 0 ? 0 : value) : String(value);
    case "DECIMAL":
      return decimalToString(value as bigint, type.scale!);
    case "DATE":
      return withSign(formatDate(value as number));
    case "TIME":
      return formatTime(value as number, (value as number) % 1000 === 0 ? 0 : 3);
    case "TIMESTAMP":
    case "TIMESTAMP_LTZ":
      return withSign(formatTimestampForOutput(value as Timestamp));
    case "BITMAP":
      return bitmapText(value as number[]);
    case "ARRAY":
      return (value as unknown[]).map((item) => plainValue(item, type.element!));
    case "ROW":
    case "STRUCTURED":
      return (value as unknown[]).map((item, i) => plainValue(item, type.fields![i].type));
    case "MAP":
    case "MULTISET":
      return { $map: sortedEntries(value as [unknown, unknown][], type) };
    case "BINARY":
    case "VARBINARY":
      return { $bytes: Array.from(value as Uint8Array, (byte) => byte.toString(16).padStart(2, "0")).join("") };
    case "INTERVAL_DAY_TIME":
      return { $ms: value };
    case "INTERVAL_YEAR_MONTH":
      return { $months: value };
    default:
      return value;
  }
}

/** Java puts a plus before years of more than four digits. */
function withSign(text: string): string {
  return /^\d{5}/.test(text) ? `+${text}` : text;
}

function sortedEntries(entries: readonly [unknown, unknown][], type: LogicalType): unknown[] {
  const made = entries.map(([key, item]) => [
    plainValue(key, type.key ?? type.element!),
    type.root === "MAP" ? plainValue(item, type.value!) : item,
  ]);
  return made.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function shortestFloat(value: number): number {
  for (let digits = 1; digits <= 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return text;
  }
  return value;
}
