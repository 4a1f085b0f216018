import type { ProcessTableFunction } from "../../3-plan/physical.ts";
import { tablesOf } from "../../3-plan/plan-process.ts";
import type { OperatorPlan } from "../operator-plan.ts";
import { ProcessTableFunctionOperator, TagRowsOperator } from "../operators/process-table-function.ts";
import { type Lowering, lowerInput, oneInput } from "./lower.ts";

/** One table goes straight in; several are tagged, and meet by their keys. */
export function lowerProcess(node: ProcessTableFunction, lowering: Lowering): OperatorPlan {
  const { session } = lowering;
  const create = (): ProcessTableFunctionOperator => new ProcessTableFunctionOperator(session, node);
  if (node.inputs.length === 1) return oneInput(node, lowerInput(node.inputs[0], lowering), create);
  const tables = tablesOf(node);
  const width = tables[0].given.partition.length;
  const tagged = node.inputs.map((physical, i): OperatorPlan => {
    const { input } = lowerInput(physical, lowering);
    const { partition } = tables[i].given;
    return {
      name: "TagRows",
      detail: "",
      columns: input.columns,
      body: { kind: "one", input, distribution: { kind: "any" }, create: () => new TagRowsOperator(session, i, partition) },
    };
  });
  const union: OperatorPlan = { name: "Union", detail: "", columns: [], body: { kind: "union", inputs: tagged } };
  const keys = Array.from({ length: width }, (_, i) => i + 1);
  return oneInput(node, { input: union, distribution: width === 0 ? { kind: "single" } : { kind: "hash", keys } }, create);
}
