/** How many rows a mini-batch holds. Only operators that make bundles ask: a script without them may leave the size out, as in Flink. */
import { SqlError } from "../../1-parse/sql-error.ts";
import type { SessionSettings } from "../operators/sql-operator.ts";

/** null = mini-batches are off. */
export function bundleRows({ miniBatchRows }: SessionSettings): number | null {
  if (miniBatchRows === null || miniBatchRows > 0) return miniBatchRows;
  throw new SqlError(
    "plan",
    "SQL_MINI_BATCH_SIZE",
    "Key: 'table.exec.mini-batch.size' , default: -1 (fallback keys: []) must be > 0.",
    null,
    { hint: "SET 'table.exec.mini-batch.size' = '5000';" },
  );
}
