/** INSERT INTO: the query's columns against the sink's, by position or by the names of a list, with implicit casts only. */
import { type LogicalType, typeName, typeSummary, withoutTimeAttribute } from "../../types/logical-type.ts";
import type { InsertInto } from "../1-parse/ast.ts";
import { placed, SqlError } from "../1-parse/sql-error.ts";
import { type CatalogTable, type TableColumn, tableName } from "../catalog/catalog.ts";
import { pathText, quotedPath } from "../catalog/object-path.ts";
import { nameHint } from "../../base/nearest.ts";
import { castsImplicitly } from "../functions/implicit-casts.ts";
import { ExpressionBinder } from "./bind-expression.ts";
import { castTo } from "./rex-calls.ts";
import { bindQuery } from "./bind-query.ts";
import type { QueryContext } from "./query-context.ts";
import type { Rel } from "./rel.ts";
import { project } from "./rel-builder.ts";
import { hasOver, isIdentity, substituteInputs, inputRef, literalOf, type Rex } from "./rex.ts";
import { Scope } from "./scope.ts";
import { withOptionsHint } from "./options-hint.ts";

export interface BoundInsert {
  readonly sink: CatalogTable;
  /** One column per persisted column of the sink. */
  readonly rel: Rel;
  readonly node: InsertInto;
}

export function bindInsert(node: InsertInto, context: QueryContext): BoundInsert {
  return bindInsertOf(node, context, () => bindQuery(node.query, context, null));
}

/** The same for a query that is bound already, or will be when the sink has been found. */
export function bindInsertOf(node: InsertInto, context: QueryContext, rows: () => Rel): BoundInsert {
  const sink = withOptionsHint(sinkOf(node, context), node.hints, context);
  placed(node.path[node.path.length - 1].span, () => context.written?.(sink));
  checkOverwrite(node, sink);
  const fixed = staticPartition(node, sink);
  const query = rows();
  const persisted = sink.columns.filter((column) => column.persisted);
  const targets = targetsOf(node, persisted, fixed);
  if (targets.length !== query.columns.length) {
    if (node.columns.length > 0)
      throw new SqlError("validate", "SQL_SINK_SCHEMA", "Number of columns must match number of query columns", node.query.span, {
        found: `${query.columns.length} columns`,
        expected: `${targets.length}: ${targets.map(({ name }) => name).join(", ")}`,
      });
    throw mismatch(node, sink, query, targets, "Different number of columns.");
  }
  const exprs = persisted.map((column): Rex => {
    const constant = fixed.get(column.name);
    if (constant !== undefined) return castTo(constant, column.type);
    const at = targets.indexOf(column);
    if (at < 0) {
      if (column.type.nullable) return literalOf(null, column.type);
      throw new SqlError(
        "validate",
        "SQL_SINK_SCHEMA",
        `Column '${column.name}' has no default value and does not allow NULLs`,
        node.columns[0]?.span ?? node.span,
        { found: `${column.name} ${typeSummary(column.type)} is not in the list of columns` },
      );
    }
    const from = query.columns[at].type;
    if (!castsImplicitly(from, column.type)) {
      const cause = `Incompatible types for sink column '${column.name}' at position ${at}.`;
      throw mismatch(node, sink, query, targets, cause);
    }
    return fitsAsItIs(from, column.type) ? inputRef(at, from) : castTo(inputRef(at, from), withoutTimeAttribute(column.type));
  });
  return { sink, rel: fitted(query, exprs, persisted, node.columns.length > 0), node };
}

/** The query's rows as the table takes them: as they are, under the query's names, or projected, in one with the query's own projection. */
function fitted(query: Rel, exprs: readonly Rex[], persisted: readonly TableColumn[], named: boolean): Rel {
  const same = isIdentity(exprs, query.columns.length);
  if (same && !named) return query;
  const names = persisted.map((column) => column.name);
  if (query.kind !== "project" || query.variable !== null || query.exprs.some(hasOver)) return project(query, exprs, names);
  const merged = exprs.map((expr) => substituteInputs(expr, query.exprs));
  return { ...project(query.input, merged, names), hints: query.hints };
}

/** A text or a row of bytes that is not too long needs no cast; keys of the query stay keys. (Flink: `LogicalTypeCasts.supportsAvoidingCast`) */
function fitsAsItIs(from: LogicalType, to: LogicalType): boolean {
  const families: Readonly<Record<string, readonly string[]>> = { VARCHAR: ["CHAR", "VARCHAR"], VARBINARY: ["BINARY", "VARBINARY"] };
  return families[to.root]?.includes(from.root) === true && (from.length ?? 0) <= (to.length ?? 0) && (to.nullable || !from.nullable);
}

function sinkOf(node: InsertInto, { catalog }: QueryContext): CatalogTable {
  if (node.upsert)
    throw new SqlError(
      "validate",
      "SQL_UNSUPPORTED",
      "UPSERT INTO statement is not supported. Please use INSERT INTO instead.",
      node.span,
      { found: "UPSERT" },
    );
  const last = node.path[node.path.length - 1];
  const path = catalog.qualify(node.path.map(({ name }) => name));
  const sink = catalog.at(path);
  if (sink?.kind === "table") return sink;
  const tables = catalog.tables().map((table) => table.name);
  if (sink !== undefined) {
    throw new SqlError("plan", "SQL_INSERT_INTO_VIEW", `Sink '${pathText(path)}' does not exists`, last.span, {
      found: `a view called ${last.name}`,
      hint: tables.length === 0 ? undefined : `Tables: ${tables.join(", ")}.`,
    });
  }
  throw new SqlError(
    "validate",
    "SQL_UNKNOWN_TABLE",
    `Cannot find table '${quotedPath(path)}' in any of the catalogs [${[...catalog.catalogs.keys()].join(", ")}], nor as a temporary table.`,
    last.span,
    { found: last.name, hint: nameHint(last.name, tables, "tables") },
  );
}

function checkOverwrite(node: InsertInto, sink: CatalogTable): void {
  if (!node.overwrite) return;
  const message =
    sink.options.get("connector")?.value === "filesystem"
      ? "Streaming mode not support overwrite."
      : `INSERT OVERWRITE requires that the underlying DynamicTableSink of table '${tableName(sink)}' implements the SupportsOverwrite interface.`;
  throw new SqlError("validate", "SQL_OVERWRITE", message, node.span, { found: "INSERT OVERWRITE", expected: "INSERT INTO" });
}

/** Values of PARTITION (p = 'v') by column. */
function staticPartition(node: InsertInto, sink: CatalogTable): ReadonlyMap<string, Rex> {
  const values = new Map<string, Rex>();
  for (const { column, value } of node.partition) {
    if (!sink.partitionKeys.includes(column.name)) {
      throw new SqlError(
        "validate",
        "SQL_PARTITION",
        `Static partition column '${column.name}' should be in the partition keys list [${sink.partitionKeys.join(", ")}] for table '${tableName(sink)}'.`,
        column.span,
        { found: column.name, hint: nameHint(column.name, sink.partitionKeys, "partition keys") },
      );
    }
    if (value !== null) values.set(column.name, new ExpressionBinder(new Scope([], null)).bind(value));
  }
  return values;
}

function targetsOf(node: InsertInto, persisted: readonly TableColumn[], fixed: ReadonlyMap<string, Rex>): readonly TableColumn[] {
  if (node.columns.length === 0) return persisted.filter(({ name }) => !fixed.has(name));
  return node.columns.map(({ name, span }, i) => {
    if (node.columns.findIndex((other) => other.name === name) !== i)
      throw new SqlError("validate", "SQL_SINK_SCHEMA", `Target column '${name}' is assigned more than once`, span, { found: name });
    const column = persisted.find((candidate) => candidate.name === name);
    if (column !== undefined) return column;
    const known = persisted.map((candidate) => candidate.name);
    throw new SqlError("validate", "SQL_UNKNOWN_COLUMN", `Unknown target column '${name}'`, span, {
      found: name,
      hint: nameHint(name, known, "columns"),
    });
  });
}

function mismatch(node: InsertInto, sink: CatalogTable, query: Rel, targets: readonly TableColumn[], cause: string): SqlError {
  const list = (columns: readonly { readonly name: string; readonly type: LogicalType }[]): string =>
    `[${columns.map((column) => `${column.name}: ${typeSummary(column.type)}`).join(", ")}]`;
  return new SqlError(
    "validate",
    "SQL_SINK_SCHEMA",
    `Column types of query result and sink for '${tableName(sink)}' do not match.\nCause: ${cause}\n\nQuery schema: ${list(query.columns)}\nSink schema:  ${list(targets)}`,
    node.query.span,
    {
      found: list(query.columns),
      expected: list(targets),
      ...(cause.startsWith("Incompatible") ? { hint: `Write the cast: ${castHint(query, targets)}` } : {}),
    },
  );
}

/** The first cast that is missing. */
function castHint(query: Rel, targets: readonly TableColumn[]): string {
  const at = targets.findIndex((column, i) => !castsImplicitly(query.columns[i].type, column.type));
  return `CAST(${query.columns[at].name} AS ${typeName(targets[at].type)})`;
}
