/** The first world in which a program fails, and nothing else about it: no report, no words. For mutants, which are many and mostly fail at once. */
import type { Problem } from "../pack/problem.ts";
import { type PlannedWorld, planWorlds } from "../plan/plan.ts";
import { complaintAboutPlan, type JudgeParts, judgeInWorld } from "./judge.ts";
import type { Submission } from "./report.ts";
import { programOf, Trial } from "./trial.ts";
import type { Verdict } from "./verdict.ts";

export type Failure =
  | { readonly kind: "failed"; readonly verdict: Verdict; readonly world: string | null }
  /** No program: it does not compile, or has types that do not fit. */
  | { readonly kind: "uncompilable" }
  /** What it compiles to is one of `known`. */
  | { readonly kind: "known" }
  | { readonly kind: "none" };

export interface FailureSearch {
  /** Orders the worlds by their keys, most telling first. */
  readonly worlds: (keys: readonly string[]) => readonly string[];
  /** Programs that need no second look; the one at hand is added. */
  readonly known: Set<string>;
}

/** Names a world within its problem. */
function keyOf({ scenario, seed }: PlannedWorld): string {
  return `${scenario.name}, seed ${seed}`;
}

export async function findFailure(parts: JudgeParts, problem: Problem, submission: Submission, search: FailureSearch): Promise<Failure> {
  // Types last: they cost more than the world in which most mutants fail.
  const program = await programOf(parts.compile, problem, submission, { checkTypes: false });
  if (program.load === null) return { kind: "uncompilable" };
  const { load, settings } = program;
  const code = load.language === "sql" ? [load.script, load.functions?.code.script] : [load.code.script];
  const compiled = JSON.stringify([code, settings]);
  if (search.known.has(compiled)) return { kind: "known" };
  search.known.add(compiled);
  const planned = new Map(planWorlds(problem).map((world) => [keyOf(world), world]));
  const trial = new Trial(parts.pool, { ...program, load }, problem.limits);
  try {
    for (const key of search.worlds([...planned.keys()])) {
      const world = planned.get(key);
      if (world === undefined) continue;
      const { verdict } = await judgeInWorld(parts, problem, submission.language, trial, world);
      if (verdict === "compile-error") return { kind: "uncompilable" };
      if (verdict !== "accepted") return { kind: "failed", verdict, world: key };
    }
    const complaint = await complaintAboutPlan(problem, submission, trial, [...planned.values()]);
    if (complaint !== null) return { kind: "failed", verdict: "wrong-output", world: null };
  } finally {
    trial.close();
  }
  const typed = await programOf(parts.compile, problem, submission, { checkTypes: true });
  return typed.load === null ? { kind: "uncompilable" } : { kind: "none" };
}
