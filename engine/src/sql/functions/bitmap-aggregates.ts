/**
 * Aggregates that give a BITMAP, or how many members it has. The accumulator counts, by member, in how many rows it is, and how many
 * rows there are: AND, OR and XOR follow from the counts, and rows can be taken back.
 */
import { BIGINT, BITMAP, type LogicalType, typeSummary } from "../../types/logical-type.ts";
import type { Accumulation, AggregateFunction } from "./aggregate-function.ts";
import { bitmapText } from "./bitmap.ts";
import type { Bitmap } from "./roaring.ts";

interface State {
  rows: number;
  counts: Map<number, number>;
}

type Keep = (count: number, rows: number) => boolean;

const inAny: Keep = (count) => count > 0;
const inAll: Keep = (count, rows) => count === rows;
const inOddly: Keep = (count) => count % 2 !== 0;

function accumulation(membersOf: (value: unknown) => Bitmap, keep: Keep, cardinality: boolean): Accumulation {
  const change = (state: unknown, value: unknown, by: 1 | -1): State => {
    const s = state as State;
    s.rows += by;
    for (const member of membersOf(value)) {
      const count = (s.counts.get(member) ?? 0) + by;
      if (count === 0) s.counts.delete(member);
      else s.counts.set(member, count);
    }
    return s;
  };
  return {
    create: (): State => ({ rows: 0, counts: new Map() }),
    add: (state, value) => change(state, value, 1),
    retract: (state, value) => change(state, value, -1),
    merge: (into, from) => {
      const a = into as State;
      const b = from as State;
      a.rows += b.rows;
      for (const [member, count] of b.counts) a.counts.set(member, (a.counts.get(member) ?? 0) + count);
      return a;
    },
    result: (state) => {
      const { rows, counts } = state as State;
      if (rows === 0) return null;
      const members: number[] = [];
      for (const [member, count] of counts) if (keep(count, rows)) members.push(member);
      return cardinality ? members.length : members.sort((a, b) => a - b);
    },
  };
}

const ofInteger = (value: unknown): Bitmap => [(value as number) >>> 0];
const ofBitmap = (value: unknown): Bitmap => value as Bitmap;

function pair(verb: "BUILD" | "AND" | "OR" | "XOR", keep: Keep, what: string, example: Bitmap): AggregateFunction[] {
  const builds = verb === "BUILD";
  const members = builds ? ofInteger : ofBitmap;
  const refuse = ([type]: readonly LogicalType[]) =>
    !builds || ["TINYINT", "SMALLINT", "INT"].includes(type.root)
      ? null
      : { message: `Unsupported argument type. Expected type root 'INTEGER' but actual type was '${typeSummary(type)}'.` };
  const declare = (name: string, result: LogicalType, cardinality: boolean, description: string): AggregateFunction => ({
    name,
    parameters: [builds ? "any" : "bitmap"],
    result: () => result,
    alwaysNullable: true,
    refuse,
    implement: () => accumulation(members, keep, cardinality),
    description,
    examples: [
      { sql: `${name}(${builds ? "v" : "BITMAP_BUILD(ARRAY[v, 9])"})`, value: cardinality ? example.length : bitmapText(example) },
    ],
  });
  return [
    declare(`BITMAP_${verb}_AGG`, BITMAP, false, `The bitmap of ${what}.`),
    declare(`BITMAP_${verb}_CARDINALITY_AGG`, BIGINT, true, `How many members the bitmap of ${what} has.`),
  ];
}

export const BITMAP_AGGREGATES: readonly AggregateFunction[] = [
  ...pair("BUILD", inAny, "all integers", [1, 2, 4]),
  ...pair("AND", inAll, "what is in every bitmap", [9]),
  ...pair("OR", inAny, "what is in some bitmap", [1, 2, 4, 9]),
  ...pair("XOR", inOddly, "what is in an odd number of bitmaps", [1, 2, 4, 9]),
];
