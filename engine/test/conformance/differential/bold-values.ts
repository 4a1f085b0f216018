import type { Json, JsonObject } from "../datastream/case-format.ts";
import type { Choices } from "./choices.ts";

/** Values at the edges of what a case may hold: fractions, large numbers, text, nothing, lists and objects. */
export function boldValue(choices: Choices): Json {
  return choices.weighted<() => Json>([
    [6, () => choices.int(-9, 9)],
    [3, () => choices.of([0.5, -1.25, 0.1, 1e-7, 2.5])],
    [2, () => choices.of([2_147_483_647, -2_147_483_648, 4_503_599_627_370_496])],
    [2, () => choices.of(["", "x", "ß漢", "12", "-3", "true", "null", "MAX", "MIN"])],
    [2, () => null],
    [1, () => choices.chance(50)],
    [1, () => choices.list(choices.int(0, 3), () => choices.int(0, 3))],
    [1, () => ({ b: choices.int(0, 2), a: choices.of<Json>([null, "x", 1.5]) })],
  ])();
}

/** Keys that are empty, not ASCII, or differ by little. */
export const BOLD_KEYS: readonly (readonly string[])[] = [
  ["", "a"],
  ["ключ", "鍵", "🔑"],
  ["a", "A", " a", "a "],
  ["null", "undefined", "__proto__", "constructor"],
];

/** Now and then a record without a field, or with another value in it. */
export function boldRecord(choices: Choices, record: JsonObject): JsonObject {
  if (choices.chance(50)) return record;
  const { value: _value, ...rest } = record;
  return choices.chance(15) ? rest : { ...record, value: boldValue(choices) };
}
