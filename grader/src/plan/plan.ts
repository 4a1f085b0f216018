/** Which worlds a submission has to pass: every scenario with each of its seeds, samples first. */
import type { Problem, Scenario } from "../pack/problem.ts";

export interface PlannedWorld {
  /** 1-based. */
  readonly index: number;
  readonly scenario: Scenario;
  readonly seed: number;
}

/** Other seeds than the scenarios' own (pack verify). */
export interface PlanOptions {
  /** Instead of them 1 … n, for all but samples. */
  readonly seedsPerSecret?: number | undefined;
  /** The first n of them. */
  readonly mostSeeds?: number | undefined;
}

export function planWorlds(problem: Problem, { seedsPerSecret, mostSeeds }: PlanOptions = {}): PlannedWorld[] {
  const planned: PlannedWorld[] = [];
  for (const scenario of problem.scenarios) {
    const many = seedsPerSecret !== undefined && scenario.visibility !== "sample";
    const seeds = many ? Array.from({ length: seedsPerSecret }, (_, index) => index + 1) : scenario.seeds.slice(0, mostSeeds);
    for (const seed of seeds) planned.push({ index: planned.length + 1, scenario, seed });
  }
  return planned;
}

/** The sample worlds only, one seed each. */
export function planSamples(problem: Problem): PlannedWorld[] {
  const samples = problem.scenarios.filter((scenario) => scenario.visibility === "sample");
  return samples.map((scenario, index) => ({ index: index + 1, scenario, seed: scenario.seeds[0] ?? 1 }));
}
