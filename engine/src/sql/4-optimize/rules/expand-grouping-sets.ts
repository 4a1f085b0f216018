/**
 * GROUPING SETS: each row is copied once per set, with NULL for the keys that the set lacks and a number that tells the sets apart, which is
 * one more key. GROUPING and GROUPING_ID are read off that number.
 */
import { BIGINT, withNullable } from "../../../types/logical-type.ts";
import { callOf } from "../../2-analyze/bind-expression.ts";
import type { Aggregate, AggregateCall, Expand, Rel, RelColumn } from "../../2-analyze/rel.ts";
import { allFields, namesOf, project, uniqueNames } from "../../2-analyze/rel-builder.ts";
import { inputRef, literalOf, type Rex } from "../../2-analyze/rex.ts";
import * as operators from "../../functions/operators.ts";

const ID = withNullable(BIGINT, false);

export function expandGroupingSets(rel: Rel): Rel {
  if (rel.kind !== "aggregate") return rel;
  if (rel.sets === null) return rel.calls.some((call) => call.grouping !== undefined) ? constantGrouping(rel) : rel;
  return expand(rel, rel.sets);
}

/** Bit i from the left is 1 when key i is not in the set. */
function idOf(set: readonly number[], keys: number): number {
  let id = 0;
  for (let key = 0; key < keys; key++) id = id * 2 + (set.includes(key) ? 0 : 1);
  return id;
}

/** Bits of the keys that a GROUPING call names, for one set. */
function bitsOf(id: number, keys: number, grouping: readonly number[]): number {
  return grouping.reduce((bits, key) => bits * 2 + (Math.floor(id / 2 ** (keys - 1 - key)) % 2), 0);
}

function constantGrouping(rel: Aggregate): Rel {
  const calls = rel.calls.filter((call) => call.grouping === undefined);
  const kept: Aggregate = {
    ...rel,
    calls,
    columns: rel.columns.filter((_, i) => i < rel.keys.length || rel.calls[i - rel.keys.length].grouping === undefined),
  };
  let next = rel.keys.length;
  const exprs = rel.columns.map((column, i): Rex => {
    if (i < rel.keys.length) return inputRef(i, column.type);
    return rel.calls[i - rel.keys.length].grouping === undefined ? inputRef(next++, column.type) : literalOf(0, ID);
  });
  return project(kept, exprs, namesOf(rel));
}

function expand(rel: Aggregate, sets: readonly (readonly number[])[]): Rel {
  const { input, keys } = rel;
  const ids = sets.map((set) => idOf(set, keys.length));
  // A key that is also an argument of a call is needed as it was: it goes in a second time.
  const missing = new Set(keys.filter((_, i) => sets.some((set) => !set.includes(i))));
  const copied: number[] = [];
  const copyOf = (field: number): number => {
    if (!missing.has(field)) return field;
    const at = copied.indexOf(field);
    return input.columns.length + 1 + (at >= 0 ? at : copied.push(field) - 1);
  };
  const plain = rel.calls.filter((call) => call.grouping === undefined);
  const calls = plain.map(
    (call): AggregateCall => ({ ...call, args: call.args.map(copyOf), filter: call.filter < 0 ? -1 : copyOf(call.filter) }),
  );
  const columns: RelColumn[] = [
    ...input.columns.map((column, i) => (missing.has(i) ? { ...column, type: withNullable(column.type, true) } : column)),
    { name: "$e", type: ID },
    ...copied.map((field) => input.columns[field]),
  ];
  const names = uniqueNames(columns.map((column) => column.name));
  const fields = allFields(input);
  const projects = sets.map((set, s) => [
    ...fields.map((field, i): Rex => {
      const key = keys.indexOf(i);
      return key >= 0 && !set.includes(key) ? literalOf(null, withNullable(field.type, true)) : field;
    }),
    literalOf(ids[s], ID),
    ...copied.map((field) => fields[field]),
  ]);
  const expanded: Expand = { kind: "expand", input, projects, columns: columns.map((column, i) => ({ ...column, name: names[i] })) };
  const id = input.columns.length;
  const aggregate: Aggregate = {
    ...rel,
    input: expanded,
    keys: [...keys, id],
    sets: null,
    calls,
    columns: [
      ...rel.columns.slice(0, keys.length),
      { name: "$e", type: ID },
      ...plain.map((call) => rel.columns[keys.length + rel.calls.indexOf(call)]),
    ],
  };
  const idField = inputRef(keys.length, ID);
  let next = keys.length + 1;
  const exprs = rel.columns.map((column, i): Rex => {
    if (i < keys.length) return inputRef(i, column.type);
    const call = rel.calls[i - keys.length];
    return call.grouping === undefined ? inputRef(next++, column.type) : groupingOf(idField, ids, keys.length, call.grouping);
  });
  return project(aggregate, exprs, namesOf(rel));
}

/** A CASE over the number of the set. */
function groupingOf(id: Rex, ids: readonly number[], keys: number, grouping: readonly number[]): Rex {
  const values = ids.map((each) => bitsOf(each, keys, grouping));
  const distinct = [...new Set(values)];
  if (distinct.length === 1) return literalOf(values[0], ID);
  const last = values[values.length - 1];
  const args: Rex[] = [];
  for (const value of distinct) {
    if (value === last) continue;
    const tests = ids.flatMap((each, i) => (values[i] === value ? [callOf(operators.EQUALS, [id, literalOf(each, ID)])] : []));
    args.push(
      tests.reduce((a, b) => callOf(operators.OR, [a, b])),
      literalOf(value, ID),
    );
  }
  args.push(literalOf(last, ID));
  return callOf(operators.CASE, args, ID);
}
