import { SqlError } from "../1-parse/sql-error.ts";
import type { Over } from "../2-analyze/rel.ts";
import type { PhysicalNode } from "./physical.ts";
import type { Planner } from "./planner.ts";

export function planOver(_planner: Planner, rel: Over): PhysicalNode {
  throw new SqlError("plan", "SQL_UNSUPPORTED", "Over is not available yet.", rel.span);
}
