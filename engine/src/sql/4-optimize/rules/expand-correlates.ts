/**
 * What a correlated right side can be: a collection of the row (UNNEST), a table as of the row's time (a temporal join), the best rows of
 * the row's group (a Top-N), or a query whose conditions can be pulled out into a join. Anything else is refused, as in Flink.
 */
import { INT, withNullable } from "../../../types/logical-type.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import { andOf } from "../../2-analyze/bind-expression.ts";
import { pushedJoin } from "../../2-analyze/join-conditions.ts";
import type { Correlate, Rank, Rel, Sort, Uncollect, Unnest } from "../../2-analyze/rel.ts";
import { allFields, filter, joinColumns, namesOf, project } from "../../2-analyze/rel-builder.ts";
import { conjuncts, hasCorrel, inputRef, mapLeaves, partsOf, type Rex, substituteInputs } from "../../2-analyze/rex.ts";
import { overJoinedRow, readsCorrelation, remainingCorrelation } from "../correlation.ts";
import { decorrelateTree } from "../decorrelate.ts";

export function expandCorrelates(rel: Rel): Rel {
  // A table as of a fixed time is the table: its connector cannot travel.
  if (rel.kind === "snapshot" && !hasCorrel(rel.period)) return rel.input;
  if (rel.kind !== "correlate") return rel;
  return unnest(rel) ?? temporalJoin(rel) ?? topN(rel) ?? rel;
}

/** UNNEST of a constant stands alone. */
export function unnestConstants(rel: Rel): Rel {
  if (rel.kind !== "uncollect" || hasCorrelBelow(rel)) return rel;
  const made = unnestOver(oneRow(), rel, false, 0, null);
  if (made === null) return rel;
  return project(made, allFields(made).slice(1), namesOf(rel));
}

function hasCorrelBelow(rel: Uncollect): boolean {
  return rel.input.kind === "project" && rel.input.exprs.some(hasCorrel);
}

function oneRow(): Rel {
  const zero = withNullable(INT, false);
  return { kind: "values", rows: [[{ kind: "literal", value: 0, type: zero }]], columns: [{ name: "ZERO", type: zero }] };
}

/** What is correlated still becomes a join, if the whole tree can do without variables. */
export function decorrelate(rel: Rel): Rel {
  return decorrelateTree(rel) ?? rel;
}

/** Refuses what no rule could make independent of the row around. */
export function checkCorrelations(rel: Rel): Rel {
  const id = remainingCorrelation(rel);
  if (id === null) return rel;
  throw new SqlError("plan", "SQL_CORRELATED", `unexpected correlate variable $cor${id} in the plan`, null, {
    hint: "Write the correlated subquery as a join on equal columns.",
  });
}

/** Filters and projections on the way down to what is correlated. */
function unnest(rel: Correlate): Rel | null {
  const width = rel.left.columns.length;
  if (rel.right.kind === "uncollect") return unnestOver(rel.left, rel.right, rel.type === "left", rel.id, null);
  if (rel.right.kind === "filter") {
    const { condition, input } = rel.right;
    const inner = unnest({ ...rel, right: input, columns: joinColumns(rel.left.columns, input.columns, rel.type) });
    if (inner === null) return null;
    const over = overJoinedRow(condition, rel.id, width);
    // Flink cannot carry what such a condition reads of the row around, not even where it could stand in WHERE.
    if (hasCorrel(condition)) return null;
    return rel.type === "inner" ? filter(inner, over) : withUnnestCondition(inner, condition, width);
  }
  if (rel.right.kind === "project") {
    const { exprs, input } = rel.right;
    const inner = unnest({ ...rel, right: input, columns: joinColumns(rel.left.columns, input.columns, rel.type) });
    if (inner === null) return null;
    const left = allFields(rel.left);
    return project(inner, [...left, ...exprs.map((expr) => overJoinedRow(expr, rel.id, width))], namesOf(rel));
  }
  return null;
}

/** What an outer UNNEST asks of its own fields goes into it. `condition` is over the fields behind the first `width`. */
function withUnnestCondition(inner: Rel, condition: Rex, width: number): Rel | null {
  if (inner.kind === "unnest") return inner.condition === null ? { ...inner, condition } : null;
  if (inner.kind !== "project") return null;
  const fields = inner.exprs.slice(width).map((expr) => (expr.kind === "input" ? inputRef(expr.index - width, expr.type) : null));
  if (fields.some((field) => field === null || field.index < 0)) return null;
  const below = withUnnestCondition(inner.input, substituteInputs(condition, fields as Rex[]), width);
  return below === null ? null : project(below, inner.exprs, namesOf(inner));
}

function unnestOver(left: Rel, right: Uncollect, outer: boolean, id: number, condition: Rex | null): Unnest | null {
  if (right.input.kind !== "project") return null;
  const collection = mapLeaves(right.input.exprs[0], (leaf) => (leaf.kind === "correl" ? inputRef(leaf.index, leaf.type) : leaf));
  // Plans show the number of the last variable that Calcite has made, one per reference.
  const references = [...partsOf(right.input.exprs[0])].filter((part) => part.kind === "correl").length;
  const { root, element } = collection.type;
  const row = root === "MAP" ? 2 : element?.root === "ROW" ? element.fields!.length : 0;
  // Without ORDINALITY Flink calls the one column f0.
  const made = right.columns.map((column) => (row === 0 && !right.withOrdinality ? { ...column, name: "f0" } : column));
  const columns = joinColumns(left.columns, made, outer ? "left" : "inner");
  return {
    kind: "unnest",
    input: left,
    collection,
    withOrdinality: right.withOrdinality,
    outer,
    elementFields: row,
    condition,
    columns,
    id: id + Math.max(0, references - 1),
  };
}

/** `LEFT JOIN dim FOR SYSTEM_TIME AS OF e.ts AS d ON …`: the condition stands as a filter over the snapshot. */
function temporalJoin(rel: Correlate): Rel | null {
  let right = rel.right;
  const conditions: Rex[] = [];
  if (right.kind === "filter") {
    conditions.push(...conjuncts(right.condition));
    right = right.input;
  }
  // Renamed columns lie between the condition and the snapshot.
  let renaming: { readonly exprs: readonly Rex[]; readonly names: readonly string[] } | null = null;
  if (right.kind === "project" && right.input.kind === "snapshot") {
    renaming = { exprs: right.exprs, names: namesOf(right) };
    right = right.input;
  }
  if (right.kind !== "snapshot") return null;
  const { period } = right;
  if (period.kind !== "correl" || period.id !== rel.id) {
    throw new SqlError(
      "validate",
      "SQL_TEMPORAL_JOIN",
      "Temporal table join currently only supports 'FOR SYSTEM_TIME AS OF' left table's time attribute field",
      rel.span,
      {
        hint: "Name the column of the WATERMARK of the left table, or its PROCTIME() column.",
      },
    );
  }
  const table = renaming === null ? right.input : project(right.input, renaming.exprs, renaming.names);
  if (readsCorrelation(table, rel.id)) return null;
  const width = rel.left.columns.length;
  const condition = andOf(conditions.map((part) => overJoinedRow(part, rel.id, width)));
  return pushedJoin(rel.left, table, { type: rel.type, condition, asOf: period.index, hints: rel.hints, span: rel.span });
}

/** `(SELECT DISTINCT g FROM t), LATERAL (SELECT … FROM t WHERE t.g = … ORDER BY … LIMIT n)`: a Top-N per g over t itself. */
function topN(rel: Correlate): Rel | null {
  const { left } = rel;
  if (rel.type !== "inner" || left.kind !== "aggregate" || left.calls.length > 0 || left.sets !== null) return null;
  const between: { readonly exprs: readonly Rex[]; readonly names: readonly string[] }[] = [];
  let right = rel.right;
  while (right.kind === "project") {
    between.push({ exprs: right.exprs, names: namesOf(right) });
    right = right.input;
  }
  if (right.kind !== "sort" || right.fetch === null || right.keys.length === 0) return null;
  const sort: Sort = right;
  const inner = sort.input.kind === "project" ? sort.input : null;
  const filtered = inner === null ? sort.input : inner.input;
  if (filtered.kind !== "filter" || readsCorrelation(filtered.input, rel.id)) return null;
  if (!sameSource(groupedFrom(left), filtered.input)) return null;
  const keys: number[] = [];
  const rest: Rex[] = [];
  for (const part of conjuncts(filtered.condition)) {
    const [a, b] = part.kind === "call" && part.fn.name === "=" ? part.args : [];
    const own = a?.kind === "input" ? a : b?.kind === "input" ? b : null;
    const outer = a?.kind === "correl" ? a : b?.kind === "correl" ? b : null;
    if (own !== null && own !== undefined && outer !== null && outer !== undefined && outer.id === rel.id) keys[outer.index] = own.index;
    else if (hasCorrel(part)) return null;
    else rest.push(part);
  }
  if (left.keys.some((_, i) => keys[i] === undefined)) return null;
  const source = rest.length === 0 ? filtered.input : filter(filtered.input, andOf(rest));
  const exprs = inner === null ? allFields(source) : inner.exprs;
  const width = exprs.length;
  const ranked = project(
    source,
    [...exprs, ...left.keys.map((_, i) => inputRef(keys[i], source.columns[keys[i]].type))],
    [...namesOf(sort.input), ...namesOf(left)],
  );
  const rank: Rank = {
    kind: "rank",
    input: ranked,
    rankType: "ROW_NUMBER",
    partition: left.keys.map((_, i) => width + i),
    order: sort.keys,
    range: { start: sort.offset + 1, end: sort.offset + sort.fetch! },
    outputRank: false,
    computes: false,
    columns: ranked.columns,
    span: sort.span,
  };
  const group = left.keys.map((_, i) => inputRef(width + i, ranked.columns[width + i].type));
  let made: readonly Rex[] = allFields(rank).slice(0, width);
  for (const { exprs: above } of [...between].reverse()) made = above.map((expr) => substituteInputs(expr, made));
  return project(rank, [...group, ...made], namesOf(rel));
}

function groupedFrom(rel: Rel): Rel {
  return rel.kind === "aggregate" || rel.kind === "project" ? groupedFrom(rel.input) : rel;
}

function sameSource(a: Rel, b: Rel): boolean {
  if (a.kind === "watermarkAssigner" && b.kind === "watermarkAssigner") return sameSource(a.input, b.input);
  if (a.kind === "project" && b.kind === "project") return a.columns.length === b.columns.length && sameSource(a.input, b.input);
  return a.kind === "scan" && b.kind === "scan" && a.table === b.table;
}
