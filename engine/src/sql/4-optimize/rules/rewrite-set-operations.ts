/**
 * UNION is the distinct rows of UNION ALL; INTERSECT and EXCEPT are the distinct rows of a semi or anti join in which NULL equals NULL; with
 * ALL, rows of both sides are marked, counted per row, and given out as often as the counts say.
 */
import { BIGINT, BOOLEAN, INT, withNullable } from "../../../types/logical-type.ts";
import { andOf, callOf } from "../../2-analyze/bind-expression.ts";
import type { Aggregate, AggregateCall, Rel, ReplicateRows, SetOperation } from "../../2-analyze/rel.ts";
import { allFields, filter, join, namesOf, project, uniqueNames } from "../../2-analyze/rel-builder.ts";
import { inputRef, literalOf, type Rex } from "../../2-analyze/rex.ts";
import { AGGREGATE_FUNCTIONS } from "../../functions/aggregates.ts";
import * as operators from "../../functions/operators.ts";
import { SCALAR_FUNCTIONS } from "../../functions/registry.ts";

const COUNT_TYPE = withNullable(BIGINT, false);

export function rewriteSetOperations(rel: Rel): Rel {
  if (rel.kind === "union") return rel.all ? rel : distinct({ ...rel, all: true }, rel);
  if (rel.kind === "intersect" || rel.kind === "except") return rel.all ? withAll(rel) : semiOrAnti(rel);
  return rel;
}

function distinct(input: Rel, like: SetOperation): Aggregate {
  const keys = like.columns.map((_, i) => i);
  return { kind: "aggregate", input, keys, sets: null, calls: [], hints: [], columns: like.columns, span: like.span };
}

/** `a INTERSECT b INTERSECT c` joins from the left. */
function semiOrAnti(rel: SetOperation): Rel {
  const [first, ...others] = rel.inputs;
  const joined = others.reduce((left, right): Rel => {
    const width = left.columns.length;
    const same = left.columns.map((column, i) =>
      callOf(operators.IS_NOT_DISTINCT, [inputRef(i, column.type), inputRef(width + i, right.columns[i].type)]),
    );
    return join(left, right, { type: rel.kind === "intersect" ? "semi" : "anti", condition: andOf(same), span: rel.span });
  }, first);
  return distinct(joined, rel);
}

function marked(input: Rel, marks: readonly Rex[], names: readonly string[]): Rel {
  return project(input, [...allFields(input), ...marks], [...namesOf(input), ...names]);
}

function unionAll(inputs: readonly Rel[], like: SetOperation): Rel {
  const columns = inputs[0].columns.map((column, i) => ({
    ...column,
    type: withNullable(
      column.type,
      inputs.some((input) => input.columns[i].type.nullable),
    ),
  }));
  return { kind: "union", all: true, inputs, columns, span: like.span };
}

function counted(input: Rel, like: SetOperation, calls: readonly AggregateCall[]): Aggregate {
  const keys = like.columns.map((_, i) => i);
  const columns = [...like.columns, ...calls.map((call) => ({ name: call.name!, type: call.type }))];
  return { kind: "aggregate", input, keys, sets: null, calls, hints: [], columns, span: like.span };
}

function withAll(rel: SetOperation): Rel {
  const [first, ...others] = rel.inputs;
  return others.reduce((left, right) => (rel.kind === "intersect" ? intersectAll(left, right, rel) : exceptAll(left, right, rel)), first);
}

function intersectAll(left: Rel, right: Rel, rel: SetOperation): Rel {
  const yes = literalOf(true, withNullable(BOOLEAN, false));
  const no = literalOf(null, BOOLEAN);
  const names = ["vcol_left_marker", "vcol_right_marker"];
  const union = unionAll([marked(left, [yes, no], names), marked(right, [no, yes], names)], rel);
  const width = rel.columns.length;
  const count = (field: number, name: string): AggregateCall => ({
    fn: AGGREGATE_FUNCTIONS.get("COUNT")!,
    args: [field],
    distinct: false,
    filter: -1,
    type: COUNT_TYPE,
    name,
  });
  const counts = counted(union, rel, [count(width, "vcol_left_cnt"), count(width + 1, "vcol_right_cnt")]);
  const [a, b] = [inputRef(width, COUNT_TYPE), inputRef(width + 1, COUNT_TYPE)];
  const one = literalOf(1, withNullable(INT, false));
  const both = filter(counts, andOf([callOf(operators.GREATER_EQUAL, [a, one]), callOf(operators.GREATER_EQUAL, [b, one])]));
  const less = callOf(SCALAR_FUNCTIONS.get("IF")!, [callOf(operators.GREATER, [a, b]), b, a], COUNT_TYPE);
  return replicated(both, less, "$f0", rel);
}

function exceptAll(left: Rel, right: Rel, rel: SetOperation): Rel {
  const mark = (value: number): Rex => literalOf(value, COUNT_TYPE);
  const names = ["vcol_marker"];
  const union = unionAll([marked(left, [mark(1)], names), marked(right, [mark(-1)], names)], rel);
  const width = rel.columns.length;
  const sum: AggregateCall = {
    fn: AGGREGATE_FUNCTIONS.get("SUM")!,
    args: [width],
    distinct: false,
    filter: -1,
    type: COUNT_TYPE,
    name: "sum_vcol_marker",
  };
  const sums = counted(union, rel, [sum]);
  const count = inputRef(width, COUNT_TYPE);
  const more = filter(sums, callOf(operators.GREATER, [count, literalOf(0, withNullable(INT, false))]));
  return replicated(more, count, "sum_vcol_marker", rel);
}

/** The count first, the row behind it; then the row again as often. */
function replicated(input: Rel, count: Rex, name: string, rel: SetOperation): Rel {
  const width = rel.columns.length;
  const row = allFields(input).slice(0, width);
  const counts = project(input, [count, ...row], [name, ...namesOf(rel)]);
  const columns = [...counts.columns, ...rel.columns];
  const names = uniqueNames(columns.map((column) => column.name));
  const replicate: ReplicateRows = {
    kind: "replicateRows",
    input: counts,
    columns: columns.map((column, i) => ({ ...column, name: names[i] })),
  };
  return project(replicate, allFields(replicate).slice(1 + width), namesOf(rel));
}
