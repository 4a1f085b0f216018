/** The first difference told as one sentence that names the row by its identity. */
import { sameCell } from "../checkers/cells.ts";
import type { RowDifference, TopicComparison } from "../checkers/compare-topic.ts";
import { rowsOf } from "../checkers/rows.ts";
import type { RunOutcome } from "@millrace/engine/sim";
import type { OutputSpec } from "../pack/problem.ts";
import { formatCell, formatInstant } from "./format.ts";

export interface SentenceContext {
  readonly startMs: number;
  /** The submission's run. */
  readonly outcome: RunOutcome;
}

export function sentenceFor(comparison: TopicComparison, difference: RowDifference, context: SentenceContext): string {
  const { spec } = comparison;
  const name = nameOf(spec, difference.expected ?? difference.cells, context.startMs);
  const topic = `\`${spec.topic}\``;
  const at = (epochMs: number | null) => (epochMs === null ? "at an unknown time" : `at ${formatInstant(epochMs, context.startMs)}`);
  switch (difference.kind) {
    case "missing":
      return `${name} is missing from ${topic}${whyMissing(spec, difference, context)}.${alsoUnexpected(comparison)}`;
    case "unexpected":
      return `${name} is in ${topic} (visible ${at(difference.visibleAtMs)}), but the reference has no such row.`;
    case "duplicate": {
      const again = difference.visibleAtMs === difference.firstVisibleAtMs ? "" : `, again ${at(difference.visibleAtMs)}`;
      const restart = context.outcome.restarts > 0 ? "; the job restarted in between or before" : "";
      return `${name} is in ${topic} once too often: first visible ${at(difference.firstVisibleAtMs)}${again}${restart}.`;
    }
    case "changed":
      return `${name} in ${topic} has ${wrongCells(spec, difference, context.startMs)}.`;
    case "reordered":
      return `The rows of ${name} in ${topic} come in another order than the reference's: ${wrongCells(spec, difference, context.startMs)}.`;
  }
}

/** Missing rows beside rows that nobody asked for are usually the same rows under another identity. */
function alsoUnexpected(comparison: TopicComparison): string {
  const number = comparison.differences.filter((difference) => difference.kind === "unexpected").length;
  if (number === 0) return "";
  return number === 1
    ? " One row is there that the reference does not have."
    : ` ${number} rows are there that the reference does not have.`;
}

/** "`u_42` 10:00:00" */
function nameOf(spec: OutputSpec, cells: readonly unknown[], startMs: number): string {
  const parts = spec.columns.flatMap((column, index) => {
    if (!spec.identity.includes(column.name)) return [];
    const text = formatCell(column, cells[index], startMs);
    return [column.type === "time" ? text : `\`${text}\``];
  });
  return parts.join(" ");
}

function whyMissing(spec: OutputSpec, difference: RowDifference, context: SentenceContext): string {
  const written = rowsOf(context.outcome, spec).uncommitted;
  const twin = written.find((row) =>
    spec.columns.every(
      (column, index) => !spec.identity.includes(column.name) || sameCell(column, difference.cells[index], row.cells[index]),
    ),
  );
  if (twin === undefined) return "";
  return twin.aborted ? ": it was written, but its transaction was aborted" : ": it was written, but its transaction was never committed";
}

function wrongCells(spec: OutputSpec, difference: RowDifference, startMs: number): string {
  const parts = spec.columns.flatMap((column, index) => {
    const [actual, expected] = [difference.cells[index], difference.expected?.[index]];
    if (sameCell(column, expected, actual)) return [];
    return [`\`${column.name}\` ${formatCell(column, actual, startMs)} instead of ${formatCell(column, expected, startMs)}`];
  });
  return parts.slice(0, 3).join(", ");
}
