/** What many seeds come to, per job: plain data, so that it crosses from a worker process. */
import type { Violation } from "../../src/sim.ts";
import type { SeedResult } from "./run-seed.ts";

export interface JobTally {
  readonly job: string;
  seeds: number;
  restarts: number;
  checkpoints: number;
  /** Faults that struck, by kind. */
  readonly faults: Record<string, number>;
}

export interface FailedSeed {
  readonly job: string;
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** It hung or took its process with it: not to be run again in this one. */
  readonly lostWorker?: true;
}

export interface Tally {
  readonly jobs: JobTally[];
  readonly failed: FailedSeed[];
}

export function emptyTally(): Tally {
  return { jobs: [], failed: [] };
}

export function addSeed(tally: Tally, job: string, seed: number, { outcome, violations }: SeedResult): void {
  addJob(tally, { job, seeds: 1, restarts: outcome.restarts, checkpoints: outcome.completedCheckpoints, faults: { ...outcome.faults } });
  if (violations.length > 0) tally.failed.push({ job, seed, violations });
}

export function addTally(tally: Tally, other: Tally): void {
  for (const job of other.jobs) addJob(tally, job);
  tally.failed.push(...other.failed);
}

function addJob(tally: Tally, { job, seeds, restarts, checkpoints, faults }: JobTally): void {
  let sum = tally.jobs.find((candidate) => candidate.job === job);
  if (sum === undefined) {
    sum = { job, seeds: 0, restarts: 0, checkpoints: 0, faults: {} };
    tally.jobs.push(sum);
  }
  sum.seeds += seeds;
  sum.restarts += restarts;
  sum.checkpoints += checkpoints;
  for (const [kind, count] of Object.entries(faults)) sum.faults[kind] = (sum.faults[kind] ?? 0) + count;
}

/** One line per job, and one of all together. */
export function tallyTable(tally: Tally, failed: readonly FailedSeed[]): string {
  const kinds = [...new Set(tally.jobs.flatMap(({ faults }) => Object.keys(faults)))].sort();
  const rows = [...tally.jobs].sort((a, b) => a.job.localeCompare(b.job, "en"));
  const all: JobTally = { job: "all", seeds: 0, restarts: 0, checkpoints: 0, faults: {} };
  const together: Tally = { jobs: [all], failed: [] };
  for (const row of rows) addJob(together, { ...row, job: "all" });
  const lines = [...rows, all].map((row) => [
    row.job,
    String(row.seeds),
    String(row.job === "all" ? failed.length : failed.filter(({ job }) => job === row.job).length),
    String(row.restarts),
    String(row.checkpoints),
    ...kinds.map((kind) => String(row.faults[kind] ?? 0)),
  ]);
  return aligned([["job", "seeds", "failed", "restarts", "checkpoints", ...kinds], ...lines]);
}

/** The first column to the left, numbers to the right. */
function aligned(table: readonly (readonly string[])[]): string {
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  return table
    .map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  "))
    .join("\n");
}
