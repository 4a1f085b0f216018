/** A connector's lookup with the retries of the LOOKUP hint around it, and the cache of the table around both. */
import type { OperatorContext } from "../../../flow/operator.ts";
import { afterDelay } from "./after-delay.ts";
import { type CacheSettings, cachedAsyncLookup, cachedLookup, LookupCache } from "./lookup-cache.ts";
import type { AsyncLookupFunction, LookupFunction, LookupSource } from "./lookup.ts";

/** While nothing is found (`lookup_miss`, `fixed_delay`). */
export interface LookupRetry {
  readonly fixedDelayMs: number;
  /** Without the first question. */
  readonly maxAttempts: number;
}

export interface LookupRequest {
  readonly source: LookupSource;
  /** Columns of the table that are asked by. */
  readonly columns: readonly number[];
  readonly retry: LookupRetry | null;
}

export function openLookup({ source, columns, retry }: LookupRequest, context: OperatorContext): LookupFunction {
  const own = source.create(columns, context);
  const lookup = retry === null ? own : retriedLookup(own, retry, context);
  return source.cache === null ? lookup : cachedLookup(lookup, cacheOf(source.cache, context));
}

export function openAsyncLookup({ source, columns, retry }: LookupRequest, context: OperatorContext): AsyncLookupFunction {
  const own = source.createAsync(columns, context);
  const lookup = retry === null ? own : retriedAsyncLookup(own, retry, context);
  return source.cache === null ? lookup : cachedAsyncLookup(lookup, cacheOf(source.cache, context));
}

function cacheOf(settings: CacheSettings, { processingTime }: OperatorContext): LookupCache {
  return new LookupCache(settings, () => processingTime.currentMs());
}

/** The task sleeps between two questions. (Flink: `RetryableLookupFunctionDelegator`) */
function retriedLookup(lookup: LookupFunction, { fixedDelayMs, maxAttempts }: LookupRetry, { mailbox }: OperatorContext): LookupFunction {
  return {
    lookup(key) {
      for (let attempt = 1; ; attempt++) {
        const rows = lookup.lookup(key);
        if (rows.length > 0 || attempt > maxAttempts) return rows;
        mailbox.spendUs(fixedDelayMs * 1000);
      }
    },
    close: () => lookup.close(),
  };
}

/** Other rows go on meanwhile. A question that fails has found nothing, in Flink too. (Flink: `RetryableAsyncLookupFunctionDelegator`) */
function retriedAsyncLookup(
  lookup: AsyncLookupFunction,
  { fixedDelayMs, maxAttempts }: LookupRetry,
  context: OperatorContext,
): AsyncLookupFunction {
  const attemptWith = (key: readonly unknown[], attempt: number, found: Parameters<AsyncLookupFunction["lookup"]>[1]): void => {
    const answered: typeof found = (rows) => {
      if (rows.length > 0 || attempt > maxAttempts) return found(rows);
      afterDelay(context, fixedDelayMs, () => attemptWith(key, attempt + 1, found));
    };
    lookup.lookup(key, answered, () => answered([]));
  };
  return {
    lookup: (key, found) => attemptWith(key, 1, found),
    close: () => lookup.close(),
  };
}
