/** Joins above which something shows in which order their rows come: what keeps a running result shows every row's turn in its updates. */
import { physicalInputs, type PhysicalNode } from "../../3-plan/physical.ts";

const SHOWS_ORDER: ReadonlySet<PhysicalNode["kind"]> = new Set([
  "GroupAggregate",
  "GroupWindowAggregate",
  "OverAggregate",
  "Rank",
  "SortLimit",
  "Limit",
  "ChangelogNormalize",
]);

const JOINS: ReadonlySet<PhysicalNode["kind"]> = new Set(["Join", "IntervalJoin", "MultiJoin"]);

export function joinsWithSeenOrder(root: PhysicalNode): ReadonlySet<PhysicalNode> {
  const found = new Set<PhysicalNode>();
  const visit = (node: PhysicalNode, seen: boolean): void => {
    if (seen && JOINS.has(node.kind)) found.add(node);
    const below = seen || SHOWS_ORDER.has(node.kind);
    for (const input of physicalInputs(node)) visit(input, below);
  };
  visit(root, false);
  return found;
}
