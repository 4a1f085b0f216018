/** Visits the parts of an expression, without entering subqueries. `visit` answers false to keep out of a node's parts. */
import type { Expr } from "../1-parse/ast.ts";

export function walk(expr: Expr, visit: (expr: Expr) => boolean): void {
  // A stack of its own: chains of ten thousand terms are as deep as they are long.
  const waiting = [expr];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (!visit(next)) continue;
    const parts = partsOf(next);
    for (let i = parts.length - 1; i >= 0; i--) waiting.push(parts[i]);
  }
}

function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "literal":
    case "interval":
    case "name":
    case "star":
    case "unit":
    case "subquery":
    case "exists":
    case "descriptor":
    case "tableArgument":
    case "modelArgument":
    case "parameter":
    case "default":
    case "timeFrame":
    case "collectionQuery":
      return [];
    case "operator":
      return expr.operands;
    case "intervalOf":
      return [expr.value];
    case "partitioned":
      return [expr.operand, ...expr.partitionBy];
    case "call":
      return [
        ...expr.args,
        ...(expr.filter === null ? [] : [expr.filter]),
        ...Object.values(expr.options).filter((option) => typeof option !== "string"),
      ];
    case "unary":
    case "is":
    case "cast":
    case "field":
      return [expr.operand];
    case "quantified":
      return [expr.operand, ...(expr.list ?? [])];
    case "binary":
    case "isDistinct":
    case "intervalDifference":
      return [expr.left, expr.right];
    case "between":
      return [expr.operand, expr.low, expr.high];
    case "in":
      return [expr.operand, ...(expr.list ?? [])];
    case "like":
      return [expr.operand, expr.pattern, ...(expr.escape === null ? [] : [expr.escape])];
    case "case":
      return [
        ...(expr.operand === null ? [] : [expr.operand]),
        ...expr.whens.flatMap(({ when, result }) => [when, result]),
        ...(expr.otherwise === null ? [] : [expr.otherwise]),
      ];
    case "array":
    case "map":
    case "multiset":
    case "row":
      return expr.items;
    case "index":
      return [expr.operand, expr.index];
    case "namedArgument":
      return [expr.value];
  }
}
