/** A consistent picture of the whole job: every operator's state and every source's enumerator, as of one barrier. */
import type { OperatorNode } from "../../graph/job-graph.ts";
import { redistributeSnapshots } from "../../state/redistribute.ts";
import type { ChannelState } from "./channel-state.ts";
import type { OperatorSnapshot } from "../../state/snapshot.ts";

export interface OperatorCheckpoint {
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** By subtask index. */
  readonly subtasks: readonly OperatorSnapshot[];
}

export interface CompletedCheckpoint {
  readonly id: number;
  readonly completedAtMs: number;
  readonly bytes: number;
  /** By operator id. */
  readonly operators: ReadonlyMap<string, OperatorCheckpoint>;
  /** Enumerator state by the source's operator id. */
  readonly enumerators: ReadonlyMap<string, unknown>;
  /** What was in flight, if the checkpoint was unaligned. */
  readonly channels: readonly ChannelState[];
}

/** Each subtask's share of an operator's state, for the parallelism it is restored with. */
export function shareOut(checkpoint: CompletedCheckpoint, operator: OperatorNode): readonly (OperatorSnapshot | null)[] {
  const saved = checkpoint.operators.get(operator.operatorId);
  if (saved === undefined) return Array.from({ length: operator.parallelism }, () => null);
  return redistributeSnapshots(saved.subtasks, operator.parallelism, saved.maxParallelism);
}
