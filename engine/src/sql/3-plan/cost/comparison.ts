/** Comparisons and their constants, as estimates read them. */
import type { Rex, RexCall } from "../../2-analyze/rex.ts";

/** A constant that can be compared: times in ms, dates in days. */
export type Value = number | string | boolean;

export const MIRRORED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>" };
export const NEGATED: Readonly<Record<string, string>> = { "<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "<>", "<>": "=" };

export function isComparison(rex: Rex): rex is RexCall {
  return rex.kind === "call" && MIRRORED[rex.fn.name] !== undefined && rex.args.length === 2;
}

/** A constant brought to the other side's type counts as the constant. */
export function uncast(rex: Rex): Rex {
  if (rex.kind !== "call" || rex.fn.name !== "CAST" || rex.options.implicit !== true) return rex;
  return rex.args[0].kind === "literal" ? rex.args[0] : rex;
}

/** null = no constant, or none that can be compared. */
export function plainValue(rex: Rex): Value | null {
  const literal = uncast(rex);
  if (literal.kind !== "literal") return null;
  const { value, type } = literal;
  if (typeof value === "bigint") return Number(value) / 10 ** (type.scale ?? 0);
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean" ? value : null;
}

export function compareOf(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
