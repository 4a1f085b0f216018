/** Aggregates, ranks and LAG over rows. Where a call has constants among its arguments, they become part of its function. */
import { constantValue } from "../../2-analyze/constant.ts";
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
  const aggregates = node.calls.filter((call) => call.name !== "ROW_NUMBER");
  const calls = aggregates.map(overCall);
  const types = node.input.columns.map((column) => column.type);
  const outputs = node.calls.map(
    (call): OverOutput => (call.name === "ROW_NUMBER" ? { kind: "rowNumber" } : { kind: "aggregate", index: aggregates.indexOf(call) }),
  );
  if (node.orderedBy === "NONTIME") {
    // What LAG keeps are values without a type, which Flink's comparison of results gives up on.
    const fails = node.calls.some((call) => call.name === "LAG") ? "Unmaterialized BinaryRawValueData cannot be compared." : null;
    const options = { order: node.order, unit: node.frame.unit, calls, types, outputs, fails };
    return oneInput(node, lowerInput(node.input, lowering), () => new OverByValueOperator(session, options));
  }
  const timeField = node.orderedBy === "ROWTIME" ? node.order[0].field : -1;
  const { frame } = node;
  return oneInput(
    node,
    lowerInput(node.input, lowering),
    () => new OverAggregateOperator(session, { timeField, frame, calls, types, outputs }),
  );
}

/** RANK and DENSE_RANK are told nothing of the order's values, so that to them every row is another: both count rows. */
function overFunction({ name, fn }: OverCall): AggregateFunction {
  if (fn !== null) return fn;
  return name === "LAG" ? LAG : AGGREGATE_FUNCTIONS.get("COUNT")!;
}

function overCall(call: OverCall): AggregateCall {
  const fn = overFunction(call);
  const common = { distinct: call.distinct, filter: -1, type: call.type, name: null };
  const fields = call.args.flatMap((arg) => (arg.kind === "input" ? [arg.index] : []));
  if (fields.length === call.args.length) return { ...common, fn, args: fields };
  const constants = call.args.map((arg) => (arg.kind === "input" ? undefined : constantValue(arg)));
  if (fn.name === "COUNT" && constants[0] !== null) return { ...common, fn, args: [] };
  return { ...common, fn: withConstants(fn, call.args, constants), args: fields };
}

/** The function with some of its arguments given. */
function withConstants(fn: AggregateFunction, args: readonly Rex[], constants: readonly unknown[]): AggregateFunction {
  const types = args.map(({ type }) => type);
  const places = args.map((_, i) => args.slice(0, i).filter(({ kind }) => kind === "input").length);
  const complete = (values: readonly unknown[]): [unknown, ...unknown[]] =>
    args.map((arg, i) => (arg.kind === "input" ? values[places[i]] : constants[i])) as [unknown, ...unknown[]];
  return {
    ...fn,
    nullAware: true,
    implement: (_, result, retract) => {
      const inner = fn.implement(types, result, retract);
      const skips = (values: readonly unknown[]): boolean => fn.nullAware !== true && values[0] === null;
      const change =
        (name: "add" | "retract") =>
        (accumulator: unknown, ...values: unknown[]): unknown => {
          const all = complete(values);
          return skips(all) ? accumulator : inner[name](accumulator, ...all);
        };
      return { ...inner, add: change("add"), retract: change("retract") };
    },
  };
}
