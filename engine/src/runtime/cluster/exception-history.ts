/**
 * What went wrong in a job, failure by failure, as the web UI's "Exceptions" tab lists it. Flink: `ExceptionHistoryEntry`,
 * `RootExceptionHistoryEntry`, `JobExceptionsInfoWithHistory`.
 *
 * A failure that begins a new attempt of the job is a root entry. One that comes while the restart is waited for (a second region fails
 * within the backoff of exponential delay) changes nothing of the plan and stands below that entry, as concurrent. The failure that ends
 * the job is told twice, as in Flink: the job's own exception says why it was not restarted, and the task's stands below it.
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import type { TaskFailure } from "../task-failure.ts";

/** One exception of the history. */
export interface ExceptionHistoryEntry {
  /** Class of the exception: `Error.name` of what was thrown, `FlinkException` for what happened to the cluster. */
  readonly exceptionName: string;
  /** JOB_USER_EXCEPTION, JOB_TASK_MANAGER_LOST …: as in the outcome's failure. */
  readonly code: string;
  /** What it says, with its causes. Flink has the stack trace here. */
  readonly message: string;
  /** Virtual time, epoch ms. */
  readonly timestampMs: number;
  /** `map (1/2) - execution #0`; null = a global failure, of no task. */
  readonly taskName: string | null;
  /** Number of the task manager on which the task ran, from 0; null = a global failure. */
  readonly taskManager: number | null;
  /** What failure enrichers say. This cluster has one: `type` = `USER` for what the program did, `SYSTEM` for what happened to it. */
  readonly failureLabels: Readonly<Record<string, string>>;
}

/** A failure that made the job restart, or end. */
export interface RootExceptionHistoryEntry extends ExceptionHistoryEntry {
  /** What else failed before the restart, in order. */
  readonly concurrentExceptions: readonly ExceptionHistoryEntry[];
}

/** The failures of a job. */
export interface ExceptionHistory {
  /** Newest first. */
  readonly entries: readonly RootExceptionHistoryEntry[];
  /** True when older ones have been left out. */
  readonly truncated: boolean;
}

/** Default of `web.exception-history-size`. */
export const DEFAULT_EXCEPTION_HISTORY_SIZE = 16;

/** Where a task failed. */
export interface FailedTask {
  readonly name: string;
  readonly taskManager: number;
}

type OpenEntry = ExceptionHistoryEntry & { readonly concurrentExceptions: ExceptionHistoryEntry[] };

/** Keeps the newest failures of one job manager. It dies with it. */
export class ExceptionHistoryRecorder {
  private readonly size: number;
  /** Oldest first. */
  private readonly entries: OpenEntry[] = [];
  private truncated = false;

  /** @param size how many root entries are kept. */
  constructor(size: number) {
    this.size = size;
  }

  /**
   * The job is restarted after this.
   *
   * @param task null = a global failure.
   * @param newAttempt false = a restart was under way already.
   */
  failed(failure: TaskFailure, task: FailedTask | null, timestampMs: number, newAttempt: boolean): void {
    const entry = entryOf(failure, task, timestampMs);
    const latest = this.entries.at(-1);
    if (newAttempt || latest === undefined) this.add({ ...entry, concurrentExceptions: [] });
    else latest.concurrentExceptions.push(entry);
  }

  /** The job ends with this. @param recovery why it is not restarted. */
  jobFailed(failure: TaskFailure, task: FailedTask | null, timestampMs: number, recovery: string): void {
    const own = entryOf(failure, null, timestampMs);
    this.add({
      ...own,
      exceptionName: "JobException",
      message: `${recovery} Caused by: ${own.message}`,
      concurrentExceptions: task === null ? [] : [entryOf(failure, task, timestampMs)],
    });
  }

  /** A new job manager begins with an empty history. */
  clear(): void {
    this.entries.length = 0;
    this.truncated = false;
  }

  get history(): ExceptionHistory {
    return { entries: this.entries.toReversed(), truncated: this.truncated };
  }

  private add(entry: OpenEntry): void {
    this.entries.push(entry);
    if (this.entries.length <= this.size) return;
    this.entries.shift();
    this.truncated = true;
  }
}

function entryOf({ cause, code, message }: TaskFailure, task: FailedTask | null, timestampMs: number): ExceptionHistoryEntry {
  return {
    exceptionName: exceptionNameOf(cause),
    code,
    message,
    timestampMs,
    taskName: task?.name ?? null,
    taskManager: task?.taskManager ?? null,
    failureLabels: { type: isOfTheProgram(code, cause) ? "USER" : "SYSTEM" },
  };
}

function exceptionNameOf(cause: unknown): string {
  if (cause === undefined) return "FlinkException";
  const name: unknown = cause instanceof Error ? cause.name : "thrown value";
  return typeof name === "string" ? name : "Error";
}

function isOfTheProgram(code: string, cause: unknown): boolean {
  return code === "JOB_USER_EXCEPTION" || cause instanceof Diagnostic;
}
