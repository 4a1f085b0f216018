/**
 * First step from the logical to the physical job: one entry per operator that will run.
 *
 * Sinks that commit become a writer and a committer, every number the program left open gets its default, every edge its
 * partitioner, and mistakes that only show here (nothing to run, a uid used twice, forward between different parallelisms) are told.
 */
import { Diagnostic } from "../base/diagnostic.ts";
import { invariant } from "../base/invariant.ts";
import { defaultMaxParallelism } from "../base/key-groups.ts";
import type { OperatorEdge, OperatorNode, OperatorRole } from "./job-graph.ts";
import { generatedOperatorId, userOperatorId } from "./operator-ids.ts";
import type { ChainingStrategy, JobConfig, Partitioning, StreamGraph, StreamNode } from "./stream-graph.ts";

const DEFAULT_SLOT_SHARING_GROUP = "default";
const FORWARD: Partitioning = { kind: "forward" };
const REBALANCE: Partitioning = { kind: "rebalance" };

export function buildOperatorGraph(graph: StreamGraph): OperatorNode[] {
  if (graph.nodes.length === 0) {
    throw new Diagnostic({
      code: "GRAPH_NO_OPERATORS",
      phase: "graph",
      message: "No operators defined in streaming topology. Cannot execute.",
      hint: "Build a source, transform it and send it to a sink before env.execute().",
    });
  }
  const operators: OperatorNode[] = [];
  /** Node id → the operator whose output consumers of that node read. */
  const producers = new Map<number, OperatorNode>();
  const uids = new Map<string, StreamNode>();

  for (const node of graph.nodes) {
    checkUid(node, uids);
    const first = addOperator(operators, graph.config, node, firstRoleOf(node), node.chaining);
    for (const edge of node.inputs) {
      const source = producers.get(edge.sourceId);
      invariant(source !== undefined, `node ${node.id} "${node.name}" reads from ${edge.sourceId}, which does not come before it`);
      connect(source, first, edge.input, edge.sideOutput?.id, edge.partitioning);
    }
    producers.set(node.id, first);
    if (node.body.kind === "sink" && node.body.sink.createCommitter !== undefined) {
      const committer = addOperator(operators, graph.config, node, "committer", "ALWAYS");
      connect(first, committer, 1, undefined, FORWARD);
    }
  }
  return operators.map((operator) => withSlotSharingGroup(operator));
}

function firstRoleOf(node: StreamNode): OperatorRole {
  return node.body.kind === "sink" ? "writer" : node.body.kind;
}

function checkUid(node: StreamNode, uids: Map<string, StreamNode>): void {
  if (node.uid === undefined) return;
  const other = uids.get(node.uid);
  if (other !== undefined) {
    throw new Diagnostic({
      code: "GRAPH_DUPLICATE_UID",
      phase: "graph",
      message:
        `Hash collision on user-specified ID "${node.uid}". Most likely cause is a non-unique ID. ` +
        "Please check that all IDs specified via `uid(String)` are unique.",
      found: `"${other.name}" and "${node.name}" both have uid "${node.uid}"`,
      hint: "Give every operator a uid of its own: state in savepoints is found by it.",
      ...(node.position === undefined ? {} : { span: node.position }),
    });
  }
  uids.set(node.uid, node);
}

/** Mutable while the graph is being built; everybody else sees the readonly face. */
interface OperatorNodeDraft extends OperatorNode {
  slotSharingGroup: string;
  readonly inputs: OperatorEdge[];
}

function addOperator(
  operators: OperatorNode[],
  config: JobConfig,
  node: StreamNode,
  role: OperatorRole,
  chaining: ChainingStrategy,
): OperatorNodeDraft {
  const parallelism = node.parallelism ?? config.parallelism;
  const index = operators.length;
  const suffix = role === "writer" ? ": Writer" : role === "committer" ? ": Committer" : "";
  const operator: OperatorNodeDraft = {
    index,
    node,
    role,
    operatorId: node.uid === undefined ? generatedOperatorId(node.id, role) : userOperatorId(node.uid, role),
    name: role === "source" ? `Source: ${node.name}` : `${node.name}${suffix}`,
    parallelism,
    maxParallelism: node.maxParallelism ?? config.maxParallelism ?? defaultMaxParallelism(parallelism),
    chaining,
    slotSharingGroup: DEFAULT_SLOT_SHARING_GROUP,
    position: node.position,
    inputs: [],
    outputs: [],
  };
  if (parallelism > operator.maxParallelism) {
    throw new Diagnostic({
      code: "GRAPH_PARALLELISM_ABOVE_MAX",
      phase: "graph",
      message: `The parallelism ${parallelism} of "${operator.name}" is higher than its max parallelism ${operator.maxParallelism}.`,
      hint: "Lower the parallelism or raise setMaxParallelism.",
      ...(node.position === undefined ? {} : { span: node.position }),
    });
  }
  operators.push(operator);
  return operator;
}

function connect(
  source: OperatorNode,
  target: OperatorNodeDraft,
  input: 1 | 2,
  sideOutputId: string | undefined,
  chosen: Partitioning | undefined,
): void {
  const sameParallelism = source.parallelism === target.parallelism;
  const partitioning = chosen ?? (sameParallelism ? FORWARD : REBALANCE);
  if (partitioning.kind === "forward" && !sameParallelism) {
    throw new Diagnostic({
      code: "GRAPH_FORWARD_PARALLELISM",
      phase: "graph",
      message:
        "Forward partitioning does not allow change of parallelism. " +
        `Upstream operation: ${source.name} parallelism: ${source.parallelism}, ` +
        `downstream operation: ${target.name} parallelism: ${target.parallelism} ` +
        "You must use another partitioning strategy, such as broadcast, rebalance, shuffle or global.",
      ...(target.position === undefined ? {} : { span: target.position }),
    });
  }
  const edge: OperatorEdge = { source, target, input, inputIndex: target.inputs.length, sideOutputId, partitioning };
  target.inputs.push(edge);
  source.outputs.push(edge);
}

/** An operator without a group of its own takes its inputs' group when they agree, else "default". */
function withSlotSharingGroup(operator: OperatorNode): OperatorNode {
  const draft = operator as OperatorNodeDraft;
  const own = operator.node.slotSharingGroup;
  if (own !== undefined) {
    draft.slotSharingGroup = own;
    return draft;
  }
  const groups = new Set(operator.inputs.map((edge) => edge.source.slotSharingGroup));
  if (groups.size === 1) draft.slotSharingGroup = [...groups][0];
  return draft;
}
