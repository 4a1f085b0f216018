/** One sentence on top of a report. */
import type { RunOutcome } from "@millrace/engine/sim";
import type { WorldCheck } from "../checkers/check-outcome.ts";
import type { Verdict } from "../judge/verdict.ts";
import type { Measured } from "../checkers/measures.ts";

/** For verdicts that need no look at the output. `limits` in ms and MB. */
export function headlineOfEnd(verdict: Verdict, outcome: RunOutcome | null, limits: { cpuMs: number; memoryMb: number }): string {
  const failure = outcome?.failure ?? null;
  switch (verdict) {
    case "judge-error":
      return "The judge itself failed. This is not your fault and costs you nothing; try again.";
    case "memory-limit":
      return `The program needed more than ${limits.memoryMb} MB of memory and was stopped.`;
    case "time-limit":
      if (failure !== null) return `The run was given up: ${failure.message}`;
      return `The program computed for more than ${limits.cpuMs / 1000} s in one world and was stopped. Does a loop never end?`;
    case "output-limit":
      return failure === null ? "The program produced more output than can be taken in." : `The run was given up: ${failure.message}`;
    case "restore-failed":
      return `The job could not be restored: ${failure?.message ?? ""}`;
    case "runtime-error": {
      if (outcome?.status === "rejected") return `The program failed before it had made a job: ${failure?.message ?? "unknown reason"}`;
      const where = failure?.operator === undefined ? "" : ` in operator \`${failure.operator}\``;
      const record = failure?.record === undefined ? "" : `, at record \`${failure.record.slice(0, 120)}\``;
      return `The job failed${where}${record}: ${failure?.message ?? "unknown reason"}`;
    }
    case "compile-error":
      return failure?.message ?? "The program does not compile.";
    default:
      return "";
  }
}

/** What may be said about a world whose data stay secret: of what kind the failure is. No figures, since a program can make them say what it reads. */
export function headlineOfHidden(title: string, check: WorldCheck, verdict: Verdict): string {
  const world = `In the hidden world “${title}”`;
  if (verdict === "nondeterministic") return HEADLINE_NONDETERMINISTIC;
  const broken = check.measures.find((measure) => !measure.kept && measure.verdict === verdict);
  if (broken !== undefined) return `${world} the output is right, but “${broken.title}” is beyond its bound.`;
  if (check.state !== null) return `${world} the output is right, but state grew beyond its budget. Is it ever cleared?`;
  const topic = check.topics.find((candidate) => candidate.differences.length > 0);
  if (topic === undefined) return `${world} the answer differs from the reference.`;
  const has = (kind: string) => topic.differences.some((difference) => difference.kind === kind);
  const parts = [
    has("missing") ? "lacks rows" : "",
    has("duplicate") ? "has rows twice" : "",
    has("changed") || has("unexpected") ? "has wrong rows" : "",
    has("reordered") ? "has another order" : "",
  ].filter((part) => part !== "");
  return `${world} \`${topic.spec.topic}\` ${parts.join(" and ")}.`;
}

export function headlineOfState({ peakBytes, referenceBytes }: NonNullable<WorldCheck["state"]>): string {
  const ratio =
    referenceBytes === 0 ? "" : `, ${(peakBytes / referenceBytes).toFixed(1)} times the reference's ${kilobytes(referenceBytes)}`;
  return `The output is right, but state grew to ${kilobytes(peakBytes)}${ratio}. Is it ever cleared?`;
}

/** The first figure beyond its bound. */
export function headlineOfMeasure({ title, unit, value, atMost, atLeast }: Measured): string {
  if (value === null) return `There is no “${title}” to measure in this run.`;
  const bound = atMost !== null && value > atMost ? `at most ${figure(atMost, unit)}` : `at least ${figure(atLeast ?? 0, unit)}`;
  return `The output is right, but “${title}” is ${figure(value, unit)}; allowed is ${bound}.`;
}

function figure(value: number, unit: string): string {
  if (unit === "B") return value >= 10_000 ? kilobytes(value) : `${Math.round(value)} B`;
  if (unit === "ms") return value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value)} ms`;
  const rounded = Number.isInteger(value) ? String(value) : value.toFixed(2);
  return unit === "" ? rounded : `${rounded}${unit}`;
}

/** The plan is not the one that was asked for; `because` says why it matters. */
export function headlineOfPlan(found: string, because: string): string {
  return `The output is right, but ${found}. ${because}`;
}

export const HEADLINE_NONDETERMINISTIC = "The output is right, but changes with the order in which subtasks run.";

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} kB`;
}
