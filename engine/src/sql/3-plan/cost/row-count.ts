/** How many rows a node is expected to give, at least one (Flink: `FlinkRelMdRowCount`). */
import type { WindowSpecification } from "../../2-analyze/rel.ts";
import { isTrue } from "../../2-analyze/rex.ts";
import type { PhysicalNode, Rank, WindowRank } from "../physical.ts";
import { distinctRows } from "./distinct-rows.ts";
import { equiCondition, joinCondition, type TwoSided } from "./join-condition.ts";
import { selectivity } from "./selectivity.ts";
import { semiJoinSelectivity } from "./semi-join.ts";
import { areColumnsUnique, ascending } from "./unique-columns.ts";
import { meet, valueInterval } from "./value-interval.ts";

/** Of a table without statistics. */
const SOURCE_ROWS = 1e8;
/** Of a Top-N whose bound is a column. */
const UNKNOWN_RANKS = 100;
const RANKS_WITHOUT_GROUPS = 0.1;

const KNOWN = new WeakMap<PhysicalNode, number>();

export function rowCount(node: PhysicalNode): number {
  const known = KNOWN.get(node);
  if (known !== undefined) return known;
  const rows = Math.max(1, Math.min(estimate(node), Number.MAX_VALUE));
  KNOWN.set(node, rows);
  return rows;
}

function estimate(node: PhysicalNode): number {
  switch (node.kind) {
    case "TableSourceScan":
      return SOURCE_ROWS;
    case "Values":
      return node.rows.length;
    case "Calc":
      return rowCount(node.input) * selectivity(node.input, node.condition);
    case "Expand":
      return rowCount(node.input) * node.projects.length;
    case "Rank":
    case "WindowRank":
      return rankRows(node);
    case "SortLimit":
    case "Limit":
      return Math.min(node.fetch, Math.max(rowCount(node.input) - node.offset, 0));
    case "WindowTableFunction":
      return rowCount(node.input) * windowsPerRow(node.windowing.spec);
    case "Join":
    case "IntervalJoin":
    case "WindowJoin":
    case "TemporalJoin":
      return joinRows(node);
    case "Union":
      return node.inputs.reduce((sum, input) => sum + rowCount(input), 0);
    case "MultiJoin":
      return 1;
    case "ProcessTableFunction":
      return node.fn.aggregate === undefined ? 1 : rowCount(node.inputs[0]);
    default:
      return rowCount(node.input);
  }
}

export function rankCount({ start, end }: Pick<Rank["range"], "start" | "end">): number {
  return typeof end === "number" ? end - start + 1 : UNKNOWN_RANKS;
}

function rankRows(node: Rank | WindowRank): number {
  const perGroup = rankCount(node.kind === "Rank" ? node.range : node);
  const partition = node.kind === "Rank" ? node.partition : node.partition;
  if (partition.length === 0) return perGroup;
  const rows = rowCount(node.input);
  const groups = distinctRows(node.input, ascending(partition), null);
  return Math.min(groups === null ? rows * RANKS_WITHOUT_GROUPS : groups * perGroup, rows);
}

function windowsPerRow(spec: WindowSpecification): number {
  switch (spec.kind) {
    case "tumble":
      return 1;
    case "hop":
      return Math.floor(spec.sizeMs / spec.slideMs);
    case "cumulate":
      return Math.floor(spec.sizeMs / spec.stepMs);
    case "session":
      return spec.gapMs;
  }
}

function joinRows(node: TwoSided): number {
  const [left, right] = [rowCount(node.left), rowCount(node.right)];
  if (node.joinType === "semi" || node.joinType === "anti") return left * selectivity(node.left, semiJoinSelectivity(node));
  if (node.leftKeys.length === 0) return left * right * selectivity(node, joinCondition(node));
  const inner = equiJoinRows(node, left, right);
  switch (node.joinType) {
    case "inner":
      return inner;
    case "left":
      return Math.max(left, inner);
    case "right":
      return Math.max(right, inner);
    case "full":
      return Math.max(left, inner) + Math.max(right, inner) - inner;
  }
}

function equiJoinRows(node: TwoSided, left: number, right: number): number {
  const apart = node.leftKeys.some((key, i) => {
    const [a, b] = [valueInterval(node.left, key), valueInterval(node.right, node.rightKeys[i])];
    return a !== null && b !== null && !meet(a, b);
  });
  if (apart) return 0;
  const [leftKeys, rightKeys] = [ascending(node.leftKeys), ascending(node.rightKeys)];
  const { rest } = equiCondition(node);
  const kept = rest === null || isTrue(rest) ? 1 : selectivity(node, rest);
  const [leftDistinct, rightDistinct] = [distinctRows(node.left, leftKeys, null), distinctRows(node.right, rightKeys, null)];
  if (leftDistinct !== null && rightDistinct !== null) return left * right * Math.min(1, 1 / Math.max(leftDistinct, rightDistinct)) * kept;
  const [leftUnique, rightUnique] = [areColumnsUnique(node.left, leftKeys), areColumnsUnique(node.right, rightKeys)];
  if (leftUnique !== null && rightUnique !== null && (leftUnique || rightUnique))
    return (leftUnique && rightUnique ? Math.min(left, right) : leftUnique ? right : left) * kept;
  return (left + right) * selectivity(node, joinCondition(node));
}
