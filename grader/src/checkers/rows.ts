/** Topic contents as rows of cells, the way checkers and tables see them. */
import { type OutputRecord, type RunOutcome, systemRows } from "@millrace/engine/sim";
import type { OutputSpec } from "../pack/problem.ts";

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

/** What is read of an output. */
export type OutputShape = Pick<OutputSpec, "topic" | "place" | "reads" | "columns" | "identity">;

/** A topic that no problem describes, row by row. */
export function wholeTopic(topic: string, columns: OutputShape["columns"]): OutputShape {
  return { topic, place: { kind: "topic" }, reads: "rows", columns, identity: [] };
}

/** What rows are read of. */
export type WrittenOutcome = Pick<RunOutcome, "topics" | "systems" | "printed" | "endMs">;

/** Rows of one output; none when the run has no such topic or system. */
export function rowsOf(outcome: WrittenOutcome, output: OutputShape): TopicRows {
  const { place, columns } = output;
  const cellsOf = (record: { readonly value: unknown; readonly key?: string | null }) =>
    columns.map((column) => cellOf(record, column.name));
  if (place.kind === "system") {
    const rows = systemRows(outcome, [place.system]).filter((row) => row.place === place.place);
    return { committed: rows.map((row) => ({ cells: cellsOf(row), visibleAtMs: outcome.endMs })), uncommitted: [] };
  }
  if (place.kind === "printed") {
    return { committed: outcome.printed.map((value) => ({ cells: cellsOf({ value }), visibleAtMs: outcome.endMs })), uncommitted: [] };
  }
  const records = outcome.topics.find((candidate) => candidate.name === output.topic)?.records ?? [];
  const committed: (Row & { readonly record: OutputRecord })[] = [];
  const uncommitted: { cells: readonly unknown[]; aborted: boolean }[] = [];
  for (const record of records) {
    if (record.committedAtMs === null || record.aborted) uncommitted.push({ cells: cellsOf(record), aborted: record.aborted });
    else committed.push({ cells: cellsOf(record), visibleAtMs: record.committedAtMs, record });
  }
  if (output.reads === "upsert") return { committed: lastPerKey(committed), uncommitted };
  if (output.reads === "changelog") return { committed: whatRemains(committed, output), uncommitted };
  return { committed, uncommitted };
}

type RecordedRow = Row & { readonly record: OutputRecord };

/** The table that an upsert log amounts to: the last value of each key; none deletes it. (Flink: upsert-kafka) */
function lastPerKey(rows: readonly RecordedRow[]): Row[] {
  const table = new Map<string | null, Row>();
  for (const row of rows) {
    table.delete(row.record.key);
    if (row.record.value !== null && row.record.value !== undefined) table.set(row.record.key, row);
  }
  return [...table.values()];
}

const RETRACTIONS: readonly unknown[] = ["-U", "-D", "d", "DELETE"];

/** A change and the row that it adds or takes away, in the envelopes that formats have for it. */
function changeOf(value: unknown): { readonly retracts: boolean; readonly row: unknown } {
  const { op, type, before, after, data } = (typeof value === "object" && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  if (after !== undefined || before !== undefined) return op === "d" ? { retracts: true, row: before } : { retracts: false, row: after };
  if (Array.isArray(data)) return { retracts: RETRACTIONS.includes(type), row: data[0] as unknown };
  return { retracts: RETRACTIONS.includes(op), row: value };
}

/** The table that a changelog amounts to: a retraction takes the last equal row away, or the last one of that identity. */
function whatRemains(rows: readonly RecordedRow[], { columns, identity }: OutputShape): Row[] {
  const remaining: Row[] = [];
  const keyOf = (row: Row) => JSON.stringify(columns.map((column, index) => (identity.includes(column.name) ? row.cells[index] : null)));
  for (const { record, visibleAtMs } of rows) {
    const change = changeOf(record.value);
    const row: Row = { cells: columns.map((column) => cellOf({ key: record.key, value: change.row }, column.name)), visibleAtMs };
    const same = remaining.findLastIndex((candidate) => JSON.stringify(candidate.cells) === JSON.stringify(row.cells));
    const at = change.retracts ? (same >= 0 ? same : remaining.findLastIndex((candidate) => keyOf(candidate) === keyOf(row))) : -1;
    if (at >= 0) remaining.splice(at, 1);
    else if (!change.retracts) remaining.push(row);
  }
  return remaining;
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
