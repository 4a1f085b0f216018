/** How a query runs: a tree of operators with their distribution and what they do to the changelog. */
import type { OneInputStreamOperator, TwoInputStreamOperator } from "../../flow/operator.ts";
import type { RelColumn } from "../2-analyze/rel.ts";
import type { CatalogTable } from "../catalog/catalog.ts";
import type { Rex } from "../2-analyze/rex.ts";

/** Which kinds of rows a node can emit besides +I. */
export interface ChangelogMode {
  readonly updates: boolean;
  readonly deletes: boolean;
}

export const INSERT_ONLY: ChangelogMode = { updates: false, deletes: false };
export const ALL_CHANGES: ChangelogMode = { updates: true, deletes: true };

export function isInsertOnly(mode: ChangelogMode): boolean {
  return !mode.updates && !mode.deletes;
}

/** Rows meet by key, in one place, or stay where they are. */
export type Distribution =
  | { readonly kind: "hash"; readonly keys: readonly number[] }
  | { readonly kind: "single" }
  | { readonly kind: "any" };

export interface PhysicalNode {
  /** Flink's name of the node, for messages and EXPLAIN, e.g. `GroupAggregate`. */
  readonly name: string;
  /** What stands in the node's parentheses in EXPLAIN. */
  readonly detail: string;
  readonly columns: readonly RelColumn[];
  readonly changelog: ChangelogMode;
  readonly body:
    | { readonly kind: "scan"; readonly table: CatalogTable }
    | { readonly kind: "values"; readonly rows: readonly (readonly Rex[])[] }
    | { readonly kind: "union"; readonly inputs: readonly PhysicalNode[] }
    | {
        readonly kind: "one";
        readonly input: PhysicalNode;
        readonly distribution: Distribution;
        readonly create: () => OneInputStreamOperator;
      }
    | {
        readonly kind: "two";
        readonly left: PhysicalNode;
        readonly right: PhysicalNode;
        readonly distributions: readonly [Distribution, Distribution];
        readonly create: () => TwoInputStreamOperator;
      };
  /** Fields that identify a row of the changelog: updates of the same row share them. null = the whole row. */
  readonly upsertKey: readonly number[] | null;
}
