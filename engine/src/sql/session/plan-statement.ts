/** A bound query or INSERT through the rules, the planner and down to operators. */
import type { BoundInsert } from "../2-analyze/bind-insert.ts";
import { type Hints, inputsOfRel, type Join, type Rel } from "../2-analyze/rel.ts";
import { multiJoinTables } from "../3-plan/hints.ts";
import { hasOwnOperator } from "../3-plan/plan-join.ts";
import { combineJoins, tableNames } from "../4-optimize/rules/combine-joins.ts";
import { planRel } from "../3-plan/plan.ts";
import { planOptionsOf } from "../3-plan/plan-options.ts";
import type { PhysicalNode } from "../3-plan/physical.ts";
import { optimize } from "../4-optimize/optimize.ts";
import { lowerPlan } from "../5-execute/lower/lower.ts";
import { SharedPlans } from "../5-execute/lower/shared-plans.ts";
import type { OperatorPlan } from "../5-execute/operator-plan.ts";
import { sessionEvaluation } from "../session-evaluation.ts";
import { sessionSettings } from "./session-settings.ts";

type SessionOptions = ReadonlyMap<string, string>;

/** `updateBefore`: whoever reads the result wants -U before every +U; an INSERT asks for what its table takes. */
export function physicalPlan(rel: Rel, options: SessionOptions, updateBefore: boolean): PhysicalNode {
  const evaluation = sessionEvaluation(sessionSettings(options));
  const planOptions = planOptionsOf(options, evaluation);
  const distinctBuckets = planOptions.splitDistinct ? planOptions.distinctBuckets : null;
  const named = multiJoinTables(hintsOf(rel));
  const isMeant = (join: Join): boolean =>
    planOptions.multiJoin || (named.size > 0 && [...tableNames(join.left), ...tableNames(join.right)].every((name) => named.has(name)));
  const combining = planOptions.multiJoin || named.size > 0 ? combineJoins(isMeant, hasOwnOperator) : null;
  return planRel(optimize(rel, evaluation, { distinctBuckets, combineJoins: combining }), { options: planOptions, updateBefore });
}

/** @param shared what the plans of one job have in common. */
export function operatorPlan(rel: Rel, options: SessionOptions, shared = new SharedPlans()): OperatorPlan {
  return operatorsOf(physicalPlan(rel, options, true), options, shared);
}

/** A plan's operators, made anew. @param shared as of `operatorPlan`. */
export function operatorsOf(plan: PhysicalNode, options: SessionOptions, shared: SharedPlans): OperatorPlan {
  const session = sessionSettings(options);
  const { reuseSubPlans } = planOptionsOf(options, sessionEvaluation(session));
  return lowerPlan(plan, session, reuseSubPlans ? shared : null);
}

/** Of the query, wherever its SELECT lists stand. */
function hintsOf(rel: Rel): Hints {
  const own = rel.kind === "project" ? rel.hints : [];
  return [...own, ...inputsOfRel(rel).flatMap((input) => [...hintsOf(input)])] as Hints;
}

/** The whole statement as a tree: the table is its root. */
export function sinkRel({ sink, rel, node }: BoundInsert): Rel {
  return {
    kind: "sink",
    input: rel,
    table: sink,
    onConflict: onConflictOf(node),
    columns: rel.columns,
    targets: targetsOf(sink, node),
    span: node.span,
  };
}

function targetsOf(sink: BoundInsert["sink"], { columns }: BoundInsert["node"]): readonly number[] | null {
  return columns.length === 0 ? null : columns.map((target) => sink.columns.findIndex(({ name }) => name === target.name));
}

function onConflictOf(node: BoundInsert["node"]): Extract<Rel, { kind: "sink" }>["onConflict"] {
  return "onConflict" in node ? (node.onConflict as Extract<Rel, { kind: "sink" }>["onConflict"]) : null;
}
