/** Typed expressions over a row: what is left of an AST expression once names, types and functions are resolved. */
import type { LogicalType } from "../../types/logical-type.ts";
import { valueDigest } from "../../types/row.ts";
import type { AggregateFunction } from "../functions/aggregate-function.ts";
import type { ScalarFunction } from "../functions/scalar-function.ts";
import type { Rel } from "./rel.ts";

export interface RexInput {
  readonly kind: "input";
  /** Field number, 0-based; fields of a join's right side follow those of its left side. */
  readonly index: number;
  readonly type: LogicalType;
}

export interface RexLiteral {
  readonly kind: "literal";
  readonly value: unknown;
  readonly type: LogicalType;
  /** Of an interval, as EXPLAIN shows it: `MINUTE`, `DAY TO SECOND`. */
  readonly qualifier?: string;
  /** Of an interval: digits of the second's fraction, where it says how many. */
  readonly fractionDigits?: number;
}

export interface RexCall {
  readonly kind: "call";
  readonly fn: ScalarFunction;
  readonly args: readonly Rex[];
  readonly type: LogicalType;
  /** Extra words of the call, e.g. JSON_VALUE's ON EMPTY. A CAST with `implicit` was not written by the user. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Field of the row around: `$cor1.k` (Calcite: a field access on a correlation variable). */
export interface RexCorrel {
  readonly kind: "correl";
  readonly id: number;
  readonly index: number;
  readonly name: string;
  readonly type: LogicalType;
}

export interface RexSortKey {
  readonly rex: Rex;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** Where a frame begins or ends: rows, ms, or a fixed place. */
export type RexFrameBound =
  | { readonly kind: "unboundedPreceding" | "currentRow" | "unboundedFollowing" }
  | { readonly kind: "preceding" | "following"; readonly offset: RexLiteral };

export interface RexWindow {
  readonly partition: readonly Rex[];
  readonly order: readonly RexSortKey[];
  readonly unit: "ROWS" | "RANGE";
  readonly from: RexFrameBound;
  readonly to: RexFrameBound;
}

/** A function over a window of rows. Stands in projections only, until `extractWindows` makes nodes of it. */
export interface RexOver {
  readonly kind: "over";
  /** `ROW_NUMBER`, `LAG`, …, or the name of `fn`. */
  readonly name: string;
  readonly fn: AggregateFunction | null;
  readonly args: readonly Rex[];
  readonly distinct: boolean;
  readonly window: RexWindow;
  readonly type: LogicalType;
}

/** A query inside an expression, until `expandSubqueries` makes a join of it. */
export interface RexSubquery {
  readonly kind: "subquery";
  readonly op: "EXISTS" | "IN" | "SCALAR" | "SOME";
  /** Of SOME: `<`, `>=`, … */
  readonly comparison: string | null;
  /** What is compared with the query's columns, cast to their common type. */
  readonly operands: readonly Rex[];
  readonly rel: Rel;
  readonly type: LogicalType;
}

export type Rex = RexInput | RexLiteral | RexCall | RexCorrel | RexOver | RexSubquery;

export function inputRef(index: number, type: LogicalType): RexInput {
  return { kind: "input", index, type };
}

export function literalOf(value: unknown, type: LogicalType): RexLiteral {
  return { kind: "literal", value, type };
}

function typeDigest(type: LogicalType): string {
  return `${type.root}${type.precision ?? type.length ?? ""}`;
}

function optionsDigest(options: RexCall["options"]): string {
  return JSON.stringify(options, (_, v: unknown) => (typeof v === "bigint" ? `${v}` : v));
}

/** Equal texts = the same expression. */
export function rexDigest(rex: Rex): string {
  switch (rex.kind) {
    case "input":
      return `$${rex.index}`;
    case "correl":
      return `$cor${rex.id}.${rex.index}`;
    case "literal":
      return `${valueDigest(rex.value)}:${typeDigest(rex.type)}`;
    case "call":
      return `${rex.fn.name}(${rex.args.map(rexDigest).join(",")}):${typeDigest(rex.type)}${optionsDigest(rex.options)}`;
    case "over":
      return `${rex.name}(${rex.distinct ? "DISTINCT " : ""}${rex.args.map(rexDigest).join(",")}) OVER ${windowDigest(rex.window)}`;
    case "subquery":
      return `${rex.op}${rex.comparison ?? ""}(${rex.operands.map(rexDigest).join(",")},#${subqueryNumber(rex.rel)})`;
  }
}

const SUBQUERY_NUMBERS = new WeakMap<Rel, number>();
let subqueries = 0;

/** Two subqueries are the same only when they are the same object. */
function subqueryNumber(rel: Rel): number {
  const known = SUBQUERY_NUMBERS.get(rel);
  if (known !== undefined) return known;
  subqueries++;
  SUBQUERY_NUMBERS.set(rel, subqueries);
  return subqueries;
}

function boundDigest(bound: RexFrameBound): string {
  return "offset" in bound ? `${bound.kind} ${rexDigest(bound.offset)}` : bound.kind;
}

export function windowDigest(window: RexWindow): string {
  const order = window.order.map((key) => `${rexDigest(key.rex)} ${key.descending} ${key.nullsFirst}`);
  return `(${window.partition.map(rexDigest).join(",")}|${order.join(",")}|${window.unit} ${boundDigest(window.from)} ${boundDigest(window.to)})`;
}

/** Rebuilds an expression with every leaf passed through `leaf`; subqueries keep their queries. */
export function mapLeaves(rex: Rex, leaf: (leaf: RexInput | RexCorrel) => Rex): Rex {
  switch (rex.kind) {
    case "input":
    case "correl":
      return leaf(rex);
    case "literal":
      return rex;
    case "call":
      return rex.args.length === 0 ? rex : { ...rex, args: rex.args.map((arg) => mapLeaves(arg, leaf)) };
    case "over":
      return {
        ...rex,
        args: rex.args.map((arg) => mapLeaves(arg, leaf)),
        window: {
          ...rex.window,
          partition: rex.window.partition.map((part) => mapLeaves(part, leaf)),
          order: rex.window.order.map((key) => ({ ...key, rex: mapLeaves(key.rex, leaf) })),
        },
      };
    case "subquery":
      return { ...rex, operands: rex.operands.map((operand) => mapLeaves(operand, leaf)) };
  }
}

/** Bottom-up: every part, the whole included, passed through `change` after its own parts were. */
export function rewriteRex(rex: Rex, change: (rex: Rex) => Rex): Rex {
  if (rex.kind === "call" && rex.args.length > 0) {
    let same = true;
    const args = rex.args.map((arg) => {
      const changed = rewriteRex(arg, change);
      if (changed !== arg) same = false;
      return changed;
    });
    return change(same ? rex : { ...rex, args });
  }
  if (rex.kind === "over") {
    const { window } = rex;
    return change({
      ...rex,
      args: rex.args.map((arg) => rewriteRex(arg, change)),
      window: {
        ...window,
        partition: window.partition.map((part) => rewriteRex(part, change)),
        order: window.order.map((key) => ({ ...key, rex: rewriteRex(key.rex, change) })),
      },
    });
  }
  if (rex.kind === "subquery") return change({ ...rex, operands: rex.operands.map((operand) => rewriteRex(operand, change)) });
  return change(rex);
}

export function shiftInputs(rex: Rex, by: number): Rex {
  return by === 0 ? rex : mapLeaves(rex, (leaf) => (leaf.kind === "input" ? inputRef(leaf.index + by, leaf.type) : leaf));
}

/** The expression with each field replaced by what computes it. */
export function substituteInputs(rex: Rex, exprs: readonly Rex[]): Rex {
  return mapLeaves(rex, (leaf) => (leaf.kind === "input" ? exprs[leaf.index] : leaf));
}

/** The parts of an expression, itself first; queries inside it are not entered. */
export function* partsOf(rex: Rex): Generator<Rex> {
  yield rex;
  switch (rex.kind) {
    case "call":
      for (const arg of rex.args) yield* partsOf(arg);
      return;
    case "over":
      for (const arg of rex.args) yield* partsOf(arg);
      for (const part of rex.window.partition) yield* partsOf(part);
      for (const key of rex.window.order) yield* partsOf(key.rex);
      return;
    case "subquery":
      for (const operand of rex.operands) yield* partsOf(operand);
      return;
    default:
  }
}

/** Field numbers that the expression reads. */
export function inputsOf(rex: Rex, into: Set<number> = new Set()): Set<number> {
  if (rex.kind === "input") into.add(rex.index);
  else if (rex.kind === "call") for (const arg of rex.args) inputsOf(arg, into);
  else if (rex.kind !== "literal" && rex.kind !== "correl")
    for (const part of partsOf(rex)) if (part.kind === "input") into.add(part.index);
  return into;
}

export function contains(rex: Rex, test: (part: Rex) => boolean): boolean {
  if (test(rex)) return true;
  switch (rex.kind) {
    case "call":
      return rex.args.some((arg) => contains(arg, test));
    case "over":
    case "subquery":
      for (const part of partsOf(rex)) if (test(part)) return true;
      return false;
    default:
      return false;
  }
}

export function hasCorrel(rex: Rex): boolean {
  return contains(rex, (part) => part.kind === "correl");
}

export function hasSubquery(rex: Rex): boolean {
  return contains(rex, (part) => part.kind === "subquery");
}

export function hasOver(rex: Rex): boolean {
  return contains(rex, (part) => part.kind === "over");
}

/** False for RAND(), NOW() and what contains them. */
export function isDeterministic(rex: Rex): boolean {
  return !contains(rex, (part) => part.kind === "call" && part.fn.dynamic === true);
}

/** The conditions joined by AND, flat. */
export function conjuncts(rex: Rex): Rex[] {
  return termsOf(rex, "AND", []);
}

export function disjuncts(rex: Rex): Rex[] {
  return termsOf(rex, "OR", []);
}

function termsOf(rex: Rex, operator: "AND" | "OR", into: Rex[]): Rex[] {
  if (rex.kind === "call" && rex.fn.name === operator) for (const arg of rex.args) termsOf(arg, operator, into);
  else into.push(rex);
  return into;
}

export function isTrue(rex: Rex): boolean {
  return rex.kind === "literal" && rex.value === true;
}

export function isFalse(rex: Rex): boolean {
  return rex.kind === "literal" && (rex.value === false || (rex.value === null && rex.type.root === "BOOLEAN"));
}

/** Every field, as it is. */
export function isIdentity(exprs: readonly Rex[], width: number): boolean {
  return exprs.length === width && exprs.every((expr, i) => expr.kind === "input" && expr.index === i);
}
