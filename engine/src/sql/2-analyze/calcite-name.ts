/** Types as Calcite's validator names them in its messages. */
import { isBinary, type LogicalType, MAX_LENGTH, typeName } from "../../types/logical-type.ts";
import type { Rex } from "./rex.ts";

export function calciteName(type: LogicalType): string {
  const { timeAttribute } = type;
  return timeAttribute === undefined ? plainName(type) : `${plainName({ ...type, timeAttribute: undefined })} *${timeAttribute}*`;
}

/** An argument's type; literals of intervals, and units, by their own unit: `INTERVAL DAY`. */
export function calciteArgument(rex: Rex): string {
  if (rex.kind !== "literal") return calciteName(rex.type);
  if (rex.type.root === "DESCRIPTOR") return `INTERVAL ${rex.value}`;
  return rex.qualifier !== undefined ? `INTERVAL ${rex.qualifier}` : calciteName(rex.type);
}

function plainName(type: LogicalType): string {
  switch (type.root) {
    case "INT":
      return "INTEGER";
    case "VARCHAR":
      return `VARCHAR(${type.length})`;
    case "ARRAY":
    case "MULTISET":
      return `${calciteName(type.element!)} ${type.root}`;
    case "MAP":
      return `(${calciteName(type.key!)}, ${calciteName(type.value!)}) MAP`;
    default:
      return isBinary(type) && type.length === MAX_LENGTH ? `VARBINARY(${MAX_LENGTH})` : typeName(type);
  }
}
