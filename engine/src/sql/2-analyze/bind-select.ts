/**
 * SELECT, in the order in which it is evaluated: FROM, WHERE, GROUP BY with aggregates, HAVING, OVER, QUALIFY, the select list, DISTINCT.
 * Expressions above an aggregation are bound through a hook that replaces group keys, aggregates and window properties by
 * the aggregation's output fields; OVER calls and subqueries stay inside expressions.
 */
import { comeBy } from "./null-inference.ts";
import { INT, typeName, withNullable } from "../../types/logical-type.ts";
import type { Expr, SelectItem, SelectQuery } from "../1-parse/ast.ts";
import { printExpression } from "../1-parse/print.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { Aggregation, containsAggregate } from "./aggregation.ts";
import { type BindHook, ExpressionBinder } from "./bind-expression.ts";
import { type BoundTable, bindTable } from "./bind-table.ts";
import { OverHook } from "./bind-over.ts";
import { checkLookupHints } from "./lookup-hint.ts";
import { refuseSelectParts } from "./parser-only.ts";
import type { QueryContext } from "./query-context.ts";
import type { Rel, Values } from "./rel.ts";
import { allFields, filter, project, uniqueNames } from "./rel-builder.ts";
import { hasSubquery, inputRef, isIdentity, literalOf, type Rex, rexDigest, substituteInputs } from "./rex.ts";
import { Scope, type ScopeColumn } from "./scope.ts";
import { SubqueryHook } from "./subqueries.ts";
import { walk } from "./walk.ts";
import { refuseAlone } from "./window-functions.ts";

export interface BoundSelect {
  readonly rel: Rel;
  /** Trailing columns that only ORDER BY needs. */
  readonly hidden: number;
  /** The ORDER BY expressions over `rel`. */
  readonly resolve: readonly Rex[];
}

export function bindSelect(select: SelectQuery, context: QueryContext, parent: Scope | null, orderBy: readonly Expr[]): BoundSelect {
  const { from: ref, hints } = select;
  const from: BoundTable = ref === null ? { rel: oneRow(), scope: new Scope([], parent) } : bindTable(ref, { ...context, hints }, parent);
  checkLookupHints(select, context);
  return bindSelectOver(from, select, context, orderBy);
}

/** The query over what FROM has already become. */
export function bindSelectOver(from: BoundTable, select: SelectQuery, context: QueryContext, orderBy: readonly Expr[]): BoundSelect {
  const subqueries = new SubqueryHook(context);
  for (const expr of [select.where, select.having, ...select.items.map((item) => item.expr)]) if (expr !== null) comeBy(expr);
  let input = from;
  if (select.where !== null) {
    const scope = from.scope.unmerged().fork();
    refuseOver(select.where, "WHERE");
    const condition = requireCondition(new ExpressionBinder(scope, subqueries).bind(select.where), "WHERE", select.where.span);
    input = { rel: filter(from.rel, condition, scope.correlation), scope: from.scope };
  }

  const exprs = [
    ...select.items.map((item) => item.expr),
    ...orderBy,
    ...(select.having === null ? [] : [select.having]),
    ...(select.qualify === null ? [] : [select.qualify]),
  ];
  refuseSelectParts(select, exprs);
  let aggregation: Aggregation | null = null;
  const aggregated = select.groupBy !== null || exprs.some((expr) => containsAggregate(expr, context)) || select.having !== null;
  if (aggregated) {
    const { items, hints, span } = select;
    aggregation = new Aggregation({ from: input, context, items: select.groupBy ?? [], select: items, hints, span });
    for (const expr of exprs) aggregation.collect(expr);
    input = { rel: aggregation.build(), scope: from.scope };
    if (select.having !== null) {
      const scope = input.scope.unmerged().fork();
      refuseMerged(select.having, scope);
      const condition = new ExpressionBinder(scope, aggregation).bind(select.having);
      aggregation.requireGrouped();
      requireCondition(condition, "HAVING", select.having.span);
      input = { rel: filter(input.rel, condition, scope.correlation), scope: input.scope };
    }
  }
  const twice = select.windows.find(({ name }, i) => select.windows.slice(0, i).some((other) => other.name.name === name.name));
  if (twice !== undefined)
    throw new SqlError("validate", "SQL_DUPLICATE_WINDOW", "Duplicate window names not allowed", twice.name.span, {
      found: twice.name.name,
    });
  const over = new OverHook(aggregation ?? subqueries, select.windows, context);
  return selectList(select, input.rel, { scope: from.scope.fork(), hook: over, orderBy, aggregation });
}

/** HAVING finds the keys of the grouping by themselves, and so has to be asked for their names first. */
function refuseMerged(expr: Expr, scope: Scope): void {
  if (scope.merged.size === 0) return;
  walk(expr, (part) => {
    if (part.kind === "name" && part.parts.length === 1 && scope.merged.has(part.parts[0].name)) scope.resolve(part.parts);
    return true;
  });
}

function refuseOver(expr: Expr, clause: string): void {
  walk(expr, (part) => {
    if (part.kind === "call" && part.over !== null)
      throw new SqlError("validate", "SQL_OVER", `Windowed aggregate expression is illegal in ${clause} clause`, part.span, {
        hint: "Put the query into a subquery, or use QUALIFY.",
      });
    return true;
  });
}

/** What a query without FROM reads. */
function oneRow(): Values {
  const type = withNullable(INT, false);
  return { kind: "values", rows: [[literalOf(0, type)]], columns: [{ name: "ZERO", type }] };
}

interface SelectListParts {
  readonly scope: Scope;
  readonly hook: BindHook;
  readonly orderBy: readonly Expr[];
  /** Below the list, if there is one: then a projection that changes nothing is left out. */
  readonly aggregation: Aggregation | null;
}

function selectList(select: SelectQuery, input: Rel, { scope, hook, orderBy, aggregation }: SelectListParts): BoundSelect {
  const binder = new ExpressionBinder(scope, hook);
  const exprs: Rex[] = [];
  const names: string[] = [];
  const condition = select.qualify === null ? null : bindQualify(select.qualify, binder);
  for (const item of select.items) {
    if (item.expr.kind === "star") {
      for (const column of starColumns(item, binder)) {
        exprs.push(binder.bind(nameExpr(column, item.span)));
        names.push(uniqueNames([...names, column.name])[names.length]);
      }
      continue;
    }
    refuseGroupWindow(item.expr);
    refuseAlone(item.expr, item.alias);
    const rex = binder.bind(item.expr);
    if (rex.type.root === "NULL") {
      throw new SqlError("validate", "SQL_ILLEGAL_NULL", "Illegal use of 'NULL'", item.expr.span, {
        found: "NULL without a type",
        hint: "Write CAST(NULL AS STRING).",
      });
    }
    exprs.push(rex);
    names.push(item.alias?.name ?? columnName(item.expr, exprs.length - 1));
  }
  aggregation?.requireGrouped();
  const sortExprs = orderBy.map((expr) => {
    refuseAlone(expr, null);
    const byAlias =
      expr.kind === "name" && expr.parts.length === 1 ? select.items.findIndex((item) => item.alias?.name === expr.parts[0].name) : -1;
    const ordinal = expr.kind === "literal" && expr.type === "integer" ? Number(expr.text) : null;
    if (ordinal !== null) {
      if (ordinal >= 1 && ordinal <= exprs.length) return exprs[ordinal - 1];
      throw new SqlError("validate", "SQL_ORDINAL", "Ordinal out of range", expr.span, {
        found: String(ordinal),
        expected: `1 to ${exprs.length}`,
      });
    }
    if (byAlias >= 0 && !select.items.slice(0, byAlias).some((item) => item.expr.kind === "star")) return exprs[byAlias];
    const merged = scope.merged.size > 0;
    if (merged && expr.kind === "name" && expr.parts.length === 1 && names.includes(expr.parts[0].name))
      return exprs[names.indexOf(expr.parts[0].name)];
    return (merged ? new ExpressionBinder(scope.unmerged(), hook) : binder).bind(expr);
  });
  aggregation?.requireGrouped();
  const visible = exprs.length;
  const resolve = sortExprs.map((expr) => {
    const at = exprs.findIndex((candidate) => rexDigest(candidate) === rexDigest(expr));
    if (at >= 0) return at;
    names.push(expr.kind === "input" ? (input.columns[expr.index]?.name ?? `EXPR$${exprs.length}`) : `EXPR$${exprs.length}`);
    return exprs.push(expr) - 1;
  });
  const hidden = exprs.length - visible;
  let rel: Rel;
  if (condition !== null) {
    const base = project(input, [...exprs, condition], [...names, "QualifyExpression"], scope.correlation);
    const test = filter(base, inputRef(exprs.length, condition.type));
    rel = project(test, allFields(base).slice(0, exprs.length), names);
  } else if (aggregation !== null && isIdentity(exprs, input.columns.length)) {
    rel = renamedColumns(input, names);
  } else {
    rel = listOver(input, exprs, names, scope.correlation);
  }
  if (rel.kind === "project" && select.hints.length > 0) rel = { ...rel, hints: select.hints };
  if (select.distinct) {
    if (hidden > 0)
      throw new SqlError("validate", "SQL_ORDER_BY", `Expression '${names[visible]}' is not in the select clause`, select.span, {
        found: names[visible],
        expected: "columns of the SELECT DISTINCT",
      });
    const keys = exprs.map((_, i) => i);
    rel = { kind: "aggregate", input: rel, keys, sets: null, calls: [], hints: select.hints, columns: rel.columns, span: select.span };
  }
  const fields = allFields(rel);
  return { rel, hidden, resolve: resolve.map((at) => fields[at]) };
}

function bindQualify(expr: Expr, binder: ExpressionBinder): Rex {
  let ranks = false;
  walk(expr, (part) => {
    if (part.kind === "call" && part.over !== null) ranks = true;
    return !ranks;
  });
  if (ranks) return requireCondition(binder.bind(expr), "QUALIFY", expr.span);
  throw new SqlError("validate", "SQL_QUALIFY", `QUALIFY expression '${printExpression(expr)}' must contain a window function`, expr.span);
}

/** The select list over FROM; what USING has merged is computed in it. */
function listOver(input: Rel, exprs: readonly Rex[], names: readonly string[], variable: number | null): Rel {
  if (input.kind !== "project" || input.using !== true || variable !== null || exprs.some(hasSubquery))
    return project(input, exprs, names, variable);
  return project(
    input.input,
    exprs.map((expr) => substituteInputs(expr, input.exprs)),
    names,
  );
}

/** The same node; what reads it calls its columns otherwise. */
function renamedColumns(rel: Rel, names: readonly string[]): Rel {
  if (names.every((name, i) => name === rel.columns[i].name)) return rel;
  return { ...rel, columns: rel.columns.map((column, i) => ({ ...column, name: names[i] })) };
}

/** TUMBLE(ts, …) groups; it computes nothing. */
function refuseGroupWindow(expr: Expr): void {
  walk(expr, (part) => {
    if (part.kind === "call" && part.over === null && /^(TUMBLE|HOP|SESSION)$/.test(part.name))
      throw new SqlError("validate", "SQL_GROUP_WINDOW", `Group function '$${part.name}' can only appear in GROUP BY clause`, part.span);
    return true;
  });
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
    if (item.alias !== null)
      throw new SqlError("validate", "SQL_STAR", "Unknown identifier '*'", item.span, {
        found: "*",
        hint: "The columns of a star keep their names.",
      });
    if (binder.scope.star.length === 0) throw new SqlError("validate", "SQL_STAR", "SELECT * requires a FROM clause.", item.span);
    return binder.scope.star;
  }
  if (item.alias !== null) throw new SqlError("validate", "SQL_STAR", "Unknown field '*'", item.span, { found: "*" });
  const table = binder.scope.tables.find((candidate) => candidate.alias === qualifier[qualifier.length - 1].name);
  if (table === undefined) {
    throw new SqlError("validate", "SQL_UNKNOWN_TABLE", `Unknown identifier '${qualifier[0].name}'`, item.span, {
      found: qualifier[0].name,
    });
  }
  return table.columns;
}

function columnName(expr: Expr, index: number): string {
  if (expr.kind === "name") return expr.parts[expr.parts.length - 1].name;
  // A function without brackets, such as CURRENT_DATE, looks like a column.
  if (expr.kind === "call" && expr.args.length === 0 && expr.span.end === expr.nameSpan.end)
    return expr.path[expr.path.length - 1]?.name ?? expr.name;
  return `EXPR$${index}`;
}

export function requireCondition(rex: Rex, clause: string, span: Span): Rex {
  if (rex.type.root !== "BOOLEAN" && rex.type.root !== "NULL") {
    throw new SqlError("validate", "SQL_CONDITION", `${clause} clause must be a condition`, span, {
      found: typeName(rex.type),
      expected: "BOOLEAN",
    });
  }
  return rex;
}
