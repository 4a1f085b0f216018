/** Columns whose values only grow as their row is updated: counts, and maxima, over rows that are never taken back. */
import type { PhysicalNode } from "../physical.ts";
import type { ModifyKindsOf } from "./modify-kinds.ts";

export function isGrowing(node: PhysicalNode, field: number, kinds: ModifyKindsOf): boolean {
  switch (node.kind) {
    case "Exchange":
    case "WatermarkAssigner":
    case "MiniBatchAssigner":
      return isGrowing(node.input, field, kinds);
    case "Calc": {
      const expr = node.projection[field];
      return expr.kind === "input" && isGrowing(node.input, expr.index, kinds);
    }
    case "GroupAggregate": {
      const call = node.calls[field - node.keys.length];
      if (call === undefined || call.distinct) return false;
      const below = kinds.get(inputOfBoth(node))!;
      return !below.update && !below.delete && (call.fn.name === "COUNT" || call.fn.name === "MAX");
    }
    default:
      return false;
  }
}

function inputOfBoth(node: Extract<PhysicalNode, { kind: "GroupAggregate" }>): PhysicalNode {
  if (node.phase !== "GLOBAL") return node.input;
  const local = node.input.kind === "Exchange" ? node.input.input : node.input;
  return local.kind === "GroupAggregate" ? local.input : local;
}
