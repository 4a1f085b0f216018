/** How a query runs: a tree of operators and how their inputs are distributed. Made of the physical nodes by `lower`. */
import type { OneInputStreamOperator, TwoInputStreamOperator } from "../../flow/operator.ts";
import type { RelColumn } from "../2-analyze/rel.ts";
import type { CatalogTable } from "../catalog/catalog.ts";
import type { Rex } from "../2-analyze/rex.ts";

/** Rows meet by key, in one place, or stay where they are. */
export type Distribution =
  | { readonly kind: "hash"; readonly keys: readonly number[] }
  | { readonly kind: "single" }
  | { readonly kind: "any" };

export interface OperatorPlan {
  /** Flink's name of the node, for messages and EXPLAIN, e.g. `GroupAggregate`. */
  readonly name: string;
  /** What stands in the node's parentheses in EXPLAIN. */
  readonly detail: string;
  readonly columns: readonly RelColumn[];
  readonly body: /** Rows come with a place for every column of the table; computed ones are empty. */
    | { readonly kind: "scan"; readonly table: CatalogTable }
    | { readonly kind: "values"; readonly rows: readonly (readonly Rex[])[] }
    | { readonly kind: "union"; readonly inputs: readonly OperatorPlan[] }
    | {
        readonly kind: "one";
        readonly input: OperatorPlan;
        readonly distribution: Distribution;
        readonly create: () => OneInputStreamOperator;
      }
    | {
        readonly kind: "two";
        readonly left: OperatorPlan;
        readonly right: OperatorPlan;
        readonly distributions: readonly [Distribution, Distribution];
        readonly create: () => TwoInputStreamOperator;
      };
}
