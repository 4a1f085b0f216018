/**
 * `table.optimizer.distinct-agg.split.enabled` (Flink: `SplitAggregateRule`). A group whose distinct values are many sits in one subtask; so values are dealt
 * out by their hash, counted per bucket, and the buckets put together:
 *
 *   COUNT(DISTINCT v), SUM(x) BY k
 *   = $SUM0(d), SUM(s) BY k  over  COUNT(DISTINCT v) AS d, SUM(x) AS s BY k, MOD(HASH_CODE(v), buckets)
 *
 * Calls over different values need different buckets: each row is copied once per kind of bucket, `$e` says for which, and every call looks at its own copies.
 * MIN, MAX and the first and last value are dealt out too, since they remember values when rows are taken back. An average becomes a sum and a count.
 */
import { BIGINT, BOOLEAN, INT, type LogicalType, withNullable } from "../../../types/logical-type.ts";
import { andOf, callOf, castTo } from "../../2-analyze/bind-expression.ts";
import { arithmetic } from "../../2-analyze/coercion.ts";
import type { Aggregate, AggregateCall, Expand, Rel, RelColumn } from "../../2-analyze/rel.ts";
import { allFields, namesOf, project } from "../../2-analyze/rel-builder.ts";
import { inputRef, isIdentity, literalOf, type Rex } from "../../2-analyze/rex.ts";
import type { AggregateFunction } from "../../functions/aggregate-function.ts";
import { AGGREGATE_FUNCTIONS } from "../../functions/aggregates.ts";
import { IF } from "../../functions/conditional.ts";
import { HASH_CODE } from "../../functions/hash-code.ts";
import * as operators from "../../functions/operators.ts";
import type { Rule } from "../rewrite.ts";

/** Per function those of the buckets and those that put the buckets together. */
const HALVES: Readonly<Record<string, readonly [partial: readonly string[], final: readonly string[]]>> = {
  AVG: [
    ["$SUM0", "COUNT"],
    ["$SUM0", "$SUM0"],
  ],
  COUNT: [["COUNT"], ["$SUM0"]],
  MIN: [["MIN"], ["MIN"]],
  MAX: [["MAX"], ["MAX"]],
  SUM: [["SUM"], ["SUM"]],
  $SUM0: [["$SUM0"], ["$SUM0"]],
  FIRST_VALUE: [["FIRST_VALUE"], ["FIRST_VALUE"]],
  LAST_VALUE: [["LAST_VALUE"], ["LAST_VALUE"]],
  LISTAGG: [["LISTAGG"], ["LISTAGG"]],
  SINGLE_VALUE: [["SINGLE_VALUE"], ["SINGLE_VALUE"]],
};

const REMEMBERS_VALUES: ReadonlySet<string> = new Set(["MIN", "MAX", "FIRST_VALUE", "LAST_VALUE"]);

const ID = withNullable(BIGINT, false);

/** @param overProctimeWindows whether an aggregation groups by windows of processing time: those are left alone. */
export function splitDistinctAggregates(buckets: number, overProctimeWindows: (rel: Aggregate) => boolean): Rule {
  return (rel) => {
    // The result's own names show, since a projection that only names it anew is none.
    if (rel.kind === "project" && rel.input.kind === "aggregate" && rel.input.partialFinal === "FINAL" && rel.hints.length === 0)
      return isIdentity(rel.exprs, rel.input.columns.length) ? rel.input : rel;
    if (rel.kind !== "aggregate" || rel.sets !== null || rel.partialFinal !== undefined) return rel;
    const splits = rel.calls.some((call) => call.distinct) && rel.calls.every(({ fn, args }) => fn.name in HALVES && args.length < 2);
    return splits && !overProctimeWindows(rel) ? split(rel, buckets) : rel;
  };
}

function isDealtOut({ fn, distinct }: AggregateCall): boolean {
  return distinct || REMEMBERS_VALUES.has(fn.name);
}

function split(rel: Aggregate, buckets: number): Rel {
  const hashed = hashedFields(rel);
  const input = withBuckets(rel.input, hashed, buckets);
  const bucketOf = (arg: number): number => (hashed.includes(arg) ? rel.input.columns.length + hashed.indexOf(arg) : arg);
  const keys = sortedUnique([...rel.keys, ...hashed.map(bucketOf)]);
  const setOf = (call: AggregateCall): readonly number[] =>
    isDealtOut(call) ? sortedUnique([...rel.keys, ...call.args.map(bucketOf)]) : sortedUnique(rel.keys);
  const partials = rel.calls.flatMap((call) => partialsOf(call, setOf(call)));
  const copies = needsCopies(rel, setOf) ? copiesOf(input, keys, partials, setsOf(rel, setOf)) : null;
  const partial = partialAggregate(rel, copies?.rel ?? input, { keys, calls: copies?.calls ?? partials.map(({ call }) => call) });
  return withResults(rel, finalAggregate(rel, partial, keys));
}

/** Fields by whose values rows are dealt out; a key's are dealt out already. */
function hashedFields(rel: Aggregate): readonly number[] {
  return sortedUnique(rel.calls.filter(isDealtOut).flatMap(({ args }) => args)).filter((arg) => !rel.keys.includes(arg));
}

function sortedUnique(fields: readonly number[]): number[] {
  return [...new Set(fields)].sort((a, b) => a - b);
}

function withBuckets(input: Rel, hashed: readonly number[], buckets: number): Rel {
  if (hashed.length === 0) return input;
  const fields = allFields(input);
  const made = hashed.map((field) => callOf(operators.MODULO, [callOf(HASH_CODE, [fields[field]]), literalOf(buckets, NOT_NULL_INT)]));
  return project(input, [...fields, ...made], freeNames([...namesOf(input), ...made.map((_, i) => `$f${fields.length + i}`)]));
}

const NOT_NULL_INT = withNullable(INT, false);

/** A name that is taken gets `_0`, `_1`, … behind it. */
function freeNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let i = 0; taken.has(free); i++) free = `${name}_${i}`;
    taken.add(free);
    return free;
  });
}

type SetOf = (call: AggregateCall) => readonly number[];

/** One kind of bucket needs no copies: rows that only add up may be dealt out by any. */
function needsCopies(rel: Aggregate, setOf: SetOf): boolean {
  const seen = new Set<string>();
  let brought = 0;
  for (const call of rel.calls) {
    const set = setOf(call).join();
    if (isDealtOut(call) && !seen.has(set)) brought++;
    seen.add(set);
  }
  return brought > 1;
}

/** All kinds of buckets: those that contain others first, then by their fields. */
function setsOf(rel: Aggregate, setOf: SetOf): readonly (readonly number[])[] {
  const sets = new Map(rel.calls.map((call) => [setOf(call).join(), setOf(call)]));
  return [...sets.values()].sort((a, b) => {
    if (b.every((field) => a.includes(field))) return -1;
    if (a.every((field) => b.includes(field))) return 1;
    const at = a.findIndex((field, i) => field !== b[i]);
    return a[at] - b[at];
  });
}

interface Partial {
  readonly call: AggregateCall;
  readonly set: readonly number[];
}

function partialsOf(call: AggregateCall, set: readonly number[]): Partial[] {
  return HALVES[call.fn.name][0].map((name) => ({ call: { ...call, fn: functionOf(name), name: null }, set }));
}

function functionOf(name: string): AggregateFunction {
  return AGGREGATE_FUNCTIONS.get(name)!;
}

/** Bit i from the left is 1 where key i is not in the set. */
function idOf(set: readonly number[], keys: readonly number[]): number {
  return keys.reduce((id, key) => id * 2 + (set.includes(key) ? 0 : 1), 0);
}

interface Copies {
  readonly rel: Rel;
  readonly calls: readonly AggregateCall[];
}

function copiesOf(input: Rel, keys: readonly number[], partials: readonly Partial[], sets: readonly (readonly number[])[]): Copies {
  const width = input.columns.length;
  // A key that not all copies have, and that a call reads, is needed as it was: it goes in a second time.
  const common = keys.filter((key) => sets.every((set) => set.includes(key)));
  const read = partials.flatMap(({ call }) => [...call.args, ...(call.filter < 0 ? [] : [call.filter])]);
  const twice = sortedUnique(read.filter((field) => keys.includes(field) && !common.includes(field)));
  const placeOf = (field: number): number => (twice.includes(field) ? width + 1 + twice.indexOf(field) : field);
  const fields = allFields(input);
  const columns: RelColumn[] = [
    ...input.columns.map((column, i) =>
      keys.includes(i) && !common.includes(i) ? { ...column, type: withNullable(column.type, true) } : column,
    ),
    { name: "$e", type: ID },
    ...twice.map((field) => input.columns[field]),
  ];
  const names = freeNames(columns.map(({ name }) => name));
  const expanded: Expand = {
    kind: "expand",
    input,
    projects: sets.map((set) => [
      ...fields.map((field, i): Rex => (keys.includes(i) && !set.includes(i) ? literalOf(null, withNullable(field.type, true)) : field)),
      literalOf(idOf(set, keys), ID),
      ...twice.map((field) => fields[field]),
    ]),
    columns: columns.map((column, i) => ({ ...column, name: names[i] })),
  };
  return withFilters(expanded, { idField: width, keys, partials, placeOf });
}

interface FilterParts {
  readonly idField: number;
  readonly keys: readonly number[];
  readonly partials: readonly Partial[];
  readonly placeOf: (field: number) => number;
}

/** A call looks at the copies of its own set. */
function withFilters(expanded: Rel, { idField, keys, partials, placeOf }: FilterParts): Copies {
  const all = allFields(expanded);
  const exprs = all.filter((_, i) => i !== idField);
  const names = namesOf(expanded).filter((_, i) => i !== idField);
  const behind = (field: number): number => (field > idField ? field - 1 : field);
  const filters = new Map<string, number>();
  const calls = partials.map(({ call, set }): AggregateCall => {
    const key = `${set.join()}|${call.filter}`;
    let filter = filters.get(key);
    if (filter === undefined) {
      const id = idOf(set, keys);
      // Plans show the number without its type.
      const shown = callOf(operators.CAST, [literalOf(id, NOT_NULL_INT)], ID, { implicit: true, untyped: true });
      const own = callOf(operators.EQUALS, [all[idField], shown]);
      filter = exprs.push(call.filter < 0 ? own : andOf([own, inputRef(call.filter, BOOLEAN)])) - 1;
      names.push(`$g_${id}`);
      filters.set(key, filter);
    }
    return { ...call, args: call.args.map((arg) => behind(placeOf(arg))), filter };
  });
  return { rel: project(expanded, exprs, freeNames(names)), calls };
}

interface Grouping {
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
}

function partialAggregate(rel: Aggregate, input: Rel, { keys, calls }: Grouping): Aggregate {
  const typed = calls.map((call): AggregateCall => {
    const types = call.args.map((arg) => input.columns[arg].type);
    return { ...call, type: resultType(call, types, keys.length > 0) };
  });
  return aggregateOf(rel, { input, keys, calls: typed, partialFinal: "PARTIAL" });
}

function finalAggregate(rel: Aggregate, partial: Aggregate, keys: readonly number[]): Aggregate {
  let next = keys.length;
  const calls = rel.calls.flatMap((call) =>
    HALVES[call.fn.name][1].map((name): AggregateCall => {
      const made: AggregateCall = { fn: functionOf(name), args: [next], distinct: false, filter: -1, type: BIGINT, name: null };
      const { type } = partial.columns[next++];
      return { ...made, type: resultType(made, [type], rel.keys.length > 0) };
    }),
  );
  return aggregateOf(rel, { input: partial, keys: rel.keys.map((key) => keys.indexOf(key)), calls, partialFinal: "FINAL" });
}

function resultType({ fn, filter }: AggregateCall, types: readonly LogicalType[], grouped: boolean): LogicalType {
  const type = fn.result(types);
  if (!type.nullable) return type;
  const mayBeNull = fn.alwaysNullable === true || types[0].nullable || filter >= 0 || !grouped;
  return withNullable(type, fn.neverNullable !== true && mayBeNull);
}

function aggregateOf(rel: Aggregate, made: Pick<Aggregate, "input" | "keys" | "calls" | "partialFinal">): Aggregate {
  const { input, keys, calls } = made;
  const columns = [...keys.map((key) => input.columns[key]), ...calls.map(({ type }, i) => ({ name: `$f${keys.length + i}`, type }))];
  const names = freeNames(columns.map(({ name }) => name));
  return { ...rel, ...made, sets: null, columns: columns.map((column, i) => ({ ...column, name: names[i] })) };
}

/** In the types of the original; a sum and a count become an average again. */
function withResults(rel: Aggregate, made: Aggregate): Rel {
  let next = rel.keys.length;
  const exprs = rel.columns.map(({ type }, i): Rex => {
    if (i < rel.keys.length) return inputRef(i, made.columns[i].type);
    const value = inputRef(next, made.columns[next].type);
    next++;
    if (rel.calls[i - rel.keys.length].fn.name !== "AVG") return castTo(value, type);
    const count = inputRef(next, made.columns[next].type);
    next++;
    const quotient = arithmetic("/", value, count, rel.span);
    const empty = callOf(operators.EQUALS, [count, literalOf(0, ID)]);
    const average = callOf(IF, [empty, literalOf(null, withNullable(type, true)), quotient], withNullable(quotient.type, true));
    return castTo(average, type);
  });
  if (made.columns.length === rel.columns.length && exprs.every((expr) => expr.kind === "input")) return made;
  const names = exprs.map((expr, i) => (expr.kind === "input" ? made.columns[expr.index].name : `$f${i}`));
  return project(made, exprs, freeNames(names));
}
