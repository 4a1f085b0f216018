/** A sort orders the rows before they are projected, where its keys are columns: fewer different rows lie in its state, and Flink's plans look so. */
import type { Rel } from "../../2-analyze/rel.ts";
import { hasOver } from "../../2-analyze/rex.ts";

export function pullProjectionsAboveSorts(rel: Rel): Rel {
  if (rel.kind !== "sort" || rel.input.kind !== "project") return rel;
  const below = rel.input;
  if (below.exprs.some(hasOver) || below.variable !== null) return rel;
  const fields = rel.keys.map((key) => below.exprs[key.field]);
  if (!fields.every((field) => field.kind === "input")) return rel;
  const keys = rel.keys.map((key, i) => ({ ...key, field: (fields[i] as { index: number }).index }));
  return { ...below, input: { ...rel, input: below.input, keys, columns: below.input.columns } };
}
