/** Figures of a run against the bounds that a problem sets (`measures` of problem.yaml). All of them are virtual, so the same everywhere. */
import type { RunOutcome, World } from "@millrace/engine/sim";
import type { Verdict } from "../judge/verdict.ts";
import type { Problem } from "../pack/problem.ts";
import { METRICS, type MetricName } from "../pack/metrics.ts";
import type { MeasureYaml } from "../pack/schema/measure.ts";
import { rowsOf } from "./rows.ts";
import { instantOf } from "./cells.ts";

/** A figure beside its bound. */
export interface Measured {
  readonly metric: MetricName;
  readonly title: string;
  readonly unit: string;
  /** null = the run has no such figure, e.g. no checkpoint completed; that breaks an upper bound as well as a lower one. */
  readonly value: number | null;
  readonly atMost: number | null;
  readonly atLeast: number | null;
  readonly kept: boolean;
  readonly verdict: Verdict;
}

/** A measure of one world, its bound in numbers. */
export interface Bound extends Pick<MeasureYaml, "metric" | "title" | "verdict" | "output" | "since"> {
  readonly atMost: number | null;
  readonly atLeast: number | null;
}

/** The measures that hold in a group's worlds, in the problem's order; of bounds in times of the reference's figure there is the product. */
export function boundsOf(problem: Pick<Problem, "measures" | "outputs">, group: string, world: World, reference: RunOutcome): Bound[] {
  return problem.measures
    .filter((measure) => measure.groups?.includes(group) ?? true)
    .map(({ groups: _, timesReference, ...measure }): Bound => {
      const asReference = timesReference === undefined ? null : figureOf(problem, measure, world, reference);
      const atMost = measure.atMost ?? (asReference === null ? null : asReference * (timesReference ?? 1));
      return { ...measure, atMost, atLeast: measure.atLeast ?? null };
    });
}

/** The figures of a run beside these bounds. */
export function measuresOf(problem: Pick<Problem, "outputs">, bounds: readonly Bound[], world: World, outcome: RunOutcome): Measured[] {
  return bounds.map((measure): Measured => {
    const { title, unit } = METRICS[measure.metric];
    const { atMost, atLeast } = measure;
    const value = figureOf(problem, measure, world, outcome);
    const kept = value !== null && (atMost === null || value <= atMost) && (atLeast === null || value >= atLeast);
    return { metric: measure.metric, title: measure.title ?? title, unit, value, atMost, atLeast, kept, verdict: measure.verdict };
  });
}

type Measurable = Pick<MeasureYaml, "metric" | "output" | "since">;

function figureOf(problem: Pick<Problem, "outputs">, measure: Measurable, world: World, outcome: RunOutcome): number | null {
  const { checkpoints } = outcome.metrics;
  switch (measure.metric) {
    case "peakStateBytes":
      return outcome.peakStateBytes;
    case "finalStateBytes":
      return outcome.stateSizes.reduce((sum, size) => sum + size.bytes, 0);
    case "stateGrowth":
      return stateGrowth(outcome);
    case "maxCheckpointBytes":
      return checkpoints.summary?.checkpointedBytes.max ?? null;
    case "avgCheckpointBytes":
      return checkpoints.summary?.checkpointedBytes.avg ?? null;
    case "maxCheckpointMs":
      return checkpoints.summary?.endToEndDurationMs.max ?? null;
    case "completedCheckpoints":
      return checkpoints.counts.completed;
    case "failedCheckpoints":
      return checkpoints.counts.failed;
    case "restarts":
      return outcome.restarts;
    case "durationMs":
      return outcome.endMs - world.startMs;
    case "maxLatencyMs":
      return latencies(problem, measure, outcome).at(-1) ?? null;
    case "p95LatencyMs": {
      const all = latencies(problem, measure, outcome);
      return all[Math.max(0, Math.ceil(all.length * 0.95) - 1)] ?? null;
    }
    case "busiestShare":
      return busiestShare(outcome);
    case "slots":
      return slotsOf(outcome);
    case "lateRecordsDropped":
      return outcome.metrics.subtasks.reduce(
        (sum, subtask) => sum + subtask.operators.reduce((all, { metrics }) => all + numberOf(metrics.numLateRecordsDropped), 0),
        0,
      );
  }
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** State of the last completed checkpoint against that in the middle of the job's life; null with fewer than two. */
function stateGrowth(outcome: RunOutcome): number | null {
  const done = outcome.metrics.checkpoints.history.filter(({ status }) => status === "COMPLETED").sort((a, b) => a.id - b.id);
  const last = done.at(-1);
  const middle = done[Math.floor((done.length - 1) / 2)];
  if (last === undefined || middle === undefined || last === middle) return null;
  return last.stateBytes / Math.max(1, middle.stateBytes);
}

/** How long each visible row came after the instant in its column `since`, ascending. */
function latencies(problem: Pick<Problem, "outputs">, measure: Measurable, outcome: RunOutcome): number[] {
  const output = problem.outputs.find((candidate) => candidate.topic === measure.output) ?? problem.outputs[0];
  if (output === undefined) return [];
  const since = { name: measure.since ?? "timestamp", type: "time", tolerance: 0 } as const;
  const { committed } = rowsOf(outcome, { ...output, reads: "rows", columns: [since] });
  return committed
    .flatMap(({ cells, visibleAtMs }) => {
      const fromMs = instantOf(cells[0]);
      return fromMs === null ? [] : [visibleAtMs - fromMs];
    })
    .sort((a, b) => a - b);
}

/** Over all vertices with several subtasks: the greatest share that one subtask has in its vertex's records. */
function busiestShare(outcome: RunOutcome): number {
  const perVertex = new Map<number, number[]>();
  for (const { vertex, task } of outcome.metrics.subtasks) {
    const records = perVertex.get(vertex) ?? [];
    perVertex.set(vertex, records);
    records.push(numberOf(task.numRecordsIn));
  }
  let most = 0;
  for (const records of perVertex.values()) {
    const sum = records.reduce((all, some) => all + some, 0);
    if (records.length > 1 && sum > 0) most = Math.max(most, Math.max(...records) / sum);
  }
  return most;
}

/** With slot sharing a job needs as many slots as its widest vertex has subtasks. */
function slotsOf(outcome: RunOutcome): number {
  return outcome.metrics.subtasks.reduce((most, { subtask }) => Math.max(most, subtask + 1), 0);
}
