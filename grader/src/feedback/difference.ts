/** The first difference as a table: a few rows of context, then where output and reference part. */
import type { TopicComparison } from "../checkers/compare-topic.ts";
import type { Row } from "../checkers/rows.ts";
import type { Difference, DifferenceRow } from "../judge/report.ts";
import { type SentenceContext, sentenceFor } from "./sentence.ts";

const CONTEXT_ROWS = 2;
const MAX_ROWS = 12;
/** Rows that nobody asked for can come in crowds; no more of them in one place, so that the row which the sentence names is on the page. */
const MAX_UNEXPECTED_IN_PLACE = 3;

/** `expected` = the reference's rows of this topic, in order. */
export function differenceOf(world: number, comparison: TopicComparison, expected: readonly Row[], context: SentenceContext): Difference {
  const { spec, differences } = comparison;
  const first = differences[0]!;
  const rows: DifferenceRow[] = [];
  let shown = 0;
  const from = Math.max(0, first.position - CONTEXT_ROWS);
  for (let position = from; position <= expected.length && rows.length < MAX_ROWS; position++) {
    const here = differences.filter((difference) => difference.position === position);
    // An unexpected row stands before the reference's row of its position, a duplicate behind it.
    const before = here.filter((difference) => difference.kind === "unexpected");
    const behind = here.filter((difference) => difference.kind === "duplicate");
    const instead = here.filter((difference) => !before.includes(difference) && !behind.includes(difference));
    for (const difference of before.slice(0, MAX_UNEXPECTED_IN_PLACE))
      rows.push({ kind: "unexpected", cells: difference.cells, expected: null });
    for (const difference of instead) {
      if (difference.kind === "missing") rows.push({ kind: "missing", cells: difference.cells, expected: null });
      else rows.push({ kind: "changed", cells: difference.cells, expected: difference.expected });
    }
    if (instead.length === 0 && position < expected.length) rows.push({ kind: "equal", cells: expected[position]!.cells, expected: null });
    for (const difference of behind) rows.push({ kind: "duplicate", cells: difference.cells, expected: null });
  }
  rows.length = Math.min(rows.length, MAX_ROWS);
  for (const row of rows) if (row.kind !== "equal") shown++;
  return {
    world,
    topic: spec.topic,
    sentence: sentenceFor(comparison, first, context),
    columns: spec.columns.map((column) => column.name),
    rows,
    more: differences.length - shown,
  };
}
