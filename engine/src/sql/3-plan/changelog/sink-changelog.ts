/**
 * What an INSERT's table takes: inserts only, every change, or upserts by its primary key. Upserts whose own key is not the primary key may
 * reach the table in another order than they were made in; then a materializer keeps the rows of each primary key, and since 2.3 the
 * statement has to say what becomes of two rows with one key (ON CONFLICT).
 */
import { SqlError } from "../../1-parse/sql-error.ts";
import { type CatalogTable, tableName } from "../../catalog/catalog.ts";
import { physicalInputs, type PhysicalNode, type Sink } from "../physical.ts";
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
  checkConflictClause(node, input.update || input.delete);
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
  return upsertKeys(node.input).some((key) => key.every((field) => node.primaryKey.includes(field)));
}

function scannedTables(node: PhysicalNode): CatalogTable[] {
  return node.kind === "TableSourceScan" ? [node.table] : physicalInputs(node).flatMap(scannedTables);
}

/** Nothing is known that tells the rows apart, as against: what did has been left out. */
function hasNoKeys(node: PhysicalNode): boolean {
  if (node.kind === "Calc") return hasNoKeys(node.input);
  if (node.kind === "Values") return node.rows.length > 1;
  return node.kind === "TableSourceScan" && upsertKeys(node).length === 0;
}

/** ON CONFLICT is for sinks that take upserts; to do nothing or to fail, rows have to wait for a watermark. */
function checkConflictClause(node: Sink, changes: boolean): void {
  const { onConflict, table, span } = node;
  if (onConflict === null) return;
  if (sinkModeOf(node) === "append" || (!changes && table.alwaysUpserts !== true))
    throw new SqlError(
      "validate",
      "SQL_ON_CONFLICT",
      `ON CONFLICT clause is only allowed for upsert sinks. The sink '${tableName(table)}' is not an upsert sink because it only accepts INSERT (append-only) changes.`,
      span,
    );
  if (onConflict === "DEDUPLICATE") return;
  const without = scannedTables(node.input).filter(({ watermark }) => watermark === null);
  if (without.length === 0) return;
  const names = [...new Set(without.map(tableName))].join(", ");
  throw new SqlError(
    "validate",
    "SQL_ON_CONFLICT",
    `ON CONFLICT DO ${onConflict} requires all source tables to define watermarks, but the following source(s) do not: ${names}. Please add a WATERMARK declaration to these tables.`,
    span,
  );
}

function withMaterializer(node: Sink, changes: boolean, mode: SinkMode, options: PlanOptions): Sink {
  const keys = upsertKeys(node.input);
  // A sink that takes upserts replaces rows by their key, also where the query only inserts.
  const replaces = changes || (mode === "upsert" && node.table.alwaysUpserts === true && node.onConflict !== "DEDUPLICATE");
  const differs = node.primaryKey.length > 0 && replaces && !hasKeyOfTable(node) && mode !== "append";
  const needed = options.upsertMaterialize === "FORCE" ? node.primaryKey.length > 0 : options.upsertMaterialize === "AUTO" && differs;
  const inputUpsertKey = keys.length === 0 ? null : keys[0];
  if (needed && node.onConflict === null && options.upsertMaterialize === "AUTO" && options.requireOnConflict) {
    const persisted = node.table.columns.filter((column) => column.persisted);
    const names = (fields: readonly number[]): string => fields.map((field) => persisted[field].name).join(", ");
    const upsertKey = hasNoKeys(node.input) ? "none" : keys.map((key) => `[${names(key)}]`).join(", ");
    throw new SqlError(
      "validate",
      "SQL_ON_CONFLICT",
      `The query has an upsert key that differs from the primary key of the sink table '${tableName(node.table)}'. Primary key: [${names(node.primaryKey)}], upsert key: ${upsertKey}. This can lead to non-deterministic results when multiple records with different upsert keys map to the same primary key. Please specify an ON CONFLICT clause to define how conflicts should be handled: ON CONFLICT DO DEDUPLICATE (update to the latest record, state intensive, since we need to keep the entire history), or ON CONFLICT DO ERROR (fail on conflict), or ON CONFLICT DO NOTHING (keep first record).`,
      node.span,
      {
        found: keys.length === 0 ? "rows without a key" : `rows identified by ${upsertKey}`,
        expected: `rows identified by [${names(node.primaryKey)}]`,
      },
    );
  }
  return { ...node, upsertMaterialize: needed && node.onConflict !== "ERROR" ? true : needed, inputUpsertKey };
}
