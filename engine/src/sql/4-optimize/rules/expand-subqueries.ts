/**
 * Subqueries become joins. A conjunct EXISTS or IN is a semi join, its negation an anti join, as long as a join can ask it (correlation.ts);
 * every other subquery is joined for its value (subquery-joiner.ts). NOT IN keeps a row only if the comparison is false for all rows, so
 * NULLs on either side are matches of the anti join.
 */
import { BOOLEAN, typeName, withNullable } from "../../../types/logical-type.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import { andOf, callOf } from "../../2-analyze/bind-expression.ts";
import { pushedJoin } from "../../2-analyze/join-conditions.ts";
import type { Filter, Join, Project, Rel, RelColumn } from "../../2-analyze/rel.ts";
import { allFields, filter, join, namesOf, project } from "../../2-analyze/rel-builder.ts";
import { conjuncts, hasSubquery, inputRef, isTrue, literalOf, mapLeaves, partsOf, type Rex, type RexLiteral } from "../../2-analyze/rex.ts";
import * as operators from "../../functions/operators.ts";
import { correlationsIn, expressionsOf, overJoinedRow, pullConditions, readsFurtherOut } from "../correlation.ts";
import { anyRowMark, givesOneRow, orOf, SubqueryJoiner, subqueryTest } from "../subquery-joiner.ts";

const NOWHERE = { start: 0, end: 0 };

export function expandSubqueries(rel: Rel): Rel {
  if (rel.kind === "filter" && hasSubquery(rel.condition)) {
    refuseLostFields(rel, rel.input.columns, rel.variable, true);
    return expandFilter(rel);
  }
  if (rel.kind === "project" && rel.exprs.some(hasSubquery)) {
    refuseLostFields(rel, rel.input.columns, rel.variable, false);
    return expandProject(rel);
  }
  if (rel.kind === "join" && hasSubquery(rel.condition)) return expandJoin(rel, rel.variable ?? null);
  return rel;
}

function expandFilter(rel: Filter): Rel {
  const width = rel.input.columns.length;
  const plain: Rex[] = [];
  const others: Rex[] = [];
  let input = rel.input;
  for (const conjunct of conjuncts(rel.condition)) {
    if (!hasSubquery(conjunct)) {
      plain.push(conjunct);
      continue;
    }
    const part = asTest(conjunct);
    const semi = semiJoin(input, part, rel.variable);
    if (semi === null) others.push(part);
    else if (semi.kind !== "literal") input = semi;
    else if (semi.value === false) return { kind: "values", rows: [], columns: rel.columns };
  }
  if (others.length > 0) {
    const joiner = new SubqueryJoiner(input, rel.variable);
    const conditions = others.map((part) => joiner.condition(part));
    const filtered = filter(joiner.rel, andOf([...plain, ...conditions]));
    return project(filtered, allFields(filtered).slice(0, width), namesOf(rel));
  }
  return plain.length === 0 ? input : filter(input, andOf(plain));
}

function expandProject(rel: Project): Rel {
  const joiner = new SubqueryJoiner(rel.input, rel.variable);
  const exprs = rel.exprs.map((expr) => joiner.replace(expr));
  return { ...project(joiner.rel, exprs, namesOf(rel)), hints: rel.hints };
}

/**
 * Subqueries in ON are joined to the right side, and what they give is compared in the condition. Flink cannot say what IN asks there, and
 * takes a correlated field for the right side's field of the same number.
 */
function expandJoin(rel: Join, variable: number | null): Rel {
  const width = rel.left.columns.length;
  refuseInOn(rel);
  const joiner = new SubqueryJoiner(rel.right, variable);
  const parts = conjuncts(rel.condition).map((part) => {
    if (!hasSubquery(part)) return part;
    const test = subqueryTest(part);
    if (test !== null && test.subquery.op === "EXISTS" && !test.negated) return joiner.condition(test.subquery);
    // What the joiner gives is over the right side, what it is given over both.
    const given = mapLeaves(part, (leaf) => (leaf.kind === "input" ? inputRef(leaf.index - width, leaf.type) : leaf));
    return mapLeaves(joiner.replace(given), (leaf) => (leaf.kind === "input" ? inputRef(leaf.index + width, leaf.type) : leaf));
  });
  const joined = join(rel.left, joiner.rel, { ...rel, condition: andOf(parts.filter((part) => !isTrue(part))) });
  return project(joined, allFields(joined).slice(0, rel.columns.length), namesOf(rel));
}

function refuseInOn(rel: Join): void {
  for (const part of partsOf(rel.condition)) {
    if (part.kind !== "subquery" || (part.op !== "IN" && part.op !== "SOME")) continue;
    const width = rel.left.columns.length;
    const operand = uncast(part.operands[0]);
    const right = operand.kind === "input" && operand.index >= width;
    const casts = operand === part.operands[0] ? 0 : 1;
    const counts = conjuncts(rel.condition).some((conjunct) => subqueryTest(conjunct)?.negated === true) ? 2 : 0;
    const known = right ? `equivalence.get(p1) for ${operand.index}` : `equivalence.get(p2) for ${rel.columns.length + casts + counts}`;
    throw new SqlError("plan", "SQL_SUBQUERY", `${known}: IN with a query cannot be planned in the condition of a join.`, rel.span, {
      hint: "Write the subquery in WHERE, or as a join.",
    });
  }
}

/** After GROUP BY Flink looks for a correlated field among the aggregation's. */
function refuseLostFields(rel: Rel, columns: readonly RelColumn[], variable: number | null, negatable: boolean): void {
  if (variable === null) return;
  for (const expr of expressionsOf(rel))
    for (const part of partsOf(expr)) {
      if (part.kind !== "subquery") continue;
      for (const correl of correlationsIn(part.rel, variable)) {
        const column = columns[correl.index];
        if (column !== undefined && column.type.root === correl.type.root) continue;
        const width = Math.max(columns.length + 1, correl.index);
        const lost =
          part.op !== "SCALAR" && negatable
            ? "NullPointerException"
            : column === undefined
              ? `Index ${width} out of bounds for length ${width}`
              : `implicit type conversion between ${typeName(column.type)} and ${typeName(correl.type)} is not supported on join's condition now`;
        throw new SqlError("plan", "SQL_CORRELATED", `${lost}: the subquery cannot read '${correl.name}' after GROUP BY.`, null, {
          hint: "Group in a subquery of its own, and correlate with its columns.",
        });
      }
    }
}

/** `(SELECT COUNT(*) FROM …) > 0` asks whether there are rows. */
function asTest(part: Rex): Rex {
  if (part.kind !== "call" || part.args.length !== 2) return part;
  const at = part.args.findIndex((arg) => arg.kind === "subquery" && arg.op === "SCALAR");
  const bound = uncast(part.args[1 - at] ?? part);
  const subquery = part.args[at];
  if (subquery?.kind !== "subquery" || bound.kind !== "literal") return part;
  const wanted = `${at === 0 ? part.fn.name : MIRRORED[part.fn.name]} ${String(bound.value)}`;
  if (wanted !== "> 0" && wanted !== ">= 1") return part;
  const { rel } = subquery;
  if (rel.kind !== "aggregate" || rel.keys.length > 0 || rel.sets !== null) return part;
  if (rel.calls.length !== 1 || rel.calls[0].fn.name !== "COUNT" || rel.calls[0].args.length > 0 || rel.calls[0].filter >= 0) return part;
  return { kind: "subquery", op: "EXISTS", comparison: null, operands: [], rel: rel.input, type: withNullable(BOOLEAN, false) };
}

const MIRRORED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=" };

function uncast(rex: Rex): Rex {
  return rex.kind === "call" && rex.fn.name === "CAST" && rex.options.implicit === true ? rex.args[0] : rex;
}

/** null = a join cannot ask it; a literal = known without asking. */
function semiJoin(left: Rel, part: Rex, variable: number | null): Rel | RexLiteral | null {
  const test = subqueryTest(part);
  if (test === null || (test.subquery.op !== "EXISTS" && test.subquery.op !== "IN")) return null;
  const { subquery, negated } = test;
  if (subquery.op === "EXISTS" && givesOneRow(subquery.rel)) return literalOf(!negated, withNullable(BOOLEAN, false));
  const inner = pullConditions(subquery.rel, variable);
  // A query that reads rows further out has to wait for their values.
  if (inner === null || readsFurtherOut(inner.rel)) return null;
  const width = left.columns.length;
  const type = negated ? "anti" : "semi";
  const correlated = inner.conditions.map((condition) => overJoinedRow(condition, variable ?? -1, width));
  if (subquery.op === "EXISTS") {
    if (correlated.length > 0) return pushedJoin(left, inner.rel, { type, condition: andOf(correlated), span: NOWHERE });
    if (!negated) return join(left, anyRow(inner.rel), { type, condition: andOf([]), span: NOWHERE });
    const mark = project(anyRowMark(inner.rel), [callOf(operators.IS_NOT_NULL, [inputRef(0, BOOLEAN)])], ["$f0"]);
    return join(left, mark, { type, condition: inputRef(width, mark.columns[0].type), span: NOWHERE });
  }
  const tests = subquery.operands.map((operand, i): Rex => {
    const column = inputRef(width + i, inner.rel.columns[i].type);
    const equal = callOf(operators.EQUALS, [operand, column]);
    if (!negated || (!operand.type.nullable && !column.type.nullable)) return equal;
    const nulls = [operand, column].filter((side) => side.type.nullable).map((side) => callOf(operators.IS_NULL, [side]));
    return orOf([...nulls, equal]);
  });
  return pushedJoin(left, inner.rel, { type, condition: andOf([...tests, ...correlated]), span: NOWHERE });
}

/** One row without columns when there are any rows, else none: what an uncorrelated EXISTS asks. */
function anyRow(rel: Rel): Rel {
  const some = filter(anyRowMark(rel), callOf(operators.IS_NOT_NULL, [inputRef(0, BOOLEAN)]));
  return project(some, [], []);
}
