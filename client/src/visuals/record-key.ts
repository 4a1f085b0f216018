/**
 * Which key does a record belong to? A recording names keys where windows and timers are, but a read record carries only its value:
 * the key selector is the learner's code. The field whose values cover the keys is taken for it; where none does, records have no
 * key and the figure shows all of them alike.
 */
import type { Recording } from "@millrace/engine/sim";

/** Keys offered by the filter; more would not be a list any more. */
const MAX_KEYS = 500;

/** A key as a person would write it: a field or a row of one field is that field. */
export function keyLabel(key: unknown): string {
  if (typeof key === "string") return key;
  if (Array.isArray(key) && key.length === 1) return keyLabel(key[0]);
  if (key !== null && typeof key === "object") {
    const values = Object.values(key);
    if (values.length === 1) return keyLabel(values[0]);
  }
  return JSON.stringify(key) ?? "null";
}

/** Labels of all keys that windows or timers were made for, in order of appearance. */
export function keysOf(recording: Recording): string[] {
  const labels = new Set<string>();
  for (const event of recording.events) {
    if (event.kind !== "window" && event.kind !== "windowMerged" && event.kind !== "timer") continue;
    if (event.key === null || event.key === undefined) continue;
    labels.add(keyLabel(event.key));
    if (labels.size >= MAX_KEYS) break;
  }
  return [...labels];
}

/** Reads a record's key out of its value, or null when no field of the records holds the keys. */
export function keyReader(recording: Recording, keys: readonly string[]): ((value: unknown) => string | null) | null {
  if (keys.length === 0) return null;
  const wanted = new Set(keys);
  const coveredByField = new Map<string, Set<string>>();
  let seen = 0;
  for (const event of recording.events) {
    if (event.kind !== "read" || event.value === null || typeof event.value !== "object") continue;
    for (const [field, value] of Object.entries(event.value)) {
      const label = keyLabel(value);
      if (!wanted.has(label)) continue;
      let covered = coveredByField.get(field);
      if (covered === undefined) {
        covered = new Set();
        coveredByField.set(field, covered);
      }
      covered.add(label);
    }
    if (++seen >= 20_000) break;
  }
  let best: string | null = null;
  for (const [field, covered] of coveredByField) {
    if (covered.size === wanted.size && best === null) best = field;
  }
  if (best === null) return null;
  const field = best;
  return (value) => {
    if (value === null || typeof value !== "object") return null;
    const fieldValue = (value as Record<string, unknown>)[field];
    return fieldValue === undefined ? null : keyLabel(fieldValue);
  };
}
