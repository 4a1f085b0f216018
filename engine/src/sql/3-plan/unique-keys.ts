/** Which columns identify a row of a node's result (Flink: `FlinkRelMdUniqueKeys`), as sorted lists; an empty one = at most one row. */
import type { Rex } from "../2-analyze/rex.ts";
import type { MultiJoin, PhysicalNode } from "./physical.ts";

export type Keys = readonly (readonly number[])[];

const KNOWN = new WeakMap<PhysicalNode, Keys>();

export function uniqueKeys(node: PhysicalNode): Keys {
  const known = KNOWN.get(node);
  if (known !== undefined) return known;
  const keys = derive(node);
  KNOWN.set(node, keys);
  return keys;
}

export function containsKey(fields: readonly number[], keys: Keys): boolean {
  return keys.some((key) => key.every((field) => fields.includes(field)));
}

function derive(node: PhysicalNode): Keys {
  switch (node.kind) {
    case "TableSourceScan": {
      const key = node.table.primaryKey.map((column) => node.fields.indexOf(column));
      return key.length === 0 || key.includes(-1) ? [] : [key];
    }
    case "Calc":
      return node.projection.length === 0 ? [] : throughProjection(uniqueKeys(node.input), node.projection);
    case "Exchange":
    case "WatermarkAssigner":
    case "MiniBatchAssigner":
    case "DropUpdateBefore":
    case "Limit":
    case "SortLimit":
    case "TemporalSort":
    case "OverAggregate":
    case "Sink":
      return uniqueKeys(node.input);
    case "ChangelogNormalize":
      return [node.keys];
    case "GroupAggregate":
      return node.phase === "LOCAL" || node.phase === "INCREMENTAL" ? [] : [node.keys.map((_, i) => i)];
    case "WindowAggregate": {
      if (node.phase === "LOCAL") return [];
      const base = node.keys.length + node.calls.length;
      const bounds = node.properties.flatMap(({ property }, i) => (property === "time" ? [] : [base + i]));
      return bounds.length < 2 ? [] : [[...node.keys.map((_, i) => i), ...bounds]];
    }
    case "GroupWindowAggregate": {
      if (!node.properties) return [];
      const base = node.keys.length + node.calls.length;
      const keys = node.keys.map((_, i) => i);
      return [
        [...keys, base],
        [...keys, base + 1],
      ];
    }
    case "ProcessTableFunction":
      return node.fn.changelog(node.args) === "upsert" ? [node.through.map((_, i) => i)] : [];
    case "Rank": {
      if (node.range.start === 1 && node.range.end === 1) return [node.partition, ...uniqueKeys(node.input)];
      const below = uniqueKeys(node.input);
      return node.outputRank ? [[...node.partition, node.columns.length - 1], ...below] : below;
    }
    case "WindowDeduplicate":
      return [[...node.partition, node.windowing.origin.start, node.windowing.origin.end]];
    case "WindowRank":
      return uniqueKeys(node.input);
    case "Join":
    case "IntervalJoin":
    case "WindowJoin": {
      const left = uniqueKeys(node.left);
      if (node.joinType === "semi" || node.joinType === "anti") return left;
      const width = node.left.columns.length;
      const right = uniqueKeys(node.right).map((key) => key.map((field) => field + width));
      const leftUnique = containsKey(node.leftKeys, left);
      const rightUnique = containsKey(node.rightKeys, uniqueKeys(node.right));
      const keys: (readonly number[])[] = [];
      // A side's key still identifies the row when a row of it meets at most one of the other side.
      if (rightUnique && (node.joinType === "inner" || node.joinType === "left")) keys.push(...left);
      if (leftUnique && (node.joinType === "inner" || node.joinType === "right")) keys.push(...right);
      for (const a of left) for (const b of right) keys.push([...a, ...b]);
      return keys;
    }
    case "MultiJoin":
      return multiJoinKeys(node, uniqueKeys);
    case "TemporalJoin":
      return uniqueKeys(node.left);
    case "LookupJoin":
      return containsKey(
        node.keys.map((key) => key.column),
        node.table.primaryKey.length === 0 ? [] : [node.table.primaryKey],
      )
        ? uniqueKeys(node.input)
        : [];
    default:
      return [];
  }
}

function throughProjection(keys: Keys, projection: readonly Rex[]): Keys {
  const place = (field: number): number => projection.findIndex((expr) => expr.kind === "input" && expr.index === field);
  return keys.map((key) => key.map(place)).filter((key) => !key.includes(-1));
}

/** As of one join above the other, from the first input on. */
export function multiJoinKeys({ inputs, types, keyPairs }: MultiJoin, keysOf: (input: PhysicalNode) => Keys): Keys {
  const begins = [0];
  for (const { columns } of inputs) begins.push(begins[begins.length - 1] + columns.length);
  return types.reduce((left: Keys, type, i): Keys => {
    const own = keysOf(inputs[i + 1]);
    const right = own.map((key) => key.map((field) => field + begins[i + 1]));
    const pairs = keyPairs[i];
    const leftFields = pairs.map(({ earlier }) => begins[earlier.input] + earlier.field);
    const rightUnique = containsKey(
      pairs.map((pair) => pair.own.field),
      own,
    );
    return [
      ...(rightUnique ? left : []),
      ...(containsKey(leftFields, left) && type === "inner" ? right : []),
      ...left.flatMap((a) => right.map((b) => [...a, ...b])),
    ];
  }, keysOf(inputs[0]));
}
