/**
 * What the server needs of a judge. The real one is the grader (`grader-judge.ts`); tests bring a small one of their own. A judge
 * rejects, best with a `JudgeFailure`, only when it failed itself (a worker process died): all that a program can do wrong is a verdict.
 */
import type { DiagnosticData } from "@millrace/engine";
import type { BrowserScripts, ChangeableWorld, ChangedRunAnswer, LocalProgram, Problem, RunKit, WorldChange } from "@millrace/grader";
import type { AnswerForm, JudgeProgress, JudgeReport, Language, SampleReport, SampleWorld } from "../../contract/index.ts";

export type { BrowserScripts, ChangeableWorld, ChangedRunAnswer, LocalProgram, RunKit };

export interface JudgeSubmission {
  readonly language: Language;
  readonly text: string;
  /** A SQL script's module of functions; absent = none. */
  readonly functions?: string | undefined;
  /** Which variation of a trace question it answers; absent = the first. */
  readonly variation?: number | undefined;
}

/** A problem in one of its versions, e.g. one of the catalogue. */
export interface ProblemVersion {
  readonly id: string;
  /** null = the present one, which also takes the place of a version that is gone. */
  readonly version: string | null;
}

export interface TypeFile {
  readonly path: string;
  readonly text: string;
}

export type JudgeState = "starting" | "ready" | "failed";

/** The judge failed. `report` is what it has to say of it, used when asking again did not help. */
export class JudgeFailure extends Error {
  override readonly name = "JudgeFailure";
  readonly report: JudgeReport | null;

  constructor(message: string, report: JudgeReport | null) {
    super(message);
    this.report = report;
  }
}

export interface JudgeService {
  /** Submissions that it judges side by side. */
  readonly workers: number;
  /** True from the moment on when verdicts come as quickly as they ever will; some time after `start`, or never. */
  readonly isWarm: boolean;
  /** Warms the workers. Rejects when no program can be judged on this machine. */
  start(): Promise<void>;
  runSamples(problem: ProblemVersion, submission: JudgeSubmission): Promise<SampleReport>;
  /** A world that its submitter has seen, with changes; nothing is compared. */
  runChanged(
    problem: ProblemVersion,
    submission: JudgeSubmission,
    of: ChangeableWorld,
    changes: readonly WorldChange[],
  ): Promise<ChangedRunAnswer>;
  /** What a browser needs to run the samples by itself; null = they run here only. */
  runKit(problem: ProblemVersion): Promise<RunKit | null>;
  /** A text as the guest wants it, types unchecked; for problems that have a run kit. */
  programOf(problem: ProblemVersion, submission: JudgeSubmission): Promise<LocalProgram>;
  /** What runs programs in browsers. */
  browserScripts(): Promise<BrowserScripts>;
  /** With `explain`, progress `judged` tells a verdict that stands before its explanation is looked for. */
  judge(
    problem: ProblemVersion,
    submission: JudgeSubmission,
    onProgress: (progress: JudgeProgress) => void,
    options: { readonly explain: boolean },
  ): Promise<JudgeReport>;
  /** Diagnostics only, for the editor. */
  check(problem: ProblemVersion, submission: JudgeSubmission): Promise<readonly DiagnosticData[]>;
  sampleWorlds(problem: ProblemVersion): Promise<readonly SampleWorld[]>;
  /** What is to be filled in; null for problems that are answered with a program. `variation` counts from 0. */
  answerForm(problem: ProblemVersion, variation: number): Promise<AnswerForm | null>;
  /** Samples and form of a problem that it need not know. */
  preview(problem: Problem): Promise<{ readonly samples: readonly SampleWorld[]; readonly form: AnswerForm | null }>;
  /** From now on it knows these problems, or versions of problems, as the present ones. */
  publish(problems: readonly Problem[]): void;
  /** Forgets these versions; of a problem that has others, the one published last is the present one. */
  forget(problems: readonly Problem[]): void;
  /** Declaration files of the module `flink`. */
  typeFiles(): Promise<readonly TypeFile[]>;
  /** Stops the workers; what is being judged rejects. */
  close(): Promise<void>;
}
