/** A checkpoint under way: what is there of it, and what it becomes when everything is. Flink: `PendingCheckpoint`. */
import { invariant } from "../../base/invariant.ts";
import type { JobVertex } from "../../graph/job-graph.ts";
import type { OperatorSnapshot } from "../../state/snapshot.ts";
import type { TimedEntry } from "../event-loop.ts";
import type { Subtask } from "../subtask.ts";
import type { TaskSnapshots } from "./asynchronous-part.ts";
import type { ChannelState } from "./channel-state.ts";
import type { CheckpointPlan } from "./checkpoint-plan.ts";
import type { CheckpointRequest } from "./checkpoint-requests.ts";
import type { CompletedCheckpoint, OperatorCheckpoint } from "./completed-checkpoint.ts";

/** Stands for a task that had finished before. */
const NOTHING: OperatorSnapshot = { keyed: null, operatorState: [], bytes: 0 };

/** What a task acknowledges. */
export interface TaskSnapshot {
  readonly snapshots: TaskSnapshots;
  /** What was in flight, if the checkpoint is unaligned. */
  readonly channels: readonly ChannelState[];
  readonly bytes: number;
  /** Of these, what had to be stored for this checkpoint. */
  readonly uploadedBytes: number;
}

export class PendingCheckpoint {
  readonly id: number;
  readonly request: CheckpointRequest;
  readonly timeout: TimedEntry;
  /** Taken and not acknowledged, or detached by now. */
  readonly storing = new Set<TaskSnapshots>();
  private readonly plan: CheckpointPlan;
  private readonly enumerators: ReadonlyMap<string, unknown>;
  private readonly waitingFor: Set<Subtask>;
  private readonly snapshots = new Map<Subtask, TaskSnapshot>();

  constructor(
    id: number,
    request: CheckpointRequest,
    parts: { readonly plan: CheckpointPlan; readonly enumerators: ReadonlyMap<string, unknown>; readonly timeout: TimedEntry },
  ) {
    this.id = id;
    this.request = request;
    this.plan = parts.plan;
    this.enumerators = parts.enumerators;
    this.timeout = parts.timeout;
    this.waitingFor = new Set(parts.plan.toWaitFor);
  }

  waitsFor(task: Subtask): boolean {
    return this.waitingFor.has(task);
  }

  acknowledge(task: Subtask, part: TaskSnapshot): void {
    this.waitingFor.delete(task);
    this.snapshots.set(task, part);
  }

  get fullyAcknowledged(): boolean {
    return this.waitingFor.size === 0;
  }

  /**
   * Why it cannot complete, though all is there: union state goes whole to every task, and those that have finished would take what they
   * held with them. Flink: `PartialFinishingNotSupportedByStateException`.
   */
  get refusal(): string | null {
    if (this.plan.finished.length === 0) return null;
    const partly = new Set(this.plan.finished.map(({ vertex }) => vertex));
    for (const [{ vertex }, { snapshots }] of this.snapshots) {
      if (!partly.has(vertex)) continue;
      const union = [...snapshots.values()].some(({ operatorState }) => operatorState.some(({ mode }) => mode === "union"));
      if (union) return `The vertex ${vertex.name} has used UnionListState, but part of its tasks are FINISHED.`;
    }
    return null;
  }

  /** What all tasks have acknowledged. */
  operatorSnapshots(): readonly OperatorSnapshot[] {
    const all: OperatorSnapshot[] = [];
    for (const { snapshots } of this.snapshots.values()) for (const snapshot of snapshots.values()) all.push(snapshot);
    return all;
  }

  /** What had to be stored for it, as opposed to what it refers to of earlier checkpoints. */
  get uploadedBytes(): number {
    let bytes = 0;
    for (const part of this.snapshots.values()) bytes += part.uploadedBytes;
    return bytes;
  }

  complete(completedAtMs: number): CompletedCheckpoint {
    const { id, enumerators, plan } = this;
    const channels: ChannelState[] = [];
    let bytes = 0;
    const parts: AcknowledgedPart[] = [];
    for (const [{ vertex, index, deployedAsFinished }, part] of this.snapshots) {
      for (const channel of part.channels) channels.push(channel);
      bytes += part.bytes;
      parts.push({ vertex, index, snapshots: deployedAsFinished ? null : part.snapshots });
    }
    for (const { vertex, index } of plan.finished) parts.push({ vertex, index, snapshots: null });
    return new TasksCheckpoint({ id, completedAtMs, bytes, enumerators, channels }, parts, finishedVertices(plan));
  }
}

/** What one task has acknowledged; null = it, or all its vertex, had finished before. */
interface AcknowledgedPart {
  readonly vertex: JobVertex;
  readonly index: number;
  readonly snapshots: TaskSnapshots | null;
}

/** Most checkpoints are never restored from: their operators are put together when somebody looks at them. */
class TasksCheckpoint implements CompletedCheckpoint {
  readonly id: number;
  readonly completedAtMs: number;
  readonly bytes: number;
  readonly enumerators: ReadonlyMap<string, unknown>;
  readonly channels: readonly ChannelState[];
  readonly #parts: readonly AcknowledgedPart[];
  readonly #finished: ReadonlySet<JobVertex>;
  #operators: ReadonlyMap<string, OperatorCheckpoint> | null = null;

  constructor(checkpoint: Omit<CompletedCheckpoint, "operators">, parts: readonly AcknowledgedPart[], finished: ReadonlySet<JobVertex>) {
    this.id = checkpoint.id;
    this.completedAtMs = checkpoint.completedAtMs;
    this.bytes = checkpoint.bytes;
    this.enumerators = checkpoint.enumerators;
    this.channels = checkpoint.channels;
    this.#parts = parts;
    this.#finished = finished;
  }

  get operators(): ReadonlyMap<string, OperatorCheckpoint> {
    this.#operators ??= operatorsOf(this.id, this.#parts, this.#finished);
    return this.#operators;
  }
}

function operatorsOf(
  checkpointId: number,
  parts: readonly AcknowledgedPart[],
  finished: ReadonlySet<JobVertex>,
): ReadonlyMap<string, OperatorCheckpoint> {
  const operators = new Map<string, OperatorCheckpoint & { subtasks: OperatorSnapshot[] }>();
  for (const { vertex, index, snapshots } of parts) {
    for (const { operatorId, name, node, parallelism, maxParallelism } of vertex.operators) {
      let entry = operators.get(operatorId);
      if (entry === undefined) {
        entry = { name, uid: node.uid, parallelism, maxParallelism, subtasks: [] };
        if (finished.has(vertex)) entry = { ...entry, finished: true };
        operators.set(operatorId, entry);
      }
      const snapshot = snapshots === null ? NOTHING : snapshots.get(operatorId);
      invariant(snapshot !== undefined, `operator ${operatorId} acknowledged checkpoint ${checkpointId} without a snapshot`);
      entry.subtasks[index] = snapshot;
    }
  }
  return operators;
}

const NO_VERTICES: ReadonlySet<JobVertex> = new Set();

/** Vertices all of whose tasks had finished when the checkpoint began. */
function finishedVertices({ finished, toWaitFor }: CheckpointPlan): ReadonlySet<JobVertex> {
  if (finished.length === 0 && !toWaitFor.some(({ deployedAsFinished }) => deployedAsFinished)) return NO_VERTICES;
  const vertices = new Set(finished.map(({ vertex }) => vertex));
  for (const { vertex, deployedAsFinished } of toWaitFor) if (deployedAsFinished) vertices.add(vertex);
  for (const { vertex, deployedAsFinished } of toWaitFor) if (!deployedAsFinished) vertices.delete(vertex);
  return vertices;
}
