/**
 * A job as text, for people: the stream graph as the program made it, the job graph that runs (what is chained, where records change
 * subtask and how, which state belongs to whom), and the slots it needs. The same program gives the same text.
 *
 * ```
 * == Job graph ==
 * Vertex 0: Source: clicks -> Map
 *   parallelism 2, max parallelism 128, slot sharing group default
 *   Source: clicks   [uid clicks, id 1f0e…]
 *   +- Map           [id 9ab3…]
 * Vertex 1: Keyed Aggregation -> counts: Writer
 *   …
 *   reads vertex 0 by HASH (all to all)
 * ```
 */
import { buildJobGraph } from "./job-graph-builder.ts";
import type { JobEdge, JobGraph, JobVertex, OperatorNode } from "./job-graph.ts";
import { shipStrategyOf } from "./job-graph.ts";
import { descriptionOf, executionPlanNodes } from "./execution-plan.ts";
import { isBatch } from "./batch-mode.ts";
import { slotsByGroup } from "./slots.ts";
import type { StreamGraph } from "./stream-graph.ts";

/** @throws Diagnostic (phase "graph") for a graph that cannot run. */
export function explain(graph: StreamGraph): string {
  const jobGraph = buildJobGraph(graph);
  return [...heading(graph), ...streamGraphLines(graph), ...jobGraphLines(jobGraph), ...slotLines(jobGraph), ""].join("\n");
}

function heading({ jobName, config, ...graph }: StreamGraph): string[] {
  const mode = isBatch({ jobName, config, ...graph }) ? "BATCH" : "STREAMING";
  const checkpoints =
    config.checkpointIntervalMs === undefined
      ? "no checkpoints"
      : `checkpoints every ${config.checkpointIntervalMs} ms, ${config.checkpointingMode}`;
  return [
    `Job "${jobName}": ${mode}, parallelism ${config.parallelism}, chaining ${config.chainingEnabled ? "on" : "off"}, ${checkpoints}`,
  ];
}

function streamGraphLines(graph: StreamGraph): string[] {
  const lines = executionPlanNodes(graph).map(({ id, contents, parallelism, predecessors = [] }) => {
    const inputs = predecessors.map((input) => `${input.id} by ${input.ship_strategy}`).join(", ");
    return `  ${id}: ${contents}, parallelism ${parallelism}${inputs === "" ? "" : `, reads ${inputs}`}`;
  });
  return ["", "== Stream graph ==", ...lines];
}

function jobGraphLines({ vertices }: JobGraph): string[] {
  return ["", "== Job graph ==", ...vertices.flatMap(vertexLines)];
}

function vertexLines(vertex: JobVertex): string[] {
  const [head] = vertex.operators;
  const parallelism = vertex.parallelism < 1 ? "parallelism by the amount of data" : `parallelism ${vertex.parallelism}`;
  return [
    `Vertex ${vertex.id}: ${vertex.name}`,
    `  ${parallelism}, max parallelism ${head.maxParallelism}, slot sharing group ${vertex.slotSharingGroup}`,
    ...chainLines(vertex, head, "", "").map((line) => `  ${line}`),
    ...vertex.inputs.map((edge) => `  ${inputLine(edge)}`),
  ];
}

/** The chain as Flink draws it: `:-` before a branch that has another one behind it, `+-` before the last. */
function chainLines(vertex: JobVertex, operator: OperatorNode, branch: string, below: string): string[] {
  const members = new Set(vertex.operators);
  const fed = vertex.inputs.map(({ edge }) => edge.target);
  const next = operator.outputs.map(({ target }) => target).filter((target) => members.has(target) && !fed.includes(target));
  const { uid } = operator.node;
  const own = `${branch}${descriptionOf(operator)}   [${uid === undefined ? "" : `uid ${uid}, `}id ${operator.operatorId}]`;
  return [
    own,
    ...next.flatMap((target, index) => {
      const last = index === next.length - 1;
      return chainLines(vertex, target, `${below}${last ? "+-" : ":-"} `, `${below}${last ? "   " : ":  "}`);
    }),
  ];
}

function inputLine({ edge, source, pattern, exchange }: JobEdge): string {
  const side = edge.sideOutputId === undefined ? "" : `, side output "${edge.sideOutputId}"`;
  const input = edge.target.role === "twoInput" ? ` as input ${edge.input}` : "";
  const reach = pattern === "POINTWISE" ? "pointwise" : "all to all";
  const blocking = exchange === "BLOCKING" ? ", after its end" : "";
  return `reads vertex ${source.id}${input} by ${shipStrategyOf(edge.partitioning)} (${reach}${blocking})${side}`;
}

function slotLines(jobGraph: JobGraph): string[] {
  const groups = slotsByGroup(jobGraph);
  const total = [...groups.values()].reduce((sum, slots) => sum + slots, 0);
  return ["", `Slots: ${total} (${[...groups].map(([group, slots]) => `${slots} for group ${group}`).join(", ")})`];
}
