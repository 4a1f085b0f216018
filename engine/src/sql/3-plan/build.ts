/** Small constructors of physical nodes; what a node emits is said later by the changelog passes. */
import type { RelColumn } from "../2-analyze/rel.ts";
import { uniqueNames } from "../2-analyze/rel-builder.ts";
import { inputRef, isIdentity, type Rex } from "../2-analyze/rex.ts";
import type { Calc, ChangelogKinds, Distribution, Exchange, PhysicalNode } from "./physical.ts";

export const INSERTS: ChangelogKinds = { updateBefore: false, updateAfter: false, delete: false };
export const ALL_CHANGES: ChangelogKinds = { updateBefore: true, updateAfter: true, delete: true };

export function isInsertOnly(kinds: ChangelogKinds): boolean {
  return !kinds.updateBefore && !kinds.updateAfter && !kinds.delete;
}

export function exchange(input: PhysicalNode, distribution: Distribution): Exchange {
  return { kind: "Exchange", input, distribution, columns: input.columns, changelog: INSERTS };
}

export function byKeys(input: PhysicalNode, keys: readonly number[]): Exchange {
  return exchange(input, keys.length === 0 ? { kind: "single" } : { kind: "hash", keys });
}

export function calc(input: PhysicalNode, projection: readonly Rex[], condition: Rex | null, names: readonly string[]): Calc {
  const unique = uniqueNames(names);
  const columns: RelColumn[] = projection.map((expr, i) => ({ name: unique[i], type: expr.type }));
  return { kind: "Calc", input, projection, condition, columns, changelog: INSERTS };
}

/** Some columns in this order; the input itself when that is all of them. */
export function select(input: PhysicalNode, fields: readonly number[], names: readonly string[]): PhysicalNode {
  const projection = fields.map((field) => inputRef(field, input.columns[field].type));
  return isIdentity(projection, input.columns.length) ? input : calc(input, projection, null, names);
}

export function fieldRefs(node: PhysicalNode): Rex[] {
  return node.columns.map((column, i) => inputRef(i, column.type));
}

export function namesOf(node: { readonly columns: readonly RelColumn[] }): string[] {
  return node.columns.map((column) => column.name);
}
