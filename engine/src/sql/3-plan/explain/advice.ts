/** EXPLAIN PLAN_ADVICE: what a setting would change for the better, by the nodes that it concerns, and what may go wrong. */
import { mergeable } from "../plan-aggregate.ts";
import { isInsertOnly } from "../build.ts";
import { nonDeterministicUpdates } from "../non-deterministic-updates.ts";
import { physicalInputs, type PhysicalNode } from "../physical.ts";
import { upsertKeys } from "../upsert-keys.ts";
import { describePhysical } from "./physical-text.ts";
import { treeText } from "./tree-text.ts";
import type { PlanOptions } from "../plan-options.ts";

export interface Advice {
  readonly text: string;
  readonly nodes: ReadonlySet<PhysicalNode>;
}

export function adviceOn(roots: readonly PhysicalNode[], options: PlanOptions): readonly Advice[] {
  return [...twoPhaseAdvice(roots, options), ...roots.flatMap(determinismWarning)];
}

function determinismWarning(root: PhysicalNode): readonly Advice[] {
  const found = nonDeterministicUpdates(root);
  if (found === null) return [];
  const plan = treeText(found.node, describeWithKeys, physicalInputs);
  return [{ text: `[WARNING] ${found.message}\n\nrelated rel plan:\n${plan}`, nodes: new Set() }];
}

function describeWithKeys(node: PhysicalNode): string {
  const text = describePhysical(node, { changelogMode: true, estimatedCost: false, adviceOf: () => null });
  const keys = isInsertOnly(node.changelog) ? [] : upsertKeys(node);
  if (keys.length === 0) return text;
  const names = keys.map((key) => `[${key.map((field) => node.columns[field].name).join(", ")}]`);
  return `${text.slice(0, -1)}, upsertKeys=[${names.join(", ")}])`;
}

function twoPhaseAdvice(roots: readonly PhysicalNode[], options: PlanOptions): readonly Advice[] {
  const nodes = new Set(roots.flatMap((root) => [...nodesOf(root)]).filter(couldMergeFirst));
  if (nodes.size === 0) return [];
  const settings = [
    ...(options.aggregatePhase === "ONE_PHASE" ? ["'table.optimizer.agg-phase-strategy' to 'AUTO'"] : []),
    ...(options.miniBatch === null ? ["'table.exec.mini-batch.enabled' to 'true'"] : []),
    ...((options.miniBatch?.latencyMs ?? 0) <= 0 ? ["'table.exec.mini-batch.allow-latency' to a positive long value"] : []),
    ...((options.miniBatch?.size ?? 0) <= 0 ? ["'table.exec.mini-batch.size' to a positive long value"] : []),
  ];
  const text = `You might want to enable local-global two-phase optimization by configuring (${settings.join(", ")}).`;
  return [{ text: `[ADVICE] ${text}`, nodes }];
}

function* nodesOf(node: PhysicalNode): Generator<PhysicalNode> {
  yield node;
  for (const input of physicalInputs(node)) yield* nodesOf(input);
}

/** An aggregation behind an exchange, of which a part can be computed before it. */
function couldMergeFirst(node: PhysicalNode): boolean {
  return node.kind === "GroupAggregate" && node.phase === "SINGLE" && node.input.kind === "Exchange" && mergeable(node.calls);
}
