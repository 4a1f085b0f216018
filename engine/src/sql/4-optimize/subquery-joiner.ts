/**
 * Subqueries whose value is wanted, inside conditions and select lists: each is joined on the right, and what it stands for becomes an expression
 * over the joined fields.
 *
 *   b > (SELECT AVG(b) FROM r)   left join with the one row, compare with its field
 *   a > ALL (SELECT a FROM r)    join with MAX(a), COUNT(*), COUNT(a): their NULLs and emptiness decide
 *   a IN (SELECT a FROM r)       join with COUNT(*), COUNT(a), then with the distinct rows and a mark
 *
 * A query that reads the row around is joined as a `correlate`, which decorrelate.ts makes a join of.
 */
import { BIGINT, BOOLEAN, INT, withNullable } from "../../types/logical-type.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { andOf, callOf } from "../2-analyze/bind-expression.ts";
import { chainOf, coercedTo } from "../2-analyze/rex-calls.ts";
import { pushedJoin } from "../2-analyze/join-conditions.ts";
import type { Aggregate, AggregateCall, Rel } from "../2-analyze/rel.ts";
import { allFields, filter, joinColumns, namesOf, project } from "../2-analyze/rel-builder.ts";
import { hasSubquery, inputRef, isTrue, literalOf, mapLeaves, type Rex, type RexSubquery, rewriteRex } from "../2-analyze/rex.ts";
import { AGGREGATE_FUNCTIONS } from "../functions/aggregates.ts";
import * as operators from "../functions/operators.ts";
import { readsCorrelation } from "./correlation.ts";

const NOWHERE = { start: 0, end: 0 };

/** NOT around it taken off; null = not a subquery test of its own. */
export function subqueryTest(rex: Rex): { subquery: RexSubquery; negated: boolean } | null {
  if (rex.kind === "subquery") return { subquery: rex, negated: false };
  if (rex.kind !== "call" || rex.fn.name !== "NOT") return null;
  const inner = subqueryTest(rex.args[0]);
  return inner === null ? null : { ...inner, negated: !inner.negated };
}

function aggregateOf(input: Rel, calls: readonly AggregateCall[]): Aggregate {
  const columns = calls.map((call) => ({ name: call.name!, type: call.type }));
  return { kind: "aggregate", input, keys: [], sets: null, calls, hints: [], columns, span: NOWHERE };
}

/** What becomes of a test: where unknown is as good as false, less has to be asked. Negated = NOT around it. */
type Use = "value" | "condition" | "negated" | "negated condition";

/** Joins the subqueries of some expressions to the input, one after the other, and replaces them. */
export class SubqueryJoiner {
  rel: Rel;
  private readonly variable: number | null;

  constructor(input: Rel, variable: number | null) {
    this.rel = input;
    this.variable = variable;
  }

  /** The subqueries of an expression whose value is wanted. */
  replace(rex: Rex): Rex {
    return this.replaceAs(rex, "value");
  }

  /** A conjunct of WHERE: unknown is as good as false. */
  condition(rex: Rex): Rex {
    if (rex.kind === "subquery" && (rex.op === "IN" || rex.op === "EXISTS")) return this.joinMatching(rex);
    return this.replaceAs(rex, "condition");
  }

  private replaceAs(rex: Rex, use: "value" | "condition"): Rex {
    if (!hasSubquery(rex)) return rex;
    if (rex.kind === "subquery") return this.join(rex, use);
    if (rex.kind !== "call") return rewriteRex(rex, (part) => (part.kind === "subquery" ? this.join(part, "value") : part));
    const test = subqueryTest(rex);
    if (test?.negated === true && test.subquery.op !== "SCALAR")
      return this.join(test.subquery, use === "condition" ? "negated condition" : "negated");
    const { name } = rex.fn;
    const inside = name === "AND" || name === "OR" ? use : "value";
    const last = rex.args.length - 1;
    const args = rex.args.map((arg, i) => this.replaceAs(arg, name === "CASE" && i < last && i % 2 === 0 ? "condition" : inside));
    return { ...rex, args };
  }

  private join(subquery: RexSubquery, use: Use): Rex {
    switch (subquery.op) {
      case "SCALAR":
        return this.joinScalar(subquery);
      case "SOME":
        return this.joinSome(subquery, use);
      case "EXISTS":
        return this.joinExists(subquery, use === "negated" || use === "negated condition");
      case "IN":
        return this.joinIn(subquery, use);
    }
  }

  private isCorrelated(rel: Rel): boolean {
    return this.variable !== null && readsCorrelation(rel, this.variable);
  }

  /** `condition` over the fields so far and those of `right`. */
  private attach(right: Rel, condition: Rex, type: "left" | "inner"): number {
    const at = this.rel.columns.length;
    if (!this.isCorrelated(right)) {
      this.rel = pushedJoin(this.rel, right, { type, condition, span: NOWHERE });
      return at;
    }
    const id = this.variable!;
    const { columns } = this.rel;
    const inside = mapLeaves(condition, (leaf): Rex => {
      if (leaf.kind !== "input") return leaf;
      if (leaf.index >= at) return inputRef(leaf.index - at, leaf.type);
      return { kind: "correl", id, index: leaf.index, name: columns[leaf.index].name, type: leaf.type };
    });
    const asked = isTrue(inside) ? right : filter(right, inside);
    this.rel = {
      kind: "correlate",
      type,
      left: this.rel,
      right: asked,
      id,
      hints: [],
      columns: joinColumns(columns, right.columns, type),
      span: NOWHERE,
    };
    return at;
  }

  private joinScalar(subquery: RexSubquery): Rex {
    const one = givesOneRow(subquery.rel) ? subquery.rel : singleValue(subquery.rel);
    const at = this.attach(one, andOf([]), "left");
    return inputRef(at, this.rel.columns[at].type);
  }

  /** NULL-aware: no row → false; some true → true; some NULL → NULL; else false. */
  private joinSome(subquery: RexSubquery, use: Use): Rex {
    if (subquery.comparison === null) return unsupported();
    const [operand] = subquery.operands;
    const { type } = subquery.rel.columns[0];
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
    if (subquery.comparison === "<>") return this.joinDifferent(subquery, [calls[1], calls[2], calls[0]], use);
    const aggregate = aggregateOf(subquery.rel, calls);
    const correlated = this.isCorrelated(aggregate);
    const yes = literalOf(true, withNullable(BOOLEAN, false));
    const marked = correlated ? project(aggregate, [...allFields(aggregate), yes], [...namesOf(aggregate), "trueLiteral"]) : aggregate;
    const at = this.attach(marked, andOf([]), correlated ? "left" : "inner");
    const field = (i: number): Rex => inputRef(at + i, this.rel.columns[at + i].type);
    const [m, c, d] = [field(0), field(1), field(2)];
    const indicator = field(marked.columns.length - 1);
    const compare = callOf(COMPARE[subquery.comparison], [operand, m]);
    const unsure = callOf(operators.GREATER, [c, d]);
    const isZero = callOf(operators.EQUALS, [c, count(0)]);
    const none = correlated ? callOf(operators.OR, [callOf(operators.IS_NULL, [indicator]), isZero]) : isZero;
    const some = correlated ? isNotTrue(none) : callOf(operators.NOT_EQUALS, [c, count(0)]);
    if (use === "condition") return andOf([callOf(operators.NOT_EQUALS, [c, count(0)]), compare]);
    const otherwise = callOf(NEGATED_COMPARE[subquery.comparison], [operand, m]);
    if (use === "negated condition") {
      const all = andOf([otherwise, ...(correlated ? [some] : []), isNotTrue(callOf(operators.OR, [compare, unsure]))]);
      return orOf([...(correlated ? [callOf(operators.IS_NULL, [indicator])] : []), isZero, all]);
    }
    const unknown = literalOf(null, BOOLEAN);
    const sure = correlated ? isNotTrue(unsure) : callOf(operators.LESS_EQUAL, [c, d]);
    const isUnsure = correlated ? callOf(operators.IS_TRUE, [unsure]) : unsure;
    if (use === "negated")
      return orOf([none, andOf([isUnsure, unknown, isNotTrue(compare)]), andOf([otherwise, isNotTrue(compare), sure])]);
    return orOf([
      andOf([callOf(operators.IS_TRUE, [compare]), some]),
      andOf([isUnsure, unknown, some, isNotTrue(compare)]),
      andOf([compare, some, isNotTrue(compare), sure]),
    ]);
  }

  /** `<> SOME` over the distinct values: with more than one of them, some is different whatever the operand is. */
  private joinDifferent(subquery: RexSubquery, calls: readonly AggregateCall[], use: Use): Rex {
    const [operand] = subquery.operands;
    const aggregate = aggregateOf(distinct(subquery.rel), calls);
    const at = this.attach(aggregate, andOf([]), this.isCorrelated(aggregate) ? "left" : "inner");
    const [c, d, m] = calls.map((_, i) => inputRef(at + i, this.rel.columns[at + i].type));
    const one = count(1);
    const equal = (a: Rex, b: Rex): Rex => callOf(operators.EQUALS, [a, b]);
    const none = equal(c, count(0));
    if (use === "negated condition") return callOf(operators.OR, [none, andOf([equal(d, one), equal(operand, m), equal(d, c)])]);
    const differs = callOf(operators.NOT_EQUALS, [operand, m]);
    const [no, yes] = [false, true].map((value) => literalOf(value, withNullable(BOOLEAN, false)));
    const fewAndNull = andOf([callOf(operators.NOT_EQUALS, [c, d]), callOf(operators.LESS_EQUAL, [d, one])]);
    const unknown = literalOf(null, BOOLEAN);
    const value = callOf(
      operators.CASE,
      [
        none,
        no,
        callOf(operators.IS_NULL, [operand]),
        unknown,
        fewAndNull,
        callOf(operators.OR, [differs, unknown]),
        equal(d, one),
        differs,
        yes,
      ],
      BOOLEAN,
    );
    return use === "negated" ? callOf(operators.NOT, [value]) : value;
  }

  /** A conjunct that a semi join cannot ask: joined with the distinct rows. */
  private joinMatching(subquery: RexSubquery): Rex {
    const width = this.rel.columns.length;
    if (subquery.op === "EXISTS") {
      this.attach(distinct(markOf(subquery.rel)), andOf([]), "inner");
    } else {
      const tests = subquery.operands.map((operand, i) =>
        callOf(operators.EQUALS, [operand, inputRef(width + i, subquery.rel.columns[i].type)]),
      );
      this.attach(distinct(subquery.rel), andOf(tests), "inner");
    }
    return literalOf(true, withNullable(BOOLEAN, false));
  }

  /** EXISTS somewhere inside an expression: a left join with a mark. */
  private joinExists(subquery: RexSubquery, negated: boolean): Rex {
    if (givesOneRow(subquery.rel)) return literalOf(!negated, withNullable(BOOLEAN, false));
    const right = this.isCorrelated(subquery.rel) ? distinct(markOf(subquery.rel)) : anyRowMark(subquery.rel);
    const at = this.attach(right, andOf([]), "left");
    return callOf(negated ? operators.IS_NULL : operators.IS_NOT_NULL, [inputRef(at, this.rel.columns[at].type)]);
  }

  /**
   * IN somewhere inside an expression: a left join with the distinct rows and a mark. With NULLs on either side it can be unknown, which
   * the number of rows (`c`) and of rows without NULL (`ck`) tell.
   */
  private joinIn(subquery: RexSubquery, use: Use): Rex {
    const { operands, rel } = subquery;
    const threeValued = subquery.type.nullable;
    if (threeValued && rel.columns.length > 1) {
      throw new SqlError("plan", "SQL_SUBQUERY", "We now only support the count of one field.", null, {
        found: `IN with ${rel.columns.length} columns as a value`,
        hint: "Use it as a condition of its own in WHERE.",
      });
    }
    const correlated = this.isCorrelated(rel);
    const countsAt = threeValued ? this.attach(countsOf(rel), andOf([]), correlated ? "left" : "inner") : -1;
    const width = this.rel.columns.length;
    const mark = literalOf(true, withNullable(BOOLEAN, false));
    const marked = project(distinct(rel), [...allFields(rel), mark], [...namesOf(rel), "i"]);
    const tests = operands.map((operand, i) => callOf(operators.EQUALS, [operand, inputRef(width + i, rel.columns[i].type)]));
    const at = this.attach(marked, andOf(tests), "left") + rel.columns.length;
    const field = (index: number): Rex => inputRef(index, this.rel.columns[index].type);
    const found = callOf(operators.IS_NOT_NULL, [field(at)]);
    const missing = callOf(operators.IS_NULL, [field(at)]);
    const negated = use === "negated" || use === "negated condition";
    if (!threeValued) return negated ? missing : found;
    const [c, ck] = [field(countsAt), field(countsAt + 1)];
    const none = callOf(operators.EQUALS, [c, count(0)]);
    // Where no row belongs to the row around there are no counts either.
    const some = correlated ? isNotTrue(none) : callOf(operators.NOT_EQUALS, [c, count(0)]);
    const nulls = operands.filter((operand) => operand.type.nullable);
    const known = nulls.map((operand) => callOf(operators.IS_NOT_NULL, [operand]));
    const isNull = nulls.map((operand) => callOf(operators.IS_NULL, [operand]));
    const fewer = callOf(operators.LESS, [ck, c]);
    const isFewer = correlated ? callOf(operators.IS_TRUE, [fewer]) : fewer;
    const allKnown = correlated ? isNotTrue(fewer) : callOf(operators.GREATER_EQUAL, [ck, c]);
    const unknown = literalOf(null, BOOLEAN);
    switch (use) {
      case "condition":
        return andOf([some, found, ...known]);
      case "negated condition":
        return orOf([none, andOf([missing, allKnown, ...known])]);
      case "negated":
        return orOf([
          none,
          ...(isNull.length === 0 ? [] : [andOf([orOf(isNull), unknown])]),
          andOf([isFewer, unknown, ...known, missing]),
          andOf([...known, missing, allKnown]),
        ]);
      default:
        return orOf([
          ...(isNull.length === 0 ? [] : [andOf([orOf(isNull), unknown, some])]),
          andOf([found, some, ...known]),
          andOf([isFewer, unknown, some, ...known, missing]),
        ]);
    }
  }
}

export function orOf(parts: readonly Rex[]): Rex {
  return chainOf(operators.OR, parts);
}

/** A number as it is compared with a count. */
function count(value: number): Rex {
  const cast = coercedTo(literalOf(value, withNullable(INT, false)), withNullable(BIGINT, false));
  return cast.kind === "call" ? { ...cast, options: { ...cast.options, untyped: true } } : cast;
}

function isNotTrue(rex: Rex): Rex {
  return callOf(operators.NOT, [callOf(operators.IS_TRUE, [rex])]);
}

/** COUNT(*) and how many rows have no NULL. */
function countsOf(rel: Rel): Rel {
  const countOf = (args: readonly number[], name: string): AggregateCall => ({
    fn: AGGREGATE_FUNCTIONS.get("COUNT")!,
    args,
    distinct: false,
    filter: -1,
    type: withNullable(BIGINT, false),
    name,
  });
  return aggregateOf(rel, [countOf([], "c"), countOf([0], "ck")]);
}

function markOf(rel: Rel): Rel {
  return project(rel, [literalOf(true, withNullable(BOOLEAN, false))], ["i"]);
}

function distinct(rel: Rel): Aggregate {
  const keys = rel.columns.map((_, i) => i);
  return { kind: "aggregate", input: rel, keys, sets: null, calls: [], hints: [], columns: rel.columns, span: NOWHERE };
}

export function anyRowMark(rel: Rel): Rel {
  const yes = withNullable(BOOLEAN, false);
  const marked = project(rel, [literalOf(true, yes)], ["i"]);
  const call: AggregateCall = { fn: AGGREGATE_FUNCTIONS.get("MIN")!, args: [0], distinct: false, filter: -1, type: BOOLEAN, name: "m" };
  return aggregateOf(marked, [call]);
}

const NEGATED_COMPARE: Readonly<Record<string, typeof operators.LESS>> = {
  "<": operators.GREATER_EQUAL,
  "<=": operators.GREATER,
  ">": operators.LESS_EQUAL,
  ">=": operators.LESS,
  "=": operators.NOT_EQUALS,
};

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

export function givesOneRow(rel: Rel): boolean {
  if (rel.kind === "project") return givesOneRow(rel.input);
  if (rel.kind === "values") return rel.rows.length === 1;
  return rel.kind === "aggregate" && rel.keys.length === 0 && rel.sets === null;
}
