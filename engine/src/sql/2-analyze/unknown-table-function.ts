/**
 * A call in FROM of what is no function. Calcite looks at the arguments first: a whole table among them, without a name and without PARTITION BY, is a
 * subquery to it, which has to have one column. Recorded from Flink 2.3.
 */
import { nameHint } from "../../base/nearest.ts";
import type { CallExpr, Expr } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { kindName } from "./argument-refusal.ts";
import { ExpressionBinder } from "./bind-expression.ts";
import { bindQuery } from "./bind-query.ts";
import { bindTable } from "./bind-table.ts";
import type { QueryContext } from "./query-context.ts";
import type { Rel } from "./rel.ts";
import { Scope } from "./scope.ts";
import { scalarQueryMessage, SubqueryHook } from "./subqueries.ts";

/** @param known names that might have been meant. */
export function unknownTableFunction(call: CallExpr, context: QueryContext, parent: Scope | null, known: readonly string[]): SqlError {
  const binder = new ExpressionBinder(new Scope([], parent), new SubqueryHook(context));
  const details = { found: call.name, hint: nameHint(call.name, known, "table functions") };
  const kinds: string[] = [];
  for (const given of call.args) {
    const name = given.kind === "namedArgument" ? `${given.name.name} => ` : "";
    const arg = given.kind === "namedArgument" ? given.value : given;
    const rel = relOf(arg, context, parent);
    if (rel === null) {
      kinds.push(`${name}<${arg.kind === "descriptor" ? "COLUMN_LIST" : kindName(binder.bind(arg).type)}>`);
      continue;
    }
    const whole = name === "" && (arg.kind !== "tableArgument" || arg.partitionBy.length === 0);
    if (whole && rel.columns.length > 1) {
      const message = `${scalarQueryMessage(rel.columns)}. There is no table function ${call.name}.`;
      return new SqlError("validate", "SQL_UNKNOWN_FUNCTION", message, call.nameSpan, details);
    }
    const type = whole ? rel.columns[0].type : ({ root: "ROW", nullable: false, fields: rel.columns } as const);
    kinds.push(`${name}<${kindName(type)}>`);
  }
  return new SqlError(
    "validate",
    "SQL_UNKNOWN_FUNCTION",
    `No match found for function signature ${call.name}(${kinds.join(", ")})`,
    call.nameSpan,
    details,
  );
}

function relOf(arg: Expr, context: QueryContext, parent: Scope | null): Rel | null {
  if (arg.kind === "tableArgument") return bindTable(arg.table, context, parent).rel;
  return arg.kind === "subquery" ? bindQuery(arg.query, context, parent) : null;
}
