/** The grader's door. */
export { flinkTypeFiles, GLOBAL_TYPES, type TypeFile } from "./compile/flink-types.ts";
export { MAX_SUBMISSION_BYTES } from "./compile/compile-submission.ts";
export type {
  AlignedStep,
  AlignedSteps,
  Anomaly,
  ExplainedOutput,
  ExplainedStream,
  Explanation,
  SmallestWorld,
  StepKind,
  WorldSize,
} from "./explain/explanation.ts";
export { Grader, type GraderOptions } from "./grader.ts";
export type { ChangeableWorld, ChangedRun, ChangedRunAnswer, ShownWorld } from "./judge/changed-run-report.ts";
export type { LocalProgram } from "./judge/local-run.ts";
export type { RunKit } from "./judge/run-kit.ts";
export type { PlacedRecord, WorldChange } from "./plan/world-changes.ts";
export { type BrowserScripts, browserScripts } from "./sandbox/browser-scripts.ts";
export { WARM_UP_ROUNDS } from "./sandbox/warm-up/warm-up.ts";
export { JudgeFault } from "./judge/judge-fault.ts";
export type {
  Difference,
  DifferenceRow,
  GroupResult,
  JudgeProgress,
  JudgeReport,
  Language,
  MeasureResult,
  SampleReport,
  SampleWorldReport,
  Submission,
  TopicTable,
  Visibility,
  WorldResult,
} from "./judge/report.ts";
export type { AnswerForm, FormColumn, FormOption, FormRow, SampleTable, SampleWorld } from "./judge/samples.ts";
export { VERDICTS, type Verdict, worse } from "./judge/verdict.ts";
export { type VerifyLine, verifyPack } from "./checks/verify-pack.ts";
export { ArchiveFault } from "./pack/archive/archive-fault.ts";
export { type ImportedPack, importPack } from "./pack/archive/import-pack.ts";
export { buildPack } from "./pack/archive/build-pack.ts";
export type { Hint, HintCondition } from "./pack/hints.ts";
export { type LoadedPack, loadPack } from "./pack/load-pack.ts";
export type { Card, Lesson, LessonFigure, LessonPart } from "./pack/study.ts";
export type { BundledSubmission, OutputColumn, OutputSpec, Pack, Problem, ProblemKind, Scenario } from "./pack/problem.ts";
