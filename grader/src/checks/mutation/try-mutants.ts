/**
 * Mutation testing of an accepted submission: each mutant meets the worlds that learners meet until one of them tells it from a right answer. Worlds that told
 * most mutants so far come first, so that most are done after one run.
 */
import type { Grader } from "../../grader.ts";
import type { BundledSubmission, Problem } from "../../pack/problem.ts";
import type { Mutant } from "./mutant.ts";
import { mutantsOf } from "./mutate.ts";

export interface MutationReport {
  readonly killed: number;
  /** Did not compile, or compiled to another one's program. */
  readonly dropped: number;
  /** Declared, and indeed not told apart. */
  readonly equivalent: number;
  readonly survivors: readonly Mutant[];
  /** What is wrong with `equivalent` in submissions.yaml. */
  readonly misdeclared: readonly string[];
  /** Not tried for lack of time. */
  readonly untried: number;
}

export interface MutationOptions {
  /** Wall time for one submission's mutants. */
  readonly maxMs: number;
  /** What is known of the problem's worlds; to be shared by its submissions. */
  readonly order: WorldOrder;
}

export async function tryMutants(
  grader: Grader,
  problem: Problem,
  submission: BundledSubmission,
  { maxMs, order }: MutationOptions,
): Promise<MutationReport> {
  const deadline = performance.now() + maxMs;
  const mutants = mutantsOf(problem, submission);
  const declared = Object.keys(submission.equivalent);
  const known = new Set<string>();
  const survivors: Mutant[] = [];
  const misdeclared = declared
    .filter((name) => !mutants.some((mutant) => mutant.name === name))
    .map((name) => `submissions.yaml declares an equivalent mutant that does not exist: ${name}`);
  let [killed, dropped, equivalent, untried] = [0, 0, 0, 0];
  for (const mutant of mutants) {
    if (performance.now() > deadline) {
      untried++;
      continue;
    }
    const isDeclared = declared.includes(mutant.name);
    const { language } = submission;
    const program = { language, text: mutant.text, functions: mutant.functions };
    // What is declared equivalent is believed after a look at each kind of world.
    const worlds = (keys: readonly string[]) => (isDeclared ? order.ofEachKind(keys) : order.mostTellingFirst(keys));
    const failure = await grader.findFailure(problem, program, { worlds, known });
    if (failure.kind === "failed") {
      killed++;
      if (failure.world !== null) order.told(failure.world);
      if (isDeclared) misdeclared.push(`declared equivalent, but ${failure.verdict} in ${failure.world ?? "its plan"}: ${mutant.name}`);
    } else if (failure.kind !== "none") {
      dropped++;
      if (isDeclared) misdeclared.push(`declared equivalent, but it is no program: ${mutant.name}`);
    } else if (isDeclared) equivalent++;
    else survivors.push(mutant);
  }
  return { killed, dropped, equivalent, survivors, misdeclared, untried };
}

/** Which worlds told mutants apart, and how often. */
export class WorldOrder {
  readonly #told = new Map<string, number>();

  told(world: string): void {
    this.#told.set(world, (this.#told.get(world) ?? 0) + 1);
  }

  /** Those that told nothing yet keep their turn by seeds: the first of every scenario, then the second. */
  mostTellingFirst(keys: readonly string[]): string[] {
    const seedsBefore = new Map<string, number>();
    const round = new Map<string, number>();
    for (const key of keys) {
      const scenario = scenarioOf(key);
      const before = seedsBefore.get(scenario) ?? 0;
      round.set(key, before);
      seedsBefore.set(scenario, before + 1);
    }
    const toldBy = (key: string) => this.#told.get(key) ?? 0;
    return [...keys].sort((a, b) => toldBy(b) - toldBy(a) || round.get(a)! - round.get(b)!);
  }

  /** One seed of every scenario. */
  ofEachKind(keys: readonly string[]): string[] {
    const seen = new Set<string>();
    return keys.filter((key) => {
      const isNew = !seen.has(scenarioOf(key));
      seen.add(scenarioOf(key));
      return isNew;
    });
  }
}

function scenarioOf(world: string): string {
  return world.slice(0, world.lastIndexOf(","));
}
