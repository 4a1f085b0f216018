import { SqlError } from "../1-parse/sql-error.ts";
import type { Sort } from "../2-analyze/rel.ts";
import type { PhysicalNode } from "./physical.ts";
import type { Planner } from "./planner.ts";

export function planSort(_planner: Planner, rel: Sort): PhysicalNode {
  throw new SqlError("plan", "SQL_UNSUPPORTED", "Sort is not available yet.", rel.span);
}
