/** A job's failures as the command line prints them: newest first, each with those that came along with it below. */
import type { ExceptionHistory, ExceptionHistoryEntry } from "@millrace/engine/sim";

/** Nothing when nothing failed. */
export function exceptionLines({ entries, truncated }: ExceptionHistory): string[] {
  if (entries.length === 0) return [];
  const lines = entries.flatMap((entry) => [
    ...linesOf(entry, "  "),
    ...entry.concurrentExceptions.flatMap((other) => linesOf(other, "    ")),
  ]);
  return ["", truncated ? `the last ${entries.length} failures:` : "failures:", ...lines];
}

function linesOf({ timestampMs, taskName, taskManager, failureLabels, message }: ExceptionHistoryEntry, indent: string): string[] {
  const labels = Object.entries(failureLabels).map(([name, value]) => `${name}=${value}`);
  const place = taskName === null ? "(global failure)" : `${taskName} on task manager ${taskManager}`;
  return [`${indent}${new Date(timestampMs).toISOString()}  ${place}  ${labels.join(" ")}`.trimEnd(), `${indent}  ${message}`];
}
