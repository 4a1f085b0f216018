/**
 * Makes a failing world small, running submission and reference side by side in processes of their own; their outputs are compared here, outside of
 * both. "The same failure": the same verdict, and the same kind of first difference in the same output (or the same code of a failed job).
 *
 * Two bounds: a number of runs, which makes results repeatable, and computing time, which is there for programs that are slow in every world.
 */
import { reduceWorldLater, type RunOutcome, type World } from "@millrace/engine/sim";
import type { WorldCheck } from "../checkers/check-outcome.ts";
import type { WorldChecks } from "../judge/check-world.ts";
import type { ReferenceRun } from "../judge/references.ts";
import type { Trial } from "../judge/trial.ts";
import type { Problem } from "../pack/problem.ts";
import { firstComparison } from "./anomaly.ts";
import { sizeOf } from "./world-streams.ts";

const MAX_RUNS = 300;
/** Of both processes together, since they were started for this. */
const MAX_CPU_MS = 3000;
/** For machines that are busy with others. */
const MAX_WALL_MS = 15_000;
/** More parts than this are too many to be read, so nobody asks whether each is needed. */
const MAX_PARTS_TO_TRY = 16;
const MAX_CHARS = 48 * 1024 * 1024;
const MAX_RECORDING_EVENTS = 20_000;

/** Both runs in one world. */
export interface Pair {
  readonly reference: RunOutcome;
  readonly submission: RunOutcome;
  readonly check: WorldCheck;
}

export interface Smallest {
  readonly world: World;
  /** Recorded. */
  readonly pair: Pair;
  readonly runs: number;
  readonly complete: boolean;
  readonly eachNeeded: boolean;
}

export class SmallestWorldSearch {
  readonly #problem: Problem;
  readonly #group: string;
  readonly #checks: WorldChecks;
  readonly #reference: Trial;
  readonly #submission: Trial;
  readonly #startedAt = performance.now();
  #cpuMs = 0;
  #isOver = false;

  /** `problem`: as answers in the submission's language are judged. */
  constructor(problem: Problem, group: string, checks: WorldChecks, trials: { readonly reference: Trial; readonly submission: Trial }) {
    this.#problem = problem;
    this.#group = group;
    this.#checks = checks;
    this.#reference = trials.reference;
    this.#submission = trials.submission;
  }

  /** null when the failure does not repeat itself. */
  async search({ world, upgrade }: Pick<ReferenceRun, "world" | "upgrade">): Promise<Smallest | null> {
    const first = await this.#run(world, upgrade, false);
    const failure = first === null ? null : failureOf(first);
    if (failure === null) return null;
    const stillFails = async (smaller: World) => {
      const pair = await this.#run(smaller, upgrade, false);
      return pair !== null && failureOf(pair) === failure;
    };
    const mayGoOn = () => !this.#isOver && this.#cpuMs < MAX_CPU_MS && performance.now() - this.#startedAt < MAX_WALL_MS;
    const reduced = await reduceWorldLater(world, stillFails, { maxRuns: MAX_RUNS, keepNames: true, mayGoOn });
    const eachNeeded = reduced.complete && mayGoOn() && (await this.#isEachNeeded(reduced.world, upgrade));
    const pair = await this.#run(reduced.world, upgrade, true);
    return pair === null ? null : { ...reduced, pair, eachNeeded };
  }

  async #isEachNeeded(world: World, upgrade: ReferenceRun["upgrade"]): Promise<boolean> {
    const { records, faults } = sizeOf(world);
    const inTopics = world.topics.reduce((sum, { arrivals }) => sum + arrivals.length, 0);
    if (records + faults > MAX_PARTS_TO_TRY || inTopics < records) return false;
    for (const without of withoutOne(world)) {
      const pair = await this.#run(without, upgrade, false);
      if (pair === null || pair.check.verdict !== "accepted") return false;
    }
    return true;
  }

  /** null: one of them came to no outcome, or the reference does not finish in this world. */
  async #run(world: World, upgrade: ReferenceRun["upgrade"], record: boolean): Promise<Pair | null> {
    const options = { record, maxRecordingEvents: record ? MAX_RECORDING_EVENTS : 0, maxChars: MAX_CHARS };
    const [reference, submission] = await Promise.all([
      this.#reference.run({ world, upgrade }, options),
      this.#submission.run({ world, upgrade }, options),
    ]);
    for (const run of [reference, submission]) if (run.kind === "outcome") this.#cpuMs += run.cpuMs;
    // Its process is dead; whatever kills it in a small world may do so in the next.
    if (submission.kind === "limit" || reference.kind === "limit") this.#isOver = true;
    if (reference.kind !== "outcome" || reference.outcome.status !== "finished" || submission.kind !== "outcome") return null;
    const against: ReferenceRun = { world, upgrade, outcome: reference.outcome };
    const check = await this.#checks.check(this.#problem, this.#group, against, submission.outcome);
    return { reference: reference.outcome, submission: submission.outcome, check };
  }
}

/** A name for the way in which a world fails; null = it does not, or in a way that a smaller world would not explain. */
export function failureOf({ check, submission }: Pick<Pair, "check" | "submission">): string | null {
  switch (check.verdict) {
    case "lost-records":
    case "duplicate-records":
    case "wrong-output":
    case "late-data": {
      const comparison = firstComparison(check);
      const kind = comparison === null ? "checker" : `${comparison.spec.topic} ${comparison.differences[0]!.kind}`;
      return `${check.verdict} ${kind}`;
    }
    case "runtime-error":
    case "restore-failed":
      return `${check.verdict} ${submission.status} ${submission.failure?.code ?? ""} ${submission.failure?.operator ?? ""}`;
    default:
      return null;
  }
}

function* withoutOne(world: World): Generator<World> {
  for (const at of world.faults.keys()) yield { ...world, faults: world.faults.filter((_, index) => index !== at) };
  for (const topic of world.topics) {
    for (const at of topic.arrivals.keys()) {
      const shorter = { ...topic, arrivals: topic.arrivals.filter((_, index) => index !== at) };
      yield { ...world, topics: world.topics.map((other) => (other === topic ? shorter : other)) };
    }
  }
}
