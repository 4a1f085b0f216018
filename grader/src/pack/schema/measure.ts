/**
 * Figures of a run that a problem sets a bound to: state, checkpoints, latency, load. Each is read from the run's outcome
 * (checkers/measures.ts), so it is the same on every machine.
 */
import { z } from "zod";
import { text } from "./common.ts";

/** Name → what it says and its unit; the order is that of the documentation. */
export const METRICS = {
  peakStateBytes: { title: "state at its largest", unit: "B" },
  finalStateBytes: { title: "state at the end", unit: "B" },
  stateGrowth: { title: "state at the end against half-way", unit: "×" },
  maxCheckpointBytes: { title: "largest checkpoint written", unit: "B" },
  avgCheckpointBytes: { title: "bytes written per checkpoint", unit: "B" },
  maxCheckpointMs: { title: "longest checkpoint", unit: "ms" },
  completedCheckpoints: { title: "completed checkpoints", unit: "" },
  failedCheckpoints: { title: "failed checkpoints", unit: "" },
  restarts: { title: "restarts", unit: "" },
  durationMs: { title: "time until all was done", unit: "ms" },
  maxLatencyMs: { title: "longest wait of a result", unit: "ms" },
  p95LatencyMs: { title: "wait that 95 of 100 results stay below", unit: "ms" },
  busiestShare: { title: "share of the busiest subtask in the records", unit: "" },
  slots: { title: "task slots used", unit: "" },
  lateRecordsDropped: { title: "late records dropped", unit: "" },
} as const;

export type MetricName = keyof typeof METRICS;

const metricNames = Object.keys(METRICS) as [MetricName, ...MetricName[]];

/** One bound. A world breaks it when the figure lies beyond; the submission then gets `verdict`. */
export const measure = z
  .strictObject({
    metric: z.enum(metricNames),
    atMost: z.number().optional(),
    atLeast: z.number().optional(),
    /** Instead of `atMost`: this many times what the reference has in the same world. */
    timesReference: z.number().positive().optional(),
    verdict: z.enum(["state-too-large", "too-slow", "wrong-output"]).default("too-slow"),
    /** How the bound is called in reports; absent = the metric's own title. */
    title: text.optional(),
    /** For the latencies: the output concerned, and its column with the instant at which a result could have been known at the earliest. */
    output: text.optional(),
    since: text.optional(),
    /** Groups of worlds in which it holds; absent = all. */
    groups: z.array(text).min(1).optional(),
  })
  .refine(({ atMost, atLeast, timesReference }) => [atMost, atLeast, timesReference].some((bound) => bound !== undefined), {
    message: "needs `atMost`, `atLeast` or `timesReference`",
  });

export type MeasureYaml = z.infer<typeof measure>;
