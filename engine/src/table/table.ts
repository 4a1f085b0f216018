/** Tables: relational operations, each of which gives another table. */
import { registerTable, relOf, spaceOf } from "./table-internals.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import { call, call as callNode } from "../sql/1-parse/call.ts";
import type { GroupItem, SelectItem, SelectQuery, TableRef } from "../sql/1-parse/ast.ts";
import { ExpressionBinder } from "../sql/2-analyze/bind-expression.ts";
import { setOperation, sorted } from "../sql/2-analyze/bind-query.ts";
import { bindSelectOver, requireCondition } from "../sql/2-analyze/bind-select.ts";
import { bindTable, scopeOf } from "../sql/2-analyze/bind-table.ts";
import type { QueryContext } from "../sql/2-analyze/query-context.ts";
import type { Rel } from "../sql/2-analyze/rel.ts";
import { allFields, filter, project } from "../sql/2-analyze/rel-builder.ts";
import { SubqueryHook } from "../sql/2-analyze/subqueries.ts";
import type { FunctionLike } from "../sql/user-functions/function-signature.ts";
import { type ExplainDetail, explainRels } from "./explain-tables.ts";
import { Expression } from "./expressions/expression.ts";
import { astOf, callOfAst, type ExpressionLike, identifier, literal, NOWHERE, nameOf } from "./expressions/expression-base.ts";
import { textOfName } from "./expressions/name-text.ts";
import { flatAggregated, gathering, tableAggregateOf } from "./flat-aggregate.ts";
import { ResolvedSchema } from "./resolved-schema.ts";
import { expanded, mapNodes, named, type NamedExpr, withWindowProperties } from "./select-list.ts";
import { type GivenTable, NamedTable, type ProcessArgumentLike, processed } from "./process.ts";
import { TablePipeline } from "./table-pipeline.ts";
import { printRows, type TableResult } from "./table-result.ts";
import { insertInto, type TableSpace } from "./table-space.ts";
import { GroupWindow, type OverWindow } from "./windows.ts";

/**
 * A table: a query that nothing runs yet. Its methods give other tables; `executeInsert`, `execute` or a stream made of it run it.
 * (Flink: docs/dev/table/tableapi)
 */
export class Table {
  readonly #space: TableSpace;
  readonly #rel: Rel;
  #registered: string | null = null;

  /** @internal Use `tableEnv.from`, `sqlQuery`, `fromDataStream`. */
  constructor(space: TableSpace, rel: Rel) {
    registerTable(this, { space, rel });
    this.#space = space;
    this.#rel = rel;
  }

  #derive(build: (context: QueryContext) => Rel): Table {
    return new Table(
      this.#space,
      this.#space.guarded(() => build(this.#space.context())),
    );
  }

  /** These expressions for each row. Aggregates without `groupBy` are over the whole table. @throws Diagnostic TABLE_EXPRESSION and those of SQL */
  select(...expressions: readonly ExpressionLike[]): Table {
    return this.#derive((context) => selectOver(this.#rel, context, { expressions, group: null, window: null }));
  }

  /** The rows for which a condition is true. */
  where(condition: ExpressionLike): Table {
    return this.#derive((context) => {
      const scope = scopeOf(this.#rel, null, null);
      const bound = new ExpressionBinder(scope, new SubqueryHook(context)).bind(astOf(condition));
      return filter(this.#rel, requireCondition(bound, "WHERE", NOWHERE), scope.correlation);
    });
  }

  /** The same as `where`. */
  filter(condition: ExpressionLike): Table {
    return this.where(condition);
  }

  /** The rows of a partition together, for a process table function: `partitionBy($("user")).process(Sessions)`. */
  partitionBy(...columns: readonly ExpressionLike[]): PartitionedTable {
    return new PartitionedTable(this, columns.map(astOf), []);
  }

  /**
   * What a process table function makes of this table: its class, an object of it or its name, and the arguments behind the table. (Flink:
   * docs/dev/table/functions/ptfs)
   */
  process(fn: string | FunctionLike, ...args: readonly ProcessArgumentLike[]): Table {
    return this.#derive(() => processed(this.#space, fn, [{ rel: this.#rel, partitionBy: [], orderBy: [] }], args));
  }

  /** This table under the name of a process table function's argument, for `fromCall`. */
  asArgument(name: string): NamedTable {
    return new NamedTable(name, { rel: this.#rel, partitionBy: [], orderBy: [] });
  }

  /** This table's changes as plain rows with the kind of change in a column `op`; see TO_CHANGELOG. */
  toChangelog(...args: readonly ProcessArgumentLike[]): Table {
    return this.process("TO_CHANGELOG", ...args);
  }

  /** The reverse of `toChangelog`; see FROM_CHANGELOG. */
  fromChangelog(...args: readonly ProcessArgumentLike[]): Table {
    return this.process("FROM_CHANGELOG", ...args);
  }

  /** Rows with equal values of these expressions together: `groupBy($("user")).select($("user"), $("n").sum())`. */
  groupBy(...keys: readonly ExpressionLike[]): GroupedTable {
    return new GroupedTable(this, keys, null);
  }

  /** An aggregate over the whole table; then `select`. */
  aggregate(aggregate: ExpressionLike): AggregatedTable {
    return new AggregatedTable(this, [], aggregate);
  }

  /** A table aggregate function over the whole table; then `select`. */
  flatAggregate(tableAggregate: ExpressionLike): FlatAggregatedTable {
    return new FlatAggregatedTable(this, [], null, tableAggregate);
  }

  /** Other names for all columns, in order. */
  as(first: string | Expression, ...others: readonly (string | Expression)[]): Table {
    const names = [first, ...others].map((name) => (typeof name === "string" ? name : textOfName(name.ast)));
    const { columns } = this.#rel;
    if (names.length > columns.length) {
      throw new Diagnostic({
        code: "TABLE_ALIAS",
        phase: "validate",
        message: "Aliasing more fields than we actually have.",
        found: names.join(", "),
        expected: columns.map(({ name }) => name).join(", "),
      });
    }
    const all = columns.map((column, i) => names[i] ?? column.name);
    return this.#derive(() => project(this.#rel, allFields(this.#rel), all));
  }

  /** The same as `as`. */
  alias(first: string | Expression, ...others: readonly (string | Expression)[]): Table {
    return this.as(first, ...others);
  }

  /** Every pair of rows for which a condition is true. Names of columns must differ. @throws Diagnostic TABLE_AMBIGUOUS */
  join(right: Table, condition?: ExpressionLike): Table {
    return this.#joined("INNER", right, condition);
  }

  /** As `join`; rows of this table without a partner get NULLs. Without a condition every pair is one. */
  leftOuterJoin(right: Table, condition?: ExpressionLike): Table {
    return this.#joined("LEFT", right, condition);
  }

  /** As `join`; rows of the other table without a partner get NULLs. */
  rightOuterJoin(right: Table, condition: ExpressionLike): Table {
    return this.#joined("RIGHT", right, condition);
  }

  /** As `join`; rows of both tables without a partner get NULLs. */
  fullOuterJoin(right: Table, condition: ExpressionLike): Table {
    return this.#joined("FULL", right, condition);
  }

  #joined(type: "INNER" | "LEFT" | "RIGHT" | "FULL", right: Table, condition: ExpressionLike | undefined): Table {
    refuseAmbiguous(this.#rel, right.#rel);
    const on = condition === undefined ? literal("boolean", "TRUE") : astOf(condition);
    const ref: TableRef = { ...joinOf(type, tableRef("$left"), tableRef("$right")), on };
    return this.#derive(() => bindTable(ref, this.#space.context({ $left: this.#rel, $right: right.#rel }), null).rel);
  }

  /** Each row with each row that a table function gives for it: `joinLateral(call(Split, $("text")).as("word"))`. */
  joinLateral(tableFunction: ExpressionLike, condition?: ExpressionLike): Table {
    return this.#lateral("INNER", tableFunction, condition);
  }

  /** As `joinLateral`; rows for which the function gives none get NULLs. */
  leftOuterJoinLateral(tableFunction: ExpressionLike, condition?: ExpressionLike): Table {
    return this.#lateral("LEFT", tableFunction, condition);
  }

  #lateral(type: "INNER" | "LEFT", tableFunction: ExpressionLike, condition: ExpressionLike | undefined): Table {
    const names = tableFunction instanceof Expression ? tableFunction.aliases : [];
    const alias = names.length === 0 ? null : { name: identifier("$function"), columns: names.map(identifier) };
    const right: TableRef = {
      kind: "function",
      call: callOfAst(astOf(tableFunction), "joinLateral(…)"),
      alias,
      lateral: true,
      span: NOWHERE,
    };
    const on = condition === undefined ? literal("boolean", "TRUE") : astOf(condition);
    return this.#derive(() => {
      const { rel } = bindTable({ ...joinOf(type, tableRef("$left"), right), on }, this.#space.context({ $left: this.#rel }), null);
      return rel;
    });
  }

  /** The rows of both, each once. Columns are matched by position. */
  union(right: Table): Table {
    return this.#set("UNION", false, right);
  }

  /** The rows of both. */
  unionAll(right: Table): Table {
    return this.#set("UNION", true, right);
  }

  /** Rows that are in both, each once. */
  intersect(right: Table): Table {
    return this.#set("INTERSECT", false, right);
  }

  /** Rows that are in both, as often as in the one that has fewer of them. */
  intersectAll(right: Table): Table {
    return this.#set("INTERSECT", true, right);
  }

  /** Rows that the other has not, each once. */
  minus(right: Table): Table {
    return this.#set("EXCEPT", false, right);
  }

  /** Rows that the other has not, or more seldom. */
  minusAll(right: Table): Table {
    return this.#set("EXCEPT", true, right);
  }

  #set(op: "UNION" | "INTERSECT" | "EXCEPT", all: boolean, right: Table): Table {
    return this.#derive(() => setOperation(this.#rel, right.#rel, { op, all, span: NOWHERE, rightSpan: NOWHERE }));
  }

  /** Sorted by these expressions: `orderBy($("n").desc())`. In streaming the first must be a time attribute, ascending, unless `fetch` follows. */
  orderBy(...expressions: readonly ExpressionLike[]): Table {
    return this.#derive((context) => {
      const binder = new ExpressionBinder(scopeOf(this.#rel, null, null), new SubqueryHook(context));
      const orderBy = expressions.map((expression) => {
        const descending = expression instanceof Expression && expression.order?.descending === true;
        return { expr: astOf(expression), descending, nulls: null, span: NOWHERE };
      });
      const exprs = orderBy.map(({ expr }) => binder.bind(expr));
      return sorted(this.#rel, { orderBy, span: NOWHERE }, exprs, 0, { limit: null, offset: 0 });
    });
  }

  /** Without the first rows of the order. */
  offset(rows: number): Table {
    return this.#limited({ offset: rows });
  }

  /** Only so many rows of the order. */
  fetch(rows: number): Table {
    return this.#limited({ fetch: rows });
  }

  /** Only so many rows, without the first ones. */
  limit(rows: number, offset = 0): Table {
    return this.#limited({ fetch: rows, offset });
  }

  #limited(bounds: { readonly offset?: number; readonly fetch?: number }): Table {
    const rel = this.#rel;
    if (rel.kind === "sort" && (bounds.offset === undefined || rel.offset === 0) && (bounds.fetch === undefined || rel.fetch === null))
      return new Table(this.#space, { ...rel, ...bounds });
    return new Table(this.#space, {
      kind: "sort",
      input: rel,
      keys: [],
      offset: 0,
      fetch: null,
      ...bounds,
      columns: rel.columns,
      span: NOWHERE,
    });
  }

  /** Every row once. */
  distinct(): Table {
    const rel = this.#rel;
    const keys = rel.columns.map((_, i) => i);
    return new Table(this.#space, {
      kind: "aggregate",
      input: rel,
      keys,
      sets: null,
      calls: [],
      hints: [],
      columns: rel.columns,
      span: NOWHERE,
    });
  }

  /** A window over time, for `groupBy`, or windows around each row, for `select`. */
  window(window: GroupWindow): WindowedTable;
  window(...windows: readonly OverWindow[]): OverWindowedTable;
  window(first: GroupWindow | OverWindow, ...others: readonly OverWindow[]): WindowedTable | OverWindowedTable {
    if (first instanceof GroupWindow) return new WindowedTable(this, first);
    return new OverWindowedTable(this, [first, ...others]);
  }

  /** All columns and these. @throws Diagnostic TABLE_AMBIGUOUS when one is there already */
  addColumns(...expressions: readonly ExpressionLike[]): Table {
    return this.#withColumns(expressions, (name) => {
      throw new Diagnostic({ code: "TABLE_AMBIGUOUS", phase: "validate", message: `Column '${name}' already exists.`, found: name });
    });
  }

  /** All columns and these, which replace those of the same name. */
  addOrReplaceColumns(...expressions: readonly ExpressionLike[]): Table {
    return this.#withColumns(expressions, () => {});
  }

  #withColumns(expressions: readonly ExpressionLike[], onTaken: (name: string) => void): Table {
    return this.#derive((context) => {
      const items = named(expanded(expressions, this.#rel, context), context).map((item) => ({ expr: item.expr, alias: outputName(item) }));
      const list: NamedExpr[] = this.#rel.columns.map(({ name }) => ({ expr: nameOf(name), alias: name }));
      for (const item of items) {
        const at = list.findIndex(({ alias }) => alias === item.alias);
        if (at >= 0) {
          onTaken(item.alias);
          list[at] = item;
        } else list.push(item);
      }
      return selectNamed(this.#rel, context, list);
    });
  }

  /** Other names for some columns: `renameColumns($("a").as("b"))`. */
  renameColumns(...expressions: readonly Expression[]): Table {
    const names = new Map(expressions.map((expression) => [textOfName(expression.ast), expression.aliases[0]]));
    return this.as(
      this.#rel.columns[0] === undefined ? "" : (names.get(this.#rel.columns[0].name) ?? this.#rel.columns[0].name),
      ...this.#rel.columns.slice(1).map(({ name }) => names.get(name) ?? name),
    );
  }

  /** Without these columns. */
  dropColumns(...expressions: readonly ExpressionLike[]): Table {
    const dropped = new Set(expressions.map((expression) => textOfName(astOf(expression))));
    const unknown = [...dropped].find((name) => !this.#rel.columns.some((column) => column.name === name));
    if (unknown !== undefined) {
      throw new Diagnostic({
        code: "TABLE_EXPRESSION",
        phase: "validate",
        message: `Field ${unknown} does not exist in source table`,
        found: unknown,
        expected: this.#rel.columns.map(({ name }) => name).join(", "),
      });
    }
    return this.select(...this.#rel.columns.filter(({ name }) => !dropped.has(name)).map(({ name }) => new Expression(nameOf(name))));
  }

  /** The row that a function gives for each row, its fields as columns. */
  map(scalarFunction: ExpressionLike): Table {
    return this.#derive((context) => {
      const list = expanded([new Expression(call("$FLATTEN", NOWHERE, [astOf(scalarFunction)]))], this.#rel, context);
      const names = scalarFunction instanceof Expression ? scalarFunction.aliases : [];
      return selectNamed(
        this.#rel,
        context,
        list.map(({ expr, alias }, i) => ({ expr, alias: names[i] ?? alias })),
      );
    });
  }

  /** The rows that a table function gives for each row. */
  flatMap(tableFunction: ExpressionLike): Table {
    const joined = this.joinLateral(tableFunction);
    const width = this.#rel.columns.length;
    const fields = allFields(joined.#rel).slice(width);
    return new Table(
      this.#space,
      project(
        joined.#rel,
        fields,
        joined.#rel.columns.slice(width).map(({ name }) => name),
      ),
    );
  }

  /** This table's rows into another: run it with `execute`, or add it to a statement set. @param path name of a table */
  insertInto(path: string, overwrite = false): TablePipeline {
    const insert = this.#space.guarded(() => this.#space.session.bindInsertOfRel(insertInto(path, overwrite), this.#rel));
    return new TablePipeline(this.#space, insert);
  }

  /** Runs a job that puts this table's rows into another. */
  executeInsert(path: string, overwrite = false): TableResult {
    return this.insertInto(path, overwrite).execute();
  }

  /** Runs a job that prints this table's changelog, a line such as `+I[u1, 3]` for each row. */
  execute(): TableResult {
    return this.#space.guarded(() => printRows(this.#space, this.#rel));
  }

  /** Names and types of the columns. */
  getResolvedSchema(): ResolvedSchema {
    return new ResolvedSchema(this.#rel.columns);
  }

  /** Prints names and types of the columns. */
  printSchema(): void {
    this.getResolvedSchema().print();
  }

  /** The query's plans, as SQL's EXPLAIN shows them. */
  explain(...details: readonly ExplainDetail[]): string {
    return explainRels(this.#space, [this.#rel], details);
  }

  /** A name under which SQL can speak of the table: `` tableEnv.sqlQuery(`SELECT * FROM ${table}`) ``. */
  toString(): string {
    this.#registered ??= this.#space.nameFor(this.#rel);
    return this.#registered;
  }
}

/** A table whose rows belong together by some columns, made by `partitionBy`. (Flink: docs/dev/table/functions/ptfs) */
export class PartitionedTable {
  readonly #table: Table;
  readonly #given: GivenTable;

  /** @internal Use `Table.partitionBy`. */
  constructor(table: Table, partitionBy: GivenTable["partitionBy"], orderBy: GivenTable["orderBy"]) {
    this.#table = table;
    this.#given = { rel: relOf(table), partitionBy, orderBy };
  }

  /** The rows of a partition in this order, which begins with a time attribute: they wait for the watermark. */
  orderBy(...expressions: readonly ExpressionLike[]): PartitionedTable {
    const items = expressions.map((expression) => {
      const order = expression instanceof Expression ? expression.order : null;
      return { expr: astOf(expression), descending: order?.descending ?? false, nulls: null, span: NOWHERE };
    });
    return new PartitionedTable(this.#table, this.#given.partitionBy, items);
  }

  /** As `Table.process`, partition by partition. */
  process(fn: string | FunctionLike, ...args: readonly ProcessArgumentLike[]): Table {
    const space = spaceOf(this.#table);
    return new Table(
      space,
      space.guarded(() => processed(space, fn, [this.#given], args)),
    );
  }

  /** As `Table.asArgument`, partition by partition. */
  asArgument(name: string): NamedTable {
    return new NamedTable(name, this.#given);
  }
}

/** Rows by keys; `select` says what of them. (Flink: docs/dev/table/tableapi, "Aggregations") */
export class GroupedTable {
  readonly #table: Table;
  readonly #keys: readonly ExpressionLike[];
  readonly #window: GroupWindow | null;

  /** @internal Use `groupBy`. */
  constructor(table: Table, keys: readonly ExpressionLike[], window: GroupWindow | null) {
    this.#table = table;
    this.#keys = keys;
    this.#window = window;
  }

  /** Keys and aggregates: `select($("user"), $("n").sum().as("total"))`. */
  select(...expressions: readonly ExpressionLike[]): Table {
    const space = spaceOf(this.#table);
    const rel = relOf(this.#table);
    const keys = this.#keys;
    const window = this.#window;
    return new Table(
      space,
      space.guarded(() => selectOver(rel, space.context(), { expressions, group: keys, window })),
    );
  }

  /** An aggregate function, whose row's fields become columns; then `select`. */
  aggregate(aggregate: ExpressionLike): AggregatedTable {
    return new AggregatedTable(this.#table, this.#keys, aggregate, this.#window);
  }

  /** A table aggregate function, whose rows' fields become columns; then `select`. */
  flatAggregate(tableAggregate: ExpressionLike): FlatAggregatedTable {
    return new FlatAggregatedTable(this.#table, this.#keys, this.#window, tableAggregate);
  }
}

/** A table after `flatAggregate`: `select` chooses among keys and the columns that the function emits. (Flink: docs/dev/table/tableapi, "Row-based Operations") */
export class FlatAggregatedTable {
  readonly #table: Table;
  readonly #keys: readonly ExpressionLike[];
  readonly #window: GroupWindow | null;
  readonly #call: ExpressionLike;

  /** @internal Use `flatAggregate`. */
  constructor(table: Table, keys: readonly ExpressionLike[], window: GroupWindow | null, call: ExpressionLike) {
    this.#table = table;
    this.#keys = keys;
    this.#window = window;
    this.#call = call;
  }

  /** Keys, columns of the function and, over a window, its `start()`, `end()` and `rowtime()`. @throws Diagnostic TABLE_AGGREGATE */
  select(...expressions: readonly ExpressionLike[]): Table {
    const space = spaceOf(this.#table);
    const rel = relOf(this.#table);
    if (this.#window !== null) return this.#selectOfWindow(this.#window, expressions);
    const flat = new Table(
      space,
      space.guarded(() => flatAggregated(rel, this.#keys, this.#call, space.context())),
    );
    return flat.select(...expressions);
  }

  #selectOfWindow(window: GroupWindow, expressions: readonly ExpressionLike[]): Table {
    const space = spaceOf(this.#table);
    const { gather, spread } = space.guarded(() => gathering(tableAggregateOf(this.#call, space.context())));
    const { outer, properties } = withPropertiesBelow(expressions);
    const { args } = callOfAst(astOf(this.#call), "flatAggregate");
    const call = new Expression(callNode(gather.name.toUpperCase(), NOWHERE, [...args], { inline: gather }));
    const gathered = new GroupedTable(this.#table, this.#keys, window).select(...this.#keys, ...properties, call.as("$rows"));
    const rows = new Expression(callNode(spread.name.toUpperCase(), NOWHERE, [nameOf("$rows")], { inline: spread }));
    const aliases = this.#call instanceof Expression ? this.#call.aliases : [];
    const [first, ...others] = aliases;
    return gathered.joinLateral(first === undefined ? rows : rows.as(first, ...others)).select(...outer);
  }
}

/** A table after `aggregate`: `select` chooses among keys and the aggregate's columns. (Flink: docs/dev/table/tableapi, "Row-based Operations") */
export class AggregatedTable {
  readonly #table: Table;
  readonly #keys: readonly ExpressionLike[];
  readonly #call: ExpressionLike;
  readonly #window: GroupWindow | null;

  /** @internal Use `aggregate`. */
  constructor(table: Table, keys: readonly ExpressionLike[], aggregate: ExpressionLike, window: GroupWindow | null = null) {
    this.#table = table;
    this.#keys = keys;
    this.#call = aggregate;
    this.#window = window;
  }

  /** Keys, columns of the aggregate and, over a window, its `start()`, `end()` and `rowtime()`; no aggregates. */
  select(...expressions: readonly ExpressionLike[]): Table {
    const aliases = this.#call instanceof Expression ? this.#call.aliases : [];
    const { outer, properties } = withPropertiesBelow(expressions);
    const grouped = new GroupedTable(this.#table, this.#keys, this.#window);
    const result = grouped.select(...this.#keys, ...properties, new Expression(astOf(this.#call)).as("$aggregate"));
    const { type } = relOf(result).columns[relOf(result).columns.length - 1];
    const keys = relOf(result)
      .columns.slice(0, -1)
      .map(({ name }) => new Expression(nameOf(name)));
    const value = new Expression(nameOf("$aggregate"));
    const fields =
      type.root === "ROW" ? type.fields!.map(({ name }, i) => value.get(name).as(aliases[i] ?? name)) : [value.as(aliases[0] ?? "f0")];
    return result.select(...keys, ...fields).select(...outer);
  }
}

/** What asks a window for its start becomes a column, which the grouping below has to give. */
function withPropertiesBelow(expressions: readonly ExpressionLike[]): {
  readonly outer: readonly Expression[];
  readonly properties: readonly Expression[];
} {
  const properties = new Map<string, Expression>();
  const outer = expressions.map((expression) => {
    const ast = mapNodes(astOf(expression), (node) => {
      if (node.kind !== "call" || !/^\$(START|END|ROWTIME|PROCTIME)$/.test(node.name)) return null;
      properties.set(node.name, new Expression(node).as(node.name));
      return nameOf(node.name);
    });
    const changed = new Expression(ast);
    if (expression instanceof Expression) changed.aliases = expression.aliases;
    return changed;
  });
  return { outer, properties: [...properties.values()] };
}

/** A table with a window over time: `groupBy` must name it. (Flink: docs/dev/table/tableapi, "Group Windows") */
export class WindowedTable {
  readonly #table: Table;
  readonly #groupWindow: GroupWindow;

  /** @internal Use `window`. */
  constructor(table: Table, window: GroupWindow) {
    this.#table = table;
    this.#groupWindow = window;
  }

  /** Rows of one window (and of equal values of other expressions) together. @throws Diagnostic TABLE_WINDOW */
  groupBy(...keys: readonly ExpressionLike[]): GroupedTable {
    const { alias } = this.#groupWindow;
    const isWindow = (key: ExpressionLike): boolean => {
      const ast = astOf(key);
      return ast.kind === "name" && textOfName(ast) === alias;
    };
    if (keys.some(isWindow))
      return new GroupedTable(
        this.#table,
        keys.filter((key) => !isWindow(key)),
        this.#groupWindow,
      );
    throw new Diagnostic({
      code: "TABLE_WINDOW",
      phase: "validate",
      message: "The window alias must be part of the grouping keys.",
      expected: `groupBy($("${alias}"), …)`,
    });
  }
}

/** A table with windows around each row; `select` uses them with `over`. (Flink: docs/dev/table/tableapi, "Over Windows") */
export class OverWindowedTable {
  readonly #table: Table;
  readonly #windows: readonly OverWindow[];

  /** @internal Use `window`. */
  constructor(table: Table, windows: readonly OverWindow[]) {
    this.#table = table;
    this.#windows = windows;
  }

  /** `select($("user"), $("n").sum().over($("w")))`. */
  select(...expressions: readonly ExpressionLike[]): Table {
    const space = spaceOf(this.#table);
    const rel = relOf(this.#table);
    const over = this.#windows;
    return new Table(
      space,
      space.guarded(() => selectOver(rel, space.context(), { expressions, group: null, window: null, over })),
    );
  }
}

interface SelectParts {
  readonly expressions: readonly ExpressionLike[];
  readonly group: readonly ExpressionLike[] | null;
  readonly window: GroupWindow | null;
  readonly over?: readonly OverWindow[];
}

function selectOver(input: Rel, context: QueryContext, { expressions, group, window, over = [] }: SelectParts): Rel {
  const list = expanded(expressions, input, context).map(({ expr, alias }) => ({ expr: withWindowProperties(expr, window), alias }));
  const keys = group?.map((key): GroupItem => ({ kind: "expr", expr: astOf(key), span: NOWHERE })) ?? null;
  const windowKey: readonly GroupItem[] = window === null ? [] : [{ kind: "expr", expr: window.call, span: NOWHERE }];
  return selectItems(input, context, named(list, context), { groupBy: keys === null ? null : [...windowKey, ...keys], over });
}

function selectNamed(input: Rel, context: QueryContext, list: readonly NamedExpr[]): Rel {
  return selectItems(input, context, named(list, context), { groupBy: null, over: [] });
}

function selectItems(
  input: Rel,
  context: QueryContext,
  items: readonly SelectItem[],
  { groupBy, over }: { readonly groupBy: readonly GroupItem[] | null; readonly over: readonly OverWindow[] },
): Rel {
  const names = items.map(outputName);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new Diagnostic({ code: "TABLE_AMBIGUOUS", phase: "validate", message: `Ambiguous column name: ${twice}`, found: twice });
  const select: SelectQuery = {
    kind: "select",
    distinct: false,
    stream: false,
    hints: [],
    items,
    from: null,
    where: null,
    groupBy,
    groupDistinct: false,
    having: null,
    windows: over.map(({ alias, spec }) => ({ name: identifier(alias), spec })),
    qualify: null,
    span: NOWHERE,
  };
  return bindSelectOver({ rel: input, scope: scopeOf(input, null, null) }, select, context, []).rel;
}

function outputName(item: SelectItem): string {
  return item.alias?.name ?? textOfName(item.expr);
}

function tableRef(name: string): TableRef {
  return { kind: "table", path: [identifier(name)], alias: null, asOf: null, hints: [], span: NOWHERE };
}

function joinOf(type: "INNER" | "LEFT" | "RIGHT" | "FULL", left: TableRef, right: TableRef): Extract<TableRef, { kind: "join" }> {
  return { kind: "join", type, comma: false, natural: false, left, right, on: null, using: [], span: NOWHERE };
}

function refuseAmbiguous(left: Rel, right: Rel): void {
  const names = new Set(left.columns.map(({ name }) => name));
  const both = right.columns.filter(({ name }) => names.has(name)).map(({ name }) => name);
  if (both.length === 0) return;
  throw new Diagnostic({
    code: "TABLE_AMBIGUOUS",
    phase: "validate",
    message: `join relations with ambiguous names: [${both.join(", ")}]`,
    found: both.join(", "),
    hint: 'Rename columns first: table.renameColumns($("a").as("b")).',
  });
}
