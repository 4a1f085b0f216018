/** How rules walk over the tree. */
import { mapInputs, type Rel } from "../2-analyze/rel.ts";

/** A rule looks at one node and gives another that means the same, or the node itself. */
export type Rule = (rel: Rel) => Rel;

/** Inputs first, then the node; what a rule has made is not looked at again. */
export function bottomUp(rel: Rel, rule: Rule): Rel {
  return rule(mapInputs(rel, (input) => bottomUp(input, rule)));
}

/** The node first, as long as the rule changes it, then its inputs. */
export function topDown(rel: Rel, rule: Rule): Rel {
  let current = rel;
  for (let changed = rule(current); changed !== current; changed = rule(current)) current = changed;
  return mapInputs(current, (input) => topDown(input, rule));
}
