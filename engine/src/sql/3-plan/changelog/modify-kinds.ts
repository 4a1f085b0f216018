/**
 * Pass 1 over the physical tree, from the sources up: which kinds of changes can a node emit at all, and does the node above take them? A node
 * that does not is refused, naming the node that makes the changes, in Flink's words.
 *
 * A filter over an updating aggregation can emit what the aggregation emits; a left join makes updates of inserts, because a padded row may
 * have to be taken back; windows emit each result once, whatever they are fed.
 */
import { SqlError } from "../../1-parse/sql-error.ts";
import type { PhysicalNode } from "../physical.ts";
import { tablesOf } from "../plan-process.ts";

export interface ModifyKinds {
  readonly update: boolean;
  readonly delete: boolean;
}

const INSERT: ModifyKinds = { update: false, delete: false };
const ALL: ModifyKinds = { update: true, delete: true };

/** How a node is called in refusals. */
const NAMES: Partial<Record<PhysicalNode["kind"], string>> = {
  Match: "Match Recognize",
  WindowTableFunction: "Window TableFunction",
  WindowRank: "WindowRank",
  WindowDeduplicate: "WindowDeduplicate",
  WindowJoin: "WindowJoin",
  IntervalJoin: "IntervalJoin",
  TemporalSort: "TemporalSort",
  OverAggregate: "OverAggregate",
};

export type ModifyKindsOf = ReadonlyMap<PhysicalNode, ModifyKinds>;

/**
 * `describe` prints a node as EXPLAIN does, without its changelog mode. A table that takes updates is told of every one, also of those that Flink passes off as
 * inserts (`keepsFirst`): what it holds in the end must not depend on the order in which rows came.
 */
export function inferModifyKinds(root: PhysicalNode, describe: (node: PhysicalNode) => string): ModifyKindsOf {
  const kinds = new Map<PhysicalNode, ModifyKinds>();
  const passesOff = root.kind !== "Sink" || root.table.sinkMode === "insert";
  const visit = (node: PhysicalNode): ModifyKinds => {
    const known = kinds.get(node);
    if (known !== undefined) return known;
    const own = node.kind === "Rank" && !passesOff && keepsFirst(node) ? ranked(node, visit) : derive(node, visit, describe);
    kinds.set(node, own);
    return own;
  };
  visit(root);
  return kinds;
}

function union(all: readonly ModifyKinds[]): ModifyKinds {
  return { update: all.some((kinds) => kinds.update), delete: all.some((kinds) => kinds.delete) };
}

type Visit = (node: PhysicalNode) => ModifyKinds;

function insertsOnly(node: PhysicalNode, input: PhysicalNode, visit: Visit, describe: (node: PhysicalNode) => string): ModifyKinds {
  const kinds = visit(input);
  if (!kinds.update && !kinds.delete) return INSERT;
  refuse(NAMES[node.kind] ?? node.kind, kinds, input, visit, describe, null);
}

export function refuse(
  consumer: string,
  kinds: ModifyKinds,
  producer: PhysicalNode,
  visit: Visit,
  describe: (node: PhysicalNode) => string,
  span: SqlError["span"],
): never {
  const what = kinds.update ? (kinds.delete ? "update and delete" : "update") : "delete";
  const made = producerOf(producer, kinds, visit);
  throw new SqlError(
    "plan",
    "SQL_UPDATES_NOT_SUPPORTED",
    `${consumer} doesn't support consuming ${what} changes which is produced by node ${describe(made)}`,
    span,
    {
      found: `${what} changes`,
      expected: "inserts only",
      hint: consumer.startsWith("Table sink")
        ? "Use a sink with a PRIMARY KEY that takes updates, such as 'upsert-kafka', or aggregate over windows: their results are final."
        : "Aggregate over windows, or keep the first row per key: their results are final.",
    },
  );
}

/** Nodes that pass on what they get are not to blame: the one below them that makes the changes is. */
function producerOf(node: PhysicalNode, kinds: ModifyKinds, visit: Visit): PhysicalNode {
  switch (node.kind) {
    case "Exchange":
    case "Calc":
    case "Correlate":
    case "Expand":
    case "LookupJoin":
    case "WatermarkAssigner":
    case "MiniBatchAssigner":
    case "DropUpdateBefore":
      return producerOf(node.input, kinds, visit);
    case "TemporalJoin":
      return producerOf(node.left, kinds, visit);
    case "Union": {
      const guilty = node.inputs.find((input) => visit(input).update || visit(input).delete);
      return guilty === undefined ? node : producerOf(guilty, kinds, visit);
    }
    default:
      return node;
  }
}

function derive(node: PhysicalNode, visit: Visit, describe: (node: PhysicalNode) => string): ModifyKinds {
  switch (node.kind) {
    case "TableSourceScan":
      return node.table.changelogMode === "insert" ? INSERT : ALL;
    case "Values":
      return INSERT;
    case "ChangelogNormalize":
      visit(node.input);
      return ALL;
    case "GroupAggregate": {
      const input = visit(node.input);
      if (node.phase === "LOCAL" || node.phase === "INCREMENTAL") return INSERT;
      const below = node.phase === "GLOBAL" ? localInput(node, visit) : input;
      return { update: true, delete: below.update || below.delete };
    }
    case "WindowAggregate": {
      const input = visit(node.input);
      return node.phase === "LOCAL" ? input : INSERT;
    }
    case "GroupWindowAggregate":
      visit(node.input);
      return node.emit === null ? INSERT : { update: true, delete: false };
    case "WindowRank":
    case "WindowDeduplicate":
    case "TemporalSort":
    case "Match":
      return insertsOnly(node, node.input, visit, describe);
    case "OverAggregate":
      if (node.orderedBy !== "NONTIME") return insertsOnly(node, node.input, visit, describe);
      visit(node.input);
      return ALL;
    case "Rank": {
      const input = visit(node.input);
      return !input.update && !input.delete && keepsFirst(node) ? INSERT : ALL;
    }
    case "SortLimit":
      visit(node.input);
      return ALL;
    case "Limit": {
      const input = visit(node.input);
      return input.update || input.delete ? ALL : INSERT;
    }
    case "Join": {
      const inputs = union([visit(node.left), visit(node.right)]);
      return node.joinType === "inner" || node.joinType === "semi" ? inputs : ALL;
    }
    case "MultiJoin": {
      const inputs = union(node.inputs.map(visit));
      return node.types.includes("left") ? ALL : inputs;
    }
    case "IntervalJoin":
    case "WindowJoin":
      insertsOnly(node, node.left, visit, describe);
      return insertsOnly(node, node.right, visit, describe);
    case "TemporalJoin":
      visit(node.right);
      return visit(node.left);
    case "Union":
      return union(node.inputs.map(visit));
    case "ProcessTableFunction": {
      const tables = tablesOf(node);
      node.inputs.forEach((input, i) => {
        const kinds = visit(input);
        const takesUpdates = tables[i]?.traits.has("SUPPORT_UPDATES") === true;
        if (!takesUpdates && (kinds.update || kinds.delete)) {
          refuse("StreamPhysicalProcessTableFunction", kinds, input, visit, describe, node.span);
        }
      });
      return node.fn.changelog(node.args) === "insert" ? INSERT : ALL;
    }
    case "Calc":
    case "Exchange":
    case "WindowTableFunction":
    case "WatermarkAssigner":
    case "MiniBatchAssigner":
    case "DropUpdateBefore":
    case "Expand":
    case "Correlate":
    case "LookupJoin":
    case "Sink":
      return visit(node.input);
  }
}

/**
 * The first row of each partition, shown without its rank, counts as a deduplication, whatever it is ordered by; and a deduplication that is not by one
 * descending column as one that keeps its first row, of which there is but one. By time that is so. By other columns a better row may follow: it leaves
 * as +U, and whoever reads inserts only counts it once more, as in Flink.
 */
function keepsFirst({ order, range, outputRank, miniBatch }: Extract<PhysicalNode, { kind: "Rank" }>): boolean {
  const one = range.start === 1 && range.end === 1 && !outputRank && !miniBatch;
  return one && !(order.length === 1 && order[0].descending);
}

/** A Top-1 by what it is; by time it does keep its first row. */
function ranked(node: Extract<PhysicalNode, { kind: "Rank" }>, visit: Visit): ModifyKinds {
  const input = visit(node.input);
  const dedup = node.deduplicate !== null && !input.update && !input.delete;
  return dedup && !node.deduplicate.keepLast && !node.miniBatch ? INSERT : ALL;
}

/** What goes into the first half of an aggregation in two. */
function localInput(node: Extract<PhysicalNode, { kind: "GroupAggregate" }>, visit: Visit): ModifyKinds {
  const local = node.input.kind === "Exchange" ? node.input.input : node.input;
  return local.kind === "GroupAggregate" ? (local.phase === "INCREMENTAL" ? ALL : visit(local.input)) : visit(local);
}
