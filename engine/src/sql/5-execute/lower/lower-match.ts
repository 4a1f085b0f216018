/** MATCH_RECOGNIZE. */
import { SqlError } from "../../1-parse/sql-error.ts";
import type { Match } from "../../3-plan/physical.ts";
import type { OperatorPlan } from "../operator-plan.ts";
import type { Lowering } from "./lower.ts";

export function lowerMatch(_node: Match, _lowering: Lowering): OperatorPlan {
  throw new SqlError("plan", "SQL_NOT_AVAILABLE", "MATCH_RECOGNIZE is not available yet.", null, {
    hint: "Many patterns can be written with OVER (LAG) or a self join on a time interval.",
  });
}
