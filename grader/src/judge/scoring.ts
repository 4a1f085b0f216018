/**
 * Score per group: its weight × worlds passed ÷ worlds in the group, rounded down, so that full marks mean every world. Worlds that were
 * not run (the program hit a limit before) count as not passed.
 */
import type { Problem } from "../pack/problem.ts";
import type { PlannedWorld } from "../plan/plan.ts";
import type { GroupResult, WorldResult } from "./report.ts";

/** Groups without a world give their full weight: there is nothing to fail. */
export function scoreGroups(problem: Problem, planned: readonly PlannedWorld[], results: readonly WorldResult[]): GroupResult[] {
  return problem.groups.map((group): GroupResult => {
    const total = planned.filter((world) => world.scenario.group === group.name).length;
    const passed = results.filter((result) => result.group === group.name && result.verdict === "accepted").length;
    const score = total === 0 ? group.weight : Math.floor((group.weight * passed) / total);
    return { name: group.name, title: group.title, score, maxScore: group.weight, passed, total };
  });
}
