/** Constructors and access of ARRAY and MAP, and the functions of maps. Arrays have array.ts. */
import { arrayOf, INT, type LogicalType, mapOf, NULL_TYPE, rowTypeOf, withNullable } from "../../types/logical-type.ts";
import { valueDigest } from "../../types/row.ts";
import { commonTypeOf } from "./implicit-casts.ts";
import { equalValues } from "./compare.ts";
import { declare } from "./declare-function.ts";
import { parameters, type ScalarFunction } from "./scalar-function.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";
import { variantItem } from "./variant.ts";

export type Entries = readonly (readonly [unknown, unknown])[];

function elementOf(types: readonly LogicalType[]): LogicalType {
  const known = types.find((type) => type.root !== "NULL") ?? NULL_TYPE;
  return withNullable(
    known,
    types.some((type) => type.nullable),
  );
}

export const ARRAY: ScalarFunction = {
  name: "ARRAY",
  parameters: parameters("any*"),
  result: (types) => withNullable(arrayOf(elementOf(types)), false),
  nullAware: true,
  implement:
    () =>
    (...values: unknown[]) =>
      values,
  operator: true,
  description: "An array of values.",
  examples: [{ sql: "ARRAY[1, 2]", value: [1, 2] }],
};

export const MAP: ScalarFunction = {
  name: "MAP",
  parameters: parameters("any*"),
  result: (types) =>
    withNullable(mapOf(elementOf(types.filter((_, i) => i % 2 === 0)), elementOf(types.filter((_, i) => i % 2 === 1))), false),
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

/** Of equal keys the last map's entry; entries of later maps come first. */
function mapUnion(maps: readonly Entries[]): [unknown, unknown][] {
  const byKey = new Map<string, [unknown, unknown]>();
  for (let i = maps.length - 1; i >= 0; i--) {
    for (const [key, value] of maps[i]) {
      const digest = valueDigest(key);
      if (!byKey.has(digest)) byKey.set(digest, [key, value]);
    }
  }
  return [...byKey.values()];
}

/** What Flink's generated code leaves in a variable that was never assigned: visible where an element declared NOT NULL is missing. */
function unassigned(type: LogicalType): unknown {
  switch (type.root) {
    case "TINYINT":
    case "SMALLINT":
    case "INT":
    case "BIGINT":
    case "FLOAT":
    case "DOUBLE":
    case "DATE":
    case "TIME":
    case "INTERVAL_DAY_TIME":
    case "INTERVAL_YEAR_MONTH":
      return -1;
    case "BOOLEAN":
      return false;
    case "CHAR":
      return " ".repeat(type.length!);
    case "VARCHAR":
      return "";
    default:
      return null;
  }
}

/** Out of bounds and missing keys give NULL, or Flink's stand-in where the elements are declared NOT NULL (recorded: `sc-array1`). */
export const INDEX: ScalarFunction = {
  name: "ITEM",
  parameters: parameters("any", "any"),
  result: ([type]) => (type.root === "MAP" ? type.value! : type.root === "ARRAY" ? type.element! : type),
  alwaysNullable: true,
  implement: ({ types }) => {
    const [type] = types;
    if (type.root === "VARIANT") return variantItem(types[1]);
    const item = type.root === "MAP" ? type.value! : type.element!;
    const missing = item.nullable ? null : unassigned(item);
    if (type.root === "ARRAY")
      return (items: unknown[], index: number) => (index >= 1 && index <= items.length ? items[index - 1] : missing);
    return (entries: Entries, key: unknown) => {
      for (const entry of entries) if (entry[0] !== null && equalValues(entry[0], key)) return entry[1];
      return missing;
    };
  },
  operator: true,
  description: "Element of an array (from 1), value of a map's key, or part of a VARIANT.",
  examples: [
    { sql: "ARRAY[1, 2][2]", value: 2 },
    { sql: "MAP['a', 1]['a']", value: 1 },
  ],
};

const entryType = (type: LogicalType): LogicalType =>
  withNullable(
    rowTypeOf([
      { name: "key", type: type.key! },
      { name: "value", type: type.value! },
    ]),
    true,
  );

export const COLLECTION: readonly ScalarFunction[] = [
  declare({
    name: "CARDINALITY",
    takes: ["collection"],
    gives: INT,
    apply: (items: unknown[]) => items.length,
    says: "How many elements.",
    examples: [["CARDINALITY(ARRAY[1, 2])", 2]],
  }),
  declare(
    {
      name: "ELEMENT",
      takes: ["array"],
      gives: ([type]) => withNullable(type.element!, type.nullable || type.element!.nullable),
      apply: (items: unknown[] | null) => {
        if (items === null) return null;
        if (items.length > 1) throw new SqlRuntimeError("SQL_ELEMENT", "Array has more than one element.");
        return items[0] ?? null;
      },
      says: "The only element of an array; NULL of an empty one, a failure when there are more.",
      examples: [["ELEMENT(ARRAY['x'])", "x"]],
    },
    { nullAware: true },
  ),
  declare({
    name: "MAP_KEYS",
    takes: ["map"],
    gives: ([type]) => arrayOf(type.key!),
    apply: (entries: Entries) => entries.map(([key]) => key),
    says: "The keys.",
    examples: [["MAP_KEYS(MAP['a', 1])", ["a"]]],
  }),
  declare({
    name: "MAP_VALUES",
    takes: ["map"],
    gives: ([type]) => arrayOf(type.value!),
    apply: (entries: Entries) => entries.map(([, value]) => value),
    says: "The values.",
    examples: [["MAP_VALUES(MAP['a', 1])", [1]]],
  }),
  declare({
    name: "MAP_ENTRIES",
    takes: ["map"],
    gives: ([type]) => arrayOf(entryType(type)),
    apply: (entries: Entries) => entries.map(([key, value]) => [key, value]),
    says: "The entries, as rows of key and value.",
    examples: [["MAP_ENTRIES(MAP['a', 1])", [["a", 1]]]],
  }),
  declare(
    {
      name: "MAP_UNION",
      takes: ["map", "map*"],
      gives: (types) => commonTypeOf(types)!,
      // Flink walks from the last map to the first, which shows in the order of the keys.
      apply: (...maps: Entries[]) => mapUnion(maps),
      says: "All entries of some maps; of equal keys the last wins.",
      examples: [
        [
          "MAP_UNION(MAP['a', 1], MAP['b', 2])",
          {
            $map: [
              ["a", 1],
              ["b", 2],
            ],
          },
        ],
      ],
    },
    {
      coerce: {
        types: (types) => {
          const common = commonTypeOf(types);
          return common === null ? null : types.map((type) => withNullable(common, type.nullable));
        },
      },
    },
  ),
  declare({
    name: "MAP_FROM_ARRAYS",
    takes: ["array", "array"],
    gives: ([keys, values]) => mapOf(keys.element!, values.element!),
    apply: (keys: unknown[], values: unknown[]) => {
      if (keys.length !== values.length) {
        throw new SqlRuntimeError(
          "SQL_MAP_FROM_ARRAYS",
          `Invalid function MAP_FROM_ARRAYS call: the length of the keys array ${keys.length} is not equal to the length of the values array ${values.length}.`,
        );
      }
      return mapEntries(keys.map((key, i) => [key, values[i]] as const));
    },
    says: "A map of an array of keys and one of values.",
    examples: [["MAP_FROM_ARRAYS(ARRAY['a'], ARRAY[1])", { $map: [["a", 1]] }]],
  }),
];
