/** Typed expressions over a row: what is left of an AST expression once names, types and functions are resolved. */
import type { LogicalType } from "../../types/logical-type.ts";
import { valueDigest } from "../../types/row.ts";
import type { ScalarFunction } from "../functions/scalar-function.ts";

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
}

export interface RexCall {
  readonly kind: "call";
  readonly fn: ScalarFunction;
  readonly args: readonly Rex[];
  readonly type: LogicalType;
  /** Extra words of the call, e.g. JSON_VALUE's ON EMPTY. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Field of the query around a correlated subquery. */
export interface RexOuter {
  readonly kind: "outer";
  /** 1 = the query directly around. */
  readonly depth: number;
  readonly index: number;
  readonly type: LogicalType;
}

export type Rex = RexInput | RexLiteral | RexCall | RexOuter;

export function inputRef(index: number, type: LogicalType): RexInput {
  return { kind: "input", index, type };
}

export function literalOf(value: unknown, type: LogicalType): RexLiteral {
  return { kind: "literal", value, type };
}

/** Equal texts = the same expression. */
export function rexDigest(rex: Rex): string {
  switch (rex.kind) {
    case "input":
      return `$${rex.index}`;
    case "outer":
      return `^${rex.depth}.${rex.index}`;
    case "literal":
      return `${valueDigest(rex.value)}:${rex.type.root}`;
    case "call":
      return `${rex.fn.name}(${rex.args.map(rexDigest).join(",")}):${rex.type.root}${rex.type.precision ?? ""}${JSON.stringify(rex.options, (_, v: unknown) => (typeof v === "bigint" ? `${v}` : v))}`;
  }
}

/** Rebuilds an expression with every leaf passed through `leaf`. */
export function mapLeaves(rex: Rex, leaf: (leaf: RexInput | RexOuter) => Rex): Rex {
  switch (rex.kind) {
    case "input":
    case "outer":
      return leaf(rex);
    case "literal":
      return rex;
    case "call":
      return { ...rex, args: rex.args.map((arg) => mapLeaves(arg, leaf)) };
  }
}

export function shiftInputs(rex: Rex, by: number): Rex {
  return mapLeaves(rex, (leaf) => (leaf.kind === "input" ? inputRef(leaf.index + by, leaf.type) : leaf));
}

/** Field numbers that the expression reads. */
export function inputsOf(rex: Rex, into: Set<number> = new Set()): Set<number> {
  if (rex.kind === "input") into.add(rex.index);
  else if (rex.kind === "call") for (const arg of rex.args) inputsOf(arg, into);
  return into;
}

export function hasOuter(rex: Rex): boolean {
  return rex.kind === "outer" || (rex.kind === "call" && rex.args.some(hasOuter));
}

/** The conditions joined by AND, flat. */
export function conjuncts(rex: Rex): Rex[] {
  return rex.kind === "call" && rex.fn.name === "AND" ? rex.args.flatMap(conjuncts) : [rex];
}
