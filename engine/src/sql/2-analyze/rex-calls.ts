/** Typed calls: the result type and its nullability follow from the function and the arguments. */
import {
  BOOLEAN,
  isInteger,
  isTimestamp,
  type LogicalType,
  numericRank,
  typeName,
  withNullable,
  withoutTimeAttribute,
} from "../../types/logical-type.ts";
import * as operators from "../functions/operators.ts";
import type { ScalarFunction } from "../functions/scalar-function.ts";
import { literalOf, type Rex } from "./rex.ts";

export function callOf(fn: ScalarFunction, args: readonly Rex[], type?: LogicalType, options: Readonly<Record<string, unknown>> = {}): Rex {
  const types = args.map((arg) => arg.type);
  let result = type ?? fn.result(types, args, options);
  if (fn.nullAware !== true && type === undefined)
    result = withNullable(result, fn.alwaysNullable === true || types.some((t) => t.nullable && t.root !== "DESCRIPTOR"));
  return { kind: "call", fn, args, type: withoutTimeAttributeUnlessProctime(fn, result), options };
}

function withoutTimeAttributeUnlessProctime(fn: ScalarFunction, type: LogicalType): LogicalType {
  return fn.name === "PROCTIME" ? type : withoutTimeAttribute(type);
}

/** A cast, unless the types differ in nothing but nullability. */
export function castTo(rex: Rex, type: LogicalType): Rex {
  if (typeName(rex.type) === typeName(type)) return rex;
  if (rex.kind === "literal" && rex.value === null) return literalOf(null, withNullable(type, true));
  if (rex.kind === "literal" && keepsValue(rex.type, type)) return literalOf(rex.value, withNullable(type, rex.type.nullable));
  return callOf(operators.CAST, [rex], withNullable(type, rex.type.nullable));
}

/** Types between which a literal only changes its type: a longer text, a wider whole number, a finer point in time. */
export function keepsValue(from: LogicalType, to: LogicalType): boolean {
  if (from.root === "CHAR" && to.root === "VARCHAR") return from.length! <= to.length!;
  if (isTimestamp(from) && from.root === to.root) return from.precision! <= to.precision!;
  return isInteger(from) && isInteger(to) && numericRank(from) <= numericRank(to);
}

/** A cast that nobody wrote: operands of comparisons and arithmetic meet in their common type. EXPLAIN leaves it out. */
export function coercedTo(rex: Rex, type: LogicalType): Rex {
  // Plans show the literal as it was written; it is cast when operators are made.
  if (rex.kind === "literal" && rex.value !== null && typeName(rex.type) !== typeName(type))
    return callOf(operators.CAST, [rex], withNullable(type, false), { implicit: true });
  const cast = castTo(rex, type);
  return cast.kind === "call" && cast !== rex ? { ...cast, options: { ...cast.options, implicit: true } } : cast;
}

/** NULL where the value does not parse. */
export function tryCastTo(rex: Rex, type: LogicalType): Rex {
  return callOf(operators.TRY_CAST, [rex], withNullable(type, true));
}

export function andOf(conditions: readonly Rex[]): Rex {
  if (conditions.length === 0) return literalOf(true, withNullable(BOOLEAN, false));
  return chainOf(operators.AND, conditions);
}

/** Chains of AND and OR that are longer become balanced trees: every later phase walks them recursively. */
export const LONG_CHAIN = 64;

/** `a OR b OR c`, from the left; a long one as a balanced tree, which means the same. */
export function chainOf(fn: typeof operators.AND, terms: readonly Rex[]): Rex {
  if (terms.length <= LONG_CHAIN) return terms.reduce((left, right) => callOf(fn, [left, right]));
  const middle = terms.length >> 1;
  return callOf(fn, [chainOf(fn, terms.slice(0, middle)), chainOf(fn, terms.slice(middle))]);
}

/** The bare word NULL. */
export function isBareNull(rex: Rex): boolean {
  return rex.kind === "literal" && rex.value === null && rex.type.root === "NULL";
}
