/**
 * Columns by which a changelog's updates find their row (Flink: `FlinkRelMdUpsertKeys`): a unique key that also stays with its row on the way,
 * so that a +U replaces the row of the same key. A node may have several; the smallest is used.
 */
import type { PhysicalNode } from "./physical.ts";
import { containsKey, type Keys, multiJoinKeys, uniqueKeys } from "./unique-keys.ts";

export function upsertKeys(node: PhysicalNode): Keys {
  switch (node.kind) {
    case "Exchange": {
      // Rows of one key must not come from different subtasks in any order.
      const below = upsertKeys(node.input);
      const { distribution } = node;
      return distribution.kind === "single" ? below : below.filter((key) => distribution.keys.every((field) => key.includes(field)));
    }
    case "Calc": {
      // Flink looks no further when nothing of the input is handed on, not even for the key of a single row.
      if (!node.projection.some((expr) => expr.kind === "input")) return [];
      const place = (field: number): number => node.projection.findIndex((expr) => expr.kind === "input" && expr.index === field);
      return upsertKeys(node.input)
        .map((key) => key.map(place))
        .filter((key) => !key.includes(-1));
    }
    case "Join": {
      const left = upsertKeys(node.left);
      if (node.joinType === "semi" || node.joinType === "anti")
        return left.filter((key) => node.leftKeys.every((field) => key.includes(field)));
      const width = node.left.columns.length;
      const right = upsertKeys(node.right).map((key) => key.map((field) => field + width));
      const leftUnique = containsKey(node.leftKeys, upsertKeys(node.left));
      const rightUnique = containsKey(node.rightKeys, upsertKeys(node.right));
      const keys: (readonly number[])[] = [];
      const leftKept = left.filter((key) => node.leftKeys.every((field) => key.includes(field)));
      const rightKept = right.filter((key) => node.rightKeys.every((field) => key.includes(field + width)));
      if (rightUnique && (node.joinType === "inner" || node.joinType === "left")) keys.push(...leftKept);
      if (leftUnique && (node.joinType === "inner" || node.joinType === "right")) keys.push(...rightKept);
      for (const a of left) for (const b of right) keys.push([...a, ...b]);
      return keys;
    }
    case "MultiJoin":
      return multiJoinKeys(node, upsertKeys);
    case "TemporalJoin":
      return upsertKeys(node.left);
    case "LookupJoin":
      return uniqueKeys(node).length === 0 ? [] : upsertKeys(node.input);
    case "WatermarkAssigner":
    case "MiniBatchAssigner":
    case "DropUpdateBefore":
    case "Limit":
    case "SortLimit":
    case "TemporalSort":
    case "OverAggregate":
    case "Sink":
      return upsertKeys(node.input);
    case "Rank": {
      if (node.range.start === 1 && node.range.end === 1) return [node.partition];
      const below = upsertKeys(node.input);
      return node.outputRank ? [[...node.partition, node.columns.length - 1], ...below] : below;
    }
    default:
      return uniqueKeys(node);
  }
}

export function smallestUpsertKey(node: PhysicalNode): readonly number[] | null {
  const keys = upsertKeys(node);
  return keys.length === 0 ? null : keys.reduce((best, key) => (key.length < best.length ? key : best));
}
