/** Why a task, and with it the job, went down: the simulated kind of error, told to the user as it is. */
import { Diagnostic } from "../base/diagnostic.ts";

export interface TaskFailure {
  /** JOB_USER_EXCEPTION, JOB_TASK_MANAGER_LOST, JOB_MANAGER_LOST, JOB_CHECKPOINT_FAILED or a diagnostic's code. */
  readonly code: string;
  readonly message: string;
  readonly operator: string | undefined;
  /** The record that was being processed, shortened JSON. */
  readonly record: string | undefined;
  readonly cause: unknown;
}

export function taskFailureOf(error: unknown, operator: string | undefined, record: unknown): TaskFailure {
  return {
    code: error instanceof Diagnostic ? error.data.code : "JOB_USER_EXCEPTION",
    message: messageOf(error),
    operator,
    record: record === undefined ? undefined : shortJson(record),
    cause: error,
  };
}

/** "TypeError: x is undefined"; a diagnostic speaks for itself. Never throws, whatever was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof Diagnostic) return error.message;
  if (error instanceof Error) return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
  return `thrown: ${shortJson(error)}`;
}

const LONGEST_RECORD = 500;

/** JSON cut to a length that fits a message. */
export function shortJson(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? part.toString() : part)) ?? String(value);
  } catch {
    // A cycle or a throwing toJSON of the user's: there is no JSON of it, and this text says so.
    text = "[no JSON form]";
  }
  return text.length <= LONGEST_RECORD ? text : `${text.slice(0, LONGEST_RECORD)}…`;
}
