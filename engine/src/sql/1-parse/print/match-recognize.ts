import type { AfterMatch, MatchRecognizeRef, PatternNode } from "../ast.ts";
import { printExpression, printList, printOrderItems } from "./expression.ts";
import { printName } from "./name.ts";

export function printMatchRecognize(ref: MatchRecognizeRef): string {
  const parts: string[] = [];
  if (ref.partitionBy.length > 0) parts.push(`PARTITION BY ${printList(ref.partitionBy)}`);
  if (ref.orderBy.length > 0) parts.push(`ORDER BY ${printOrderItems(ref.orderBy)}`);
  if (ref.measures.length > 0)
    parts.push(`MEASURES ${ref.measures.map(({ expr, alias }) => `${printExpression(expr)} AS ${printName(alias)}`).join(", ")}`);
  if (ref.rowsPerMatch !== null) parts.push(ref.rowsPerMatch === "ONE" ? "ONE ROW PER MATCH" : "ALL ROWS PER MATCH");
  if (ref.afterMatch !== null) parts.push(`AFTER MATCH SKIP ${printAfterMatch(ref.afterMatch)}`);
  parts.push(`PATTERN (${ref.anchoredStart ? "^ " : ""}${printPattern(ref.pattern, "pattern")}${ref.anchoredEnd ? " $" : ""})`);
  if (ref.within !== null) parts.push(`WITHIN ${printExpression(ref.within)}`);
  if (ref.subsets.length > 0)
    parts.push(`SUBSET ${ref.subsets.map(({ name, members }) => `${printName(name)} = (${printList(members)})`).join(", ")}`);
  parts.push(`DEFINE ${ref.define.map(({ variable, condition }) => `${printName(variable)} AS ${printExpression(condition)}`).join(", ")}`);
  return `MATCH_RECOGNIZE (${parts.join(" ")})`;
}

function printAfterMatch(after: AfterMatch): string {
  switch (after.kind) {
    case "pastLastRow":
      return "PAST LAST ROW";
    case "toNextRow":
      return "TO NEXT ROW";
    case "toFirst":
      return `TO FIRST ${printName(after.variable)}`;
    case "toLast":
      return `TO LAST ${printName(after.variable)}`;
  }
}

/** `around` = where the part stands: an alternation needs brackets in a sequence, both need them under a quantifier. */
function printPattern(node: PatternNode, around: "pattern" | "sequence" | "quantifier"): string {
  switch (node.kind) {
    case "variable":
      return printName(node.name);
    case "sequence": {
      const text = node.parts.map((part) => printPattern(part, "sequence")).join(" ");
      return around === "pattern" ? text : `(${text})`;
    }
    case "alternation": {
      const text = node.parts
        .map((part) => (part.kind === "alternation" ? `(${printPattern(part, "pattern")})` : printPattern(part, "pattern")))
        .join(" | ");
      return around === "pattern" ? text : `(${text})`;
    }
    case "permute":
      return `PERMUTE(${node.parts.map((part) => printPattern(part, "pattern")).join(", ")})`;
    case "exclude":
      return `{- ${printPattern(node.part, "pattern")} -}`;
    case "quantified": {
      const inner = node.part.kind === "quantified" ? `(${printPattern(node.part, "pattern")})` : printPattern(node.part, "quantifier");
      return `${inner}${printQuantifier(node.min, node.max)}${node.greedy ? "" : "?"}`;
    }
  }
}

function printQuantifier(min: number, max: number | null): string {
  if (max === null) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  if (min < 0) return `{,${max}}`;
  if (min === 0 && max === 1) return "?";
  return min === max ? `{${min}}` : `{${min},${max}}`;
}
