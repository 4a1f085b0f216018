/**
 * Which state goes where when a job starts from a checkpoint or savepoint. Flink: `Checkpoints.loadAndValidateCheckpoint` and
 * `StateAssignmentOperation`.
 *
 * State is bound to operators by operator id (from the uid, or from the place in the graph), wherever they now run: chaining and
 * parallelism may change. Before any task runs it is settled
 *  - that every operator with state in the savepoint is in the program, unless state may be left behind;
 *  - how many key groups there are. The number is stored in the savepoint. A vertex whose number the program did not say takes it over;
 *    one that says another cannot find its keys any more and is refused, as is a parallelism above it.
 * All of this concerns the job as a whole, so a refusal comes from the job manager; what a *task* finds in its share (types that do not
 * fit) is found while it restores.
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import type { JobGraph, JobVertex, OperatorNode } from "../../graph/job-graph.ts";
import { redistributeSnapshots } from "../../state/redistribute.ts";
import type { OperatorSnapshot } from "../../state/snapshot.ts";
import type { CompletedCheckpoint, OperatorCheckpoint } from "./completed-checkpoint.ts";
import type { ClaimMode, RestoreSettings } from "./savepoint.ts";

/**
 * Binds a savepoint to a job: settles each vertex's number of key groups.
 *
 * @throws Diagnostic SAVEPOINT_STATE_WITHOUT_OPERATOR, SAVEPOINT_MAX_PARALLELISM, SAVEPOINT_PARALLELISM_TOO_HIGH
 */
export function bindSavepoint(jobGraph: JobGraph, { savepoint, allowNonRestoredState }: RestoreSettings): void {
  const skips = allowNonRestoredState ?? jobGraph.config.ignoresUnclaimedState ?? false;
  const { operators, enumerators } = savepoint.checkpoint;
  const vertices = verticesByOperator(jobGraph);
  for (const [operatorId, saved] of operators) {
    const vertex = vertices.get(operatorId);
    if (vertex !== undefined) checkMaxParallelism(vertex, operatorId, saved);
    else if (!skips && (enumerators.get(operatorId) !== undefined || saved.subtasks.some(hasState))) {
      throw stateWithoutOperator(operatorId, saved, jobGraph);
    }
  }
  for (const [operatorId, saved] of operators) {
    const vertex = vertices.get(operatorId);
    if (vertex === undefined) continue;
    if (saved.maxParallelism < vertex.parallelism) throw parallelismTooHigh(vertex, saved);
    checkMaxParallelism(vertex, operatorId, saved);
    for (const operator of vertex.operators) operator.maxParallelism = saved.maxParallelism;
  }
}

function verticesByOperator({ vertices }: JobGraph): Map<string, JobVertex> {
  return new Map(vertices.flatMap((vertex) => vertex.operators.flatMap(savedNamesOf).map((id) => [id, vertex] as const)));
}

/** The ids under which a snapshot may hold the operator's state: its own, and the hash that the program has set by hand, which comes first. */
function savedNamesOf({ node, role, operatorId }: OperatorNode): readonly string[] {
  return node.uidHash === undefined || role === "committer" ? [operatorId] : [node.uidHash, operatorId];
}

/** The id under which a snapshot holds the operator's state; its own when it holds none. */
export function savedIdOf(operator: OperatorNode, { operators }: CompletedCheckpoint): string {
  return savedNamesOf(operator).find((id) => operators.has(id)) ?? operator.operatorId;
}

/** Keyed state counts as soon as a state has been declared, and so does operator state. */
function hasState({ keyed, keyedSchema, operatorState }: OperatorSnapshot): boolean {
  return keyed !== null || (keyedSchema ?? null) !== null || operatorState.length > 0;
}

/** The vertex has its head's number. */
function checkMaxParallelism(vertex: JobVertex, operatorId: string, saved: OperatorCheckpoint): void {
  const [head] = vertex.operators;
  if (head.maxParallelism === saved.maxParallelism || !head.maxParallelismConfigured) return;
  throw new Diagnostic({
    code: "SAVEPOINT_MAX_PARALLELISM",
    phase: "graph",
    message:
      "Failed to rollback to checkpoint/savepoint. Max parallelism mismatch between checkpoint/savepoint state and new program. " +
      `Cannot map operator ${operatorId} with max parallelism ${saved.maxParallelism} to new program with max parallelism ` +
      `${head.maxParallelism}. This indicates that the program has been changed in a non-compatible way after the checkpoint/savepoint.`,
    found: `max parallelism ${head.maxParallelism} for "${vertex.name}"`,
    expected: `${saved.maxParallelism}, as in the savepoint`,
    hint: "Keys are in groups numbered by it, so it never changes. Set it back, or say nothing: then the savepoint's is taken over.",
    ...spanAt(head),
  });
}

function parallelismTooHigh(vertex: JobVertex, { maxParallelism }: OperatorCheckpoint): Diagnostic {
  return new Diagnostic({
    code: "SAVEPOINT_PARALLELISM_TOO_HIGH",
    phase: "graph",
    message:
      `The state for task ${vertex.name} can not be restored. The maximum parallelism (${maxParallelism}) of the restored state is lower ` +
      `than the configured parallelism (${vertex.parallelism}). Please reduce the parallelism of the task to be lower or equal to the maximum ` +
      "parallelism.",
    found: `parallelism ${vertex.parallelism}`,
    expected: `at most ${maxParallelism}`,
    hint: "A key group is never split between subtasks. Set a generous maximum parallelism before a job first runs.",
    ...spanAt(vertex.operators[0]),
  });
}

function stateWithoutOperator(operatorId: string, { name, uid }: OperatorCheckpoint, { operators }: JobGraph): Diagnostic {
  const uids = operators.flatMap(({ node }) => (node.uid === undefined ? [] : [`"${node.uid}"`]));
  return new Diagnostic({
    code: "SAVEPOINT_STATE_WITHOUT_OPERATOR",
    phase: "graph",
    message:
      `Failed to rollback to checkpoint/savepoint. Cannot map checkpoint/savepoint state for operator ${operatorId} to the new program, ` +
      "because the operator is not available in the new program. If you want to allow to skip this, you can set the " +
      "--allowNonRestoredState option on the CLI.",
    found: uid === undefined ? `state of "${name}", which had no uid` : `state of "${name}" with uid "${uid}"`,
    expected: uids.length === 0 ? "operators with uids" : `an operator with that uid; there are ${[...new Set(uids)].join(", ")}`,
    hint:
      uid === undefined
        ? `"${name}" had no uid, so it was known by its place in the program, which has changed. Give every stateful operator a uid.`
        : `Keep the uid "${uid}" of "${name}", or allow non-restored state if this state may be lost.`,
  });
}

function spanAt({ position }: OperatorNode) {
  return position === undefined ? {} : { span: position };
}

const NOTHING: OperatorSnapshot = { keyed: null, operatorState: [], bytes: 0 };

/** State of every task by vertex id and subtask. @param restore what the job started from, if that is the checkpoint. */
export function restoredStates(
  jobGraph: JobGraph,
  checkpoint: CompletedCheckpoint,
  restore: RestoreSettings | null,
): (vertex: number, subtask: number) => Map<string, OperatorSnapshot> {
  const origin = restore === null ? {} : originOf(restore, claimModeOf(jobGraph, restore));
  const shares = new Map(jobGraph.operators.map((node) => [node.operatorId, shareOut(checkpoint, node)]));
  return (vertex, subtask) => {
    const { operators } = jobGraph.vertices[vertex];
    const own = operators.map((node) => [node.operatorId, shares.get(node.operatorId)?.[subtask] ?? null] as const);
    // A task counts as restored as soon as the snapshot knows one of its operators; the others find nothing, but find themselves restored.
    if (own.every(([, share]) => share === null)) return new Map();
    return new Map(own.map(([id, share]) => [id, { ...(share ?? NOTHING), ...origin }]));
  };
}

export function claimModeOf({ config }: JobGraph, { claimMode }: RestoreSettings): ClaimMode {
  return claimMode ?? config.claimMode ?? "NO_CLAIM";
}

/** Only a native savepoint that the job owns has files that a checkpoint can refer to. */
function originOf({ savepoint }: RestoreSettings, claimMode: ClaimMode): Partial<OperatorSnapshot> {
  const native = savepoint.format === "native";
  return {
    ...(native ? { nativeTo: savepoint.stateBackend } : {}),
    ...(native && claimMode === "CLAIM" ? {} : { unclaimed: true as const }),
  };
}

/** Each subtask's share of an operator's state, for the parallelism it is restored with. */
function shareOut(checkpoint: CompletedCheckpoint, operator: OperatorNode): readonly (OperatorSnapshot | null)[] {
  const saved = checkpoint.operators.get(savedIdOf(operator, checkpoint));
  if (saved === undefined) return Array.from({ length: operator.parallelism }, () => null);
  return redistributeSnapshots(saved.subtasks, operator.parallelism, saved.maxParallelism);
}
