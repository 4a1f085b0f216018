/** Expressions over the rows that pattern variables have matched. */
import type { RelColumn } from "../../2-analyze/rel.ts";
import type { Rex } from "../../2-analyze/rex.ts";
import { rexText } from "./rex-text.ts";

export interface MatchTextContext {
  readonly style: "logical" | "physical";
  /** Of the input; empty = fields are numbers. */
  readonly columns: readonly RelColumn[];
}

export function matchExpressionText(rex: Rex, { style, columns }: MatchTextContext): string {
  return rexText(rex, { style, field: (index) => columns[index]?.name ?? `$${index}` });
}
