/**
 * What `asyncInvoke` is given for one record when a retry strategy is set (Flink: `RetryableResultHandlerDelegator`). An outcome that
 * the strategy wants to try again starts a timer instead of completing the record; its place in the queue stays taken. The timeout spans
 * all attempts together.
 *
 * Flink's own corners are kept, since recorded runs show them:
 *  - one outcome per attempt counts, and none at all once the record has been completed;
 *  - the timeout handler's outcome goes through the retry predicates like any other, except that later than the timeout nothing is
 *    retried. A timer of a real task fires 1 ms after its time, so there it never is;
 *  - the end of the input makes the next attempt of every record that ever waited for a retry and is not completed by a later attempt,
 *    even if one is under way, or if the timeout handler completed it.
 */
import type { ResultFuture } from "../../flow/async-functions.ts";
import type { AsyncRetryStrategy } from "../../flow/async-retry.ts";
import type { ScheduledCallback } from "../../flow/processing-time.ts";
import { type AsyncOperations, checkResults, ResultFutureHandle, ResultHandler, type Results, suppliedResults } from "./result-handler.ts";
import type { RecordEntry, StoredRecord } from "./stream-element-queue.ts";

/** What is common to all records of one operator instance. */
export class RetryState {
  readonly strategy: AsyncRetryStrategy<unknown>;
  readonly timeoutMs: number;
  /** The input has ended: every outcome is final from now on. */
  disabled = false;
  /** Records that have waited for a retry, in the order in which they first did (in Flink the order is open). */
  readonly waiting = new Set<RetryableResultHandler>();
  private readonly resultPredicate: ((results: readonly unknown[]) => boolean) | undefined;
  private readonly exceptionPredicate: ((error: unknown) => boolean) | undefined;

  constructor(strategy: AsyncRetryStrategy<unknown>, timeoutMs: number) {
    this.strategy = strategy;
    this.timeoutMs = timeoutMs;
    const predicate = strategy.getRetryPredicate();
    this.resultPredicate = predicate.resultPredicate();
    this.exceptionPredicate = predicate.exceptionPredicate();
  }

  /** A strategy without predicates retries nothing. */
  get enabled(): boolean {
    return this.resultPredicate !== undefined || this.exceptionPredicate !== undefined;
  }

  wantsRetry(outcome: Outcome): boolean {
    const { exceptionPredicate, resultPredicate } = this;
    return outcome.results === null ? exceptionPredicate?.(outcome.error) === true : resultPredicate?.([...outcome.results]) === true;
  }
}

/** What an attempt ended with: results, or an error. */
interface Outcome {
  readonly results: Iterable<unknown> | null;
  readonly error: unknown;
}

export class RetryableResultHandler implements ResultFuture<unknown> {
  readonly future = new ResultFutureHandle(this);
  private readonly handler: ResultHandler;
  private readonly retries: RetryState;
  private readonly operations: AsyncOperations;
  private readonly startedMs: number;
  private retryTimer: ScheduledCallback | null = null;
  private attempts = 1;
  /** An outcome was taken in and no new attempt has begun since. */
  private awaitingRetry = false;

  constructor(record: StoredRecord, entry: RecordEntry, retries: RetryState, operations: AsyncOperations) {
    this.handler = new ResultHandler(record, entry, operations);
    this.retries = retries;
    this.operations = operations;
    this.startedMs = operations.nowMs();
  }

  registerTimeout(timeoutMs: number): void {
    const { handler, operations } = this;
    handler.timer = operations.schedule(operations.nowMs() + timeoutMs, () => {
      if (handler.completed) return;
      this.retryTimer?.cancel();
      this.awaitingRetry = false;
      operations.timeout(handler.record.value, this.future);
    });
  }

  complete(results: Results): void {
    checkResults(results);
    if (this.retries.disabled) {
      this.retryTimer?.cancel();
      this.handler.complete(results);
      return;
    }
    this.operations.execute(() => this.processOutcome(outcomeOf(results)));
  }

  completeExceptionally(error: unknown): void {
    if (this.retries.disabled) {
      this.retryTimer?.cancel();
      this.handler.completeExceptionally(error);
      return;
    }
    this.operations.execute(() => this.processOutcome({ results: null, error }));
  }

  /** The next attempt is made now, not when its time has come. */
  retryAtOnce(): void {
    this.retryTimer?.cancel();
    this.tryOnce();
  }

  private processOutcome(outcome: Outcome): void {
    if (this.awaitingRetry) return;
    this.awaitingRetry = true;
    const { retries, operations, attempts, handler } = this;
    const { strategy } = retries;
    const wanted = retries.wantsRetry(outcome);
    const timedOut = operations.nowMs() - this.startedMs > retries.timeoutMs;
    if (!timedOut && wanted && strategy.canRetry(attempts) && !retries.disabled) {
      const delayMs = strategy.getBackoffTimeMillis(attempts);
      this.retryTimer = operations.schedule(operations.nowMs() + delayMs, () => this.retry());
      if (attempts === 1) retries.waiting.add(this);
      return;
    }
    if (attempts > 1) retries.waiting.delete(this);
    if (outcome.results === null) handler.completeExceptionally(outcome.error);
    else handler.complete(outcome.results);
  }

  private retry(): void {
    if (!this.awaitingRetry) return;
    this.awaitingRetry = false;
    this.tryOnce();
  }

  private tryOnce(): void {
    this.attempts++;
    this.operations.invoke(this.handler.record.value, this.future);
  }
}

/** A supplier that throws has failed the attempt. */
function outcomeOf(results: Results): Outcome {
  if (typeof results !== "function") return { results, error: undefined };
  try {
    return { results: suppliedResults(results), error: undefined };
  } catch (error) {
    return { results: null, error };
  }
}
