/** MATCH_RECOGNIZE in plans. */
import type { Match, RowPattern, SortKey } from "../../2-analyze/rel.ts";
import { namesOf } from "../../2-analyze/rel-builder.ts";
import type { Match as PhysicalMatch } from "../physical.ts";
import { matchExpressionText } from "./match-expression-text.ts";

export function matchAttributes(rel: Match): string {
  const parts = [
    `partition=[[${rel.partition.join(", ")}]]`,
    `order=[[${rel.order.map(orderText).join(", ")}]]`,
    `outputFields=[[${namesOf(rel).join(", ")}]]`,
    `allRows=[${rel.allRows}]`,
    `after=[${afterText(rel.after, "logical")}]`,
    `pattern=[${patternText(rel.pattern)}]`,
    "isStrictStarts=[false]",
    "isStrictEnds=[false]",
    ...(rel.within === null ? [] : [`interval=[${matchExpressionText(rel.within, { style: "logical", columns: [] })}]`]),
    `subsets=[[${rel.subsets.map(({ members }) => `[${members.join(", ")}]`).join(", ")}]]`,
    `patternDefinitions=[[${rel.defines.map(({ rex }) => matchExpressionText(rex, { style: "logical", columns: [] })).join(", ")}]]`,
    `inputFields=[[${namesOf(rel.input).join(", ")}]]`,
  ];
  return parts.join(", ");
}

function orderText(key: SortKey): string {
  return `${key.field} ${key.descending ? "DESC" : "ASC"}-nulls-${key.nullsFirst ? "first" : "last"}`;
}

export function afterText(after: PhysicalMatch["after"], style: "logical" | "physical"): string {
  switch (after.kind) {
    case "pastLastRow":
      return style === "logical" ? "FLAG(SKIP PAST LAST ROW)" : "SKIP PAST LAST ROW";
    case "toNextRow":
      return style === "logical" ? "FLAG(SKIP TO NEXT ROW)" : "SKIP TO NEXT ROW";
    case "toFirst":
    case "toLast": {
      const name = `_UTF-16LE'${after.variable}'`;
      const words = `SKIP TO ${after.kind === "toFirst" ? "FIRST" : "LAST"}`;
      return style === "logical" ? `${words}(${name})` : `${words} ${name}`;
    }
  }
}

export function patternText(pattern: RowPattern): string {
  switch (pattern.kind) {
    case "variable":
      return `_UTF-16LE'${pattern.name}'`;
    case "concat":
      return `(${patternText(pattern.left)}, ${patternText(pattern.right)})`;
    case "other":
      return `${pattern.operator}(${pattern.parts.map(patternText).join(", ")})`;
    case "quantified":
      return `PATTERN_QUANTIFIER(${patternText(pattern.pattern)}, ${pattern.from}, ${pattern.to}, ${pattern.reluctant})`;
  }
}
