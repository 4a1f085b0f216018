/** Joins. */
import { invariant } from "../../../base/invariant.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import type { IntervalJoin, Join, LookupJoin, TemporalJoin, WindowJoin } from "../../3-plan/physical.ts";
import type { OperatorPlan } from "../operator-plan.ts";
import { IntervalJoinOperator } from "../operators/interval-join.ts";
import { type JoinOptions, RegularJoinOperator } from "../operators/regular-join.ts";
import { TemporalJoinOperator } from "../operators/temporal-join.ts";
import { WindowJoinOperator } from "../operators/window-join.ts";
import { labelOf, lowerInput, type Lowering } from "./lower.ts";

type AnyJoin = Join | IntervalJoin | WindowJoin;
type TwoInput = Extract<OperatorPlan["body"], { kind: "two" }>;

/** Keys in which NULL equals NULL are keys of the state, but none that a NULL would exclude. */
function optionsOf(node: AnyJoin): JoinOptions {
  const strict = node.leftKeys.flatMap((_, i) => (node.filterNulls[i] ? [i] : []));
  return {
    type: node.joinType,
    leftKeys: strict.map((i) => node.leftKeys[i]),
    rightKeys: strict.map((i) => node.rightKeys[i]),
    condition: node.nonEqui,
    leftWidth: node.left.columns.length,
    rightWidth: node.right.columns.length,
  };
}

function twoInputs(node: AnyJoin | TemporalJoin, lowering: Lowering, create: TwoInput["create"]): OperatorPlan {
  const left = lowerInput(node.left, lowering);
  const right = lowerInput(node.right, lowering);
  const distributions = [left.distribution, right.distribution] as const;
  return { ...labelOf(node), columns: node.columns, body: { kind: "two", left: left.input, right: right.input, distributions, create } };
}

export function lowerJoin(node: Join, lowering: Lowering): OperatorPlan {
  const options = optionsOf(node);
  return twoInputs(node, lowering, () => new RegularJoinOperator(lowering.session, options));
}

export function lowerIntervalJoin(node: IntervalJoin, lowering: Lowering): OperatorPlan {
  const { leftTime, rightTime, lowerMs, upperMs } = node;
  const options = { ...optionsOf(node), leftTime, rightTime, lowerMs, upperMs };
  return twoInputs(node, lowering, () => new IntervalJoinOperator(lowering.session, options));
}

export function lowerWindowJoin(node: WindowJoin, lowering: Lowering): OperatorPlan {
  const { leftWindowing, rightWindowing } = node;
  const { localTime } = leftWindowing;
  const options = { ...optionsOf(node), leftEnd: leftWindowing.origin.end, rightEnd: rightWindowing.origin.end, localTime };
  return twoInputs(node, lowering, () => new WindowJoinOperator(lowering.session, options));
}

export function lowerTemporalJoin(node: TemporalJoin, lowering: Lowering): OperatorPlan {
  const { joinType: type, nonEqui: condition, leftTime, rightTime } = node;
  invariant(rightTime >= 0, "joins by processing time are lookup joins");
  const widths = { leftWidth: node.left.columns.length, rightWidth: node.right.columns.length };
  const options = { type, condition, leftTime, rightTime, ...widths };
  return twoInputs(node, lowering, () => new TemporalJoinOperator(lowering.session, options));
}

export function lowerLookupJoin(_node: LookupJoin, _lowering: Lowering): OperatorPlan {
  throw new SqlError("plan", "SQL_NOT_AVAILABLE", "Lookup joins are not available yet.", null);
}
