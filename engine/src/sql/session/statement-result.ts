/** What executing a statement gives (Flink: `TableResult`). */
import type { LogicalType } from "../../types/logical-type.ts";
import type { SqlJob } from "./sql-job.ts";

export interface ResultColumn {
  readonly name: string;
  readonly type: LogicalType;
}

export type StatementResult =
  /** It did what it says; Flink's clients print OK. */
  | { readonly kind: "ok" }
  /** SHOW, DESCRIBE, EXPLAIN: a finite table. Values are those of rows (types/row.ts). */
  | { readonly kind: "table"; readonly columns: readonly ResultColumn[]; readonly rows: readonly (readonly unknown[])[] }
  /** A job that writes into tables. */
  | { readonly kind: "job"; readonly job: SqlJob }
  /** A job whose result is the query's: it is in the values store under `resultName` when the job has ended. */
  | { readonly kind: "query"; readonly job: SqlJob; readonly columns: readonly ResultColumn[]; readonly resultName: string };
