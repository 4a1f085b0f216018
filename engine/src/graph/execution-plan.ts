/**
 * The stream graph as Flink's execution plan: the JSON text of `env.getExecutionPlan()`, laid out as Flink lays it out (`JSONGenerator`), so
 * that tools which draw such plans can draw ours. Operators are not chained yet; ids count the operators from 1.
 */
import type { OperatorNode } from "./job-graph.ts";
import { shipStrategyOf } from "./job-graph.ts";
import { buildOperatorGraph } from "./operator-graph.ts";
import type { StreamGraph } from "./stream-graph.ts";

/** One operator of an execution plan, under Flink's names. */
export interface PlanNode {
  readonly id: number;
  /** The operator's name. */
  readonly type: string;
  /** "Data Sink" is only said of sinks that are one operator, such as `print()`. */
  readonly pact: "Data Source" | "Operator" | "Data Sink";
  /** Its description, or its name again. */
  readonly contents: string;
  readonly parallelism: number;
  /** Absent on sources. `side` says nothing in streaming jobs, but belongs to the layout. */
  readonly predecessors?: readonly { readonly id: number; readonly ship_strategy: string; readonly side: "second" }[];
}

/** Sources and operators in their order, then the sinks. @throws Diagnostic for a graph that is none. */
export function executionPlanNodes(graph: StreamGraph): readonly PlanNode[] {
  const nodes = buildOperatorGraph(graph).map(planNode);
  return [...nodes.filter(({ pact }) => pact !== "Data Sink"), ...nodes.filter(({ pact }) => pact === "Data Sink")];
}

/** The plan as text. */
export function executionPlan(graph: StreamGraph): string {
  return prettyJson({ nodes: executionPlanNodes(graph) }, "");
}

function planNode(operator: OperatorNode): PlanNode {
  const { index, name, role, parallelism, inputs } = operator;
  const plain = { id: index + 1, type: name, pact: pactOf(operator), contents: descriptionOf(operator), parallelism } as const;
  if (role === "source") return plain;
  const predecessors = inputs.map(({ source, partitioning }) => ({
    id: source.index + 1,
    ship_strategy: shipStrategyOf(partitioning),
    side: "second" as const,
  }));
  return { ...plain, predecessors };
}

function pactOf({ role, node }: OperatorNode): PlanNode["pact"] {
  if (role === "source") return "Data Source";
  const { body } = node;
  const plain = (body.kind === "sink" && body.plain === true) || (body.kind === "oneInput" && body.endsStream === true);
  return plain ? "Data Sink" : "Operator";
}

/** What stands in place of the name in plans: the description, if the program gave one. */
export function descriptionOf({ node, name }: OperatorNode): string {
  return node.description ?? name;
}

/** Jackson's way of indenting: `"key" : value`, and brackets of lists on the lines of their elements. */
function prettyJson(value: unknown, indent: string): string {
  if (Array.isArray(value)) return value.length === 0 ? "[ ]" : `[ ${value.map((element) => prettyJson(element, indent)).join(", ")} ]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const fields = Object.entries(value).map(([key, field]) => `${inner}${JSON.stringify(key)} : ${prettyJson(field, inner)}`);
  return `{\n${fields.join(",\n")}\n${indent}}`;
}
