/** The SQL door: scripts in the Flink dialect to jobs. */
import type { DiagnosticData } from "./base/diagnostic.ts";
import { tokenize } from "./sql/1-parse/lexer.ts";
import { parseScript } from "./sql/1-parse/parse-script.ts";
import type { Token } from "./sql/1-parse/token.ts";
import { catalogue, type CatalogueEntry as SqlFunctionEntry } from "./sql/functions/catalogue.ts";
import { analyzeScript, type SqlProgramOptions, type SqlProgramResult, sqlProgram } from "./sql/sql-program.ts";
import type { FunctionClasses } from "./sql/user-functions/function-signature.ts";
import { type SqlSchemaTable, sqlSchema as schemaOf } from "./sql/sql-schema.ts";

export { parseScript } from "./sql/1-parse/parse-script.ts";
export type { CatalogTable } from "./sql/catalog/catalog.ts";
export { plainValue } from "./sql/session/plain-value.ts";
export { type ScriptWorld, worldOfTables } from "./sql/session/script-world.ts";
export type { SqlJob } from "./sql/session/sql-job.ts";
export { SqlSession } from "./sql/session/sql-session.ts";
export type { ResultColumn, StatementResult } from "./sql/session/statement-result.ts";
export { sqlDiagnostic } from "./sql/sql-program.ts";
export type { SqlFunctionEntry, SqlProgramOptions, SqlProgramResult, SqlSchemaTable };
export type { Token as SqlToken };
export { sqlProgram };

/**
 * What is wrong with a script; positions are relative to it. Mistakes of the given DDL carry `file: "given.sql"`. Nothing is evaluated of the classes that
 * CREATE FUNCTION may name, unless a deterministic function of them is called with constants.
 */
export function checkSql(script: string, given: string, topics: readonly string[], functions?: FunctionClasses): readonly DiagnosticData[] {
  return analyzeScript(script, { given, topics, functions }).diagnostics;
}

/** Tables with columns and types that a DDL script defines. Topics named in it count as existing. */
export function sqlSchema(given: string): readonly SqlSchemaTable[] {
  const topics = parseScript(given).statements.flatMap((statement) =>
    statement.kind === "createTable" ? statement.options.filter((option) => option.key === "topic").map((option) => option.value) : [],
  );
  return schemaOf(given, topics);
}

/**
 * All functions, operators and special forms: name, how it is written, one sentence, and examples with their values (those of aggregates
 * over the rows ('a', 1), ('b', 2), ('b', 4) of a table with s and v). For completion and documentation.
 */
export function sqlFunctions(): readonly SqlFunctionEntry[] {
  return catalogue();
}

/** A script's tokens with their places, as Flink's lexer cuts them; the last one is of kind `end`. Nothing is thrown: what starts no token is a `bad` one. */
export function sqlTokens(script: string): readonly Token[] {
  return tokenize(script);
}
