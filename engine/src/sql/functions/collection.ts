/** ARRAY, MAP and what is done with them. */
import { arrayOf, BOOLEAN, INT, type LogicalType, mapOf, NULL_TYPE, STRING, withNullable } from "../../types/logical-type.ts";
import { valueDigest } from "../../types/row.ts";
import { compareValues, equalValues } from "./compare.ts";
import { type Implementation, type LogicalTypeResult, parameters, type ScalarFunction } from "./scalar-function.ts";

type Entries = readonly (readonly [unknown, unknown])[];

export const ARRAY: ScalarFunction = {
  name: "ARRAY",
  parameters: parameters("any*"),
  result: (types) => withNullable(arrayOf(commonOf(types)), false),
  nullAware: true,
  implement:
    () =>
    (...values: unknown[]) =>
      values,
  operator: true,
  description: "An array of values.",
  examples: [{ sql: "ARRAY[1, 2]", value: [1, 2] }],
};

function commonOf(types: readonly LogicalType[]): LogicalType {
  const known = types.find((type) => type.root !== "NULL") ?? NULL_TYPE;
  return withNullable(
    known,
    types.some((type) => type.nullable),
  );
}

export const MAP: ScalarFunction = {
  name: "MAP",
  parameters: parameters("any*"),
  result: (types) =>
    withNullable(mapOf(commonOf(types.filter((_, i) => i % 2 === 0)), commonOf(types.filter((_, i) => i % 2 === 1))), false),
  nullAware: true,
  implement:
    () =>
    (...values: unknown[]) =>
      mapEntries(values.flatMap((value, i) => (i % 2 === 0 ? [[value, values[i + 1]] as const] : []))),
  operator: true,
  description: "A map of keys and values.",
  examples: [{ sql: "MAP['a', 1]", value: { $map: [["a", 1]] } }],
};

/** One entry per key; the last value wins. */
export function mapEntries(entries: Entries): [unknown, unknown][] {
  const byKey = new Map<string, [unknown, unknown]>();
  for (const [key, value] of entries) byKey.set(valueDigest(key), [key, value]);
  return [...byKey.values()];
}

/** Out of bounds and missing keys give NULL. (Flink gives -1 for elements declared NOT NULL, which is a defect not copied.) */
export const INDEX: ScalarFunction = {
  name: "ITEM",
  parameters: parameters("collection", "any"),
  result: (types) => (types[0].root === "MAP" ? types[0].value! : types[0].element!),
  alwaysNullable: true,
  implement: ({ types }) =>
    types[0].root === "MAP"
      ? (entries: Entries, key: unknown) => entries.find(([k]) => k !== null && equalValues(k, key))?.[1] ?? null
      : (items: unknown[], index: number) => items[Number(index) - 1] ?? null,
  operator: true,
  description: "Element of an array (from 1) or value of a map's key.",
  examples: [{ sql: "ARRAY[1, 2][2]", value: 2 }],
};

function array(
  name: string,
  families: readonly string[],
  result: LogicalTypeResult,
  implementation: Implementation,
  description: string,
  sql: string,
  value: unknown,
  nullAware = false,
): ScalarFunction {
  return {
    name,
    parameters: parameters(...families),
    result,
    nullAware,
    implement: () => implementation,
    description,
    examples: [{ sql, value }],
  };
}

function same(a: unknown, b: unknown): boolean {
  return valueDigest(a) === valueDigest(b);
}

const firstType: LogicalTypeResult = (types) => types[0];
const elementType: LogicalTypeResult = (types) => withNullable(types[0].element ?? STRING, true);

function extreme(sign: number): Implementation {
  return (items: unknown[]) => {
    let best: unknown = null;
    for (const item of items) if (item !== null && (best === null || compareValues(item, best) * sign > 0)) best = item;
    return best;
  };
}

export const COLLECTION: readonly ScalarFunction[] = [
  array(
    "CARDINALITY",
    ["collection"],
    () => INT,
    (items: unknown[]) => items.length,
    "How many elements.",
    "CARDINALITY(ARRAY[1, 2])",
    2,
  ),
  {
    ...array(
      "ELEMENT",
      ["collection"],
      elementType,
      (items: unknown[]) => items[0] ?? null,
      "The only element.",
      "ELEMENT(ARRAY['x'])",
      "x",
    ),
    alwaysNullable: true,
  },
  array(
    "ARRAY_CONTAINS",
    ["array", "any"],
    () => BOOLEAN,
    (items: unknown[] | null, wanted: unknown) => (items === null ? null : items.some((item) => same(item, wanted))),
    "True when the element is there.",
    "ARRAY_CONTAINS(ARRAY[1, 2], 2)",
    true,
    true,
  ),
  array(
    "ARRAY_POSITION",
    ["array", "any"],
    () => INT,
    (items: unknown[], wanted: unknown) => items.findIndex((item) => same(item, wanted)) + 1,
    "Where the element is, 0 when nowhere.",
    "ARRAY_POSITION(ARRAY['a', 'b'], 'b')",
    2,
  ),
  array(
    "ARRAY_DISTINCT",
    ["array"],
    firstType,
    (items: unknown[]) => items.filter((item, i) => items.findIndex((other) => same(other, item)) === i),
    "Each element once.",
    "ARRAY_DISTINCT(ARRAY[1, 1, 2])",
    [1, 2],
  ),
  array(
    "ARRAY_REVERSE",
    ["array"],
    firstType,
    (items: unknown[]) => [...items].reverse(),
    "Backwards.",
    "ARRAY_REVERSE(ARRAY[1, 2])",
    [2, 1],
  ),
  array(
    "ARRAY_CONCAT",
    ["array", "array*"],
    firstType,
    (...arrays: unknown[][]) => arrays.flat(),
    "Arrays one after the other.",
    "ARRAY_CONCAT(ARRAY[1], ARRAY[2])",
    [1, 2],
  ),
  array(
    "ARRAY_APPEND",
    ["array", "any"],
    firstType,
    (items: unknown[] | null, item: unknown) => (items === null ? null : [...items, item]),
    "With an element at the end.",
    "ARRAY_APPEND(ARRAY[1], 2)",
    [1, 2],
    true,
  ),
  array(
    "ARRAY_PREPEND",
    ["array", "any"],
    firstType,
    (items: unknown[] | null, item: unknown) => (items === null ? null : [item, ...items]),
    "With an element at the start.",
    "ARRAY_PREPEND(ARRAY[1], 0)",
    [0, 1],
    true,
  ),
  array(
    "ARRAY_REMOVE",
    ["array", "any"],
    firstType,
    (items: unknown[] | null, item: unknown) => (items === null ? null : items.filter((other) => !same(other, item))),
    "Without an element.",
    "ARRAY_REMOVE(ARRAY[1, 2, 1], 1)",
    [2],
    true,
  ),
  { ...array("ARRAY_MAX", ["array"], elementType, extreme(1), "Largest element.", "ARRAY_MAX(ARRAY[1, 3, 2])", 3), alwaysNullable: true },
  { ...array("ARRAY_MIN", ["array"], elementType, extreme(-1), "Smallest element.", "ARRAY_MIN(ARRAY[2, 1, 3])", 1), alwaysNullable: true },
  array(
    "ARRAY_JOIN",
    ["array", "string", "string?"],
    () => STRING,
    (items: unknown[], separator: string, forNull?: string) =>
      items
        .map((item) => (item === null ? forNull : item))
        .filter((item) => item !== undefined)
        .join(separator),
    "Elements as one text.",
    "ARRAY_JOIN(ARRAY['a', 'b'], '-')",
    "a-b",
  ),
  array(
    "MAP_KEYS",
    ["map"],
    (types) => arrayOf(types[0].key ?? STRING),
    (entries: Entries) => entries.map(([key]) => key),
    "The keys.",
    "MAP_KEYS(MAP['a', 1])",
    ["a"],
  ),
  array(
    "MAP_VALUES",
    ["map"],
    (types) => arrayOf(types[0].value ?? STRING),
    (entries: Entries) => entries.map(([, value]) => value),
    "The values.",
    "MAP_VALUES(MAP['a', 1])",
    [1],
  ),
  array(
    "MAP_FROM_ARRAYS",
    ["array", "array"],
    (types) => mapOf(types[0].element ?? STRING, types[1].element ?? STRING),
    (keys: unknown[], values: unknown[]) => mapEntries(keys.map((key, i) => [key, values[i]] as const)),
    "A map of an array of keys and one of values.",
    "MAP_FROM_ARRAYS(ARRAY['a'], ARRAY[1])",
    { $map: [["a", 1]] },
  ),
];
