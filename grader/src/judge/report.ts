/**
 * What the judge says about a submission. Plain JSON: stored by the server, shown by the client, printed by the CLI.
 * Nothing secret is in here: rows of hidden worlds appear only where the scenario's visibility allows it.
 */
import type { DiagnosticData } from "@millrace/engine";
import type { Recording } from "@millrace/engine/sim";
import type { Explanation } from "../explain/explanation.ts";
import type { Verdict } from "./verdict.ts";

/** What the learner hands in. */
export interface Submission {
  readonly language: Language;
  readonly text: string;
  /** `sql` only: the TypeScript module whose exported classes CREATE FUNCTION names ("functions.ts"). Absent or blank = none. */
  readonly functions?: string | undefined;
  /** `trace` only: which of the question's variations was asked, counted from 0. Absent = the first. */
  readonly variation?: number | undefined;
}

/** The file name under which mistakes in `Submission.functions` are told. */
export const FUNCTIONS_FILE = "functions.ts";

/** `trace`, `decide` and `config` answers are YAML: a filled-in table, choices, settings. */
export type Language = "datastream" | "sql" | "trace" | "decide" | "config";

/** Answers that are forms instead of programs. */
export type FormLanguage = Exclude<Language, "datastream" | "sql">;

export function isForm(language: Language): language is FormLanguage {
  return language !== "datastream" && language !== "sql";
}

/** Full judgement of a submission on sample and secret worlds. */
export interface JudgeReport {
  readonly verdict: Verdict;
  /** One sentence as a colleague would say it; plain text with `code` in back-ticks. */
  readonly headline: string;
  readonly score: number;
  readonly maxScore: number;
  readonly groups: readonly GroupResult[];
  readonly worlds: readonly WorldResult[];
  /** The first difference in the first failing world that may be shown; null when accepted or nothing may be shown. */
  readonly difference: Difference | null;
  /** The smallest world that fails in the same way, both runs in it; null when there is nothing to explain or it may not be shown. */
  readonly explanation: Explanation | null;
  /** Figures of the world that is told about, or of the hardest one; empty when the problem sets no bounds. */
  readonly measures: readonly MeasureResult[];
  readonly diagnostics: readonly DiagnosticData[];
  /** Hint bound to a recognised misconception, Markdown. */
  readonly hint: string | null;
  /** Its heading, which names the misconception. Absent without a hint, and in reports from before it was kept. */
  readonly hintTitle?: string;
  readonly engineVersion: string;
  readonly packVersion: string;
  readonly judgedInMs: number;
}

export interface GroupResult {
  readonly name: string;
  readonly title: string;
  readonly score: number;
  readonly maxScore: number;
  readonly passed: number;
  readonly total: number;
  /** Groups that would have had to pass before this one was tried; empty = it was. */
  readonly waitsFor: readonly string[];
}

/** A figure beside its bound. Virtual time and bytes: the same on every machine. */
export interface MeasureResult {
  readonly title: string;
  /** "B", "ms", "×" or "". */
  readonly unit: string;
  readonly value: number | null;
  readonly atMost: number | null;
  readonly atLeast: number | null;
  readonly kept: boolean;
}

export interface WorldResult {
  /** 1-based position in the plan. */
  readonly index: number;
  readonly group: string;
  /** What this world is like; never its data. */
  readonly title: string;
  readonly visibility: Visibility;
  readonly seed: number;
  readonly verdict: Verdict;
  /** null = not told, as of hidden worlds: a program can take its time over what it reads. */
  readonly runMs: number | null;
}

export type Visibility = "sample" | "revealed-on-failure" | "hidden";

/** The first place where output and reference part, as a table and a sentence. */
export interface Difference {
  readonly world: number;
  readonly topic: string;
  readonly sentence: string;
  readonly columns: readonly string[];
  readonly rows: readonly DifferenceRow[];
  /** Rows beyond those listed. */
  readonly more: number;
}

export interface DifferenceRow {
  /** `equal` rows are context. `missing`: expected, not there. `unexpected`: there, not expected. `duplicate`: there once too often. `changed`: same identity, other values (`expected` holds the right ones). */
  readonly kind: "equal" | "missing" | "unexpected" | "duplicate" | "changed";
  readonly cells: readonly unknown[];
  /** For `changed`: the expected cells. */
  readonly expected: readonly unknown[] | null;
}

/** Result of Run: the sample worlds only, with everything shown. */
export interface SampleReport {
  readonly verdict: Verdict;
  readonly headline: string;
  readonly worlds: readonly SampleWorldReport[];
  readonly diagnostics: readonly DiagnosticData[];
  readonly ranInMs: number;
}

export interface SampleWorldReport {
  readonly index: number;
  readonly name: string;
  readonly title: string;
  readonly faults: readonly string[];
  readonly verdict: Verdict;
  readonly headline: string;
  readonly runMs: number;
  readonly topics: readonly TopicTable[];
  readonly difference: Difference | null;
  readonly measures: readonly MeasureResult[];
  readonly printed: readonly string[];
  readonly recording: Recording | null;
}

/** Output of a topic as a read_committed consumer sees it. */
export interface TopicTable {
  readonly topic: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly visibleAtMs: number | null }[];
  readonly expectedRows: number;
  readonly equal: boolean;
}

/** Live progress while judging. */
export type JudgeProgress =
  | { readonly kind: "compiling" }
  | { readonly kind: "planned"; readonly worlds: readonly { readonly index: number; readonly group: string; readonly title: string }[] }
  | { readonly kind: "world"; readonly result: WorldResult }
  /** The verdict stands; the explanation, which is still null, is being looked for and comes with `finished`. Left out where there will be none. */
  | { readonly kind: "judged"; readonly report: JudgeReport }
  | { readonly kind: "finished"; readonly report: JudgeReport };
