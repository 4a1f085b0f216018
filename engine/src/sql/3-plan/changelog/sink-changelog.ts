/**
 * What an INSERT's table takes: inserts only, every change, or upserts by its primary key. Upserts whose own key is not the primary key may
 * reach the table in another order than they were made in; then a materializer keeps the rows of each primary key, and since 2.3 the
 * statement has to say what becomes of two rows with one key (ON CONFLICT).
 */
import { SqlError } from "../../1-parse/sql-error.ts";
import { tableName } from "../../catalog/catalog.ts";
import type { PhysicalNode, Sink } from "../physical.ts";
import type { PlanOptions } from "../plan-options.ts";
import { upsertKeys } from "../upsert-keys.ts";
import { describeNode } from "../explain/physical-text.ts";
import { type ModifyKindsOf, refuse } from "./modify-kinds.ts";
import { inferUpdateKinds, type UpdateKind } from "./update-kinds.ts";

export type SinkMode = "append" | "upsert" | "retract";

/** Upserts need a key to be told apart by. */
export function sinkModeOf(node: Sink): SinkMode {
  switch (node.table.sinkMode) {
    case "insert":
      return "append";
    case "upsert":
      return node.primaryKey.length > 0 ? "upsert" : "retract";
    case "all":
    case null:
      return "retract";
  }
}

export function prepareSink(node: Sink, kinds: ModifyKindsOf, options: PlanOptions): PhysicalNode {
  const mode = sinkModeOf(node);
  const input = kinds.get(node.input)!;
  if (mode === "append" && (input.update || input.delete)) {
    const name = `Table sink '${tableName(node.table)}'`;
    refuse(name, input, node.input, (each) => kinds.get(each)!, describeNode, node.span);
  }
  const wanted: readonly UpdateKind[] = !input.update
    ? ["NONE"]
    : mode === "upsert"
      ? hasKeyOfTable(node)
        ? ["ONLY_UPDATE_AFTER", "BEFORE_AND_AFTER"]
        : ["BEFORE_AND_AFTER"]
      : ["BEFORE_AND_AFTER"];
  for (const required of wanted) {
    const planned = inferUpdateKinds(node, required, { kinds });
    if (planned === null || planned.kind !== "Sink") continue;
    return withMaterializer(planned, input.update || input.delete, mode, options);
  }
  throw new SqlError(
    "plan",
    "SQL_CHANGELOG",
    "Can't generate a valid execution plan for the given query: its changelog cannot be written.",
    node.span,
  );
}

/** The rows are updated by the table's primary key, or by a part of it. */
function hasKeyOfTable(node: Sink): boolean {
  return upsertKeys(node.input).some((key) => key.length > 0 && key.every((field) => node.primaryKey.includes(field)));
}

function withMaterializer(node: Sink, changes: boolean, mode: SinkMode, options: PlanOptions): Sink {
  const keys = upsertKeys(node.input);
  const differs = node.primaryKey.length > 0 && changes && !hasKeyOfTable(node) && mode !== "append";
  const needed = options.upsertMaterialize === "FORCE" ? node.primaryKey.length > 0 : options.upsertMaterialize === "AUTO" && differs;
  const inputUpsertKey = keys.length === 0 ? null : keys[0];
  if (needed && node.onConflict === null && options.upsertMaterialize === "AUTO") {
    const persisted = node.table.columns.filter((column) => column.persisted);
    const names = (fields: readonly number[]): string => fields.map((field) => persisted[field].name).join(", ");
    const upsertKey = keys.map((key) => `[${names(key)}]`).join(", ");
    throw new SqlError(
      "validate",
      "SQL_ON_CONFLICT",
      `The query has an upsert key that differs from the primary key of the sink table '${tableName(node.table)}'. Primary key: [${names(node.primaryKey)}], upsert key: ${upsertKey}. This can lead to non-deterministic results when multiple records with different upsert keys map to the same primary key. Please specify an ON CONFLICT clause to define how conflicts should be handled: ON CONFLICT DO DEDUPLICATE (update to the latest record, state intensive, since we need to keep the entire history), or ON CONFLICT DO ERROR (fail on conflict), or ON CONFLICT DO NOTHING (keep first record).`,
      node.span,
      {
        found: upsertKey === "" ? "rows without a key" : `rows identified by ${upsertKey}`,
        expected: `rows identified by [${names(node.primaryKey)}]`,
      },
    );
  }
  return { ...node, upsertMaterialize: needed && node.onConflict !== "ERROR" ? true : needed, inputUpsertKey };
}
