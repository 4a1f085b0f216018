/** EXPLAIN: the plans of statements as one text. */
import { executionPlan } from "../../graph/execution-plan.ts";
import type { JobProgram } from "../../graph/stream-graph.ts";
import type { ExplainDetail } from "../1-parse/ast.ts";
import type { Rel } from "../2-analyze/rel.ts";
import { adviceOn } from "../3-plan/explain/advice.ts";
import { explainText } from "../3-plan/explain/explain.ts";
import { planOptionsOf } from "../3-plan/plan-options.ts";
import { sessionEvaluation } from "../session-evaluation.ts";
import { physicalPlan } from "./plan-statement.ts";
import { sessionSettings } from "./session-settings.ts";

export interface ExplainRequest {
  /** One tree for each statement; INSERTs with their tables as roots. */
  readonly rels: readonly Rel[];
  readonly options: ReadonlyMap<string, string>;
  readonly details: readonly ExplainDetail[];
  /** What would run; asked for its graph only. */
  readonly program: () => JobProgram;
}

/** Throws SqlError. */
export function explain({ rels, options, details, program }: ExplainRequest): string {
  const plans = rels.map((logical) => ({ logical, physical: physicalPlan(logical, options, false) }));
  const planOptions = planOptionsOf(options, sessionEvaluation(sessionSettings(options)));
  const roots = plans.map(({ physical }) => physical);
  return explainText(plans, {
    changelogMode: details.includes("CHANGELOG_MODE"),
    estimatedCost: details.includes("ESTIMATED_COST"),
    reuse: { subPlans: planOptions.reuseSubPlans, sources: planOptions.reuseSources },
    advice: details.includes("PLAN_ADVICE") ? adviceOn(roots, planOptions) : null,
    executionPlan: details.includes("JSON_EXECUTION_PLAN") ? executionPlan(program().instantiate()) : null,
  });
}
