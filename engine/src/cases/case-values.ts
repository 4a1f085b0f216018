/** Values of the case files and of our rows, each to the other's notation (README of the cases, "Values"). */
import { INT, isCharacter, type LogicalType } from "../types/logical-type.ts";
import { stringHashCode } from "../base/java-hash.ts";
import { inHashMapOrder } from "../sql/5-execute/java-hash-map.ts";
import { wrapLong } from "../sql/functions/bigint.ts";
import { parseDecimal } from "../sql/functions/decimal.ts";
import { parseDate, parseTime, parseTimestamp } from "../sql/functions/temporal-text.ts";

/** The recorder's rows hold Java maps, which Flink makes maps of its own from. */
function asHashMap(entries: [unknown, unknown][], key: LogicalType): readonly [unknown, unknown][] {
  const codes: LogicalType = isCharacter(key) ? INT : key;
  return inHashMapOrder(entries, ([name]) => (typeof name === "string" ? stringHashCode(name) : name), codes);
}

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
      return asHashMap(
        (value as { $map: [unknown, unknown][] }).$map.map(([key, item]) => [fromCase(key, type.key!), fromCase(item, type.value!)]),
        type.key!,
      );
    case "MULTISET":
      return (value as { $map: [unknown, unknown][] }).$map.map(([key, item]) => [fromCase(key, type.element!), item]);
    case "BINARY":
    case "VARBINARY":
      return Uint8Array.from((value as { $bytes: string }).$bytes.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    default:
      return value;
  }
}
