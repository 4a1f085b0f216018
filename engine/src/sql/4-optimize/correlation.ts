/**
 * Pulling correlated conditions out of a query, so that a join can ask them: conjuncts that read `$cor<id>` leave their filter and become
 * conditions over the query's own fields. Projections on the way give the fields that such a condition needs. A correlated aggregation
 * without keys gets them as keys where the conditions are equalities with them; else it is made over the join of its rows with the values
 * that the row around can have, one group for each of these.
 */
import { andOf, callOf } from "../2-analyze/bind-expression.ts";
import { inputsOfRel, type Aggregate, type Rel } from "../2-analyze/rel.ts";
import { allFields, filter, join, namesOf, project, uniqueNames } from "../2-analyze/rel-builder.ts";
import { conjuncts, contains, inputRef, mapLeaves, partsOf, type Rex } from "../2-analyze/rex.ts";
import * as operators from "../functions/operators.ts";

export interface Decorrelated {
  readonly rel: Rel;
  /** Over the fields of `rel` and `$cor<id>`. */
  readonly conditions: readonly Rex[];
  /** Correlated conditions went through an aggregation: one row per key, none for a key that is not there. */
  readonly grouped: boolean;
}

function uses(rex: Rex, id: number): boolean {
  return contains(
    rex,
    (part) => (part.kind === "correl" && part.id === id) || (part.kind === "subquery" && readsCorrelation(part.rel, id)),
  );
}

/** Whether any expression below reads the variable. */
export function readsCorrelation(rel: Rel, id: number): boolean {
  return expressionsOf(rel).some((rex) => uses(rex, id)) || inputsOfRel(rel).some((input) => readsCorrelation(input, id));
}

/** The first correlation variable that is still read, null when there is none. */
export function remainingCorrelation(rel: Rel): number | null {
  for (const rex of expressionsOf(rel)) for (const part of partsOf(rex)) if (part.kind === "correl") return part.id;
  for (const input of inputsOfRel(rel)) {
    const found = remainingCorrelation(input);
    if (found !== null) return found;
  }
  return null;
}

export function expressionsOf(rel: Rel): readonly Rex[] {
  switch (rel.kind) {
    case "filter":
    case "join":
      return [rel.condition];
    case "project":
      return rel.exprs;
    case "values":
      return rel.rows.flat();
    case "snapshot":
      return [rel.period];
    case "expand":
      return rel.projects.flat();
    case "unnest":
      return rel.condition === null ? [rel.collection] : [rel.collection, rel.condition];
    default:
      return [];
  }
}

/** null when the variable is read where it cannot be pulled out of. @param outer gives the rows that `$cor<id>` stands for */
export function decorrelate(rel: Rel, id: number, outer: Rel): Decorrelated | null {
  if (!readsCorrelation(rel, id)) return { rel, conditions: [], grouped: false };
  switch (rel.kind) {
    case "filter": {
      const below = decorrelate(rel.input, id, outer);
      if (below === null) return null;
      const parts = conjuncts(rel.condition);
      const mine = parts.filter((part) => uses(part, id));
      const rest = parts.filter((part) => !uses(part, id));
      const input = rest.length === 0 ? below.rel : filter(below.rel, andOf(rest), rel.variable);
      return { ...below, rel: input, conditions: [...below.conditions, ...mine] };
    }
    case "project": {
      const below = decorrelate(rel.input, id, outer);
      if (below === null || rel.exprs.some((expr) => uses(expr, id))) return null;
      const exprs = [...rel.exprs];
      const names = namesOf(rel);
      const fieldOf = (index: number): number => {
        const known = exprs.findIndex((expr) => expr.kind === "input" && expr.index === index);
        if (known >= 0) return known;
        names.push(below.rel.columns[index].name);
        return exprs.push(inputRef(index, below.rel.columns[index].type)) - 1;
      };
      const conditions = below.conditions.map((condition) =>
        mapLeaves(condition, (leaf) => (leaf.kind === "input" ? inputRef(fieldOf(leaf.index), leaf.type) : leaf)),
      );
      return { ...below, rel: project(below.rel, exprs, names, rel.variable), conditions };
    }
    case "aggregate":
      return rel.keys.length === 0 && rel.sets === null ? decorrelateAggregate(rel, id, outer) : null;
    case "watermarkAssigner":
    case "snapshot": {
      const below = decorrelate(rel.input, id, outer);
      return below === null ? null : { ...below, rel: { ...rel, input: below.rel } };
    }
    default:
      return null;
  }
}

function decorrelateAggregate(rel: Aggregate, id: number, outer: Rel): Decorrelated | null {
  const below = decorrelate(rel.input, id, outer);
  if (below === null || below.grouped) return null;
  if (!below.conditions.every(isEqualityWithField)) return overDomain(rel, below, id, outer);
  const keys: number[] = [];
  const calls = rel.calls.length;
  for (const condition of below.conditions)
    for (const part of partsOf(condition)) if (part.kind === "input" && !keys.includes(part.index)) keys.push(part.index);
  const columns = keys.map((key) => below.rel.columns[key]);
  const aggregate: Aggregate = { ...rel, input: below.rel, keys, columns: [...columns, ...rel.columns] };
  const conditions = below.conditions.map((condition) =>
    mapLeaves(condition, (leaf) => (leaf.kind === "input" ? inputRef(calls + keys.indexOf(leaf.index), leaf.type) : leaf)),
  );
  const fields = allFields(aggregate);
  const swapped = project(
    aggregate,
    [...fields.slice(keys.length), ...fields.slice(0, keys.length)],
    [...namesOf(rel), ...columns.map((column) => column.name)],
  );
  return { rel: swapped, conditions, grouped: true };
}

/** `field = …` with nothing of the query itself on the other side: its rows belong to one value of the row around. */
function isEqualityWithField(condition: Rex): boolean {
  if (condition.kind !== "call" || condition.fn.name !== "=") return false;
  return condition.args.some((arg, i) => uncast(arg).kind === "input" && !contains(condition.args[1 - i], (part) => part.kind === "input"));
}

function uncast(rex: Rex): Rex {
  return rex.kind === "call" && rex.fn.name === "CAST" && rex.options.implicit === true ? uncast(rex.args[0]) : rex;
}

const COMPARISONS = ["=", "<>", "<", "<=", ">", ">="];

/** True when the condition cannot hold for NULLs in the row around. */
function isStrict(condition: Rex): boolean {
  if (condition.kind !== "call" || !COMPARISONS.includes(condition.fn.name)) return false;
  return condition.args.some((arg) => uncast(arg).kind === "correl");
}

function overDomain(rel: Aggregate, below: Decorrelated, id: number, outer: Rel): Decorrelated | null {
  if (remainingCorrelation(outer) !== null) return null;
  const read: number[] = [];
  for (const condition of below.conditions)
    for (const part of partsOf(condition))
      if (part.kind === "correl" && part.id === id && !read.includes(part.index)) read.push(part.index);
  const names = uniqueNames(read.map((index) => outer.columns[index].name));
  const values = project(
    outer,
    read.map((index) => inputRef(index, outer.columns[index].type)),
    names,
  );
  const keys = read.map((_, i) => i);
  const domain: Aggregate = { ...rel, input: values, keys, calls: [], columns: values.columns };
  const matches = below.conditions.map((condition) =>
    mapLeaves(condition, (leaf) => {
      if (leaf.kind === "input") return inputRef(leaf.index + read.length, leaf.type);
      return leaf.id === id ? inputRef(read.indexOf(leaf.index), leaf.type) : leaf;
    }),
  );
  const joined = join(domain, below.rel, { type: "inner", condition: andOf(matches), span: rel.span });
  const shifted = rel.calls.map((call) => ({
    ...call,
    args: call.args.map((arg) => arg + read.length),
    filter: call.filter < 0 ? call.filter : call.filter + read.length,
  }));
  const aggregate: Aggregate = { ...rel, input: joined, keys, calls: shifted, columns: [...values.columns, ...rel.columns] };
  const fields = allFields(aggregate);
  const swapped = project(aggregate, [...fields.slice(keys.length), ...fields.slice(0, keys.length)], [...namesOf(rel), ...names]);
  const same = below.conditions.every(isStrict) ? operators.EQUALS : operators.IS_NOT_DISTINCT;
  const conditions = read.map((index, i): Rex => {
    const { name, type } = outer.columns[index];
    return callOf(same, [
      { kind: "correl", id, index, name, type },
      inputRef(rel.calls.length + i, swapped.columns[rel.calls.length + i].type),
    ]);
  });
  return { rel: swapped, conditions, grouped: true };
}

/** `$cor<id>` as fields of the left side of a join, the condition's own fields behind them. */
export function overJoinedRow(condition: Rex, id: number, leftWidth: number): Rex {
  return mapLeaves(condition, (leaf) => {
    if (leaf.kind === "input") return inputRef(leaf.index + leftWidth, leaf.type);
    return leaf.id === id ? inputRef(leaf.index, leaf.type) : leaf;
  });
}
