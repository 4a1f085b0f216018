/** CREATE TABLE with LIKE and AS, ALTER TABLE: what they do to the catalog of a session. */
import { UserFunctionsHook } from "../2-analyze/user-functions-hook.ts";
import { nameHint } from "../../base/nearest.ts";
import type { AlterTable, CreateTable, Identifier, InsertInto, Query } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { bindQuery } from "../2-analyze/bind-query.ts";
import { bindTableDefinition, definitionOf } from "../2-analyze/bind-table-ddl.ts";
import type { QueryContext } from "../2-analyze/query-context.ts";
import type { Catalog, CatalogObject, CatalogTable } from "../catalog/catalog.ts";
import { type ObjectPath, partsOf, pathText, quotedPath } from "../catalog/object-path.ts";
import type { TableDefinition } from "../catalog/table-definition.ts";
import { alteredDefinition } from "./alter-table.ts";
import { alreadyExists, requireDatabase } from "./catalog-statements.ts";
import { columnsAs, insertAs } from "./create-table-as.ts";
import { mergeLike } from "./like-clause.ts";
import { alterPartitions } from "./partition-statements.ts";
import type { SqlJob } from "./sql-job.ts";
import type { StatementResult } from "./statement-result.ts";

/** What statements that define tables and views need of their session. */
export interface DefiningSession {
  readonly catalog: Catalog;
  /** The table with what its connector says of it. */
  described(table: CatalogTable): CatalogTable;
  /** For queries in definitions: the tables that they read are not looked at. */
  definitionContext(): QueryContext;
  jobOf(inserts: readonly InsertInto[]): SqlJob;
}

const OK: StatementResult = { kind: "ok" };

/** @param given it is part of the given DDL. */
export function createTable(node: CreateTable, given: boolean, session: DefiningSession): StatementResult {
  const { catalog } = session;
  const path = catalog.qualify(partsOf(node.path));
  const { span } = node.path[node.path.length - 1];
  const there = node.temporary ? catalog.temporaryAt(path) : catalog.permanentAt(path);
  if (node.query !== null) return createTableAs(node, node.query, session, { path, there, given });
  const definition = likeOf(node, definitionOf(node), catalog);
  const table = bindTableDefinition(definition, { path, temporary: node.temporary, given, hook: functionsOf(session) });
  if (!node.temporary) requireDatabase(path, catalog, span);
  if (there !== undefined) {
    if (node.ifNotExists) return OK;
    throw alreadyExists(path, node.temporary, span);
  }
  catalog.set(session.described(table));
  return OK;
}

function likeOf(node: CreateTable, own: TableDefinition, catalog: Catalog): TableDefinition {
  const { like } = node;
  if (like === null) return own;
  const path = catalog.qualify(partsOf(like.path));
  const base = catalog.at(path);
  if (base === undefined) {
    throw new SqlError(
      "validate",
      "SQL_UNKNOWN_TABLE",
      `Source table '${quotedPath(path)}' of the LIKE clause not found in the catalog`,
      like.span,
      {
        found: path.name,
        hint: nameHint(path.name, catalog.names(), "tables"),
      },
    );
  }
  if (base.kind === "view")
    throw new SqlError("validate", "SQL_LIKE", `Source table '${quotedPath(path)}' of the LIKE clause can not be a VIEW`, like.span);
  return mergeLike(base.definition, own, like);
}

/** CREATE TABLE … AS and its REPLACE forms: the table, and the job that fills it. */
function createTableAs(
  node: CreateTable,
  query: Query,
  session: DefiningSession,
  { path, there, given }: { readonly path: ObjectPath; readonly there: CatalogObject | undefined; readonly given: boolean },
): StatementResult {
  const { catalog } = session;
  const { span } = node.path[node.path.length - 1];
  if (node.temporary)
    throw new SqlError("validate", "SQL_CTAS", "CREATE TABLE AS SELECT syntax does not support to create temporary table yet.", node.span);
  requireDatabase(path, catalog, span);
  if (node.replace === "replace" && there === undefined) {
    throw new SqlError(
      "plan",
      "SQL_RTAS",
      `The table ${quotedPath(path)} to be replaced doesn't exist. You can try to use CREATE TABLE AS statement or CREATE OR REPLACE TABLE AS statement.`,
      span,
      { found: path.name, hint: nameHint(path.name, catalog.names(), "tables") },
    );
  }
  if (node.replace !== null && there?.kind === "view")
    throw new SqlError("validate", "SQL_RTAS", `Table with identifier '${pathText(path)}' does not exist.`, span, { found: "a view" });
  if (node.replace === null && there !== undefined) {
    if (!node.ifNotExists) throw alreadyExists(path, false, span);
    // The table stays as it is, and is written to all the same.
    const { columns } = bindQuery(query, session.definitionContext(), null);
    return { kind: "job", job: session.jobOf([{ ...insertAs(node, query, columns), columns: [] }]) };
  }
  const rel = bindQuery(query, session.definitionContext(), null);
  const own = definitionOf(node);
  const definition = { ...own, columns: columnsAs(own.columns, node.columnOrder, rel.columns, query.span) };
  const table = session.described(bindTableDefinition(definition, { path, temporary: false, given, hook: functionsOf(session) }));
  catalog.set(table);
  try {
    return { kind: "job", job: session.jobOf([insertAs(node, query, rel.columns)]) };
  } catch (error) {
    if (there === undefined) catalog.deletePermanent(path);
    else catalog.set(there);
    throw error;
  }
}

export function alterTable(node: AlterTable, session: DefiningSession): void {
  const { catalog } = session;
  const path = catalog.qualify(partsOf(node.path));
  const { span } = node.path[node.path.length - 1];
  const table = catalog.temporaryAt(path) === undefined ? catalog.permanentAt(path) : undefined;
  if (table === undefined) {
    if (node.ifExists) return;
    throw new SqlError("validate", "SQL_UNKNOWN_TABLE", `Table ${quotedPath(path)} doesn't exist or is a temporary table.`, span, {
      found: path.name,
      hint: nameHint(path.name, catalog.names(), "tables"),
    });
  }
  if (table.kind === "view") throw new SqlError("validate", "SQL_ALTER_TABLE", "ALTER TABLE for a view is not allowed", span);
  const { action } = node;
  if (action.kind === "rename") {
    rename(table, action.to, catalog);
    return;
  }
  if (action.kind === "addPartitions" || action.kind === "dropPartitions") {
    alterPartitions(table, node, action, catalog);
    return;
  }
  const definition = alteredDefinition(table, node, action);
  catalog.set(
    session.described(bindTableDefinition(definition, { path, temporary: false, given: table.given, hook: functionsOf(session) })),
  );
}

/** Gives a table or view another name in its database. */
export function rename(object: CatalogObject, to: readonly Identifier[], catalog: Catalog): void {
  const { database, catalog: name } = object.path;
  const path = { catalog: name, database, name: to[to.length - 1].name };
  if (catalog.permanentAt(path) !== undefined) throw alreadyExists(path, false, to[to.length - 1].span);
  catalog.deletePermanent(object.path);
  catalog.set({ ...object, path, name: path.name });
}

function functionsOf(session: DefiningSession): UserFunctionsHook {
  return new UserFunctionsHook(session.definitionContext());
}
