/** SHOW and DESCRIBE. */
import type { DescribeQuery, DescribeStatement, ShowFilter, ShowStatement, Statement } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseDelete, parseInsert, parseMerge, parseUpdate } from "./dml.ts";
import { parsePartition } from "./options.ts";
import { beginsQuery, parseOrderedQuery } from "./query.ts";
import type { Span } from "./span.ts";

/** What may follow a list's name: FROM or IN, LIKE, and ILIKE beside it. */
const LISTS: Readonly<Record<string, { readonly from: boolean; readonly like: boolean; readonly ilike: boolean }>> = {
  CATALOGS: { from: false, like: true, ilike: true },
  DATABASES: { from: true, like: true, ilike: true },
  TABLES: { from: true, like: true, ilike: false },
  VIEWS: { from: true, like: true, ilike: false },
  FUNCTIONS: { from: true, like: true, ilike: true },
  PROCEDURES: { from: true, like: true, ilike: true },
  MODELS: { from: true, like: true, ilike: false },
  CONNECTIONS: { from: true, like: true, ilike: false },
  MODULES: { from: false, like: false, ilike: false },
  JARS: { from: false, like: false, ilike: false },
  JOBS: { from: false, like: false, ilike: false },
};

/** At SHOW. */
export function parseShow(cursor: Cursor): Statement {
  const start = cursor.expect("SHOW");
  if (cursor.accept("CREATE")) return parseShowCreate(cursor, start);
  if (cursor.accept("CURRENT")) {
    const what = cursor.expectOneOf(["CATALOG", "DATABASE"] as const, "after CURRENT");
    return { kind: "show", what: `CURRENT ${what}`, from: null, like: null, span: cursor.spanFrom(start) };
  }
  if (cursor.accept("PARTITIONS")) {
    const path = cursor.path("a table");
    const partition = cursor.accept("PARTITION") ? parsePartition(cursor) : [];
    return { kind: "showPartitions", path, partition, span: cursor.spanFrom(start) };
  }
  if (cursor.accept("COLUMNS")) {
    const word = cursor.expectOneOf(["FROM", "IN"] as const, "after SHOW COLUMNS");
    const from = { word, path: cursor.path("a table") };
    return { kind: "show", what: "COLUMNS", from, like: acceptFilter(cursor, false), span: cursor.spanFrom(start) };
  }
  if (cursor.accept("USER")) return parseList(cursor, start, "USER ", ["FUNCTIONS"]);
  if (cursor.accept("FULL")) return parseList(cursor, start, "FULL ", ["MODULES"]);
  if (cursor.accept("MATERIALIZED")) return parseList(cursor, start, "MATERIALIZED ", ["TABLES"]);
  return parseList(cursor, start, "", Object.keys(LISTS));
}

function parseList(cursor: Cursor, start: Span, prefix: string, words: readonly string[]): ShowStatement {
  const context = prefix === "" ? "after SHOW" : `after ${prefix.trim()}`;
  const word = cursor.acceptOneOf(words);
  if (word === null)
    throw cursor.unexpected(
      words.length > 1 ? "TABLES, VIEWS, CATALOGS, DATABASES, FUNCTIONS, COLUMNS, CREATE TABLE …" : words[0],
      context,
    );
  const allowed = LISTS[word];
  const fromWord = allowed.from ? cursor.acceptOneOf(["FROM", "IN"] as const) : null;
  const from = fromWord === null ? null : { word: fromWord, path: cursor.path("a database") };
  const like = allowed.like ? acceptFilter(cursor, allowed.ilike) : null;
  return { kind: "show", what: `${prefix}${word}` as ShowStatement["what"], from, like, span: cursor.spanFrom(start) };
}

function acceptFilter(cursor: Cursor, ilike: boolean): ShowFilter | null {
  const negated = cursor.is("NOT");
  const word = negated ? cursor.peek().upper : cursor.token.upper;
  if (!negated && word !== "LIKE" && !(ilike && word === "ILIKE")) return null;
  if (negated) cursor.next();
  cursor.expectOneOf(ilike ? ["LIKE", "ILIKE"] : ["LIKE"], negated ? "after NOT" : undefined);
  return { negated, caseInsensitive: word === "ILIKE", pattern: cursor.string("a pattern in quotes").text };
}

function parseShowCreate(cursor: Cursor, start: Span): Statement {
  if (cursor.accept("CATALOG")) {
    const path = [cursor.identifier("a catalog")];
    return { kind: "showCreate", what: "CATALOG", path, span: cursor.spanFrom(start) };
  }
  const orAlter = cursor.accept("OR", "ALTER");
  if (cursor.is("MATERIALIZED") || orAlter) {
    cursor.expect("MATERIALIZED", "after OR ALTER");
    cursor.expect("TABLE", "after MATERIALIZED");
    const path = cursor.path("a table");
    return { kind: "showCreate", what: orAlter ? "OR ALTER MATERIALIZED TABLE" : "MATERIALIZED TABLE", path, span: cursor.spanFrom(start) };
  }
  const what = cursor.expectOneOf(["TABLE", "VIEW", "MODEL", "CONNECTION"] as const, "after SHOW CREATE");
  return { kind: "showCreate", what, path: cursor.path("a name"), span: cursor.spanFrom(start) };
}

/** At DESCRIBE or DESC. */
export function parseDescribe(cursor: Cursor): Statement {
  const start = cursor.next();
  if (cursor.accept("JOB")) {
    const job = cursor.string("the job's id in quotes").text;
    return { kind: "describeJob", job, span: cursor.spanFrom(start) };
  }
  if (start.upper === "DESCRIBE") {
    const other = acceptCalciteDescribe(cursor, start);
    if (other !== null) return other;
  }
  const what: DescribeStatement["what"] =
    cursor.acceptOneOf(["CATALOG", "DATABASE", "FUNCTION", "MODEL", "CONNECTION"] as const) ?? "TABLE";
  const extended = cursor.accept("EXTENDED");
  const path = what === "CATALOG" ? [cursor.identifier("a catalog")] : cursor.path("a table");
  return { kind: "describe", what, extended, path, span: cursor.spanFrom(start) };
}

/** Calcite's own forms, which Flink's parser takes: `DESCRIBE TABLE t [column]`, `DESCRIBE [STATEMENT] query`. */
function acceptCalciteDescribe(cursor: Cursor, start: Span): Statement | null {
  if (cursor.accept("TABLE")) {
    const path = cursor.path("a table");
    const column = cursor.isIdentifier() ? cursor.identifier() : null;
    return { kind: "describeTable", path, column, span: cursor.spanFrom(start) };
  }
  const stated = cursor.accept("STATEMENT");
  const statement = acceptQueryOrDml(cursor);
  if (statement === null) {
    if (stated) throw cursor.unexpected("a statement", "after DESCRIBE STATEMENT");
    return null;
  }
  return { kind: "describeStatement", statement, span: cursor.spanFrom(start) };
}

function acceptQueryOrDml(cursor: Cursor): DescribeQuery["statement"] | null {
  if (cursor.is("INSERT") || cursor.is("UPSERT")) return parseInsert(cursor);
  if (cursor.is("UPDATE")) return parseUpdate(cursor);
  if (cursor.is("DELETE")) return parseDelete(cursor);
  if (cursor.is("MERGE")) return parseMerge(cursor);
  if (!beginsQuery(cursor) && !cursor.is("(")) return null;
  const query = parseOrderedQuery(cursor);
  return { kind: "queryStatement", query, span: query.span };
}
