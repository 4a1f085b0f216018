/** ALTER of everything. */
import type {
  AlterMaterializedTable,
  AlterMaterializedTableAction,
  AlterModel,
  AlterScope,
  AlterTableAction,
  ColumnNode,
  Expr,
  PartitionValue,
  PlacedColumn,
  SchemaChange,
  Statement,
  TableOption,
} from "./ast.ts";
import { acceptLanguage } from "./create.ts";
import { parseFreshness } from "./create-table.ts";
import type { Cursor } from "./cursor.ts";
import { parseLiteral } from "./literal.ts";
import {
  acceptIfExists,
  acceptIfNotExists,
  acceptOptions,
  parseOptionKeys,
  parseOptions,
  parsePartition,
  parsePathList,
} from "./options.ts";
import { parseOrderedQuery } from "./query.ts";
import type { Span } from "./span.ts";
import { parseColumn, parseDistribution, parseTableConstraint, parseWatermark, SchemaBuilder } from "./table-schema.ts";

/** At ALTER. */
export function parseAlter(cursor: Cursor): Statement {
  const start = cursor.expect("ALTER");
  if (cursor.accept("TABLE")) return parseAlterTable(cursor, start);
  if (cursor.accept("MATERIALIZED")) {
    cursor.expect("TABLE", "after MATERIALIZED");
    return parseAlterMaterializedTable(cursor, start);
  }
  if (cursor.accept("VIEW")) return parseAlterView(cursor, start);
  if (cursor.is("FUNCTION") || cursor.is("TEMPORARY")) return parseAlterFunction(cursor, start);
  if (cursor.accept("CATALOG")) return parseAlterCatalog(cursor, start);
  if (cursor.accept("DATABASE")) {
    const path = cursor.path("a database");
    cursor.expect("SET", "in ALTER DATABASE");
    return { kind: "alterDatabase", path, options: parseOptions(cursor), span: cursor.spanFrom(start) };
  }
  if (cursor.accept("MODEL")) return parseAlterModel(cursor, start, "alterModel");
  if (cursor.accept("CONNECTION")) return parseAlterModel(cursor, start, "alterConnection");
  if (cursor.is("SYSTEM") || cursor.is("SESSION")) return parseAlterScope(cursor, start);
  throw cursor.unexpected("TABLE, VIEW, FUNCTION, CATALOG, DATABASE, MODEL, CONNECTION or MATERIALIZED TABLE", "after ALTER");
}

function parseAlterTable(cursor: Cursor, start: Span): Statement {
  const ifExists = acceptIfExists(cursor);
  const path = cursor.path("a table");
  const action = parseTableAction(cursor);
  return { kind: "alterTable", ifExists, path, action, span: cursor.spanFrom(start) };
}

function parseTableAction(cursor: Cursor): AlterTableAction {
  if (cursor.accept("RENAME")) {
    if (cursor.accept("TO")) return { kind: "rename", to: cursor.path("the new name") };
    const from = cursor.path("a column");
    cursor.expect("TO", "in RENAME");
    return { kind: "renameColumn", from, to: cursor.path("the new name") };
  }
  if (cursor.accept("SET")) return { kind: "set", options: parseOptions(cursor) };
  if (cursor.accept("RESET")) return { kind: "reset", keys: parseOptionKeys(cursor) };
  if (cursor.accept("ADD")) {
    if (cursor.is("PARTITION") || cursor.is("IF", "NOT")) return parseAddPartitions(cursor);
    return parseSchemaAction(cursor, "add");
  }
  if (cursor.accept("MODIFY")) return parseSchemaAction(cursor, "modify");
  if (cursor.accept("DROP")) {
    if (cursor.is("PARTITION") || cursor.is("IF", "EXISTS")) return parseDropPartitions(cursor);
    return parseDropAction(cursor);
  }
  throw cursor.unexpected("RENAME, ADD, MODIFY, DROP, SET or RESET", "in ALTER TABLE");
}

type SchemaAction = Extract<AlterTableAction, { kind: "add" | "modify" | "addDistribution" | "modifyDistribution" }>;
type DropAction = Extract<
  AlterTableAction,
  { kind: "dropColumns" | "dropPrimaryKey" | "dropConstraint" | "dropDistribution" | "dropWatermark" }
>;

/** Behind ADD or MODIFY: one change, or several in brackets. */
function parseSchemaAction(cursor: Cursor, kind: "add" | "modify"): SchemaAction {
  if (cursor.accept("DISTRIBUTION")) return { kind: `${kind}Distribution`, distribution: parseDistribution(cursor) };
  const builder = new SchemaBuilder();
  const columns: PlacedColumn[] = [];
  if (cursor.accept("(")) {
    do parseChange(cursor, builder, columns);
    while (cursor.accept(","));
    cursor.expect(")", `to close ${kind.toUpperCase()}`);
  } else {
    parseChange(cursor, builder, columns);
  }
  const change: SchemaChange = { columns, watermark: builder.watermark, constraints: builder.constraints };
  return { kind, ...change };
}

function parseChange(cursor: Cursor, builder: SchemaBuilder, columns: PlacedColumn[]): void {
  if (cursor.is("WATERMARK")) {
    parseWatermark(cursor, builder);
  } else if (cursor.is("PRIMARY") || cursor.is("UNIQUE") || cursor.is("CONSTRAINT")) {
    builder.constraints.push(parseTableConstraint(cursor));
  } else {
    const column: ColumnNode = parseColumn(cursor);
    builder.addColumn(column);
    let position: PlacedColumn["position"] = null;
    if (cursor.accept("AFTER")) position = { after: cursor.path("a column") };
    else if (cursor.accept("FIRST")) position = "first";
    columns.push({ column, position });
  }
}

/** Behind DROP, where no partitions follow. */
function parseDropAction(cursor: Cursor): DropAction {
  if (cursor.accept("PRIMARY")) {
    cursor.expect("KEY", "after PRIMARY");
    return { kind: "dropPrimaryKey" };
  }
  if (cursor.accept("CONSTRAINT")) return { kind: "dropConstraint", name: cursor.identifier("the constraint's name") };
  if (cursor.accept("DISTRIBUTION")) return { kind: "dropDistribution" };
  if (cursor.accept("WATERMARK")) return { kind: "dropWatermark" };
  return { kind: "dropColumns", columns: cursor.is("(") ? parsePathList(cursor) : [cursor.path("a column")] };
}

function parseAddPartitions(cursor: Cursor): AlterTableAction {
  const ifNotExists = acceptIfNotExists(cursor);
  const partitions: { spec: readonly PartitionValue[]; options: readonly TableOption[] }[] = [];
  do {
    cursor.expect("PARTITION", "after ADD");
    partitions.push({ spec: parsePartition(cursor), options: acceptOptions(cursor) });
  } while (cursor.is("PARTITION"));
  return { kind: "addPartitions", ifNotExists, partitions };
}

function parseDropPartitions(cursor: Cursor): AlterTableAction {
  const ifExists = acceptIfExists(cursor);
  const partitions: (readonly PartitionValue[])[] = [];
  do {
    cursor.expect("PARTITION", "in DROP");
    partitions.push(parsePartition(cursor));
  } while (cursor.accept(","));
  return { kind: "dropPartitions", ifExists, partitions };
}

function parseAlterMaterializedTable(cursor: Cursor, start: Span): AlterMaterializedTable {
  const path = cursor.path("a table");
  const action = parseMaterializedAction(cursor);
  return { kind: "alterMaterializedTable", path, action, span: cursor.spanFrom(start) };
}

function parseMaterializedAction(cursor: Cursor): AlterMaterializedTableAction {
  const word = cursor.expectOneOf(
    ["SUSPEND", "RESUME", "REFRESH", "SET", "RESET", "AS", "ADD", "MODIFY", "DROP"] as const,
    "in ALTER MATERIALIZED TABLE",
  );
  switch (word) {
    case "SUSPEND":
      return { kind: "suspend" };
    case "RESUME":
      return { kind: "resume", options: acceptOptions(cursor) };
    case "REFRESH":
      return { kind: "refresh", partition: cursor.accept("PARTITION") ? parsePartition(cursor) : [] };
    case "SET":
      if (cursor.accept("FRESHNESS")) {
        cursor.expect("=", "after FRESHNESS");
        return { kind: "setFreshness", freshness: parseFreshness(cursor) };
      }
      if (cursor.accept("REFRESH_MODE")) {
        cursor.expect("=", "after REFRESH_MODE");
        return { kind: "setRefreshMode", mode: cursor.expectOneOf(["FULL", "CONTINUOUS"] as const, "as REFRESH_MODE") };
      }
      return { kind: "set", options: parseOptions(cursor) };
    case "RESET":
      return { kind: "reset", keys: parseOptionKeys(cursor) };
    case "AS":
      return { kind: "as", query: parseOrderedQuery(cursor) };
    case "ADD":
      return parseSchemaAction(cursor, "add");
    case "MODIFY":
      return parseSchemaAction(cursor, "modify");
    case "DROP":
      return parseDropAction(cursor);
  }
}

function parseAlterView(cursor: Cursor, start: Span): Statement {
  const path = cursor.path("a view");
  if (cursor.accept("RENAME")) {
    cursor.expect("TO", "after RENAME");
    const to = cursor.path("the new name");
    return { kind: "alterView", path, action: { kind: "rename", to }, span: cursor.spanFrom(start) };
  }
  cursor.expect("AS", "or RENAME in ALTER VIEW");
  const query = parseOrderedQuery(cursor);
  return { kind: "alterView", path, action: { kind: "as", query }, span: cursor.spanFrom(start) };
}

function parseAlterFunction(cursor: Cursor, start: Span): Statement {
  const temporary = cursor.accept("TEMPORARY");
  const system = temporary && cursor.accept("SYSTEM");
  cursor.expect("FUNCTION", "in ALTER");
  const ifExists = acceptIfExists(cursor);
  const path = cursor.path("a function");
  cursor.expect("AS", "in ALTER FUNCTION");
  const className = cursor.string("the class name in quotes").text;
  const language = acceptLanguage(cursor);
  return { kind: "alterFunction", temporary, system, ifExists, path, className, language, span: cursor.spanFrom(start) };
}

function parseAlterCatalog(cursor: Cursor, start: Span): Statement {
  const name = cursor.identifier("a catalog");
  const word = cursor.expectOneOf(["SET", "RESET", "COMMENT"] as const, "in ALTER CATALOG");
  switch (word) {
    case "SET": {
      const action = { kind: "set", options: parseOptions(cursor) } as const;
      return { kind: "alterCatalog", name, action, span: cursor.spanFrom(start) };
    }
    case "RESET": {
      const action = { kind: "reset", keys: parseOptionKeys(cursor) } as const;
      return { kind: "alterCatalog", name, action, span: cursor.spanFrom(start) };
    }
    case "COMMENT": {
      const action = { kind: "comment", comment: cursor.string("the comment in quotes").text } as const;
      return { kind: "alterCatalog", name, action, span: cursor.spanFrom(start) };
    }
  }
}

function parseAlterModel(cursor: Cursor, start: Span, kind: AlterModel["kind"]): AlterModel {
  const ifExists = acceptIfExists(cursor);
  const path = cursor.path("a name");
  const action = parseModelAction(cursor);
  return { kind, ifExists, path, action, span: cursor.spanFrom(start) };
}

function parseModelAction(cursor: Cursor): AlterModel["action"] {
  const word = cursor.expectOneOf(["RENAME", "SET", "RESET"] as const, "in ALTER");
  if (word === "SET") return { kind: "set", options: parseOptions(cursor) };
  if (word === "RESET") return { kind: "reset", keys: parseOptionKeys(cursor) };
  cursor.expect("TO", "after RENAME");
  return { kind: "rename", to: cursor.path("the new name") };
}

function parseAlterScope(cursor: Cursor, start: Span): AlterScope {
  const scope = cursor.expectOneOf(["SYSTEM", "SESSION"] as const);
  if (cursor.accept("RESET")) {
    const path = cursor.accept("ALL") ? null : cursor.path("an option");
    return { kind: "alterScope", scope, path, value: null, span: cursor.spanFrom(start) };
  }
  cursor.expect("SET", `or RESET after ${scope}`);
  const { path, value } = parseAssignment(cursor);
  return { kind: "alterScope", scope, path, value, span: cursor.spanFrom(start) };
}

function parseAssignment(cursor: Cursor): { path: AlterScope["path"]; value: Expr } {
  const path = cursor.path("an option");
  cursor.expect("=", "behind the option");
  const { token } = cursor;
  if (cursor.accept("ON")) return { path, value: { kind: "name", parts: [{ name: "ON", span: token }], span: token } };
  if (cursor.isIdentifier()) return { path, value: { kind: "name", parts: [cursor.identifier()], span: token } };
  return { path, value: parseLiteral(cursor) };
}
