/**
 * Two runs beside each other.
 *
 * Steps are paired by what they are (kind, key, event time), not by when they happen: two right programs do the same at slightly other times. The
 * pairing is a longest common subsequence, so that no pair crosses another; a step that one run takes earlier than the other stands in two rows.
 * Where neither goes on with the other, the reference's step comes first.
 *
 * First difference: the first row with one side empty. Steps inside a program count only when both programs take steps of that kind, since windows and
 * timers are two ways to the same end; what the world sees (reads, writes, transactions, checkpoints, faults) always counts.
 */
import type { AlignedStep, AlignedSteps, StepKind } from "./explanation.ts";
import type { Step } from "./steps.ts";

/** Longer runs are compared as far as this. */
const MAX_COMPARED = 600;
const ROWS_BEFORE = 24;
const ROWS_BEHIND = 36;

const INSIDE: ReadonlySet<StepKind> = new Set<StepKind>(["window", "late", "timer", "watermark"]);

export function align(reference: readonly Step[], submission: readonly Step[]): AlignedSteps {
  const rows = pair(reference.slice(0, MAX_COMPARED), submission.slice(0, MAX_COMPARED));
  const has = (steps: readonly Step[], kind: StepKind) => steps.some((step) => step.kind === kind);
  const counts = (kind: StepKind) => {
    // A record that is late meets a window; where there are none, nothing is late.
    const shown = kind === "late" ? "window" : kind;
    return !INSIDE.has(kind) || (has(reference, shown) && has(submission, shown));
  };
  const first = rows.findIndex((row) => (row.referenceMs === null || row.submissionMs === null) && counts(row.kind));
  const from = first < 0 ? 0 : Math.max(0, first - ROWS_BEFORE);
  const to = Math.min(rows.length, from + ROWS_BEFORE + ROWS_BEHIND);
  const notCompared = Math.max(0, Math.max(reference.length, submission.length) - MAX_COMPARED);
  return {
    rows: rows.slice(from, to),
    firstDifference: first < 0 ? null : first - from,
    before: from,
    behind: rows.length - to + notCompared,
  };
}

/** Where two pairings exclude each other, the records that are read hold the runs together. */
function weightOf({ kind }: Step): number {
  return kind === "read" ? 3 : 1;
}

function pair(reference: readonly Step[], submission: readonly Step[]): AlignedStep[] {
  const width = submission.length + 1;
  /** Weight of the pairs that are possible from here to the end, at [reference × width + submission]. */
  const pairs = new Uint16Array((reference.length + 1) * width);
  const same = (r: number, s: number) => reference[r]!.identity === submission[s]!.identity;
  for (let r = reference.length - 1; r >= 0; r--) {
    for (let s = submission.length - 1; s >= 0; s--) {
      const at = r * width + s;
      pairs[at] = same(r, s) ? pairs[at + width + 1]! + weightOf(reference[r]!) : Math.max(pairs[at + width]!, pairs[at + 1]!);
    }
  }
  const rows: AlignedStep[] = [];
  let [r, s] = [0, 0];
  while (r < reference.length || s < submission.length) {
    const [left, right] = [reference[r], submission[s]];
    if (left !== undefined && right !== undefined && same(r, s)) {
      rows.push({ kind: left.kind, text: left.text, referenceMs: left.t, submissionMs: right.t });
      r++;
      s++;
    } else if (left !== undefined && (right === undefined || pairs[(r + 1) * width + s]! >= pairs[r * width + s + 1]!)) {
      rows.push({ kind: left.kind, text: left.text, referenceMs: left.t, submissionMs: null });
      r++;
    } else {
      rows.push({ kind: right!.kind, text: right!.text, referenceMs: null, submissionMs: right!.t });
      s++;
    }
  }
  return rows;
}
