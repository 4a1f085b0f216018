/**
 * Why a submission failed, told on the smallest world in which it still does: what somebody has to understand and nothing else. Plain JSON.
 * There is one only for worlds that may be shown, so all of it may be.
 */
import type { Recording } from "@millrace/engine/sim";
import type { ShownWorld } from "../judge/changed-run-report.ts";
import type { SampleTable } from "../judge/samples.ts";

/** What went wrong, by name. The list is closed: texts, hints and statistics may rely on it. */
export const ANOMALIES = {
  failed: "The job failed",
  "not-restored": "State could not be restored",
  "never-committed": "Written, but never committed",
  "late-dropped": "A record dropped as late",
  "late-counted": "A late record counted",
  "early-firing": "A result before its time",
  "split-window": "One window became several",
  "merged-window": "Several windows became one",
  "shifted-window": "Another window than the reference's",
  "state-lost": "State lost",
  "state-kept": "State kept too long",
  lost: "Lost rows",
  duplicated: "Rows twice",
  invented: "Rows that nobody asked for",
  "wrong-order": "Another order",
  "wrong-value": "Another value",
  objection: "Not what was asked",
} as const;

export type Anomaly = keyof typeof ANOMALIES;

export interface Explanation {
  /** The world in the plan that was made smaller. */
  readonly world: number;
  readonly anomaly: Anomaly;
  /** The anomaly's name. */
  readonly title: string;
  /** As a colleague would say it; times and rows are those of the smallest world. */
  readonly sentence: string;
  readonly smallest: SmallestWorld;
  /** What a read_committed consumer finds in the end, by output that differs. */
  readonly outputs: readonly ExplainedOutput[];
  readonly steps: AlignedSteps;
  /** Recordings of both runs, cut when long. What the reference calls its parts is left out. */
  readonly reference: Recording;
  readonly submission: Recording;
  /** The hint bound to the misconception, Markdown; null = none is. */
  readonly hint: string | null;
  /** To run the smallest world again, changed. Kept by who stores the explanation and not shown; absent = it is too large, or from before there was one. */
  readonly shown?: ShownWorld;
}

export interface SmallestWorld {
  readonly startMs: number;
  readonly streams: readonly ExplainedStream[];
  /** A sentence each. */
  readonly faults: readonly string[];
  readonly size: WorldSize;
  /** Of the world that it was made from. */
  readonly from: WorldSize;
  /** Worlds that were tried. */
  readonly runs: number;
  /** Nothing smaller was left to try. */
  readonly complete: boolean;
  /** It was tried: without any one of its records and faults the two runs agree. */
  readonly eachNeeded: boolean;
}

export interface WorldSize {
  readonly records: number;
  readonly faults: number;
}

/** What arrives in a topic, or what others do in a system. */
export interface ExplainedStream extends SampleTable {
  /** What each row does in the submission's run, e.g. "lifts the watermark to 10:51:30"; "" = nothing to tell. */
  readonly does: readonly string[];
}

export interface ExplainedOutput {
  readonly topic: string;
  readonly columns: SampleTable["columns"];
  readonly expected: readonly (readonly unknown[])[];
  readonly actual: readonly (readonly unknown[])[];
  /** Rows that are left out, of both sides together. */
  readonly more: number;
}

/** Both runs beside each other; see `align.ts`. */
export interface AlignedSteps {
  readonly rows: readonly AlignedStep[];
  /** Index in `rows` of the first step that only one of them takes; null = there is none among them. */
  readonly firstDifference: number | null;
  /** Steps left out before and behind `rows`. */
  readonly before: number;
  readonly behind: number;
}

export interface AlignedStep {
  readonly kind: StepKind;
  readonly text: string;
  /** Virtual processing time in each run, epoch ms; null = it does not take this step. */
  readonly referenceMs: number | null;
  readonly submissionMs: number | null;
}

export type StepKind =
  | "read"
  | "watermark"
  | "window"
  | "late"
  | "timer"
  | "checkpoint"
  | "write"
  | "transaction"
  | "system"
  | "fault"
  | "job";
