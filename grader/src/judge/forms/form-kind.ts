/** Problem kinds whose answers are forms: what they ask, and how an answer is judged. */
import type { DiagnosticData } from "@millrace/engine";
import type { Problem } from "../../pack/problem.ts";
import type { JudgeReport, Submission } from "../report.ts";
import type { AnswerForm } from "../samples.ts";

export interface FormKind {
  /** The table with its blanks empty. `variation` counts from 0; past the last it begins anew. */
  form(problem: Problem, variation: number): Promise<AnswerForm>;
  /** Mistakes in an answer's form, not in its content. */
  check(problem: Problem, submission: Submission): Promise<readonly DiagnosticData[]>;
  judge(problem: Problem, submission: Submission, engineVersion: string): Promise<JudgeReport>;
}
