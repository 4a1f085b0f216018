/** Statements that are read and never carried out: some by Flink's streaming mode, some by us. Each says so by name. */
import type { Statement } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";

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
  describeJob: { phase: "plan", message: "DescribeJobOperation does not support ExecutableOperation yet." },
  stopJob: { phase: "plan", message: "StopJobOperation doesn't support ExecutableOperation yet." },
};

/** What Flink has and we have not. */
const OURS: Readonly<Record<string, string>> = {
  createMaterializedTable: "Write a CREATE TABLE and an INSERT INTO … SELECT instead.",
  alterMaterializedTable: "Write a CREATE TABLE and an INSERT INTO … SELECT instead.",
  createModel: "Models need a provider outside; there is none in a simulated world.",
  alterModel: "Models need a provider outside; there is none in a simulated world.",
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
