/** Expressions over the rows that pattern variables have matched. */
import type { RelColumn } from "../../2-analyze/rel.ts";
import type { Rex } from "../../2-analyze/rex.ts";
import { rexText, type Style } from "./rex-text.ts";

export interface MatchTextContext {
  /** Calls are written as in the physical plan even in the execution plan; literals are not. */
  readonly style: Style;
  /** Of the input; empty = fields are numbers. */
  readonly columns: readonly RelColumn[];
}

export function matchExpressionText(rex: Rex, { style, columns }: MatchTextContext): string {
  return rexText(rex, {
    style: style === "execution" ? "physical" : style,
    literals: style,
    field: (index) => columns[index]?.name ?? `$${index}`,
  });
}
