/**
 * Which anomaly two runs of the smallest world show, and the sentence about it. Facts come from the comparison of rows first, then from what both
 * recordings tell: a row that is missing because a record was dropped is a matter of lateness, not of loss. The first that applies is named.
 */
import type { Recording, RecordingEvent, RunOutcome } from "@millrace/engine/sim";
import type { WorldCheck } from "../checkers/check-outcome.ts";
import type { RowDifference, TopicComparison } from "../checkers/compare-topic.ts";
import { canonicalCell, sameCell } from "../checkers/cells.ts";
import { formatInstant } from "../feedback/format.ts";
import { sentenceFor } from "../feedback/sentence.ts";
import type { OutputSpec } from "../pack/problem.ts";
import type { Anomaly } from "./explanation.ts";
import { short } from "./steps.ts";

export interface TwoRuns {
  readonly startMs: number;
  readonly check: WorldCheck;
  readonly reference: RunOutcome;
  readonly submission: RunOutcome;
  /** The judge's sentence where rows have nothing to do with it. */
  readonly headline: string;
}

export interface Told {
  readonly anomaly: Anomaly;
  readonly sentence: string;
}

export function tellAnomaly(runs: TwoRuns): Told {
  const { check, headline } = runs;
  if (check.verdict === "restore-failed") return { anomaly: "not-restored", sentence: headline };
  const comparison = firstComparison(check);
  if (comparison === null) return { anomaly: check.custom === null ? "failed" : "objection", sentence: headline };
  const first = comparison.differences[0]!;
  const facts = { ...runs, comparison, first, at: (ms: number) => formatInstant(ms, runs.startMs) };
  const sentence = sentenceFor(comparison, first, { startMs: runs.startMs, outcome: runs.submission });
  for (const rule of RULES) {
    const found = rule(facts);
    if (found !== null) return { anomaly: found[0], sentence: found[1] === "" ? sentence : `${sentence} ${found[1]}` };
  }
  return { anomaly: "wrong-value", sentence };
}

/** What a result has first; a late output only when results agree. */
export function firstComparison(check: WorldCheck): TopicComparison | null {
  const differing = check.topics.filter(({ differences }) => differences.length > 0);
  return differing.find(({ spec }) => spec.role === "result") ?? differing[0] ?? null;
}

interface Facts extends TwoRuns {
  readonly comparison: TopicComparison;
  readonly first: RowDifference;
  readonly at: (ms: number) => string;
}

/** Null = does not apply; else the anomaly and the reason, which may be "". */
type Rule = (facts: Facts) => readonly [Anomaly, string] | null;

type LateEvent = Extract<RecordingEvent, { kind: "late" }>;

const lateDropped: Rule = ({ reference, submission, at }) => {
  const late = onlyIn(lateOf(submission.recording), lateOf(reference.recording))[0];
  if (late === undefined) return null;
  const done = late.to === null ? "dropped it" : "put it aside";
  return [
    "late-dropped",
    `When the record of ${at(late.eventMs)} came, at ${at(late.t)}, your watermark already stood at ${watermark(late.watermarkMs, at)}, so your job ${done} as late; the reference still takes it.`,
  ];
};

const lateCounted: Rule = ({ reference, submission, at }) => {
  const late = onlyIn(lateOf(reference.recording), lateOf(submission.recording))[0];
  if (late === undefined) return null;
  return [
    "late-counted",
    `The record of ${at(late.eventMs)}, which came at ${at(late.t)}, is late for the reference; your job still counts it.`,
  ];
};

function watermark(ms: number, at: (ms: number) => string): string {
  return Math.abs(ms) > 8.64e15 ? "the end of time" : at(ms);
}

function lateOf(recording: Recording | null): LateEvent[] {
  return (recording?.events ?? []).filter((event) => event.kind === "late");
}

function onlyIn(these: readonly LateEvent[], those: readonly LateEvent[]): LateEvent[] {
  const known = new Set(those.map((late) => `${late.eventMs} ${short(late.value)}`));
  return these.filter((late) => !known.has(`${late.eventMs} ${short(late.value)}`));
}

const wrongOrder: Rule = ({ first }) => (first.kind === "reordered" ? ["wrong-order", ""] : null);

const duplicated: Rule = ({ comparison, submission }) => {
  if (!comparison.differences.every(({ kind }) => kind === "duplicate")) return null;
  const uncommitted = submission.restarts > 0 ? "What was written before the restart stayed visible, and the replay wrote it again." : "";
  return ["duplicated", uncommitted];
};

const neverCommitted: Rule = ({ comparison, submission, first }) => {
  if (first.kind !== "missing") return null;
  const topic = submission.topics.find(({ name }) => name === comparison.spec.topic);
  const pending = topic?.records.some(({ committedAtMs, aborted }) => committedAtMs === null || aborted) ?? false;
  const allMissing = comparison.differences.every(({ kind }) => kind === "missing");
  return pending && allMissing ? ["never-committed", ""] : null;
};

/** Rows of one key under other windows: more of them, fewer, or others. */
const otherWindows: Rule = ({ comparison, at }) => {
  const { spec, differences } = comparison;
  const timeColumns = spec.columns.filter(({ type, name }) => type === "time" && spec.identity.includes(name));
  if (timeColumns.length === 0) return null;
  const missing = differences.filter(({ kind }) => kind === "missing");
  const unexpected = differences.filter(({ kind }) => kind === "unexpected");
  for (const lost of missing) {
    const key = keyWithoutTimes(spec, lost.cells);
    const others = unexpected.filter(({ cells }) => keyWithoutTimes(spec, cells) === key);
    const wanted = missing.filter(({ cells }) => keyWithoutTimes(spec, cells) === key).length;
    if (others.length === 0) continue;
    if (others.length > wanted) return ["split-window", `Your job made ${others.length} of what is ${wanted} in the reference.`];
    if (others.length < wanted) return ["merged-window", `Your job made ${others.length} of what are ${wanted} in the reference.`];
    const column = timeColumns.find(({ name }) => {
      const index = spec.columns.findIndex((other) => other.name === name);
      return !sameCell(spec.columns[index]!, lost.cells[index], others[0]!.cells[index]);
    });
    if (column === undefined) continue;
    const index = spec.columns.indexOf(column);
    const [right, wrong] = [Number(lost.cells[index]), Number(others[0]!.cells[index])];
    const told = Number.isNaN(right) || Number.isNaN(wrong) ? "" : ` ${at(wrong)} instead of ${at(right)}`;
    return ["shifted-window", `It is there under another \`${column.name}\`${told === "" ? "" : ":"}${told}.`];
  }
  return null;
};

function keyWithoutTimes(spec: OutputSpec, cells: readonly unknown[]): string {
  return spec.columns
    .flatMap((column, index) =>
      spec.identity.includes(column.name) && column.type !== "time" ? [canonicalCell(column, cells[index])] : [],
    )
    .join("\u0001");
}

/** A window that fires in the submission before a record that belongs to it was read: the reference fires it once, later. */
const earlyFiring: Rule = ({ reference, submission, at }) => {
  const firstOf = (recording: Recording | null) => {
    const firings = new Map<string, { readonly t: number; readonly startMs: number; readonly endMs: number }>();
    for (const event of recording?.events ?? []) {
      if (event.kind !== "window" || event.what !== "fired") continue;
      const name = `${short(event.key)} ${event.startMs} ${event.endMs}`;
      if (!firings.has(name)) firings.set(name, event);
    }
    return firings;
  };
  const right = firstOf(reference.recording);
  for (const [name, fired] of firstOf(submission.recording)) {
    const wanted = right.get(name);
    if (wanted === undefined || fired.t >= wanted.t) continue;
    const missed = (reference.recording?.events ?? []).some(({ kind, t }) => kind === "read" && t > fired.t && t <= wanted.t);
    if (!missed) continue;
    return [
      "early-firing",
      `Your window ${at(fired.startMs)}–${at(fired.endMs)} fires at ${at(fired.t)}; the reference waits until ${at(wanted.t)}, when everything has come.`,
    ];
  }
  return null;
};

/** A number that is too small after a restart, or too large without one. */
const stateOverTime: Rule = ({ comparison, first, submission }) => {
  if (first.kind !== "changed" || first.expected === null) return null;
  const { spec } = comparison;
  const at = spec.columns.findIndex(
    (column, index) => column.type !== "time" && !sameCell(column, first.expected![index], first.cells[index]),
  );
  const [expected, actual] = [first.expected[at], first.cells[at]];
  if (typeof expected !== "number" || typeof actual !== "number") return null;
  if (submission.restarts > 0 && actual < expected) {
    return ["state-lost", "What was counted before the restart is gone: it was in no state that a checkpoint covers."];
  }
  if (submission.restarts > 0)
    return ["state-kept", "Records before the restart are counted twice: what holds them was not set back with the checkpoint."];
  return null;
};

const lostRows: Rule = ({ comparison }) => (comparison.differences.every(({ kind }) => kind === "missing") ? ["lost", ""] : null);

const inventedRows: Rule = ({ comparison }) => {
  const kinds = new Set(comparison.differences.map(({ kind }) => kind));
  return kinds.has("unexpected") && !kinds.has("missing") && !kinds.has("changed") ? ["invented", ""] : null;
};

const RULES: readonly Rule[] = [
  wrongOrder,
  duplicated,
  neverCommitted,
  lateDropped,
  lateCounted,
  earlyFiring,
  otherWindows,
  stateOverTime,
  lostRows,
  inventedRows,
];
