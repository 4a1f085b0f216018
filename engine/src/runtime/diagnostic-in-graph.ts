/**
 * What only the job graph knows of a mistake that an operator found out while working: which stream lacks timestamps and who should have
 * given them, which keyBy chose the key, which partitioner the subtask. Asked once, when the job is going down.
 */
import { Diagnostic, type DiagnosticData } from "../base/diagnostic.ts";
import type { SourcePosition } from "../base/source-position.ts";
import type { OperatorNode } from "../graph/job-graph.ts";
import type { Partitioning } from "../graph/stream-graph.ts";
import { WatermarkStrategy } from "../operators/watermarks/watermark-strategy.ts";

const WITHOUT_TIMESTAMP: ReadonlySet<string> = new Set(["RECORD_WITHOUT_TIMESTAMP", "JOIN_WITHOUT_TIMESTAMP"]);
/** What went wrong between two operators, by the way in which records go there. */
const ON_THE_WAY: ReadonlyMap<string, Partitioning["kind"]> = new Map([
  ["KEY_GROUP_NOT_OWNED", "hash"],
  ["KEY_IS_NULL", "hash"],
  ["KEY_NOT_HASHABLE", "hash"],
  ["PARTITIONER_OUT_OF_RANGE", "custom"],
]);

/** The error as the learner should see it; anything but a diagnostic is given back as it is. */
export function inGraph(error: unknown, operator: OperatorNode): unknown {
  if (!(error instanceof Diagnostic)) return error;
  const { data } = error;
  if (WITHOUT_TIMESTAMP.has(data.code)) return new Diagnostic(namingStreams(data, operator));
  const kind = ON_THE_WAY.get(data.code);
  if (kind === undefined || data.span !== undefined) return error;
  const span = positionOfPartitioning(operator, kind);
  return span === undefined ? error : new Diagnostic({ ...data, span });
}

/** An operator that should have given timestamps and does not. */
interface Giver {
  readonly operator: OperatorNode;
  readonly isSource: boolean;
}

function namingStreams(data: DiagnosticData, operator: OperatorNode): DiagnosticData {
  const givers = withoutAssigner(operator);
  if (givers.length === 0) {
    return {
      ...data,
      hint: "All streams behind it get timestamps, so this record lost its own on the way: what a processing-time timer or window puts out has none. Assign timestamps again behind that operator.",
    };
  }
  const names = givers.map(({ operator: { name }, isSource }) => (isSource ? `"${name}"` : "assignTimestampsAndWatermarks"));
  const [first] = givers;
  return {
    ...data,
    message: `${data.message} No timestamps come from ${givers.map(described).join(" and ")}: the WatermarkStrategy there has no timestamp assigner.`,
    found: `records of ${names.join(" and ")} without a timestamp`,
    expected: "WatermarkStrategy….withTimestampAssigner((record) => record.timeMs)",
    hint: first.isSource
      ? `Give ${names[0]} such a strategy where the source is made, or call assignTimestampsAndWatermarks(…) behind it. Without event time use processing-time windows.`
      : "Add .withTimestampAssigner(…) to that strategy. Without event time use processing-time windows.",
  };
}

function described({ operator, isSource }: Giver): string {
  const place = operator.position === undefined ? "" : ` (line ${operator.position.line})`;
  return isSource ? `"${operator.name}"${place}` : `assignTimestampsAndWatermarks(…)${place}`;
}

/** The nearest givers of timestamps upstream that have no assigner, each once, in the order of the program. */
function withoutAssigner(operator: OperatorNode): Giver[] {
  const found = new Set<OperatorNode>();
  const seen = new Set<OperatorNode>();
  const waiting = operator.inputs.map((edge) => edge.source);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    const strategy = strategyOf(node);
    if (strategy === undefined) waiting.push(...node.inputs.map((edge) => edge.source));
    else if (!strategy.hasTimestampAssigner()) found.add(node);
  }
  return [...found].sort((a, b) => a.index - b.index).map((node) => ({ operator: node, isSource: node.role === "source" }));
}

function strategyOf(node: OperatorNode): WatermarkStrategy<unknown> | undefined {
  const { body } = node.node;
  const watermarks = body.kind === "source" || body.kind === "oneInput" ? body.watermarks : undefined;
  return watermarks instanceof WatermarkStrategy ? watermarks : undefined;
}

/** Where the program made the way into an operator, or out of it when the sender was at work. */
function positionOfPartitioning(operator: OperatorNode, kind: Partitioning["kind"]): SourcePosition | undefined {
  for (const { partitioning } of [...operator.inputs, ...operator.outputs]) {
    if (partitioning.kind === kind && "position" in partitioning && partitioning.position !== undefined) return partitioning.position;
  }
  return undefined;
}
