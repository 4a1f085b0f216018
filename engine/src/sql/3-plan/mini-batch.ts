/** With mini-batches on, the beat of the batches is given right behind the sources: by watermarks where a window above needs them, else by time. */
import { INSERTS } from "./build.ts";
import type { MiniBatchAssigner, PhysicalNode } from "./physical.ts";
import type { PlanOptions } from "./plan-options.ts";

export function addMiniBatches(root: PhysicalNode, options: PlanOptions): PhysicalNode {
  const { miniBatch } = options;
  if (miniBatch === null || miniBatch.latencyMs <= 0) return root;
  const visit = (node: PhysicalNode, mode: MiniBatchAssigner["mode"]): PhysicalNode => {
    // Legacy windows know no batches, and leave none below.
    if (node.kind === "GroupWindowAggregate") return node;
    const below = needsWatermarks(node) ? "RowTime" : mode;
    switch (node.kind) {
      case "TableSourceScan":
      case "WatermarkAssigner":
        return {
          kind: "MiniBatchAssigner",
          input: node,
          intervalMs: miniBatch.latencyMs,
          mode: below,
          columns: node.columns,
          changelog: INSERTS,
        };
      case "Values":
        return node;
      case "Join":
        return { ...node, left: visit(node.left, below), right: visit(node.right, below), miniBatch: true };
      case "IntervalJoin":
      case "WindowJoin":
      case "TemporalJoin":
        return { ...node, left: visit(node.left, below), right: visit(node.right, below) };
      case "Union":
      case "MultiJoin":
      case "ProcessTableFunction":
        return { ...node, inputs: node.inputs.map((input) => visit(input, below)) };
      default:
        return { ...node, input: visit(node.input, below) };
    }
  };
  return visit(root, "ProcTime");
}

function needsWatermarks(node: PhysicalNode): boolean {
  switch (node.kind) {
    case "WindowAggregate":
      return node.windowing.attribute === "ROWTIME";
    case "IntervalJoin":
    case "TemporalSort":
    case "Match":
      return node.timeAttribute === "ROWTIME";
    case "OverAggregate":
      return node.orderedBy === "ROWTIME";
    case "ProcessTableFunction":
      return node.rowtime;
    case "Rank":
      return node.deduplicate?.timeAttribute === "ROWTIME";
    case "WindowTableFunction":
    case "WindowRank":
    case "WindowDeduplicate":
    case "WindowJoin":
    case "TemporalJoin":
      return true;
    default:
      return false;
  }
}
