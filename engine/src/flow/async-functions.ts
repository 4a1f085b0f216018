import { AbstractRichFunction } from "./rich-function.ts";
import type { RuntimeContext } from "./runtime-context.ts";
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
    super.setRuntimeContext(withoutState(context));
  }
}

/** Flink's words for a request without an answer in time. */
export function requestTimedOut(): TimeoutException {
  return new TimeoutException("Async function call has timed out.");
}

const STATE_METHODS = ["getState", "getListState", "getMapState", "getReducingState", "getAggregatingState"] as const;
const ACCUMULATOR_METHODS = ["addAccumulator", "getAccumulator", "getIntCounter", "getLongCounter", "getDoubleCounter", "getHistogram"];

/** The same context, in which state and accumulators are refused in Flink's words. */
function withoutState(context: RuntimeContext): RuntimeContext {
  const restricted = Object.create(context) as RuntimeContext;
  const refuse = (methods: readonly string[], what: string): void => {
    for (const method of methods) {
      const value = () => {
        throw notSupported(what, method);
      };
      Object.defineProperty(restricted, method, { value });
    }
  };
  refuse(STATE_METHODS, "State is");
  refuse(ACCUMULATOR_METHODS, "Accumulators are");
  return restricted;
}

function notSupported(what: string, method: string): Diagnostic {
  return new Diagnostic({
    code: "ASYNC_STATE_NOT_SUPPORTED",
    message: `${what} not supported in rich async functions.`,
    phase: "runtime",
    found: `${method}(…) in a RichAsyncFunction`,
    hint: "Keep the state in a keyed process function before or after the async one.",
  });
}
