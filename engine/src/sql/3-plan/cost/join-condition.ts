/** The condition of a join as its estimate sees it: without the bounds of times and windows, which the operator keeps apart. */
import { andOf, callOf } from "../../2-analyze/bind-expression.ts";
import { inputRef, type Rex } from "../../2-analyze/rex.ts";
import { functionNamed } from "./pseudo-functions.ts";
import type { IntervalJoin, Join, TemporalJoin, WindowJoin } from "../physical.ts";

export type TwoSided = Join | IntervalJoin | WindowJoin | TemporalJoin;

export interface ConditionParts {
  readonly equi: readonly Rex[];
  /** null = nothing. */
  readonly rest: Rex | null;
}

export function equiCondition(node: TwoSided): ConditionParts {
  const width = node.left.columns.length;
  const equi = node.leftKeys.map((key, i) => {
    const right = node.rightKeys[i];
    const operands = [inputRef(key, node.left.columns[key].type), inputRef(right + width, node.right.columns[right].type)];
    return callOf(functionNamed(node.filterNulls[i] ? "=" : "IS NOT DISTINCT FROM"), operands);
  });
  if (node.kind !== "TemporalJoin") return { equi, rest: node.nonEqui };
  const version = callOf(functionNamed("__TEMPORAL_JOIN_CONDITION"), []);
  return { equi, rest: node.nonEqui === null ? version : andOf([version, node.nonEqui]) };
}

/** null = there is none. */
export function joinCondition(node: TwoSided): Rex | null {
  const { equi, rest } = equiCondition(node);
  const parts = rest === null ? equi : [...equi, rest];
  return parts.length === 0 ? null : andOf([...parts]);
}
