/** Which share of the left rows a semi or anti join keeps (Flink: `FlinkRelMdUtil.makeSemiAntiJoinSelectivityRexNode`). */
import type { Rex } from "../../2-analyze/rex.ts";
import type { PhysicalNode } from "../physical.ts";
import { distinctRows } from "./distinct-rows.ts";
import { equiCondition, type TwoSided } from "./join-condition.ts";
import { populationSize } from "./population-size.ts";
import { artificialPredicate } from "./pseudo-functions.ts";
import { rowCount } from "./row-count.ts";
import { guessedSelectivity } from "./selectivity.ts";
import { ascending } from "./unique-columns.ts";

/** Of an anti join that would keep nothing. */
const SMALLEST_ANTI = 0.1;
const PER_KEY = 0.1;

/** As a predicate, so that it can meet others. */
export function semiJoinSelectivity(node: TwoSided): Rex {
  const matched = (node.leftKeys.length === 0 ? 1 : keyedShare(node)) * guessedSelectivity(equiCondition(node).rest);
  if (node.joinType !== "anti") return artificialPredicate(matched);
  const unmatched = 1 - matched;
  return artificialPredicate(unmatched === 0 ? SMALLEST_ANTI : unmatched);
}

function keyedShare(node: TwoSided): number {
  const [leftKeys, rightKeys] = [ascending(node.leftKeys), ascending(node.rightKeys)];
  const population = populationSize(node.left, leftKeys) ?? populationSize(node.right, rightKeys);
  const distinct = distinctRows(node.right, rightKeys, null);
  const share = distinct !== null && population !== null ? distinct / Math.max(population, 1) : originalShare(node.right);
  return share === null ? PER_KEY ** rightKeys.length : Math.min(share, 1);
}

/** Which share of what the sources gave is left (Flink: `FlinkRelMdPercentageOriginalRows`). */
function originalShare(node: PhysicalNode): number | null {
  switch (node.kind) {
    case "TableSourceScan":
    case "Values":
      return 1;
    case "Expand":
    case "Rank":
    case "WindowRank":
      return originalShare(node.input);
    case "Join":
    case "IntervalJoin":
    case "WindowJoin":
    case "TemporalJoin": {
      const left = originalShare(node.left);
      if (node.joinType === "semi" || node.joinType === "anti") return left;
      const right = originalShare(node.right);
      return left === null || right === null ? null : left * right;
    }
    case "Union": {
      let [kept, original] = [0, 0];
      for (const input of node.inputs) {
        const share = originalShare(input);
        if (share === null || share === 0) continue;
        original += rowCount(input) / share;
        kept += rowCount(input);
      }
      return original === 0 ? 1 : kept / original;
    }
    case "MultiJoin":
      return null;
    case "ProcessTableFunction":
      if (node.inputs.length !== 1) return node.inputs.length === 0 ? 1 : null;
      return throughOne(node, node.inputs[0]);
    default:
      return throughOne(node, node.input);
  }
}

function throughOne(node: PhysicalNode, input: PhysicalNode): number | null {
  const below = originalShare(input);
  if (below === null) return null;
  const share = (rowCount(node) / rowCount(input)) * below;
  return share < 0 || share > 1 ? null : share;
}
