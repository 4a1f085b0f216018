/** Refusals of what Flink's parser takes and its validator or planner does not: named as such, since it is real SQL. */
import type { Expr, TableRef } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";

export function parserOnly(expr: Expr): SqlError {
  const what = nameOf(expr);
  return new SqlError("validate", "SQL_UNSUPPORTED", `Flink's parser takes ${what}, but Flink cannot evaluate it.`, expr.span, {
    found: what,
  });
}

function nameOf(expr: Expr): string {
  switch (expr.kind) {
    case "operator":
      return expr.op;
    case "parameter":
      return "the parameter '?'";
    case "default":
      return "DEFAULT";
    case "timeFrame":
      return `the time unit ${expr.name}`;
    case "intervalOf":
      return "an interval of computed length";
    case "collectionQuery":
      return `${expr.collection}(query)`;
    case "multiset":
      return "MULTISET[…]";
    case "partitioned":
      return "PARTITION BY behind an argument that is no table";
    default:
      return "this";
  }
}

export function parserOnlyTable(ref: Extract<TableRef, { kind: "sample" | "pivot" | "unpivot" }>): SqlError {
  const what = ref.kind === "sample" ? "TABLESAMPLE" : ref.kind.toUpperCase();
  return new SqlError("validate", "SQL_UNSUPPORTED", `Flink's parser takes ${what}, but its planner does not.`, ref.span, { found: what });
}
