import { Diagnostic } from "../base/diagnostic.ts";
import type { StreamGraph, StreamNode } from "./stream-graph.ts";

/**
 * Checks that two evaluations of a program gave the same graph. Subtasks take their functions from evaluations of their own, so a
 * program that builds something else each time cannot be deployed.
 *
 * @throws Diagnostic GRAPH_NOT_REPEATABLE naming the first node that differs.
 */
export function checkSameGraph(first: StreamGraph, again: StreamGraph): void {
  const count = Math.max(first.nodes.length, again.nodes.length);
  for (let index = 0; index < count; index++) {
    const before = describe(first.nodes[index]);
    const now = describe(again.nodes[index]);
    if (before === now) continue;
    const position = (first.nodes[index] ?? again.nodes[index]).position;
    throw new Diagnostic({
      code: "GRAPH_NOT_REPEATABLE",
      phase: "graph",
      message: "The program builds another job each time it is evaluated.",
      expected: before,
      found: now,
      hint: "It is evaluated once per subtask and attempt. Build the same operators each time; keep chance and counters inside functions.",
      ...(position === undefined ? {} : { span: position }),
    });
  }
}

function describe(node: StreamNode | undefined): string {
  if (node === undefined) return "no further operator";
  const inputs = node.inputs.map((edge) => `${edge.sourceId}${edge.sideOutput === undefined ? "" : `.${edge.sideOutput.id}`}`);
  return `operator ${node.id} "${node.name}" (${node.body.kind}${inputs.length === 0 ? "" : ` reading ${inputs.join(", ")}`})`;
}
