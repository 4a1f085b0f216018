/** What a node costs by itself (Flink: `computeSelfCost` of the `StreamPhysical…` nodes). */
import { type Cost, costOf } from "./cost.ts";
import type { Exchange, PhysicalNode } from "../physical.ts";
import type { Rex } from "../../2-analyze/rex.ts";
import { rowCount } from "./row-count.ts";
import { rowSize } from "./row-size.ts";

const HASH_PER_KEY = 8;
const SINGLETON = 1;
const SERIALIZE = 160;
/** An unbounded join is charged by its inputs alone. */
const PER_STREAM = 100;

export function selfCost(node: PhysicalNode): Cost {
  switch (node.kind) {
    case "TableSourceScan": {
      const rows = rowCount(node);
      return costOf(rows, rows, { io: rows * rowSize(node) });
    }
    case "Values":
      return costOf(rowCount(node), 1);
    case "Calc": {
      const rows = rowCount(node);
      return costOf(rows, rows * node.projection.filter(isComputed).length);
    }
    case "Exchange":
      return exchangeCost(node);
    case "Expand": {
      const rows = rowCount(node.input) * node.projects.length;
      return costOf(rows, rows);
    }
    case "OverAggregate": {
      const rows = rowCount(node);
      return costOf(rows, (rows * (node.columns.length - 1)) / node.input.columns.length);
    }
    case "Rank":
    case "WindowRank": {
      const rows = rowCount(node.input);
      return costOf(rows, rows);
    }
    case "SortLimit":
      return sortCost(node, { sorted: true, offset: node.offset, fetch: node.fetch });
    case "Limit":
      return sortCost(node, { sorted: false, offset: node.offset, fetch: node.fetch });
    case "TemporalSort":
      return sortCost(node, { sorted: true, offset: 0, fetch: null });
    case "Join":
      return costOf(2 * PER_STREAM, 2 * PER_STREAM);
    case "IntervalJoin":
    case "WindowJoin":
    case "TemporalJoin":
      return node.joinType === "semi" ? costOf(1, 1) : costOf(rowCount(node), 0);
    case "ProcessTableFunction": {
      if (node.fn.aggregate !== undefined) break;
      const rate = PER_STREAM * node.inputs.length;
      return costOf(rate, rate);
    }
    default:
  }
  const rows = rowCount(node);
  return costOf(rows, rows);
}

/** Fields, constants and casts cost nothing. */
function isComputed(rex: Rex): boolean {
  return !(rex.kind === "input" || rex.kind === "literal" || (rex.kind === "call" && rex.fn.name === "CAST"));
}

function exchangeCost({ input, distribution }: Exchange): Cost {
  const rows = rowCount(input);
  const perRow = distribution.kind === "single" ? SINGLETON : HASH_PER_KEY * distribution.keys.length;
  return costOf(rows, (perRow + SERIALIZE) * rows, { network: rowSize(input) * rows });
}

interface Sorting {
  readonly sorted: boolean;
  readonly offset: number;
  readonly fetch: number | null;
}

function sortCost(node: Extract<PhysicalNode, { input: PhysicalNode }>, { sorted, offset, fetch }: Sorting): Cost {
  const input = rowCount(node.input);
  if (fetch !== null && fetch <= 0) return costOf(input, 0);
  const read = fetch === null ? input : Math.min(input, offset + fetch);
  const bytes = (3 + node.columns.length) * 4;
  const steps = !sorted ? read : read < Math.E ? input : input * Math.log(read);
  return costOf(read, steps * bytes);
}
