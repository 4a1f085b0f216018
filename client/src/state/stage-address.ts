/** What a stage shows, as the query of its address: a link brings back the same view. */
import type { WorldChange } from "@millrace/server/contract";
import { type BrokenLink, readChanges, writeChanges } from "./changes-link.ts";

export interface StageAddress {
  /** Index of a sample world, or the id of a submission. */
  readonly of: { readonly sample: number } | { readonly submission: string };
  /** The text that ran, by its fingerprint; null = the link does not say. */
  readonly text: string | null;
  /** `given`: the run without the changes. */
  readonly run: "yours" | "given" | "reference";
  /** What is different in the world that it ran in. */
  readonly changes: readonly WorldChange[];
  /** Why the link's changes cannot be read; null = they can. */
  readonly brokenChanges: BrokenLink | null;
  /** Events by their number; null = none. */
  readonly at: number | null;
  readonly selected: number | null;
  readonly a: number | null;
  readonly b: number | null;
  readonly key: string | null;
  readonly view: StageView;
  /** Part of the run on the time axis, in ms from its start; null = all. */
  readonly from: number | null;
  readonly to: number | null;
}

const RUNS = ["yours", "given", "reference"] as const;
export const STAGE_VIEWS = ["plane", "operators", "table"] as const;
export type StageView = (typeof STAGE_VIEWS)[number];

export function readStageAddress(search: string): StageAddress {
  const query = new URLSearchParams(search);
  const number = (name: string): number | null => {
    const text = query.get(name);
    return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
  };
  const submission = query.get("submission");
  const { changes, broken } = readChanges(query.get("changes"));
  return {
    of: submission === null ? { sample: Math.max(0, (number("sample") ?? 1) - 1) } : { submission },
    text: query.get("text"),
    run: RUNS.find((run) => run === query.get("run")) ?? "yours",
    changes,
    brokenChanges: broken,
    at: number("at"),
    selected: number("sel"),
    a: number("a"),
    b: number("b"),
    key: query.get("key"),
    view: STAGE_VIEWS.find((view) => view === query.get("view")) ?? "plane",
    from: number("from"),
    to: number("to"),
  };
}

export function writeStageAddress(address: StageAddress): string {
  const query = new URLSearchParams();
  if ("sample" in address.of) query.set("sample", String(address.of.sample + 1));
  else query.set("submission", address.of.submission);
  const set = (name: string, value: string | number | null) => value !== null && query.set(name, String(value));
  set("text", address.text);
  set("changes", writeChanges(address.changes));
  if (address.run !== "yours") set("run", address.run);
  set("at", address.at);
  set("sel", address.selected);
  set("a", address.a);
  set("b", address.b);
  set("key", address.key);
  if (address.view !== "plane") set("view", address.view);
  set("from", address.from);
  set("to", address.to);
  return `?${query}`;
}

/** Short and stable; tells texts apart, keeps no secret. */
export function textFingerprint(parts: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const char of parts.join("\u0000")) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(36);
}
