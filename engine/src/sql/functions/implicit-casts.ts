/** Which values pass for another type without being asked: at sinks, and as arguments of functions with Flink's type inference. */
import { isBinary, isCharacter, isNumeric, isTimestamp, type LogicalType, numericRank, withNullable } from "../../types/logical-type.ts";
import { commonType } from "../2-analyze/type-rules.ts";

/** Flink: `LogicalTypeCasts.supportsImplicitCast`, nullability aside. */
export function castsImplicitly(from: LogicalType, to: LogicalType): boolean {
  if (from.root === "NULL") return true;
  if (from.root === to.root) {
    if (from.root === "ARRAY" || from.root === "MULTISET") return castsImplicitly(from.element!, to.element!);
    if (from.root === "MAP") return castsImplicitly(from.key!, to.key!) && castsImplicitly(from.value!, to.value!);
    if (from.root === "ROW") {
      return from.fields!.length === to.fields!.length && from.fields!.every((field, i) => castsImplicitly(field.type, to.fields![i].type));
    }
    return true;
  }
  if (isNumeric(from) && isNumeric(to)) return numericRank(from) <= numericRank(to);
  if (isCharacter(from) && isCharacter(to)) return true;
  if (isTimestamp(from) && isTimestamp(to)) return true;
  if (from.root === "DATE" && isTimestamp(to)) return true;
  return isBinary(from) && isBinary(to) && from.root === "BINARY";
}

/** Flink's common type of all, null when there is none. */
export function commonTypeOf(types: readonly LogicalType[]): LogicalType | null {
  let common: LogicalType | null = types[0];
  for (const type of types.slice(1)) common = common === null ? null : commonType(common, type);
  return common;
}

/** The array's type when the item passes for an element of it; the elements are nullable if the item is. */
export function arrayWithItem(array: LogicalType, item: LogicalType): LogicalType | null {
  // Texts of any length do not become those of a fixed one.
  if (!castsImplicitly(item, array.element!) || (item.root === "VARCHAR" && array.element!.root === "CHAR")) return null;
  return { ...array, element: withNullable(array.element!, array.element!.nullable || item.nullable) };
}
