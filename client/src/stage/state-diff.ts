/** Keyed state at one moment, and how it differs from another: what a table of it shows. */
import { keyLabel } from "../visuals/record-key.ts";
import type { CursorState, StateEntry } from "./cursor-state.ts";

export interface StateRow {
  readonly v: number;
  readonly s: number;
  readonly key: string;
  readonly name: string;
  readonly window: StateEntry["window"];
  /** JSON, null = not there at that moment. */
  readonly before: string | null;
  readonly now: string | null;
  readonly change: "same" | "added" | "removed" | "changed";
}

export interface StateFilter {
  readonly key?: string | null;
  readonly vertex?: number | null;
}

/** Entries of state at a moment by their identity. To be taken before the index moves on. */
export type StateImage = ReadonlyMap<string, StateEntry>;

export function stateImage(state: CursorState): StateImage {
  return new Map(state.entries);
}

/** @param before null = no other moment is pinned: everything is "same". */
export function stateRows(now: StateImage, before: StateImage | null, filter: StateFilter = {}): StateRow[] {
  const rows: StateRow[] = [];
  const wanted = (entry: StateEntry) =>
    (filter.key == null || keyLabel(entry.key) === filter.key) && (filter.vertex == null || entry.v === filter.vertex);
  for (const [id, entry] of now) {
    if (!wanted(entry)) continue;
    const old = before?.get(id);
    const text = valueText(entry.value);
    const change = before === null ? "same" : old === undefined ? "added" : valueText(old.value) === text ? "same" : "changed";
    rows.push({ ...rowOf(entry), before: old === undefined ? null : valueText(old.value), now: text, change });
  }
  for (const [id, entry] of before ?? []) {
    if (wanted(entry) && !now.has(id)) rows.push({ ...rowOf(entry), before: valueText(entry.value), now: null, change: "removed" });
  }
  return rows.sort((a, b) => a.v - b.v || a.key.localeCompare(b.key) || (a.window?.startMs ?? 0) - (b.window?.startMs ?? 0));
}

function rowOf({ v, s, key, name, window }: StateEntry): Pick<StateRow, "v" | "s" | "key" | "name" | "window"> {
  return { v, s, key: keyLabel(key), name, window };
}

/** "…" for what only its bytes tell. */
export function valueText(value: unknown): string {
  if (value === undefined) return "…";
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "null");
}
