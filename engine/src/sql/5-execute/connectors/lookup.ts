/**
 * What a table offers to lookup joins: rows by key, from outside, at the moment of asking (Flink: `LookupTableSource`).
 *
 * A connector that can be asked gives a `LookupSource`; the join operator makes a function of it per subtask in `open`, with the columns
 * that its condition compares for equality, and calls it for every row of the stream. Caches (`lookup.cache`) are inside the function: the join does
 * not see whether an answer came from the cache. Retrying when nothing was found (the LOOKUP hint) is the join's business.
 */
import type { OperatorContext } from "../../../flow/operator.ts";
import type { Row } from "../../../types/row.ts";

export interface LookupSource {
  /** False = only `createAsync`. */
  readonly supportsSync: boolean;
  /** False = only `create`. */
  readonly supportsAsync: boolean;
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
  /** Exactly one of the callbacks is called, later, as a mail of the task: the operator may emit in it. */
  lookup(key: readonly unknown[], found: (rows: readonly Row[]) => void, failed: (error: Error) => void): void;
  close(): void;
}
