/** The value of a record that is like another one, and happened when it arrives: its event time stays as far behind the arrival as the model's was. */
import { timeOf } from "../visuals/format-time.ts";
import type { StageRecord } from "./stage-facts.ts";

/** @param field where values have their event time; absent = not known, and nothing is shifted. */
export function recordLike({ value, atMs: modelMs }: StageRecord, atMs: number, field: string | undefined): unknown {
  if (field === undefined || value === null || typeof value !== "object" || Array.isArray(value)) return value;
  const given = (value as Record<string, unknown>)[field];
  const eventMs = timeOf(given);
  if (eventMs === null) return value;
  const shifted = eventMs + Math.round(atMs - modelMs);
  return { ...value, [field]: typeof given === "string" ? sqlTime(shifted) : shifted };
}

const sqlTime = (ms: number): string => new Date(ms).toISOString().replace("T", " ").replace("Z", "");
