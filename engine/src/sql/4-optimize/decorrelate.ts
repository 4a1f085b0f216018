/**
 * Makes joins of correlated queries, the way of Calcite's `RelDecorrelator`. Going up from where `$cor<id>` is read, every node also gives
 * the values of the row around that its rows belong to (`outputs`), and the `correlate` becomes a join on these values:
 *
 *   FROM t, LATERAL (SELECT SUM(c) AS s FROM r WHERE r.a = t.a)      →   t JOIN (SELECT a, SUM(c) AS s FROM r WHERE a IS NOT NULL GROUP BY a) ON t.a = a
 *   … WHERE r.a < t.a                                                →   t JOIN (… FROM r JOIN (SELECT DISTINCT a FROM t) v ON r.a < v.a GROUP BY v.a) ON t.a = v.a
 *
 * A filter `field = $cor.f` says the value itself; anything else is joined with the distinct values that the row around can have. Limits:
 * below LIMIT, set operations and VALUES nothing can be carried up, and NULL in the row around meets nothing, as in Flink.
 */
import { BIGINT, withNullable } from "../../types/logical-type.ts";
import { andOf, callOf, castTo } from "../2-analyze/bind-expression.ts";
import { pushedJoin } from "../2-analyze/join-conditions.ts";
import { coercedTo } from "../2-analyze/rex-calls.ts";
import { type Aggregate, type Correlate, type Filter, type Join, mapInputs, type Project, type Rel } from "../2-analyze/rel.ts";
import { allFields, filter, join, joinColumns, namesOf, project, uniqueNames } from "../2-analyze/rel-builder.ts";
import { conjuncts, contains, inputRef, literalOf, mapLeaves, partsOf, type Rex, type RexCorrel, rewriteRex } from "../2-analyze/rex.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import * as operators from "../functions/operators.ts";
import { readsCorrelation } from "./correlation.ts";

/** A value of a row around, and the field that carries it. */
interface Output {
  readonly id: number;
  readonly index: number;
  readonly field: number;
}

interface Frame {
  readonly rel: Rel;
  /** Per field of the node as it was its field in `rel`. */
  readonly fields: readonly number[];
  /** By variable, then by field of the row around. */
  readonly outputs: readonly Output[];
}

/** The rows that variables stand for, by variable. */
type RowsAround = ReadonlyMap<number, Frame>;

/** Without correlations in it; null when a value of the row around is read where it cannot be carried up. */
export function decorrelateTree(rel: Rel): Rel | null {
  if (rel.kind !== "correlate") {
    let failed = false;
    const made = mapInputs(rel, (input) => {
      const inner = decorrelateTree(input);
      failed ||= inner === null;
      return inner ?? input;
    });
    return failed ? null : made;
  }
  const frame = frameOf(rel, new Map());
  if (frame === null || frame.outputs.length > 0) return null;
  const exprs = frame.fields.map((field) => inputRef(field, frame.rel.columns[field].type));
  return project(frame.rel, exprs, namesOf(rel));
}

function sortedOutputs(outputs: readonly Output[]): Output[] {
  return [...outputs].sort((a, b) => a.id - b.id || a.index - b.index);
}

function outputOf(outputs: readonly Output[], id: number, index: number): Output | undefined {
  return outputs.find((output) => output.id === id && output.index === index);
}

function identity(rel: Rel): Frame {
  return { rel, fields: rel.columns.map((_, i) => i), outputs: [] };
}

function frameOf(rel: Rel, around: RowsAround): Frame | null {
  if (rel.kind !== "correlate" && ![...around.keys()].some((id) => readsCorrelation(rel, id))) {
    const inner = decorrelateTree(rel);
    return inner === null ? null : identity(inner);
  }
  switch (rel.kind) {
    case "filter":
      return filterFrame(rel, around);
    case "project":
      return projectFrame(rel, around);
    case "aggregate":
      return aggregateFrame(rel, around);
    case "correlate":
      return correlateFrame(rel, around);
    case "join":
      return rel.type === "semi" || rel.type === "anti" || rel.asOf !== null ? null : joinFrame(rel, around);
    case "sort": {
      if (rel.fetch !== null || rel.offset > 0) return null;
      const below = frameOf(rel.input, around);
      if (below === null) return null;
      const keys = rel.keys.map((key) => ({ ...key, field: below.fields[key.field] }));
      return { ...below, rel: { ...rel, input: below.rel, keys, columns: below.rel.columns } };
    }
    default:
      return null;
  }
}

/** Every place where an expression reads a row around, by variable and field. */
function references(exprs: readonly Rex[], around: RowsAround): RexCorrel[] {
  const found: RexCorrel[] = [];
  for (const expr of exprs) for (const part of partsOf(expr)) if (part.kind === "correl" && around.has(part.id)) found.push(part);
  return found.sort((a, b) => a.id - b.id || a.index - b.index);
}

/** The expression over the frame's fields. */
function resolved(rex: Rex, { rel, fields, outputs }: Frame): Rex {
  return mapLeaves(rex, (leaf) => {
    if (leaf.kind === "input") return inputRef(fields[leaf.index], rel.columns[fields[leaf.index]].type);
    const output = outputOf(outputs, leaf.id, leaf.index);
    return output === undefined ? leaf : inputRef(output.field, rel.columns[output.field].type);
  });
}

function filterFrame(rel: Filter, around: RowsAround): Frame | null {
  const below = frameOf(rel.input, around);
  if (below === null || readsInSubquery([rel.condition], around)) return null;
  const read = references([rel.condition], around);
  const frame = read.length === 0 ? below : (withOwnValues(rel.condition, below, read) ?? withValues(below, read, around));
  const parts = conjuncts(resolved(rel.condition, frame)).map(withoutSameSides);
  const said = parts.filter(
    (part) => !(part.kind === "call" && part.fn.name === "IS NOT NULL" && parts.some((other) => implies(other, part))),
  );
  // As Calcite's simplification leaves them: what is said about NULL comes last.
  const isNotNull = (part: Rex): boolean => part.kind === "call" && part.fn.name === "IS NOT NULL";
  const ordered = [...said.filter((part) => !isNotNull(part)), ...said.filter(isNotNull)];
  return { ...frame, rel: filter(frame.rel, andOf(ordered)) };
}

/** A comparison holds for no NULL. */
function implies(part: Rex, notNull: Rex): boolean {
  if (part.kind !== "call" || notNull.kind !== "call" || !/^(=|<>|<|<=|>|>=)$/.test(part.fn.name)) return false;
  const [field] = notNull.args;
  return part.args.some((arg) => arg.kind === "input" && field.kind === "input" && arg.index === field.index);
}

/** `a = a` says that a is not NULL. */
function withoutSameSides(part: Rex): Rex {
  if (part.kind !== "call" || part.fn.name !== "=") return part;
  const [a, b] = part.args;
  return a.kind === "input" && b.kind === "input" && a.index === b.index ? callOf(operators.IS_NOT_NULL, [a]) : part;
}

function readsInSubquery(exprs: readonly Rex[], around: RowsAround): boolean {
  return exprs.some((expr) =>
    contains(expr, (part) => part.kind === "subquery" && [...around.keys()].some((id) => readsCorrelation(part.rel, id))),
  );
}

/** All values are said by equalities of the condition; null when one is not. */
function withOwnValues(condition: Rex, below: Frame, read: readonly RexCorrel[]): Frame | null {
  const equal = conjuncts(condition);
  const own = new Map<RexCorrel, Rex>();
  for (const correl of read) {
    if ([...own.keys()].some((other) => other.id === correl.id && other.index === correl.index)) continue;
    const rex = equal.map((part) => equivalentOf(part, correl)).find((found) => found !== null);
    if (rex === undefined || rex === null) return null;
    own.set(correl, resolved(rex, below));
  }
  const exprs = allFields(below.rel);
  const names = namesOf(below.rel);
  const outputs = [...own].map(([{ id, index }, rex]): Output => {
    if (rex.kind === "input") return { id, index, field: rex.index };
    names.push(`$f${names.length}`);
    return { id, index, field: exprs.push(rex) - 1 };
  });
  const rel = exprs.length === below.rel.columns.length ? below.rel : project(below.rel, exprs, uniqueNames(names));
  const kept = below.outputs.filter((output) => outputOf(outputs, output.id, output.index) === undefined);
  return { rel, fields: below.fields, outputs: sortedOutputs([...kept, ...outputs]) };
}

/** What an equality says the value is. */
function equivalentOf(part: Rex, correl: RexCorrel): Rex | null {
  if (part.kind !== "call" || part.fn.name !== "=") return null;
  const isCorrel = (rex: Rex): boolean => rex.kind === "correl" && rex.id === correl.id && rex.index === correl.index;
  const at = part.args.findIndex(isCorrel);
  if (at < 0) return null;
  const other = part.args[1 - at];
  return contains(other, (inner) => inner.kind === "correl") ? null : other;
}

/** The rows, each with all distinct values that the rows around can have. */
function withValues(below: Frame, read: readonly RexCorrel[], around: RowsAround): Frame {
  let { rel } = below;
  const made: Output[] = [];
  for (const id of new Set(read.map((correl) => correl.id))) {
    const source = around.get(id)!;
    const indexes = [...new Set(read.filter((correl) => correl.id === id).map((correl) => correl.index))];
    const values = distinctValues(
      source,
      indexes.map((index) => source.fields[index]),
    );
    indexes.forEach((index, i) => {
      made.push({ id, index, field: rel.columns.length + i });
    });
    rel = join(rel, values, { type: "inner", condition: andOf([]), span: { start: 0, end: 0 } });
  }
  const kept = below.outputs.filter((output) => outputOf(made, output.id, output.index) === undefined);
  return { rel, fields: below.fields, outputs: sortedOutputs([...kept, ...made]) };
}

function distinctValues({ rel }: Frame, fields: readonly number[]): Aggregate {
  const values = project(
    rel,
    fields.map((field) => inputRef(field, rel.columns[field].type)),
    fields.map((field) => rel.columns[field].name),
  );
  const keys = fields.map((_, i) => i);
  const span = { start: 0, end: 0 };
  return { kind: "aggregate", input: values, keys, sets: null, calls: [], hints: [], columns: values.columns, span };
}

function projectFrame(rel: Project, around: RowsAround): Frame | null {
  const below = frameOf(rel.input, around);
  return below === null ? null : projectOver(rel, below, around);
}

function projectOver(rel: Project, below: Frame, around: RowsAround): Frame | null {
  if (readsInSubquery(rel.exprs, around)) return null;
  const read = references(rel.exprs, around).filter(({ id, index }) => outputOf(below.outputs, id, index) === undefined);
  // A row out of nothing belongs to no row around.
  if (read.length > 0 && rel.input.kind === "values") return null;
  const frame = read.length === 0 ? below : withValues(below, read, around);
  const exprs = rel.exprs.map((expr) => resolved(expr, frame));
  const names = namesOf(rel);
  const outputs = frame.outputs.map(({ id, index, field }): Output => {
    names.push(frame.rel.columns[field].name);
    return { id, index, field: exprs.push(inputRef(field, frame.rel.columns[field].type)) - 1 };
  });
  const made = project(frame.rel, exprs, uniqueNames(names));
  return { rel: made, fields: rel.exprs.map((_, i) => i), outputs };
}

/** The values become keys, behind the keys that there are. */
function aggregateFrame(rel: Aggregate, around: RowsAround): Frame | null {
  if (rel.sets !== null) return null;
  const frame = frameOf(rel.input, around);
  if (frame === null) return null;
  const below = keysFirst(frame, rel.keys);
  // EXISTS groups by a constant: with further keys it is none.
  const constant = (key: number): Rex | null => {
    const expr = below.rel.kind === "project" ? below.rel.exprs[below.fields[key]] : null;
    return expr?.kind === "literal" ? expr : null;
  };
  const constants = rel.keys.map(constant);
  const kept = rel.keys.filter((_, i) => constants[i] === null);
  const width = kept.length + below.outputs.length;
  const keys = [...kept.map((key) => below.fields[key]), ...below.outputs.map(({ field }) => field)];
  const moved = (field: number): number => below.fields[field];
  const calls = rel.calls.map((call) => ({ ...call, args: call.args.map(moved), filter: call.filter < 0 ? -1 : moved(call.filter) }));
  const names = uniqueNames([
    ...keys.map((key) => below.rel.columns[key].name),
    ...rel.calls.map(({ name }, i) => name ?? `$f${width + i}`),
  ]);
  const types = [...keys.map((key) => below.rel.columns[key].type), ...rel.calls.map(({ type }) => type)];
  const columns = types.map((type, i) => ({ name: names[i], type }));
  const aggregate: Aggregate = { ...rel, input: below.rel, keys, calls, columns };
  const outputs = below.outputs.map(({ id, index }, i): Output => ({ id, index, field: kept.length + i }));
  if (kept.length === rel.keys.length) {
    const fields = [...kept.map((_, i) => i), ...rel.calls.map((_, i) => width + i)];
    return { rel: aggregate, fields, outputs };
  }
  const exprs: Rex[] = allFields(aggregate);
  const constantFields = constants.map((expr, i) => (expr === null ? kept.indexOf(rel.keys[i]) : exprs.push(expr) - 1));
  const made = project(
    aggregate,
    exprs,
    exprs.map((_, i) => names[i] ?? `$f${i}`),
  );
  return { rel: made, fields: [...constantFields, ...rel.calls.map((_, i) => width + i)], outputs };
}

/** What an aggregation is made over: keys, values, and what is aggregated; columns of one filtered table stay in their order. */
function keysFirst(frame: Frame, keys: readonly number[]): Frame {
  const { rel } = frame;
  if (rel.kind !== "project") return frame;
  const first = [...keys.map((key) => frame.fields[key]), ...frame.outputs.map(({ field }) => field)];
  const order = [...first, ...rel.columns.map((_, i) => i).filter((i) => !first.includes(i))];
  const places = rel.exprs.map((expr) => (expr.kind === "input" ? expr.index : -1));
  const moves = order.some((field, i) => field !== i);
  if (moves && rel.input.kind === "filter" && rel.input.input.kind !== "join" && !places.includes(-1))
    order.sort((a, b) => places[a] - places[b]);
  const made = project(
    rel.input,
    order.map((i) => rel.exprs[i]),
    order.map((i) => rel.columns[i].name),
  );
  const moved = (field: number): number => order.indexOf(field);
  const outputs = frame.outputs.map((output) => ({ ...output, field: moved(output.field) }));
  return { rel: made, fields: frame.fields.map(moved), outputs };
}

function joinFrame(rel: Join, around: RowsAround): Frame | null {
  if (references([rel.condition], around).length > 0) return null;
  const left = frameOf(rel.left, around);
  const right = frameOf(rel.right, around);
  if (left === null || right === null) return null;
  if (rel.type !== "inner" && left.outputs.length + right.outputs.length > 0) return null;
  const width = left.rel.columns.length;
  const fields = [...left.fields, ...right.fields.map((field) => field + width)];
  const outputs = sortedOutputs([
    ...left.outputs,
    ...right.outputs
      .filter(({ id, index }) => outputOf(left.outputs, id, index) === undefined)
      .map((output) => ({ ...output, field: output.field + width })),
  ]);
  const condition = mapLeaves(rel.condition, (leaf) => {
    const field = leaf.kind === "input" ? fields[leaf.index] : outputOf(outputs, leaf.id, leaf.index)?.field;
    if (field === undefined) return leaf;
    return inputRef(field, field < width ? left.rel.columns[field].type : right.rel.columns[field - width].type);
  });
  const made = join(left.rel, right.rel, { type: rel.type, condition, span: rel.span, hints: rel.hints });
  return { rel: made, fields, outputs };
}

function correlateFrame(rel: Correlate, around: RowsAround): Frame | null {
  const value = valueOfAggregates(rel);
  if (value !== null) {
    const below = joinOfValues(value.correlate, around);
    return below === null ? null : projectOver(value.project, below, around);
  }
  return joinOfValues(rel, around);
}

function joinOfValues(rel: Correlate, around: RowsAround): Frame | null {
  const left = frameOf(rel.left, around);
  if (left === null) return null;
  const right = frameOf(rel.right, new Map([...around, [rel.id, left]]));
  if (right === null) return null;
  const width = left.rel.columns.length;
  const conditions: Rex[] = [];
  const outputs: Output[] = [...left.outputs];
  for (const output of right.outputs) {
    if (output.id !== rel.id) {
      if (outputOf(outputs, output.id, output.index) === undefined) outputs.push({ ...output, field: output.field + width });
      continue;
    }
    const field = left.fields[output.index];
    const mine = inputRef(field, left.rel.columns[field].type);
    const theirs = inputRef(output.field + width, right.rel.columns[output.field].type);
    conditions.push(callOf(operators.EQUALS, [coercedTo(mine, theirs.type), theirs]));
  }
  const made = pushedJoin(left.rel, right.rel, { type: rel.type, condition: andOf(conditions), span: rel.span, hints: rel.hints });
  return { rel: made, fields: [...left.fields, ...right.fields.map((field) => field + width)], outputs: sortedOutputs(outputs) };
}

interface ValueOfAggregates {
  readonly correlate: Correlate;
  readonly project: Project;
}

/** One value per row around, made of aggregates: computed above the join, where a count over nothing is 0. */
function valueOfAggregates(rel: Correlate): ValueOfAggregates | null {
  if (rel.type !== "left" || rel.right.columns.length !== 1) return null;
  const over = rel.right.kind === "project" ? rel.right : null;
  const aggregate = over === null ? rel.right : over.input;
  if (aggregate.kind !== "aggregate" || aggregate.keys.length > 0 || aggregate.sets !== null) return null;
  if (over === null && aggregate.calls[0].fn.name !== "COUNT") return null;
  const [expr] = over === null ? allFields(aggregate) : over.exprs;
  // An expression that reads the row around has to wait for its value.
  if (contains(expr, (part) => part.kind === "correl" || part.kind === "subquery")) return null;
  const width = rel.left.columns.length;
  const columns = joinColumns(rel.left.columns, aggregate.columns, "left");
  const correlate: Correlate = { ...rel, right: aggregate, columns };
  let counts = 0;
  const value = rewriteRex(expr, (part) => {
    if (part.kind !== "input") return part;
    const field = inputRef(width + part.index, columns[width + part.index].type);
    if (aggregate.calls[part.index].fn.name !== "COUNT") return field;
    counts++;
    const zero = literalOf(0, withNullable(BIGINT, false));
    return callOf(operators.CASE, [callOf(operators.IS_NULL, [field]), zero, field], withNullable(field.type, false));
  });
  if (counts === 0 && !expr.type.nullable && rel.span.end > 0) throw notNullAtOuterJoin(rel);
  const exprs = [...allFields(correlate).slice(0, width), castTo(value, rel.columns[width].type)];
  return { correlate, project: project(correlate, exprs, namesOf(rel)) };
}

/** Calcite's own check stops here: the value cannot be NULL, the outer join's column can. */
function notNullAtOuterJoin(rel: Correlate): SqlError {
  return new SqlError(
    "plan",
    "SQL_CORRELATED",
    "Cannot add expression of different type to set: the value of the LATERAL query cannot be NULL, its column of the outer join can.",
    rel.span,
    { hint: "Compute the value in the select list above the join." },
  );
}
