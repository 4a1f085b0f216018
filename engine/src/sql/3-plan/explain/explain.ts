/** EXPLAIN: the sections, in Flink's layout. */
import type { Rel } from "../../2-analyze/rel.ts";
import { physicalInputs, type PhysicalNode } from "../physical.ts";
import type { Advice } from "./advice.ts";
import { logicalText } from "./logical-text.ts";
import { describePhysical } from "./physical-text.ts";
import { type Reuse, reusedText } from "./reuse-text.ts";
import { treeText } from "./tree-text.ts";

export interface ExplainedPlan {
  /** The logical tree before any rule. */
  readonly logical: Rel;
  readonly physical: PhysicalNode;
}

export interface ExplainDetails {
  readonly changelogMode: boolean;
  /** ESTIMATED_COST. */
  readonly estimatedCost: boolean;
  /** PLAN_ADVICE; null = not asked for. */
  readonly advice: readonly Advice[] | null;
  /** JSON_EXECUTION_PLAN; null = not asked for. */
  readonly executionPlan: string | null;
  /** Absent = everything that can be. */
  readonly reuse?: Reuse;
}

export function explainText(
  plans: readonly ExplainedPlan[],
  { changelogMode, estimatedCost, advice, executionPlan, reuse = { subPlans: true, sources: true } }: ExplainDetails,
): string {
  const numbered = advice ?? [];
  const adviceOf = (node: PhysicalNode): number | null => {
    const at = numbered.findIndex(({ nodes }) => nodes.has(node));
    return at < 0 ? null : at + 1;
  };
  const describe = (node: PhysicalNode): string => describePhysical(node, { changelogMode, estimatedCost, adviceOf });
  const ast = plans.map(({ logical }) => logicalText(logical)).join("\n");
  const physical = plans.map((plan) => treeText(plan.physical, describe, physicalInputs)).join("\n");
  const execution = reusedText(
    plans.map((plan) => plan.physical),
    reuse,
  );
  const sections = [
    `== Abstract Syntax Tree ==\n${ast}`,
    `== Optimized Physical Plan${advice === null ? "" : " With Advice"} ==\n${physical}${advice === null ? "" : `\n${adviceText(advice)}`}`,
    `== Optimized Execution Plan ==\n${execution}`,
  ];
  if (executionPlan !== null) sections.push(`== Physical Execution Plan ==\n${executionPlan}`);
  return sections.join("\n");
}

function adviceText(advice: readonly Advice[]): string {
  if (advice.length === 0) return "No available advice...\n";
  return advice.map(({ text }, i) => `advice[${i + 1}]: ${text}\n`).join("");
}
