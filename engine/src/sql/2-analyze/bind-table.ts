/** FROM: tables, views and derived tables, and what else a table reference can be. */
import { isTimestamp, type LogicalType, typeName, typeSummary, withoutTimeAttribute } from "../../types/logical-type.ts";
import type { Alias, Identifier, TableRef } from "../1-parse/ast.ts";
import { placed, SqlError } from "../1-parse/sql-error.ts";
import { nameHint } from "../../base/nearest.ts";
import { parserOnlyTable } from "./parser-only.ts";
import type { CatalogTable, CatalogView } from "../catalog/catalog.ts";
import { calciteName, callOf, ExpressionBinder } from "./bind-expression.ts";
import { CAST } from "../functions/operators.ts";
import { bindMatch } from "./bind-match.ts";
import { bindQuery, renamed } from "./bind-query.ts";
import { refuseOptionsHint, withOptionsHint } from "./options-hint.ts";
import { withinSize } from "./plan-size.ts";
import type { QueryContext } from "./query-context.ts";
import type { Hints, Rel, RelColumn, Scan } from "./rel.ts";
import { allFields, namesOf, project } from "./rel-builder.ts";
import { inputRef, mapLeaves, type Rex } from "./rex.ts";
import { Scope } from "./scope.ts";
import { bindJoin } from "./bind-join.ts";
import { bindUnnest } from "./bind-unnest.ts";
import { bindTableFunction } from "./bind-table-function.ts";

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
      const rel = aliased(snapshotOf(lookUpTable(ref.path, context, ref.hints), ref, parent), ref.alias);
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
      const rel = aliased(bindMatch(ref, bindTable(ref.input, context, parent).rel, context, parent), ref.alias);
      return { rel, scope: scopeOf(rel, ref.alias?.name.name ?? null, parent) };
    }
  }
}

/** The table as it was at a time that the row of the left side names. */
function snapshotOf(rel: Rel, { asOf, alias, path }: Extract<TableRef, { kind: "table" }>, parent: Scope | null): Rel {
  if (asOf === null) return rel;
  const own = alias?.name.name ?? path[path.length - 1].name;
  if (asOf.kind === "name" && asOf.parts.length > 1 && asOf.parts[0].name === own) {
    const message = "Temporal Table Join requires time attribute in the left table, but no time attribute found.";
    throw new SqlError("validate", "SQL_TEMPORAL_JOIN", message, asOf.span, {
      found: "a column of the versioned table itself",
      expected: "a time attribute of the left table",
    });
  }
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
    return common.columns.length === 0 ? rel : project(rel, allFields(rel), common.columns);
  }
  const object = context.catalog.find(path.map(({ name }) => name));
  if (object === undefined) {
    throw new SqlError("validate", "SQL_UNKNOWN_TABLE", missingObject(path, context), last.span, {
      found: last.name,
      hint: nameHint(last.name, [...context.commonTables.keys(), ...context.catalog.names()], "tables"),
    });
  }
  if (object.kind === "table") {
    const table = withOptionsHint(object, hints, context);
    placed(last.span, () => context.scanned?.(table));
    return scanOf(table, hints);
  }
  refuseOptionsHint(object, hints);
  if (context.expanding.includes(object.name))
    throw new SqlError("validate", "SQL_RECURSIVE_VIEW", `View ${object.name} uses itself.`, last.span);
  if (object.rel !== undefined) return renamedIfNeeded(object.rel, namesOf(object));
  const inside = {
    ...context,
    catalog: context.catalog.within(object.path),
    commonTables: new Map(),
    expanding: [...context.expanding, object.name],
  };
  const rel = withinSize(bindQuery(object.query, inside, null), "validate", last.span);
  const asMade =
    rel.columns.length === object.columns.length &&
    rel.columns.every(({ name, type }, i) => name === object.columns[i].name && sameType(type, object.columns[i].type));
  return asMade ? rel : project(rel, viewFields(rel, object), namesOf(object));
}

/** Types as declared: whether a timestamp is a time attribute says the plan below. */
function sameType(a: LogicalType, b: LogicalType): boolean {
  return typeSummary(a) === typeSummary(b);
}

/** The columns that the view had when it was made: `*` may stand for more by now, and a table made anew may have other types. (Calcite: `RelOptUtil.createCastRel`) */
function viewFields(rel: Rel, { queryColumns, columns }: CatalogView): Rex[] {
  return queryColumns.map((name, i) => {
    const at = rel.columns.length === queryColumns.length ? i : rel.columns.findIndex((column) => column.name === name);
    const index = at === -1 ? i : at;
    const { type } = rel.columns[index];
    const field = inputRef(index, type);
    return sameType(type, columns[i].type) ? field : callOf(CAST, [field], columns[i].type);
  });
}

function renamedIfNeeded(rel: Rel, names: readonly string[]): Rel {
  return rel.columns.every((column, i) => column.name === names[i]) ? rel : project(rel, allFields(rel), names);
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

/** The first part of a path that is not there, and within what; a view has the full paths of its tables. (Calcite: `IdentifierNamespace`) */
function missingObject(path: readonly Identifier[], { catalog, expanding }: QueryContext): string {
  const full = catalog.qualify(path.map(({ name }) => name));
  const databases = catalog.catalogs.get(full.catalog)?.databases;
  const given = expanding.length > 0 ? 3 : path.length;
  if (databases === undefined) return `Object '${full.catalog}' not found`;
  if (!databases.has(full.database)) return `Object '${full.database}' not found${given > 2 ? ` within '${full.catalog}'` : ""}`;
  return `Object '${full.name}' not found${given > 1 ? ` within '${full.catalog}.${full.database}'` : ""}`;
}
