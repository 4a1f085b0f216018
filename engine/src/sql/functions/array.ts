/** Functions of arrays. Elements are the same when their values are; NULL is the same as NULL. */
import { BOOLEAN, INT, isCharacter, type LogicalType, STRING, typeSummary, withNullable } from "../../types/logical-type.ts";
import { valueDigest } from "../../types/row.ts";
import { compareValues } from "./compare.ts";
import { declare } from "./declare-function.ts";
import { arrayWithItem, commonTypeOf } from "./implicit-casts.ts";
import type { Coercion, Implementation, LogicalTypeResult, Refusal, ScalarFunction } from "./scalar-function.ts";

type Items = readonly unknown[];

const same = (a: unknown, b: unknown): boolean => valueDigest(a) === valueDigest(b);

const firstType: LogicalTypeResult = (types) => types[0];

/** The second argument passes for an element of the first. */
const itemCoercion: Coercion = {
  types: ([array, item]) => {
    if (array.root !== "ARRAY" || arrayWithItem(array, item) === null) return null;
    return [array, withNullable(array.element!, item.nullable)];
  },
};

const withItem: LogicalTypeResult = ([array, item]) => withNullable(arrayWithItem(array, item) ?? array, array.nullable || item.nullable);

/** All arguments are arrays of one type. */
const sameArrays: Coercion = {
  types: (types) => {
    const common = commonTypeOf(types);
    return common === null ? null : types.map((type) => withNullable(common, type.nullable));
  },
};

const commonArray: LogicalTypeResult = (types) => commonTypeOf(types) ?? types[0];

function distinct(items: Iterable<unknown>): unknown[] {
  const byDigest = new Map<string, unknown>();
  for (const item of items) {
    const digest = valueDigest(item);
    if (!byDigest.has(digest)) byDigest.set(digest, item);
  }
  return [...byDigest.values()];
}

/** Members of the first array that are, or are not, in the second; each once. */
function filtered(wanted: boolean): Implementation {
  return (a: Items, b: Items) => {
    const digests = new Set(b.map(valueDigest));
    return distinct(a.filter((item) => digests.has(valueDigest(item)) === wanted));
  };
}

function slice(items: Items, start: number, end = items.length): unknown[] {
  const from = start === 0 ? 1 : start < 0 ? start + items.length + 1 : start;
  const to = end === 0 ? 1 : end < 0 ? end + items.length + 1 : end;
  return from > to ? [] : items.slice(Math.max(1, from) - 1, Math.max(1, to));
}

function sort(items: Items, ascending = true, nullsFirst = ascending): unknown[] {
  const values = items.filter((item) => item !== null).sort((a, b) => (ascending ? compareValues(a, b) : compareValues(b, a)));
  const nulls = Array.from({ length: items.length - values.length }, () => null);
  return nullsFirst ? [...nulls, ...values] : [...values, ...nulls];
}

function extreme(sign: number): Implementation {
  return (items: Items) => {
    let best: unknown = null;
    for (const item of items) if (item !== null && (best === null || compareValues(item, best) * sign > 0)) best = item;
    return best;
  };
}

function join(items: readonly (string | null)[], separator: string, forNull?: string): string {
  return items
    .map((item) => item ?? forNull)
    .filter((item) => item !== undefined)
    .join(separator);
}

/** Only what has an order has extremes. */
function refuseUnordered([type]: readonly LogicalType[]): Refusal | null {
  if (!["ARRAY", "MAP", "MULTISET", "ROW"].includes(type.element!.root)) return null;
  return { message: `Type '${typeSummary(type.element!)}' should support both 'EQUALS' and 'ORDER' comparison with itself.` };
}

const elementType: LogicalTypeResult = ([type]) => withNullable(type.element!, true);
const takesItem = { nullAware: true, nullArguments: true, coerce: itemCoercion };

export const ARRAY_FUNCTIONS: readonly ScalarFunction[] = [
  declare(
    {
      name: "ARRAY_CONTAINS",
      takes: ["array", "any"],
      gives: ([array]) => withNullable(BOOLEAN, array.nullable),
      apply: (items: Items | null, wanted: unknown) => (items === null ? null : items.some((item) => same(item, wanted))),
      says: "True when the element is there.",
      examples: [["ARRAY_CONTAINS(ARRAY[1, 2], 2)", true]],
    },
    takesItem,
  ),
  declare(
    {
      name: "ARRAY_POSITION",
      takes: ["array", "any"],
      gives: INT,
      apply: (items: Items, wanted: unknown) => items.findIndex((item) => same(item, wanted)) + 1,
      says: "Where the element is, 0 when nowhere.",
      examples: [["ARRAY_POSITION(ARRAY['a', 'b'], 'b')", 2]],
    },
    { nullArguments: true, coerce: itemCoercion },
  ),
  declare({
    name: "ARRAY_DISTINCT",
    takes: ["array"],
    gives: firstType,
    apply: (items: Items) => distinct(items),
    says: "Each element once, in order of appearance.",
    examples: [["ARRAY_DISTINCT(ARRAY[1, 1, 2])", [1, 2]]],
  }),
  declare({
    name: "ARRAY_REVERSE",
    takes: ["array"],
    gives: firstType,
    apply: (items: Items) => [...items].reverse(),
    says: "The array backwards.",
    examples: [["ARRAY_REVERSE(ARRAY[1, 2])", [2, 1]]],
  }),
  declare(
    {
      name: "ARRAY_CONCAT",
      takes: ["array", "array*"],
      gives: commonArray,
      apply: (...arrays: Items[]) => arrays.flat(),
      says: "Arrays one after the other.",
      examples: [["ARRAY_CONCAT(ARRAY[1], ARRAY[2])", [1, 2]]],
    },
    { coerce: sameArrays },
  ),
  declare(
    {
      name: "ARRAY_APPEND",
      takes: ["array", "any"],
      gives: withItem,
      apply: (items: Items | null, item: unknown) => (items === null ? null : [...items, item]),
      says: "The array with an element more at its end.",
      examples: [["ARRAY_APPEND(ARRAY[1], 2)", [1, 2]]],
    },
    takesItem,
  ),
  declare(
    {
      name: "ARRAY_PREPEND",
      takes: ["array", "any"],
      gives: withItem,
      apply: (items: Items | null, item: unknown) => (items === null ? null : [item, ...items]),
      says: "The array with an element more at its start.",
      examples: [["ARRAY_PREPEND(ARRAY[1], 0)", [0, 1]]],
    },
    takesItem,
  ),
  declare(
    {
      name: "ARRAY_REMOVE",
      takes: ["array", "any"],
      gives: firstType,
      apply: (items: Items | null, item: unknown) => (items === null ? null : items.filter((other) => !same(other, item))),
      says: "The array without an element.",
      examples: [["ARRAY_REMOVE(ARRAY[1, 2, 1], 1)", [2]]],
    },
    takesItem,
  ),
  declare(
    {
      name: "ARRAY_SLICE",
      takes: ["array", "integer", "integer?"],
      gives: firstType,
      apply: slice,
      says: "The elements from one position to another, both included; negative positions count from the end.",
      examples: [["ARRAY_SLICE(ARRAY['a', 'b', 'c', 'd'], 2, 3)", ["b", "c"]]],
    },
    {
      nullArguments: true,
      refuse: ([, ...positions]) => (positions.some(({ root }) => root === "BIGINT") ? { message: "Invalid input arguments." } : null),
    },
  ),
  declare(
    {
      name: "ARRAY_SORT",
      takes: ["array", "boolean?", "boolean?"],
      gives: firstType,
      apply: sort,
      says: "The array in order: ARRAY_SORT(array [, ascending [, nulls first]]); NULLs come first in ascending order, last in descending.",
      examples: [["ARRAY_SORT(ARRAY[3, 1, 2], FALSE)", [3, 2, 1]]],
    },
    { nullArguments: true },
  ),
  declare(
    {
      name: "ARRAY_UNION",
      takes: ["array", "array"],
      gives: commonArray,
      apply: (a: Items, b: Items) => distinct([...a, ...b]),
      says: "What is in one of the two arrays, each once.",
      examples: [["ARRAY_UNION(ARRAY[1, 2], ARRAY[2, 3])", [1, 2, 3]]],
    },
    { coerce: sameArrays },
  ),
  declare(
    {
      name: "ARRAY_EXCEPT",
      takes: ["array", "array"],
      gives: commonArray,
      apply: filtered(false),
      says: "What is in the first array but not in the second, each once.",
      examples: [["ARRAY_EXCEPT(ARRAY[1, 2, 3], ARRAY[2])", [1, 3]]],
    },
    { coerce: sameArrays },
  ),
  declare(
    {
      name: "ARRAY_INTERSECT",
      takes: ["array", "array"],
      gives: commonArray,
      apply: filtered(true),
      says: "What is in both arrays, each once.",
      examples: [["ARRAY_INTERSECT(ARRAY[1, 2], ARRAY[2, 3])", [2]]],
    },
    { coerce: sameArrays },
  ),
  declare(
    {
      name: "ARRAY_MAX",
      takes: ["array"],
      gives: elementType,
      apply: extreme(1),
      says: "The largest element; NULLs do not count.",
      examples: [["ARRAY_MAX(ARRAY[1, 3, 2])", 3]],
    },
    { alwaysNullable: true, refuse: refuseUnordered },
  ),
  declare(
    {
      name: "ARRAY_MIN",
      takes: ["array"],
      gives: elementType,
      apply: extreme(-1),
      says: "The smallest element; NULLs do not count.",
      examples: [["ARRAY_MIN(ARRAY[2, 1, 3])", 1]],
    },
    { alwaysNullable: true, refuse: refuseUnordered },
  ),
  declare(
    {
      name: "ARRAY_JOIN",
      takes: ["array", "string", "string?"],
      gives: STRING,
      apply: join,
      says: "An array of texts as one text: ARRAY_JOIN(array, separator [, for NULL]); NULLs are left out unless a text stands in for them.",
      examples: [["ARRAY_JOIN(ARRAY['a', 'b'], '-')", "a-b"]],
    },
    { nullArguments: true, coerce: { types: (types) => (isCharacter(types[0].element!) ? types : null) } },
  ),
];
