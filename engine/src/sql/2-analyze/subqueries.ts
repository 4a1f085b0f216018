/**
 * Subqueries inside expressions: EXISTS, IN, comparisons with SOME and ALL, scalar ones. They stay expressions over a query
 * (`RexSubquery`); joins are made of them by the rule `expand-subqueries`.
 */
import { BOOLEAN, type LogicalType, withNullable, withoutTimeAttribute } from "../../types/logical-type.ts";
import type { Expr, Query } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import * as operators from "../functions/operators.ts";
import { type BindHook, calciteName, callOf, type ExpressionBinder } from "./bind-expression.ts";
import { type Comparison, mayCompare, notInList } from "./coercion.ts";
import { bindUserCall } from "./bind-user-function.ts";
import { onJoin } from "./bind-join.ts";
import { bindQuery } from "./bind-query.ts";
import type { QueryContext } from "./query-context.ts";
import type { Rel, RelColumn } from "./rel.ts";
import { project } from "./rel-builder.ts";
import { hasOver, inputRef, type Rex } from "./rex.ts";
import type { Scope } from "./scope.ts";

const NEGATED: Readonly<Record<string, string>> = { "=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<" };

/** Binds the queries inside the expressions of one clause. */
export class SubqueryHook implements BindHook {
  private readonly context: QueryContext;
  private readonly known = new Map<Expr, { readonly scope: Scope; readonly rex: Rex }>();

  constructor(context: QueryContext) {
    this.context = context;
  }

  /** A query is bound once, however often its expression is looked at: so that it is one subquery. */
  expression(expr: Expr, binder: ExpressionBinder): Rex | null {
    if (expr.kind !== "exists" && expr.kind !== "subquery" && expr.kind !== "in" && expr.kind !== "quantified")
      return this.bind(expr, binder);
    const known = this.known.get(expr);
    if (known !== undefined && known.scope === binder.scope) return known.rex;
    const rex = this.bind(expr, binder);
    if (rex !== null) this.known.set(expr, { scope: binder.scope, rex });
    return rex;
  }

  private bind(expr: Expr, binder: ExpressionBinder): Rex | null {
    switch (expr.kind) {
      case "exists":
        return this.subquery("EXISTS", null, [], rowsOnly(this.rel(expr.query, binder)), withNullable(BOOLEAN, false));
      case "subquery":
        return this.scalar(expr.query, binder);
      case "in": {
        if (expr.query === null) return null;
        const test = this.compared("=", expr.operand, expr.query, binder, expr.span);
        return expr.negated ? callOf(operators.NOT, [test]) : test;
      }
      case "quantified": {
        if (expr.query === null) return null;
        if (expr.quantifier === "SOME") return this.compared(expr.op as Comparison, expr.operand, expr.query, binder, expr.span);
        return callOf(operators.NOT, [this.compared(NEGATED[expr.op] as Comparison, expr.operand, expr.query, binder, expr.span)]);
      }
      case "call":
        return expr.name === "$FIELD" ? fieldOf(expr, binder) : bindUserCall(expr, binder, this.context);
      default:
        return null;
    }
  }

  private rel(query: Query, binder: ExpressionBinder): Rel {
    return bindQuery(query, this.context, binder.scope);
  }

  private scalar(query: Query, binder: ExpressionBinder): Rex {
    const rel = this.rel(query, binder);
    if (rel.columns.length !== 1) {
      throw new SqlError("validate", "SQL_SUBQUERY", scalarQueryMessage(rel.columns), query.span, {
        found: `${rel.columns.length} columns`,
        expected: "one column",
      });
    }
    return this.subquery("SCALAR", null, [], rel, withNullable(withoutTimeAttribute(rel.columns[0].type), true));
  }

  private compared(comparison: Comparison, operand: Expr, query: Query, binder: ExpressionBinder, span: Span): Rex {
    const rel = this.rel(query, binder);
    const operands = (operand.kind === "row" ? operand.items : [operand]).map((item) => binder.bind(item));
    if (operands.length !== rel.columns.length) {
      throw new SqlError(
        "validate",
        "SQL_SUBQUERY",
        `Values passed to ${comparison === "=" ? "IN" : comparison} operator must have compatible types.`,
        span,
        {
          found: `${rel.columns.length} columns`,
          expected: `${operands.length} columns`,
        },
      );
    }
    const casts: Rex[] = [];
    const cast = operands.map((left, i) => {
      const field = inputRef(i, rel.columns[i].type);
      if (!mayCompare(left, field)) throw notInList(left, field, span);
      const [a, b] = onJoin(() => binder.comparablePair(left, field, comparison, span));
      casts.push(b);
      return a;
    });
    const plain = casts.every((part) => part.kind === "input");
    const columns = rel.columns.map((column) => column.name);
    const right = plain ? rel : project(rel, casts, columns);
    const nullable = cast.some((part) => part.type.nullable) || right.columns.some((column) => column.type.nullable);
    const op = comparison === "=" ? "IN" : "SOME";
    return this.subquery(op, comparison, cast, right, withNullable(BOOLEAN, nullable));
  }

  private subquery(
    op: "EXISTS" | "IN" | "SCALAR" | "SOME",
    comparison: Comparison | null,
    operands: readonly Rex[],
    rel: Rel,
    type: LogicalType,
  ): Rex {
    return { kind: "subquery", op, comparison, operands, rel, type };
  }
}

/** Whether there are rows does not depend on what is selected from them. */
function rowsOnly(rel: Rel): Rel {
  if (rel.kind === "sort" && rel.offset === 0 && rel.fetch === null) return rowsOnly(rel.input);
  return rel.kind === "project" && !rel.exprs.some(hasOver) ? rowsOnly(rel.input) : rel;
}

/** `SELECT *` names its columns by field. */
function fieldOf(expr: Extract<Expr, { kind: "call" }>, binder: ExpressionBinder): Rex {
  const index = Number(expr.options.index);
  const column =
    binder.scope.star.find((candidate) => candidate.index === index) ??
    binder.scope.tables.flatMap((table) => table.columns).find((candidate) => candidate.index === index)!;
  return inputRef(index, column.type);
}

/** A subquery that stands for a value, and has several columns. */
export function scalarQueryMessage(columns: readonly RelColumn[]): string {
  const row = columns.map(({ name, type }) => `${calciteName(type)} ${name.toUpperCase()}`).join(", ");
  return `Cannot apply '$SCALAR_QUERY' to arguments of type '$SCALAR_QUERY(<RECORDTYPE(${row})>)'. Supported form(s): '$SCALAR_QUERY(<RECORDTYPE(SINGLE FIELD)>)'`;
}
