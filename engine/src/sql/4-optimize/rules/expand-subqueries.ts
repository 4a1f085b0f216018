/**
 * Subqueries become joins. A conjunct EXISTS or IN is a semi join, its negation an anti join; every other subquery is joined on the right
 * and what it stands for becomes an expression over the joined fields:
 *
 *   b > (SELECT AVG(b) FROM r)   left join with the one row, compare with its field
 *   a > ALL (SELECT a FROM r)    join with MAX(a), COUNT(*), COUNT(a): their NULLs and emptiness decide
 *
 * NOT IN keeps a row only if the comparison is false for all rows, so NULLs on either side are matches of the anti join.
 */
import { BIGINT, BOOLEAN, withNullable } from "../../../types/logical-type.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import { andOf, callOf, castTo } from "../../2-analyze/bind-expression.ts";
import type { Aggregate, AggregateCall, Filter, Join, Project, Rel } from "../../2-analyze/rel.ts";
import { allFields, filter, join, namesOf, project } from "../../2-analyze/rel-builder.ts";
import { conjuncts, hasSubquery, inputRef, literalOf, type Rex, type RexSubquery, rewriteRex } from "../../2-analyze/rex.ts";
import { AGGREGATE_FUNCTIONS } from "../../functions/aggregates.ts";
import * as operators from "../../functions/operators.ts";
import { type Decorrelated, decorrelate, overJoinedRow } from "../correlation.ts";

const NOWHERE = { start: 0, end: 0 };

export function expandSubqueries(rel: Rel): Rel {
  if (rel.kind === "filter" && hasSubquery(rel.condition)) return expandFilter(rel);
  if (rel.kind === "project" && rel.exprs.some(hasSubquery)) return expandProject(rel);
  if (rel.kind === "join" && hasSubquery(rel.condition)) return expandJoin(rel);
  return rel;
}

function expandFilter(rel: Filter): Rel {
  const width = rel.input.columns.length;
  const plain: Rex[] = [];
  const others: Rex[] = [];
  let input = rel.input;
  for (const part of conjuncts(rel.condition)) {
    if (!hasSubquery(part)) {
      plain.push(part);
      continue;
    }
    const semi = semiJoin(input, part, rel.variable);
    if (semi === null) others.push(part);
    else input = semi;
  }
  if (others.length > 0) {
    const joiner = new SubqueryJoiner(input, rel.variable);
    const conditions = others.map((part) => joiner.replace(part));
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

/** Only of an inner join: there the condition is as good as a filter above. */
function expandJoin(rel: Join): Rel {
  if (rel.type !== "inner" || rel.asOf !== null) {
    throw new SqlError("plan", "SQL_SUBQUERY", "A subquery in the condition of this join is not supported.", rel.span, {
      hint: "Write the subquery as a join or in WHERE.",
    });
  }
  const parts = conjuncts(rel.condition);
  const joined: Join = { ...rel, condition: andOf(parts.filter((part) => !hasSubquery(part))) };
  return expandFilter(filter(joined, andOf(parts.filter(hasSubquery))));
}

/** NOT around it taken off; null = not a subquery test of its own. */
function subqueryTest(rex: Rex): { subquery: RexSubquery; negated: boolean } | null {
  if (rex.kind === "subquery") return { subquery: rex, negated: false };
  if (rex.kind !== "call" || rex.fn.name !== "NOT") return null;
  const inner = subqueryTest(rex.args[0]);
  return inner === null ? null : { ...inner, negated: !inner.negated };
}

function semiJoin(left: Rel, part: Rex, variable: number | null): Rel | null {
  const test = subqueryTest(part);
  if (test === null || (test.subquery.op !== "EXISTS" && test.subquery.op !== "IN")) return null;
  const { subquery, negated } = test;
  const inner = decorrelated(subquery.rel, variable, left);
  const width = left.columns.length;
  const type = negated ? "anti" : "semi";
  const correlated = inner.conditions.map((condition) => overJoinedRow(condition, variable ?? -1, width));
  if (subquery.op === "EXISTS") {
    if (correlated.length > 0) return join(left, inner.rel, { type, condition: andOf(correlated), span: NOWHERE });
    return join(left, anyRow(inner.rel), { type, condition: andOf([]), span: NOWHERE });
  }
  const tests = subquery.operands.map((operand, i): Rex => {
    const column = inputRef(width + i, inner.rel.columns[i].type);
    const equal = callOf(operators.EQUALS, [operand, column]);
    if (!negated || (!operand.type.nullable && !column.type.nullable)) return equal;
    const nulls = [operand, column].filter((side) => side.type.nullable).map((side) => callOf(operators.IS_NULL, [side]));
    return [...nulls, equal].reduce((a, b) => callOf(operators.OR, [a, b]));
  });
  return join(left, inner.rel, { type, condition: andOf([...tests, ...correlated]), span: NOWHERE });
}

/** One row without columns when there are any rows, else none: what an uncorrelated EXISTS asks. */
function anyRow(rel: Rel): Rel {
  const yes = withNullable(BOOLEAN, false);
  const marked = project(rel, [literalOf(true, yes)], ["i"]);
  const call: AggregateCall = { fn: AGGREGATE_FUNCTIONS.get("MIN")!, args: [0], distinct: false, filter: -1, type: BOOLEAN, name: "m" };
  const least = aggregateOf(marked, [call]);
  const some = filter(least, callOf(operators.IS_NOT_NULL, [inputRef(0, BOOLEAN)]));
  return project(some, [], []);
}

function aggregateOf(input: Rel, calls: readonly AggregateCall[]): Aggregate {
  const columns = calls.map((call) => ({ name: call.name!, type: call.type }));
  return { kind: "aggregate", input, keys: [], sets: null, calls, hints: [], columns, span: NOWHERE };
}

function decorrelated(rel: Rel, variable: number | null, outer: Rel): Decorrelated {
  if (variable === null) return { rel, conditions: [], grouped: false };
  const done = decorrelate(rel, variable, outer);
  // What cannot be pulled out keeps its variable; the planner refuses it in Flink's words.
  return done ?? { rel, conditions: [], grouped: false };
}

/** Joins the subqueries of some expressions to the input, one after the other, and replaces them. */
class SubqueryJoiner {
  rel: Rel;
  private readonly outer: Rel;
  private readonly variable: number | null;

  constructor(input: Rel, variable: number | null) {
    this.rel = input;
    this.outer = input;
    this.variable = variable;
  }

  replace(rex: Rex): Rex {
    return rewriteRex(rex, (part) => (part.kind === "subquery" ? this.join(part) : part));
  }

  private join(subquery: RexSubquery): Rex {
    switch (subquery.op) {
      case "SCALAR":
        return this.joinScalar(subquery);
      case "SOME":
        return this.joinSome(subquery);
      case "EXISTS":
      case "IN":
        return this.joinTest(subquery);
    }
  }

  private attach(right: Rel, conditions: readonly Rex[], type: "left" | "inner"): number {
    const at = this.rel.columns.length;
    this.rel = join(this.rel, right, { type, condition: andOf(conditions), span: NOWHERE });
    return at;
  }

  private correlated(inner: Decorrelated): Rex[] {
    return inner.conditions.map((condition) => overJoinedRow(condition, this.variable ?? -1, this.rel.columns.length));
  }

  private joinScalar(subquery: RexSubquery): Rex {
    const one = givesOneRow(subquery.rel) ? subquery.rel : singleValue(subquery.rel);
    const inner = decorrelated(one, this.variable, this.outer);
    const at = this.attach(inner.rel, this.correlated(inner), "left");
    const value = inputRef(at, withNullable(inner.rel.columns[0].type, true));
    if (!inner.grouped || !isCount(inner.rel)) return value;
    // A count over nothing is 0 even where the join finds no row.
    const zero = literalOf(0, withNullable(BIGINT, false));
    const present = withNullable(value.type, false);
    return callOf(operators.CASE, [callOf(operators.IS_NULL, [value]), zero, value], present);
  }

  /** NULL-aware: no row → false; some true → true; some NULL → NULL; else false. */
  private joinSome(subquery: RexSubquery): Rex {
    const inner = decorrelated(subquery.rel, this.variable, this.outer);
    if (inner.conditions.length > 0 || subquery.comparison === null) return unsupported();
    const [operand] = subquery.operands;
    const { type } = inner.rel.columns[0];
    const least = subquery.comparison === ">" || subquery.comparison === ">=";
    const call = (name: string, args: readonly number[], alias: string, callType = withNullable(BIGINT, false)): AggregateCall => ({
      fn: AGGREGATE_FUNCTIONS.get(name)!,
      args,
      distinct: false,
      filter: -1,
      type: callType,
      name: alias,
    });
    const extreme = withNullable(type, true);
    const calls = [call(least ? "MIN" : "MAX", [0], "m", extreme), call("COUNT", [], "c"), call("COUNT", [0], "d")];
    const different = subquery.comparison === "<>";
    if (different) calls.push({ ...call("COUNT", [0], "dd"), distinct: true });
    const at = this.attach(aggregateOf(inner.rel, calls), [], "inner");
    const [m, c, d] = [inputRef(at, extreme), inputRef(at + 1, calls[1].type), inputRef(at + 2, calls[2].type)];
    const zero = literalOf(0, withNullable(BIGINT, false));
    const no = literalOf(false, withNullable(BOOLEAN, false));
    const compare = callOf(COMPARE[subquery.comparison], [operand, m]);
    const matches = different
      ? callOf(operators.OR, [
          callOf(operators.GREATER, [inputRef(at + 3, calls[2].type), castTo(literalOf(1, zero.type), zero.type)]),
          compare,
        ])
      : compare;
    return callOf(
      operators.CASE,
      [
        callOf(operators.EQUALS, [c, zero]),
        no,
        callOf(operators.IS_TRUE, [matches]),
        literalOf(true, no.type),
        callOf(operators.OR, [callOf(operators.IS_NULL, [matches]), callOf(operators.GREATER, [c, d])]),
        literalOf(null, BOOLEAN),
        no,
      ],
      BOOLEAN,
    );
  }

  /** EXISTS or IN somewhere inside an expression: a left join with the distinct rows and a mark. */
  private joinTest(subquery: RexSubquery): Rex {
    const inner = decorrelated(subquery.rel, this.variable, this.outer);
    const yes = withNullable(BOOLEAN, false);
    const fields = allFields(inner.rel);
    const marked = project(inner.rel, [...fields, literalOf(true, yes)], [...namesOf(inner.rel), "i"]);
    const keys = marked.columns.map((_, i) => i);
    const distinct: Aggregate = {
      kind: "aggregate",
      input: marked,
      keys,
      sets: null,
      calls: [],
      hints: [],
      columns: marked.columns,
      span: NOWHERE,
    };
    const width = this.rel.columns.length;
    const correlated = this.correlated(inner);
    const tests = subquery.operands.map((operand, i) =>
      callOf(operators.EQUALS, [operand, inputRef(width + i, inner.rel.columns[i].type)]),
    );
    if (subquery.op === "EXISTS" && correlated.length === 0) {
      const at = this.attach(anyRowMark(inner.rel), [], "left");
      return callOf(operators.IS_NOT_NULL, [inputRef(at, BOOLEAN)]);
    }
    const at = this.attach(distinct, [...tests, ...correlated], "left");
    return callOf(operators.IS_NOT_NULL, [inputRef(at + fields.length, BOOLEAN)]);
  }
}

function anyRowMark(rel: Rel): Rel {
  const yes = withNullable(BOOLEAN, false);
  const marked = project(rel, [literalOf(true, yes)], ["i"]);
  const call: AggregateCall = { fn: AGGREGATE_FUNCTIONS.get("MIN")!, args: [0], distinct: false, filter: -1, type: BOOLEAN, name: "m" };
  return aggregateOf(marked, [call]);
}

const COMPARE: Readonly<Record<string, typeof operators.LESS>> = {
  "<": operators.LESS,
  "<=": operators.LESS_EQUAL,
  ">": operators.GREATER,
  ">=": operators.GREATER_EQUAL,
  "=": operators.EQUALS,
  "<>": operators.NOT_EQUALS,
};

function unsupported(): never {
  throw new SqlError("plan", "SQL_CORRELATED", "This correlated subquery is not supported.", null, { hint: "Write it as a join." });
}

function singleValue(rel: Rel): Rel {
  const type = withNullable(rel.columns[0].type, true);
  return aggregateOf(rel, [{ fn: AGGREGATE_FUNCTIONS.get("SINGLE_VALUE")!, args: [0], distinct: false, filter: -1, type, name: "$f0" }]);
}

function givesOneRow(rel: Rel): boolean {
  if (rel.kind === "project") return givesOneRow(rel.input);
  if (rel.kind === "values") return rel.rows.length === 1;
  return rel.kind === "aggregate" && rel.keys.length === 0 && rel.sets === null;
}

function isCount(rel: Rel, field = 0): boolean {
  if (rel.kind === "project") {
    const expr = rel.exprs[field];
    return expr.kind === "input" && isCount(rel.input, expr.index);
  }
  return rel.kind === "aggregate" && rel.calls[field - rel.keys.length]?.fn.name === "COUNT";
}
