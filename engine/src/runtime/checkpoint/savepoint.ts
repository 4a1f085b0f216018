/**
 * A savepoint as a value: a checkpoint that was asked for, which another job can start from.
 *
 * In a *canonical* one every backend finds the same form; a *native* one holds what the backend itself writes, and only the same
 * backend can read it. (Flink: docs/ops/state/savepoints)
 */
import type { StateBackendKind } from "../../flow/operator.ts";
import { canonicalSnapshot } from "../../state/canonical-snapshot.ts";
import type { CompletedCheckpoint } from "./completed-checkpoint.ts";

/** Flink: `SavepointFormatType`. */
export type SavepointFormat = "canonical" | "native";

/** What is left of a job that was stopped with a savepoint; a later job starts from it. Nobody changes it afterwards. */
export interface Savepoint {
  /** `canonical` = readable by every state backend, `native` = by the one that wrote it. */
  readonly format: SavepointFormat;
  /** The backend of the job that wrote it. */
  readonly stateBackend: StateBackendKind;
  /** Name of the job that wrote it. */
  readonly jobName: string;
  /** The state of all operators and enumerators. */
  readonly checkpoint: CompletedCheckpoint;
}

/**
 * Who owns the snapshot a job starts from (Flink: `execution.state-recovery.claim-mode`; LEGACY is gone since 2.0).
 *
 * NO_CLAIM: it stays the user's. The job deletes nothing of it and its first checkpoint is full, so that none depends on it.
 * CLAIM: it is the job's own from now on; checkpoints may build on it, and it goes when it is subsumed.
 */
export type ClaimMode = "NO_CLAIM" | "CLAIM";

/** How a job starts from a savepoint. Flink: `flink run -s path [-n] [-claimMode …]`. */
export interface RestoreSettings {
  readonly savepoint: Savepoint;
  /** Leave out state of operators that the program does not have (`execution.state-recovery.ignore-unclaimed-state`). Default false. */
  readonly allowNonRestoredState?: boolean;
  /** Default NO_CLAIM. */
  readonly claimMode?: ClaimMode;
}

/** How a savepoint is taken. */
export interface SavepointRequest {
  readonly format: SavepointFormat;
  /** The job ends with it: the tasks are told that it is complete and commit. Otherwise the job goes on and commits nothing for it. */
  readonly terminates: boolean;
}

/** What a canonical savepoint makes of a checkpoint taken for it. */
export function canonicalCheckpoint(checkpoint: CompletedCheckpoint, nowMs: number): CompletedCheckpoint {
  const operators = [...checkpoint.operators].map(([id, operator]) => {
    const subtasks = operator.subtasks.map((snapshot) => canonicalSnapshot(snapshot, nowMs));
    return [id, { ...operator, subtasks }] as const;
  });
  return { ...checkpoint, operators: new Map(operators) };
}
