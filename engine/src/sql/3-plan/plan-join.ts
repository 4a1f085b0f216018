import { SqlError } from "../1-parse/sql-error.ts";
import type { Join } from "../2-analyze/rel.ts";
import type { PhysicalNode } from "./physical.ts";
import type { Planner } from "./planner.ts";

export function planJoin(_planner: Planner, rel: Join): PhysicalNode {
  throw new SqlError("plan", "SQL_UNSUPPORTED", "Join is not available yet.", rel.span);
}
