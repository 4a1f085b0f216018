/** The SQL door: scripts in the Flink dialect to jobs. */
import type { DiagnosticData } from "./base/diagnostic.ts";
import { parseScript } from "./sql/1-parse/parse-script.ts";
import { SCALAR_FUNCTIONS } from "./sql/functions/registry.ts";
import { AGGREGATE_FUNCTIONS } from "./sql/functions/aggregates.ts";
import { analyzeScript, type SqlProgramOptions, type SqlProgramResult, sqlProgram } from "./sql/sql-program.ts";
import { type SqlSchemaTable, sqlSchema as schemaOf } from "./sql/sql-schema.ts";

export { parseScript } from "./sql/1-parse/parse-script.ts";
export type { CatalogTable } from "./sql/catalog/catalog.ts";
export { plainValue } from "./sql/session/plain-value.ts";
export { type ScriptWorld, worldOfTables } from "./sql/session/script-world.ts";
export type { SqlJob } from "./sql/session/sql-job.ts";
export { SqlSession } from "./sql/session/sql-session.ts";
export type { ResultColumn, StatementResult } from "./sql/session/statement-result.ts";
export { sqlDiagnostic } from "./sql/sql-program.ts";
export type { SqlProgramOptions, SqlProgramResult, SqlSchemaTable };
export { sqlProgram };

/** What is wrong with a script; positions are relative to it. Mistakes of the given DDL carry `file: "given.sql"`. */
export function checkSql(script: string, given: string, topics: readonly string[]): readonly DiagnosticData[] {
  return analyzeScript(script, { given, topics }).diagnostics;
}

/** Tables with columns and types that a DDL script defines. Topics named in it count as existing. */
export function sqlSchema(given: string): readonly SqlSchemaTable[] {
  const topics = parseScript(given).statements.flatMap((statement) =>
    statement.kind === "createTable" ? statement.options.filter((option) => option.key === "topic").map((option) => option.value) : [],
  );
  return schemaOf(given, topics);
}

/** Names and sentences of all functions, for completion. */
export function sqlFunctions(): readonly { readonly name: string; readonly description: string; readonly aggregate: boolean }[] {
  const scalar = [...SCALAR_FUNCTIONS.values()].map(({ name, description }) => ({ name, description, aggregate: false }));
  const aggregates = [...AGGREGATE_FUNCTIONS.values()].map(({ name, description }) => ({ name, description, aggregate: true }));
  return [...scalar, ...aggregates].filter(({ name }) => /^[A-Z]/.test(name));
}
