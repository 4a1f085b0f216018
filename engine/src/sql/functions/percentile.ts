/** PERCENTILE(value, fraction [, frequency]): the value below which a part of the values lies, between two of them by their distance. */
import { arrayOf, DOUBLE, isInteger, isNumeric, type LogicalType } from "../../types/logical-type.ts";
import type { Accumulation, AggregateFunction } from "./aggregate-function.ts";
import { decimalToNumber } from "./decimal.ts";
import { doubleToString } from "./number-text.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";

/** Values with their frequencies; the fraction is a constant, kept with them. */
interface State {
  counts: Map<number, number>;
  at: number | number[];
}

function numberOf(type: LogicalType): (value: unknown) => number {
  return type.root === "DECIMAL" ? (value) => decimalToNumber(value as bigint, type.scale!) : Number;
}

function valueAt(sorted: readonly (readonly [number, number])[], index: number): number {
  let seen = 0;
  for (const [value, count] of sorted) {
    seen += count;
    if (index < seen) return value;
  }
  return sorted[sorted.length - 1][0];
}

function percentileOf(sorted: readonly (readonly [number, number])[], total: number, part: number): number {
  const position = part * (total - 1);
  const low = Math.floor(position);
  const high = Math.ceil(position);
  const [a, b] = [valueAt(sorted, low), valueAt(sorted, high)];
  return low === high || a === b ? a : (high - position) * a + (position - low) * b;
}

/** The binder joins fraction and frequency in one row, since an accumulation takes two arguments. */
function implement(types: readonly LogicalType[]): Accumulation {
  const withFrequency = types[1].root === "ROW";
  const partType = withFrequency ? types[1].fields![0].type : types[1];
  const readValue = numberOf(types[0]);
  const readPart = numberOf(partType.root === "ARRAY" ? partType.element! : partType);
  const fraction = (value: unknown): number => {
    const number = readPart(value);
    if (number >= 0 && number <= 1) return number;
    throw new SqlRuntimeError(
      "SQL_PERCENTILE",
      `Percentage of PERCENTILE should be between [0.0, 1.0], but was '${doubleToString(number)}'.`,
    );
  };
  const change = (state: unknown, value: unknown, second: unknown, by: 1 | -1): State => {
    const s = state as State;
    const [part, frequency] = withFrequency ? (second as [unknown, unknown]) : [second, 1];
    s.at = Array.isArray(part) ? part.map(fraction) : fraction(part);
    const count = frequency === null ? 0 : Number(frequency);
    if (count <= 0) return s;
    const x = readValue(value);
    const left = (s.counts.get(x) ?? 0) + by * count;
    if (left === 0) s.counts.delete(x);
    else s.counts.set(x, left);
    return s;
  };
  return {
    create: (): State => ({ counts: new Map(), at: 0 }),
    add: (state, value, second) => change(state, value, second, 1),
    retract: (state, value, second) => change(state, value, second, -1),
    merge: (into, from) => {
      const a = into as State;
      const b = from as State;
      for (const [value, count] of b.counts) a.counts.set(value, (a.counts.get(value) ?? 0) + count);
      if (b.counts.size > 0) a.at = b.at;
      return a;
    },
    result: (state) => {
      const { counts, at } = state as State;
      if (counts.size === 0) return null;
      const sorted = [...counts].sort(([x], [y]) => x - y);
      const total = sorted.reduce((sum, [, count]) => sum + count, 0);
      return Array.isArray(at) ? at.map((part) => percentileOf(sorted, total, part)) : percentileOf(sorted, total, at);
    },
  };
}

const inRange = (value: unknown, type: LogicalType): boolean => {
  const number = numberOf(type)(value);
  return number >= 0 && number <= 1;
};

export const PERCENTILE: AggregateFunction = {
  name: "PERCENTILE",
  parameters: ["any", "any", "any?"],
  result: ([, part]) => {
    const type = part.root === "ROW" ? part.fields![0].type : part;
    return type.root === "ARRAY" ? arrayOf(DOUBLE) : DOUBLE;
  },
  alwaysNullable: true,
  refuse: ([value, part, frequency], args) => {
    const type = part.root === "ARRAY" ? part.element! : part;
    const fits =
      isNumeric(value) && isNumeric(type) && !part.nullable && !type.nullable && (frequency === undefined || isInteger(frequency));
    const literal = args[1];
    if (!fits || (literal.kind === "literal" && literal.value !== null && !inRange(literal.value, type))) {
      return { message: "Invalid input arguments.", expected: "PERCENTILE(<NUMERIC>, <NUMERIC from 0 to 1>[, <INTEGER>])" };
    }
    return null;
  },
  implement,
  description:
    "The value below which a part of the values lies: PERCENTILE(value, part or array of parts [, frequency]), parts from 0 to 1.",
  examples: [
    { sql: "PERCENTILE(v, 0.5)", value: 2 },
    { sql: "PERCENTILE(v, ARRAY[0.0, 1.0])", value: [1, 4] },
  ],
};
