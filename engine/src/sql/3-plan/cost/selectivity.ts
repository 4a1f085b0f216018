/** Which share of a node's rows a predicate over its columns keeps (Flink: `FlinkRelMdSelectivity`). */
import { andOf } from "../../2-analyze/bind-expression.ts";
import { conjuncts, inputsOf, isTrue, type Rex } from "../../2-analyze/rex.ts";
import { isSearch, searches } from "../explain/sarg.ts";
import type { PhysicalNode, Rank, WindowRank } from "../physical.ts";
import { isComparison } from "./comparison.ts";
import { predicateSelectivity } from "./predicate-selectivity.ts";
import { artificialShare } from "./pseudo-functions.ts";
import { rowCount } from "./row-count.ts";
import { semiJoinSelectivity } from "./semi-join.ts";

/** @param predicate null = all rows */
export function selectivity(node: PhysicalNode, predicate: Rex | null): number {
  if (predicate === null || isTrue(predicate)) return 1;
  switch (node.kind) {
    case "TableSourceScan":
    case "Calc":
    case "WindowTableFunction":
      return estimated(node, predicate);
    case "Expand":
      return inputsOf(predicate).has(node.columns.length - 1) ? guessedSelectivity(predicate) : selectivity(node.input, predicate);
    case "Exchange":
    case "SortLimit":
    case "Limit":
    case "TemporalSort":
      return selectivity(node.input, predicate);
    case "Rank":
    case "WindowRank": {
      const { below, above } = splitOnRank(node, predicate);
      return selectivity(node.input, below) * (above === null ? 1 : estimated(node, above));
    }
    case "Join":
    case "IntervalJoin":
    case "WindowJoin":
    case "TemporalJoin":
      if (node.joinType !== "semi" && node.joinType !== "anti") return estimated(node, predicate);
      return selectivity(node.left, andOf([semiJoinSelectivity(node), predicate]));
    case "Union": {
      const rows = node.inputs.map(rowCount);
      const kept = node.inputs.map((input, i) => selectivity(input, predicate) * rows[i]);
      const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b);
      return sum(rows) < 1 ? sum(kept) : sum(kept) / sum(rows);
    }
    default:
      return guessedSelectivity(predicate);
  }
}

function estimated(node: PhysicalNode, predicate: Rex): number {
  return predicateSelectivity(node, predicate) ?? guessedSelectivity(predicate);
}

/** Without a look at the node (Calcite: `RelMdUtil.guessSelectivity`). */
export function guessedSelectivity(predicate: Rex | null): number {
  if (predicate === null || isTrue(predicate)) return 1;
  let guess = 1;
  let artificial = 1;
  for (const part of searches(conjuncts(predicate), true)) {
    if (isSearch(part)) {
      const [only] = part.ranges;
      const isPoint = part.ranges.length === 1 && only.low.value !== null && only.low.value.value === only.high.value?.value;
      const isBound = part.ranges.length === 1 && (only.low.value === null) !== (only.high.value === null);
      guess *= isPoint ? 0.15 : isBound ? 0.5 : 0.25;
      continue;
    }
    const share = artificialShare(part);
    if (share !== null) artificial *= share;
    else if (part.kind === "call" && part.fn.name === "IS NOT NULL") guess *= 0.9;
    else if (isComparison(part)) guess *= part.fn.name === "=" ? 0.15 : 0.5;
    else guess *= 0.25;
  }
  return guess * artificial;
}

/** What speaks of the rank, and what does not; null = nothing. */
export function splitOnRank(node: Rank | WindowRank, predicate: Rex): { readonly below: Rex | null; readonly above: Rex | null } {
  const width = node.input.columns.length;
  if (!node.outputRank) return { below: predicate, above: null };
  const parts = conjuncts(predicate);
  const isAbove = (part: Rex): boolean => [...inputsOf(part)].some((field) => field >= width);
  const joined = (list: readonly Rex[]): Rex | null => (list.length === 0 ? null : andOf([...list]));
  return { below: joined(parts.filter((part) => !isAbove(part))), above: joined(parts.filter(isAbove)) };
}
