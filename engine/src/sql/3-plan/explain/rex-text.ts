/**
 * Expressions as EXPLAIN writes them, in three styles: the syntax tree's (`>($2, 1)`, casts as `CAST($0):BIGINT`), the physical plan's
 * (`>(v, 1)`, `CAST(v AS BIGINT)`), the execution plan's (`(v > 1)`).
 */
import { isTimestamp, type LogicalType } from "../../../types/logical-type.ts";
import type { Timestamp } from "../../../types/timestamp.ts";
import { conjuncts, disjuncts, type Rex, type RexCall, type RexFrameBound, type RexLiteral, type RexWindow } from "../../2-analyze/rex.ts";
import { patternFieldOf } from "../../2-analyze/match-expressions.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import { constantValue, isConstant } from "../../2-analyze/constant.ts";
import { decimalToString } from "../../functions/decimal.ts";
import { formatDate, formatTime, formatTimestamp } from "../../functions/temporal-text.ts";
import { shownCall, shownDistinction } from "./function-text.ts";
import { isSearch, type Range, type Search, searches } from "./sarg.ts";
import { typeText } from "./type-text.ts";

export type Style = "logical" | "physical" | "execution";

export interface TextContext {
  readonly style: Style;
  /** Of literals, where it is another one. */
  readonly literals?: Style;
  /** Where the expression stands. In the syntax tree select lists are simplified already, conditions are not. */
  readonly role?: "selected" | "condition" | "join";
  /** How a field is called: `$2`, or its name. */
  readonly field: (index: number) => string;
  /** The same inside a call, where it differs. */
  readonly operand?: ((index: number) => string) | undefined;
  /** How a correlation variable is called, where it is not its number. */
  readonly correl?: (id: number) => string;
  /** Prints the query inside an expression. */
  readonly subquery?: (rex: Extract<Rex, { kind: "subquery" }>) => string;
}

/** Operators that stand between their operands in the execution plan. */
const INFIX: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/", "/INT"]);
const POSTFIX: ReadonlySet<string> = new Set(["IS NULL", "IS NOT NULL", "IS TRUE", "IS NOT TRUE", "IS FALSE", "IS NOT FALSE"]);
/** Where a literal of the other operand's type shows no type of its own in the syntax tree. */
const BINARY: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/"]);

/** Functions that are called by their bare name. */
const WITHOUT_BRACKETS: ReadonlySet<string> = new Set(["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIME", "LOCALTIMESTAMP"]);

const NAMES: Readonly<Record<string, string>> = { NEGATE: "-", INDEX: "ITEM", ELEMENT_AT: "ITEM", CHARACTER_LENGTH: "CHAR_LENGTH" };

export function rexText(rex: Rex, context: TextContext): string {
  if (rex.kind === "call" && rex.fn.name === "PROCTIME_MATERIALIZE")
    return `PROCTIME_MATERIALIZE(${rexText(rex.args[0], { ...context, operand: undefined })})`;
  if (rex.kind === "call" && context.operand !== undefined) return callText(rex, { ...context, field: context.operand });
  switch (rex.kind) {
    case "input":
      return context.field(rex.index);
    case "correl":
      return `${context.correl?.(rex.id) ?? `$cor${rex.id}`}.${rex.name}`;
    case "literal":
      return writtenLiteral(rex, context);
    case "call":
      return callText(rex, context);
    case "over":
      return `${rex.name}(${rex.distinct ? "DISTINCT " : ""}${rex.args.map((arg) => rexText(arg, context)).join(", ")}) OVER (${windowText(rex.window, rex.name, context)})`;
    case "subquery":
      return context.subquery?.(rex) ?? "$SUBQUERY";
  }
}

/** A constant that was computed from what could have been NULL keeps saying so. */
function writtenLiteral(literal: RexLiteral, context: TextContext): string {
  const text = literalText(literal, context.literals ?? context.style);
  if (context.style === "logical" || literal.value === null || !literal.type.nullable) return text;
  return `CAST(${text} AS ${typeText(literal.type, context.style === "physical")})`;
}

function isImplicit(rex: Rex): rex is RexCall & { readonly options: { readonly implicit: true } } {
  return rex.kind === "call" && rex.fn.name === "CAST" && rex.options.implicit === true;
}

function textsOf(parts: readonly (Rex | Search)[], context: TextContext): string[] {
  return parts.map((part) => (isSearch(part) ? searchText(part, context) : rexText(part, context)));
}

function callText(written: RexCall, context: TextContext): string {
  const { style } = context;
  const rex = shownCall(written, style !== "logical");
  const pattern = patternFieldOf(rex);
  if (pattern !== null) return `${pattern.variable}.${context.field(pattern.field)}`;
  const name = rex.fn.name;
  if (name === "AND" || name === "OR") {
    const flat = name === "AND" ? conjuncts(rex) : disjuncts(rex);
    const texts = textsOf(style === "logical" && context.role !== "selected" ? flat : searches(flat, name === "AND"), context);
    if (texts.length === 1) return texts[0];
    return style === "execution" ? `(${texts.join(` ${name} `)})` : `${name}(${texts.join(", ")})`;
  }
  if (isImplicit(rex)) return rexText(rex.args[0], context);
  const truth = rex.args[0];
  const apart = name === "NOT" && truth.kind === "call" && truth.fn.name === "IS NOT DISTINCT FROM";
  if (context.role !== "join" && (apart || name === "IS NOT DISTINCT FROM"))
    return callText(shownDistinction(apart ? truth : rex, apart, context.role), { ...context, role: "join" });
  if (name === "NOT" && truth.kind === "call" && (truth.fn.name === "IS TRUE" || truth.fn.name === "IS FALSE")) {
    const inner = rexText(truth.args[0], context);
    const negated = `IS NOT ${truth.fn.name.slice(3)}`;
    return style === "execution" ? `${inner} ${negated}` : `${negated}(${inner})`;
  }
  if (name === "CAST" || name === "TRY_CAST") return castText(rex, context);
  if (name === "FIELD") return `${rexText(rex.args[0], context)}.${fieldName(rex)}`;
  const args = operandTexts(rex, context);
  if (style === "execution") {
    if (INFIX.has(name) && args.length === 2) return `(${args.join(` ${name} `)})`;
    if (POSTFIX.has(name)) return `${args[0]} ${name}`;
  }
  if (name === "NOT" && style === "execution") return `NOT(${args[0]})`;
  if (style === "logical" && WITHOUT_BRACKETS.has(name)) return name;
  return `${NAMES[name] ?? name}(${args.join(", ")})`;
}

function fieldName(rex: RexCall): string {
  const { fields } = rex.args[0].type;
  return fields?.[Number(rex.options.index)]?.name ?? `f${String(rex.options.index)}`;
}

function operandTexts(rex: RexCall, context: TextContext): string[] {
  const { style } = context;
  const equality = rex.fn.name === "=" || rex.fn.name === "<>";
  return rex.args.map((arg, i) => {
    const other = rex.args[1 - i];
    const bare = isImplicit(arg) ? arg.args[0] : arg;
    if (BINARY.has(rex.fn.name) && rex.args.length === 2 && bare.kind === "literal" && other !== undefined) {
      const otherBare = isImplicit(other) ? other.args[0] : other;
      if (isImplicit(arg) && "untyped" in arg.options) return valueText(bare, style);
      if (style === "logical" && equality && isImplicit(arg)) return valueText(bare, style);
      if (style === "logical" && sameType(bare.type, otherBare.type)) return valueText(bare, style);
      // An equality with a constant is decided in the type of the column.
      if (style === "physical" && equality && otherBare.kind !== "literal" && rex.options.listed !== true)
        return `${valueText(bare, style)}${typeSuffix({ ...bare, type: typeBeside(bare, isImplicit(other) ? other.type : otherBare.type, arg) }, style)}`;
    }
    if (style === "logical" && equality && arg.kind === "call" && arg.type.root === "DOUBLE" && other?.type.root === "DOUBLE") {
      const constant = castConstant(arg);
      if (constant !== null) return valueText(constant, style);
    }
    // The sides of an equality have one type.
    if (equality && isImplicit(arg) && arg.args[0].kind !== "literal") return castText(arg, context);
    return rexText(arg, context);
  });
}

function sameType(a: LogicalType, b: LogicalType): boolean {
  return typeText(a) === typeText(b);
}

/** Of a constant in an equality: the other side's, where that says the same. */
function typeBeside(literal: RexLiteral, type: LogicalType, arg: Rex): LogicalType {
  if (literal.value === null) return literal.type;
  if (literal.type.root === "CHAR" && type.root === "VARCHAR") return { ...type, timeAttribute: undefined };
  return isImplicit(arg) && isConstant(arg) && sameType(arg.type, type) ? arg.type : literal.type;
}

/** The syntax tree already has constants in the type that they are cast to; fractions keep the digits that were written. */
function castConstant(rex: RexCall): RexLiteral | null {
  const [literal] = rex.args;
  if (rex.fn.name !== "CAST" || literal.kind !== "literal" || literal.value === null || rex.type.nullable) return null;
  if (/^(DECIMAL|DOUBLE|FLOAT)$/.test(rex.type.root)) return /^(DECIMAL|INT|BIGINT)$/.test(literal.type.root) ? literal : null;
  if (!/^(TINYINT|SMALLINT|INT|BIGINT|VARCHAR|CHAR|DATE|TIME|TIMESTAMP|BOOLEAN)$/.test(rex.type.root)) return null;
  try {
    return { ...literal, value: constantValue(rex), type: rex.type };
  } catch (error) {
    if (error instanceof SqlRuntimeError || error instanceof SqlError) return null;
    throw error;
  }
}

function castText(rex: RexCall, context: TextContext): string {
  const constant = context.style === "logical" && context.role === "selected" ? castConstant(rex) : null;
  if (constant !== null) return `${valueText(constant, "logical")}${typeSuffix({ ...constant, type: rex.type }, "logical")}`;
  const inner = rexText(rex.args[0], context);
  const name = rex.fn.name;
  if (context.style === "logical")
    return name === "TRY_CAST" ? `TRY_CAST(${inner})` : `CAST(${inner}):${typeText(rex.type)}${notNull(rex)}`;
  return `${name}(${inner} AS ${typeText(rex.type, context.style === "physical")}${context.style === "physical" ? notNull(rex) : ""})`;
}

/** Nullability shows where the cast itself changes nothing else. */
function notNull(rex: RexCall): string {
  return rex.type.nullable ? "" : " NOT NULL";
}

export function literalText(literal: RexLiteral, style: Style): string {
  const value = valueText(literal, style);
  if (style === "execution" && literal.value !== null && !literal.type.root.startsWith("INTERVAL")) return value;
  return `${value}${typeSuffix(literal, style)}`;
}

function typeSuffix(literal: RexLiteral, style: Style): string {
  const { type } = literal;
  if (literal.value === null) return `:${typeText(type, style !== "execution")}`;
  switch (type.root) {
    case "INT":
    case "BOOLEAN":
    case "DATE":
    case "DESCRIPTOR":
      return "";
    case "CHAR":
      return type.length === String(literal.value).length ? "" : `:${typeText(type)}`;
    case "TIMESTAMP":
    case "TIME":
      return type.precision === 0 ? "" : `:${typeText(type)}`;
    case "INTERVAL_DAY_TIME":
    case "INTERVAL_YEAR_MONTH":
      return `:INTERVAL ${literal.qualifier ?? (type.root === "INTERVAL_DAY_TIME" ? "SECOND" : "MONTH")}`;
    default:
      return `:${typeText(type)}`;
  }
}

/** Without its type. */
export function valueText(literal: RexLiteral, style: Style): string {
  const { value, type } = literal;
  if (value === null) return "null";
  switch (type.root) {
    case "CHAR":
    case "VARCHAR":
      return style === "execution" ? `'${String(value).replaceAll("'", "''")}'` : `_UTF-16LE'${String(value).replaceAll("'", "''")}'`;
    case "BOOLEAN":
      return String(value);
    case "DECIMAL":
      return decimalToString(value as bigint, type.scale!);
    case "FLOAT":
    case "DOUBLE":
      return doubleText(value as number);
    case "DATE":
      return formatDate(value as number);
    case "TIME":
      return withoutZeros(formatTime(value as number, type.precision ?? 0));
    case "TIMESTAMP":
    case "TIMESTAMP_LTZ":
      return withoutZeros(formatTimestamp(value as Timestamp, type.precision ?? 0));
    case "DESCRIPTOR":
      return style === "execution" ? String(value) : `FLAG(${String(value)})`;
    case "BINARY":
    case "VARBINARY":
      return `X'${[...(value as Uint8Array)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}'`;
    default:
      return String(value);
  }
}

/** Fractions of a second end with a digit that says something. */
function withoutZeros(text: string): string {
  return text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

/** As Calcite writes approximate literals: `1E0`, `2.5E0`, `-1.25E2`. */
function doubleText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const [mantissa, exponent] = value.toExponential().split("e");
  return `${mantissa}E${Number(exponent)}`;
}

function searchText({ operand, ranges }: Search, context: TextContext): string {
  const text = rexText(operand, context);
  const [only] = ranges;
  if (ranges.length === 1 && only.low.value !== null && only.high.value !== null && only.low.value.value === only.high.value.value) {
    const value = literalText(only.low.value, context.style);
    return context.style === "execution" ? `(${text} = ${value})` : `=(${text}, ${value})`;
  }
  if (ranges.length === 1 && (only.low.value === null) !== (only.high.value === null)) {
    const [bound, op] = only.low.value === null ? [only.high, only.high.closed ? "<=" : "<"] : [only.low, only.low.closed ? ">=" : ">"];
    const value = literalText(bound.value!, context.style);
    return context.style === "execution" ? `(${text} ${op} ${value})` : `${op}(${text}, ${value})`;
  }
  const typed = inOneType(ranges);
  const sample = typed.map((range) => range.low.value ?? range.high.value).find((value) => value !== null);
  const suffix = context.style === "execution" || sample == null ? "" : setSuffix(sample, context.style);
  return `SEARCH(${text}, Sarg[${typed.map((range) => rangeText(range, context.style)).join(", ")}]${suffix})`;
}

/** The values of a set have one type: the widest whole number, the longest text. */
function inOneType(ranges: readonly Range[]): readonly Range[] {
  const types = ranges.flatMap(({ low, high }) => [low.value?.type, high.value?.type]).filter((type) => type !== undefined);
  const isText = types[0]?.root === "CHAR" || types[0]?.root === "VARCHAR";
  const widest = types.find(({ root }) => root === "BIGINT") ?? (isText ? longest(types) : undefined);
  if (widest === undefined || (isText && types.every((type) => type.root === "CHAR" && type.length === types[0].length))) return ranges;
  const bound = (of: Range["low"]): Range["low"] => (of.value === null ? of : { ...of, value: { ...of.value, type: widest } });
  return ranges.map(({ low, high }) => ({ low: bound(low), high: bound(high) }));
}

function longest(types: readonly LogicalType[]): LogicalType {
  const length = Math.max(...types.map((type) => type.length ?? 0));
  return { root: "VARCHAR", length, nullable: false };
}

function setSuffix(sample: RexLiteral, style: Style): string {
  return sample.type.root === "CHAR" ? `:${typeText(sample.type)}` : typeSuffix(sample, style);
}

function rangeText({ low, high }: Range, style: Style): string {
  if (low.value !== null && high.value !== null && low.value.value === high.value.value) return boundText(low.value, style);
  const from = low.value === null ? "(-∞" : `${low.closed ? "[" : "("}${boundText(low.value, style)}`;
  const to = high.value === null ? "+∞)" : `${boundText(high.value, style)}${high.closed ? "]" : ")"}`;
  return `${from}..${to}`;
}

/** Values of a Sarg are written with their Java type. */
function boundText(literal: RexLiteral, style: Style): string {
  const { type } = literal;
  if (type.root === "CHAR" || type.root === "VARCHAR") {
    const text = `_UTF-16LE'${String(literal.value).replaceAll("'", "''")}'`;
    return type.root === "CHAR" || style === "execution" ? text : `${text}:${typeText(type)}`;
  }
  if (type.root === "BIGINT") return style === "execution" ? String(literal.value) : `${String(literal.value)}L:BIGINT`;
  if (isTimestamp(type) && style !== "execution") return `${valueText(literal, style)}:${typeText(type)}`;
  return /^(DECIMAL|DOUBLE)$/.test(type.root) ? literalText(literal, style) : valueText(literal, style);
}

function windowText(window: RexWindow, fn: string, context: TextContext): string {
  const parts: string[] = [];
  if (window.partition.length > 0) parts.push(`PARTITION BY ${window.partition.map((part) => rexText(part, context)).join(", ")}`);
  if (window.order.length > 0) {
    const keys = window.order.map(
      ({ rex, descending, nullsFirst }) => `${rexText(rex, context)}${descending ? " DESC" : ""} NULLS ${nullsFirst ? "FIRST" : "LAST"}`,
    );
    parts.push(`ORDER BY ${keys.join(", ")}`);
  }
  const whole = window.from.kind === "unboundedPreceding" && window.to.kind === "currentRow";
  if (whole && (window.unit === "RANGE" || fn === "ROW_NUMBER")) return parts.join(" ");
  if (window.to.kind === "currentRow") parts.push(`${window.unit} ${boundName(window.from, context)}`);
  else parts.push(`${window.unit} BETWEEN ${boundName(window.from, context)} AND ${boundName(window.to, context)}`);
  return parts.join(" ");
}

function boundName(bound: RexFrameBound, context: TextContext): string {
  switch (bound.kind) {
    case "unboundedPreceding":
      return "UNBOUNDED PRECEDING";
    case "unboundedFollowing":
      return "UNBOUNDED FOLLOWING";
    case "currentRow":
      return "CURRENT ROW";
    case "preceding":
      return `${rexText(bound.offset, context)} PRECEDING`;
    case "following":
      return `${rexText(bound.offset, context)} FOLLOWING`;
  }
}
