/** Columns whose values only grow as their row is updated: counts, and maxima, over rows that are never taken back. */
import { inputsOf, isDeterministic } from "../../2-analyze/rex.ts";
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
      return expr.kind === "input" ? isGrowing(node.input, expr.index, kinds) : isConstant(node, field, kinds);
    }
    case "GroupAggregate": {
      if (field < node.keys.length) return isConstant(node, field, kinds);
      const call = node.calls[field - node.keys.length];
      if (call === undefined || call.distinct) return false;
      const below = kinds.get(inputOfBoth(node))!;
      return !below.update && !below.delete && (call.fn.name === "COUNT" || call.fn.name === "MAX");
    }
    case "Join":
      return isConstant(node, field, kinds);
    default:
      return false;
  }
}

/** Never changes while its row is updated: a column of rows that are only added, or a key. */
function isConstant(node: PhysicalNode, field: number, kinds: ModifyKindsOf): boolean {
  const own = kinds.get(node)!;
  if (!own.update && !own.delete) return true;
  switch (node.kind) {
    case "Exchange":
    case "WatermarkAssigner":
    case "MiniBatchAssigner":
      return isConstant(node.input, field, kinds);
    case "Calc": {
      const expr = node.projection[field];
      return isDeterministic(expr) && [...inputsOf(expr)].every((index) => isConstant(node.input, index, kinds));
    }
    case "GroupAggregate":
      return !own.delete && field < node.keys.length;
    case "Join": {
      if (node.joinType !== "inner") return false;
      const [left, right] = [kinds.get(node.left)!, kinds.get(node.right)!];
      if (left.delete || right.delete) return false;
      const width = node.left.columns.length;
      return field < width ? isConstant(node.left, field, kinds) : isConstant(node.right, field - width, kinds);
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
