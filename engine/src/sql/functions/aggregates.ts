/** The aggregate functions. SUM and AVG keep the argument's type (integers wrap and truncate), as in Flink. */
import { invariant } from "../../base/invariant.ts";
import {
  arrayOf,
  BIGINT,
  DOUBLE,
  decimalOf,
  isApproximate,
  isInteger,
  type LogicalType,
  multisetOf,
  withNullable,
  withoutTimeAttribute,
} from "../../types/logical-type.ts";
import { valueDigest } from "../../types/row.ts";
import type { Accumulation, AggregateFunction } from "./aggregate-function.ts";
import { addLong, type Big, divideLong, subtractLong } from "./bigint.ts";
import { type Bag, bagAdd, bagMerge } from "./bag.ts";
import { BITMAP_AGGREGATES } from "./bitmap-aggregates.ts";
import { compareValues } from "./compare.ts";
import { divideHalfUp, fit, powerOfTen } from "./decimal.ts";
import { JSON_AGGREGATES } from "./json-aggregates.ts";
import { PERCENTILE } from "./percentile.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";
import { averageType, variance } from "./variance.ts";

const count: Accumulation = {
  create: () => 0,
  add: (n) => (n as number) + 1,
  retract: (n) => (n as number) - 1,
  merge: (a, b) => (a as number) + (b as number),
  result: (n) => n,
};

interface Numbers {
  readonly zero: unknown;
  add(a: unknown, b: unknown): unknown;
  subtract(a: unknown, b: unknown): unknown;
}

function numbersOf(type: LogicalType): Numbers {
  switch (type.root) {
    case "DECIMAL":
      return { zero: 0n, add: (a, b) => (a as bigint) + (b as bigint), subtract: (a, b) => (a as bigint) - (b as bigint) };
    case "BIGINT":
      return { zero: 0, add: (a, b) => addLong(a as Big, b as Big), subtract: (a, b) => subtractLong(a as Big, b as Big) };
    case "FLOAT":
      return {
        zero: 0,
        add: (a, b) => Math.fround((a as number) + (b as number)),
        subtract: (a, b) => Math.fround((a as number) - (b as number)),
      };
    case "DOUBLE":
      return { zero: 0, add: (a, b) => (a as number) + (b as number), subtract: (a, b) => (a as number) - (b as number) };
    default: {
      const shift = type.root === "TINYINT" ? 24 : type.root === "SMALLINT" ? 16 : 0;
      return {
        zero: 0,
        add: (a, b) => (((a as number) + (b as number)) << shift) >> shift,
        subtract: (a, b) => (((a as number) - (b as number)) << shift) >> shift,
      };
    }
  }
}

/** [sum, how many]: NULL once none is left. */
type SumState = [sum: unknown, count: number];

function sum(types: readonly LogicalType[], result: LogicalType): Accumulation {
  const numbers = numbersOf(types[0]);
  return {
    showsOrder: isApproximate(types[0]),
    create: (): SumState => [numbers.zero, 0],
    add: (state, value) => {
      const s = state as SumState;
      s[0] = numbers.add(s[0], value);
      s[1]++;
      return s;
    },
    retract: (state, value) => {
      const s = state as SumState;
      s[0] = numbers.subtract(s[0], value);
      s[1]--;
      return s;
    },
    merge: (into, from) => {
      const a = into as SumState;
      const b = from as SumState;
      a[0] = numbers.add(a[0], b[0]);
      a[1] += b[1];
      return a;
    },
    result: (state) => {
      const [total, n] = state as SumState;
      if (n === 0) return null;
      return result.root === "DECIMAL" ? fit(total as bigint, result.precision!) : total;
    },
  };
}

function average(types: readonly LogicalType[], result: LogicalType): Accumulation {
  const [type] = types;
  const wide = isInteger(type) ? BIGINT : isApproximate(type) ? DOUBLE : type;
  const base = sum([wide], wide);
  return {
    ...base,
    result: (state) => {
      const [total, n] = state as SumState;
      if (n === 0) return null;
      if (type.root === "DECIMAL") {
        return divideHalfUp(
          (total as bigint) * powerOfTen(Math.max(0, result.scale! - type.scale!)),
          BigInt(n) * powerOfTen(Math.max(0, type.scale! - result.scale!)),
        );
      }
      if (isInteger(type)) return divideLong(total as Big, n);
      return type.root === "FLOAT" ? Math.fround((total as number) / n) : (total as number) / n;
    },
  };
}

function extreme(sign: 1 | -1): AggregateFunction["implement"] {
  return (_types, _result, retract) => {
    if (!retract) {
      const better = (a: unknown, b: unknown): unknown => (a === null || (b !== null && compareValues(b, a) * sign > 0) ? b : a);
      return {
        create: () => null,
        add: better,
        retract: () => invariant(false, "an append-only extreme was asked to retract") as never,
        merge: better,
        result: (value) => value,
      };
    }
    return {
      create: (): Bag => new Map(),
      add: (bag, value) => bagAdd(bag as Bag, value, 1),
      retract: (bag, value) => bagAdd(bag as Bag, value, -1),
      merge: (into, from) => bagMerge(into as Bag, from as Bag),
      result: (bag) => {
        let best: unknown = null;
        for (const [value, n] of (bag as Bag).values()) if (n > 0 && (best === null || compareValues(value, best) * sign > 0)) best = value;
        return best;
      },
    };
  };
}

/** Values in order of arrival. */
function sequence(pick: (values: readonly unknown[]) => unknown): Accumulation {
  return {
    showsOrder: true,
    create: (): unknown[] => [],
    add: (list, value) => {
      (list as unknown[]).push(value);
      return list;
    },
    retract: (list, value) => {
      const values = list as unknown[];
      const digest = valueDigest(value);
      const at = values.findIndex((item) => valueDigest(item) === digest);
      if (at >= 0) values.splice(at, 1);
      return values;
    },
    merge: (into, from) => {
      for (const value of from as unknown[]) (into as unknown[]).push(value);
      return into;
    },
    result: (list) => pick(list as unknown[]),
  };
}

const sameType = (types: readonly LogicalType[]): LogicalType => withNullable(withoutTimeAttribute(types[0]), true);

function sumType(types: readonly LogicalType[]): LogicalType {
  return types[0].root === "DECIMAL" ? decimalOf(38, types[0].scale!) : sameType(types);
}

function declare(
  name: string,
  parameters: AggregateFunction["parameters"],
  result: AggregateFunction["result"],
  implement: AggregateFunction["implement"],
  description: string,
  example: readonly [sql: string, value: unknown],
  nullAware = false,
): AggregateFunction {
  const [sql, value] = example;
  return { name, parameters, result, implement, description, nullAware, examples: [{ sql, value }] };
}

function bagResult(bag: Bag): unknown {
  return [...bag.values()].map(([value, n]) => [value, n]);
}

const collect: Accumulation = {
  create: (): Bag => new Map(),
  add: (bag, value) => bagAdd(bag as Bag, value, 1),
  retract: (bag, value) => bagAdd(bag as Bag, value, -1),
  merge: (into, from) => bagMerge(into as Bag, from as Bag),
  result: (bag) => bagResult(bag as Bag),
};

const first: AggregateFunction["implement"] = () => sequence((values) => (values.length === 0 ? null : values[0]));
const last: AggregateFunction["implement"] = () => sequence((values) => (values.length === 0 ? null : values[values.length - 1]));
const average0: AggregateFunction["implement"] = (types, result) => average(types, result);

/** The one value of a scalar subquery. */
const SINGLE_VALUE: AggregateFunction = {
  name: "SINGLE_VALUE",
  parameters: ["any"],
  result: sameType,
  nullAware: true,
  implement: () => ({
    ...sequence((values) => values[0] ?? null),
    result: (list) => {
      const values = list as readonly unknown[];
      if (values.length > 1) throw new SqlRuntimeError("SQL_SINGLE_VALUE", "SingleValueAggFunction received more than one element.");
      return values[0] ?? null;
    },
  }),
  description: "The only value; fails when there are more. Flink puts it in place of scalar subqueries.",
  examples: [],
};

/** Known to Flink's parser, refused by its planner for streams. */
const APPROX_COUNT_DISTINCT: AggregateFunction = {
  name: "APPROX_COUNT_DISTINCT",
  parameters: ["any"],
  result: () => withNullable(BIGINT, false),
  refuse: () => ({ phase: "plan", message: "APPROX_COUNT_DISTINCT aggregate function does not support yet for streaming." }),
  implement: () => count,
  description: "Roughly how many different values there are; in Flink for batch jobs only.",
  examples: [],
};

const LIST: readonly AggregateFunction[] = [
  declare(
    "COUNT",
    ["any?"],
    () => withNullable(BIGINT, false),
    () => count,
    "How many rows, or how many values that are not NULL.",
    ["COUNT(DISTINCT s)", 2],
  ),
  declare("SUM", ["numeric"], sumType, (types, result) => sum(types, result), "Sum, in the type of its argument; NULL for nothing.", [
    "SUM(v)",
    7,
  ]),
  declare(
    "$SUM0",
    ["numeric"],
    (types) => withNullable(sumType(types), false),
    (types, result) => {
      const base = sum(types, result);
      return { ...base, result: (state) => base.result(state) ?? (result.root === "DECIMAL" ? 0n : 0) };
    },
    "Sum; zero for nothing.",
    ["SUM(v)", 7],
  ),
  declare("AVG", ["numeric"], averageType, average0, "Average, in the type of its argument: of integers it has no fraction.", [
    "AVG(v)",
    2,
  ]),
  declare("MIN", ["any"], sameType, extreme(-1), "Smallest value.", ["MIN(v)", 1]),
  declare("MAX", ["any"], sameType, extreme(1), "Largest value.", ["MAX(v)", 4]),
  declare("FIRST_VALUE", ["any"], sameType, first, "First value that arrived.", ["FIRST_VALUE(s)", "a"]),
  declare("LAST_VALUE", ["any"], sameType, last, "Last value that arrived.", ["LAST_VALUE(v)", 4]),
  declare("STDDEV_POP", ["numeric"], averageType, variance("pop", true), "Standard deviation of the whole.", ["STDDEV_POP(v)", 1]),
  declare("STDDEV_SAMP", ["numeric"], averageType, variance("samp", true), "Standard deviation of a sample.", [
    "STDDEV_SAMP(CAST(v AS DOUBLE))",
    1.5275252316519465,
  ]),
  declare("STDDEV", ["numeric"], averageType, variance("samp", true), "Standard deviation of a sample.", ["STDDEV(v)", 1]),
  declare("VAR_POP", ["numeric"], averageType, variance("pop", false), "Variance of the whole.", ["VAR_POP(v)", 1]),
  declare("VAR_SAMP", ["numeric"], averageType, variance("samp", false), "Variance of a sample.", ["VAR_SAMP(v)", 2]),
  declare("VARIANCE", ["numeric"], averageType, variance("samp", false), "Variance of a sample.", [
    "VARIANCE(CAST(v AS DOUBLE))",
    2.333333333333333,
  ]),
  declare(
    "COLLECT",
    ["any"],
    (types) => withNullable(multisetOf(types[0]), false),
    () => collect,
    "All values as a multiset.",
    [
      "COLLECT(s)",
      {
        $map: [
          ["a", 1],
          ["b", 2],
        ],
      },
    ],
  ),
  declare(
    "ARRAY_AGG",
    ["any"],
    (types) => arrayOf(types[0]),
    () => sequence((values) => (values.length === 0 ? null : [...values])),
    "All values, NULLs too, as an array.",
    ["ARRAY_AGG(v)", [1, 2, 4]],
    true,
  ),
  PERCENTILE,
  SINGLE_VALUE,
  APPROX_COUNT_DISTINCT,
  ...JSON_AGGREGATES,
  ...BITMAP_AGGREGATES,
];

/** Text of all values with a separator. The separator is a constant, read with each row. */
const LISTAGG: AggregateFunction = {
  name: "LISTAGG",
  parameters: ["string", "string?"],
  result: ([text]) => text,
  refuse: (_types, args) =>
    args[1] === undefined || args[1].kind === "literal" ? null : { message: "Argument to function 'LISTAGG' must be a literal" },
  implement: () => {
    interface State {
      values: unknown[];
      separator: string;
    }
    const list = sequence((values) => values);
    return {
      showsOrder: true,
      create: (): State => ({ values: [], separator: "," }),
      add: (state, value, separator) => {
        const s = state as State;
        if (separator !== undefined) s.separator = separator as string;
        list.add(s.values, value);
        return s;
      },
      retract: (state, value) => {
        list.retract((state as State).values, value);
        return state;
      },
      merge: (into, from) => {
        list.merge((into as State).values, (from as State).values);
        if ((from as State).values.length > 0) (into as State).separator = (from as State).separator;
        return into;
      },
      result: (state) => ((state as State).values.length === 0 ? null : (state as State).values.join((state as State).separator)),
    };
  },
  description: "All texts, one after the other, with a separator (a comma if none is given).",
  examples: [
    { sql: "LISTAGG(s)", value: "a,b,b" },
    { sql: "LISTAGG(DISTINCT s)", value: "a,b" },
    { sql: "LISTAGG(s, '-')", value: "a-b-b" },
  ],
};

export const AGGREGATE_FUNCTIONS: ReadonlyMap<string, AggregateFunction> = new Map([...LIST, LISTAGG].map((fn) => [fn.name, fn]));

/** Values that a DISTINCT call has seen, in the order in which Flink's map of them gives them. @param nullLast NULL stands beside the map, behind it. */
export type SeenOrder = (
  seen: Bag,
  nullLast: boolean,
) => Iterable<readonly [digest: string, entry: readonly [key: unknown, count: number]]>;

export interface DistinctCall {
  /** Several arguments are told apart as one. */
  readonly arity: number;
  /** NULL counts as a value. */
  readonly nullAware: boolean;
  /** null = as they came. */
  readonly order: SeenOrder | null;
}

/** Wraps an aggregation so that each distinct value counts once. A key is the value of the only argument, or an array of the values of all. */
export function distinctOf(inner: Accumulation, { arity, nullAware, order }: DistinctCall): Accumulation {
  type State = [seen: Bag, inner: unknown];
  const apply = (method: "add" | "retract", accumulator: unknown, key: unknown): unknown => {
    if (arity < 2) return key === null && !nullAware ? accumulator : inner[method](accumulator, key);
    const [value, second, ...more] = key as readonly unknown[];
    return value === null && !nullAware ? accumulator : inner[method](accumulator, value, second, ...more);
  };
  const change = (state: State, key: unknown, by: 1 | -1): State => {
    const before = state[0].get(valueDigest(key))?.[1] ?? 0;
    bagAdd(state[0], key, by);
    if (before === 0 && by === 1) state[1] = apply("add", state[1], key);
    else if (before === 1 && by === -1) state[1] = apply("retract", state[1], key);
    return state;
  };
  /** Adds values with their numbers; one that comes, or goes for good, changes the accumulator. */
  const mergeSeen = (seen: Bag, more: Bag, accumulator: unknown, nullLast: boolean): unknown => {
    let changed = accumulator;
    for (const [digest, [key, n]] of order === null ? more : order(more, nullLast)) {
      const before = seen.get(digest)?.[1] ?? 0;
      bagAdd(seen, key, n);
      if (before <= 0 && before + n > 0) changed = apply("add", changed, key);
      else if (before > 0 && before + n <= 0) changed = apply("retract", changed, key);
    }
    return changed;
  };
  const merge = (into: unknown, from: unknown, nullLast: boolean): State => {
    const state = into as State;
    state[1] = mergeSeen(state[0], (from as State)[0], state[1], nullLast);
    return state;
  };
  const changing = (by: 1 | -1): Accumulation["add"] =>
    arity < 2
      ? (state, value) => change(state as State, value, by)
      : (state, value, second, ...more) => change(state as State, [value, second, ...more], by);
  return {
    create: (): State => [new Map(), inner.create()],
    add: changing(1),
    retract: changing(-1),
    merge: (into, from) => merge(into, from, false),
    mergeState: (into, from) => merge(into, from, true),
    showsOrder: order !== null,
    changeOf: (accumulator, seen) => mergeSeen(seen, (accumulator as State)[0], inner.create(), false),
    result: (state) => inner.result((state as State)[1]),
  };
}
