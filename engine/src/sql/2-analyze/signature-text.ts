import { isCharacter, isNumeric, type LogicalType } from "../../types/logical-type.ts";
import { calciteName } from "./calcite-name.ts";

/** A type as "No match found for function signature …" names it: `<NUMERIC>`. */
export function familyOfType(type: LogicalType): string {
  if (isNumeric(type)) return "<NUMERIC>";
  if (isCharacter(type)) return "<CHARACTER>";
  return `<${calciteName(type)}>`;
}
