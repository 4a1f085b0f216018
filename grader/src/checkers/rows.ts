/** Topic contents as rows of cells, the way checkers and tables see them. */
import type { RunOutcome } from "@millrace/engine/sim";
import type { OutputColumn } from "../pack/problem.ts";

export interface Row {
  readonly cells: readonly unknown[];
  /** When a read_committed consumer first sees it, epoch ms. */
  readonly visibleAtMs: number;
}

export interface TopicRows {
  readonly committed: readonly Row[];
  /** Written, but never visible to a read_committed consumer: the transaction stayed open or was aborted. */
  readonly uncommitted: readonly { readonly cells: readonly unknown[]; readonly aborted: boolean }[];
}

/** Rows of one topic; none when the run has no such topic. */
export function rowsOf(outcome: RunOutcome, topic: string, columns: readonly OutputColumn[]): TopicRows {
  const records = outcome.topics.find((candidate) => candidate.name === topic)?.records ?? [];
  const committed: Row[] = [];
  const uncommitted: { cells: readonly unknown[]; aborted: boolean }[] = [];
  for (const record of records) {
    const cells = columns.map((column) => cellOf(record, column.name));
    if (record.committedAtMs === null || record.aborted) uncommitted.push({ cells, aborted: record.aborted });
    else committed.push({ cells, visibleAtMs: record.committedAtMs });
  }
  return { committed, uncommitted };
}

/** A field of the value; values that are no objects stand whole in a column called `value`. Absent = null. */
export function cellOf(record: { readonly value: unknown; readonly key?: string | null }, column: string): unknown {
  const value = record.value;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.hasOwn(value, column)
      ? ((value as Record<string, unknown>)[column] ?? null)
      : column === "key"
        ? (record.key ?? null)
        : null;
  }
  return column === "key" ? (record.key ?? null) : column === "value" ? value : null;
}

/** Columns of values nobody described: the fields of the first few, in order of appearance. */
export function columnsOf(values: readonly unknown[]): string[] {
  const names = new Set<string>();
  for (const value of values.slice(0, 20)) {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) for (const name of Object.keys(value)) names.add(name);
    else names.add("value");
  }
  return names.size === 0 ? ["value"] : [...names];
}
