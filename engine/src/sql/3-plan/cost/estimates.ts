/**
 * Rows and costs of the nodes of a plan, for EXPLAIN ESTIMATED_COST.
 *
 * Problem: Flink prints for each node how many rows it expects and what the tree below costs. None of our tables has statistics, so all
 * of it follows from the shape of the plan and a few constants: a source has 1E8 rows, `a = 1` keeps 15 % of them, a key is unique.
 * Approach: Calcite's, one question per file, asked recursively from node to node: how many rows (`row-count.ts`), which share of them a
 * condition keeps (`selectivity.ts`, `predicate-selectivity.ts`), how many different values (`distinct-rows.ts`), whether columns are
 * unique (`unique-columns.ts`), within which bounds a column lies (`value-interval.ts`), how many bytes a row has (`row-size.ts`). null
 * everywhere means that nothing is known. What a node costs itself: `self-cost.ts`.
 * Limits: the plan is made without looking at costs; nothing here runs unless EXPLAIN asks.
 */
import { doubleToString } from "../../functions/number-text.ts";
import { physicalInputs, type PhysicalNode } from "../physical.ts";
import { type Cost, costText, plus } from "./cost.ts";
import { rowCount } from "./row-count.ts";
import { selfCost } from "./self-cost.ts";

const CUMULATIVE = new WeakMap<PhysicalNode, Cost>();

/** Of the node and everything below it; what two nodes share counts twice. */
export function cumulativeCost(node: PhysicalNode): Cost {
  const known = CUMULATIVE.get(node);
  if (known !== undefined) return known;
  const cost = physicalInputs(node).reduce((sum, input) => plus(sum, cumulativeCost(input)), selfCost(node));
  CUMULATIVE.set(node, cost);
  return cost;
}

/** `rowcount = 1.0E8, cumulative cost = {…}`. */
export function estimateText(node: PhysicalNode): string {
  return `rowcount = ${doubleToString(rowCount(node))}, cumulative cost = ${costText(cumulativeCost(node))}`;
}
