/** The execution plan: what occurs twice is shown once and then referred to, as it runs once. */
import { physicalInputs, type PhysicalNode } from "../physical.ts";
import { EqualNodes, isReusable } from "./equal-nodes.ts";
import { describe } from "./physical-text.ts";
import { treeText } from "./tree-text.ts";

/** A node, or the mark of one that stands elsewhere already. */
interface Shown {
  readonly text: string;
  readonly inputs: readonly Shown[];
}

/** What may run once for several who read it. */
export interface Reuse {
  readonly subPlans: boolean;
  readonly sources: boolean;
}

/** Statements of a set share parts that stand in front of them, as trees of their own. */
export function reusedText(roots: readonly PhysicalNode[], reuse: Reuse): string {
  const equal = new EqualNodes();
  const counts = new Map<number, number>();
  if (reuse.subPlans) for (const root of roots) count(root, equal, counts);
  const isShared = (node: PhysicalNode): boolean =>
    (counts.get(equal.numberOf(node)) ?? 0) > 1 && isReusable(node) && (reuse.sources || node.kind !== "TableSourceScan");
  const ids = new Map<number, number>();
  const show = (node: PhysicalNode): Shown => {
    const own = equal.numberOf(node);
    const shared = isShared(node);
    const known = ids.get(own);
    if (shared && known !== undefined) return { text: `Reused(reference_id=[${known}])`, inputs: [] };
    if (shared) ids.set(own, ids.size + 1);
    const mark = shared ? `(reuse_id=[${ids.get(own)}])` : "";
    return { text: `${describe(node, "execution")}${mark}`, inputs: physicalInputs(node).map(show) };
  };
  const common = roots.length < 2 ? [] : sharedBetween(roots, equal, isShared);
  return [...common, ...roots]
    .map((root) =>
      treeText(
        show(root),
        (shown) => shown.text,
        (shown) => shown.inputs,
      ),
    )
    .join("\n");
}

/** The uppermost nodes that stand in more than one of the trees. */
function sharedBetween(roots: readonly PhysicalNode[], equal: EqualNodes, isShared: (node: PhysicalNode) => boolean): PhysicalNode[] {
  const treesOf = new Map<number, Set<number>>();
  const note = (node: PhysicalNode, tree: number): void => {
    const own = equal.numberOf(node);
    treesOf.set(own, (treesOf.get(own) ?? new Set()).add(tree));
    for (const input of physicalInputs(node)) note(input, tree);
  };
  roots.forEach(note);
  const found = new Map<number, PhysicalNode>();
  const visit = (node: PhysicalNode): void => {
    const own = equal.numberOf(node);
    if (isShared(node) && treesOf.get(own)!.size > 1) {
      if (!found.has(own)) found.set(own, node);
      return;
    }
    physicalInputs(node).forEach(visit);
  };
  roots.forEach(visit);
  return [...found.values()];
}

/** Below a shared node nothing is counted twice. */
function count(node: PhysicalNode, equal: EqualNodes, counts: Map<number, number>): void {
  const own = equal.numberOf(node);
  const before = counts.get(own) ?? 0;
  counts.set(own, before + 1);
  if (before > 0 && isReusable(node)) return;
  for (const input of physicalInputs(node)) count(input, equal, counts);
}
