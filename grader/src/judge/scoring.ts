/**
 * Score per group. `worlds`: its weight × worlds passed ÷ worlds, rounded down, so that full marks mean every world; `all`: everything or
 * nothing. Worlds that were not run (a limit was hit before, or a required group did not pass) count as not passed.
 */
import type { Problem } from "../pack/problem.ts";
import type { PlannedWorld } from "../plan/plan.ts";
import type { GroupResult } from "./report.ts";
import type { Verdict } from "./verdict.ts";

/** What scoring needs of a world's result. */
export interface ScoredWorld {
  readonly group: string;
  readonly verdict: Verdict;
}

/** Groups without a world give their full weight: there is nothing to fail. */
export function scoreGroups(problem: Problem, planned: readonly PlannedWorld[], results: readonly ScoredWorld[]): GroupResult[] {
  const groups: GroupResult[] = [];
  for (const group of problem.groups) {
    const total = planned.filter((world) => world.scenario.group === group.name).length;
    const passed = results.filter((result) => result.group === group.name && result.verdict === "accepted").length;
    const waitsFor = unmet(problem, group.name, groups);
    const share = total === 0 ? 1 : group.scoring === "all" ? Math.floor(passed / total) : passed / total;
    const score = waitsFor.length > 0 ? 0 : Math.floor(group.weight * share);
    groups.push({ name: group.name, title: group.title, score, maxScore: group.weight, passed, total, waitsFor });
  }
  return groups;
}

/** Groups that this one requires and that have not passed entirely, by what is known so far. A required group stands before the one that requires it. */
export function unmet(
  problem: Problem,
  name: string,
  known: readonly Pick<GroupResult, "name" | "passed" | "total" | "waitsFor">[],
): string[] {
  const requires = problem.groups.find((group) => group.name === name)?.requires ?? [];
  return requires.filter((required) => {
    const result = known.find((group) => group.name === required);
    return result === undefined || result.waitsFor.length > 0 || result.passed < result.total;
  });
}
