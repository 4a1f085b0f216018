/** INSERT INTO: the query's columns against the sink's, by position, with implicit casts only. */
import { type LogicalType, typeName, withoutTimeAttribute } from "../../types/logical-type.ts";
import type { InsertInto } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import type { CatalogTable } from "../catalog/catalog.ts";
import { castsImplicitly } from "../functions/implicit-casts.ts";
import { nameHint } from "../../base/nearest.ts";
import { castTo } from "./rex-calls.ts";
import { bindQuery } from "./bind-query.ts";
import type { QueryContext } from "./query-context.ts";
import type { Rel } from "./rel.ts";
import { project } from "./rel-builder.ts";
import { inputRef, literalOf, type Rex } from "./rex.ts";

export interface BoundInsert {
  readonly sink: CatalogTable;
  /** One column per persisted column of the sink. */
  readonly rel: Rel;
  readonly node: InsertInto;
}

export function bindInsert(node: InsertInto, context: QueryContext): BoundInsert {
  const { catalog } = context;
  const last = node.path[node.path.length - 1];
  const sink = catalog.find(node.path.map(({ name }) => name));
  if (sink === undefined || sink.kind === "view") {
    throw new SqlError("validate", "SQL_UNKNOWN_TABLE", `There is no table '${last.name}' to insert into.`, last.span, {
      found: last.name,
      hint: nameHint(
        last.name,
        catalog.tables().map((table) => table.name),
        "tables",
      ),
    });
  }
  const query = bindQuery(node.query, context, null);
  const persisted = sink.columns.filter((column) => column.persisted);
  const targets =
    node.columns.length === 0
      ? persisted
      : node.columns.map((name) => {
          const column = persisted.find((candidate) => candidate.name === name.name);
          if (column !== undefined) return column;
          const known = persisted.map((candidate) => candidate.name);
          throw new SqlError(
            "validate",
            "SQL_UNKNOWN_COLUMN",
            `Table '${sink.name}' has no column '${name.name}' to insert into.`,
            name.span,
            {
              found: name.name,
              hint: nameHint(name.name, known, "columns"),
            },
          );
        });
  if (targets.length !== query.columns.length) throw mismatch(node, sink, query, targets, `different number of columns`);
  const exprs = persisted.map((column): Rex => {
    const at = targets.indexOf(column);
    if (at < 0) {
      if (!column.type.nullable) throw mismatch(node, sink, query, targets, `column '${column.name}' is NOT NULL and gets no value`);
      return literalOf(null, column.type);
    }
    const from = query.columns[at].type;
    if (!castsImplicitly(from, column.type)) {
      throw mismatch(
        node,
        sink,
        query,
        targets,
        `incompatible types for sink column '${column.name}' at position ${at}: ${typeName(from)} and ${typeName(column.type)}`,
      );
    }
    return castTo(inputRef(at, from), withoutTimeAttribute(column.type));
  });
  const rel = project(
    query,
    exprs,
    persisted.map((column) => column.name),
  );
  return { sink, rel, node };
}

function mismatch(node: InsertInto, sink: CatalogTable, query: Rel, targets: CatalogTable["columns"], cause: string): SqlError {
  const list = (columns: readonly { readonly name: string; readonly type: LogicalType }[]): string =>
    `[${columns.map((column) => `${column.name}: ${typeName(column.type)}`).join(", ")}]`;
  return new SqlError(
    "validate",
    "SQL_SINK_SCHEMA",
    `Column types of query result and sink for '${sink.name}' do not match: ${cause}.`,
    node.query.span,
    {
      found: list(query.columns),
      expected: list(targets),
    },
  );
}
