/**
 * Subqueries as joins: EXISTS and IN in WHERE become semi joins, their negations anti joins, scalar subqueries left joins with a
 * one-row aggregate. Correlated conditions are pulled out of the subquery's WHERE into the join condition.
 */
import { BIGINT, withNullable } from "../../types/logical-type.ts";
import type { Expr, Query } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import * as operators from "../functions/operators.ts";
import { andOf, type BindHook, callOf, ExpressionBinder } from "./bind-expression.ts";
import { bindQuery } from "./bind-query.ts";
import { requireCondition } from "./bind-select.ts";
import type { BoundTable } from "./bind-table.ts";
import type { QueryContext } from "./query-context.ts";
import type { Rel } from "./rel.ts";
import { allFields, filter, join, project } from "./rel-builder.ts";
import { SCALAR_FUNCTIONS } from "../functions/registry.ts";
import { conjuncts, hasOuter, inputRef, literalOf, mapLeaves, type Rex } from "./rex.ts";
import { walk } from "./walk.ts";

/** WHERE: conjuncts with a subquery turn into joins, the others into one filter below them. */
export function bindWhere(from: BoundTable, where: Expr, context: QueryContext): BoundTable {
  const plain: Expr[] = [];
  const withQuery: Expr[] = [];
  for (const part of flatAnd(where)) (containsSubquery(part) ? withQuery : plain).push(part);
  let rel = from.rel;
  const plainHook = new FieldHook();
  const binder = new ExpressionBinder(from.scope, plainHook);
  if (plain.length > 0) {
    const conditions = plain.map((part) => requireCondition(binder.bind(part), "WHERE", part.span));
    rel = filter(rel, andOf(conditions));
  }
  for (const part of withQuery) rel = joinWithSubquery({ rel, scope: from.scope }, part, context);
  return { rel, scope: from.scope };
}

function flatAnd(expr: Expr): Expr[] {
  return expr.kind === "binary" && expr.op === "AND" ? [...flatAnd(expr.left), ...flatAnd(expr.right)] : [expr];
}

function containsSubquery(expr: Expr): boolean {
  let found = false;
  walk(expr, (part) => {
    if (part.kind === "subquery" || part.kind === "exists" || part.kind === "quantified" || (part.kind === "in" && part.query !== null))
      found = true;
    return !found;
  });
  return found;
}

function joinWithSubquery(from: BoundTable, expr: Expr, context: QueryContext): Rel {
  const negated = expr.kind === "unary" && expr.op === "NOT";
  const inner = negated ? expr.operand : expr;
  const binder = new ExpressionBinder(from.scope, new FieldHook());
  const offset = from.rel.columns.length;
  if (inner.kind === "exists") {
    const { rel, condition } = decorrelate(inner.query, from, context);
    return join(from.rel, rel, negated ? "anti" : "semi", condition, inner.span);
  }
  if (inner.kind === "in" && inner.query !== null) {
    const { rel, condition } = decorrelate(inner.query, from, context);
    const operands = inner.operand.kind === "row" ? inner.operand.items : [inner.operand];
    const tests = operands.map((operand, i) => {
      const column = rel.columns[i];
      const right = inputRef(offset + i, column.type);
      const [a, b] = binder.comparablePair(binder.bind(operand), right, "=", inner.span);
      const equal = callOf(operators.EQUALS, [a, b]);
      if (negated === inner.negated) return equal;
      // NOT IN: a comparison that is not FALSE keeps the row out, NULLs included.
      return a.type.nullable || b.type.nullable ? callOf(operators.OR, [equal, callOf(operators.IS_NULL, [equal])]) : equal;
    });
    return join(from.rel, rel, negated === inner.negated ? "semi" : "anti", andOf([...tests, ...conjuncts(condition)]), inner.span);
  }
  const subqueries = new SubqueryHook(from, context);
  subqueries.collect(expr);
  const joined = subqueries.build();
  const condition = requireCondition(new ExpressionBinder(joined.scope, subqueries).bind(expr), "WHERE", expr.span);
  const filtered = filter(joined.rel, condition);
  return project(
    filtered,
    allFields(filtered).slice(0, offset),
    from.rel.columns.map((column) => column.name),
  );
}

/** The subquery without its correlated conditions, and those as a condition over left and right fields. */
function decorrelate(query: Query, from: BoundTable, context: QueryContext): { rel: Rel; condition: Rex } {
  const rel = bindQuery(query, context, from.scope);
  const pulled: Rex[] = [];
  const offset = from.rel.columns.length;
  const stripped = strip(rel, pulled, query.span);
  const conditions = pulled.map((condition) =>
    mapLeaves(condition, (leaf) => (leaf.kind === "outer" ? inputRef(leaf.index, leaf.type) : inputRef(leaf.index + offset, leaf.type))),
  );
  return { rel: stripped, condition: andOf(conditions) };
}

/** Takes correlated conjuncts out of the filter on top; the fields they need are appended to the projection above. */
function strip(rel: Rel, pulled: Rex[], span: Span): Rel {
  if (rel.kind === "project") {
    const mine: Rex[] = [];
    const input = strip(rel.input, mine, span);
    if (mine.length === 0) return rel.input === input ? rel : { ...rel, input };
    const exprs = [...rel.exprs];
    if (exprs.some(hasOuter)) throw unsupportedCorrelation(span);
    const moved = mine.map((condition) =>
      mapLeaves(condition, (leaf) => (leaf.kind === "outer" ? leaf : inputRef(exprs.push(inputRef(leaf.index, leaf.type)) - 1, leaf.type))),
    );
    pulled.push(...moved);
    return project(
      input,
      exprs,
      exprs.map((_, i) => rel.columns[i]?.name ?? `$c${i}`),
    );
  }
  if (rel.kind === "filter") {
    const parts = conjuncts(rel.condition);
    const outer = parts.filter(hasOuter);
    const rest = parts.filter((part) => !hasOuter(part));
    const input = strip(rel.input, pulled, span);
    pulled.push(...outer);
    return rest.length === 0 ? input : filter(input, andOf(rest));
  }
  if (rel.kind === "aggregate" && rel.keys.length === 0 && rel.groupWindow === null) return stripAggregate(rel, pulled, span);
  return rel;
}

/** A correlated aggregate without keys: the correlated fields become its keys. */
function stripAggregate(rel: Extract<Rel, { kind: "aggregate" }>, pulled: Rex[], span: Span): Rel {
  const mine: Rex[] = [];
  const input = strip(rel.input, mine, span);
  if (mine.length === 0) return rel;
  const keys: number[] = [];
  const calls = rel.calls.length;
  const keyOf = (field: number): number => {
    const at = keys.indexOf(field);
    return at >= 0 ? at : keys.push(field) - 1;
  };
  for (const condition of mine) mapLeaves(condition, (leaf) => (leaf.kind === "input" ? inputRef(keyOf(leaf.index), leaf.type) : leaf));
  const keyColumns = keys.map((key) => input.columns[key]);
  const aggregate: Rel = { ...rel, input, keys, columns: [...keyColumns, ...rel.columns] };
  const moved = mine.map((condition) =>
    mapLeaves(condition, (leaf) => (leaf.kind === "input" ? inputRef(calls + keyOf(leaf.index), leaf.type) : leaf)),
  );
  pulled.push(...moved);
  const fields = allFields(aggregate);
  return project(
    aggregate,
    [...fields.slice(keys.length), ...fields.slice(0, keys.length)],
    [...rel.columns, ...keyColumns].map((column) => column.name),
  );
}

function unsupportedCorrelation(span: Span): SqlError {
  return new SqlError("plan", "SQL_CORRELATED", "This correlated subquery is not supported.", span, { hint: "Write it as a join." });
}

/** `SELECT *` names its columns by field. */
class FieldHook implements BindHook {
  expression(expr: Expr, binder: ExpressionBinder): Rex | null {
    if (expr.kind !== "call" || expr.name !== "$FIELD") return null;
    const index = Number(expr.options.index);
    const column =
      binder.scope.star.find((candidate) => candidate.index === index) ??
      binder.scope.tables.flatMap((table) => table.columns).find((candidate) => candidate.index === index)!;
    return inputRef(index, column.type);
  }
}

/** Scalar subqueries of a select list: joined on the right, replaced by the joined field. */
export class SubqueryHook extends FieldHook {
  private readonly from: BoundTable;
  private readonly context: QueryContext;
  private rel: Rel;
  private readonly fields = new Map<Query, Rex>();

  constructor(from: BoundTable, context: QueryContext) {
    super();
    this.from = from;
    this.context = context;
    this.rel = from.rel;
  }

  collect(expr: Expr): void {
    walk(expr, (part) => {
      if (part.kind === "subquery") this.add(part.query);
      return true;
    });
  }

  private add(query: Query): void {
    const { rel, condition } = decorrelate(query, this.from, this.context);
    if (!givesOneRow(rel)) {
      throw new SqlError("plan", "SQL_SCALAR_SUBQUERY", "A scalar subquery has to be an aggregate without GROUP BY here.", query.span);
    }
    const offset = this.rel.columns.length;
    const moved = mapLeaves(condition, (leaf) =>
      leaf.kind === "input" && leaf.index >= this.from.rel.columns.length
        ? inputRef(leaf.index - this.from.rel.columns.length + offset, leaf.type)
        : leaf,
    );
    this.rel = join(this.rel, rel, "left", moved, query.span);
    const value = inputRef(offset, this.rel.columns[offset].type);
    // A count over nothing is 0 even where the join finds no row.
    this.fields.set(
      query,
      isCount(rel) ? callOf(SCALAR_FUNCTIONS.get("COALESCE")!, [value, literalOf(0, withNullable(BIGINT, false))]) : value,
    );
  }

  build(): BoundTable {
    return { rel: this.rel, scope: this.from.scope };
  }

  override expression(expr: Expr, binder: ExpressionBinder): Rex | null {
    if (expr.kind === "subquery") return this.fields.get(expr.query) ?? null;
    return super.expression(expr, binder);
  }
}

function isCount(rel: Rel, field = 0): boolean {
  if (rel.kind === "project") {
    const expr = rel.exprs[field];
    return expr.kind === "input" && isCount(rel.input, expr.index);
  }
  return rel.kind === "aggregate" && rel.calls[field - rel.keys.length]?.fn.name === "COUNT";
}

function givesOneRow(rel: Rel): boolean {
  if (rel.kind === "project") return givesOneRow(rel.input);
  return rel.kind === "aggregate" && rel.groupWindow === null;
}
