/** Aggregates, ranks and LAG over rows. Constants among a call's arguments count as fields behind the row's own. */
import { invariant } from "../../../base/invariant.ts";
import { constantValue, isConstant } from "../../2-analyze/constant.ts";
import type { AggregateCall, OverCall } from "../../2-analyze/rel.ts";
import type { Rex } from "../../2-analyze/rex.ts";
import type { OverAggregate } from "../../3-plan/physical.ts";
import type { AggregateFunction } from "../../functions/aggregate-function.ts";
import { AGGREGATE_FUNCTIONS } from "../../functions/aggregates.ts";
import { LAG } from "../../functions/lag.ts";
import type { OperatorPlan } from "../operator-plan.ts";
import { OverAggregateOperator, type OverOutput } from "../operators/over-aggregate.ts";
import { OverByValueOperator } from "../operators/over-by-value.ts";
import { lowerInput, type Lowering, oneInput } from "./lower.ts";

export function lowerOver(node: OverAggregate, lowering: Lowering): OperatorPlan {
  const { session } = lowering;
  const constants: unknown[] = [];
  const types = node.input.columns.map((column) => column.type);
  const argument = (rex: Rex): number => {
    if (rex.kind === "input") return rex.index;
    invariant(isConstant(rex), "an argument of an OVER call that is neither a field nor a constant");
    constants.push(constantValue(rex));
    return types.push(rex.type) - 1;
  };
  const calls: AggregateCall[] = [];
  const outputs = node.calls.map((call): OverOutput => {
    if (call.name === "ROW_NUMBER") return { kind: "rowNumber" };
    calls.push({ fn: functionOf(call), args: call.args.map(argument), distinct: call.distinct, filter: -1, type: call.type, name: null });
    return { kind: "aggregate", index: calls.length - 1 };
  });
  const aggregates = { calls, types, constants };
  if (node.orderedBy === "NONTIME") {
    // What LAG keeps are values without a type, which Flink's comparison of results gives up on.
    const fails = node.calls.some((call) => call.name === "LAG") ? "Unmaterialized BinaryRawValueData cannot be compared." : null;
    const options = { order: node.order, unit: node.frame.unit, aggregates, outputs, fails };
    return oneInput(node, lowerInput(node.input, lowering), () => new OverByValueOperator(session, options));
  }
  const timeField = node.orderedBy === "ROWTIME" ? node.order[0].field : -1;
  const { frame } = node;
  return oneInput(
    node,
    lowerInput(node.input, lowering),
    () => new OverAggregateOperator(session, { timeField, frame, aggregates, outputs }),
  );
}

/** On a stream Flink has no look at the order's fields: the rank of a row is how many have come up to its peers. */
function functionOf({ name, fn }: OverCall): AggregateFunction {
  if (fn !== null) return fn;
  if (name === "LAG") return LAG;
  invariant(name === "RANK" || name === "DENSE_RANK", "an OVER call that is not planned");
  return AGGREGATE_FUNCTIONS.get("COUNT")!;
}
