import { AbstractRichFunction } from "./rich-function.ts";
import type { ExternalService } from "./external-service.ts";
import type { JobInfo, MetricGroup, RuntimeContext, TaskInfo } from "./runtime-context.ts";
import { Diagnostic } from "../base/diagnostic.ts";

/**
 * Completes one request of an `AsyncFunction`. The first call counts, later ones are ignored. (Flink: `ResultFuture`,
 * https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/operators/asyncio/)
 */
export interface ResultFuture<OUT> {
  /**
   * The results for the input, none to many; they get the input's timestamp. Given a function, the task calls it when it is about to
   * use the results.
   * @throws Diagnostic ASYNC_RESULT_NOT_A_COLLECTION for anything else, such as a single value.
   */
  complete(results: Iterable<OUT> | (() => Iterable<OUT>)): void;
  /** The request has failed: it is tried again if a retry strategy says so, otherwise the job fails over. */
  completeExceptionally(error: unknown): void;
}

/**
 * Asks something outside for each input and goes on with the next one meanwhile (Flink: `AsyncFunction`). `asyncInvoke` starts the
 * request and returns; the answer comes later, by a callback of an `ExternalService` or a scheduled action. It cannot be awaited: a
 * job runs in virtual time, in which no promise is ever settled. (Flink: docs/dev/datastream/operators/asyncio)
 */
export interface AsyncFunction<IN, OUT> {
  /** What it throws fails the job. */
  asyncInvoke(input: IN, resultFuture: ResultFuture<OUT>): void;
  /** The request took longer than the timeout. Default: fails it with a `TimeoutException`. */
  timeout?(input: IN, resultFuture: ResultFuture<OUT>): void;
}
/** An async function, or just `(value, resultFuture) => …`. (Flink: docs/dev/datastream/operators/asyncio) */
export type AsyncFunctionLike<IN, OUT> = AsyncFunction<IN, OUT> | ((input: IN, resultFuture: ResultFuture<OUT>) => void);

/**
 * What a request that took too long fails with (Java: `java.util.concurrent.TimeoutException`).
 * (Flink: docs/dev/datastream/operators/asyncio)
 */
export class TimeoutException extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TimeoutException";
  }
}

/**
 * An async function with a life, where clients are opened (Flink: `RichAsyncFunction`). It has no state, no timers and no accumulators,
 * because requests of many keys are under way at a time. (Flink: docs/dev/datastream/operators/asyncio)
 */
export abstract class RichAsyncFunction<IN, OUT> extends AbstractRichFunction implements AsyncFunction<IN, OUT> {
  abstract asyncInvoke(input: IN, resultFuture: ResultFuture<OUT>): void;

  timeout(_input: IN, resultFuture: ResultFuture<OUT>): void {
    resultFuture.completeExceptionally(requestTimedOut());
  }

  override setRuntimeContext(context: RuntimeContext): void {
    super.setRuntimeContext(new AsyncRuntimeContext(context));
  }
}

/** Flink's words for a request without an answer in time. */
export function requestTimedOut(): TimeoutException {
  return new TimeoutException("Async function call has timed out.");
}

/** The same context, in which state and accumulators are refused in Flink's words. */
class AsyncRuntimeContext implements RuntimeContext {
  readonly #context: RuntimeContext;

  constructor(context: RuntimeContext) {
    this.#context = context;
  }

  getTaskInfo(): TaskInfo {
    return this.#context.getTaskInfo();
  }

  getJobInfo(): JobInfo {
    return this.#context.getJobInfo();
  }

  getGlobalJobParameters(): Readonly<Record<string, string>> {
    return this.#context.getGlobalJobParameters();
  }

  getMetricGroup(): MetricGroup {
    return this.#context.getMetricGroup();
  }

  getExternalService<V = unknown>(name: string): ExternalService<V> {
    return this.#context.getExternalService<V>(name);
  }

  getIndexOfThisSubtask(): number {
    return this.#context.getIndexOfThisSubtask();
  }

  getNumberOfParallelSubtasks(): number {
    return this.#context.getNumberOfParallelSubtasks();
  }

  getAttemptNumber(): number {
    return this.#context.getAttemptNumber();
  }

  getTaskName(): string {
    return this.#context.getTaskName();
  }

  getState(): never {
    throw notSupported(STATE, "getState");
  }

  getListState(): never {
    throw notSupported(STATE, "getListState");
  }

  getMapState(): never {
    throw notSupported(STATE, "getMapState");
  }

  getReducingState(): never {
    throw notSupported(STATE, "getReducingState");
  }

  getAggregatingState(): never {
    throw notSupported(STATE, "getAggregatingState");
  }

  addAccumulator(): never {
    throw notSupported(ACCUMULATORS, "addAccumulator");
  }

  getAccumulator(): never {
    throw notSupported(ACCUMULATORS, "getAccumulator");
  }

  getIntCounter(): never {
    throw notSupported(ACCUMULATORS, "getIntCounter");
  }

  getLongCounter(): never {
    throw notSupported(ACCUMULATORS, "getLongCounter");
  }

  getDoubleCounter(): never {
    throw notSupported(ACCUMULATORS, "getDoubleCounter");
  }

  getHistogram(): never {
    throw notSupported(ACCUMULATORS, "getHistogram");
  }
}

const STATE = "State is";
const ACCUMULATORS = "Accumulators are";

function notSupported(what: string, method: string): Diagnostic {
  return new Diagnostic({
    code: "ASYNC_STATE_NOT_SUPPORTED",
    message: `${what} not supported in rich async functions.`,
    phase: "runtime",
    found: `${method}(…) in a RichAsyncFunction`,
    hint: "Keep the state in a keyed process function before or after the async one.",
  });
}
