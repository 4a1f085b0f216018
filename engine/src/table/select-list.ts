/** The expressions of a select list: stars and ranges become columns, windows get their functions, every column its name. */
import { Diagnostic } from "../base/diagnostic.ts";
import { call } from "../sql/1-parse/call.ts";
import type { Expr, SelectItem } from "../sql/1-parse/ast.ts";
import { isAggregateCall } from "../sql/2-analyze/aggregation.ts";
import { ExpressionBinder } from "../sql/2-analyze/bind-expression.ts";
import { scopeOf } from "../sql/2-analyze/bind-table.ts";
import type { QueryContext } from "../sql/2-analyze/query-context.ts";
import type { Rel } from "../sql/2-analyze/rel.ts";
import { SubqueryHook } from "../sql/2-analyze/subqueries.ts";
import { Expression } from "./expressions/expression.ts";
import { astOf, type ExpressionLike, identifier, NOWHERE, nameOf } from "./expressions/expression-base.ts";
import { textOfName } from "./expressions/name-text.ts";
import type { GroupWindow } from "./windows.ts";

/** A node with every node below it that `change` gives another for replaced; what it has made is not looked into. */
export function mapNodes<T>(value: T, change: (node: Expr) => Expr | null): T {
  if (Array.isArray(value)) return value.map((item) => mapNodes<unknown>(item, change)) as T;
  if (typeof value !== "object" || value === null || !("kind" in value)) return value;
  const changed = change(value as unknown as Expr);
  if (changed !== null) return changed as T;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, key === "inline" || key === "span" ? part : mapNodes<unknown>(part, change)]),
  ) as T;
}

export interface NamedExpr {
  readonly expr: Expr;
  readonly alias: string | null;
}

/** Columns for `*`, `withColumns(…)`, `withoutColumns(…)` and `flatten()`; everything else is one. */
export function expanded(expressions: readonly ExpressionLike[], input: Rel, context: QueryContext): readonly NamedExpr[] {
  const names = input.columns.map(({ name }) => name);
  return expressions.flatMap((expression): readonly NamedExpr[] => {
    const alias = expression instanceof Expression ? (expression.aliases[0] ?? null) : null;
    const expr = astOf(expression);
    if (expr.kind === "star") return names.map(column);
    if (expr.kind === "call") {
      switch (expr.name) {
        case "$COLUMNS":
          return expr.args.flatMap((arg) => columnsOf(arg, names)).map(column);
        case "$RANGE":
          return columnsOf(expr, names).map(column);
        case "$WITHOUT": {
          const without = new Set(expr.args.flatMap((arg) => columnsOf(arg, names)));
          return names.filter((name) => !without.has(name)).map(column);
        }
        case "$FLATTEN":
          return flattened(expr.args[0], input, context);
        default:
      }
    }
    return [{ expr, alias }];
  });
}

function column(name: string): NamedExpr {
  return { expr: nameOf(name), alias: null };
}

/** @throws Diagnostic TABLE_EXPRESSION */
function columnsOf(arg: Expr, names: readonly string[]): readonly string[] {
  const at = (part: Expr): number => {
    const index = part.kind === "literal" && part.type === "integer" ? Number(part.text) - 1 : names.indexOf(textOfName(part));
    if (index >= 0 && index < names.length) return index;
    throw new Diagnostic({
      code: "TABLE_EXPRESSION",
      phase: "validate",
      message: "withColumns and withoutColumns take columns of the table.",
      found: part.kind === "literal" ? part.text : textOfName(part),
      expected: names.join(", "),
    });
  };
  if (arg.kind === "call" && arg.name === "$RANGE") return names.slice(at(arg.args[0]), at(arg.args[1]) + 1);
  return [names[at(arg)]];
}

/** A row's fields, named after the row and themselves; what is no row stays. */
function flattened(expr: Expr, input: Rel, context: QueryContext): readonly NamedExpr[] {
  const { type } = new ExpressionBinder(scopeOf(input, null, null), new SubqueryHook(context)).bind(expr);
  if (type.root !== "ROW" && type.root !== "STRUCTURED") return [{ expr, alias: null }];
  const prefix = expr.kind === "name" ? `${textOfName(expr)}$` : "";
  return type.fields!.map(({ name }) => ({
    expr: { kind: "field", operand: expr, field: identifier(name), span: NOWHERE },
    alias: `${prefix}${name}`,
  }));
}

const PROPERTIES: Readonly<Record<string, string>> = { $START: "START", $END: "END", $ROWTIME: "ROWTIME", $PROCTIME: "PROCTIME" };

/** `$("w").start()` becomes the auxiliary function of the window `w`. */
export function withWindowProperties(expr: Expr, window: GroupWindow | null): Expr {
  return mapNodes(expr, (node) => {
    if (node.kind !== "call" || PROPERTIES[node.name] === undefined) return null;
    const alias = textOfName(node.args[0]);
    if (window !== null && window.alias === alias) return call(`${window.call.name}_${PROPERTIES[node.name]}`, NOWHERE, window.call.args);
    throw new Diagnostic({
      code: "TABLE_WINDOW",
      phase: "validate",
      message: `There is no window '${alias}' whose ${PROPERTIES[node.name].toLowerCase()} could be asked for.`,
      hint: 'Windows are given by table.window(Tumble…as("w")).groupBy($("w"), …).',
    });
  });
}

/**
 * Flink's names for columns without one: aggregates are `EXPR$0`, `EXPR$1` … in their order, fields of rows `row$field`, casts keep the name of what
 * they cast, everything else is `_c` with a number.
 */
export function named(list: readonly NamedExpr[], context: QueryContext): readonly SelectItem[] {
  let aggregates = 0;
  let others = 0;
  return list.map(({ expr, alias }) => {
    const own = alias ?? nameFrom(expr);
    const isAggregate = isAggregateCall(expr, context);
    const name = own ?? (isAggregate ? `EXPR$${aggregates}` : `_c${others}`);
    aggregates += countAggregates(expr, context);
    if (own === null && !isAggregate) others++;
    return { expr, alias: expr.kind === "name" && own === textOfName(expr) ? null : identifier(name), span: NOWHERE };
  });
}

function nameFrom(expr: Expr): string | null {
  switch (expr.kind) {
    case "name":
      return expr.parts[expr.parts.length - 1].name;
    case "field": {
      const inner = nameFrom(expr.operand);
      return inner === null ? null : `${inner}$${expr.field.name}`;
    }
    case "cast":
      return nameFrom(expr.operand);
    default:
      return null;
  }
}

function countAggregates(expr: Expr, context: QueryContext): number {
  let count = 0;
  mapNodes(expr, (node) => {
    if (node.kind !== "call" || !isAggregateCall(node, context)) return null;
    count++;
    return node;
  });
  return count;
}
