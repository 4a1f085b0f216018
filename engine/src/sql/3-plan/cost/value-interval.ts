/**
 * Between which values a column lies, as far as constants, conditions, counts and ranks tell (Flink: `FlinkRelMdColumnInterval` and
 * `ValueInterval`). null = nothing is known. Unlike `changelog/column-interval.ts`, which asks only whether numbers can fall, this one
 * knows texts and open ends, and forgets what Flink forgets.
 */
import { conjuncts, disjuncts, inputsOf, isTrue, type Rex } from "../../2-analyze/rex.ts";
import type { GroupAggregate, PhysicalNode } from "../physical.ts";
import { compareOf, MIRRORED, NEGATED, plainValue, type Value } from "./comparison.ts";

/** null = open without end. */
interface Bound {
  readonly value: Value;
  readonly closed: boolean;
}

export interface ValueInterval {
  readonly empty: boolean;
  readonly low: Bound | null;
  readonly high: Bound | null;
}

const EMPTY: ValueInterval = { empty: true, low: null, high: null };
const INFINITE: ValueInterval = { empty: false, low: null, high: null };

export function isInfinite({ empty, low, high }: ValueInterval): boolean {
  return !empty && low === null && high === null;
}

export function valueInterval(node: PhysicalNode, field: number): ValueInterval | null {
  switch (node.kind) {
    case "Values":
      return ofValues(node.rows.map((row) => row[field]));
    case "Calc": {
      const rex = node.projection[field];
      const below = ofRex(rex, node.input);
      return rex.kind === "input" && node.condition !== null ? filtered(below, node.condition, rex.index) : below;
    }
    case "Exchange":
    case "SortLimit":
    case "Limit":
    case "TemporalSort":
      return valueInterval(node.input, field);
    case "Rank":
    case "WindowRank": {
      if (field < node.input.columns.length) return valueInterval(node.input, field);
      const { start, end } = node.kind === "Rank" ? node.range : node;
      if (typeof end === "number") return between({ value: start, closed: true }, { value: end, closed: true });
      const bound = valueInterval(node.input, end.field)?.high ?? null;
      return bound === null ? null : between({ value: 1, closed: true }, bound);
    }
    case "Expand": {
      const intervals = node.projects.flatMap((project) => {
        const rex = project[field];
        return rex.kind === "literal" && rex.value === null ? [] : [ofRex(rex, node.input)];
      });
      return intervals.length === 0 ? null : intervals.reduce((a, b) => (a === null || b === null ? null : union(a, b)));
    }
    case "GroupAggregate":
      return ofAggregate(node, field);
    case "GroupWindowAggregate":
      if (field < node.keys.length) return valueInterval(node.input, node.keys[field]);
      return ofCall(node, field - node.keys.length);
    case "OverAggregate":
      return field < node.input.columns.length ? valueInterval(node.input, field) : null;
    case "Join":
    case "IntervalJoin":
    case "WindowJoin":
    case "TemporalJoin": {
      const width = node.left.columns.length;
      const below = field < width ? valueInterval(node.left, field) : valueInterval(node.right, field - width);
      return isTrue(node.condition) ? below : filtered(below, node.condition, field);
    }
    case "Union":
      return node.inputs.map((input) => valueInterval(input, field)).reduce((a, b) => unionKnown(a, b));
    default:
      return null;
  }
}

function between(low: Bound | null, high: Bound | null): ValueInterval {
  if (low !== null && high !== null && compareOf(low.value, high.value) === 0 && !(low.closed && high.closed)) return EMPTY;
  return { empty: false, low, high };
}

function point(value: Value): ValueInterval {
  return { empty: false, low: { value, closed: true }, high: { value, closed: true } };
}

function ofValues(rexes: readonly Rex[]): ValueInterval {
  return rexes.map((rex) => ofLiteral(rex)).reduce<ValueInterval>((a, b) => union(a, b ?? EMPTY), EMPTY);
}

/** Empty of NULL. */
function ofLiteral(rex: Rex): ValueInterval | null {
  if (rex.kind !== "literal") return null;
  const value = plainValue(rex);
  return rex.value === null ? EMPTY : value === null ? null : point(value);
}

function ofRex(rex: Rex, input: PhysicalNode): ValueInterval | null {
  if (rex.kind === "input") return valueInterval(input, rex.index);
  if (rex.kind === "literal") return ofLiteral(rex);
  if (rex.kind !== "call") return null;
  const [a, b] = rex.args;
  switch (rex.fn.name) {
    case "CASE":
      return rex.args
        .filter((_, i) => i % 2 === 1 || i === rex.args.length - 1)
        .map((arg) => ofRex(arg, input))
        .reduce((x, y) => unionKnown(x, y));
    case "+":
      return b === undefined ? null : sum(ofRex(a, input), ofRex(b, input));
    case "-":
      return b === undefined ? null : sum(ofRex(a, input), negated(ofRex(b, input)));
    case "*":
      return b === undefined ? null : product(ofRex(a, input), ofRex(b, input));
    default:
      return null;
  }
}

function negated(interval: ValueInterval | null): ValueInterval | null {
  if (interval === null || interval.empty || isInfinite(interval)) return interval;
  const flip = (bound: Bound | null): Bound | null => (bound === null ? null : { ...bound, value: -(bound.value as number) });
  return { empty: false, low: flip(interval.high), high: flip(interval.low) };
}

function sum(a: ValueInterval | null, b: ValueInterval | null): ValueInterval | null {
  if (a === null || b === null) return null;
  const add = (x: Bound | null, y: Bound | null): Bound | null =>
    x === null || y === null || typeof x.value !== "number" || typeof y.value !== "number"
      ? null
      : { value: x.value + y.value, closed: x.closed && y.closed };
  const [low, high] = [add(a.low, b.low), add(a.high, b.high)];
  return low === null && high === null ? null : { empty: false, low, high };
}

function product(a: ValueInterval | null, b: ValueInterval | null): ValueInterval | null {
  if (a?.low == null || a.high === null || b?.low == null || b.high === null) return null;
  const corners = [a.low, a.high].flatMap((x) =>
    [b.low!, b.high!].map((y) => ({ value: (x.value as number) * (y.value as number), closed: x.closed && y.closed })),
  );
  const values = corners.map(({ value }) => value);
  const at = (value: number): Bound => ({ value, closed: corners.some((corner) => corner.value === value && corner.closed) });
  return { empty: false, low: at(Math.min(...values)), high: at(Math.max(...values)) };
}

function ofAggregate(node: GroupAggregate, field: number): ValueInterval | null {
  if (field < node.keys.length) return valueInterval(node.input, node.keys[field]);
  if (node.phase === "INCREMENTAL") return null;
  if (node.phase !== "GLOBAL") return ofCall(node, field - node.keys.length);
  const local = localHalf(node);
  return local === null ? null : ofCall(local, field - node.keys.length);
}

function localHalf(node: PhysicalNode): GroupAggregate | null {
  if (node.kind === "GroupAggregate" && node.phase === "LOCAL") return node;
  return "input" in node ? localHalf(node.input) : null;
}

function ofCall(node: Extract<PhysicalNode, { calls: unknown; keys: readonly number[] }>, index: number): ValueInterval | null {
  const call = node.calls[index];
  if (call === undefined) return null;
  if (call.fn.name === "COUNT") return { empty: false, low: { value: 0, closed: true }, high: null };
  if (call.fn.name !== "SUM" && call.fn.name !== "$SUM0") return null;
  const argument = valueInterval(node.input, call.args[0]);
  if (argument === null) return null;
  if (argument.low !== null) return Number(argument.low.value) >= 0 ? { ...argument, high: null } : null;
  return argument.high !== null && Number(argument.high.value) <= 0 ? { ...argument, low: null } : null;
}

function unionKnown(a: ValueInterval | null, b: ValueInterval | null): ValueInterval | null {
  if (a?.empty === true) return b;
  if (b?.empty === true) return a;
  return a === null || b === null ? null : union(a, b);
}

function union(a: ValueInterval, b: ValueInterval): ValueInterval {
  if (a.empty) return b;
  if (b.empty) return a;
  const outer = (x: Bound | null, y: Bound | null, sign: number): Bound | null => {
    if (x === null || y === null) return null;
    const order = compareOf(x.value, y.value) * sign;
    return order === 0 ? { ...x, closed: x.closed || y.closed } : order < 0 ? x : y;
  };
  return { empty: false, low: outer(a.low, b.low, 1), high: outer(a.high, b.high, -1) };
}

export function intersect(a: ValueInterval, b: ValueInterval): ValueInterval {
  if (!meet(a, b)) return EMPTY;
  const inner = (x: Bound | null, y: Bound | null, sign: number): Bound | null => {
    if (x === null || y === null) return x ?? y;
    const order = compareOf(x.value, y.value) * sign;
    return order === 0 ? { ...x, closed: x.closed && y.closed } : order > 0 ? x : y;
  };
  return { empty: false, low: inner(a.low, b.low, 1), high: inner(a.high, b.high, -1) };
}

/** Some value lies in both. */
export function meet(a: ValueInterval, b: ValueInterval): boolean {
  if (a.empty || b.empty) return false;
  const reaches = (high: Bound | null, low: Bound | null): boolean => {
    if (high === null || low === null) return true;
    const order = compareOf(high.value, low.value);
    return order > 0 || (order === 0 && high.closed && low.closed);
  };
  return reaches(a.high, b.low) && reaches(b.high, a.low);
}

export function contains(interval: ValueInterval, value: Value): boolean {
  return meet(interval, point(value));
}

/** What a condition that holds leaves of a field's interval. */
function filtered(interval: ValueInterval | null, condition: Rex, field: number): ValueInterval | null {
  const begin = interval ?? INFINITE;
  const related = relatedTo(withoutNot(condition, false), field);
  if (related === null) return isInfinite(begin) ? null : begin;
  const result = alternatives(related)
    .map((parts) => parts.map(ofComparison).reduce<ValueInterval>((all, part) => (part === null ? all : intersect(all, part)), begin))
    .reduce(union);
  return isInfinite(result) ? null : result;
}

type Tree = { readonly and: readonly Tree[] } | { readonly or: readonly Tree[] } | Rex;

/** NOT is pushed to the comparisons. */
function withoutNot(rex: Rex, reverse: boolean): Tree {
  if (rex.kind !== "call") return rex;
  const { name } = rex.fn;
  if (name === "NOT") return withoutNot(rex.args[0], !reverse);
  if (name === "AND" || name === "OR") {
    const parts = (name === "AND" ? conjuncts(rex) : disjuncts(rex)).map((part) => withoutNot(part, reverse));
    return (name === "AND") === reverse ? { or: parts } : { and: parts };
  }
  const opposite = NEGATED[name];
  return reverse && opposite !== undefined ? { ...rex, fn: { ...rex.fn, name: opposite } } : rex;
}

/** The part of a condition that speaks of the field only. */
function relatedTo(tree: Tree, field: number): Tree | null {
  if ("and" in tree) {
    const parts = tree.and.map((part) => relatedTo(part, field)).filter((part) => part !== null);
    return parts.length === 0 ? null : { and: parts };
  }
  if ("or" in tree) {
    const parts = tree.or.map((part) => relatedTo(part, field));
    return parts.some((part, i) => part === null || part !== tree.or[i]) ? null : tree;
  }
  return [...inputsOf(tree)].every((input) => input === field) ? tree : null;
}

function alternatives(tree: Tree): readonly (readonly Rex[])[] {
  if ("or" in tree) return tree.or.flatMap(alternatives);
  if (!("and" in tree)) return [[tree]];
  return tree.and
    .map(alternatives)
    .reduce<readonly (readonly Rex[])[]>((all, part) => all.flatMap((a) => part.map((b) => [...a, ...b])), [[]]);
}

function ofComparison(rex: Rex): ValueInterval | null {
  if (rex.kind !== "call" || rex.args.length !== 2) return null;
  const [a, b] = rex.args;
  const [value, op] =
    a.kind === "input" ? [plainValue(b), rex.fn.name] : b.kind === "input" ? [plainValue(a), MIRRORED[rex.fn.name]] : [null, ""];
  if (value === null) return null;
  switch (op) {
    case "=":
      return point(value);
    case "<":
    case "<=":
      return { empty: false, low: null, high: { value, closed: op === "<=" } };
    case ">":
    case ">=":
      return { empty: false, low: { value, closed: op === ">=" }, high: null };
    default:
      return null;
  }
}
