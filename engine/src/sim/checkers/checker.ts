/**
 * What must hold after a run, whatever broke in it. Checkers know nothing of workloads: they get the world, what came of it, and what a
 * run of the same input gave in which nothing broke. Which of them apply is the workload's promise (`Promises`).
 */
import type { RunOutcome } from "../outcome.ts";
import type { World } from "../world.ts";

/** A row of a job's output as a reader of committed data finds it. */
export interface OutputRow {
  /** Where it lies: a topic, or whatever else the job writes to. */
  readonly place: string;
  readonly key: string | null;
  readonly value: unknown;
}

export interface CheckedRun {
  readonly world: World;
  /** Recorded, for checkers that look at what happened on the way. */
  readonly outcome: RunOutcome;
  /** In the order in which each place got them. */
  readonly rows: readonly OutputRow[];
  /** The same of the run in which nothing broke. */
  readonly expected: readonly OutputRow[];
}

export interface Checker {
  readonly name: string;
  /** What is wrong, in one sentence; null = nothing. */
  check(run: CheckedRun): string | null;
}

export interface Violation {
  readonly checker: string;
  readonly message: string;
}

/** The rows as texts with how often each is there. */
export function countRows(rows: readonly OutputRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const text = rowText(row);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

export function rowText({ place, key, value }: OutputRow): string {
  return `${place}: ${key === null ? "" : `${key} = `}${JSON.stringify(value)}`;
}
