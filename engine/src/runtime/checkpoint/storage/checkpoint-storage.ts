/**
 * Where checkpoints are kept. Flink: `CheckpointStorage`. The snapshots themselves stay in memory, whatever the storage; it says whether they
 * could be stored, how long that takes, and later whether they can still be read.
 */
import type { OperatorSnapshot } from "../../../state/snapshot.ts";

/** What one task wants to store. */
export interface TaskPart {
  readonly vertex: number;
  readonly subtask: number;
  readonly snapshots: ReadonlyMap<string, OperatorSnapshot>;
  /** Bytes of what was in flight in its channels. */
  readonly inFlightBytes: number;
}

export interface CheckpointStorage {
  /** How many times longer than usual it takes. */
  readonly slowness: number;
  /** A task stores its part. @throws CheckpointStorageFailure */
  store(checkpointId: number, part: TaskPart): void;
  /** All parts are there. @throws CheckpointStorageFailure */
  complete(checkpointId: number): void;
  /** The checkpoint was given up, or is not needed any more. */
  discard(checkpointId: number): void;
  /** A task that restores its state reads what it stored. @throws CheckpointStorageFailure */
  read(checkpointId: number, vertex: number, subtask: number): void;
}
