/**
 * Clauses of a view's query as Flink keeps them: hints, and MATCH_RECOGNIZE as the validator has rewritten it. There a column belongs to a variable or to all of
 * them (`*`), FIRST and LAST have their offset, a measure is FINAL, and in DEFINE a variable's own column is that of the row looked at.
 */
import type { Expr, Hint, MatchRecognizeRef, PatternNode } from "../1-parse/ast.ts";
import { printExpression } from "../1-parse/print.ts";

/** `/*+ … *\/` */
export function hintText(hints: readonly Hint[]): string {
  const texts = hints.map(({ name, args }) => {
    const list = args.map(({ key, value, form }) => {
      if (key !== null) return `${inQuotes(key)} = ${inQuotes(value)}`;
      return form === "string" ? inQuotes(value) : form === "name" ? inTicks(value) : value;
    });
    return `${inTicks(name.name)}${list.length === 0 ? "" : `(${list.join(", ")})`}`;
  });
  return `/*+ ${texts.join(", ")} */`;
}

/** Text and columns; null = it holds what is not written out here. */
export function matchText(ref: MatchRecognizeRef): { readonly text: string; readonly columns: readonly string[] } | null {
  const keys = ref.partitionBy.map(columnOf);
  const times = ref.orderBy.map(({ expr, descending, nulls }) => (descending || nulls !== null ? null : columnOf(expr)));
  const measures = ref.measures.map(({ expr, alias }) => {
    const text = valueText(expr, null);
    return text === null ? null : `FINAL ${text} AS ${inTicks(alias.name)}`;
  });
  const define = ref.define.map(({ variable, condition }) => {
    const text = valueText(condition, variable.name);
    return text === null ? null : `${inTicks(variable.name)} AS ${text}`;
  });
  const pattern = patternText(ref.pattern);
  if (ref.subsets.length > 0 || ref.anchoredStart || ref.anchoredEnd || ref.rowsPerMatch === "ALL" || pattern === null) return null;
  if ([...keys, ...times, ...measures, ...define].includes(null)) return null;
  const every = (names: readonly (string | null)[]): string => names.map((name) => `\`*\`.${inTicks(name!)}`).join(", ");
  const lines = ["MATCH_RECOGNIZE("];
  if (keys.length > 0) lines.push(`PARTITION BY ${every(keys)}`);
  if (times.length > 0) lines.push(`ORDER BY ${every(times)}`);
  if (measures.length > 0) lines.push(`MEASURES ${measures.join(", ")}`);
  if (ref.rowsPerMatch !== null) lines.push("ONE ROW PER MATCH");
  if (ref.afterMatch !== null) lines.push(`AFTER MATCH SKIP ${afterText(ref.afterMatch)}`);
  lines.push(`PATTERN (${pattern})${ref.within === null ? "" : ` WITHIN ${printExpression(ref.within)}`}`);
  lines.push(`DEFINE ${define.join(", ")})`);
  return { text: lines.join("\n"), columns: [...(keys as string[]), ...ref.measures.map(({ alias }) => alias.name)] };
}

function afterText(after: NonNullable<MatchRecognizeRef["afterMatch"]>): string {
  switch (after.kind) {
    case "pastLastRow":
      return "PAST LAST ROW";
    case "toNextRow":
      return "TO NEXT ROW";
    case "toFirst":
      return `TO FIRST ${inTicks(after.variable.name)}`;
    case "toLast":
      return `TO LAST ${inTicks(after.variable.name)}`;
  }
}

function columnOf(expr: Expr): string | null {
  return expr.kind === "name" && expr.parts.length === 1 ? expr.parts[0].name : null;
}

/** `defined` = the variable whose condition this is; null = a measure. */
function valueText(expr: Expr, defined: string | null): string | null {
  switch (expr.kind) {
    case "literal":
      return printExpression(expr);
    case "name": {
      if (expr.parts.length > 2) return null;
      const [owner, column] = expr.parts.length === 1 ? ["*", expr.parts[0].name] : expr.parts.map(({ name }) => name);
      const text = `${inTicks(owner)}.${inTicks(column)}`;
      if (defined === null) return text;
      return `${owner === defined ? "PREV" : "LAST"}(${text}, 0)`;
    }
    case "binary": {
      const left = valueText(expr.left, defined);
      const right = valueText(expr.right, defined);
      const simple = expr.op === "AND" || (expr.left.kind !== "binary" && expr.right.kind !== "binary");
      return defined === null || left === null || right === null || !simple ? null : `${left} ${expr.op} ${right}`;
    }
    case "call": {
      const { name, args } = expr;
      if (expr.over !== null || expr.distinct || expr.filter !== null) return null;
      if (expr.star) return defined === null ? `${name}(*)` : null;
      if (args.length === 0 && (name === "CLASSIFIER" || name === "MATCH_ROWTIME" || name === "MATCH_PROCTIME")) return `${name}()`;
      if (name !== "FIRST" && name !== "LAST") return null;
      const of = args[0]?.kind === "name" ? valueText(args[0], null) : null;
      const offset = args.length === 1 ? "0" : args[1].kind === "literal" ? args[1].text : null;
      return of === null || offset === null ? null : `${name}(${of}, ${offset})`;
    }
    default:
      return null;
  }
}

function patternText(node: PatternNode): string | null {
  switch (node.kind) {
    case "variable":
      return inTicks(node.name.name);
    case "sequence": {
      const parts = node.parts.map((part) => (part.kind === "sequence" ? null : patternText(part)));
      return parts.includes(null) ? null : parts.join(" ");
    }
    case "quantified": {
      if (node.part.kind !== "variable") return null;
      return `${inTicks(node.part.name.name)} ${quantifierText(node.min, node.max)}${node.greedy ? "" : " ?"}`;
    }
    default:
      return null;
  }
}

function quantifierText(min: number, max: number | null): string {
  if (max === null) return min === 0 ? "*" : min === 1 ? "+" : `{ ${min}, }`;
  if (min < 0) return `{ , ${max} }`;
  if (min === 0 && max === 1) return "?";
  return min === max ? `{ ${min} }` : `{ ${min}, ${max} }`;
}

function inTicks(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

function inQuotes(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
