/** Statements that are read and never carried out: some by Flink's streaming mode, some by us. Each says so by name. */
import type {
  AnalyzeTable,
  CreateMaterializedTable,
  DeleteStatement,
  Expr,
  Query,
  Statement,
  TruncateTable,
  UpdateStatement,
} from "../1-parse/ast.ts";
import { parseScript } from "../1-parse/parse-script.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { bindQuery } from "../2-analyze/bind-query.ts";
import type { QueryContext } from "../2-analyze/query-context.ts";
import { nameHint } from "../../base/nearest.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { partsOf, quotedPath } from "../catalog/object-path.ts";

interface Refusal {
  readonly phase: "validate" | "plan";
  readonly message: string;
  readonly hint?: string;
}

/** What Flink 2.3 answers in streaming mode. */
const FLINKS: Readonly<Record<string, Refusal>> = {
  analyzeTable: { phase: "plan", message: "ANALYZE TABLE is not supported for streaming mode now" },
  truncate: { phase: "plan", message: "TRUNCATE TABLE statement is not supported in streaming mode." },
  update: { phase: "plan", message: "UPDATE statement is not supported for streaming mode now." },
  delete: { phase: "plan", message: "DELETE statement is not supported for streaming mode now." },
  merge: { phase: "plan", message: "MERGE statement is not supported." },
  callProcedure: {
    phase: "validate",
    message: "getProcedure is not implemented for class org.apache.flink.table.catalog.GenericInMemoryCatalog.",
  },
  alterMaterializedTable: { phase: "plan", message: "AlterMaterializedTableResumeOperation doesn't support ExecutableOperation yet." },
  describeJob: { phase: "plan", message: "DescribeJobOperation does not support ExecutableOperation yet." },
  stopJob: { phase: "plan", message: "StopJobOperation doesn't support ExecutableOperation yet." },
};

/** What Flink has and we have not. */
const OURS: Readonly<Record<string, string>> = {
  createMaterializedTable: "Write a CREATE TABLE and an INSERT INTO … SELECT instead.",
  createConnection: "Connections are not part of Flink 2.3's released SQL.",
  alterConnection: "Connections are not part of Flink 2.3's released SQL.",
  compilePlan: "Savepoints carry over between versions of a script without compiled plans here.",
  executePlan: "Run the script itself.",
  addJar: "Functions are written in TypeScript here; there are no jars.",
  removeJar: "Functions are written in TypeScript here; there are no jars.",
  alterScope: "SET 'key' = 'value' sets an option of the session.",
  clientCommand: "This is a command of Flink's SQL client.",
};

export function refusal(statement: Statement): SqlError {
  const flinks = FLINKS[statement.kind];
  if (flinks !== undefined) return new SqlError(flinks.phase, "SQL_UNSUPPORTED_STATEMENT", flinks.message, statement.span);
  const words = statement.kind.replace(/[A-Z]/g, (letter) => ` ${letter}`).toUpperCase();
  return new SqlError("validate", "SQL_UNSUPPORTED_STATEMENT", `${words} is not available here.`, statement.span, {
    found: words,
    hint: OURS[statement.kind],
  });
}

/** Statements that are for Flink's SQL client, and nothing to a table environment. */
const CLIENTS: ReadonlySet<Statement["kind"]> = new Set([
  "setOption",
  "resetOption",
  "listOptions",
  "beginStatementSet",
  "endStatementSet",
  "clientCommand",
]);

/** Refuses what `executeSql` does not take. A script may hold it, because the client carries it out. */
export function checkExecutable(statement: Statement): void {
  if (!CLIENTS.has(statement.kind)) return;
  const hint =
    "It is a statement of the SQL client. tableEnv.getConfig().set(key, value) sets an option, createStatementSet() collects INSERTs.";
  throw new SqlError("plan", "SQL_UNSUPPORTED_STATEMENT", ONLY_EXECUTABLE, statement.span, { hint });
}

/** Flink's words, to the letter. */
export const ONLY_EXECUTABLE =
  "Unsupported SQL query! executeSql() only accepts a single SQL statement of type CREATE TABLE, DROP TABLE, ALTER TABLE, CREATE DATABASE, DROP DATABASE, ALTER DATABASE, CREATE FUNCTION, DROP FUNCTION, ALTER FUNCTION, CREATE CATALOG, DROP CATALOG, USE CATALOG, USE [CATALOG.]DATABASE, SHOW CATALOGS, SHOW DATABASES, SHOW TABLES, SHOW [USER] FUNCTIONS, SHOW PARTITIONSCREATE VIEW, DROP VIEW, SHOW VIEWS, INSERT, DESCRIBE, LOAD MODULE, UNLOAD MODULE, USE MODULES, SHOW [FULL] MODULES.";

// ---- what Flink looks at before it refuses ----

/** Rows that UPDATE and DELETE are about are found by a query, whose mistakes count. */
export function checkRowLevel(node: UpdateStatement | DeleteStatement, context: QueryContext): void {
  const { columns } = bindQuery(rowsOf(node), context, null);
  if (node.kind === "delete") return;
  for (const { column, value } of node.assignments) {
    if (!columns.some(({ name }) => name === column.name)) {
      const names = columns.map(({ name }) => name);
      throw new SqlError("validate", "SQL_UNKNOWN_COLUMN", `Unknown target column '${column.name}'`, column.span, {
        found: column.name,
        hint: nameHint(column.name, names, "columns"),
      });
    }
    bindQuery(rowsOf({ ...node, kind: "update", where: null }, value), context, null);
  }
}

/** `SELECT * FROM t WHERE …`, or the value in place of the star. */
function rowsOf({ path, alias, where, span }: UpdateStatement | DeleteStatement, value?: Expr): Query {
  const [template] = parseScript("SELECT * FROM t").statements;
  if (template?.kind !== "queryStatement" || template.query.body.kind !== "select") throw new Error("SELECT * FROM t is a query");
  const { query } = template;
  const select = template.query.body;
  const items = value === undefined ? select.items : [{ expr: value, alias: null, span: value.span }];
  return {
    ...query,
    span,
    body: {
      ...select,
      span,
      items,
      from: {
        kind: "table",
        path,
        alias: alias === null ? null : { name: alias, columns: [], span: alias.span },
        asOf: null,
        hints: [],
        span,
      },
      where,
    } as typeof select,
  };
}

export function checkAnalyze({ path, columns, span }: AnalyzeTable, catalog: Catalog): void {
  const full = catalog.qualify(partsOf(path));
  const object = catalog.temporaryAt(full) === undefined ? catalog.permanentAt(full) : undefined;
  const refuse = (message: string) => new SqlError("validate", "SQL_ANALYZE", message, span);
  if (object === undefined) throw refuse(`Table ${quotedPath(full)} doesn't exist or is a temporary table.`);
  if (object.kind === "view") throw refuse("ANALYZE TABLE for a view is not allowed");
  if (columns === null || columns === "all") return;
  const missing = columns.find(({ name }) => !object.columns.some((column) => column.name === name));
  if (missing !== undefined) throw refuse(`Column: ${missing.name} does not exist in the table: ${quotedPath(full)}.`);
}

export function checkTruncate({ path, span }: TruncateTable, catalog: Catalog): void {
  const full = catalog.qualify(partsOf(path));
  const object = catalog.at(full);
  if (object?.kind === "view") throw new SqlError("validate", "SQL_TRUNCATE", "TRUNCATE TABLE for a view is not allowed", span);
  if (object !== undefined) return;
  const catalogs = [...catalog.catalogs.keys()].join(", ");
  const message = `Cannot find table '${quotedPath(full)}' in any of the catalogs [${catalogs}], nor as a temporary table.`;
  throw new SqlError("validate", "SQL_UNKNOWN_TABLE", message, span, {
    found: full.name,
    hint: nameHint(full.name, catalog.names(), "tables"),
  });
}

export function checkMaterializedTable({ query, freshness }: CreateMaterializedTable, context: QueryContext): void {
  if (freshness?.kind === "interval" && /YEAR|MONTH|QUARTER/i.test(JSON.stringify(freshness)))
    throw new SqlError(
      "validate",
      "SQL_FRESHNESS",
      "Materialized table freshness only supports SECOND, MINUTE, HOUR, DAY, WEEK as the time unit.",
      freshness.span,
    );
  bindQuery(query, context, null);
}
