/** Queries: WITH, set operations, VALUES, ORDER BY and LIMIT; SELECT itself is in bind-select.ts. */
import { UserFunctionsHook } from "./user-functions-hook.ts";
import { typeName, withNullable } from "../../types/logical-type.ts";
import type { Expr, Identifier, OrderItem, Query, QueryBody, SetQuery, ValuesQuery } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { ExpressionBinder } from "./bind-expression.ts";
import { bindSelect } from "./bind-select.ts";
import { scopeOf } from "./bind-table.ts";
import { illegalNull } from "./coercion.ts";
import { isBareNull } from "./rex-calls.ts";
import { constantValue, isConstant } from "./constant.ts";
import { refuseQueryParts } from "./parser-only.ts";
import type { BoundCommonTable, QueryContext } from "./query-context.ts";
import type { Rel, SortKey } from "./rel.ts";
import { allFields, project } from "./rel-builder.ts";
import { type Rex, rexDigest } from "./rex.ts";
import { Scope } from "./scope.ts";
import { leastRestrictive } from "./type-rules.ts";

export function bindQuery(query: Query, context: QueryContext, parent: Scope | null): Rel {
  refuseQueryParts(query);
  let inner: QueryContext = context;
  for (const common of query.with) {
    // A WITH entry does not see itself: what has its name is an object of the catalog.
    const commonTables = new Map<string, BoundCommonTable>(inner.commonTables);
    commonTables.set(common.name.name, { query: common.query, columns: common.columns.map((column) => column.name), context: inner });
    inner = { ...inner, commonTables };
  }
  const limit = constantRows(query.limit);
  const offset = constantRows(query.offset) ?? 0;
  if (query.orderBy.length === 0) {
    const rel = bindBody(query.body, inner, parent);
    return limit === null && offset === 0
      ? rel
      : { kind: "sort", input: rel, keys: [], offset, fetch: limit, columns: rel.columns, span: query.span };
  }
  if (query.body.kind === "select") {
    const { rel, hidden, resolve } = bindSelect(
      query.body,
      inner,
      parent,
      query.orderBy.map((item) => item.expr),
    );
    return sorted(rel, query, resolve, hidden, { limit, offset });
  }
  const rel = bindBody(query.body, inner, parent);
  const binder = new ExpressionBinder(scopeOf(rel, null, parent), new UserFunctionsHook(inner));
  const exprs = query.orderBy.map((item) => binder.bind(item.expr));
  return sorted(rel, query, exprs, 0, { limit, offset });
}

function constantRows(expr: Expr | null): number | null {
  if (expr === null) return null;
  const bound = new ExpressionBinder(new Scope([], null)).bind(expr);
  if (!isConstant(bound)) throw new SqlError("validate", "SQL_LIMIT", "LIMIT and OFFSET want a number.", expr.span);
  return Number(constantValue(bound));
}

/** Sorts by expressions over `rel`; computed keys and `hidden` trailing columns are projected away again. */
export function sorted(
  rel: Rel,
  query: Pick<Query, "orderBy" | "span">,
  exprs: readonly Rex[],
  hidden: number,
  { limit, offset }: { limit: number | null; offset: number },
): Rel {
  const visible = rel.columns.length - hidden;
  const all = allFields(rel);
  const fields = exprs.map((expr) => {
    const at = all.findIndex((field) => rexDigest(field) === rexDigest(expr));
    return at >= 0 ? at : all.push(expr) - 1;
  });
  const names = all.map((_, i) => rel.columns[i]?.name ?? `EXPR$${i}`);
  const input = all.length > rel.columns.length ? project(rel, all, names) : rel;
  const keys = query.orderBy.map((item, i): SortKey => sortKey(fields[i], item));
  const sort: Rel = { kind: "sort", input, keys, offset, fetch: limit, columns: input.columns, span: query.span };
  return all.length === visible ? sort : project(sort, allFields(sort).slice(0, visible), names);
}

/** NULL is the smallest value: first when ascending, last when descending, unless said otherwise. */
export function sortKey(field: number, item: OrderItem): SortKey {
  return { field, descending: item.descending, nullsFirst: item.nulls === null ? !item.descending : item.nulls === "FIRST" };
}

function bindBody(body: QueryBody, context: QueryContext, parent: Scope | null): Rel {
  switch (body.kind) {
    case "query":
      return bindQuery(body, context, parent);
    case "select":
      return bindSelect(body, context, parent, []).rel;
    case "values":
      return bindValues(body, parent);
    case "set":
      return bindSet(body, context, parent);
  }
}

export function bindValues(body: ValuesQuery, parent: Scope | null = null): Rel {
  const binder = new ExpressionBinder(new Scope([], parent));
  const rows = body.rows.map((row) => row.map((expr) => binder.bind(expr)));
  rows.forEach((row, r) => {
    const bare = row.findIndex(isBareNull);
    if (bare >= 0) throw illegalNull(body.rows[r][bare].span);
  });
  const width = rows[0].length;
  const odd = rows.findIndex((row) => row.length !== width);
  if (odd >= 0)
    throw new SqlError(
      "validate",
      "SQL_COLUMN_COUNT",
      "Values passed to VALUES operator must have compatible types",
      body.rows[odd][0].span,
    );
  const columns = rows[0].map((_, i) =>
    binder.unify(
      rows.map((row) => row[i]),
      body.span,
      "Values passed to VALUES operator must have compatible types",
    ),
  );
  return {
    kind: "values",
    rows: rows.map((_, r) => columns.map((column) => column[r])),
    columns: columns.map((column, i) => ({
      name: `EXPR$${i}`,
      type: withNullable(
        column[0].type,
        column.some((value) => value.type.nullable),
      ),
    })),
  };
}

function bindSet(body: SetQuery, context: QueryContext, parent: Scope | null): Rel {
  const left = bindBody(body.left, context, parent);
  const right = bindBody(body.right, context, parent);
  return setOperation(left, right, { ...body, rightSpan: body.right.span });
}

interface SetParts extends Pick<SetQuery, "op" | "all" | "span"> {
  readonly rightSpan: Span;
}

/** Both inputs' columns in their common types, under the names of the left ones. */
export function setOperation(left: Rel, right: Rel, body: SetParts): Rel {
  if (left.columns.length !== right.columns.length) {
    throw new SqlError(
      "validate",
      "SQL_COLUMN_COUNT",
      `Column count mismatch in ${body.op}: ${left.columns.length} and ${right.columns.length}.`,
      body.span,
    );
  }
  const types = left.columns.map((column, i) => {
    const other = right.columns[i].type;
    const type = leastRestrictive(column.type, other);
    if (type === null) {
      throw new SqlError(
        "validate",
        "SQL_TYPE_MISMATCH",
        `Type mismatch in column ${i + 1} of ${body.op}${body.all ? " ALL" : ""}.`,
        body.rightSpan,
        {
          found: typeName(other),
          expected: typeName(column.type),
        },
      );
    }
    const timeAttribute = column.type.timeAttribute;
    return timeAttribute !== undefined && other.timeAttribute === timeAttribute ? { ...type, timeAttribute } : type;
  });
  const columns = left.columns.map((column, i) => ({ name: column.name, type: types[i] }));
  const kind = body.op === "UNION" ? "union" : body.op === "INTERSECT" ? "intersect" : "except";
  return { kind, all: body.all, inputs: [left, right], columns, span: body.span };
}

/** Other names for the columns of a query. */
export function renamed(rel: Rel, names: readonly Identifier[], span: Span): Rel {
  if (names.length !== rel.columns.length) {
    throw new SqlError(
      "validate",
      "SQL_COLUMN_COUNT",
      `List of column aliases must have same degree as table; table has ${rel.columns.length} columns (${rel.columns.map((column) => `'${column.name}'`).join(", ")}), whereas alias list has ${names.length} columns`,
      span,
    );
  }
  if (rel.kind === "values") return { ...rel, columns: rel.columns.map((column, i) => ({ ...column, name: names[i].name })) };
  return project(
    rel,
    allFields(rel),
    names.map((name) => name.name),
  );
}
