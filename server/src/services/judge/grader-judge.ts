/**
 * The grader as the server's judge: finds the problem behind an id, which routes never hold, and hands the question on. The grader
 * answers its own failures with the verdict `judge-error`; here that becomes a rejection, so that it is asked once more.
 */
import { browserScripts, flinkTypeFiles, GLOBAL_TYPES, Grader, type Problem, WARM_UP_ROUNDS } from "@millrace/grader";
import type {
  AnswerForm,
  DiagnosticData,
  JudgeProgress,
  JudgeReport,
  SampleReport,
  SampleWorld,
  WorldChange,
} from "../../contract/index.ts";
import {
  type BrowserScripts,
  type ChangeableWorld,
  type ChangedRunAnswer,
  JudgeFailure,
  type JudgeService,
  type JudgeSubmission,
  type LocalProgram,
  type ProblemVersion,
  type RunKit,
  type TypeFile,
} from "./judge-service.ts";

export interface GraderJudgeOptions {
  /** Submissions judged side by side; as many runs may go on beside them. */
  readonly workers: number;
  /** See `GraderOptions.warmUpRounds`. */
  readonly warmUp: boolean;
  /** Told why the grader failed. */
  readonly onFault: (fault: Error) => void;
}

export class GraderJudge implements JudgeService {
  readonly workers: number;
  /** By id, then by version; the present one is the last. */
  readonly #problems = new Map<string, Map<string, Problem>>();
  readonly #grader: Grader;
  #typeFiles: readonly TypeFile[] | null = null;
  #scripts: BrowserScripts | null = null;

  constructor(problems: ReadonlyMap<string, Problem>, { workers, warmUp, onFault }: GraderJudgeOptions) {
    this.workers = workers;
    this.publish([...problems.values()]);
    this.#grader = new Grader({ poolSize: 2 * workers, warmUpRounds: warmUp ? WARM_UP_ROUNDS : 0, onFault });
  }

  get isWarm(): boolean {
    return this.#grader.isWarm;
  }

  start(): Promise<void> {
    return this.#grader.start();
  }

  async runSamples(problem: ProblemVersion, submission: JudgeSubmission): Promise<SampleReport> {
    const report = await this.#grader.runSamples(this.#find(problem), submission);
    if (report.verdict === "judge-error") throw new JudgeFailure(report.headline, null);
    return report;
  }

  async runChanged(
    problem: ProblemVersion,
    submission: JudgeSubmission,
    of: ChangeableWorld,
    changes: readonly WorldChange[],
  ): Promise<ChangedRunAnswer> {
    return this.#grader.runChanged(this.#find(problem), submission, of, changes);
  }

  async runKit(problem: ProblemVersion): Promise<RunKit | null> {
    return this.#grader.runKit(this.#find(problem));
  }

  async programOf(problem: ProblemVersion, submission: JudgeSubmission): Promise<LocalProgram> {
    return this.#grader.programOf(this.#find(problem), submission);
  }

  async browserScripts(): Promise<BrowserScripts> {
    this.#scripts ??= await browserScripts();
    return this.#scripts;
  }

  async judge(
    problem: ProblemVersion,
    submission: JudgeSubmission,
    onProgress: (progress: JudgeProgress) => void,
    { explain }: { readonly explain: boolean },
  ): Promise<JudgeReport> {
    const report = await this.#grader.judge(this.#find(problem), submission, onProgress, { explain });
    if (report.verdict === "judge-error") throw new JudgeFailure(report.headline, report);
    return report;
  }

  async check(problem: ProblemVersion, submission: JudgeSubmission): Promise<readonly DiagnosticData[]> {
    return this.#grader.check(this.#find(problem), submission);
  }

  async sampleWorlds(problem: ProblemVersion): Promise<readonly SampleWorld[]> {
    return this.#grader.sampleWorlds(this.#find(problem));
  }

  async answerForm(problem: ProblemVersion, variation: number): Promise<AnswerForm | null> {
    return this.#grader.answerForm(this.#find(problem), variation);
  }

  async preview(problem: Problem): Promise<{ readonly samples: readonly SampleWorld[]; readonly form: AnswerForm | null }> {
    const [samples, form] = await Promise.all([this.#grader.sampleWorlds(problem), this.#grader.answerForm(problem, 0)]);
    return { samples, form };
  }

  publish(problems: readonly Problem[]): void {
    for (const problem of problems) {
      const versions = this.#problems.get(problem.id) ?? new Map<string, Problem>();
      this.#problems.set(problem.id, versions);
      versions.delete(problem.version);
      versions.set(problem.version, problem);
    }
  }

  forget(problems: readonly Problem[]): void {
    for (const { id, version } of problems) this.#problems.get(id)?.delete(version);
  }

  async typeFiles(): Promise<readonly TypeFile[]> {
    this.#typeFiles ??= [...flinkTypeFiles(), { path: "globals.d.ts", text: GLOBAL_TYPES }];
    return this.#typeFiles;
  }

  close(): Promise<void> {
    return this.#grader.close();
  }

  /** Submissions outlive packs: one that waited while its problem was removed cannot be judged. */
  #find({ id, version }: ProblemVersion): Problem {
    const versions = this.#problems.get(id);
    const problem = (version === null ? undefined : versions?.get(version)) ?? [...(versions?.values() ?? [])].at(-1);
    if (problem === undefined) throw new JudgeFailure(`no pack holds the problem ${id}`, null);
    return problem;
  }
}
