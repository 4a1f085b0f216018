/** Values of the case files and of our rows, each to the other's notation (README of the cases, "Values"). */
import type { LogicalType } from "../../../src/types/logical-type.ts";
import { bitmapText } from "../../../src/sql/functions/bitmap.ts";
import { wrapLong } from "../../../src/sql/functions/bigint.ts";
import { decimalToString, parseDecimal } from "../../../src/sql/functions/decimal.ts";
import {
  formatDate,
  formatTime,
  formatTimestampForOutput,
  parseDate,
  parseTime,
  parseTimestamp,
} from "../../../src/sql/functions/temporal-text.ts";

export function fromCase(value: unknown, type: LogicalType): unknown {
  if (value === null) return null;
  switch (type.root) {
    case "BIGINT":
      return typeof value === "string" ? wrapLong(BigInt(value)) : value;
    case "FLOAT":
      return Math.fround(Number(value));
    case "DOUBLE":
      return Number(value);
    case "DECIMAL":
      return parseDecimal(String(value), type.scale!);
    case "DATE":
      return parseDate(value as string);
    case "TIME":
      return parseTime(value as string);
    case "TIMESTAMP":
    case "TIMESTAMP_LTZ":
      return parseTimestamp(value as string);
    case "ARRAY":
      return (value as unknown[]).map((item) => fromCase(item, type.element!));
    case "ROW":
      return (value as unknown[]).map((item, i) => fromCase(item, type.fields![i].type));
    case "MAP":
      return (value as { $map: [unknown, unknown][] }).$map.map(([key, item]) => [fromCase(key, type.key!), fromCase(item, type.value!)]);
    case "MULTISET":
      return (value as { $map: [unknown, unknown][] }).$map.map(([key, item]) => [fromCase(key, type.element!), item]);
    case "BINARY":
    case "VARBINARY":
      return Uint8Array.from((value as { $bytes: string }).$bytes.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    default:
      return value;
  }
}

export function toCase(value: unknown, type: LogicalType): unknown {
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
      return withSign(formatTimestampForOutput(value as number));
    case "BITMAP":
      return bitmapText(value as number[]);
    case "ARRAY":
      return (value as unknown[]).map((item) => toCase(item, type.element!));
    case "ROW":
    case "STRUCTURED":
      return (value as unknown[]).map((item, i) => toCase(item, type.fields![i].type));
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
    toCase(key, type.key ?? type.element!),
    type.root === "MAP" ? toCase(item, type.value!) : item,
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
