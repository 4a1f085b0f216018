/** CREATE VIEW and ALTER VIEW: what they do to the catalog of a session. */
import type { AlterView, CreateView, Identifier, Query } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { bindQuery } from "../2-analyze/bind-query.ts";
import { namesOf } from "../2-analyze/rel-builder.ts";
import type { CatalogView } from "../catalog/catalog.ts";
import { type ObjectPath, partsOf } from "../catalog/object-path.ts";
import { alreadyExists, requireDatabase, requireView } from "./catalog-statements.ts";
import { type DefiningSession, rename } from "./table-statements.ts";

export function createView(node: CreateView, session: DefiningSession): void {
  const { catalog } = session;
  const path = catalog.qualify(partsOf(node.path));
  const { span } = node.path[node.path.length - 1];
  const there = node.temporary ? catalog.temporaryAt(path) : catalog.permanentAt(path);
  if (there !== undefined && node.ifNotExists) return;
  const query = node.query;
  const names = viewColumns(path, query, node, session);
  if (!node.temporary) requireDatabase(path, catalog, span);
  // OR REPLACE is read, and replaces nothing, as in Flink.
  if (there !== undefined) throw alreadyExists(path, node.temporary, span);
  catalog.set({ kind: "view", path, name: path.name, temporary: node.temporary, comment: node.comment, ...names, query });
}

/** The schema of a view is settled when it is made: what its tables get later does not show in it. */
function viewColumns(
  path: ObjectPath,
  query: Query,
  { columns: names, span }: { readonly columns: readonly Identifier[]; readonly span: Span },
  session: DefiningSession,
): Pick<CatalogView, "columns" | "queryColumns"> {
  const rel = bindQuery(query, { ...session.definitionContext(), expanding: [path.name] }, null);
  if (names.length > 0 && names.length !== rel.columns.length) {
    const list = (columns: readonly { readonly name: string }[]): string => `[${columns.map(({ name }) => name).join(", ")}]`;
    throw new SqlError(
      "validate",
      "SQL_VIEW_COLUMNS",
      `VIEW definition and input fields not match:\n\tDef fields: ${list(names)}.\n\tInput fields: ${list(rel.columns)}.`,
      span,
      { found: `${names.length} names`, expected: `${rel.columns.length}` },
    );
  }
  const given = names.length > 0 ? names.map(({ name }) => name) : namesOf(rel);
  const twice = given.find((name, i) => given.indexOf(name) !== i);
  if (twice !== undefined)
    throw new SqlError("validate", "SQL_VIEW_COLUMNS", `A column with the same name \`${twice}\` has been defined`, query.span, {
      found: twice,
    });
  return { columns: rel.columns.map((column, i) => ({ ...column, name: given[i] })), queryColumns: namesOf(rel) };
}

export function alterView(node: AlterView, session: DefiningSession): void {
  const view = requireView(node, session.catalog);
  if (node.action.kind === "rename") {
    rename(view, node.action.to, session.catalog);
    return;
  }
  const names = viewColumns(view.path, node.action.query, { columns: [], span: node.span }, session);
  session.catalog.set({ ...view, ...names, query: node.action.query });
}
