/** Whether a sink can take the changelog it would get. */
import { SqlError } from "../1-parse/sql-error.ts";
import type { BoundInsert } from "../2-analyze/bind-insert.ts";
import { tableName } from "../catalog/catalog.ts";
import { isInsertOnly, type PhysicalNode } from "./physical.ts";

/** Append-only sinks refuse updates with Flink's own words. */
export function checkSink(insert: BoundInsert, root: PhysicalNode): void {
  if (insert.sink.sinkMode !== "insert" || isInsertOnly(root.changelog)) return;
  const producer = producerOf(root);
  const what = root.changelog.updates ? (root.changelog.deletes ? "update and delete" : "update") : "delete";
  const message = `Table sink '${tableName(insert.sink)}' doesn't support consuming ${what} changes which is produced by node ${producer.name}(${producer.detail}).`;
  throw new SqlError("plan", "SQL_UPDATES_NOT_SUPPORTED", message, insert.node.span, {
    found: `${what} changes`,
    expected: "inserts only",
    hint: "Use an 'upsert-kafka' sink with a PRIMARY KEY, or aggregate over windows: their results are final.",
  });
}

/** The node that first makes updates out of inserts. */
function producerOf(node: PhysicalNode): PhysicalNode {
  const { body } = node;
  const inputs =
    body.kind === "one" ? [body.input] : body.kind === "two" ? [body.left, body.right] : body.kind === "union" ? body.inputs : [];
  const updating = inputs.find((input) => !isInsertOnly(input.changelog));
  return node.name === "Calc" && updating !== undefined ? producerOf(updating) : node;
}
