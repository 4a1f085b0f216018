/** Plans of tables as text. */
import { Diagnostic } from "../base/diagnostic.ts";
import type { Rel } from "../sql/2-analyze/rel.ts";
import { explain } from "../sql/session/explain-statement.ts";
import type { TableSpace } from "./table-space.ts";

/** What an explanation shows besides the plans. (Flink: docs/dev/table/sql/explain) */
export type ExplainDetail = "CHANGELOG_MODE" | "ESTIMATED_COST" | "JSON_EXECUTION_PLAN" | "PLAN_ADVICE";

/** @param rels one for each statement; INSERTs with their tables as roots */
export function explainRels(space: TableSpace, rels: readonly Rel[], details: readonly ExplainDetail[]): string {
  const program = (): never => {
    throw new Diagnostic({
      code: "TABLE_NOT_AVAILABLE",
      phase: "graph",
      message: "JSON_EXECUTION_PLAN of a table is not available.",
      hint: "EXPLAIN JSON_EXECUTION_PLAN of SQL, or env.getExecutionPlan() of a stream made of the table, shows it.",
    });
  };
  return space.guarded(() => explain({ rels, details, program, options: space.session.options }));
}
