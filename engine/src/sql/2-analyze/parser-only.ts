/** Refusals of what Flink's parser takes and its validator or planner does not: named as such, since it is real SQL. */
import type { CallExpr, Expr, Query, SelectQuery, TableRef } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { walk } from "./walk.ts";

export function parserOnly(expr: Expr): SqlError {
  const what = nameOf(expr);
  if (expr.kind === "parameter")
    return new SqlError("validate", "SQL_UNSUPPORTED", "Illegal use of dynamic parameter '?'.", expr.span, { found: "?" });
  if (expr.kind === "operator" && /LIKE$/.test(expr.op)) {
    const name = expr.op.replace("NOT ", "");
    return new SqlError("validate", "SQL_UNSUPPORTED", `No match found for function signature ${name}`, expr.span, {
      found: name,
      expected: "LIKE",
    });
  }
  if (expr.kind === "timeFrame") {
    return new SqlError("validate", "SQL_UNSUPPORTED", `'${expr.name}' is not a valid time frame`, expr.span, {
      found: expr.name,
      expected: "a unit such as DAY, HOUR, MINUTE or SECOND",
    });
  }
  if (expr.kind === "collectionQuery") return noRules(what, expr.span);
  if (expr.kind === "multiset") {
    return new SqlError(
      "plan",
      "SQL_UNSUPPORTED",
      `Flink's parser takes ${what}, but its planner does not: unexpected correlate variable in the plan.`,
      expr.span,
    );
  }
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
  if (ref.kind === "sample") return noRules("TABLESAMPLE", ref.span);
  const what = ref.kind.toUpperCase();
  return new SqlError("validate", "SQL_UNSUPPORTED", `Flink's parser takes ${what}, but its planner does not.`, ref.span, { found: what });
}

/** Parts of queries that Flink reads and refuses, or that mean something and are not carried out: passing them over would give a wrong answer. */
export function refuseQueryParts(query: Query): void {
  if (query.recursive) throw noRules("WITH RECURSIVE", query.span);
}

/** Calcite's complaint about what no rule of Flink's planner takes. */
function noRules(what: string, span: Span): SqlError {
  const message = `There are not enough rules to produce a node with desired properties: ${what} is read by Flink's parser alone.`;
  return new SqlError("plan", "SQL_UNSUPPORTED", message, span, { found: what });
}

export function refuseSelectParts(select: SelectQuery, exprs: readonly Expr[]): void {
  if (select.stream)
    throw new SqlError("validate", "SQL_UNSUPPORTED", "Cannot convert a table to a stream: Flink knows no SELECT STREAM.", select.span);
  for (const expr of exprs) {
    walk(expr, (part) => {
      if (part.kind === "call") refuseCallParts(part);
      return true;
    });
  }
}

function refuseCallParts(call: CallExpr): void {
  if (call.over !== null && "kind" in call.over && call.over.partial === "DISALLOW") {
    throw new SqlError(
      "plan",
      "SQL_UNSUPPORTED",
      "Unsupported cast from 'NULL' to 'INT': DISALLOW PARTIAL cannot be planned.",
      call.over.span,
    );
  }
  if (call.options.withinDistinct !== undefined)
    throw new SqlError("plan", "SQL_UNSUPPORTED", "WITHIN DISTINCT is not available here.", call.span);
  if (call.name === "ARRAY_AGG" && call.nullTreatment === "IGNORE NULLS") {
    throw new SqlError("plan", "SQL_UNSUPPORTED", "ARRAY_AGG with IGNORE NULLS is not available here.", call.span, {
      hint: "Leave NULLs out with FILTER (WHERE x IS NOT NULL).",
    });
  }
}
