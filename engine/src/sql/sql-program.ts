/**
 * A script through the phases, in order: parse, analyze, plan (which includes the rewrites of 4-optimize), and the job that
 * executes it. Mistakes come back as diagnostics, as many as there are statements with one.
 */
import { Diagnostic, type DiagnosticData } from "../base/diagnostic.ts";
import type { JobProgram } from "../graph/stream-graph.ts";
import { parseScript } from "./1-parse/parse-script.ts";
import { SqlError } from "./1-parse/sql-error.ts";
import type { BoundInsert } from "./2-analyze/bind-insert.ts";
import type { Catalog, CatalogTable } from "./catalog/catalog.ts";
import type { ProvidedTable } from "./5-execute/translate.ts";
import { SqlRuntimeError } from "./functions/sql-runtime-error.ts";
import type { FunctionClasses } from "./user-functions/function-signature.ts";
import { SqlSession } from "./session/sql-session.ts";

export { sessionSettings as sessionOf } from "./session/session-settings.ts";
export { jobConfig as jobConfigOf } from "./session/sql-job.ts";

export interface SqlProgramOptions {
  /** DDL that comes before the script: tables of the scenario, SET statements. */
  readonly given: string;
  /** Topics that exist. */
  readonly topics: readonly string[];
  /** Tables that code stands behind, by name; their options are not looked at. */
  readonly provided?: ReadonlyMap<string, ProvidedTable>;
  /**
   * Classes of functions that CREATE FUNCTION may name. A function that makes them anew lets each subtask have classes of its own, so that variables of
   * their module are neither shared nor survive a crash: the script is then analyzed again for each subtask.
   */
  readonly functions?: FunctionClasses | (() => FunctionClasses);
}

export interface SqlProgramResult {
  /** null when there are diagnostics. */
  readonly program: JobProgram | null;
  readonly diagnostics: readonly DiagnosticData[];
}

/** Everything a script defines, and what went wrong. */
export interface AnalyzedScript {
  readonly session: SqlSession;
  readonly inserts: readonly BoundInsert[];
  readonly sources: ReadonlySet<CatalogTable>;
  readonly diagnostics: readonly DiagnosticData[];
}

/** All INSERTs of the script together, as if they were one statement set. */
export function analyzeScript(script: string, { given, topics, provided, functions }: SqlProgramOptions): AnalyzedScript {
  const functionClasses = typeof functions === "function" ? functions() : functions;
  const session = new SqlSession({ topics, captures: false, recordsPerWatermark: null, provided, functionClasses });
  const inserts: BoundInsert[] = [];
  const sources = new Set<CatalogTable>();
  const diagnostics: DiagnosticData[] = [];
  const parts = [
    { text: given, file: "given.sql", isGiven: true },
    { text: script, file: undefined, isGiven: false },
  ];
  for (const { text, file, isGiven } of parts) {
    const { statements, errors } = parseScript(text);
    for (const error of errors) diagnostics.push(error.toDiagnostic(text, file));
    for (const statement of statements) {
      const tasks =
        statement.kind === "statementSet" ? statement.inserts : [statement.kind === "execute" ? statement.statement : statement];
      for (const task of tasks) {
        try {
          const result = session.execute(task, isGiven);
          if (result.kind !== "job") continue;
          inserts.push(...result.job.inserts);
          for (const table of result.job.sources) sources.add(table);
        } catch (error) {
          diagnostics.push(sqlDiagnostic(error, text, file));
        }
      }
    }
  }
  // Flink looks at a table's options when it is used; whoever writes in an editor wants to know at once.
  for (const table of session.catalog.tables()) {
    const complaint = session.complaintAbout(table);
    if (complaint === null || sources.has(table) || inserts.some(({ sink }) => sink === table)) continue;
    const [text, file] = table.given ? [given, "given.sql"] : [script, undefined];
    const diagnostic = complaint.toDiagnostic(text, file);
    if (!diagnostics.some(({ message }) => message === diagnostic.message)) diagnostics.push(diagnostic);
  }
  if (inserts.length === 0 && diagnostics.length === 0) {
    diagnostics.push({
      code: "SQL_NO_INSERT",
      message: "The script has no INSERT INTO, so there is no job to run.",
      phase: "validate",
      expected: "INSERT INTO sink SELECT …",
      hint: sinkHint(session.catalog),
    });
  }
  return { session, inserts, sources, diagnostics };
}

function sinkHint(catalog: Catalog): string | undefined {
  const names = catalog.tables().map((table) => table.name);
  return names.length === 0 ? undefined : `Tables: ${names.join(", ")}.`;
}

/** A mistake in a statement of the text, for whoever wrote it. Throws what is no mistake. */
export function sqlDiagnostic(error: unknown, text: string, file: string | undefined): DiagnosticData {
  if (error instanceof SqlError) return error.toDiagnostic(text, file);
  if (error instanceof SqlRuntimeError)
    return { code: error.code, message: error.message, phase: "plan", ...(file === undefined ? {} : { file }) };
  // A function's class says something impossible about itself.
  if (error instanceof Diagnostic) return { ...(file === undefined ? {} : { file }), ...error.data };
  // The only way to meet this: the user's statement is deeper than a phase can walk.
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    return {
      code: "SQL_TOO_DEEP",
      message: "The statement is too long or too deep to be analyzed.",
      phase: "validate",
      ...(file === undefined ? {} : { file }),
      hint: "Take parts out into views; a long list stands better in IN (…) or VALUES.",
    };
  }
  throw error;
}

/** A program that can be deployed again and again, or what is wrong with the script. */
export function sqlProgram(script: string, options: SqlProgramOptions): SqlProgramResult {
  const { session, inserts, sources, diagnostics } = analyzeScript(script, options);
  if (diagnostics.length > 0) return { program: null, diagnostics };
  if (typeof options.functions !== "function") return { program: session.jobOfBound(inserts, [...sources]).program, diagnostics: [] };
  const fresh = (): JobProgram => {
    const again = analyzeScript(script, options);
    return again.session.jobOfBound(again.inserts, [...again.sources]).program;
  };
  return { program: { instantiate: (defaults) => fresh().instantiate(defaults) }, diagnostics: [] };
}
