/**
 * Which operands Flink brings to a common type, and how.
 *
 * Flink switches Calcite's general coercion off and leaves three holes in its place, which a user meets as surprises:
 * `=` between text and a point in time reads the text and is NULL where it does not parse; `<` and BETWEEN read any text as the other
 * side's type and fail where it does not parse (so `i > '3'` works and `i = '3'` is refused); IN casts each item to the left side's
 * type, whatever is lost. Everything else must agree in its family.
 */
import {
  DOUBLE,
  decimalOf,
  isApproximate,
  isCharacter,
  isDatetime,
  isInteger,
  isInterval,
  isNumeric,
  isTimestamp,
  type LogicalType,
  numericRank,
  typeName,
  withNullable,
  withoutTimeAttribute,
} from "../../types/logical-type.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { additionType, divisionType, moduloType, multiplicationType } from "../functions/decimal.ts";
import * as operators from "../functions/operators.ts";
import type { ScalarFunction } from "../functions/scalar-function.ts";
import { SqlRuntimeError } from "../functions/sql-runtime-error.ts";
import { calciteArgument, calciteName } from "./calcite-name.ts";
import { constantValue, isConstant } from "./constant.ts";
import type { Rex } from "./rex.ts";
import { andOf, callOf, castTo, coercedTo, isBareNull, tryCastTo } from "./rex-calls.ts";
import { comparable, commonType, decimalForm, leastRestrictive } from "./type-rules.ts";

/** Calcite's refusal of an operator or function; `expected` names what it takes. */
export function cannotApply(name: string, args: readonly Rex[], span: Span, expected?: string): SqlError {
  const types = args.map((arg) => `<${calciteArgument(arg)}>`);
  const shown = shownCall(name, types);
  const forms = expected === undefined ? "" : ` Supported form(s): '${expected}'`;
  return new SqlError("validate", "SQL_ARGUMENT_TYPE", `Cannot apply '${name}' to arguments of type '${shown}'.${forms}`, span, {
    found: shown,
    expected,
  });
}

/** Operators in words between two operands. */
const INFIX: ReadonlySet<string> = new Set(["AND", "OR", "IS DISTINCT FROM"]);

function shownCall(name: string, types: readonly string[]): string {
  if (types.length === 2 && (!/^[A-Z]/.test(name) || INFIX.has(name))) return types.join(` ${name} `);
  if (types.length === 1 && name.startsWith("IS ")) return `${types[0]} ${name}`;
  if (types.length === 1 && (name === "NOT" || !/^[A-Z]/.test(name))) return `${name}${types[0]}`;
  return `${name}(${types.join(", ")})`;
}

export function illegalNull(span: Span): SqlError {
  return new SqlError("validate", "SQL_ILLEGAL_NULL", "Illegal use of 'NULL': it has no type here.", span, {
    hint: "Write CAST(NULL AS STRING).",
  });
}

/** Whether two types may meet in a comparison: texts are read as the other's. */
export function mayCompare(a: Rex, b: Rex): boolean {
  if (isBareNull(a) || isBareNull(b)) return true;
  if (isCharacter(a.type) === isCharacter(b.type)) return comparable(a.type, b.type);
  const other = isCharacter(a.type) ? b.type : a.type;
  return other.root === "BOOLEAN" || isDatetime(other) || isNumeric(other);
}

/** Operands of BETWEEN: each with the next. (Calcite: `ComparableOperandTypeChecker`) */
export function requireComparable(operands: readonly Rex[], name: string, symmetry: string, span: Span): void {
  if (operands.slice(1).every((operand, i) => mayCompare(operands[i], operand))) return;
  const [value, low, high] = operands.map((operand) => `<${calciteArgument(operand)}>`);
  const shown = `${value} ${name} ${symmetry} ${low} AND ${high}`;
  const expected = `<COMPARABLE_TYPE> ${name} <COMPARABLE_TYPE> AND <COMPARABLE_TYPE>`;
  const message = `Cannot apply '${name} ${symmetry}' to arguments of type '${shown}'. Supported form(s): '${expected}'`;
  throw new SqlError("validate", "SQL_ARGUMENT_TYPE", message, span, { found: shown, expected });
}

export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=" | "IS DISTINCT FROM";

const isEquality = (op: Comparison): boolean => op === "=" || op === "<>" || op === "IS DISTINCT FROM";

/** Both operands brought to one type; refuses what Flink does not compare. */
export function comparablePair(left: Rex, right: Rex, op: Comparison, span: Span): Rex[] {
  if (isBareNull(left) || isBareNull(right)) return [left, right];
  if (isCharacter(left.type) !== isCharacter(right.type)) {
    const [text, other] = isCharacter(left.type) ? [left, right] : [right, left];
    const [newText, newOther] = isEquality(op) ? textEquals(text, other, op, span) : textOrdered(text, other, op, span);
    return text === left ? [newText, newOther] : [newOther, newText];
  }
  if (!comparable(left.type, right.type)) throw cannotApply(op, [left, right], span, comparableForm(op));
  if (!isEquality(op) && ["ARRAY", "MAP", "MULTISET"].includes(left.type.root))
    throw new SqlError("plan", "SQL_NOT_ORDERED", `Comparable type expected, but was '${typeName(left.type)}'.`, span);
  if (isCharacter(left.type)) return [left, right];
  if (isNumeric(left.type) && (isApproximate(left.type) || isApproximate(right.type)))
    return [coercedTo(left, DOUBLE), coercedTo(right, DOUBLE)];
  const type = commonType(left.type, right.type);
  // Timestamps of different precision are equal in the finer one, and ordered as they are; TIMESTAMP and TIMESTAMP_LTZ meet in the session's zone.
  if ((op === "=" || op === "<>") && type !== null && isTimestamp(type) && left.type.root === right.type.root)
    return [inPrecision(left, type.precision!), inPrecision(right, type.precision!)];
  if (type === null || (isDatetime(type) && left.type.root === right.type.root)) return [left, right];
  return [coercedTo(left, type), coercedTo(right, type)];
}

function inPrecision(rex: Rex, precision: number): Rex {
  return rex.type.precision === precision ? rex : castTo(rex, { ...withoutTimeAttribute(rex.type), precision });
}

function textEquals(text: Rex, other: Rex, op: Comparison, span: Span): [text: Rex, other: Rex] {
  // A text is never equal to a truth value, not even 'TRUE'.
  if (other.type.root === "BOOLEAN") return [text, other];
  if (isDatetime(other.type)) {
    const read = tryCastTo(text, withoutTimeAttribute(other.type));
    if (text.kind === "literal" && constantValue(read) === null) {
      throw new SqlError("validate", "SQL_LITERAL", `Text '${text.value}' could not be parsed as ${calciteName(other.type)}.`, span);
    }
    return [read, other];
  }
  if (isNumeric(other.type)) {
    throw new SqlError(
      "validate",
      "SQL_IMPLICIT_CONVERSION",
      `Implicit conversion between ${calciteName(text.type)} and ${calciteName(other.type)} is not supported.`,
      span,
      { hint: "Cast one side: CAST(x AS INT) or CAST(x AS STRING)." },
    );
  }
  throw cannotApply(op, [text, other], span, comparableForm(op));
}

function comparableForm(op: Comparison): string {
  return `<COMPARABLE_TYPE> ${op} <COMPARABLE_TYPE>`;
}

function textOrdered(text: Rex, other: Rex, op: Comparison, span: Span): [text: Rex, other: Rex] {
  if (other.type.root !== "BOOLEAN" && !isDatetime(other.type) && !isNumeric(other.type))
    throw cannotApply(op, [text, other], span, comparableForm(op));
  return [castTo(text, withoutTimeAttribute(other.type)), other];
}

/** `left = right`; rows written out compare field by field, so that one NULL makes the answer NULL. */
export function equalityOf(left: Rex, right: Rex, span: Span): Rex {
  if (left.kind === "call" && right.kind === "call" && left.fn === operators.ROW && right.fn === operators.ROW) {
    if (left.args.length !== right.args.length) throw cannotApply("=", [left, right], span);
    return andOf(left.args.map((arg, i) => equalityOf(arg, right.args[i], span)));
  }
  return callOf(operators.EQUALS, comparablePair(left, right, "=", span));
}

/** `operand = item` of IN (…): the item is cast to the operand's type. */
export function inItemEquality(operand: Rex, item: Rex, span: Span): Rex {
  if (operand.type.root === "ROW" && item.type.root !== "ROW" && !isBareNull(item)) throw notInList(operand, item, span);
  if (operand.type.root === "ROW" || isBareNull(item) || isBareNull(operand)) return equalityOf(operand, item, span);
  const mixed = isCharacter(operand.type) !== isCharacter(item.type);
  const other = isCharacter(operand.type) ? item.type : operand.type;
  const readable = mixed && (other.root === "BOOLEAN" || isDatetime(other) || isNumeric(other));
  if (!readable && !comparable(operand.type, item.type)) throw notInList(operand, item, span);
  if (isCharacter(operand.type) && isCharacter(item.type)) return callOf(operators.EQUALS, [operand, item], undefined, { listed: true });
  if (!mixed && !isNumeric(operand.type)) return equalityOf(operand, item, span);
  return callOf(operators.EQUALS, [operand, castTo(item, withoutTimeAttribute(operand.type))]);
}

/** An operand and what it is looked for among are of types that do not compare. */
export function notInList(operand: Rex, item: Rex, span: Span): SqlError {
  return new SqlError("validate", "SQL_TYPE_MISMATCH", "Values passed to IN operator must have compatible types", span, {
    found: calciteName(item.type),
    expected: calciteName(operand.type),
  });
}

/** The items of an IN list must have something in common among themselves already. */
export function checkInItems(items: readonly Rex[], span: Span): void {
  const types = items.filter((item) => !isBareNull(item)).map(({ type }) => type);
  let common: LogicalType | null = types[0] ?? null;
  for (const type of types.slice(1)) common = common === null ? null : leastRestrictive(common, type);
  if (types.length > 0 && common === null)
    throw new SqlError("validate", "SQL_TYPE_MISMATCH", "Values in expression list must have compatible types", span, {
      found: types.map(calciteName).join(", "),
    });
}

/** All items cast to their least restrictive type (CASE, IF, VALUES, constructors). */
export function unify(items: readonly Rex[], span: Span, message?: string): Rex[] {
  if (items.length === 0) return [];
  let type: LogicalType | null = items[0].type;
  for (const item of items.slice(1)) type = type === null ? null : leastRestrictive(type, item.type);
  if (type === null) {
    // Calcite lets whole numbers and days pass as one; the code generator does not.
    const days = items.some((item) => item.type.root === "DATE" || item.type.root === "TIME");
    const phase = days && items.every((item) => item.type.root === "DATE" || item.type.root === "TIME" || isInteger(item.type));
    throw new SqlError(
      phase ? "plan" : "validate",
      "SQL_TYPE_MISMATCH",
      message ?? `No common type for ${items.map((item) => calciteName(item.type)).join(", ")}.`,
      span,
      { found: items.map((item) => calciteName(item.type)).join(", ") },
    );
  }
  const common = type;
  return items.map((item) => castTo(item, common));
}

type Arithmetic = "+" | "-" | "*" | "/" | "%";

/** `+ - * / %` and MOD over numbers, points in time and intervals. */
export function arithmetic(op: Arithmetic, left: Rex, right: Rex, span: Span): Rex {
  const fn = { "+": operators.ADD, "-": operators.SUBTRACT, "*": operators.MULTIPLY, "/": operators.DIVIDE, "%": operators.MODULO }[op];
  if (isBareNull(left) || isBareNull(right)) throw illegalNull(span);
  const a = left.type;
  const b = right.type;
  const nullable = a.nullable || b.nullable;
  if (isNumeric(a) && isNumeric(b)) return numericArithmetic(op, left, right, span);
  if ((isDatetime(a) && isInterval(b) && (op === "+" || op === "-")) || (isInterval(a) && isDatetime(b) && op === "+"))
    return timeMovedBy(fn, left, right, span);
  if (isInterval(a) && a.root === b.root && (op === "+" || op === "-")) return callOf(fn, [left, right], withNullable(a, nullable));
  if ((isInterval(a) && isNumeric(b) && (op === "*" || op === "/")) || (isNumeric(a) && isInterval(b) && op === "*")) {
    if (op === "/" || !isInteger(isNumeric(a) ? a : b))
      throw new SqlError("plan", "SQL_UNSUPPORTED", `Unsupported call: ${op}(${calciteName(a)}, ${calciteName(b)}).`, span, {
        hint: "An interval can be multiplied by a whole number only.",
      });
    return callOf(fn, [left, right], withNullable(isInterval(a) ? a : b, nullable));
  }
  const kind = op === "%" ? "<EXACT_NUMERIC>" : "<NUMERIC>";
  throw cannotApply(op, [left, right], span, `${kind} ${op} ${kind}`);
}

/** A point in time and an interval, in either order. */
function timeMovedBy(fn: ScalarFunction, left: Rex, right: Rex, span: Span): Rex {
  const [time, interval] = isDatetime(left.type) ? [left, right] : [right, left];
  const type = withNullable(withoutTimeAttribute(time.type), left.type.nullable || right.type.nullable);
  if (time === right && type.root === "TIMESTAMP_LTZ") {
    throw new SqlError("plan", "SQL_UNSUPPORTED", "Unsupported temporal arithmetic.", span, {
      hint: "Write the interval behind the instant: ts + INTERVAL '1' DAY.",
    });
  }
  const digits = interval.kind === "literal" ? (interval.fractionDigits ?? 0) : 0;
  if (!isTimestamp(type) || digits <= type.precision!) return callOf(fn, [left, right], type);
  // The interval's precision makes a finer type, although its value is in ms.
  if (type.root === "TIMESTAMP") return callOf(fn, [left, right], { ...type, precision: digits });
  throw new SqlError(
    "plan",
    "SQL_UNSUPPORTED",
    `Incompatible types of expression and result type. Expression[GeneratedExpression: ${typeName(type)}] does not fit TIMESTAMP_LTZ(${digits}).`,
    span,
    { hint: "Write the interval with as many digits as the instant has." },
  );
}

function numericArithmetic(op: Arithmetic, left: Rex, right: Rex, span: Span): Rex {
  const fn = { "+": operators.ADD, "-": operators.SUBTRACT, "*": operators.MULTIPLY, "/": operators.DIVIDE, "%": operators.MODULO }[op];
  const nullable = left.type.nullable || right.type.nullable;
  if (op === "%" && (isApproximate(left.type) || isApproximate(right.type)))
    throw cannotApply("%", [left, right], span, "<EXACT_NUMERIC> % <EXACT_NUMERIC>");
  if (op === "/" && isConstant(left) && isConstant(right) && isZero(right))
    throw new SqlError("plan", "SQL_DIVISION_BY_ZERO", "Division by zero", span);
  const type = withNullable(arithmeticType(op, left.type, right.type), nullable);
  if (type.root === "DECIMAL") {
    const cast = (rex: Rex): Rex => {
      const form = decimalForm(rex.type);
      return coercedTo(rex, decimalOf(form.precision, form.scale));
    };
    return callOf(fn, [cast(left), cast(right)], type);
  }
  if (op === "%") {
    // The remainder has the divisor's type, but is computed in the wider one.
    const wide = withNullable(numericRank(left.type) >= numericRank(right.type) ? left.type : right.type, nullable);
    return castTo(callOf(fn, [coercedTo(left, wide), coercedTo(right, wide)], wide), type);
  }
  return callOf(fn, [coercedTo(left, type), coercedTo(right, type)], type);
}

/** False where evaluating fails: that is for the run to say. */
function isZero(constant: Rex): boolean {
  try {
    const value = constantValue(constant);
    return value !== null && Number(value) === 0;
  } catch (error) {
    if (error instanceof SqlRuntimeError) return false;
    throw error;
  }
}

function arithmeticType(op: Arithmetic, a: LogicalType, b: LogicalType): LogicalType {
  if (isApproximate(a) || isApproximate(b)) return leastRestrictive(a, b)!;
  if (a.root === "DECIMAL" || b.root === "DECIMAL") {
    const x = decimalForm(a);
    const y = decimalForm(b);
    const derive = { "+": additionType, "-": additionType, "*": multiplicationType, "/": divisionType, "%": moduloType }[op];
    return derive(x.precision, x.scale, y.precision, y.scale);
  }
  if (op === "%") return b;
  return numericRank(a) >= numericRank(b) ? a : b;
}

/** Operands of AND, OR, NOT and IS TRUE. */
function booleanForm(name: string): string {
  if (name === "NOT") return "NOT<BOOLEAN>";
  return name.startsWith("IS") ? `<BOOLEAN> ${name}` : `<BOOLEAN> ${name} <BOOLEAN>`;
}

export function checkBoolean(name: string, operands: readonly Rex[], span: Span): void {
  if (operands.some(isBareNull)) throw illegalNull(span);
  if (operands.some((operand) => operand.type.root !== "BOOLEAN")) throw cannotApply(name, operands, span, booleanForm(name));
}
