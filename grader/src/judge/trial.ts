/**
 * A submission that is to be run: compiled, and in kind `tune` the given job with the submission's settings. It meets the worlds of its references
 * one after the other, in a grading process of its own.
 */
import type { DiagnosticData } from "@millrace/engine";
import type { CompileService } from "../compile/compile-service.ts";
import { compileSubmission, type LoadRequest } from "../compile/compile-submission.ts";
import type { Problem } from "../pack/problem.ts";
import type { WarmPool } from "../sandbox/warm-pool.ts";
import { JudgeFault } from "./judge-fault.ts";
import type { ReferenceRun } from "./references.ts";
import type { Submission } from "./report.ts";
import { type SubmissionPlan, SubmissionRunner } from "./run-submission.ts";
import type { SubmissionRun } from "./submission-run.ts";
import { readSettings, type Settings, withSettings } from "./settings.ts";

/** What is needed to run a submission; `load` is null when it cannot be run. */
export interface Program {
  readonly load: LoadRequest | null;
  readonly diagnostics: readonly DiagnosticData[];
  /** Kind `tune` only. */
  readonly settings: Settings | null;
}

export async function programOf(
  compile: CompileService,
  problem: Problem,
  submission: Submission,
  options: { readonly checkTypes: boolean },
): Promise<Program> {
  if (problem.tune === null) return { ...(await compileSubmission(compile, problem, submission, options)), settings: null };
  const { settings, diagnostics } = readSettings(problem.tune, submission.text);
  if (diagnostics.length > 0) return { load: null, diagnostics, settings };
  const job = await compileSubmission(compile, problem, problem.reference, { checkTypes: false });
  if (job.load === null) throw new JudgeFault(`${problem.id}: the job does not compile: ${job.diagnostics[0]?.message}`);
  return { ...job, settings };
}

export interface TrialOptions {
  readonly record: boolean;
  readonly maxRecordingEvents: number;
  readonly maxChars: number;
  /** False: nobody will look at the metrics. Default true. */
  readonly metrics?: boolean;
  /** Added to the world's seed: another schedule of the same world. */
  readonly scheduleShift?: number;
}

export class Trial {
  readonly #runner: SubmissionRunner;
  readonly #settings: Settings | null;

  constructor(pool: WarmPool, program: Program & { readonly load: LoadRequest }, limits: Problem["limits"]) {
    this.#runner = new SubmissionRunner(pool, program.load, limits);
    this.#settings = program.settings;
  }

  /** Runs in the world of a reference. */
  run(reference: Pick<ReferenceRun, "world" | "upgrade">, { scheduleShift = 0, ...options }: TrialOptions): Promise<SubmissionRun> {
    const { upgrade } = reference;
    const world = this.#settings === null ? reference.world : withSettings(reference.world, this.#settings);
    const shifted = scheduleShift === 0 ? world : { ...world, seed: world.seed + scheduleShift };
    return this.#runner.run(shifted, { ...options, ...(upgrade === null ? {} : { upgrade }) });
  }

  explain(parallelism: number): Promise<SubmissionPlan> {
    return this.#runner.explain(parallelism);
  }

  /** The next run is in a new process, which knows nothing of the worlds so far. */
  renew(): void {
    this.#runner.close();
  }

  close(): void {
    this.#runner.close();
  }
}
