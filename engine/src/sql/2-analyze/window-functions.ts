/** Functions that only make sense with OVER. */
import type { CallExpr } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";

export const RANKING: readonly string[] = ["ROW_NUMBER", "RANK", "DENSE_RANK", "NTILE", "PERCENT_RANK", "CUME_DIST"];
export const NAVIGATION: readonly string[] = ["LAG", "LEAD"];

/** A ranking or navigation function without OVER. */
export function refuseWithoutOver(call: CallExpr): void {
  if (!RANKING.includes(call.name) && !NAVIGATION.includes(call.name)) return;
  throw new SqlError("validate", "SQL_OVER", "OVER clause is necessary for window functions", call.span, { found: `${call.name}(…)` });
}
