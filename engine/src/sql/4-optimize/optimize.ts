/**
 * The rule program: what happens to the logical tree between analysis and planning, stage by stage, in the order in which it happens. A
 * stage is a set of rules run over the whole tree, inputs first; a stage with `untilStable` is repeated until nothing changes. The order
 * follows Flink's own program, since plans show it: subqueries, correlations, legacy windows, then conditions downwards, windows over
 * rows, ranks, and columns last.
 */
import type { Aggregate, Rel } from "../2-analyze/rel.ts";
import { withinSize } from "../2-analyze/plan-size.ts";
import { UTC_CONTEXT } from "../2-analyze/constant.ts";
import type { EvalContext } from "../functions/scalar-function.ts";
import { bottomUp, type Rule, topDown } from "./rewrite.ts";
import { castSetOperationInputs } from "./rules/cast-set-operation-inputs.ts";
import { checkCorrelations, decorrelate, expandCorrelates, unnestConstants } from "./rules/expand-correlates.ts";
import { expandGroupingSets } from "./rules/expand-grouping-sets.ts";
import { expandSubqueries } from "./rules/expand-subqueries.ts";
import { extractWindows } from "./rules/extract-windows.ts";
import { mergeProjections } from "./rules/merge-projections.ts";
import { planGroupWindows } from "./rules/plan-group-windows.ts";
import { planBareRanks, planRanks } from "./rules/plan-ranks.ts";
import { pruneColumns } from "./rules/prune-columns.ts";
import { pullProjectionsAboveSorts } from "./rules/pull-projections-above-sorts.ts";
import { pushFiltersDown } from "./rules/push-filters-down.ts";
import { reduceExpressions } from "./rules/reduce-expressions.ts";
import { splitDistinctAggregates } from "./rules/split-distinct-aggregates.ts";
import { groupsByWindow, windowPropertiesOf } from "../2-analyze/window-properties.ts";
import { simplifyAggregates } from "./rules/simplify-aggregates.ts";
import { rewriteSetOperations } from "./rules/rewrite-set-operations.ts";

interface Stage {
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly untilStable?: boolean;
  /** Nodes before their inputs: a rule that looks several nodes deep must see the upper ones first. */
  readonly topDown?: boolean;
}

/** Far more rounds than conditions can move in; a rule that goes round in circles stops here. */
const MOST_ROUNDS = 10;

function stages(context: EvalContext): readonly Stage[] {
  const reduce = reduceExpressions(context);
  return [
    { name: "types", rules: [castSetOperationInputs] },
    { name: "legacy windows", rules: [planGroupWindows], topDown: true },
    // Queries inside queries come to light as joins' right sides, hence downwards.
    { name: "subqueries", rules: [expandSubqueries], topDown: true },
    { name: "correlations", rules: [expandCorrelates, unnestConstants] },
    { name: "set operations", rules: [rewriteSetOperations] },
    { name: "grouping sets", rules: [expandGroupingSets] },
    // OVER calls must not be merged into each other, nor conditions moved past them, so they are nodes before anything moves.
    { name: "simplification", rules: [reduce, mergeProjections], untilStable: true },
    { name: "windows over rows", rules: [extractWindows] },
    { name: "conditions", rules: [reduce, mergeProjections, pushFiltersDown], untilStable: true },
    { name: "aggregates", rules: [simplifyAggregates, mergeProjections] },
    { name: "ranks", rules: [planRanks, planBareRanks, mergeProjections] },
    { name: "sorts", rules: [pullProjectionsAboveSorts, mergeProjections], untilStable: true },
  ];
}

/** What a session says about the rules. */
export interface RuleOptions {
  /** Buckets of distinct aggregations; null = they are not split. */
  readonly distinctBuckets: number | null;
  /** Joins of a kind that have no operator of their own become joins of many; null = none. */
  readonly combineJoins: Rule | null;
}

const NO_OPTIONS: RuleOptions = { distinctBuckets: null, combineJoins: null };

export function optimize(rel: Rel, context: EvalContext = UTC_CONTEXT, { distinctBuckets, combineJoins }: RuleOptions = NO_OPTIONS): Rel {
  let tree = rel;
  for (const stage of stages(context)) {
    tree = run(tree, stage);
    if (stage.name === "correlations") tree = withinSize(decorrelate(tree), "plan", null);
  }
  tree = checkCorrelations(tree);
  if (combineJoins !== null) tree = bottomUp(tree, combineJoins);
  tree = pruneColumns(tree);
  if (distinctBuckets !== null) tree = bottomUp(tree, splitDistinctAggregates(distinctBuckets, groupsByProctimeWindow));
  return bottomUp(tree, mergeProjections);
}

function groupsByProctimeWindow({ input, keys }: Aggregate): boolean {
  const properties = windowPropertiesOf(input);
  return properties !== null && properties.timeAttribute === "PROCTIME" && groupsByWindow(keys, properties);
}

function run(rel: Rel, stage: Stage): Rel {
  let tree = rel;
  for (let round = 0; round < (stage.untilStable === true ? MOST_ROUNDS : 1); round++) {
    const before = tree;
    for (const rule of stage.rules) tree = stage.topDown === true ? topDown(tree, rule) : bottomUp(tree, rule);
    if (tree === before) break;
  }
  return tree;
}
