/**
 * Comparisons of one expression with constants as a set of values (Calcite's `Sarg`): `v >= 1 AND v <= 3` is shown as
 * `SEARCH(v, Sarg[[1..3]])`, `v NOT IN (1, 3)` as `SEARCH(v, Sarg[(-∞..1), (1..3), (3..+∞)])`. Only EXPLAIN makes them; what runs are the
 * comparisons.
 */
import { isTimestamp, type LogicalType } from "../../../types/logical-type.ts";
import { compareTimestamps, type Timestamp } from "../../../types/timestamp.ts";
import { conjuncts, disjuncts, type Rex, type RexCall, rexDigest, type RexLiteral } from "../../2-analyze/rex.ts";

interface Bound {
  /** null = without end. */
  readonly value: RexLiteral | null;
  readonly closed: boolean;
}

export interface Range {
  readonly low: Bound;
  readonly high: Bound;
}

export interface Search {
  readonly operand: Rex;
  readonly ranges: readonly Range[];
}

const OPEN: Bound = { value: null, closed: false };
const MIRRORED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>" };

interface Comparison {
  readonly operand: Rex;
  readonly ranges: readonly Range[];
}

function plain(rex: Rex): Rex {
  return rex.kind === "call" && rex.fn.name === "CAST" && rex.options.implicit === true ? rex.args[0] : rex;
}

function comparison(rex: Rex): Comparison | null {
  if (rex.kind !== "call") return null;
  if (rex.fn.name === "OR" || rex.fn.name === "AND") {
    const merged = merge(rex);
    return merged === null ? null : { operand: merged.operand, ranges: merged.ranges };
  }
  if (MIRRORED[rex.fn.name] === undefined) return null;
  const [a, b] = rex.args.map(plain);
  const [operand, value, op] =
    b.kind === "literal" ? [a, b, rex.fn.name] : a.kind === "literal" ? [b, a, MIRRORED[rex.fn.name]] : [null, null, ""];
  if (operand === null || value === null || !isColumn(operand) || value.value === null) return null;
  if (typeof value.value !== "number" && typeof value.value !== "string" && typeof value.value !== "bigint") return null;
  const isTime = isTimestamp(value.type) && value.type.root === operand.type.root;
  const shown = isTime || op === "=" || op === "<>" ? inColumnType(rex, value, operand.type) : value;
  const at = (closed: boolean): Bound => ({ value: shown, closed });
  switch (op) {
    case "=":
      return { operand, ranges: [{ low: at(true), high: at(true) }] };
    case "<>":
      return {
        operand,
        ranges: [
          { low: OPEN, high: at(false) },
          { low: at(false), high: OPEN },
        ],
      };
    case "<":
      return { operand, ranges: [{ low: OPEN, high: at(false) }] };
    case "<=":
      return { operand, ranges: [{ low: OPEN, high: at(true) }] };
    case ">":
      return { operand, ranges: [{ low: at(false), high: OPEN }] };
    default:
      return { operand, ranges: [{ low: at(true), high: OPEN }] };
  }
}

/** Only columns are collected, cast or not. */
function isColumn(rex: Rex): boolean {
  return rex.kind === "input" || (rex.kind === "call" && rex.fn.name === "CAST" && isColumn(rex.args[0]));
}

/** A constant of an equality is of the column's type, but for those in a list, which are as they were written; a point in time always is. */
function inColumnType(rex: RexCall, literal: RexLiteral, type: LogicalType): RexLiteral {
  const fits =
    (isTimestamp(type) && literal.type.root === type.root) ||
    (rex.options.listed !== true &&
      ((literal.type.root === "CHAR" && type.root === "VARCHAR") || (literal.type.root === "INT" && /^(BIGINT|DOUBLE)$/.test(type.root))));
  return fits ? { ...literal, type: { ...type, nullable: false, timeAttribute: undefined } } : literal;
}

/** All parts of an AND or OR over the same operand; null when it is more than that, or a single comparison. */
function merge(rex: Rex): Search | null {
  if (rex.kind !== "call") return null;
  const and = rex.fn.name === "AND";
  const parts = and ? conjuncts(rex) : disjuncts(rex);
  const compared = parts.map(comparison);
  const [first] = compared;
  if (first === null || compared.some((part) => part === null || rexDigest(part.operand) !== rexDigest(first.operand))) return null;
  const sets = compared.map((part) => part!.ranges);
  return { operand: first.operand, ranges: (and ? intersectAll : uniteAll)(sets) };
}

/** The conjuncts (or disjuncts) with those over one operand put together, each where its first one stands. */
export function searches(parts: readonly Rex[], and: boolean): (Rex | Search)[] {
  const groups = new Map<string, { operand: Rex; sets: (readonly Range[])[]; count: number; at: number }>();
  const result: (Rex | Search | null)[] = parts.map((part, at) => {
    const compared = comparison(part);
    if (compared === null) return part;
    const key = rexDigest(compared.operand);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, {
        operand: compared.operand,
        sets: [compared.ranges],
        count: part.kind === "call" && (part.fn.name === "AND" || part.fn.name === "OR") ? 2 : 1,
        at,
      });
      return part;
    }
    group.count++;
    group.sets.push(compared.ranges);
    return null;
  });
  for (const { operand, sets, count, at } of groups.values())
    if (count > 1) result[at] = { operand, ranges: (and ? intersectAll : uniteAll)(sets) };
  return result.filter((part) => part !== null);
}

export function isSearch(part: Rex | Search): part is Search {
  return "ranges" in part;
}

function compareLow(a: Bound, b: Bound): number {
  if (a.value === null || b.value === null) return a.value === b.value ? 0 : a.value === null ? -1 : 1;
  const order = compareLiterals(a.value, b.value);
  return order !== 0 ? order : a.closed === b.closed ? 0 : a.closed ? -1 : 1;
}

function compareHigh(a: Bound, b: Bound): number {
  if (a.value === null || b.value === null) return a.value === b.value ? 0 : a.value === null ? 1 : -1;
  const order = compareLiterals(a.value, b.value);
  return order !== 0 ? order : a.closed === b.closed ? 0 : a.closed ? 1 : -1;
}

function compareLiterals(a: RexLiteral, b: RexLiteral): number {
  if (isTimestamp(a.type) && isTimestamp(b.type)) return compareTimestamps(a.value as Timestamp, b.value as Timestamp);
  const [x, y] = [magnitude(a), magnitude(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Decimals are kept in units of their scale. */
function magnitude({ value, type }: RexLiteral): number | string {
  return typeof value === "bigint" ? Number(value) / 10 ** (type.scale ?? 0) : (value as number | string);
}

function isEmpty({ low, high }: Range): boolean {
  if (low.value === null || high.value === null) return false;
  const order = compareLiterals(low.value, high.value);
  return order > 0 || (order === 0 && !(low.closed && high.closed));
}

/** Two by two, so that thousands of sets meet in few steps. Ranges of a set are in order and apart. */
function intersectAll(sets: readonly (readonly Range[])[]): readonly Range[] {
  if (sets.length === 1) return uniteAll(sets);
  const middle = sets.length >> 1;
  return intersect(intersectAll(sets.slice(0, middle)), intersectAll(sets.slice(middle)));
}

function intersect(a: readonly Range[], b: readonly Range[]): readonly Range[] {
  const common: Range[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [x, y] = [a[i], b[j]];
    const range: Range = { low: compareLow(x.low, y.low) >= 0 ? x.low : y.low, high: compareHigh(x.high, y.high) <= 0 ? x.high : y.high };
    if (!isEmpty(range)) common.push(range);
    if (compareHigh(x.high, y.high) <= 0) i++;
    else j++;
  }
  return common;
}

function uniteAll(sets: readonly (readonly Range[])[]): readonly Range[] {
  const sorted = sets.flat().sort((x, y) => compareLow(x.low, y.low));
  const merged: Range[] = [];
  for (const range of sorted) {
    const last = merged[merged.length - 1];
    if (last !== undefined && touches(last.high, range.low)) {
      if (compareHigh(range.high, last.high) > 0) merged[merged.length - 1] = { low: last.low, high: range.high };
    } else {
      merged.push(range);
    }
  }
  return merged;
}

function touches(high: Bound, low: Bound): boolean {
  if (high.value === null || low.value === null) return true;
  const order = compareLiterals(high.value, low.value);
  return order > 0 || (order === 0 && (high.closed || low.closed));
}
