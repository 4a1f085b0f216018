import { transform } from "../stream-internals.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import type { AsyncFunction, AsyncFunctionLike } from "../../flow/async-functions.ts";
import type { AsyncRetryStrategy } from "../../flow/async-retry.ts";
import { AsyncWaitOperator, type OutputMode } from "../../operators/async/async-wait-operator.ts";
import type { DataStream } from "../data-stream.ts";
import type { SingleOutputStreamOperator } from "../single-output-stream-operator.ts";
import { type TimeLike, timeMs } from "../../graph/configuration/time-like.ts";
import { TimeUnit } from "../time-unit.ts";
import { requireFunction } from "../user-functions.ts";
import { AsyncRetryStrategies } from "./async-retry-strategies.ts";

const DEFAULT_CAPACITY = 100;

/** Timeout, then perhaps its unit, then perhaps the capacity. */
type WaitArguments = readonly [timeout: TimeLike, capacity?: number] | readonly [timeout: number, unit: TimeUnit, capacity?: number];

type RetryArguments<OUT> =
  | readonly [timeout: TimeLike, strategy: AsyncRetryStrategy<OUT>]
  | readonly [timeout: TimeLike, capacity: number, strategy: AsyncRetryStrategy<OUT>]
  | readonly [timeout: number, unit: TimeUnit, strategy: AsyncRetryStrategy<OUT>]
  | readonly [timeout: number, unit: TimeUnit, capacity: number, strategy: AsyncRetryStrategy<OUT>];

/**
 * Asks something outside for each record, many at a time, without the task waiting (Flink: `AsyncDataStream`,
 * https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/operators/asyncio/).
 *
 * The timeout runs from the first attempt to the results (0 = none); the capacity is the most elements under way per subtask (default
 * 100), beyond which there is backpressure. Ordered: results leave in the order of the inputs. Unordered: as they come, but never across a watermark.
 *
 * ```ts
 * AsyncDataStream.unorderedWait(clicks, new ProfileLookup(), 1000, TimeUnit.MILLISECONDS, 100);
 * AsyncDataStream.orderedWait(clicks, new ProfileLookup(), Duration.ofSeconds(1));
 * ```
 * Diagnostics: ASYNC_BAD_CAPACITY, ASYNC_RETRY_WITHOUT_TIMEOUT, JOB_BAD_TIME, JOB_NOT_A_FUNCTION.
 */
export const AsyncDataStream = {
  /** Results as they come; a watermark lets none pass it in either direction. */
  unorderedWait<IN, OUT>(
    input: DataStream<IN>,
    asyncFunction: AsyncFunctionLike<IN, OUT>,
    ...settings: WaitArguments
  ): SingleOutputStreamOperator<OUT> {
    return addOperator(input, asyncFunction, "UNORDERED", waitSettings(settings), undefined);
  },

  /** Results in the order of their inputs. */
  orderedWait<IN, OUT>(
    input: DataStream<IN>,
    asyncFunction: AsyncFunctionLike<IN, OUT>,
    ...settings: WaitArguments
  ): SingleOutputStreamOperator<OUT> {
    return addOperator(input, asyncFunction, "ORDERED", waitSettings(settings), undefined);
  },

  /** As `unorderedWait`; what the strategy says is tried again, within the timeout. */
  unorderedWaitWithRetry<IN, OUT>(
    input: DataStream<IN>,
    asyncFunction: AsyncFunctionLike<IN, OUT>,
    ...settings: RetryArguments<OUT>
  ): SingleOutputStreamOperator<OUT> {
    return addOperator(input, asyncFunction, "UNORDERED", ...retrySettings(settings));
  },

  /** As `orderedWait`; what the strategy says is tried again, within the timeout. */
  orderedWaitWithRetry<IN, OUT>(
    input: DataStream<IN>,
    asyncFunction: AsyncFunctionLike<IN, OUT>,
    ...settings: RetryArguments<OUT>
  ): SingleOutputStreamOperator<OUT> {
    return addOperator(input, asyncFunction, "ORDERED", ...retrySettings(settings));
  },
} as const;

interface WaitSettings {
  readonly timeoutMs: number;
  readonly capacity: number;
}

function waitSettings(settings: WaitArguments): WaitSettings {
  const [timeout, second, third] = settings;
  const timeoutMs =
    second instanceof TimeUnit ? second.toMillis(timeMs(timeout, "The timeout")) : timeMs(timeout, "The timeout of an async function");
  const capacity = second instanceof TimeUnit ? third : second;
  return { timeoutMs, capacity: capacity ?? DEFAULT_CAPACITY };
}

function retrySettings<OUT>(settings: RetryArguments<OUT>): [WaitSettings, AsyncRetryStrategy<OUT> | undefined] {
  const strategy = settings[settings.length - 1] as AsyncRetryStrategy<OUT> | undefined;
  const wait = waitSettings(settings.slice(0, -1) as unknown as WaitArguments);
  if (typeof strategy?.canRetry !== "function") {
    throw new Diagnostic({
      code: "ASYNC_BAD_RETRY",
      message: "The last argument must be a retry strategy, such as what FixedDelayRetryStrategyBuilder builds.",
      phase: "graph",
      found: typeof strategy,
      expected:
        "new AsyncRetryStrategies.FixedDelayRetryStrategyBuilder(3, 100).ifException(RetryPredicates.HAS_EXCEPTION_PREDICATE).build()",
      hint: "Did you forget .build()?",
    });
  }
  if (strategy === AsyncRetryStrategies.NO_RETRY_STRATEGY) return [wait, undefined];
  if (wait.timeoutMs <= 0) {
    throw new Diagnostic({
      code: "ASYNC_RETRY_WITHOUT_TIMEOUT",
      message: "Timeout should be configured when do async with retry.",
      phase: "graph",
      found: `timeout ${wait.timeoutMs} ms`,
      expected: "a timeout above 0, which spans all attempts of a record",
    });
  }
  return [wait, strategy];
}

function addOperator<IN, OUT>(
  input: DataStream<IN>,
  asyncFunction: AsyncFunctionLike<IN, OUT>,
  outputMode: OutputMode,
  { timeoutMs, capacity }: WaitSettings,
  retryStrategy: AsyncRetryStrategy<OUT> | undefined,
): SingleOutputStreamOperator<OUT> {
  requireFunction(asyncFunction, outputMode === "ORDERED" ? "orderedWait" : "unorderedWait", "asyncInvoke");
  // The capacity is looked at when the operator is made, as in Flink.
  const fn: AsyncFunction<IN, OUT> = typeof asyncFunction === "function" ? { asyncInvoke: asyncFunction } : asyncFunction;
  return transform(input, "async wait operator", () => {
    const settings = { outputMode, timeoutMs, capacity, retryStrategy: ownCopy(retryStrategy) };
    return new AsyncWaitOperator<IN, OUT>(fn, settings);
  });
}

/** Every operator has a strategy of its own, since strategies may keep the last delay; in Flink they come by serialization. */
function ownCopy<OUT>(strategy: AsyncRetryStrategy<OUT> | undefined): AsyncRetryStrategy<unknown> | undefined {
  if (strategy === undefined) return undefined;
  const copy = Object.assign(Object.create(Object.getPrototypeOf(strategy) as object) as object, strategy);
  return copy as AsyncRetryStrategy<unknown>;
}
