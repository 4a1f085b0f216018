/**
 * How a scalar function is declared: name, parameters, result type, implementation, one sentence and examples, all side by side.
 * Tests, completion and documentation are derived from the declaration.
 */
import type { LogicalType } from "../../types/logical-type.ts";
import { isApproximate, isBinary, isCharacter, isInteger, isInterval, isNumeric, isTimestamp } from "../../types/logical-type.ts";
import type { Rex } from "../2-analyze/rex.ts";
import type { FunctionContext } from "../user-functions/user-defined-function.ts";

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
  /** The session's database; "default_database" when it has not chosen one. */
  readonly currentDatabase?: string;
  /** What functions of users may ask of their surroundings; absent = what is evaluated here belongs to no operator. */
  readonly functionContext?: FunctionContext;
  /** Has something done when the operator ends; absent = what is evaluated here belongs to no operator. */
  onClose?(action: () => void): void;
}

/** Families of argument types, as in the messages of the validator. */
const FAMILIES = {
  any: { name: "ANY", holds: () => true },
  string: { name: "CHARACTER", holds: isCharacter },
  "text-or-binary": { name: "CHARACTER|BINARY", holds: (type) => isCharacter(type) || isBinary(type) },
  "long-or-text": { name: "INTEGER|CHARACTER", holds: (type) => isCharacter(type) || isInteger(type) },
  numeric: { name: "NUMERIC", holds: isNumeric },
  exact: { name: "EXACT_NUMERIC", holds: (type) => isNumeric(type) && !isApproximate(type) },
  /** An INT; a BIGINT is cast to one. */
  integer: { name: "INTEGER", holds: isInteger },
  /** Any whole number as it is. */
  long: { name: "INTEGER", holds: isInteger },
  boolean: { name: "BOOLEAN", holds: (type) => type.root === "BOOLEAN" },
  timestamp: { name: "TIMESTAMP", holds: isTimestamp },
  datetime: { name: "DATETIME", holds: (type) => isTimestamp(type) || type.root === "DATE" || type.root === "TIME" },
  "datetime-or-interval": {
    name: "DATETIME_INTERVAL",
    holds: (type) => isTimestamp(type) || type.root === "DATE" || type.root === "TIME" || isInterval(type),
  },
  "timestamp-or-text": { name: "TIMESTAMP|CHARACTER", holds: (type) => isTimestamp(type) || isCharacter(type) },
  "numeric-or-datetime": {
    name: "NUMERIC|DATETIME",
    holds: (type) => isNumeric(type) || isTimestamp(type) || type.root === "DATE" || type.root === "TIME",
  },
  "numeric-or-interval": { name: "NUMERIC|INTERVAL", holds: (type) => isNumeric(type) || isInterval(type) },
  "numeric-or-text": { name: "NUMERIC|CHARACTER", holds: (type) => isNumeric(type) || isCharacter(type) },
  interval: { name: "INTERVAL", holds: isInterval },
  array: { name: "ARRAY", holds: (type) => type.root === "ARRAY" },
  map: { name: "MAP", holds: (type) => type.root === "MAP" },
  collection: { name: "COLLECTION", holds: (type) => type.root === "ARRAY" || type.root === "MAP" || type.root === "MULTISET" },
  binary: { name: "BINARY", holds: isBinary },
  row: { name: "ROW", holds: (type) => type.root === "ROW" },
  structured: { name: "STRUCTURED", holds: (type) => type.root === "STRUCTURED" },
  variant: { name: "VARIANT", holds: (type) => type.root === "VARIANT" },
  bitmap: { name: "BITMAP", holds: (type) => type.root === "BITMAP" },
  /** A time unit such as DAY, written as a word. */
  unit: { name: "TIME_UNIT", holds: (type) => type.root === "DESCRIPTOR" },
} satisfies Record<string, { readonly name: string; holds(type: LogicalType): boolean }>;

export type ParameterFamily = keyof typeof FAMILIES;

export interface Parameter {
  readonly name: string;
  readonly family: ParameterFamily;
  readonly optional?: boolean;
  /** Takes all remaining arguments. */
  readonly variadic?: boolean;
}

/** Starts a call of an asynchronous function. */
export type StartAsync = (values: readonly unknown[], done: (value: unknown) => void, fail: (error: unknown) => void) => void;

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
export type LogicalTypeResult = (
  types: readonly LogicalType[],
  args: readonly Rex[],
  options: Readonly<Record<string, unknown>>,
) => LogicalType;

/** Why a call is refused although its arguments are of the right families. */
export interface Refusal {
  /** The phase in which Flink notices; validate when not given. */
  readonly phase?: "validate" | "plan";
  /** Without one: "Cannot apply …". */
  readonly message?: string;
  readonly expected?: string;
}

/** To which types arguments are cast before the call. */
export interface Coercion {
  /** All arguments from this one on to their least restrictive type. */
  readonly commonFrom?: number;
  /** A type for each argument; null = as `commonFrom` says, or "Invalid input arguments". */
  readonly types?: (types: readonly LogicalType[], args: readonly Rex[]) => readonly LogicalType[] | null;
}

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
  /** Takes the bare word NULL, because Flink can type it. */
  readonly nullArguments?: boolean;
  readonly coerce?: Coercion;
  /** A BIGINT stays one where an INT is wanted, for `implement` to see. */
  readonly keepsLongs?: boolean;
  /** False for numbers of arguments that `parameters` lets pass. */
  readonly takesCount?: (count: number) => boolean;
  readonly refuse?: (types: readonly LogicalType[], args: readonly Rex[], options: Readonly<Record<string, unknown>>) => Refusal | null;
  /** Depends on more than its arguments: never folded to a constant. */
  readonly dynamic?: boolean;
  /** Gives an array with the rows of a table function of the user's. */
  /** An asynchronous function: gives what starts a call, which is completed or fails later. Absent = the function is called in passing. */
  readonly startAsync?: (types: readonly LogicalType[], context: EvalContext) => StartAsync;
  /** A user's: nobody knows what it throws. */
  readonly isUsers?: boolean;
  readonly tableFunction?: boolean;
  /** Internal operators are not offered by completion. */
  readonly operator?: boolean;
  readonly description: string;
  /** Expression and its value in the notation of the results (strings as JSON). */
  readonly examples: readonly { readonly sql: string; readonly value: unknown }[];
}

/** True when a value of this type may stand where the family is wanted. */
export function belongsTo(type: LogicalType, family: ParameterFamily): boolean {
  if (type.root === "NULL") return family !== "unit";
  return FAMILIES[family].holds(type);
}

/** The family as messages and signatures name it. */
export function familyName(family: ParameterFamily): string {
  return FAMILIES[family].name;
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
