import type { Rel } from "../2-analyze/rel.ts";
import type { PhysicalNode } from "./physical.ts";
import type { Planner } from "./planner.ts";
export function planRankFilter(_planner: Planner, _rel: Rel): PhysicalNode | null { return null; }
planRankFilter.matches = (_rel: Rel): boolean => false;
