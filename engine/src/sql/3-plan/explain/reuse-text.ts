/** The execution plan: what occurs twice is shown once and then referred to, as it runs once. */
import { physicalInputs, type PhysicalNode } from "../physical.ts";
import { describe } from "./physical-text.ts";
import { treeText } from "./tree-text.ts";

/** A node, or the mark of one that stands elsewhere already. */
interface Shown {
  readonly text: string;
  readonly inputs: readonly Shown[];
}

export function reusedText(roots: readonly PhysicalNode[]): string {
  const digests = new Map<PhysicalNode, string>();
  const counts = new Map<string, number>();
  for (const root of roots) digest(root, digests);
  for (const root of roots) count(root, digests, counts);
  const ids = new Map<string, number>();
  const show = (node: PhysicalNode): Shown => {
    const own = digests.get(node)!;
    const shared = (counts.get(own) ?? 0) > 1 && isReusable(node);
    const known = ids.get(own);
    if (shared && known !== undefined) return { text: `Reused(reference_id=[${known}])`, inputs: [] };
    if (shared) ids.set(own, ids.size + 1);
    const mark = shared ? `(reuse_id=[${ids.get(own)}])` : "";
    return { text: `${describe(node, "execution")}${mark}`, inputs: physicalInputs(node).map(show) };
  };
  return roots
    .map((root) =>
      treeText(
        show(root),
        (shown) => shown.text,
        (shown) => shown.inputs,
      ),
    )
    .join("\n");
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
