/** One seed of the simulation: a job in the world drawn for it, beside the same input where nothing breaks. */
import {
  checkRun,
  drawWorld,
  type OutputRow,
  quietWorld,
  type RunOptions,
  type RunOutcome,
  runWorld,
  systemRows,
  type Violation,
  type World,
} from "../../src/sim.ts";
import { Ledger } from "./swarm-jobs/ledger.ts";
import { programOf, type SwarmJob } from "./swarm-jobs/swarm-job.ts";

export interface SeedResult {
  readonly violations: readonly Violation[];
  /** Of the run with faults. */
  readonly outcome: RunOutcome;
}

export function worldOfSeed(job: SwarmJob, seed: number): World {
  return drawWorld(seed, job.workload);
}

/** Runs a job in a world and looks for everything that does not hold. */
export function checkWorld(job: SwarmJob, world: World): SeedResult {
  const quiet = run(job, quietWorld(world), {});
  const { outcome, rows } = run(job, world, { record: true, maxRecordingEvents: 1_000_000 });
  if (quiet.outcome.status !== "finished") {
    const message = `even where nothing breaks the run ended as ${quiet.outcome.status}: ${quiet.outcome.failure?.message}`;
    return { violations: [{ checker: "quiet run", message }], outcome };
  }
  return { violations: checkRun({ world, outcome, rows, expected: quiet.rows }, job.promises), outcome };
}

function run(job: SwarmJob, world: World, options: RunOptions): { readonly outcome: RunOutcome; readonly rows: readonly OutputRow[] } {
  const ledger = new Ledger();
  const program = programOf(job, ledger);
  const outcome = runWorld(program, world, options);
  const rows = [...committedRows(job, outcome), ...systemRows(outcome, job.workload.outputSystems ?? []), ...ledger.rows()];
  return { outcome, rows };
}

function committedRows(job: SwarmJob, { topics }: RunOutcome): OutputRow[] {
  return topics
    .filter(({ name }) => job.workload.outputs.includes(name))
    .flatMap(({ name, records }) =>
      records.filter(({ committedAtMs }) => committedAtMs !== null).map(({ key, value }) => ({ place: name, key, value })),
    );
}
