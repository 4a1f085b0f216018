/** Cases of area upgrade: phases of jobs on the simulated cluster, each restored from the savepoint of the one before. */
import {
  DEFAULT_LIMITS,
  readSavepoint,
  type RunOutcome,
  runWorld,
  type Savepoint,
  type World,
  type WorldEnd,
  writeSavepoint,
} from "../../../src/sim.ts";
import type { Json, JsonObject } from "../datastream/case-format.ts";
import { canonical } from "../datastream/compare-steps.ts";
import { type Phase, type PhaseLog, programOf } from "./upgrades/case-program.ts";
import { refusalDifference } from "./upgrades/refusals.ts";

interface UpgradeCase {
  readonly phases: readonly Phase[];
  readonly compare?: string;
  readonly expect: { readonly phases: readonly ExpectedPhase[] };
}

interface ExpectedPhase {
  readonly status?: string;
  readonly outputByKey?: Readonly<Record<string, readonly Json[]>>;
  readonly output?: readonly Json[];
  readonly restored?: Readonly<Record<string, readonly Json[]>>;
  /** The program never became a job: refused by the API, or when it was submitted. */
  readonly buildError?: JsonObject;
  readonly submitError?: JsonObject;
  readonly jobError?: { readonly stage: string; readonly message: string; readonly chain: readonly string[] };
}

/** Between the end of a job and the start of the next, and between a source's last step and the end. */
const PAUSE_MS = 100;

/** Runs one case of area upgrade; null when it passes, else its first difference. */
export function runUpgradeCase(caseJson: unknown): string | null {
  const { phases, compare, expect } = caseJson as UpgradeCase;
  let savepoint: Savepoint | null = null;
  let startMs = 0;
  for (const [index, phase] of phases.entries()) {
    const expected = expect.phases[index];
    if (expected === undefined) return null;
    const log: PhaseLog = { output: [], restored: new Map() };
    const from: Savepoint | null = phase.restoreFrom === "none" ? null : savepoint;
    const outcome: RunOutcome = runPhase(phase, log, startMs, from);
    const unordered = compare === "unorderedSources";
    const difference = phaseDifference(phase, outcome, log, expected, { unordered, sameParallelism: sameParallelism(phases, index) });
    if (difference !== null) return `phase ${index}: ${difference}`;
    if (phase.end === "cancel") savepoint = null;
    // Between the phases the savepoint is a file.
    savepoint = outcome.savepoint === null ? savepoint : readSavepoint(writeSavepoint(outcome.savepoint));
    startMs = outcome.endMs + PAUSE_MS;
  }
  return null;
}

function runPhase(phase: Phase, log: PhaseLog, startMs: number, savepoint: Savepoint | null): RunOutcome {
  const world: World = {
    seed: 1,
    startMs,
    cluster: { taskManagers: 1, slotsPerTaskManager: 100, parallelism: 1 },
    faults: [],
    end: endOf(phase, startMs),
    limits: DEFAULT_LIMITS,
    costsUs: { "*": 0 },
    topics: [],
  };
  const { allowNonRestoredState = false } = phase;
  return runWorld(programOf(phase, log), world, {
    keepSavepoint: true,
    ...(savepoint === null ? {} : { startFrom: { savepoint, allowNonRestoredState } }),
  });
}

function endOf({ end = "stop", input, savepointFormat = "canonical" }: Phase, startMs: number): WorldEnd {
  const waitsMs = input.reduce((sum, step) => sum + Number(step["waitMs"] ?? 0), 0);
  const atMs = startMs + waitsMs + PAUSE_MS;
  switch (end) {
    case "drain":
      return { kind: "drain", savepointFormat };
    case "cancelWithSavepoint":
      return { kind: "cancelWithSavepoint", atMs, savepointFormat };
    case "cancel":
      return { kind: "cancel", atMs };
    default:
      return { kind: "stop", atMs, savepointFormat };
  }
}

function sameParallelism(phases: readonly Phase[], index: number): boolean {
  return index > 0 && (phases[index].job["parallelism"] ?? 1) === (phases[index - 1].job["parallelism"] ?? 1);
}

interface Comparison {
  /** Which of several source subtasks sent a record first is no contract. */
  readonly unordered: boolean;
  readonly sameParallelism: boolean;
}

function phaseDifference(
  phase: Phase,
  { status, failure }: RunOutcome,
  { output, restored }: PhaseLog,
  expected: ExpectedPhase,
  comparison: Comparison,
): string | null {
  const stage = status === "rejected" ? "jobmanager" : status === "failed" ? "task" : null;
  const unbuilt = expected.buildError ?? expected.submitError;
  if (unbuilt !== undefined) return stage === "jobmanager" ? null : `accepted, while Flink refuses with ${JSON.stringify(unbuilt)}`;
  if (expected.jobError !== undefined) {
    if (stage === null) return `accepted, while Flink refuses with "${expected.jobError.message}"`;
    if (stage !== expected.jobError.stage) return `refused by ${stage} instead of ${expected.jobError.stage}: ${failure?.message}`;
    return refusalDifference(expected.jobError, failure?.code ?? "", failure?.message ?? "");
  }
  if (stage !== null || status === "limit") return `${status}: ${failure?.code} ${failure?.message}`;
  const ended = phase.end === "cancel" || phase.end === "cancelWithSavepoint" ? "CANCELED" : "FINISHED";
  if (ended !== expected.status) return `ended as ${ended}, expected ${expected.status}`;
  if (expected.output !== undefined && canonical(output) !== canonical(expected.output)) {
    return `output ${JSON.stringify(output)}, expected ${JSON.stringify(expected.output)}`;
  }
  return (
    outputDifference(output, expected.outputByKey ?? {}, comparison) ?? restoredDifference(restored, expected.restored ?? {}, comparison)
  );
}

function outputDifference(
  output: readonly JsonObject[],
  expected: Readonly<Record<string, readonly Json[]>>,
  comparison: Comparison,
): string | null {
  const byKey: Record<string, Json[]> = {};
  for (const record of output) {
    const key = record["key"] ?? null;
    const name = typeof key === "string" ? key : canonical(key);
    byKey[name] ??= [];
    byKey[name].push(record);
  }
  const keys = new Set([...Object.keys(byKey), ...Object.keys(expected)]);
  for (const key of keys) {
    const [got, wanted] = [byKey[key] ?? [], expected[key] ?? []];
    const same = comparison.unordered ? multiset(got) === multiset(wanted) : canonical(byTimer(got)) === canonical(byTimer(wanted));
    if (!same) return `key ${key}: ${JSON.stringify(got)}, expected ${JSON.stringify(wanted)}`;
  }
  return null;
}

/** Windows of one key that end together share a timer, and the order in which they fire is no contract. */
function byTimer(records: readonly Json[]): readonly Json[] {
  const endOf = (record: Json) => (record as JsonObject | null)?.["windowEnd"];
  const sorted: Json[] = [];
  for (let start = 0, end = 0; start < records.length; start = end) {
    while (end < records.length && endOf(records[end]) === endOf(records[start])) end++;
    const run = records.slice(start, end);
    sorted.push(...(endOf(run[0]) === undefined ? run : run.sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1))));
  }
  return sorted;
}

function restoredDifference(
  restored: ReadonlyMap<string, readonly Json[]>,
  expected: Readonly<Record<string, readonly Json[]>>,
  comparison: Comparison,
): string | null {
  for (const operator of new Set([...restored.keys(), ...Object.keys(expected)])) {
    const [got, wanted] = [restored.get(operator) ?? [], expected[operator] ?? []];
    const same = comparison.unordered ? sameShares(got, wanted, comparison.sameParallelism) : canonical(got) === canonical(wanted);
    if (!same) return `restored in ${operator}: ${JSON.stringify(got)}, expected ${JSON.stringify(wanted)}`;
  }
  return null;
}

/** Sizes per subtask, and everything together. Without a rescale the sizes are those of the run before, which sends round robin from anywhere. */
function sameShares(got: readonly Json[], wanted: readonly Json[], anySubtask: boolean): boolean {
  const lists = (shares: readonly Json[]): Record<string, Json[]>[] =>
    shares.map((share) => (Array.isArray(share) ? { all: share } : (share as Record<string, Json[]>)));
  const names = [...new Set([...lists(got), ...lists(wanted)].flatMap((share) => Object.keys(share)))];
  return names.every((name) => {
    const of = (shares: readonly Json[]) => lists(shares).map((share) => share[name] ?? []);
    const sizes = (shares: readonly Json[]) => {
      const counts = of(shares).map((list) => list.length);
      return canonical(anySubtask ? counts.sort((a, b) => a - b) : counts);
    };
    return sizes(got) === sizes(wanted) && multiset(of(got).flat()) === multiset(of(wanted).flat());
  });
}

function multiset(values: readonly unknown[]): string {
  return values.map(canonical).sort().join("\n");
}
