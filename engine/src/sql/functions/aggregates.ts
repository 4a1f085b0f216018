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
  STRING,
  withNullable,
  withoutTimeAttribute,
} from "../../types/logical-type.ts";
import { valueDigest } from "../../types/row.ts";
import type { Accumulation, AggregateFunction } from "./aggregate-function.ts";
import { addLong, type Big, divideLong, multiplyLong, subtractLong, wrapLong } from "./bigint.ts";
import { compareValues } from "./compare.ts";
import { divideHalfUp, fit, powerOfTen, rescale } from "./decimal.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";

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

/** Value and how often it is there, by digest: lets MIN, MAX, FIRST_VALUE take rows back. */
type Bag = Map<string, [value: unknown, count: number]>;

function bagAdd(bag: Bag, value: unknown, by: number): Bag {
  const digest = valueDigest(value);
  const entry = bag.get(digest);
  if (entry === undefined) bag.set(digest, [value, by]);
  else if (entry[1] + by === 0) bag.delete(digest);
  else entry[1] += by;
  return bag;
}

function bagMerge(into: Bag, from: Bag): Bag {
  for (const [value, n] of from.values()) bagAdd(into, value, n);
  return into;
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

/** [sum, sum of squares, count] as doubles, or as the integers that Flink keeps. */
type MomentState = [sum: Big, squares: Big, count: number];

function variance(kind: "pop" | "samp", root: boolean): AggregateFunction["implement"] {
  return (types, result) => {
    const integers = isInteger(types[0]);
    const decimal = types[0].root === "DECIMAL";
    const read = (value: unknown): Big => (decimal ? Number(value) / 10 ** types[0].scale! : (value as Big));
    const plus = integers ? addLong : (a: Big, b: Big) => Number(a) + Number(b);
    const minus = integers ? subtractLong : (a: Big, b: Big) => Number(a) - Number(b);
    const times = integers ? multiplyLong : (a: Big, b: Big) => Number(a) * Number(b);
    const change = (state: unknown, value: unknown, apply: (a: Big, b: Big) => Big, by: number): MomentState => {
      const s = state as MomentState;
      const x = read(value);
      s[0] = apply(s[0], x);
      s[1] = apply(s[1], times(x, x));
      s[2] += by;
      return s;
    };
    return {
      create: (): MomentState => [0, 0, 0],
      add: (state, value) => change(state, value, plus, 1),
      retract: (state, value) => change(state, value, minus, -1),
      merge: (into, from) => {
        const a = into as MomentState;
        const b = from as MomentState;
        a[0] = plus(a[0], b[0]);
        a[1] = plus(a[1], b[1]);
        a[2] += b[2];
        return a;
      },
      result: (state) => {
        const [total, squares, n] = state as MomentState;
        const divisor = kind === "pop" ? n : n - 1;
        if (n === 0 || divisor === 0) return null;
        if (integers) {
          const spread = subtractLong(squares, divideLong(multiplyLong(total, total), n));
          const value = divideLong(spread, divisor);
          return root ? wrapLong(BigInt(Math.trunc(Math.sqrt(Number(value))))) : value;
        }
        const value = (Number(squares) - (Number(total) * Number(total)) / n) / divisor;
        const number = root ? Math.sqrt(Math.max(0, value)) : value;
        return result.root === "DECIMAL" ? rescale(BigInt(Math.round(number * 1e6)), 6, result.scale!) : number;
      },
    };
  };
}

const sameType = (types: readonly LogicalType[]): LogicalType => withNullable(withoutTimeAttribute(types[0]), true);

function averageType(types: readonly LogicalType[]): LogicalType {
  const [type] = types;
  return type.root === "DECIMAL" ? decimalOf(38, Math.max(6, type.scale!)) : sameType(types);
}

function sumType(types: readonly LogicalType[]): LogicalType {
  return types[0].root === "DECIMAL" ? decimalOf(38, types[0].scale!) : sameType(types);
}

function declare(
  name: string,
  parameters: AggregateFunction["parameters"],
  result: AggregateFunction["result"],
  implement: AggregateFunction["implement"],
  description: string,
  nullAware = false,
): AggregateFunction {
  return { name, parameters, result, implement, description, nullAware };
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

function percentile(types: readonly LogicalType[]): Accumulation {
  const read = (value: unknown): number => (types[0].root === "DECIMAL" ? Number(value) / 10 ** types[0].scale! : Number(value));
  const fraction = (value: unknown): number => (types[1]?.root === "DECIMAL" ? Number(value) / 10 ** types[1].scale! : Number(value));
  interface State {
    values: number[];
    at: number | number[];
  }
  const at = (values: readonly number[], p: number): number => {
    const position = p * (values.length - 1);
    const low = Math.floor(position);
    const high = Math.ceil(position);
    return low === high ? values[low] : (high - position) * values[low] + (position - low) * values[high];
  };
  return {
    create: (): State => ({ values: [], at: 0 }),
    add: (state, value, second) => {
      const s = state as State;
      s.values.push(read(value));
      s.at = Array.isArray(second) ? second.map(fraction) : fraction(second);
      return s;
    },
    retract: (state, value) => {
      const s = state as State;
      const index = s.values.indexOf(read(value));
      if (index >= 0) s.values.splice(index, 1);
      return s;
    },
    merge: (into, from) => {
      const a = into as State;
      const b = from as State;
      for (const value of b.values) a.values.push(value);
      if (b.values.length > 0) a.at = b.at;
      return a;
    },
    result: (state) => {
      const { values, at: wanted } = state as State;
      if (values.length === 0) return null;
      const sorted = [...values].sort((x, y) => x - y);
      return Array.isArray(wanted) ? wanted.map((p) => at(sorted, p)) : at(sorted, wanted);
    },
  };
}

const first: AggregateFunction["implement"] = () => sequence((values) => (values.length === 0 ? null : values[0]));
const last: AggregateFunction["implement"] = () => sequence((values) => (values.length === 0 ? null : values[values.length - 1]));
const average0: AggregateFunction["implement"] = (types, result) => average(types, result);

type Single = [value: unknown, count: number];

/** The value of a scalar subquery; more than one row fails the job. Made by the planner, no one writes it. */
export const SINGLE_VALUE: AggregateFunction = declare(
  "SINGLE_VALUE",
  ["any"],
  sameType,
  () => ({
    create: (): Single => [null, 0],
    add: (state, value) => {
      const single = state as Single;
      if (single[1] > 0) throw new SqlRuntimeError("SQL_SINGLE_VALUE", "SingleValueAggFunction received more than one element.");
      return [value, single[1] + 1] satisfies Single;
    },
    retract: (state) => [null, (state as Single)[1] - 1] satisfies Single,
    merge: () => invariant(false, "a single value is not merged"),
    result: (state) => (state as Single)[0],
  }),
  "The only value there is.",
  true,
);

const LIST: readonly AggregateFunction[] = [
  declare(
    "COUNT",
    ["any?"],
    () => withNullable(BIGINT, false),
    () => count,
    "How many rows, or how many values that are not NULL.",
  ),
  declare("SUM", ["numeric"], sumType, (types, result) => sum(types, result), "Sum, in the type of its argument; NULL for nothing."),
  declare(
    "$SUM0",
    ["numeric"],
    (types) => withNullable(sumType(types), false),
    (types, result) => {
      const base = sum(types, result);
      return { ...base, result: (state) => base.result(state) ?? (result.root === "DECIMAL" ? 0n : 0) };
    },
    "Sum; zero for nothing.",
  ),
  declare("AVG", ["numeric"], averageType, average0, "Average, in the type of its argument: of integers it has no fraction."),
  declare("MIN", ["any"], sameType, extreme(-1), "Smallest value."),
  declare("MAX", ["any"], sameType, extreme(1), "Largest value."),
  declare("FIRST_VALUE", ["any"], sameType, first, "First value that arrived."),
  declare("LAST_VALUE", ["any"], sameType, last, "Last value that arrived."),
  declare("STDDEV_POP", ["numeric"], sameType, variance("pop", true), "Standard deviation of the whole."),
  declare("STDDEV_SAMP", ["numeric"], sameType, variance("samp", true), "Standard deviation of a sample."),
  declare("STDDEV", ["numeric"], sameType, variance("samp", true), "Standard deviation of a sample."),
  declare("VAR_POP", ["numeric"], sameType, variance("pop", false), "Variance of the whole."),
  declare("VAR_SAMP", ["numeric"], sameType, variance("samp", false), "Variance of a sample."),
  declare("VARIANCE", ["numeric"], sameType, variance("samp", false), "Variance of a sample."),
  declare(
    "COLLECT",
    ["any"],
    (types) => withNullable(multisetOf(types[0]), false),
    () => collect,
    "All values as a multiset.",
  ),
  declare(
    "ARRAY_AGG",
    ["any"],
    (types) => arrayOf(withNullable(types[0], true)),
    () => sequence((values) => (values.length === 0 ? null : [...values])),
    "All values, NULLs too, as an array.",
    true,
  ),
  declare(
    "PERCENTILE",
    ["numeric", "any"],
    (types) => (types[1]?.root === "ARRAY" ? arrayOf(DOUBLE) : DOUBLE),
    percentile,
    "Value below which the given part lies.",
  ),
];

/** Text of all values with a separator. The separator is a constant, read with each row. */
const LISTAGG: AggregateFunction = {
  name: "LISTAGG",
  parameters: ["string", "string?"],
  result: () => STRING,
  implement: () => {
    interface State {
      values: unknown[];
      separator: string;
    }
    const list = sequence((values) => values);
    return {
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
        (into as State).separator = (from as State).separator;
        return into;
      },
      result: (state) => ((state as State).values.length === 0 ? null : (state as State).values.join((state as State).separator)),
    };
  },
  description: "All texts, one after the other, with a separator (a comma if none is given).",
};

export const AGGREGATE_FUNCTIONS: ReadonlyMap<string, AggregateFunction> = new Map([...LIST, LISTAGG].map((fn) => [fn.name, fn]));

/** Wraps an aggregation so that each distinct value counts once. */
export function distinctOf(inner: Accumulation): Accumulation {
  type State = [seen: Bag, inner: unknown];
  const change = (state: State, value: unknown, second: unknown, by: 1 | -1): State => {
    const digest = valueDigest(value);
    const before = state[0].get(digest)?.[1] ?? 0;
    bagAdd(state[0], value, by);
    if (before === 0 && by === 1) state[1] = inner.add(state[1], value, second);
    else if (before === 1 && by === -1) state[1] = inner.retract(state[1], value, second);
    return state;
  };
  return {
    create: (): State => [new Map(), inner.create()],
    add: (state, value, second) => change(state as State, value, second, 1),
    retract: (state, value, second) => change(state as State, value, second, -1),
    merge: (into, from) => {
      const a = into as State;
      for (const [value, n] of (from as State)[0].values()) {
        const digest = valueDigest(value);
        if (!a[0].has(digest)) a[1] = inner.add(a[1], value);
        bagAdd(a[0], value, n);
      }
      return a;
    },
    result: (state) => inner.result((state as State)[1]),
  };
}
