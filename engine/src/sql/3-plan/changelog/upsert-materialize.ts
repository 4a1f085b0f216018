/** Looked-up values may have changed when a row is taken back: the join then remembers what it answered. */
import { isInsertOnly } from "../build.ts";
import type { PhysicalNode } from "../physical.ts";

export function propagateUpsertMaterialize(node: PhysicalNode): PhysicalNode {
  switch (node.kind) {
    case "TableSourceScan":
    case "Values":
      return node;
    case "Join":
    case "IntervalJoin":
    case "WindowJoin":
    case "TemporalJoin":
      return { ...node, left: propagateUpsertMaterialize(node.left), right: propagateUpsertMaterialize(node.right) };
    case "Union":
    case "MultiJoin":
    case "ProcessTableFunction":
      return { ...node, inputs: node.inputs.map(propagateUpsertMaterialize) };
    case "LookupJoin":
      return { ...node, input: propagateUpsertMaterialize(node.input), upsertMaterialize: !isInsertOnly(node.input.changelog) };
    default:
      return { ...node, input: propagateUpsertMaterialize(node.input) };
  }
}
