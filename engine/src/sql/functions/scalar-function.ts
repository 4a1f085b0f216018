/**
 * How a scalar function is declared: name, parameters, result type, implementation, one sentence and examples, all side by side.
 * Tests, completion and documentation are derived from the declaration.
 */
import type { LogicalType } from "../../types/logical-type.ts";
import { isBinary, isCharacter, isInteger, isInterval, isNumeric, isTimestamp } from "../../types/logical-type.ts";
import type { Rex } from "../2-analyze/rex.ts";

/** What an evaluation may read besides the row. */
export interface EvalContext {
  /** Processing time of the record, epoch ms. */
  currentMs(): number;
  /** The operator's watermark, null before the first one. */
  currentWatermark(): number | null;
  /** Seeded random numbers in [0, 1). */
  random(): number;
  /** Offset of the session time zone, in ms, at an instant. */
  zoneOffsetMs(epochMs: number): number;
}

/** Families of argument types, as in the messages of the validator. */
export type ParameterFamily =
  | "any"
  | "string"
  | "numeric"
  | "integer"
  | "boolean"
  | "date"
  | "time"
  | "timestamp"
  | "datetime"
  | "interval"
  | "array"
  | "map"
  | "collection"
  | "binary"
  | "row"
  | "unit";

export interface Parameter {
  readonly name: string;
  readonly family: ParameterFamily;
  readonly optional?: boolean;
  /** Takes all remaining arguments. */
  readonly variadic?: boolean;
}

export interface CallShape {
  readonly types: readonly LogicalType[];
  readonly result: LogicalType;
  readonly context: EvalContext;
  readonly options: Readonly<Record<string, unknown>>;
  /** The arguments as bound: literals can be read ahead of the first row. */
  readonly args: readonly Rex[];
}

/** Takes the argument values in order; gets no NULL unless the function is declared `nullAware`. */
export type Implementation = (...values: never[]) => unknown;

/** Derives the result type from the argument types; literal arguments may matter too. */
export type LogicalTypeResult = (types: readonly LogicalType[], args: readonly Rex[]) => LogicalType;

export interface ScalarFunction {
  /** Upper case. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Result type; its nullability is overruled by the arguments' unless `nullAware` or `alwaysNullable`. */
  readonly result: LogicalTypeResult;
  readonly implement: (shape: CallShape) => Implementation;
  /** Wants to see NULL arguments itself. */
  readonly nullAware?: boolean;
  /** May give NULL for arguments that are not. */
  readonly alwaysNullable?: boolean;
  /** Depends on more than its arguments: never folded to a constant. */
  readonly dynamic?: boolean;
  /** Internal operators are not offered by completion. */
  readonly operator?: boolean;
  readonly description: string;
  /** Expression and its value in the notation of the results (strings as JSON). */
  readonly examples: readonly { readonly sql: string; readonly value: unknown }[];
}

/** True when a value of this type may stand where the family is wanted. */
export function belongsTo(type: LogicalType, family: ParameterFamily): boolean {
  if (type.root === "NULL") return family !== "unit";
  switch (family) {
    case "any":
      return true;
    case "string":
      return isCharacter(type);
    case "numeric":
      return isNumeric(type);
    case "integer":
      return isInteger(type);
    case "boolean":
      return type.root === "BOOLEAN";
    case "date":
      return type.root === "DATE";
    case "time":
      return type.root === "TIME";
    case "timestamp":
      return isTimestamp(type);
    case "datetime":
      return isTimestamp(type) || type.root === "DATE" || type.root === "TIME";
    case "interval":
      return isInterval(type);
    case "array":
      return type.root === "ARRAY";
    case "map":
      return type.root === "MAP";
    case "collection":
      return type.root === "ARRAY" || type.root === "MAP" || type.root === "MULTISET";
    case "binary":
      return isBinary(type);
    case "row":
      return type.root === "ROW";
    case "unit":
      return type.root === "DESCRIPTOR";
  }
}

/** `string`, `integer?`, `any*` → parameters named after their family. */
export function parameters(...families: readonly string[]): Parameter[] {
  return families.map((text) => {
    const optional = text.endsWith("?");
    const variadic = text.endsWith("*");
    const family = (optional || variadic ? text.slice(0, -1) : text) as ParameterFamily;
    return { name: family, family, optional: optional || variadic, variadic };
  });
}
