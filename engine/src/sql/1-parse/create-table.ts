/** CREATE TABLE in all its forms, REPLACE TABLE, CREATE MATERIALIZED TABLE. */
import type { CreateMaterializedTable, CreateTable, Expr, StartMode, TableDefinition, TableLike, TableLikeOption } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseNonQueryExpression } from "./expression.ts";
import { acceptTemporalLiteral } from "./literal.ts";
import { acceptComment, acceptIfNotExists, acceptOptions } from "./options.ts";
import { parseOrderedQuery } from "./query.ts";
import type { Span } from "./span.ts";
import { acceptTableSchema, parseDistribution } from "./table-schema.ts";

/** Columns, COMMENT, DISTRIBUTED, PARTITIONED BY, WITH: in this order. */
function parseDefinition(cursor: Cursor): TableDefinition {
  const schema = acceptTableSchema(cursor);
  const comment = acceptComment(cursor);
  const distribution = cursor.accept("DISTRIBUTED") ? parseDistribution(cursor) : null;
  let partitionedBy: TableDefinition["partitionedBy"] = [];
  if (cursor.accept("PARTITIONED")) {
    cursor.expect("BY", "after PARTITIONED");
    partitionedBy = cursor.identifierList();
  }
  return { ...schema, comment, distribution, partitionedBy, options: acceptOptions(cursor) };
}

/** Behind CREATE [OR REPLACE] [TEMPORARY] TABLE. */
export function parseCreateTable(
  cursor: Cursor,
  start: Span,
  { temporary, orReplace }: { temporary: boolean; orReplace: boolean },
): CreateTable {
  const ifNotExists = acceptIfNotExists(cursor);
  const path = cursor.path("the table's name");
  const bracket = cursor.token;
  const definition = parseDefinition(cursor);
  const like = cursor.accept("LIKE") ? parseLike(cursor) : null;
  const query = like === null && cursor.accept("AS") ? parseOrderedQuery(cursor) : null;
  if (query === null && definition.columnOrder.length > 0) {
    throw cursor.refusal("Columns without types go with AS only.", bracket, {
      found: definition.columnOrder[0].name,
      expected: "a type behind each column",
    });
  }
  const replace = orReplace ? "createOrReplace" : null;
  return { kind: "createTable", temporary, ifNotExists, replace, path, ...definition, like, query, span: cursor.spanFrom(start) };
}

/** At REPLACE [TEMPORARY] TABLE … AS. */
export function parseReplaceTable(cursor: Cursor): CreateTable {
  const start = cursor.expect("REPLACE");
  const temporary = cursor.accept("TEMPORARY");
  cursor.expect("TABLE", "after REPLACE");
  const ifNotExists = acceptIfNotExists(cursor);
  const path = cursor.path("the table's name");
  const definition = parseDefinition(cursor);
  cursor.expect("AS", "in REPLACE TABLE");
  const query = parseOrderedQuery(cursor);
  const span = cursor.spanFrom(start);
  return { kind: "createTable", temporary, ifNotExists, replace: "replace", path, ...definition, like: null, query, span };
}

const FEATURES = ["ALL", "CONSTRAINTS", "DISTRIBUTION", "GENERATED", "METADATA", "OPTIONS", "PARTITIONS", "WATERMARKS"] as const;

/** Behind LIKE: `t (INCLUDING ALL EXCLUDING OPTIONS)`. */
function parseLike(cursor: Cursor): TableLike {
  const path = cursor.path("the table to be like");
  const options: TableLikeOption[] = [];
  if (cursor.accept("(")) {
    do {
      const start = cursor.token;
      const merging = cursor.expectOneOf(["INCLUDING", "EXCLUDING", "OVERWRITING"], "in LIKE");
      const feature = cursor.expectOneOf(FEATURES, `after ${merging}`);
      options.push({ merging, feature, span: cursor.spanFrom(start) });
    } while (!cursor.accept(")"));
  }
  return { path, options, span: cursor.spanFrom(path[0].span) };
}

/** Behind CREATE [OR ALTER] MATERIALIZED TABLE. */
export function parseCreateMaterializedTable(cursor: Cursor, start: Span, orAlter: boolean): CreateMaterializedTable {
  const path = cursor.path("the table's name");
  const definition = parseDefinition(cursor);
  const startMode = acceptStartMode(cursor);
  let freshness: Expr | null = null;
  if (cursor.accept("FRESHNESS")) {
    cursor.expect("=", "after FRESHNESS");
    freshness = parseFreshness(cursor);
  }
  let refreshMode: CreateMaterializedTable["refreshMode"] = null;
  if (cursor.accept("REFRESH_MODE")) {
    cursor.expect("=", "after REFRESH_MODE");
    refreshMode = cursor.expectOneOf(["FULL", "CONTINUOUS"] as const, "as REFRESH_MODE");
  }
  cursor.expect("AS", "in CREATE MATERIALIZED TABLE");
  const query = parseOrderedQuery(cursor);
  const span = cursor.spanFrom(start);
  return { kind: "createMaterializedTable", orAlter, path, ...definition, startMode, freshness, refreshMode, query, span };
}

/** An interval in quotes; Flink takes no computed one. */
export function parseFreshness(cursor: Cursor): Expr {
  const expr = parseNonQueryExpression(cursor);
  const written = cursor.text.slice(expr.span.start, expr.span.end);
  if (expr.kind === "interval" && written.includes("'")) return expr;
  throw cursor.refusal("FRESHNESS takes an interval in quotes.", expr.span, { found: written, expected: "INTERVAL '5' MINUTE" });
}

function acceptStartMode(cursor: Cursor): StartMode | null {
  if (!cursor.accept("START_MODE")) return null;
  cursor.expect("=", "after START_MODE");
  const mode = cursor.expectOneOf(
    ["FROM_BEGINNING", "FROM_NOW", "FROM_TIMESTAMP", "RESUME_OR_FROM_BEGINNING", "RESUME_OR_FROM_NOW", "RESUME_OR_FROM_TIMESTAMP"] as const,
    "as START_MODE",
  );
  let argument: Expr | null = null;
  if (mode.endsWith("TIMESTAMP")) {
    cursor.expect("(", `after ${mode}`);
    argument = cursor.is("TIMESTAMP") ? acceptTemporalLiteral(cursor) : null;
    if (argument === null) throw cursor.unexpected("a timestamp", `in ${mode}`, "For example TIMESTAMP '2024-01-31 10:00:00'.");
    cursor.expect(")");
  } else if (mode.endsWith("NOW") && cursor.accept("(")) {
    argument = parseFreshness(cursor);
    cursor.expect(")");
  }
  return { mode, argument };
}
