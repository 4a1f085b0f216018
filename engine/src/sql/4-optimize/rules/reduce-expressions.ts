/**
 * Expressions get smaller: what needs no row is computed now, NOT moves inwards, AND and OR lose parts that decide nothing, columns that a
 * filter pins to a constant become that constant above it. A filter that lets nothing through becomes an empty table.
 */
import { BOOLEAN, isInteger, type LogicalType, withNullable } from "../../../types/logical-type.ts";
import { cutToPrecision, type Timestamp } from "../../../types/timestamp.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import { andOf, callOf, castTo } from "../../2-analyze/bind-expression.ts";
import { chainOf } from "../../2-analyze/rex-calls.ts";
import { constantValue } from "../../2-analyze/constant.ts";
import type { Rel, Values } from "../../2-analyze/rel.ts";
import { filter } from "../../2-analyze/rel-builder.ts";
import { conjuncts, disjuncts, isFalse, isTrue, literalOf, type Rex, type RexCall, rexDigest, rewriteRex } from "../../2-analyze/rex.ts";
import * as operators from "../../functions/operators.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";

const TRUE = literalOf(true, withNullable(BOOLEAN, false));
const FALSE = literalOf(false, withNullable(BOOLEAN, false));

/** Types whose values EXPLAIN can write as literals; Flink folds no others. */
const FOLDABLE = /^(CHAR|VARCHAR|BOOLEAN|DECIMAL|TINYINT|SMALLINT|INT|BIGINT|FLOAT|DOUBLE|DATE|TIME|TIMESTAMP|INTERVAL_.*)$/;

const NEGATED = new Map([
  ["=", operators.NOT_EQUALS],
  ["<>", operators.EQUALS],
  ["<", operators.GREATER_EQUAL],
  [">=", operators.LESS],
  [">", operators.LESS_EQUAL],
  ["<=", operators.GREATER],
]);

export function reduceExpressions(context: EvalContext): (rel: Rel) => Rel {
  const reducer = new Reducer(context);
  /** Conditions that have been found to have no part twice. */
  const settled = new WeakSet<Rex>();
  const reduce = (rex: Rex): Rex => reducer.reduce(rex);
  return (rel) => {
    switch (rel.kind) {
      case "filter": {
        const reduced = unknownAsFalse(reduce(rel.condition));
        if (reduced === rel.condition && settled.has(reduced)) return rel;
        const parts = withoutRepetition(conjuncts(reduced));
        if (parts.some(isFalse)) return empty(rel);
        const rest = parts.filter((part) => !isTrue(part));
        if (rest.length === 0) return rel.input;
        if (reduced === rel.condition && rest.length === conjuncts(reduced).length) {
          settled.add(reduced);
          return rel;
        }
        const condition = andOf(rest);
        return condition === rel.condition || rexDigest(condition) === rexDigest(rel.condition)
          ? rel
          : filter(rel.input, condition, rel.variable);
      }
      case "project": {
        const pinned = rel.input.kind === "filter" ? pinnedColumns(rel.input.condition) : null;
        const present = rel.input.kind === "join" && rel.input.type === "inner" ? comparedFields(rel.input.condition) : null;
        const exprs = rel.exprs.map((expr) => {
          const known = present === null ? expr : withoutAlternatives(expr, present);
          return reduce(pinned === null ? known : withPinned(known, pinned));
        });
        return exprs.every((expr, i) => expr === rel.exprs[i]) ? rel : { ...rel, exprs };
      }
      case "join": {
        const parts = withoutRepetition(conjuncts(unknownAsFalse(reduce(rel.condition))));
        const condition = andOf(parts.filter((part) => !isTrue(part)));
        return rexDigest(condition) === rexDigest(rel.condition) ? rel : { ...rel, condition };
      }
      default:
        return rel;
    }
  };
}

/** Remembers what cannot get smaller: conditions are looked at in every round, and can have thousands of parts. */
class Reducer {
  private readonly context: EvalContext;
  private readonly smallest = new WeakSet<Rex>();

  constructor(context: EvalContext) {
    this.context = context;
  }

  reduce(rex: Rex): Rex {
    if (rex.kind !== "call" && rex.kind !== "over" && rex.kind !== "subquery") return rex;
    if (this.smallest.has(rex)) return rex;
    const made = this.reduceParts(rex);
    this.smallest.add(made);
    return made;
  }

  private reduceParts(rex: Rex): Rex {
    if (rex.kind !== "call") return rewriteRex(rex, (part) => simplify(part, this.context));
    const { name } = rex.fn;
    // A long row of AND or OR is simplified once, not at each of its nodes.
    const terms = name === "AND" ? conjuncts(rex) : name === "OR" ? disjuncts(rex) : rex.args;
    const reduced = terms.map((term) => this.reduce(term));
    const same = reduced.every((term, i) => term === terms[i]);
    const chain = name === "AND" || name === "OR";
    const whole = same ? rex : chain ? chainOf(rex.fn, reduced) : { ...rex, args: reduced };
    return whole.kind === "call" && whole.fn.name === name ? simplify(whole, this.context) : this.reduce(whole);
  }
}

function empty(rel: Rel): Values {
  return { kind: "values", rows: [], columns: rel.columns };
}

/** Fields that an inner join has compared: none of them is NULL above it. */
function comparedFields(condition: Rex): ReadonlySet<number> {
  const fields = new Set<number>();
  for (const part of conjuncts(condition)) {
    if (part.kind !== "call" || part.fn.name !== "=") continue;
    for (const arg of part.args) if (arg.kind === "input") fields.add(arg.index);
  }
  return fields;
}

/** `COALESCE(a, b)` of an `a` that is there, as USING makes them. */
function withoutAlternatives(rex: Rex, present: ReadonlySet<number>): Rex {
  if (present.size === 0) return rex;
  return rewriteRex(rex, (part) => {
    if (part.kind !== "call" || part.fn.name !== "COALESCE") return part;
    const [first] = part.args;
    return first.kind === "input" && present.has(first.index) && sameType(first, part) ? first : part;
  });
}

/** `a = 1` below makes every `a` above a 1; a cast keeps the column's type. */
function pinnedColumns(condition: Rex): ReadonlyMap<number, Rex> {
  const pinned = new Map<number, Rex>();
  for (const part of conjuncts(condition)) {
    if (part.kind !== "call" || part.fn.name !== "=") continue;
    const [a, b] = part.args;
    if (a.kind === "input" && b.kind === "literal" && b.value !== null && sameRoot(a, b)) pinned.set(a.index, constantOf(b, a));
    else if (b.kind === "input" && a.kind === "literal" && a.value !== null && sameRoot(b, a)) pinned.set(b.index, constantOf(a, b));
  }
  return pinned;
}

/** Keeps the column's type, and that it may be NULL. */
function constantOf(value: Rex, column: Rex): Rex {
  return column.type.nullable ? callOf(operators.CAST, [value], column.type, { pinned: true }) : castTo(value, column.type);
}

/** Texts would change their length, timestamps their precision. */
function sameRoot(column: Rex, value: Rex): boolean {
  return (
    column.type.root === value.type.root &&
    column.type.timeAttribute === undefined &&
    /^(TINYINT|SMALLINT|INT|BIGINT|BOOLEAN|DATE)$/.test(column.type.root)
  );
}

function withPinned(rex: Rex, pinned: ReadonlyMap<number, Rex>): Rex {
  if (pinned.size === 0) return rex;
  return rewriteRex(rex, (part) => (part.kind === "input" ? (pinned.get(part.index) ?? part) : part));
}

function withoutRepetition(parts: readonly Rex[]): Rex[] {
  const seen = new Set<string>();
  return parts.filter((part) => {
    const digest = rexDigest(part);
    return !seen.has(digest) && seen.add(digest) !== undefined;
  });
}

/** In a condition, unknown is as good as false: IS TRUE around a part says nothing. */
function unknownAsFalse(rex: Rex): Rex {
  if (rex.kind !== "call") return rex.kind === "literal" && rex.value === null ? FALSE : rex;
  if (rex.fn.name === "AND") {
    const parts = conjuncts(rex);
    const changed = parts.map(unknownAsFalse);
    return changed.every((part, i) => part === parts[i]) ? rex : andOf(changed);
  }
  if (rex.fn.name === "IS TRUE") return unknownAsFalse(rex.args[0]);
  return rex;
}

function simplify(rex: Rex, context: EvalContext): Rex {
  if (rex.kind !== "call") return rex;
  switch (rex.fn.name) {
    case "AND":
      return simplifyAnd(rex);
    case "OR":
      return simplifyOr(rex);
    case "NOT":
      return simplifyNot(rex);
    case "IS NULL":
      return rex.args[0].type.nullable ? fold(rex, context) : FALSE;
    case "IS NOT NULL":
      return rex.args[0].type.nullable ? fold(rex, context) : TRUE;
    case "IS TRUE":
      return rex.args[0].type.nullable ? fold(rex, context) : rex.args[0];
    case "CASE":
      return simplifyCase(rex, context);
    case "COALESCE":
      // `USING` of columns that cannot be NULL.
      return rex.args[0].type.nullable ? fold(rex, context) : castTo(rex.args[0], rex.type);
    case "CAST":
      return rex.args[0].kind === "literal" || !sameType(rex.args[0], rex) || rex.options.pinned === true
        ? fold(rex, context)
        : rex.args[0];
    case "=":
    case "<>":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return comparedCount(rex, context) ?? fold(rex, context);
    default:
      return fold(rex, context);
  }
}

/** `CASE WHEN n IS NULL THEN 0 ELSE n END > 1`: the constant is compared now. */
function comparedCount(rex: RexCall, context: EvalContext): Rex | null {
  const at = rex.args.findIndex(isCountOrZero);
  const other = rex.args[1 - at];
  const count = rex.args[at];
  if (count?.kind !== "call" || isCountOrZero(other)) return null;
  const [isNull, zero, value] = count.args;
  const compared = (side: Rex): Rex => callOf(rex.fn, at === 0 ? [side, other] : [other, side]);
  const withZero = compared(zero);
  if (withZero.kind !== "call") return null;
  const known = uncast(other).kind === "literal" ? literalOf(constantValue(withZero, context), withZero.type) : withZero;
  if (isFalse(known)) return compared(value);
  return callOf(operators.OR, [isTrue(known) ? isNull : andOf([isNull, known]), compared(value)]);
}

function isCountOrZero(rex: Rex): boolean {
  if (rex.kind !== "call" || rex.fn.name !== "CASE" || rex.args.length !== 3) return false;
  const [test, zero, value] = rex.args;
  return (
    test.kind === "call" &&
    test.fn.name === "IS NULL" &&
    rexDigest(test.args[0]) === rexDigest(value) &&
    value.kind === "input" &&
    zero.kind === "literal" &&
    zero.value === 0
  );
}

function uncast(rex: Rex): Rex {
  return rex.kind === "call" && rex.fn.name === "CAST" && rex.options.implicit === true ? rex.args[0] : rex;
}

function sameType(a: Rex, b: Rex): boolean {
  const { type } = a;
  const other = b.type;
  return (
    type.root === other.root &&
    type.precision === other.precision &&
    type.scale === other.scale &&
    type.length === other.length &&
    /^(TINYINT|SMALLINT|INT|BIGINT|BOOLEAN|DATE|DOUBLE|FLOAT)$/.test(type.root)
  );
}

function simplifyAnd(rex: RexCall): Rex {
  const parts = withoutRepetition(conjuncts(rex)).filter((part) => !isTrue(part));
  if (parts.some((part) => part.kind === "literal" && part.value === false)) return FALSE;
  if (parts.length === conjuncts(rex).length) return rex;
  return andOf(parts);
}

function simplifyOr(rex: RexCall): Rex {
  const parts = withoutRepetition(disjuncts(rex)).filter((part) => !(part.kind === "literal" && part.value === false));
  if (parts.some(isTrue)) return TRUE;
  if (parts.length === 0) return FALSE;
  if (parts.length === disjuncts(rex).length) return rex;
  return chainOf(operators.OR, parts);
}

function simplifyNot(rex: RexCall): Rex {
  const [inner] = rex.args;
  if (inner.kind === "literal") return inner.value === null ? inner : inner.value === true ? FALSE : TRUE;
  if (inner.kind !== "call") return rex;
  const negated = NEGATED.get(inner.fn.name);
  if (negated !== undefined) return { ...inner, fn: negated };
  const not = (part: Rex): Rex => simplifyNotOf(part);
  switch (inner.fn.name) {
    case "NOT":
      return inner.args[0];
    case "OR":
      return andOf(disjuncts(inner).map(not));
    case "AND":
      return chainOf(operators.OR, conjuncts(inner).map(not));
    case "IS NULL":
      return callOf(operators.IS_NOT_NULL, inner.args);
    case "IS NOT NULL":
      return callOf(operators.IS_NULL, inner.args);
    default:
      return rex;
  }
}

function simplifyNotOf(part: Rex): Rex {
  const not = callOf(operators.NOT, [part]);
  return not.kind === "call" ? simplifyNot(not) : not;
}

/** Branches whose condition is known. */
function simplifyCase(rex: RexCall, context: EvalContext): Rex {
  const args: Rex[] = [];
  for (let i = 0; i + 1 < rex.args.length; i += 2) {
    const [when, then] = [rex.args[i], rex.args[i + 1]];
    if (isFalse(when)) continue;
    if (isTrue(when)) {
      if (args.length === 0) return castTo(then, rex.type);
      args.push(then);
      return { ...rex, args };
    }
    args.push(when, then);
  }
  args.push(rex.args[rex.args.length - 1]);
  if (args.length === 1) return castTo(args[0], rex.type);
  return args.length === rex.args.length ? fold(rex, context) : { ...rex, args };
}

/** Of a literal Calcite cuts the digits itself, always downwards. */
function isNarrowed({ fn, args, type }: RexCall): boolean {
  return fn.name === "CAST" && type.root === "TIMESTAMP" && args[0].type.root === "TIMESTAMP";
}

/** A literal has no more digits than its type; a value that is computed can have (functions/cast.ts). */
function inPrecision(value: unknown, type: LogicalType): unknown {
  return type.root === "TIMESTAMP" && value !== null ? cutToPrecision(value as Timestamp, type.precision!) : value;
}

/** A call of literals as a literal; what fails to compute is left for when there is a row. */
function fold(rex: RexCall, context: EvalContext): Rex {
  // An operand's own type is what plans show; the cast is computed when operators are made.
  if (
    rex.options.implicit === true ||
    rex.options.pinned === true ||
    rex.fn.dynamic === true ||
    !FOLDABLE.test(rex.type.root) ||
    rex.args.length === 0
  )
    return rex;
  if (!rex.args.every((arg) => arg.kind === "literal")) return rex;
  if (rex.fn.name === "/" && isInteger(rex.type) && rex.args[1].kind === "literal" && Number(rex.args[1].value) === 0) {
    throw new SqlError("plan", "SQL_DIVISION_BY_ZERO", "Division by zero", null);
  }
  try {
    const value = inPrecision(constantValue(isNarrowed(rex) ? rex.args[0] : rex, context), rex.type);
    return literalOf(value, value === null ? withNullable(rex.type, true) : rex.type);
  } catch (error) {
    // What a user's function throws, it shall throw in the job.
    if (error instanceof SqlRuntimeError || rex.fn.isUsers === true) return rex;
    throw error;
  }
}
