/** What a plan costs as EXPLAIN ESTIMATED_COST tells it (Flink: `FlinkCost`): rows handled, and units without a measure. */
import { doubleToString } from "../../functions/number-text.ts";

export interface Cost {
  readonly rows: number;
  readonly cpu: number;
  readonly io: number;
  readonly network: number;
}

export function costOf(rows: number, cpu: number, { io = 0, network = 0 }: { readonly io?: number; readonly network?: number } = {}): Cost {
  return { rows, cpu, io, network };
}

export function plus(a: Cost, b: Cost): Cost {
  return { rows: a.rows + b.rows, cpu: a.cpu + b.cpu, io: a.io + b.io, network: a.network + b.network };
}

/** No node of a streaming plan asks for memory of its own. */
export function costText({ rows, cpu, io, network }: Cost): string {
  const [r, c, i, n] = [rows, cpu, io, network].map(doubleToString);
  return `{${r} rows, ${c} cpu, ${i} io, ${n} network, 0.0 memory}`;
}
