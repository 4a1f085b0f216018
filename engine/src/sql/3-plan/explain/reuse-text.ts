/** The execution plan: what occurs twice is shown once and then referred to, as it runs once. */
import { physicalInputs, type PhysicalNode } from "../physical.ts";
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
  const digests = new Map<PhysicalNode, string>();
  const counts = new Map<string, number>();
  for (const root of roots) digest(root, digests);
  if (reuse.subPlans) for (const root of roots) count(root, digests, counts);
  const isShared = (node: PhysicalNode): boolean =>
    (counts.get(digests.get(node)!) ?? 0) > 1 && isReusable(node) && (reuse.sources || node.kind !== "TableSourceScan");
  const ids = new Map<string, number>();
  const show = (node: PhysicalNode): Shown => {
    const own = digests.get(node)!;
    const shared = isShared(node);
    const known = ids.get(own);
    if (shared && known !== undefined) return { text: `Reused(reference_id=[${known}])`, inputs: [] };
    if (shared) ids.set(own, ids.size + 1);
    const mark = shared ? `(reuse_id=[${ids.get(own)}])` : "";
    return { text: `${describe(node, "execution")}${mark}`, inputs: physicalInputs(node).map(show) };
  };
  const common = roots.length < 2 ? [] : sharedBetween(roots, digests, isShared);
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
function sharedBetween(
  roots: readonly PhysicalNode[],
  digests: ReadonlyMap<PhysicalNode, string>,
  isShared: (node: PhysicalNode) => boolean,
): PhysicalNode[] {
  const treesOf = new Map<string, Set<number>>();
  const note = (node: PhysicalNode, tree: number): void => {
    const own = digests.get(node)!;
    treesOf.set(own, (treesOf.get(own) ?? new Set()).add(tree));
    for (const input of physicalInputs(node)) note(input, tree);
  };
  roots.forEach(note);
  const found = new Map<string, PhysicalNode>();
  const visit = (node: PhysicalNode): void => {
    const own = digests.get(node)!;
    if (isShared(node) && treesOf.get(own)!.size > 1) {
      if (!found.has(own)) found.set(own, node);
      return;
    }
    physicalInputs(node).forEach(visit);
  };
  roots.forEach(visit);
  return [...found.values()];
}

function isReusable(node: PhysicalNode): boolean {
  return node.kind !== "Values" && node.kind !== "Sink";
}

function digest(node: PhysicalNode, digests: Map<PhysicalNode, string>): string {
  const inputs = physicalInputs(node).map((input) => digest(input, digests));
  const table = node.kind === "TableSourceScan" ? node.table.name : "";
  const own = `${table}${describe(node, "execution")}[${inputs.join(",")}]`;
  digests.set(node, own);
  return own;
}

/** Below a shared node nothing is counted twice. */
function count(node: PhysicalNode, digests: ReadonlyMap<PhysicalNode, string>, counts: Map<string, number>): void {
  const own = digests.get(node)!;
  const before = counts.get(own) ?? 0;
  counts.set(own, before + 1);
  if (before > 0 && isReusable(node)) return;
  for (const input of physicalInputs(node)) count(input, digests, counts);
}
