/** The end of an INSERT: which rows the table takes, and in which order changes of one key reach it. */
import type { Sink as LogicalSink } from "../2-analyze/rel.ts";
import { INSERTS } from "./build.ts";
import type { PhysicalNode, Sink } from "./physical.ts";
import type { Planner } from "./planner.ts";

export function planSink(planner: Planner, rel: LogicalSink): PhysicalNode {
  const persisted = rel.table.columns.flatMap((column, i) => (column.persisted ? [i] : []));
  const node: Sink = {
    kind: "Sink",
    input: planner.materialized(planner.plan(rel.input)),
    table: rel.table,
    primaryKey: rel.table.primaryKey.map((column) => persisted.indexOf(column)),
    upsertMaterialize: false,
    inputUpsertKey: null,
    onConflict: rel.onConflict,
    targets: rel.targets ?? null,
    columns: rel.columns,
    changelog: INSERTS,
    span: rel.span,
  };
  return node;
}
