/**
 * What `asyncInvoke` is given for one record when nothing is retried (Flink: `AsyncWaitOperator.ResultHandler`). It keeps the first
 * outcome, brings it to the task as a mail, and looks after the timeout.
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import { shortJson } from "../../base/short-json.ts";
import type { ResultFuture } from "../../flow/async-functions.ts";
import type { ScheduledCallback } from "../../flow/processing-time.ts";
import type { RecordEntry, StoredRecord } from "./stream-element-queue.ts";

/** What the handlers need of their operator. */
export interface AsyncOperations {
  nowMs(): number;
  schedule(timestampMs: number, action: () => void): ScheduledCallback;
  execute(action: () => void): void;
  fail(cause: unknown): void;
  /** Calls the learner's `asyncInvoke` or `timeout`. */
  invoke(value: unknown, resultFuture: ResultFuture<unknown>): void;
  timeout(value: unknown, resultFuture: ResultFuture<unknown>): void;
  /** The entry has just got its results. */
  entryCompleted(): void;
}

export type Results = Iterable<unknown> | (() => Iterable<unknown>);

/** What `asyncInvoke` is given. */
export class ResultFutureHandle implements ResultFuture<unknown> {
  readonly #handler: ResultFuture<unknown>;

  constructor(handler: ResultFuture<unknown>) {
    this.#handler = handler;
  }

  complete(results: Results): void {
    this.#handler.complete(results);
  }

  completeExceptionally(error: unknown): void {
    this.#handler.completeExceptionally(error);
  }
}

export class ResultHandler implements ResultFuture<unknown> {
  readonly future = new ResultFutureHandle(this);
  readonly record: StoredRecord;
  completed = false;
  timer: ScheduledCallback | null = null;
  private readonly entry: RecordEntry;
  private readonly operations: AsyncOperations;

  constructor(record: StoredRecord, entry: RecordEntry, operations: AsyncOperations) {
    this.record = record;
    this.entry = entry;
    this.operations = operations;
  }

  registerTimeout(timeoutMs: number): void {
    const { operations } = this;
    this.timer = operations.schedule(operations.nowMs() + timeoutMs, () => {
      if (!this.completed) operations.timeout(this.record.value, this.future);
    });
  }

  complete(results: Results): void {
    checkResults(results);
    if (this.completed) return;
    this.completed = true;
    this.operations.execute(() => this.processResults(suppliedResults(results)));
  }

  completeExceptionally(error: unknown): void {
    if (this.completed) return;
    this.completed = true;
    this.operations.fail(requestFailed(this.record, error));
    // Whoever waits for this place in the queue goes on, until the task is gone.
    this.operations.execute(() => this.processResults([]));
  }

  private processResults(results: Iterable<unknown>): void {
    this.timer?.cancel();
    this.entry.complete(results);
    this.operations.entryCompleted();
  }
}

export function suppliedResults(results: Results): Iterable<unknown> {
  if (typeof results !== "function") return results;
  const supplied: unknown = results();
  checkResults(supplied);
  return supplied as Iterable<unknown>;
}

/** Anything that can be gone through, but for strings: a text is a single value. Or a function that returns such. */
export function checkResults(results: unknown): void {
  if (typeof results === "function") return;
  if (typeof results === "object" && results !== null && Symbol.iterator in results) return;
  const isNothing = results === null || results === undefined;
  throw new Diagnostic({
    code: "ASYNC_RESULT_NOT_A_COLLECTION",
    message: isNothing
      ? "Results must not be null, use empty collection to emit nothing."
      : "complete(…) takes a collection of results, because an input may have none, one or several.",
    phase: "runtime",
    found: isNothing ? String(results) : `a single ${typeof results}`,
    expected: "resultFuture.complete([result])",
    hint: isNothing ? "Write resultFuture.complete([]) to emit nothing." : "Put the result into an array.",
  });
}

function requestFailed(record: StoredRecord, cause: unknown): Error {
  const timestamp = record.timestampMs === null ? "(undef)" : String(record.timestampMs);
  return new Error(`Could not complete the stream element: Record @ ${timestamp} : ${shortJson(record.value)}.`, { cause });
}
