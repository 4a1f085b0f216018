/** The rewrites before planning, in the order in which they run. */
import type { Rel } from "../2-analyze/rel.ts";
import { pushFiltersIntoJoins } from "./rules/push-filters-into-joins.ts";

const RULES: readonly ((rel: Rel) => Rel)[] = [
  // Comma joins carry their condition in WHERE: it has to reach the join before its kind is decided.
  pushFiltersIntoJoins,
];

export function optimize(rel: Rel): Rel {
  return RULES.reduce((tree, rule) => rule(tree), rel);
}
