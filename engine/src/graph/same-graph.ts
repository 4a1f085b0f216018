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
    if (isSame(first.nodes[index], again.nodes[index])) continue;
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

/** All that `describe` tells of them is equal. The graph is compared once per task, so the words are found only when they are wanted. */
function isSame(first: StreamNode | undefined, again: StreamNode | undefined): boolean {
  if (first === undefined || again === undefined) return first === again;
  if (first.id !== again.id || first.name !== again.name || first.body.kind !== again.body.kind) return false;
  if (first.inputs.length !== again.inputs.length) return false;
  return first.inputs.every((edge, index) => {
    const other = again.inputs[index];
    return edge.sourceId === other.sourceId && edge.sideOutput?.id === other.sideOutput?.id;
  });
}

function describe(node: StreamNode | undefined): string {
  if (node === undefined) return "no further operator";
  const inputs = node.inputs.map((edge) => `${edge.sourceId}${edge.sideOutput === undefined ? "" : `.${edge.sideOutput.id}`}`);
  return `operator ${node.id} "${node.name}" (${node.body.kind}${inputs.length === 0 ? "" : ` reading ${inputs.join(", ")}`})`;
}
