/** The door's class: owns the processes and puts the stages together. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DiagnosticData } from "@millrace/engine";
import type { MissingCondition, World } from "@millrace/engine/sim";
import { CompileService } from "./compile/compile-service.ts";
import { compileSubmission, hasFunctions } from "./compile/compile-submission.ts";
import { WorldChecks } from "./judge/check-world.ts";
import { DecideForms } from "./judge/forms/decide-form.ts";
import type { FormKind } from "./judge/forms/form-kind.ts";
import { settingsForm } from "./judge/forms/settings-form.ts";
import { TraceForms } from "./judge/forms/trace-form.ts";
import { type Failure, type FailureSearch, findFailure } from "./judge/find-failure.ts";
import { type JudgeOptions, type JudgeParts, judge } from "./judge/judge.ts";
import { JudgeFault } from "./judge/judge-fault.ts";
import { placed } from "./feedback/place.ts";
import { headlineOfEnd } from "./feedback/headline.ts";
import { References } from "./judge/references.ts";
import type { LocalProgram } from "./judge/local-run.ts";
import { makeRunKit } from "./judge/make-run-kit.ts";
import {
  isForm,
  type JudgeProgress,
  type JudgeReport,
  type SampleReport,
  type SampleWorldReport,
  type Submission,
} from "./judge/report.ts";
import type { RunKit } from "./judge/run-kit.ts";
import { runSamples } from "./judge/sample-run.ts";
import { runChanged } from "./judge/changed-run.ts";
import type { ChangeableWorld, ChangedRunAnswer } from "./judge/changed-run-report.ts";
import type { WorldChange } from "./plan/world-changes.ts";
import type { AnswerForm, SampleWorld } from "./judge/samples.ts";
import { sampleWorlds } from "./judge/sample-worlds.ts";
import { findIndeterminism } from "./judge/determinism.ts";
import { crashJob, explainJob, type JobCrashes, type JobPlan, type JobRun, type JobWorld, runJob } from "./judge/run-job.ts";
import { type JunkReport, junkAttack } from "./judge/junk-attack.ts";
import { SubmissionRunner } from "./judge/run-submission.ts";
import { programOf } from "./judge/trial.ts";
import type { BundledSubmission, Problem, Scenario } from "./pack/problem.ts";
import { AuthorSandbox } from "./sandbox/author-sandbox.ts";
import { engineSourceDir } from "./sandbox/engine-sources.ts";
import { canFork } from "./sandbox/fork.ts";
import { guestFiles } from "./sandbox/guest-files.ts";
import { Nursery } from "./sandbox/nursery.ts";
import { WarmPool } from "./sandbox/warm-pool.ts";

export interface GraderOptions {
  /** Grading processes kept warm; default 2. */
  readonly poolSize?: number;
  /** Submissions that one process serves; default 1, as it must be for submissions of people who do not know each other. */
  readonly submissionsPerProcess?: number;
  /**
   * How often a process runs the warm-up programs, after `start`, before those of submissions are forked off it: verdicts come about twice as fast from
   * then on. WARM_UP_ROUNDS is worth while for a grader that judges for hours. Linux only, elsewhere it has no effect. Default 0: no process is forked.
   */
  readonly warmUpRounds?: number;
  /** Node's flags for grading processes, besides their own; default none. What a judgement comes to is the same with all of them. */
  readonly nodeFlags?: readonly string[];
  /** Told of every failure of our own; default: printed to stderr. The learner sees `judge-error`. */
  readonly onFault?: (fault: Error) => void;
}

const DEFAULT_LIMITS = { cpuMs: 3000, rssBytes: 350 * 1024 * 1024 };

interface Started extends JudgeParts {
  readonly nursery: Nursery | null;
  readonly sandbox: AuthorSandbox;
  readonly traces: TraceForms;
  readonly decisions: DecideForms;
}

/** Judges submissions. Methods may be called concurrently; `close` ends every process. */
export class Grader {
  readonly #options: GraderOptions;
  #started: Promise<Started> | null = null;
  #warm: Promise<boolean> | null = null;
  #nursery: Nursery | null = null;

  constructor(options: GraderOptions = {}) {
    this.#options = options;
  }

  /** Builds what is stale and warms all processes up. The other methods start on their own; this only makes the first one quick. */
  async start(): Promise<void> {
    const parts = await this.#parts();
    await Promise.all([parts.compile.start(), parts.pool.start(), parts.sandbox.start()]);
    this.#warm ??= this.#warmUp(parts);
  }

  /** True while the processes of submissions are forked off a warm one. */
  get isWarm(): boolean {
    return this.#nursery?.isWarm === true;
  }

  /** Resolves when the processes of submissions are forked off a warm one; true = they are, false = they will not be. `start` begins with it. */
  async warm(): Promise<boolean> {
    await this.start();
    return this.#warm ?? false;
  }

  async #warmUp({ nursery }: Started): Promise<boolean> {
    if (nursery === null) return false;
    try {
      await nursery.start();
      this.#nursery = nursery;
      return true;
    } catch (error) {
      if (this.#started !== null) this.#fault(error);
      return false;
    }
  }

  /** Run: the sample worlds. Never rejects for reasons of the submission or of ours: those are verdicts. */
  async runSamples(problem: Problem, submission: Submission): Promise<SampleReport> {
    try {
      const parts = await this.#parts();
      const form = formKindOf(parts, problem);
      if (form === null) return await runSamples(parts, problem, submission);
      return sampleReportOf(problem, await form.judge(problem, submission, parts.engineVersion));
    } catch (error) {
      this.#fault(error);
      return {
        verdict: "judge-error",
        headline: headlineOfEnd("judge-error", null, problem.limits),
        worlds: [],
        diagnostics: [],
        ranInMs: 0,
      };
    }
  }

  /**
   * A world that its submitter has seen, with changes, recorded; nothing is compared. Answers that are forms have no program that could run. Rejects with
   * a JudgeFault for failures of ours.
   */
  async runChanged(
    problem: Problem,
    submission: Submission,
    of: ChangeableWorld,
    changes: readonly WorldChange[],
  ): Promise<ChangedRunAnswer> {
    const parts = await this.#parts();
    if (formKindOf(parts, problem) === null) return runChanged(parts, problem, submission, of, changes);
    return { kind: "refused", change: null, message: "This problem is answered without a program: nothing runs that could be changed." };
  }

  /** Submit: all worlds. Never rejects, as `runSamples`. */
  async judge(
    problem: Problem,
    submission: Submission,
    onProgress: (progress: JudgeProgress) => void = () => undefined,
    options: Omit<JudgeOptions, "onProgress"> = {},
  ): Promise<JudgeReport> {
    let engineVersion = "unknown";
    try {
      const parts = await this.#parts();
      engineVersion = parts.engineVersion;
      const form = formKindOf(parts, problem);
      if (form === null) return await judge(parts, problem, submission, { ...options, onProgress });
      onProgress({ kind: "compiling" });
      const report = await form.judge(problem, submission, parts.engineVersion);
      onProgress({ kind: "planned", worlds: report.worlds });
      for (const result of report.worlds) onProgress({ kind: "world", result });
      onProgress({ kind: "finished", report });
      return report;
    } catch (error) {
      this.#fault(error);
      const report = judgeErrorReport(problem, engineVersion);
      onProgress({ kind: "finished", report });
      return report;
    }
  }

  /** Diagnostics while the learner types. */
  async check(problem: Problem, submission: Submission): Promise<readonly DiagnosticData[]> {
    const parts = await this.#parts();
    const form = formKindOf(parts, problem);
    if (form !== null) return form.check(problem, submission);
    const { diagnostics, load } = await programOf(parts.compile, problem, submission, { checkTypes: true });
    if (load === null || !hasFunctions(submission)) return diagnostics;
    const runner = new SubmissionRunner(parts.pool, load, problem.limits);
    try {
      return (await runner.check()).map((diagnostic) => placed(diagnostic, submission.text));
    } finally {
      runner.close();
    }
  }

  /** A scenario's world as the judge runs it. Rejects with a JudgeFault when the pack is broken. */
  async worldOf(problem: Problem, scenario: Scenario, seed: number): Promise<World> {
    return (await this.#parts()).references.world(problem, scenario, seed);
  }

  /** Inputs and expected outputs of the samples. Rejects with a JudgeFault when the pack is broken. */
  async sampleWorlds(problem: Problem): Promise<SampleWorld[]> {
    const { references } = await this.#parts();
    return problem.kind === "trace" || problem.kind === "decide" ? [] : sampleWorlds(references, problem);
  }

  /** What a browser needs to run the samples by itself; null = they run here only. Rejects with a JudgeFault when the pack is broken. */
  async runKit(problem: Problem): Promise<RunKit | null> {
    return makeRunKit((await this.#parts()).references, problem);
  }

  /**
   * A submission as the guest wants it, types unchecked; for problems that have a run kit. The first mistakes when it cannot be made. Rejects with a
   * JudgeFault for failures of ours.
   */
  async programOf(problem: Problem, submission: Submission): Promise<LocalProgram> {
    if (isForm(submission.language) || problem.tune !== null) throw new JudgeFault(`${problem.id} has no program that could be handed out`);
    return compileSubmission((await this.#parts()).compile, problem, submission, { checkTypes: false });
  }

  /** What is to be filled in; null for problems that are answered with a program. `variation`: see `AnswerForm`. */
  async answerForm(problem: Problem, variation = 0): Promise<AnswerForm | null> {
    if (problem.kind === "tune") return settingsForm(problem);
    const form = formKindOf(await this.#parts(), problem);
    return form === null ? null : form.form(problem, variation);
  }

  /** The answer that a bundled solver gives to a variation of a trace question. Rejects with a JudgeFault when it cannot. */
  async solveTrace(problem: Problem, solver: BundledSubmission, variation: number): Promise<string> {
    return (await this.#parts()).traces.solve(problem, solver, variation);
  }

  /** One job in one world, nothing compared (`millrace run`). Rejects with a JudgeFault for failures of ours. */
  async runJob(problem: Problem, submission: Submission, world: JobWorld): Promise<JobRun> {
    return runJob(await this.#parts(), problem, submission, world);
  }

  /** One job's plan as text (`millrace run --explain`). Rejects with a JudgeFault for failures of ours. */
  async explainJob(problem: Problem, submission: Submission, world: { scenario: Scenario; seed: number }): Promise<JobPlan> {
    return explainJob(await this.#parts(), problem, submission, world);
  }

  /** One job crashed at each of its points (`millrace crashpoints`). Rejects with a JudgeFault for failures of ours. */
  async crashJob(
    problem: Problem,
    submission: Submission,
    world: { scenario: Scenario; seed: number; missing: readonly MissingCondition[] },
  ): Promise<JobCrashes> {
    return crashJob(await this.#parts(), problem, submission, world);
  }

  /** Scenarios in which the reference does not repeat itself; empty when all is well. */
  async findIndeterminism(problem: Problem): Promise<string[]> {
    return findIndeterminism(await this.#parts(), problem);
  }

  /** Whether a program fails anywhere (mutants of `pack verify`). Rejects with a JudgeFault for failures of ours. */
  async findFailure(problem: Problem, submission: Submission, search: FailureSearch): Promise<Failure> {
    return findFailure(await this.#parts(), problem, submission, search);
  }

  /** Wrong outputs against the problem's comparison (`pack verify`). Rejects with a JudgeFault when the reference does not run. */
  async junkAttack(problem: Problem): Promise<JunkReport> {
    const { references, checks } = await this.#parts();
    return junkAttack(references, checks, problem);
  }

  async close(): Promise<void> {
    const started = this.#started;
    this.#started = null;
    this.#warm = null;
    this.#nursery = null;
    if (started === null) return;
    const parts = await started;
    parts.nursery?.close();
    parts.compile.close();
    parts.pool.close();
    parts.sandbox.close();
  }

  #parts(): Promise<Started> {
    this.#started ??= this.#build();
    return this.#started;
  }

  async #build(): Promise<Started> {
    const { poolSize = 2, submissionsPerProcess = 1, nodeFlags = [], warmUpRounds = 0 } = this.#options;
    const files = await guestFiles(nodeFlags);
    const compile = new CompileService();
    const nursery =
      warmUpRounds > 0 && canFork()
        ? new Nursery(
            files,
            warmUpRounds,
            (fault) => this.#fault(fault),
            () => pool.renew(),
          )
        : null;
    const pool = new WarmPool(files, { size: poolSize, limits: DEFAULT_LIMITS, maxUses: submissionsPerProcess, nursery });
    const sandbox = new AuthorSandbox(files);
    const references = new References(compile, sandbox);
    const checks = new WorldChecks(references, sandbox);
    const traces = new TraceForms(references, sandbox);
    const onFault = (fault: unknown) => this.#fault(fault);
    const judging = { compile, pool, references, checks, engineVersion: readEngineVersion(), onFault };
    return { ...judging, nursery, sandbox, traces, decisions: new DecideForms() };
  }

  #fault(error: unknown): void {
    const fault = error instanceof Error ? error : new JudgeFault(String(error));
    if (this.#options.onFault !== undefined) this.#options.onFault(fault);
    else console.error(fault);
  }
}

/** null = the answers are programs, or settings of one. */
function formKindOf(parts: Started, problem: Problem): FormKind | null {
  if (problem.kind === "trace") return parts.traces;
  return problem.kind === "decide" ? parts.decisions : null;
}

function readEngineVersion(): string {
  const manifest = JSON.parse(readFileSync(join(engineSourceDir(), "../package.json"), "utf8")) as { version: string };
  return manifest.version;
}

function judgeErrorReport(problem: Problem, engineVersion: string): JudgeReport {
  return {
    verdict: "judge-error",
    headline: headlineOfEnd("judge-error", null, problem.limits),
    score: 0,
    maxScore: problem.groups.reduce((sum, group) => sum + group.weight, 0),
    groups: [],
    worlds: [],
    difference: null,
    explanation: null,
    measures: [],
    diagnostics: [],
    hint: null,
    engineVersion,
    packVersion: problem.version,
    judgedInMs: 0,
  };
}

/** A form has one world and no recording; Run tells as much as Submit. */
function sampleReportOf(problem: Problem, report: JudgeReport): SampleReport {
  const scenario = problem.scenarios[0];
  const { verdict, headline, difference } = report;
  const world = {
    index: 1,
    name: scenario?.name ?? "",
    title: scenario?.title ?? "",
    faults: scenario?.faults ?? [],
    verdict,
    headline,
    difference,
  };
  const worlds: SampleWorldReport[] =
    verdict === "compile-error" ? [] : [{ ...world, runMs: 0, topics: [], measures: [], printed: [], recording: null }];
  return { verdict, headline, worlds, diagnostics: report.diagnostics, ranInMs: report.judgedInMs };
}
