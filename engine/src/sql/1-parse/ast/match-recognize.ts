/** MATCH_RECOGNIZE, with the forms that only Flink's parser takes. */
import type { Expr } from "./expressions.ts";
import type { Identifier, Node } from "./node.ts";
import type { Alias, OrderItem, TableRef } from "./queries.ts";

export interface MatchRecognizeRef extends Node {
  readonly kind: "matchRecognize";
  readonly input: TableRef;
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly OrderItem[];
  readonly measures: readonly { readonly expr: Expr; readonly alias: Identifier }[];
  /** ONE ROW or ALL ROWS PER MATCH; null = not written. */
  readonly rowsPerMatch: "ONE" | "ALL" | null;
  readonly afterMatch: AfterMatch | null;
  readonly pattern: PatternNode;
  /** `^` before the pattern. */
  readonly anchoredStart: boolean;
  /** `$` behind the pattern. */
  readonly anchoredEnd: boolean;
  readonly within: Expr | null;
  readonly subsets: readonly { readonly name: Identifier; readonly members: readonly Expr[] }[];
  readonly define: readonly { readonly variable: Identifier; readonly condition: Expr }[];
  readonly alias: Alias | null;
}

/** AFTER MATCH SKIP … */
export type AfterMatch =
  | { readonly kind: "pastLastRow" | "toNextRow" }
  | { readonly kind: "toFirst" | "toLast"; readonly variable: Identifier };

export type PatternNode =
  | { readonly kind: "variable"; readonly name: Identifier }
  | { readonly kind: "sequence" | "alternation" | "permute"; readonly parts: readonly PatternNode[] }
  /** `{- A B -}`: matched, but left out of ALL ROWS PER MATCH. */
  | { readonly kind: "exclude"; readonly part: PatternNode }
  | {
      readonly kind: "quantified";
      readonly part: PatternNode;
      /** -1 = not written, `{,3}`; not the same as 0, as Flink has it. */
      readonly min: number;
      /** null = without limit. */
      readonly max: number | null;
      readonly greedy: boolean;
    };
