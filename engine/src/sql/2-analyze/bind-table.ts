/** FROM: tables, views, joins, derived tables, window table functions, UNNEST. */
import { INT, rowTypeOf, typeName, withNullable } from "../../types/logical-type.ts";
import { invariant } from "../../base/invariant.ts";
import type { Alias, CallExpr, Expr, Hint, Identifier, TableRef } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { nameHint } from "../../base/nearest.ts";
import { parserOnlyTable } from "./parser-only.ts";
import * as operators from "../functions/operators.ts";
import { SCALAR_FUNCTIONS } from "../functions/registry.ts";
import { andOf, callOf, ExpressionBinder } from "./bind-expression.ts";
import { bindQuery, renamed } from "./bind-query.ts";
import { constantValue, isConstant } from "./constant.ts";
import type { CatalogView } from "../catalog/catalog.ts";
import { refuseOptionsHint, withOptionsHint } from "./options-hint.ts";
import type { QueryContext } from "./query-context.ts";
import type { Rel, RelColumn, RelJoinType, Scan, WindowSpecification } from "./rel.ts";
import { join, project, windowTvf } from "./rel-builder.ts";
import { inputRef, type Rex } from "./rex.ts";
import { Scope, type ScopeColumn } from "./scope.ts";

export interface BoundTable {
  readonly rel: Rel;
  readonly scope: Scope;
}

export function scopeOf(rel: Rel, alias: string | null, parent: Scope | null): Scope {
  return new Scope([{ alias, columns: rel.columns.map((column, index) => ({ ...column, index })) }], parent);
}

export function bindTable(ref: TableRef, context: QueryContext, parent: Scope | null): BoundTable {
  switch (ref.kind) {
    case "table": {
      const rel = aliased(lookUpTable(ref.path, context, ref.hints), ref.alias);
      return { rel, scope: scopeOf(rel, ref.alias?.name.name ?? ref.path[ref.path.length - 1].name, parent) };
    }
    case "derived": {
      const rel = aliased(bindQuery(ref.query, context, parent), ref.alias);
      return { rel, scope: scopeOf(rel, ref.alias?.name.name ?? null, parent) };
    }
    case "function": {
      const rel = aliased(bindTableFunction(ref.call, context, parent), ref.alias);
      return { rel, scope: scopeOf(rel, ref.alias?.name.name ?? null, parent) };
    }
    case "join":
      return bindJoin(ref, context, parent);
    case "unnest": {
      const one: Rel = { kind: "values", rows: [[]], columns: [] };
      return bindUnnest({ rel: one, scope: new Scope([], parent) }, ref, "CROSS", parent);
    }
    case "sample":
    case "pivot":
    case "unpivot":
      throw parserOnlyTable(ref);
    case "matchRecognize":
      throw new SqlError("plan", "SQL_MATCH_RECOGNIZE", "MATCH_RECOGNIZE is not available yet.", ref.span, {
        hint: "Many patterns can be written with OVER (LAG) or a self join on a time interval.",
      });
  }
}

function aliased(rel: Rel, alias: Alias | null): Rel {
  return alias === null || alias.columns.length === 0 ? rel : renamed(rel, alias.columns, alias.name.span);
}

export function lookUpTable(path: readonly Identifier[], context: QueryContext, hints: readonly Hint[] = []): Rel {
  const last = path[path.length - 1];
  const common = path.length === 1 ? context.commonTables.get(last.name) : undefined;
  if (common !== undefined) {
    const rel = bindQuery(common.query, common.context, null);
    return common.columns.length === 0 ? rel : project(rel, fields(rel), common.columns);
  }
  const object = context.catalog.find(path.map(({ name }) => name));
  if (object === undefined) {
    throw new SqlError("validate", "SQL_UNKNOWN_TABLE", `There is no table '${last.name}'.`, last.span, {
      found: last.name,
      hint: nameHint(last.name, [...context.commonTables.keys(), ...context.catalog.names()], "tables"),
    });
  }
  if (object.kind === "table") {
    const table = withOptionsHint(object, hints, context);
    context.scanned?.(table);
    const scan: Scan = { kind: "scan", table, columns: table.columns.map(({ name, type }) => ({ name, type })) };
    return scan;
  }
  refuseOptionsHint(object, hints);
  if (context.expanding.includes(object.name))
    throw new SqlError("validate", "SQL_RECURSIVE_VIEW", `View ${object.name} uses itself.`, last.span);
  const inside = {
    ...context,
    catalog: context.catalog.within(object.path),
    commonTables: new Map(),
    expanding: [...context.expanding, object.name],
  };
  const rel = bindQuery(object.query, inside, null);
  return project(rel, viewFields(rel, object), object.columns);
}

/** The columns that the view had when it was made: `*` may stand for more by now. */
function viewFields(rel: Rel, { queryColumns }: CatalogView): Rex[] {
  if (rel.columns.length === queryColumns.length) return fields(rel);
  return queryColumns.map((name, i) => {
    const at = rel.columns.findIndex((column) => column.name === name);
    const index = at === -1 ? i : at;
    return inputRef(index, rel.columns[index].type);
  });
}

function fields(rel: Rel): Rex[] {
  return rel.columns.map((column, i) => inputRef(i, column.type));
}

// ---- joins ----

const JOIN_TYPES: Readonly<Record<string, RelJoinType>> = { INNER: "inner", CROSS: "inner", LEFT: "left", RIGHT: "right", FULL: "full" };

function bindJoin(ref: Extract<TableRef, { kind: "join" }>, context: QueryContext, parent: Scope | null): BoundTable {
  const left = bindTable(ref.left, context, parent);
  if (ref.right.kind === "unnest") return bindUnnest(left, ref.right, ref.type, parent);
  const right = bindTable(ref.right, context, parent);
  const offset = left.rel.columns.length;
  const shifted = right.scope.tables.map((table) => ({
    alias: table.alias,
    columns: table.columns.map((column) => ({ ...column, index: column.index + offset })),
  }));
  const shiftedStar = right.scope.star.map((column) => ({ ...column, index: column.index + offset }));
  const scope = new Scope([...left.scope.tables, ...shifted], parent, [...left.scope.star, ...shiftedStar]);
  let asOf: number | null = null;
  if (ref.right.kind === "table" && ref.right.asOf !== null) asOf = bindAsOf(ref.right.asOf, left, ref);
  const type = JOIN_TYPES[ref.type];
  const names = ref.natural
    ? left.scope.star.filter((column) => shiftedStar.some((other) => other.name === column.name)).map((column) => column.name)
    : ref.using.map((name) => name.name);
  if (names.length > 0) return joinUsing(left, right, { type, names, ref, offset, parent });
  const condition = ref.on === null ? andOf([]) : new ExpressionBinder(scope).bind(ref.on);
  if (condition.type.root !== "BOOLEAN" && condition.type.root !== "NULL") {
    throw new SqlError("validate", "SQL_CONDITION", "ON clause must be a condition.", ref.on!.span, {
      found: typeName(condition.type),
      expected: "BOOLEAN",
    });
  }
  if (ref.on === null && ref.type !== "CROSS" && !ref.natural) {
    throw new SqlError(
      "validate",
      "SQL_JOIN_CONDITION",
      `${ref.type} JOIN requires a condition (NATURAL keyword or ON or USING clause).`,
      ref.span,
    );
  }
  return { rel: join(left.rel, right.rel, type, condition, ref.span, asOf), scope: afterJoin(scope, type, offset) };
}

/** The padded side's columns become nullable. */
function afterJoin(scope: Scope, type: RelJoinType, offset: number): Scope {
  const pad = (column: ScopeColumn): ScopeColumn => {
    const padded = column.index < offset ? type === "right" || type === "full" : type === "left" || type === "full";
    return padded ? { ...column, type: withNullable(column.type, true) } : column;
  };
  return new Scope(
    scope.tables.map((table) => ({ alias: table.alias, columns: table.columns.map(pad) })),
    scope.parent,
    scope.star.map(pad),
  );
}

interface UsingJoin {
  readonly type: RelJoinType;
  readonly names: readonly string[];
  readonly ref: Extract<TableRef, { kind: "join" }>;
  readonly offset: number;
  readonly parent: Scope | null;
}

/** USING and NATURAL: the common columns come first, once. */
function joinUsing(left: BoundTable, right: BoundTable, { type, names, ref, offset, parent }: UsingJoin): BoundTable {
  const binder = new ExpressionBinder(new Scope([], null));
  const pairs = names.map((name) => {
    const a = left.scope.star.find((column) => column.name === name);
    const b = right.scope.star.find((column) => column.name === name);
    if (a === undefined || b === undefined) {
      throw new SqlError("validate", "SQL_UNKNOWN_COLUMN", `Column '${name}' of USING is not in both tables.`, ref.span, { found: name });
    }
    return [inputRef(a.index, a.type), inputRef(b.index + offset, b.type)] as const;
  });
  const condition = andOf(pairs.map(([a, b]) => callOf(operators.EQUALS, binder.comparablePair(a, b, "=", ref.span))));
  const joined = join(left.rel, right.rel, type, condition, ref.span);
  const coalesce = SCALAR_FUNCTIONS.get("COALESCE")!;
  const at = (index: number): Rex => inputRef(index, joined.columns[index].type);
  const merged = pairs.map(([a, b]) =>
    type === "right" ? at(b.index) : type === "full" ? callOf(coalesce, [at(a.index), at(b.index)]) : at(a.index),
  );
  const all = joined.columns.map((_, index) => at(index));
  const rel = project(joined, [...merged, ...all], [...names, ...joined.columns.map((column) => column.name)]);
  const moved = (column: ScopeColumn, by: number): ScopeColumn => {
    const index = column.index + by + names.length;
    return { name: column.name, type: rel.columns[index].type, index };
  };
  const tables = [
    ...left.scope.tables.map((table) => ({ alias: table.alias, columns: table.columns.map((column) => moved(column, 0)) })),
    ...right.scope.tables.map((table) => ({ alias: table.alias, columns: table.columns.map((column) => moved(column, offset)) })),
  ];
  const star = [
    ...names.map((name, index) => ({ name, type: rel.columns[index].type, index })),
    ...left.scope.star.filter((column) => !names.includes(column.name)).map((column) => moved(column, 0)),
    ...right.scope.star.filter((column) => !names.includes(column.name)).map((column) => moved(column, offset)),
  ];
  return { rel, scope: new Scope(tables, parent, star) };
}

function bindAsOf(asOf: Expr, left: BoundTable, ref: Extract<TableRef, { kind: "join" }>): number {
  if (ref.type === "RIGHT" || ref.type === "FULL") {
    throw new SqlError("validate", "SQL_TEMPORAL_JOIN", `Unknown join type ${ref.type} for a temporal join.`, ref.span, {
      expected: "INNER or LEFT",
    });
  }
  const time = new ExpressionBinder(left.scope).bind(asOf);
  if (time.kind !== "input" || time.type.timeAttribute === undefined) {
    throw new SqlError("validate", "SQL_TEMPORAL_JOIN", "FOR SYSTEM_TIME AS OF wants a time attribute of the left table.", asOf.span);
  }
  const right = ref.right;
  invariant(right.kind === "table", "FOR SYSTEM_TIME stands behind a table");
  return time.index;
}

// ---- UNNEST ----

function bindUnnest(left: BoundTable, ref: Extract<TableRef, { kind: "unnest" }>, type: string, parent: Scope | null): BoundTable {
  const collection = new ExpressionBinder(left.scope).bind(ref.expr);
  const { root, element, key, value } = collection.type;
  if (root !== "ARRAY" && root !== "MULTISET" && root !== "MAP") {
    throw new SqlError(
      "validate",
      "SQL_ARGUMENT_TYPE",
      `Cannot apply 'UNNEST' to arguments of type 'UNNEST(<${typeName(collection.type)}>)'.`,
      ref.expr.span,
      {
        expected: "UNNEST(<ARRAY>), UNNEST(<MULTISET>) or UNNEST(<MAP>)",
      },
    );
  }
  const elementType =
    root === "MAP"
      ? withNullable(
          rowTypeOf([
            { name: "f0", type: key! },
            { name: "f1", type: value! },
          ]),
          false,
        )
      : element!;
  const outer = type === "LEFT";
  const made: RelColumn[] =
    elementType.root === "ROW"
      ? elementType.fields!.map((field) => ({
          name: field.name,
          type: withNullable(field.type, outer || field.type.nullable || elementType.nullable),
        }))
      : [{ name: "f0", type: withNullable(elementType, outer || elementType.nullable) }];
  if (ref.withOrdinality) made.push({ name: "ORDINALITY", type: withNullable(INT, outer) });
  const names = ref.alias?.columns ?? [];
  if (names.length > 0 && names.length !== made.length) {
    throw new SqlError("validate", "SQL_COLUMN_COUNT", `UNNEST gives ${made.length} columns, the alias names ${names.length}.`, ref.span);
  }
  const columns = made.map((column, i) => ({ name: names[i]?.name ?? column.name, type: column.type }));
  const rel: Rel = {
    kind: "unnest",
    input: left.rel,
    collection,
    withOrdinality: ref.withOrdinality,
    outer,
    elementFields: elementType.root === "ROW" ? elementType.fields!.length : 0,
    columns: [...left.rel.columns, ...columns],
  };
  const offset = left.rel.columns.length;
  const own = columns.map((column, i) => ({ ...column, index: offset + i }));
  const scope = new Scope([...left.scope.tables, { alias: ref.alias?.name.name ?? null, columns: own }], parent, [
    ...left.scope.star,
    ...own,
  ]);
  return { rel, scope };
}

// ---- window table functions ----

const WINDOW_PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  TUMBLE: ["DATA", "TIMECOL", "SIZE", "OFFSET"],
  HOP: ["DATA", "TIMECOL", "SLIDE", "SIZE", "OFFSET"],
  CUMULATE: ["DATA", "TIMECOL", "STEP", "SIZE", "OFFSET"],
  SESSION: ["DATA", "TIMECOL", "GAP"],
};

function bindTableFunction(call: CallExpr, context: QueryContext, parent: Scope | null): Rel {
  const names = WINDOW_PARAMETERS[call.name];
  if (names === undefined) {
    throw new SqlError("validate", "SQL_UNKNOWN_FUNCTION", `There is no table function ${call.name}.`, call.nameSpan, {
      found: call.name,
      hint: nameHint(call.name, Object.keys(WINDOW_PARAMETERS), "table functions"),
    });
  }
  const given = new Map<string, Expr>();
  call.args.forEach((arg, i) => {
    if (arg.kind === "namedArgument") given.set(arg.name.name.toUpperCase(), arg.value);
    else if (i < names.length) given.set(names[i], arg);
    else throw new SqlError("validate", "SQL_ARGUMENT_COUNT", `${call.name} takes ${names.join(", ")}.`, arg.span);
  });
  const data = given.get("DATA");
  if (data === undefined || data.kind !== "tableArgument") {
    throw new SqlError("validate", "SQL_TABLE_ARGUMENT", `${call.name} wants a table as its first argument.`, data?.span ?? call.span, {
      expected: "TABLE name",
    });
  }
  const input = bindTable(data.table, context, parent).rel;
  const timeField = bindDescriptor(call, given.get("TIMECOL"), input);
  const partition = data.partitionBy.map((expr) => {
    const bound = new ExpressionBinder(scopeOf(input, null, null)).bind(expr);
    if (bound.kind !== "input")
      throw new SqlError("validate", "SQL_PARTITION", "PARTITION BY of a table function takes columns.", expr.span);
    return bound.index;
  });
  const spec = windowSpecification(call, given, partition);
  return windowTvf(input, spec, timeField);
}

function bindDescriptor(call: CallExpr, arg: Expr | undefined, input: Rel): number {
  if (arg === undefined) throw new SqlError("validate", "SQL_ARGUMENT_COUNT", `${call.name} wants DESCRIPTOR(time column).`, call.span);
  if (arg.kind !== "descriptor") {
    if (arg.kind === "name") new ExpressionBinder(new Scope([], null)).bind(arg);
    throw new SqlError("validate", "SQL_DESCRIPTOR", `${call.name} wants the time column as DESCRIPTOR(column).`, arg.span, {
      expected: "DESCRIPTOR(column)",
    });
  }
  const [name] = arg.columns;
  const index = input.columns.findIndex((column) => column.name === name.name);
  if (index < 0) {
    throw new SqlError("validate", "SQL_UNKNOWN_COLUMN", `Unknown identifier '${name.name}' in DESCRIPTOR.`, name.span, {
      found: name.name,
      hint: nameHint(
        name.name,
        input.columns.map((column) => column.name),
        "columns",
      ),
    });
  }
  const { type } = input.columns[index];
  if (type.timeAttribute === undefined) {
    throw new SqlError(
      "validate",
      "SQL_TIME_ATTRIBUTE",
      `The window function requires the timecol is a time attribute type, but is ${typeName(type)}.`,
      name.span,
      {
        found: typeName(type),
        expected: "a column with a WATERMARK, or PROCTIME()",
        hint: "A time attribute is lost in arithmetic, casts, regular joins and unbounded aggregates.",
      },
    );
  }
  return index;
}

function windowSpecification(call: CallExpr, given: ReadonlyMap<string, Expr>, partition: readonly number[]): WindowSpecification {
  const interval = (name: string): number => intervalMs(call.name, name, given.get(name), call.span);
  const positive = (name: string): number => {
    const value = interval(name);
    if (value <= 0) {
      throw new SqlError(
        "validate",
        "SQL_WINDOW_SIZE",
        `${call.name} table function requires ${name.toLowerCase()} to be positive, but got ${value} ms.`,
        given.get(name)?.span ?? call.span,
      );
    }
    return value;
  };
  const offsetMs = given.has("OFFSET") ? interval("OFFSET") : 0;
  switch (call.name) {
    case "TUMBLE":
      return { kind: "tumble", sizeMs: positive("SIZE"), offsetMs };
    case "HOP": {
      const [slideMs, sizeMs] = [positive("SLIDE"), positive("SIZE")];
      if (sizeMs % slideMs !== 0) {
        throw new SqlError(
          "validate",
          "SQL_WINDOW_SIZE",
          `HOP requires size to be an integral multiple of slide, but got size ${sizeMs} ms and slide ${slideMs} ms.`,
          call.span,
        );
      }
      return { kind: "hop", slideMs, sizeMs, offsetMs };
    }
    case "CUMULATE": {
      const [stepMs, sizeMs] = [positive("STEP"), positive("SIZE")];
      if (sizeMs % stepMs !== 0) {
        throw new SqlError(
          "validate",
          "SQL_WINDOW_SIZE",
          `CUMULATE requires maxSize to be an integral multiple of step, but got maxSize ${sizeMs} ms and step ${stepMs} ms.`,
          call.span,
        );
      }
      return { kind: "cumulate", stepMs, sizeMs, offsetMs };
    }
    default:
      return { kind: "session", gapMs: positive("GAP"), partition };
  }
}

/** A constant day-time interval in ms. */
export function intervalMs(fn: string, name: string, expr: Expr | undefined, span: Span): number {
  if (expr === undefined) throw new SqlError("validate", "SQL_ARGUMENT_COUNT", `${fn} wants ${name}.`, span);
  const bound = new ExpressionBinder(new Scope([], null)).bind(expr);
  if (bound.type.root === "INTERVAL_YEAR_MONTH") {
    throw new SqlError(
      "plan",
      "SQL_WINDOW_UNIT",
      `${fn} only supports SECOND, MINUTE, HOUR, DAY as the time unit, not MONTH or YEAR.`,
      expr.span,
    );
  }
  if (bound.type.root !== "INTERVAL_DAY_TIME" || !isConstant(bound)) {
    throw new SqlError("validate", "SQL_ARGUMENT_TYPE", `${fn} wants a constant interval as ${name}.`, expr.span, {
      expected: "INTERVAL '5' MINUTE",
    });
  }
  return constantValue(bound) as number;
}
