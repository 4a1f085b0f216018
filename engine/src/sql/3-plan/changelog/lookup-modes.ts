/**
 * How lookup joins ask, once their inputs' changelogs are known (Flink: `LookupJoinUtil.isAsyncLookup`, `getMergedAsyncOptions`): asynchronously if the table
 * can and no hint says otherwise, synchronously if that is all it can. Rows may come out in another order than they went in only if that changes no
 * result: when they are inserts, or when the order of each key is kept.
 */
import type { LookupHint } from "../../2-analyze/lookup-hint.ts";
import type { LookupOffer } from "../../catalog/catalog.ts";
import { isInsertOnly } from "../build.ts";
import type { AsyncLookupOptions, LookupJoin, PhysicalNode } from "../physical.ts";
import { upsertKeys } from "../upsert-keys.ts";

/** `table.exec.async-lookup.*`. */
export interface AsyncLookupDefaults {
  readonly capacity: number;
  readonly timeoutMs: number;
  readonly ordered: boolean;
  readonly keyOrdered: boolean;
}

export function withLookupModes(node: PhysicalNode, defaults: AsyncLookupDefaults): PhysicalNode {
  const below = (input: PhysicalNode): PhysicalNode => withLookupModes(input, defaults);
  switch (node.kind) {
    case "TableSourceScan":
    case "Values":
      return node;
    case "Join":
    case "IntervalJoin":
    case "WindowJoin":
    case "TemporalJoin":
      return { ...node, left: below(node.left), right: below(node.right) };
    case "Union":
    case "MultiJoin":
    case "ProcessTableFunction":
      return { ...node, inputs: node.inputs.map(below) };
    case "LookupJoin":
      return settled({ ...node, input: below(node.input) }, defaults);
    default:
      return { ...node, input: below(node.input) };
  }
}

function settled(node: LookupJoin, defaults: AsyncLookupDefaults): LookupJoin {
  const insertOnly = isInsertOnly(node.input.changelog);
  const upsertKey = insertOnly ? null : smallest(upsertKeys(node.input));
  const async = asksAsync(node.table.lookup!, node.hint) ? asyncOptions(node.hint, defaults, insertOnly) : null;
  return { ...node, upsertKey, async };
}

function asksAsync({ sync, async }: LookupOffer, hint: LookupHint | null): boolean {
  return hint?.async === false ? !sync : async;
}

function asyncOptions(hint: LookupHint | null, defaults: AsyncLookupDefaults, insertOnly: boolean): AsyncLookupOptions {
  const allowsUnordered = !(hint?.ordered ?? defaults.ordered);
  return {
    ordered: !(allowsUnordered && insertOnly),
    keyOrdered: defaults.keyOrdered && allowsUnordered && !insertOnly,
    timeoutMs: hint?.timeoutMs ?? defaults.timeoutMs,
    capacity: hint?.capacity ?? defaults.capacity,
  };
}

function smallest(keys: readonly (readonly number[])[]): readonly number[] | null {
  return keys.reduce<readonly number[] | null>((best, key) => (best === null || key.length < best.length ? key : best), null);
}
