/** SHOW and DESCRIBE: what the catalog knows, as tables with Flink's column names. */
import { BOOLEAN, STRING, typeName } from "../../types/logical-type.ts";
import type { DescribeStatement, Identifier, ShowCreate, ShowFilter, ShowPartitions, ShowStatement } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import type { Catalog, CatalogObject, CatalogTable } from "../catalog/catalog.ts";
import { pathText, quotedPath } from "../catalog/object-path.ts";
import { nameHint } from "../../base/nearest.ts";
import { AGGREGATE_FUNCTIONS } from "../functions/aggregates.ts";
import { SCALAR_FUNCTIONS } from "../functions/registry.ts";
import { expressionText } from "./expanded-query.ts";
import { BUILT_IN_FUNCTION_NAMES } from "./function-names.ts";
import { metadataText, showCreateCatalog, showCreateTable, showCreateView } from "./show-create.ts";
import { describeModel, modelNames, showCreateModel } from "./model-statements.ts";
import { partitionsOf } from "./partition-statements.ts";
import type { ResultColumn, StatementResult } from "./statement-result.ts";

type TableResult = Extract<StatementResult, { kind: "table" }>;

const text = (name: string): ResultColumn => ({ name, type: STRING });

/** One column of texts. */
function listOf(column: string, values: readonly string[]): TableResult {
  return { kind: "table", columns: [text(column)], rows: values.map((value) => [value]) };
}

export function show(node: ShowStatement, catalog: Catalog): TableResult {
  const filtered = (names: readonly string[]): string[] => [...names].filter(matcherOf(node.like)).sort();
  switch (node.what) {
    case "CATALOGS":
      return listOf("catalog name", filtered([...catalog.catalogs.keys()]));
    case "CURRENT CATALOG":
      return listOf("current catalog name", [catalog.currentCatalog]);
    case "CURRENT DATABASE":
      return listOf("current database name", [catalog.currentDatabase]);
    case "DATABASES": {
      const name = node.from?.path.at(-1)?.name ?? catalog.currentCatalog;
      const entry = catalog.catalogs.get(name);
      if (entry === undefined) throw unknown(node, `Catalog '${name}' doesn't exist.`, name, [...catalog.catalogs.keys()]);
      return listOf("database name", filtered([...entry.databases.keys()]));
    }
    case "TABLES":
      return listOf("table name", filtered(objectsFor(node, catalog).map(({ name }) => name)));
    case "VIEWS": {
      const views = objectsFor(node, catalog).filter(({ kind }) => kind === "view");
      return listOf("view name", filtered(views.map(({ name }) => name)));
    }
    case "MATERIALIZED TABLES":
      return listOf("materialized table", []);
    case "COLUMNS": {
      const path = node.from?.path ?? [];
      const described = describeObject(requireObject(path, catalog, node));
      const accept = matcherOf(node.like);
      return { ...described, rows: described.rows.filter(([name]) => accept(name as string)) };
    }
    case "FUNCTIONS":
      return listOf("function name", filtered([...BUILT_IN_FUNCTION_NAMES, ...catalog.functions.names()]));
    case "USER FUNCTIONS":
      return listOf("function name", filtered(catalog.functions.names()));
    case "MODELS": {
      const database = databaseFor(node, catalog);
      return listOf("model name", filtered(modelNames(catalog, database)));
    }
    case "CONNECTIONS":
      return listOf("connection name", []);
    case "MODULES":
      return listOf("module name", ["core"]);
    case "FULL MODULES":
      return { kind: "table", columns: [text("module name"), { name: "used", type: BOOLEAN }], rows: [["core", true]] };
    case "JARS":
      return listOf("jars", []);
    case "PROCEDURES":
      databaseFor(node, catalog);
      throw new SqlError(
        "plan",
        "SQL_UNSUPPORTED_STATEMENT",
        "listProcedures is not implemented for class org.apache.flink.table.catalog.GenericInMemoryCatalog.",
        node.span,
      );
    case "JOBS":
      throw new SqlError("plan", "SQL_UNSUPPORTED_STATEMENT", "ShowJobsOperation doesn't support ExecutableOperation yet.", node.span);
  }
}

/** `%` and `_` as in LIKE. */
function matcherOf(like: ShowFilter | null): (name: string) => boolean {
  if (like === null) return () => true;
  const pattern = like.pattern.replace(/\\([%_\\])|%|_|[.*+?^${}()|[\]\\]/g, (match, literal?: string) => {
    if (literal !== undefined) return literal.replace("\\", "\\\\");
    return match === "%" ? ".*" : match === "_" ? "." : `\\${match}`;
  });
  const expression = new RegExp(`^${pattern}$`, like.caseInsensitive ? "is" : "s");
  return (name) => expression.test(name) !== like.negated;
}

function objectsFor(node: ShowStatement, catalog: Catalog): CatalogObject[] {
  return catalog.objectsIn(databaseFor(node, catalog));
}

/** FROM or IN, else the current one. */
function databaseFor(node: ShowStatement, catalog: Catalog): { readonly catalog: string; readonly database: string } {
  const parts = node.from?.path.map(({ name }) => name) ?? [];
  const database = parts.at(-1) ?? catalog.currentDatabase;
  const name = parts.length > 1 ? parts[parts.length - 2] : catalog.currentCatalog;
  if (!catalog.catalogs.has(name)) throw unknown(node, `Catalog ${name} does not exist`, name, [...catalog.catalogs.keys()]);
  if (parts.length > 0 && catalog.database({ catalog: name, database }) === undefined) {
    throw unknown(node, `Database '${name}'.'${database}' doesn't exist.`, database, [
      ...(catalog.catalogs.get(name)?.databases.keys() ?? []),
    ]);
  }
  return { catalog: name, database };
}

function unknown(node: { readonly span: SqlError["span"] }, message: string, found: string, known: readonly string[]): SqlError {
  return new SqlError("validate", "SQL_UNKNOWN_OBJECT", message, node.span, { found, hint: nameHint(found, known, "names") });
}

function requireObject(path: readonly Identifier[], catalog: Catalog, node: { readonly span: SqlError["span"] }): CatalogObject {
  const full = catalog.qualify(path.map(({ name }) => name));
  const object = catalog.at(full);
  if (object !== undefined) return object;
  throw unknown(node, `Tables or views with the identifier '${pathText(full)}' doesn't exist.`, full.name, catalog.names());
}

export function showCreate(node: ShowCreate, catalog: Catalog): TableResult {
  const parts = node.path.map(({ name }) => name);
  if (node.what === "CATALOG") {
    const entry = catalog.catalogs.get(parts[0]);
    if (entry === undefined || entry.options.size === 0)
      throw unknown(node, `Cannot obtain metadata information from Catalog ${parts[0]}.`, parts[0], [...catalog.catalogs.keys()]);
    return listOf("result", [showCreateCatalog(entry)]);
  }
  if (node.what === "MODEL") return listOf("result", [showCreateModel(node.path, node.span, catalog)]);
  const path = catalog.qualify(parts);
  const object = catalog.at(path);
  if (node.what !== "TABLE" && node.what !== "VIEW") {
    throw new SqlError("validate", "SQL_UNSUPPORTED_STATEMENT", `SHOW CREATE ${node.what} is not available here.`, node.span);
  }
  if (object === undefined) {
    const kind = node.what === "TABLE" ? "Table" : "View";
    throw unknown(
      node,
      `Could not execute SHOW CREATE ${node.what}. ${kind} with identifier ${quotedPath(path)} does not exist.`,
      path.name,
      catalog.names(),
    );
  }
  if (node.what === "TABLE") {
    if (object.kind === "table") return listOf("result", [showCreateTable(object)]);
    throw wrongKind(
      node,
      `SHOW CREATE TABLE is only supported for tables, but ${quotedPath(path)} is a view. Please use SHOW CREATE VIEW instead.`,
    );
  }
  if (object.kind === "view") return listOf("result", [showCreateView(object, catalog)]);
  throw wrongKind(
    node,
    `SHOW CREATE VIEW is only supported for views, but ${quotedPath(path)} is a table. Please use SHOW CREATE TABLE instead.`,
  );
}

function wrongKind({ span }: ShowCreate, message: string): SqlError {
  return new SqlError("plan", "SQL_WRONG_KIND", message, span);
}

export function showPartitions(node: ShowPartitions, catalog: Catalog): TableResult {
  const object = requireObject(node.path, catalog, node);
  const { catalog: name, database } = object.path;
  if (object.kind === "view" || object.partitionKeys.length === 0) {
    throw new SqlError("plan", "SQL_NOT_PARTITIONED", `Table ${database}.${object.name} in catalog ${name} is not partitioned.`, node.span);
  }
  return listOf("partition name", partitionsOf(object, node.partition, catalog));
}

export function describe(node: DescribeStatement, catalog: Catalog): TableResult {
  const parts = node.path.map(({ name }) => name);
  switch (node.what) {
    case "TABLE":
      return describeObject(requireObject(node.path, catalog, node));
    case "CATALOG": {
      const entry = catalog.catalogs.get(parts[0]);
      // The catalog that every session begins with has no descriptor, as in Flink.
      if (entry === undefined || entry.options.size === 0)
        throw unknown(node, `Cannot obtain metadata information from Catalog ${parts[0]}.`, parts[0], [...catalog.catalogs.keys()]);
      const rows: unknown[][] = [
        ["name", entry.name],
        ["type", entry.options.get("type") ?? null],
        ["comment", entry.comment],
      ];
      if (node.extended) {
        for (const key of [...entry.options.keys()].sort()) if (key !== "type") rows.push([`option:${key}`, entry.options.get(key)]);
      }
      return { kind: "table", columns: [text("info name"), text("info value")], rows };
    }
    case "FUNCTION": {
      const name = parts.join(".");
      const entry = catalog.functions.find(parts, catalog);
      const known = SCALAR_FUNCTIONS.has(name.toUpperCase()) || AGGREGATE_FUNCTIONS.has(name.toUpperCase());
      if (entry === undefined && !known)
        throw unknown(
          node,
          `Function with the identifier '${parts.map((part) => `\`${part}\``).join(".")}' doesn't exist.`,
          name,
          catalog.functions.names(),
        );
      const rows: unknown[][] = [
        ["is system function", entry === undefined ? "true" : "false"],
        ["is temporary", String(entry?.temporary ?? false)],
        ...(entry === undefined
          ? []
          : [
              ["class name", entry.className],
              ["function language", entry.language],
            ]),
      ];
      return { kind: "table", columns: [text("info name"), text("info value")], rows };
    }
    case "MODEL":
      return describeModel(node.path, node.span, catalog);
    case "DATABASE":
      throw describedDatabase(node);
    default:
      throw new SqlError("validate", "SQL_UNSUPPORTED_STATEMENT", `DESCRIBE ${node.what} is not available here.`, node.span);
  }
}

/** Flink reads DESCRIBE DATABASE and has nobody to answer it, so that its validator takes the name for a column. */
function describedDatabase({ path, span }: DescribeStatement): SqlError {
  const names = path.map(({ name }) => name);
  const message = names.length > 1 ? `Table '${names[0]}' not found` : `Column '${names[0]}' not found in any table`;
  return new SqlError("validate", "SQL_UNSUPPORTED_STATEMENT", `${message}: DESCRIBE DATABASE is read, but not answered.`, span, {
    found: "DESCRIBE DATABASE",
    hint: "SHOW DATABASES lists them, SHOW TABLES FROM a database what it holds.",
  });
}

/** DESCRIBE of a table or view; the column for comments is there when one of them has any. */
function describeObject(object: CatalogObject): TableResult {
  const definitions = object.kind === "table" ? object.definition.columns : [];
  const comments = definitions.some(({ comment }) => comment !== null);
  const key = object.kind === "table" ? object.primaryKey.map((index) => object.columns[index].name) : [];
  const rows = object.columns.map(({ name, type }, i): unknown[] => {
    const definition = definitions[i];
    const extras = definition === undefined ? null : extrasOf(definition);
    const watermark = object.kind === "table" && object.watermark?.column === i ? watermarkText(object) : null;
    const attribute = type.timeAttribute === undefined ? "" : ` *${type.timeAttribute}*`;
    const row = [
      name,
      `${typeName(type)}${attribute}`,
      type.nullable,
      key.includes(name) ? `PRI(${key.join(", ")})` : null,
      extras,
      watermark,
    ];
    return comments ? [...row, definition?.comment ?? null] : row;
  });
  const names = ["name", "type", "null", "key", "extras", "watermark", ...(comments ? ["comment"] : [])];
  return { kind: "table", columns: names.map((name) => ({ name, type: name === "null" ? BOOLEAN : STRING })), rows };
}

function extrasOf(definition: CatalogTable["definition"]["columns"][number]): string | null {
  switch (definition.kind) {
    case "physical":
      return null;
    case "computed":
      return `AS ${expressionText(definition.expr)}`;
    case "metadata":
      return metadataText(definition);
  }
}

function watermarkText({ definition }: CatalogTable): string {
  return expressionText(definition.watermark!.expr);
}
