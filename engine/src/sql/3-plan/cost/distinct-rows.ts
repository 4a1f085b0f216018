/** How many different values columns have in the rows that a predicate keeps; null = not known (Flink: `FlinkRelMdDistinctRowCount`). */
import { andOf } from "../../2-analyze/bind-expression.ts";
import { conjuncts, inputsOf, isTrue, type Rex, rexDigest, shiftInputs, substituteInputs } from "../../2-analyze/rex.ts";
import type { Calc, Expand, PhysicalNode, Rank, WindowRank } from "../physical.ts";
import type { TwoSided } from "./join-condition.ts";
import { rankCount, rowCount } from "./row-count.ts";
import { rowSize } from "./row-size.ts";
import { guessedSelectivity, selectivity, splitOnRank } from "./selectivity.ts";
import { semiJoinSelectivity } from "./semi-join.ts";
import { areColumnsUnique, ascending } from "./unique-columns.ts";

/** @param columns in ascending order */
export function distinctRows(node: PhysicalNode, columns: readonly number[], predicate: Rex | null): number | null {
  const rows = estimate(node, columns, predicate);
  return rows === null ? null : Math.max(1, rows);
}

function isAll(predicate: Rex | null): boolean {
  return predicate === null || isTrue(predicate);
}

function estimate(node: PhysicalNode, columns: readonly number[], predicate: Rex | null): number | null {
  const single = columns.length === 0 && isAll(predicate);
  switch (node.kind) {
    case "TableSourceScan":
      if (single) return 1;
      if (areColumnsUnique(node, columns) === true) return rowCount(node) * selectivity(node, predicate);
      return columns.length === 0 ? thinned(rowCount(node), 1, selectivity(node, predicate)) : null;
    case "Values": {
      if (single) return 1;
      const half = rowCount(node) / 2;
      return distinctValues(half, half * guessedSelectivity(predicate));
    }
    case "Calc":
      return single ? 1 : ofCalc(node, columns, predicate);
    case "Expand":
      return ofExpand(node, columns, predicate);
    case "Exchange":
      return distinctRows(node.input, columns, predicate);
    case "SortLimit":
    case "Limit":
    case "TemporalSort": {
      const below = distinctRows(node.input, columns, predicate);
      return below === null ? null : Math.min(below, rowCount(node));
    }
    case "Rank":
    case "WindowRank":
      return ofRank(node, columns, predicate);
    case "Join":
    case "IntervalJoin":
    case "WindowJoin":
    case "TemporalJoin":
      return single ? 1 : ofJoin(node, columns, predicate);
    case "Union":
      return node.inputs
        .map((input) => distinctRows(input, columns, predicate))
        .reduce((sum, rows) => (sum === null || rows === null ? null : sum + rows), 0);
    default:
      return areColumnsUnique(node, columns) === true ? rowCount(node) * selectivity(node, predicate) : null;
  }
}

function union(a: Rex | null, b: Rex | null): Rex | null {
  const parts = [a, b].flatMap((rex) => (rex === null ? [] : conjuncts(rex)));
  const known = new Map(parts.map((part) => [rexDigest(part), part]));
  return known.size === 0 ? null : andOf([...known.values()]);
}

/** Which columns are fields of the input, and what computes the others. */
export function splitFields(projection: readonly Rex[], columns: readonly number[]): { fields: number[]; expressions: Rex[] } {
  const rexes = columns.map((column) => projection[column]);
  return {
    fields: ascending(rexes.flatMap((rex) => (rex.kind === "input" ? [rex.index] : []))),
    expressions: rexes.filter((rex) => rex.kind !== "input"),
  };
}

function ofCalc(node: Calc, columns: readonly number[], predicate: Rex | null): number | null {
  const { fields, expressions } = splitFields(node.projection, columns);
  const below = predicate === null ? null : substituteInputs(predicate, node.projection);
  let rows = distinctRows(node.input, fields, union(node.condition, below));
  if (rows === null || expressions.length === 0) return rows;
  for (const expression of expressions) {
    const values = expressionValues(node, expression);
    if (values === null) return null;
    rows *= values;
  }
  return distinctValues(rows, rowCount(node));
}

const PLUS_MINUS = new Set(["+", "-"]);
const TIMES_DIVIDE = new Set(["*", "/"]);

/** How many values an expression over the input of a Calc has. */
export function expressionValues(node: Calc, rex: Rex): number | null {
  if (rex.kind === "input") {
    const rows = distinctRows(node.input, [rex.index], node.condition);
    return rows === null ? null : distinctValues(rows, rowSize(node));
  }
  if (rex.kind === "literal") return distinctValues(1, rowSize(node));
  if (rex.kind !== "call") return null;
  const values = ofCall(node, rex.fn.name, rex.args);
  return values === null ? null : distinctValues(values, rowCount(node));
}

function ofCall(node: Calc, name: string, args: readonly Rex[]): number | null {
  if (args.length === 1) return expressionValues(node, args[0]);
  if (args.length !== 2 || !(PLUS_MINUS.has(name) || TIMES_DIVIDE.has(name))) return rowCount(node) / 10;
  const [a, b] = args.map((arg) => expressionValues(node, arg));
  return a === null || b === null ? null : PLUS_MINUS.has(name) ? Math.max(a, b) : a * b;
}

function ofExpand(node: Expand, columns: readonly number[], predicate: Rex | null): number | null {
  const id = node.columns.length - 1;
  const kept = predicate === null ? [] : conjuncts(predicate).filter((part) => !inputsOf(part).has(id));
  const below = kept.length === 0 ? null : andOf(kept);
  if (!columns.includes(id)) return distinctRows(node.input, columns, below);
  let sum = 0;
  for (const project of node.projects) {
    const fields = columns.flatMap((column) => {
      const rex = project[column];
      return column !== id && rex.kind === "input" ? [rex.index] : [];
    });
    const rows = distinctRows(node.input, ascending(fields), below);
    if (rows === null) return null;
    sum += rows;
  }
  return sum;
}

function ofRank(node: Rank | WindowRank, columns: readonly number[], predicate: Rex | null): number | null {
  const rank = node.outputRank ? node.columns.length - 1 : -1;
  const { below, above } = predicate === null ? { below: null, above: null } : splitOnRank(node, predicate);
  const rest = columns.filter((column) => column !== rank);
  const rows = rest.length === 0 ? 1 : distinctRows(node.input, rest, below);
  if (rows === null) return null;
  const ranks = columns.includes(rank) ? rankCount(node.kind === "Rank" ? node.range : node) : 1;
  return thinned(rowCount(node), rows * ranks, above === null ? 1 : selectivity(node, above));
}

function ofJoin(node: TwoSided, columns: readonly number[], predicate: Rex | null): number | null {
  if (node.joinType === "semi" || node.joinType === "anti")
    return distinctRows(node.left, columns, union(semiJoinSelectivity(node), predicate));
  const width = node.left.columns.length;
  const parts = predicate === null ? [] : conjuncts(predicate);
  const ofSide = (isSide: (field: number) => boolean): Rex | null => {
    const own = parts.filter((part) => [...inputsOf(part)].every(isSide));
    return own.length === 0 ? null : andOf(own);
  };
  const leftMayMiss = node.joinType === "right" || node.joinType === "full";
  const rightMayMiss = node.joinType === "left" || node.joinType === "full";
  const rightPredicate = rightMayMiss ? null : ofSide((field) => field >= width);
  const left = distinctRows(
    node.left,
    columns.filter((column) => column < width),
    leftMayMiss ? null : ofSide((field) => field < width),
  );
  const right = distinctRows(
    node.right,
    columns.filter((column) => column >= width).map((column) => column - width),
    rightPredicate === null ? null : shiftInputs(rightPredicate, -width),
  );
  return left === null || right === null ? null : distinctValues(left * right, rowCount(node));
}

/** What is left of different values when a share of the rows is. */
function thinned(rows: number, distinct: number, share: number): number {
  const values = Math.min(distinct, rows);
  return Math.max((1 - (1 - share) ** (rows / values)) * values, 1);
}

/** How many of `domain` values turn up in `selected` draws (Calcite: `RelMdUtil.numDistinctVals`, Flink for very large domains). */
export function distinctValues(domain: number, selected: number): number {
  if (domain <= 0) return 0;
  const values = Math.abs(1 / domain) < 1e-9 || domain < 1 ? (1 - Math.exp((-1 * selected) / domain)) * domain : drawn(domain, selected);
  return Math.max(0, Math.min(values, domain, selected));
}

/** domain × (1 − (1 − 1/domain)^selected); as a series where that would lose digits. */
function drawn(domain: number, selected: number): number {
  let terms = 33;
  if (domain > 10) {
    terms = 1;
    for (let power = domain; power / selected <= 1e16; power *= power) terms *= 2;
  }
  if (terms > 32) return (1 - Math.exp(selected * Math.log(1 - 1 / domain))) * domain;
  if (terms > 1) {
    let exponent = 0;
    for (let i = 1, power = domain; i <= terms; i++, power *= domain) exponent -= selected / power / i;
    return (1 - Math.exp(exponent)) * domain;
  }
  let sum = 0;
  for (let i = 1, power = selected, size = 1, factorial = 1, sign = 1; i < 5; i++) {
    sum += (sign * power) / factorial / size;
    power *= selected;
    size *= domain;
    factorial *= i + 1;
    sign = -sign;
  }
  return sum;
}
