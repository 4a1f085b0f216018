/**
 * SELECT, in the order in which it is evaluated: FROM, WHERE, GROUP BY with aggregates, HAVING, OVER, QUALIFY, the select list, DISTINCT.
 * Expressions above an aggregation are bound through a hook that replaces group keys, aggregates and window properties by
 * the aggregation's output fields.
 */
import { typeName } from "../../types/logical-type.ts";
import type { Expr, SelectItem, SelectQuery } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { Aggregation, containsAggregate } from "./aggregation.ts";
import { type BindHook, ExpressionBinder } from "./bind-expression.ts";
import { type BoundTable, bindTable } from "./bind-table.ts";
import { OverCollector } from "./over-collector.ts";
import type { QueryContext } from "./query-context.ts";
import type { Rel } from "./rel.ts";
import { allFields, filter, project } from "./rel-builder.ts";
import { inputRef, type Rex, rexDigest } from "./rex.ts";
import { Scope, type ScopeColumn } from "./scope.ts";
import { bindWhere, SubqueryHook } from "./subqueries.ts";

export interface BoundSelect {
  readonly rel: Rel;
  /** Trailing columns that only ORDER BY needs. */
  readonly hidden: number;
  /** The ORDER BY expressions over `rel`. */
  readonly resolve: readonly Rex[];
}

export function bindSelect(select: SelectQuery, context: QueryContext, parent: Scope | null, orderBy: readonly Expr[]): BoundSelect {
  let from: BoundTable =
    select.from === null
      ? { rel: { kind: "values", rows: [[]], columns: [] }, scope: new Scope([], parent) }
      : bindTable(select.from, context, parent);
  if (select.where !== null) from = bindWhere(from, select.where, context);

  const exprs = [
    ...select.items.map((item) => item.expr),
    ...orderBy,
    ...(select.having === null ? [] : [select.having]),
    ...(select.qualify === null ? [] : [select.qualify]),
  ];
  let input = from;
  let hook: BindHook;
  if (select.groupBy !== null || exprs.some(containsAggregate) || select.having !== null) {
    const aggregation = new Aggregation(from, select.groupBy ?? [], select.span);
    for (const expr of exprs) aggregation.collect(expr);
    input = { rel: aggregation.build(), scope: from.scope };
    hook = aggregation;
    if (select.having !== null) {
      const condition = new ExpressionBinder(input.scope, hook).bind(select.having);
      requireCondition(condition, "HAVING", select.having.span);
      input = { rel: filter(input.rel, condition), scope: input.scope };
    }
  } else {
    const subqueries = new SubqueryHook(from, context);
    for (const item of select.items) subqueries.collect(item.expr);
    input = subqueries.build();
    hook = subqueries;
  }

  const over = new OverCollector(hook, input, select.windows);
  for (const expr of exprs) over.collect(expr);
  const rel = over.build();
  const binder = new ExpressionBinder(input.scope, over);
  const filtered =
    select.qualify === null ? rel : filter(rel, requireCondition(binder.bind(select.qualify), "QUALIFY", select.qualify.span));
  return selectList(select, filtered, binder, orderBy);
}

function selectList(select: SelectQuery, input: Rel, binder: ExpressionBinder, orderBy: readonly Expr[]): BoundSelect {
  const exprs: Rex[] = [];
  const names: string[] = [];
  for (const item of select.items) {
    if (item.expr.kind === "star") {
      for (const column of starColumns(item, binder)) {
        exprs.push(binder.bind(nameExpr(column, item.span)) ?? inputRef(column.index, column.type));
        names.push(column.name);
      }
      continue;
    }
    const rex = binder.bind(item.expr);
    if (rex.type.root === "NULL") {
      throw new SqlError("validate", "SQL_ILLEGAL_NULL", "Illegal use of 'NULL': it has no type here.", item.expr.span, {
        hint: "Write CAST(NULL AS STRING).",
      });
    }
    exprs.push(rex);
    names.push(item.alias?.name ?? columnName(item.expr, exprs.length - 1));
  }
  const sortExprs = orderBy.map((expr) => {
    const byAlias =
      expr.kind === "name" && expr.parts.length === 1 ? select.items.findIndex((item) => item.alias?.name === expr.parts[0].name) : -1;
    if (byAlias >= 0 && !select.items.slice(0, byAlias).some((item) => item.expr.kind === "star")) return exprs[byAlias];
    return binder.bind(expr);
  });
  const visible = exprs.length;
  const resolve = sortExprs.map((expr) => {
    const at = exprs.findIndex((candidate) => rexDigest(candidate) === rexDigest(expr));
    if (at >= 0) return at;
    names.push(`EXPR$${exprs.length}`);
    return exprs.push(expr) - 1;
  });
  let rel: Rel = project(input, exprs, names);
  if (select.distinct) {
    if (exprs.length > visible)
      throw new SqlError("validate", "SQL_ORDER_BY", "ORDER BY of SELECT DISTINCT can only use selected columns.", select.span);
    rel = {
      kind: "aggregate",
      input: rel,
      keys: exprs.map((_, i) => i),
      calls: [],
      groupWindow: null,
      columns: rel.columns,
      span: select.span,
    };
  }
  const fields = allFields(rel);
  return { rel, hidden: exprs.length - visible, resolve: resolve.map((at) => fields[at]) };
}

function nameExpr(column: ScopeColumn, span: Span): Expr {
  return {
    kind: "call",
    name: "$FIELD",
    nameSpan: span,
    path: [],
    args: [],
    distinct: false,
    star: false,
    filter: null,
    over: null,
    withinGroup: null,
    nullTreatment: null,
    orderBy: [],
    options: { index: String(column.index), name: column.name },
    span,
  };
}

function starColumns(item: SelectItem, binder: ExpressionBinder): readonly ScopeColumn[] {
  if (item.expr.kind !== "star") return [];
  const { qualifier } = item.expr;
  if (qualifier.length === 0) {
    if (binder.scope.star.length === 0) throw new SqlError("validate", "SQL_STAR", "SELECT * requires a FROM clause.", item.span);
    return binder.scope.star;
  }
  const table = binder.scope.tables.find((candidate) => candidate.alias === qualifier[qualifier.length - 1].name);
  if (table === undefined) {
    throw new SqlError("validate", "SQL_UNKNOWN_TABLE", `Table '${qualifier[0].name}' is not part of this query.`, item.span, {
      found: qualifier[0].name,
    });
  }
  return table.columns;
}

function columnName(expr: Expr, index: number): string {
  if (expr.kind === "name") return expr.parts[expr.parts.length - 1].name;
  if (expr.kind === "field") return expr.field.name;
  return `EXPR$${index}`;
}

export function requireCondition(rex: Rex, clause: string, span: Span): Rex {
  if (rex.type.root !== "BOOLEAN" && rex.type.root !== "NULL") {
    throw new SqlError("validate", "SQL_CONDITION", `${clause} clause must be a condition.`, span, {
      found: typeName(rex.type),
      expected: "BOOLEAN",
    });
  }
  return rex;
}
