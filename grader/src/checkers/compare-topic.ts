/**
 * Committed output against the reference's, row by row.
 *
 * Rows are paired by their identity columns. Within one identity equal rows pair first; what is left over is `changed` as long as both
 * sides have some, then `missing` on the expected side, and on the other `duplicate` (the identity is expected, only not so often) or
 * `unexpected` (no such identity). The order of rows does not count, unless the output asks for it per key.
 */
import type { OutputSpec } from "../pack/problem.ts";
import { canonicalCell, sameRow } from "./cells.ts";
import type { Row } from "./rows.ts";

export interface RowDifference {
  readonly kind: "missing" | "unexpected" | "duplicate" | "changed" | "reordered";
  /** What is there; for `missing` what is not. */
  readonly cells: readonly unknown[];
  /** For `changed` and `reordered`: what should be there. */
  readonly expected: readonly unknown[] | null;
  /** Where it belongs in the reference's order. */
  readonly position: number;
  /** When this row, and before it the first of its identity, became visible; null for `missing`. */
  readonly visibleAtMs: number | null;
  readonly firstVisibleAtMs: number | null;
}

export interface TopicComparison {
  readonly spec: OutputSpec;
  readonly expectedRows: number;
  /** In the reference's order. */
  readonly differences: readonly RowDifference[];
}

export function compareTopic(spec: OutputSpec, expected: readonly Row[], actual: readonly Row[]): TopicComparison {
  const identityColumns = spec.columns.flatMap((column, index) => (spec.identity.includes(column.name) ? [{ column, index }] : []));
  const identityOf = (row: Row) => identityColumns.map(({ column, index }) => canonicalCell(column, row.cells[index])).join("\u0001");
  const expectedBy = group(expected, identityOf);
  const actualBy = group(actual, identityOf);
  const differences: RowDifference[] = [];
  for (const [identity, wanted] of expectedBy) differences.push(...compareGroup(spec, wanted, actualBy.get(identity) ?? []));
  for (const [identity, found] of actualBy) {
    if (expectedBy.has(identity)) continue;
    for (const { row } of found) {
      const position = insertionPoint(expected, row.visibleAtMs);
      differences.push({
        kind: "unexpected",
        cells: row.cells,
        expected: null,
        position,
        visibleAtMs: row.visibleAtMs,
        firstVisibleAtMs: null,
      });
    }
  }
  differences.sort((a, b) => a.position - b.position);
  return { spec, expectedRows: expected.length, differences };
}

interface Placed {
  readonly row: Row;
  readonly position: number;
}

function group(rows: readonly Row[], identityOf: (row: Row) => string): Map<string, Placed[]> {
  const groups = new Map<string, Placed[]>();
  for (const [position, row] of rows.entries()) {
    const identity = identityOf(row);
    const members = groups.get(identity);
    if (members === undefined) groups.set(identity, [{ row, position }]);
    else members.push({ row, position });
  }
  return groups;
}

function compareGroup(spec: OutputSpec, wanted: readonly Placed[], found: readonly Placed[]): RowDifference[] {
  const restWanted: Placed[] = [];
  const restFound = [...found];
  for (const want of wanted) {
    const at = restFound.findIndex((candidate) => sameRow(spec.columns, want.row.cells, candidate.row.cells));
    if (at < 0) restWanted.push(want);
    else restFound.splice(at, 1);
  }
  const firstVisibleAtMs = found[0]?.row.visibleAtMs ?? null;
  const differences: RowDifference[] = [];
  for (const want of restWanted) {
    const { position } = want;
    const got = restFound.shift();
    if (got === undefined) {
      differences.push({ kind: "missing", cells: want.row.cells, expected: null, position, visibleAtMs: null, firstVisibleAtMs: null });
    } else {
      const visibleAtMs = got.row.visibleAtMs;
      differences.push({ kind: "changed", cells: got.row.cells, expected: want.row.cells, position, visibleAtMs, firstVisibleAtMs });
    }
  }
  const position = wanted[wanted.length - 1]!.position;
  for (const { row } of restFound) {
    differences.push({ kind: "duplicate", cells: row.cells, expected: null, position, visibleAtMs: row.visibleAtMs, firstVisibleAtMs });
  }
  if (differences.length === 0 && spec.order === "perKey") differences.push(...compareOrder(spec, wanted, found));
  return differences;
}

/** Same rows, but in another order: the first place where they part. */
function compareOrder(spec: OutputSpec, wanted: readonly Placed[], found: readonly Placed[]): RowDifference[] {
  const at = wanted.findIndex((want, index) => !sameRow(spec.columns, want.row.cells, found[index]!.row.cells));
  if (at < 0) return [];
  const { position, row } = wanted[at]!;
  const got = found[at]!.row;
  return [{ kind: "reordered", cells: got.cells, expected: row.cells, position, visibleAtMs: got.visibleAtMs, firstVisibleAtMs: null }];
}

/** Number of reference rows that were visible before this time. */
function insertionPoint(rows: readonly Row[], visibleAtMs: number): number {
  let count = 0;
  while (count < rows.length && rows[count]!.visibleAtMs <= visibleAtMs) count++;
  return count;
}
