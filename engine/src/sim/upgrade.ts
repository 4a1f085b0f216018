/**
 * A job and its successors in one world: version 1 runs, is stopped with a savepoint, version 2 takes over from it. Topics, databases and
 * whatever else is outside the cluster live on between them, and so does virtual time.
 */
import type { JobProgram } from "../graph/stream-graph.ts";
import type { ClaimMode, RestoreSettings, Savepoint } from "../runtime/checkpoint/savepoint.ts";
import type { JobFailure, RunOutcome, RunStatus } from "./outcome.ts";
import type { RunOptions } from "./run.ts";
import { type Ending, WorldRun } from "./run-world.ts";
import type { World, WorldEnd } from "./world.ts";

/** One version of a job, from its start to its end. */
export interface JobPhase {
  readonly program: JobProgram;
  /** Default parallelism of this version (`parallelism.default`). Absent = the world's cluster says. */
  readonly parallelism?: number;
  /** How it is ended. Absent = as the world ends. A drain that is not in the last phase comes as soon as the job is at rest. */
  readonly end?: WorldEnd;
  /** Virtual time between the end of the phase before and the start of this one, ms (default 0). */
  readonly downtimeMs?: number;
  /**
   * What it starts from: `"latest"` (default) is the last savepoint of the phases before, or nothing when there is none; `"empty"` is
   * nothing; else a savepoint of one's own.
   */
  readonly startFrom?: "latest" | "empty" | Savepoint;
  /** What becomes of the savepoint in between, when it is rewritten or kept in a file; default: nothing. (Flink: State Processor API) */
  readonly rewrite?: (savepoint: Savepoint) => Savepoint;
  /** Leave out state of operators that this version does not have; default false. */
  readonly allowNonRestoredState?: boolean;
  /** Default NO_CLAIM. */
  readonly claimMode?: ClaimMode;
}

/** A savepoint in the hands of the job that started from it. */
export interface StartedFrom {
  readonly savepoint: Savepoint;
  /** True when the job owned it (claim mode CLAIM) and has deleted it, since a checkpoint of its own took its place. */
  readonly deleted: boolean;
}

/** How one version fared. */
export interface PhaseOutcome {
  /** `canceled` = by its end, with or without savepoint. */
  readonly status: RunStatus | "canceled";
  /** Why it failed. A `rejected` version was refused by the job manager, before any task ran. */
  readonly failure: JobFailure | null;
  /** Virtual time of its start, epoch ms. */
  readonly startMs: number;
  /** Virtual time of its end, epoch ms. */
  readonly endMs: number;
  readonly restarts: number;
  /** What it started from; null = nothing. */
  readonly startedFrom: StartedFrom | null;
  /** What it left behind for a successor; null when no savepoint was taken. */
  readonly savepoint: Savepoint | null;
}

/** What became of all versions and of the world. */
export interface UpgradeOutcome {
  /** One entry per phase that was started; the last one tells why nothing follows it. */
  readonly phases: readonly PhaseOutcome[];
  /** The world at the end, with sizes, counters and metrics of the last job. */
  readonly outcome: RunOutcome;
}

/**
 * Runs the versions one after the other. A version that fails, is refused or hits a limit is the last.
 *
 * @throws InvariantViolation for a bug of the engine, and nothing else.
 */
export function runUpgrade(phases: readonly JobPhase[], world: World, options: RunOptions = {}): UpgradeOutcome {
  if (phases.length === 0) throw new RangeError("An upgrade needs at least one phase.");
  const run = new WorldRun(world, options);
  const outcomes: PhaseOutcome[] = [];
  let latest: Savepoint | null = options.startFrom?.savepoint ?? null;
  let ending: Ending | null = null;
  for (const [index, phase] of phases.entries()) {
    if (index > 0) run.pass(phase.downtimeMs ?? 0);
    const startMs = run.loop.currentMs();
    const restore = restoreOf(phase, latest);
    ending = run.job({
      program: phase.program,
      parallelism: phase.parallelism,
      end: phase.end ?? world.end,
      restore,
      lastInWorld: index === phases.length - 1,
    });
    const { status, failure, master } = ending;
    const savepoint = master?.savepoint ?? null;
    latest = savepoint ?? latest;
    const startedFrom = restore === null ? null : { savepoint: restore.savepoint, deleted: master?.discardedRestore ?? false };
    outcomes.push({ status, failure, startMs, endMs: run.loop.currentMs(), restarts: master?.restarts ?? 0, startedFrom, savepoint });
    if (status !== "finished" && status !== "canceled") break;
  }
  return { phases: outcomes, outcome: run.outcome(ending as Ending) };
}

function restoreOf(phase: JobPhase, latest: Savepoint | null): RestoreSettings | null {
  const { startFrom = "latest", rewrite, allowNonRestoredState, claimMode } = phase;
  const savepoint = startFrom === "latest" ? latest : startFrom === "empty" ? null : startFrom;
  if (savepoint === null) return null;
  return {
    savepoint: rewrite === undefined ? savepoint : rewrite(savepoint),
    ...(allowNonRestoredState === undefined ? {} : { allowNonRestoredState }),
    ...(claimMode === undefined ? {} : { claimMode }),
  };
}
