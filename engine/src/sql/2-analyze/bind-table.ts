/** FROM: tables, views, joins, derived tables, window table functions, UNNEST. */
import { INT, isTimestamp, rowTypeOf, typeName, withNullable, withoutTimeAttribute } from "../../types/logical-type.ts";
import type { Alias, CallExpr, Expr, Identifier, TableArgument, TableRef } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { placed, SqlError } from "../1-parse/sql-error.ts";
import { nameHint } from "../../base/nearest.ts";
import { instanceOf } from "../user-functions/invoke.ts";
import { processFunction } from "../user-functions/invoke-process.ts";
import { ProcessTableFunction } from "../user-functions/process-table-function.ts";
import { parserOnlyTable } from "./parser-only.ts";
import type { CatalogTable } from "../catalog/catalog.ts";
import { PROCESS_FUNCTIONS } from "../functions/changelog-functions.ts";
import * as operators from "../functions/operators.ts";
import { SCALAR_FUNCTIONS } from "../functions/registry.ts";
import { andOf, calciteName, callOf, ExpressionBinder } from "./bind-expression.ts";
import { bindMatch } from "./bind-match.ts";
import { bindQuery, renamed } from "./bind-query.ts";
import { bindProcessCall, type ProcessCall } from "./bind-process-function.ts";
import { bindUserTableFunction, userFunction } from "./bind-user-function.ts";
import { constantValue, isConstant } from "./constant.ts";
import type { CatalogView } from "../catalog/catalog.ts";
import { refuseOptionsHint, withOptionsHint } from "./options-hint.ts";
import { pushedJoin } from "./join-conditions.ts";
import { withinSize } from "./plan-size.ts";
import type { QueryContext } from "./query-context.ts";
import type { Hints, Rel, RelColumn, RelJoinType, Scan, WindowSpecification } from "./rel.ts";
import { filter, joinColumns, namesOf, project, windowTvf } from "./rel-builder.ts";
import { inputRef, isTrue, literalOf, mapLeaves, type Rex, type RexInput } from "./rex.ts";
import { Scope, type ScopeColumn } from "./scope.ts";
import { SubqueryHook } from "./subqueries.ts";

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
      const rel = aliased(snapshotOf(lookUpTable(ref.path, context, ref.hints), ref.asOf, parent), ref.alias);
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
    case "unnest":
      return bindUnnest(ref, context, parent);
    case "sample":
    case "pivot":
    case "unpivot":
      throw parserOnlyTable(ref);
    case "matchRecognize": {
      const rel = aliased(bindMatch(ref, bindTable(ref.input, context, parent).rel, parent), ref.alias);
      return { rel, scope: scopeOf(rel, ref.alias?.name.name ?? null, parent) };
    }
  }
}

/** The table as it was at a time that the row of the left side names. */
function snapshotOf(rel: Rel, asOf: Expr | null, parent: Scope | null): Rel {
  if (asOf === null) return rel;
  const period = new ExpressionBinder(new Scope([], parent)).bind(asOf);
  if (!isTimestamp(period.type)) {
    throw new SqlError(
      "validate",
      "SQL_TEMPORAL_JOIN",
      `The system time period specification expects Timestamp type but is '${calciteName(period.type)}'`,
      asOf.span,
      {
        found: typeName(period.type),
        expected: "a time attribute of the left table",
      },
    );
  }
  return { kind: "snapshot", input: rel, period, columns: rel.columns };
}

function aliased(rel: Rel, alias: Alias | null): Rel {
  return alias === null || alias.columns.length === 0 ? rel : renamed(rel, alias.columns, alias.name.span);
}

export function lookUpTable(path: readonly Identifier[], context: QueryContext, hints: Hints = []): Rel {
  const last = path[path.length - 1];
  const common = path.length === 1 ? context.commonTables.get(last.name) : undefined;
  if (common?.rel !== undefined) return common.rel;
  if (common !== undefined) {
    const rel = withinSize(bindQuery(common.query, common.context, null), "validate", last.span);
    return common.columns.length === 0 ? rel : project(rel, fields(rel), common.columns);
  }
  const object = context.catalog.find(path.map(({ name }) => name));
  if (object === undefined) {
    throw new SqlError(
      "validate",
      "SQL_UNKNOWN_TABLE",
      `Object '${last.name}' not found${path.length > 1 ? ` within '${fullPath(path, context)}'` : ""}`,
      last.span,
      {
        found: last.name,
        hint: nameHint(last.name, [...context.commonTables.keys(), ...context.catalog.names()], "tables"),
      },
    );
  }
  if (object.kind === "table") {
    const table = withOptionsHint(object, hints, context);
    placed(last.span, () => context.scanned?.(table));
    return scanOf(table, hints);
  }
  refuseOptionsHint(object, hints);
  if (context.expanding.includes(object.name))
    throw new SqlError("validate", "SQL_RECURSIVE_VIEW", `View ${object.name} uses itself.`, last.span);
  if (object.rel !== undefined) return renamedIfNeeded(object.rel, object.columns);
  const inside = {
    ...context,
    catalog: context.catalog.within(object.path),
    commonTables: new Map(),
    expanding: [...context.expanding, object.name],
  };
  const rel = withinSize(bindQuery(object.query, inside, null), "validate", last.span);
  const asMade = rel.columns.length === object.columns.length && rel.columns.every(({ name }, i) => name === object.columns[i]);
  return asMade ? rel : project(rel, viewFields(rel, object), object.columns);
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

function renamedIfNeeded(rel: Rel, names: readonly string[]): Rel {
  return rel.columns.every((column, i) => column.name === names[i]) ? rel : project(rel, fields(rel), names);
}

/** The connector's columns, the computed ones above them, and the mark of the rowtime column above that. */
function scanOf(table: CatalogTable, hints: Hints): Rel {
  const physical = table.columns.flatMap((column, i) => (column.expr === null ? [i] : []));
  const rowtime = table.watermark?.column ?? -1;
  // Without the mark the column is an ordinary timestamp.
  const plain = (i: number): RelColumn => {
    const { name, type } = table.columns[i];
    return { name, type: i === rowtime ? withoutTimeAttribute(type) : type };
  };
  const scan: Scan = { kind: "scan", table, fields: physical, hints, columns: physical.map(plain) };
  let rel: Rel = scan;
  if (physical.length < table.columns.length) {
    const at = (i: number): Rex => inputRef(physical.indexOf(i), plain(i).type);
    const exprs = table.columns.map((column, i) =>
      column.expr === null ? at(i) : mapLeaves(column.expr, (leaf) => (leaf.kind === "input" ? at(leaf.index) : leaf)),
    );
    rel = project(
      scan,
      exprs,
      table.columns.map((column) => column.name),
    );
  }
  if (table.watermark === null) return rel;
  const columns = table.columns.map(({ name, type }) => ({ name, type }));
  const { expr, fromSource } = table.watermark;
  return { kind: "watermarkAssigner", input: rel, field: rowtime, expr: fromSource ? null : expr, columns };
}

/** Where an object was looked for: catalog and database. */
function fullPath(path: readonly Identifier[], context: QueryContext): string {
  const { catalog, database } = context.catalog.qualify(path.map(({ name }) => name));
  return `${catalog}.${database}`;
}

function fields(rel: Rel): Rex[] {
  return rel.columns.map((column, i) => inputRef(i, column.type));
}

// ---- joins ----

const JOIN_TYPES: Readonly<Record<string, RelJoinType>> = { INNER: "inner", CROSS: "inner", LEFT: "left", RIGHT: "right", FULL: "full" };

function bindJoin(ref: Extract<TableRef, { kind: "join" }>, context: QueryContext, parent: Scope | null): BoundTable {
  const left = bindTable(ref.left, context, parent);
  if (ref.right.kind === "table") refuseTwice(aliasOf(ref.right), left.scope, ref.right.span);
  const lateral = ref.right.kind === "unnest" || isLateral(ref.right);
  const asOf = ref.right.kind === "table" ? ref.right.asOf : null;
  // The right side of a lateral join sees the left one as the query around it.
  const outer = lateral || asOf !== null ? new Scope(left.scope.tables, parent, left.scope.star) : null;
  const right = bindTable(ref.right, context, outer ?? parent);
  const offset = left.rel.columns.length;
  const shifted = right.scope.tables.map((table) => ({
    alias: table.alias,
    columns: table.columns.map((column) => ({ ...column, index: column.index + offset })),
  }));
  const shiftedStar = right.scope.star.map((column) => ({ ...column, index: column.index + offset }));
  for (const { alias } of right.scope.tables) if (alias !== null) refuseTwice(alias, left.scope, ref.right.span);
  const scope = new Scope([...left.scope.tables, ...shifted], parent, [...left.scope.star, ...shiftedStar]);
  const type = JOIN_TYPES[ref.type];
  const names = ref.natural
    ? left.scope.star.filter((column) => shiftedStar.some((other) => other.name === column.name)).map((column) => column.name)
    : ref.using.map((name) => name.name);
  if (ref.type === "CROSS" && !ref.comma && (ref.on !== null || ref.natural || ref.using.length > 0)) {
    throw new SqlError(
      "validate",
      "SQL_JOIN_CONDITION",
      "Cannot specify condition (NATURAL keyword, or ON or USING clause) following CROSS JOIN",
      ref.span,
      { expected: "INNER JOIN" },
    );
  }
  if (ref.on === null && ref.type !== "CROSS" && !ref.natural && ref.using.length === 0) {
    throw new SqlError(
      "validate",
      "SQL_JOIN_CONDITION",
      `${ref.type} JOIN requires a condition (NATURAL keyword or ON or USING clause)`,
      ref.span,
    );
  }
  const pairs = usingPairs(left, right, { names, ref, offset });
  const on = names.length > 0 ? pairsEqual(pairs, ref.span) : bindOn(ref, scope, context);
  const bound =
    outer?.correlation != null
      ? correlated(left, right, { type, on, outer, ref, scope })
      : {
          rel: pushedJoin(left.rel, right.rel, { type, condition: on, span: ref.span, variable: scope.correlation }),
          scope: afterJoin(scope, type, offset),
        };
  return names.length === 0 ? bound : mergeUsing(bound, pairs, { names, left, right, offset, type, parent });
}

function aliasOf({ alias, path }: Extract<TableRef, { kind: "table" }>): string {
  return alias?.name.name ?? path[path.length - 1].name;
}

function refuseTwice(alias: string, { tables }: Scope, span: Span): void {
  if (!tables.some((table) => table.alias === alias)) return;
  throw new SqlError("validate", "SQL_DUPLICATE_TABLE", `Duplicate relation name '${alias}' in FROM clause`, span, {
    found: alias,
    hint: "Give each use of a table an alias of its own.",
  });
}

function isLateral(ref: TableRef): boolean {
  return (ref.kind === "derived" && ref.lateral) || ref.kind === "function";
}

function bindOn(ref: Extract<TableRef, { kind: "join" }>, scope: Scope, context: QueryContext): Rex {
  if (ref.on === null) return andOf([]);
  const condition = onJoin(() => new ExpressionBinder(scope, new SubqueryHook(context)).bind(ref.on!));
  if (condition.type.root !== "BOOLEAN" && condition.type.root !== "NULL") {
    throw new SqlError("validate", "SQL_CONDITION", "ON clause must be a condition", ref.on.span, {
      found: typeName(condition.type),
      expected: "BOOLEAN",
    });
  }
  return condition;
}

/** Types that do not compare are found when a join is planned, not when its condition is read. */
export function onJoin<T>(bind: () => T): T {
  try {
    return bind();
  } catch (error) {
    if (!(error instanceof SqlError) || error.code !== "SQL_IMPLICIT_CONVERSION") throw error;
    const message = error.message
      .replace(/^Implicit/, "implicit")
      .replace(/ is not supported( now)?\.?$/, " is not supported on join's condition now");
    throw new SqlError("plan", error.code, message, error.span, error.details);
  }
}

/** The right side reads fields of the left one: its part of the condition goes into it, as a filter over the correlation variable. */
function correlated(
  left: BoundTable,
  right: BoundTable,
  { type, on, outer, ref, scope }: { type: RelJoinType; on: Rex; outer: Scope; ref: Extract<TableRef, { kind: "join" }>; scope: Scope },
): BoundTable {
  const offset = left.rel.columns.length;
  const id = outer.correlation!;
  if (type === "right" || type === "full") {
    throw new SqlError("validate", "SQL_CORRELATED_JOIN", `Unknown join type ${type.toUpperCase()}`, ref.span, {
      expected: "INNER, CROSS or LEFT",
    });
  }
  const condition = mapLeaves(on, (leaf) => {
    if (leaf.kind !== "input") return leaf;
    if (leaf.index >= offset) return inputRef(leaf.index - offset, leaf.type);
    return { kind: "correl", id, index: leaf.index, name: left.rel.columns[leaf.index].name, type: leaf.type };
  });
  const inner = isTrue(condition) ? right.rel : filter(right.rel, condition);
  const columns = joinColumns(left.rel.columns, right.rel.columns, type);
  const rel: Rel = {
    kind: "correlate",
    type: type as "inner" | "left",
    left: left.rel,
    right: inner,
    id,
    hints: [],
    columns,
    span: ref.span,
  };
  return { rel, scope: afterJoin(scope, type, offset) };
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

interface UsingParts {
  readonly names: readonly string[];
  readonly ref: Extract<TableRef, { kind: "join" }>;
  readonly offset: number;
}

type UsingPair = readonly [left: RexInput, right: RexInput];

function usingPairs(left: BoundTable, right: BoundTable, { names, ref, offset }: UsingParts): UsingPair[] {
  return names.map((name) => {
    const a = left.scope.star.find((column) => column.name === name);
    const b = right.scope.star.find((column) => column.name === name);
    if (a === undefined || b === undefined) {
      throw new SqlError("validate", "SQL_UNKNOWN_COLUMN", `Column '${name}' not found in any table`, ref.span, { found: name });
    }
    return [inputRef(a.index, a.type), inputRef(b.index + offset, b.type)] as const;
  });
}

function pairsEqual(pairs: readonly UsingPair[], span: Span): Rex {
  const binder = new ExpressionBinder(new Scope([], null));
  return andOf(pairs.map(([a, b]) => callOf(operators.EQUALS, binder.comparablePair(a, b, "=", span))));
}

interface MergeParts {
  readonly names: readonly string[];
  readonly left: BoundTable;
  readonly right: BoundTable;
  readonly offset: number;
  readonly type: RelJoinType;
  readonly parent: Scope | null;
}

/** USING and NATURAL: `*` names the common columns once, first, as the value that is not NULL. */
function mergeUsing(joined: BoundTable, pairs: readonly UsingPair[], { names, left, right, offset, parent }: MergeParts): BoundTable {
  const at = (index: number): Rex => inputRef(index, joined.rel.columns[index].type);
  const merged = pairs.map(([a, b]) => callOf(SCALAR_FUNCTIONS.get("COALESCE")!, [at(a.index), at(b.index)]));
  const all = joined.rel.columns.map((_, index) => at(index));
  const rel = project(joined.rel, [...merged, ...all], [...names, ...joined.rel.columns.map((column) => column.name)]);
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

// ---- UNNEST ----

/** The elements of a collection of the row around, or of a constant one. */
function bindUnnest(ref: Extract<TableRef, { kind: "unnest" }>, context: QueryContext, parent: Scope | null): BoundTable {
  const collection = new ExpressionBinder(new Scope([], parent), new SubqueryHook(context)).bind(ref.expr);
  const { root, element, key, value } = collection.type;
  if (root !== "ARRAY" && root !== "MULTISET" && root !== "MAP") {
    throw new SqlError(
      "validate",
      "SQL_ARGUMENT_TYPE",
      `Cannot apply 'UNNEST' to arguments of type 'UNNEST(<${calciteName(collection.type)}>)'. Supported form(s): 'UNNEST(<MULTISET>)'`,
      ref.expr.span,
      { expected: "UNNEST(<MULTISET>), UNNEST(<ARRAY>) or UNNEST(<MAP>)" },
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
  const made: RelColumn[] =
    elementType.root === "ROW"
      ? elementType.fields!.map((field) => ({
          name: field.name,
          type: withNullable(field.type, field.type.nullable || elementType.nullable),
        }))
      : [{ name: "EXPR$0", type: elementType }];
  if (ref.withOrdinality) made.push({ name: "ORDINALITY", type: withNullable(INT, false) });
  const names = ref.alias?.columns ?? [];
  if (names.length > 0 && names.length !== made.length) {
    throw new SqlError(
      "validate",
      "SQL_COLUMN_COUNT",
      `List of column aliases must have same degree as table; table has ${made.length} columns (${made.map((column) => `'${column.name}'`).join(", ")}), whereas alias list has ${names.length} columns`,
      ref.span,
    );
  }
  const name = ref.expr.kind === "name" ? ref.expr.parts[ref.expr.parts.length - 1].name : "EXPR$0";
  const zero = withNullable(INT, false);
  const one: Rel = { kind: "values", rows: [[literalOf(0, zero)]], columns: [{ name: "ZERO", type: zero }] };
  const input = project(one, [collection], [name]);
  const uncollect: Rel = { kind: "uncollect", input, withOrdinality: ref.withOrdinality, columns: made };
  const changed = names.some((alias, i) => alias.name !== made[i].name);
  const rel: Rel = changed
    ? project(
        uncollect,
        fields(uncollect),
        names.map((alias) => alias.name),
      )
    : uncollect;
  return { rel, scope: scopeOf(rel, ref.alias?.name.name ?? null, parent) };
}

// ---- window table functions ----

const WINDOW_SIGNATURES: Readonly<Record<string, string>> = {
  TUMBLE: "TUMBLE(TABLE table_name, DESCRIPTOR(timecol), datetime interval[, datetime interval])",
  HOP: "HOP(TABLE table_name, DESCRIPTOR(timecol), datetime interval, datetime interval[, datetime interval])",
  CUMULATE: "CUMULATE(TABLE table_name, DESCRIPTOR(timecol), datetime interval, datetime interval[, datetime interval])",
  SESSION: "SESSION(TABLE table_name [PARTITION BY (keycols, ...)], DESCRIPTOR(timecol), datetime interval)",
};

const WINDOW_PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  TUMBLE: ["DATA", "TIMECOL", "SIZE", "OFFSET"],
  HOP: ["DATA", "TIMECOL", "SLIDE", "SIZE", "OFFSET"],
  CUMULATE: ["DATA", "TIMECOL", "STEP", "SIZE", "OFFSET"],
  SESSION: ["DATA", "TIMECOL", "GAP"],
};

/** A call in FROM. */
export function bindTableFunction(call: CallExpr, context: QueryContext, parent: Scope | null): Rel {
  const names = WINDOW_PARAMETERS[call.name];
  if (names === undefined) {
    const process = processCallOf(call, context, parent);
    if (process !== null) return bindProcessCall(process);
    const rows = bindUserTableFunction(call, new ExpressionBinder(new Scope([], parent), new SubqueryHook(context)), context);
    if (rows !== null) return rows;
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
  const first = given.get("DATA");
  const data = first?.kind === "subquery" ? argumentOf(first) : first;
  // Without TABLE a name is a column's.
  if (data?.kind === "name") new ExpressionBinder(new Scope([], null)).bind(data);
  if (data === undefined || data.kind !== "tableArgument") {
    throw new SqlError("validate", "SQL_TABLE_ARGUMENT", `${call.name} wants a table as its first argument.`, data?.span ?? call.span, {
      expected: "TABLE name",
    });
  }
  const bound = bindTable(data.table, context, parent);
  // TABLE t stands for SELECT * FROM t.
  const input = data.table.kind === "table" ? project(bound.rel, fields(bound.rel), namesOf(bound.rel)) : bound.rel;
  const required = names.filter((name) => name !== "OFFSET");
  if (required.some((name) => !given.has(name))) {
    throw new SqlError(
      "validate",
      "SQL_ARGUMENT_COUNT",
      `Invalid number of arguments to function '${call.name}'. Was expecting ${required.length} arguments`,
      call.span,
      {
        found: `${call.args.length} arguments`,
        expected: WINDOW_SIGNATURES[call.name],
      },
    );
  }
  const timeField = bindDescriptor(call, given.get("TIMECOL"), input);
  if (data.partitionBy.length > 0 && call.name !== "SESSION") {
    throw new SqlError(
      "validate",
      "SQL_PARTITION",
      `Only tables with set semantics may be partitioned. Invalid PARTITION BY clause in the 0-th operand of table function '${call.name}'`,
      data.partitionBy[0].span,
    );
  }
  checkIntervals(call, given, names.slice(2), input);
  const partition = data.partitionBy.map((expr) => {
    if (expr.kind === "name" && !input.columns.some(({ name }) => name === expr.parts[0].name)) {
      const names = input.columns.map(({ name }) => name);
      const found = expr.parts[0].name;
      throw new SqlError("plan", "SQL_UNKNOWN_COLUMN", `Index -1 out of bounds for length ${names.length}`, expr.span, {
        found,
        hint: nameHint(found, names, "columns"),
      });
    }
    const column = new ExpressionBinder(scopeOf(input, null, null)).bind(expr);
    if (column.kind !== "input")
      throw new SqlError("validate", "SQL_PARTITION", "PARTITION BY of a table function takes columns.", expr.span);
    return column.index;
  });
  const spec = windowSpecification(call, given, partition);
  const binder = new ExpressionBinder(new Scope([], null));
  const intervals = names.slice(2).flatMap((name) => (given.has(name) ? [binder.bind(given.get(name)!)] : []));
  return windowTvf(input, spec, timeField, { intervals, span: call.span });
}

/** null = it is no process table function. */
function processCallOf(call: CallExpr, context: QueryContext, parent: Scope | null): ProcessCall | null {
  const named = userFunction(call, context);
  const more = { call, context, parent, bindInput: (data: TableArgument): Rel => bindTable(data.table, context, parent).rel };
  if (named !== null) {
    return instanceOf(named.fn, ProcessTableFunction) ? { ...more, make: () => processFunction(named.name, named.fn) } : null;
  }
  const own = PROCESS_FUNCTIONS.get(call.name);
  return own === undefined ? null : { ...more, make: () => own };
}

/** `TUMBLE((SELECT …), …)`. */
function checkIntervals(call: CallExpr, given: ReadonlyMap<string, Expr>, names: readonly string[], input: Rel): void {
  const binder = new ExpressionBinder(new Scope([], null));
  const bound = names.flatMap((name) => (given.has(name) ? [binder.bind(given.get(name)!)] : []));
  if (bound.every((rex) => rex.type.root === "INTERVAL_DAY_TIME" || rex.type.root === "INTERVAL_YEAR_MONTH")) return;
  const row = input.columns.map(({ name, type }) => `${calciteName(type)} ${name.toUpperCase()}`);
  const types = [`<RECORDTYPE(${row.join(", ")})>`, "<COLUMN_LIST>", ...bound.map((rex) => `<${calciteName(rex.type)}>`)];
  const shown = `${call.name}(${types.join(", ")})`;
  throw new SqlError(
    "validate",
    "SQL_ARGUMENT_TYPE",
    `Cannot apply '${call.name}' to arguments of type '${shown}'. Supported form(s): ${WINDOW_SIGNATURES[call.name]}`,
    call.span,
    {
      found: shown,
      expected: WINDOW_SIGNATURES[call.name],
    },
  );
}

function argumentOf({ query, span }: Extract<Expr, { kind: "subquery" }>): Extract<Expr, { kind: "tableArgument" }> {
  return {
    kind: "tableArgument",
    table: { kind: "derived", query, alias: null, lateral: false, span },
    partitionBy: [],
    orderBy: [],
    span,
  };
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
    throw new SqlError("validate", "SQL_UNKNOWN_COLUMN", `Unknown identifier '${name.name}'`, name.span, {
      found: name.name,
      hint: nameHint(
        name.name,
        input.columns.map((column) => column.name),
        "columns",
      ),
    });
  }
  const unknown = arg.columns.find((column) => !input.columns.some((candidate) => candidate.name === column.name));
  if (unknown !== undefined)
    throw new SqlError("validate", "SQL_UNKNOWN_COLUMN", `Unknown identifier '${unknown.name}'`, unknown.span, { found: unknown.name });
  const { type } = input.columns[index];
  if (type.timeAttribute === undefined) {
    throw new SqlError(
      "validate",
      "SQL_TIME_ATTRIBUTE",
      isTimestamp(type)
        ? `The window function requires the timecol is a time attribute type, but is ${typeName(type)}.`
        : `The window function ${WINDOW_SIGNATURES[call.name]} requires the timecol to be TIMESTAMP or TIMESTAMP_LTZ, but is ${calciteName(type)}.`,
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
        `${call.name} table function based aggregate requires ${name.toLowerCase()} to be positive, but got ${value} ms.`,
        given.get(name)?.span ?? call.span,
      );
    }
    return value;
  };
  const offsetMs = given.has("OFFSET") ? interval("OFFSET") : 0;
  switch (call.name) {
    case "TUMBLE": {
      const sizeMs = positive("SIZE");
      if (Math.abs(offsetMs) >= sizeMs) {
        throw new SqlError(
          "validate",
          "SQL_WINDOW_SIZE",
          `TUMBLE table function parameters must satisfy abs(offset) < size, but got size ${sizeMs} ms and offset ${offsetMs} ms.`,
          call.span,
        );
      }
      return { kind: "tumble", sizeMs, offsetMs };
    }
    case "HOP": {
      const [slideMs, sizeMs] = [positive("SLIDE"), positive("SIZE")];
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
