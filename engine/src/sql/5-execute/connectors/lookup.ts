/**
 * What a table offers to lookup joins: rows by key, from outside, at the moment of asking (Flink: `LookupTableSource`).
 *
 * A connector that can be asked gives a `LookupSource`. The planner chooses between waiting for each answer and going on meanwhile; the join makes a
 * function of it per subtask, with the columns that its condition compares for equality, and calls it for every row of the stream. What a hint or an
 * option puts around it is the same for all connectors, and lies in Flink's order (`lookup-function.ts`): cache, then retries, then the connector's own
 * function. So what a retry has found is what the cache keeps.
 */
import type { OperatorContext } from "../../../flow/operator.ts";
import type { Row } from "../../../types/row.ts";
import type { CacheSettings } from "./lookup-cache.ts";

export interface LookupSource {
  /** False = only `createAsync`. */
  readonly supportsSync: boolean;
  /** False = only `create`. */
  readonly supportsAsync: boolean;
  /** The cache that its options ask for (`lookup.cache` = PARTIAL); null = none. */
  readonly cache: CacheSettings | null;
  /**
   * Waits for each answer: the task is busy meanwhile.
   *
   * @param keys columns of the table (indices into its columns), in the order in which `lookup` gets their values
   */
  create(keys: readonly number[], context: OperatorContext): LookupFunction;
  /** Asks and goes on. */
  createAsync(keys: readonly number[], context: OperatorContext): AsyncLookupFunction;
}

/** Flink: `LookupFunction`. */
export interface LookupFunction {
  /**
   * Rows (all physical columns of the table, +I) whose key columns equal the values; none when a value is NULL.
   *
   * @throws what the system outside answers with, e.g. PostgresError
   */
  lookup(key: readonly unknown[]): readonly Row[];
  close(): void;
}

/** Flink: `AsyncLookupFunction`. */
export interface AsyncLookupFunction {
  /** One of the callbacks is called, now or later, or none when no answer ever comes. */
  lookup(key: readonly unknown[], found: (rows: readonly Row[]) => void, failed: (error: unknown) => void): void;
  close(): void;
}
