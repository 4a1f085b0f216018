/** Joins of many inputs: their rows are numbered and meet in one stream. */
import type { MultiJoin } from "../../3-plan/physical.ts";
import { binaryRowHash } from "../java-map-order.ts";
import type { OperatorPlan } from "../operator-plan.ts";
import { type MultiJoinInput, MultiJoinOperator } from "../operators/multi-join.ts";
import { TagRowsOperator } from "../operators/process-table-function.ts";
import { type Lowering, lowerInput, oneInput } from "./lower.ts";

export function lowerMultiJoin(node: MultiJoin, lowering: Lowering): OperatorPlan {
  const { session } = lowering;
  const tagged = node.inputs.map((physical, i): OperatorPlan => {
    const { input } = lowerInput(physical, lowering);
    const create = (): TagRowsOperator => new TagRowsOperator(session, i, node.commonKeys[i]);
    return { name: "TagRows", detail: "", columns: input.columns, body: { kind: "one", input, distribution: { kind: "any" }, create } };
  });
  const union: OperatorPlan = { name: "Union", detail: "", columns: [], body: { kind: "union", inputs: tagged } };
  const keys = node.commonKeys[0].map((_, i) => i + 1);
  const inputs = inputsOf(node, lowering);
  const distribution = keys.length === 0 ? ({ kind: "single" } as const) : ({ kind: "hash", keys } as const);
  return oneInput(node, { input: union, distribution }, () => new MultiJoinOperator(session, inputs));
}

function inputsOf(node: MultiJoin, { session, ordered }: Lowering): MultiJoinInput[] {
  let from = 0;
  const begins = node.inputs.map(({ columns }) => {
    const begin = from;
    from += columns.length;
    return begin;
  });
  return node.inputs.map((input, i): MultiJoinInput => {
    const spec = node.specs[i];
    const unique = spec.kind === "NoUniqueKey" ? null : spec.keys;
    const pairs = i === 0 ? [] : node.keyPairs[i - 1];
    const types = input.columns.map(({ type }) => type);
    return {
      width: types.length,
      type: i === 0 ? "inner" : node.types[i - 1],
      condition: i === 0 ? null : node.conditions[i - 1],
      ownKeys: pairs.map(({ own }) => own.field),
      earlierKeys: pairs.map(({ earlier }) => begins[earlier.input] + earlier.field),
      unique,
      ttlMs: node.ttlsMs[i] ?? session.stateTtlMs,
      hash: ordered.has(node) ? binaryRowHash(types, unique ?? types.map((_, field) => field)) : null,
    };
  });
}
