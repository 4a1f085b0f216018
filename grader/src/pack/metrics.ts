/**
 * Figures of a run that a problem sets a bound to: state, checkpoints, latency, load. Each is read from the run's outcome
 * (checkers/measures.ts), so it is the same on every machine.
 */

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
