/** Why a task, and with it the job, went down: the simulated kind of error, told to the user as it is. */
import { Diagnostic } from "../base/diagnostic.ts";
import { InvariantViolation } from "../base/invariant.ts";
import { shortJson } from "../base/short-json.ts";
import type { SourcePosition } from "../base/source-position.ts";
import { SuppressRestartsException } from "../flow/suppress-restarts-exception.ts";
import { RunLimitReached } from "./run-limit.ts";
import { TaskKilled } from "./task-killed.ts";

export interface TaskFailure {
  /** JOB_USER_EXCEPTION, JOB_TASK_MANAGER_LOST, JOB_MANAGER_LOST, JOB_CHECKPOINT_FAILED, JOB_STATE_RESTORE_FAILED or a diagnostic's code. */
  readonly code: string;
  readonly message: string;
  readonly operator: string | undefined;
  /** Where the learner's program made that operator: the place to name when the exception knows no better one. */
  readonly position: SourcePosition | undefined;
  /** The record that was being processed, shortened JSON. */
  readonly record: string | undefined;
  readonly cause: unknown;
  /** Why the job was not restarted after it, in Flink's words; absent when it was. */
  readonly recovery?: string;
}

/** What is known of the operator that was at work. */
export interface FailedOperator {
  readonly name: string;
  readonly position: SourcePosition | undefined;
}

export function taskFailureOf(error: unknown, operator: FailedOperator | undefined, record: unknown): TaskFailure {
  return {
    code: codeOf(error),
    message: messageOf(error),
    operator: operator?.name,
    position: operator?.position,
    record: record === undefined ? undefined : shortJson(record),
    cause: error,
  };
}

function codeOf(error: unknown): string {
  if (error instanceof Diagnostic) return String(error.data.code);
  return error instanceof StateRestoreFailure ? "JOB_STATE_RESTORE_FAILED" : "JOB_USER_EXCEPTION";
}

/** What was thrown while a task took its snapshot, as Flink wraps it. Mistakes of the program and of ours stay what they are. */
export function snapshotFailureOf(error: unknown, checkpointId: number, task: string): unknown {
  if (error instanceof Diagnostic || error instanceof InvariantViolation) return error;
  if (error instanceof TaskKilled || error instanceof RunLimitReached) return error;
  const declined = `Could not complete snapshot ${checkpointId} for operator ${task}. Failure reason: Checkpoint was declined.`;
  const cause = named("CheckpointException", declined, error);
  return named("IOException", `Could not perform checkpoint ${checkpointId} for operator ${task}.`, cause);
}

function named(name: string, message: string, cause: unknown): Error {
  const error = new Error(message, { cause });
  error.name = name;
  return error;
}

/** A task could not read the state that it is to go on with. Told as Flink tells it. */
export class StateRestoreFailure extends Error {
  constructor(task: string, cause: unknown) {
    super(`Could not restore the state of ${task} from any of the 1 provided restore options.`, { cause });
    this.name = "FlinkRuntimeException";
  }
}

/** Causes beyond this many are left out of a message; they may go in a circle. */
const MOST_CAUSES = 5;

/** "TypeError: x is undefined", with what caused it; a diagnostic speaks for itself. Never throws, whatever was thrown. */
export function messageOf(error: unknown, causes = MOST_CAUSES): string {
  try {
    return told(error, causes);
  } catch {
    return "thrown: something that cannot even be read";
  }
}

function told(error: unknown, causes: number): string {
  if (error instanceof Diagnostic) return String(error.message);
  if (!(error instanceof Error)) return `thrown: ${shortJson(error)}`;
  const own = error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
  return error.cause === undefined || causes === 0 ? own : `${own} Caused by: ${told(error.cause, causes - 1)}`;
}

/** A failure of the system: no program has thrown it. */
export function systemFailure(code: string, message: string): TaskFailure {
  return { code, message: messageOf(new Error(message)), operator: undefined, position: undefined, record: undefined, cause: undefined };
}

/** A mistake in the program does not go away by trying again, nor does what the program itself says to be beyond help. */
export function isRecoverable(cause: unknown): boolean {
  const seen = new Set<unknown>();
  for (let error = cause; error instanceof Error && !seen.has(error); error = error.cause) {
    if (error instanceof Diagnostic || error instanceof SuppressRestartsException) return false;
    seen.add(error);
  }
  return true;
}
