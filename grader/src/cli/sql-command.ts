/**
 * millrace sql FILE… [--set NAME=VALUE]… [--capture] [--parallelism n] [--for seconds] [--paced]: runs SQL scripts in order, as Flink's SQL client does, in a world that is
 * made of their tables. Jobs run flat out: work costs no virtual time, and one job ends before the next statement is executed.
 */
import { performance } from "node:perf_hooks";
import { basename } from "node:path";
import { DEFAULT_LIMITS, OpenWorld, type RunOutcome, type World } from "@millrace/engine/sim";
import {
  type CatalogTable,
  parseScript,
  plainValue,
  type ResultColumn,
  type SqlJob,
  SqlSession,
  sqlDiagnostic,
  worldOfTables,
} from "@millrace/engine/sql";
import { formatDiagnostic } from "./diagnostics.ts";
import { type FunctionClasses, functionClassesOf } from "./function-classes.ts";
import { readText } from "./job-context.ts";
import { substituteVariables } from "./script-variables.ts";
import { table as textTable } from "./table.ts";

export interface SqlArguments {
  readonly files: readonly string[];
  /** `NAME=VALUE` */
  readonly variables: readonly string[];
  /** Print as JSON what each table that was written to holds at the end. */
  readonly capture: boolean;
  /** `parallelism.default` where the script does not set it. */
  readonly parallelism: number;
  /** Virtual time after which a job on a stream without end is stopped. */
  readonly forMs: number;
  /** Generators give each row when it is due, so that processing time passes. */
  readonly paced: boolean;
  /** Module of the functions that CREATE FUNCTION names; null = `<script>.functions.ts` beside a script, if there is one. */
  readonly functions: string | null;
}

interface Script {
  readonly file: string;
  readonly text: string;
}

interface JobReport {
  readonly name: string;
  /** Read from sources. */
  readonly rows: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
}

/** Where no time passes, watermarks come by count. */
const RECORDS_PER_WATERMARK = 1000;
const START_MS = Date.UTC(2026, 0, 1);

export async function sqlCommand(args: SqlArguments): Promise<number> {
  const scripts: Script[] = [];
  for (const path of args.files) {
    const file = basename(path);
    const { text, diagnostics } = substituteVariables(readText(path), args.variables, file);
    for (const diagnostic of diagnostics) console.error(formatDiagnostic(diagnostic));
    if (diagnostics.length > 0) return 1;
    scripts.push({ file, text });
  }
  const functions = await functionClassesOf(args.files, args.functions);
  for (const diagnostic of functions.diagnostics) console.error(formatDiagnostic(diagnostic));
  if (functions.diagnostics.length > 0) return 1;
  return new ScriptRun(args, scripts, functions.classes).run();
}

class ScriptRun {
  private readonly args: SqlArguments;
  private readonly scripts: readonly Script[];
  private readonly world: OpenWorld;
  private readonly reports: JobReport[] = [];
  private readonly written = new Map<string, CatalogTable>();

  private readonly newSession: (captures: boolean, paced: boolean) => SqlSession;

  constructor(args: SqlArguments, scripts: readonly Script[], functionClasses: FunctionClasses) {
    this.args = args;
    this.scripts = scripts;
    this.newSession = (captures, paced) =>
      new SqlSession({ topics: null, captures, paced, recordsPerWatermark: RECORDS_PER_WATERMARK, functionClasses });
    this.world = new OpenWorld(worldOf(scripts, args.parallelism, this.newSession(false, false)));
  }

  run(): number {
    const session = this.newSession(this.args.capture, this.args.paced);
    for (const { file, text } of this.scripts) {
      const { statements, errors } = parseScript(text);
      for (const error of errors) console.error(formatDiagnostic(error.toDiagnostic(text, file)));
      if (errors.length > 0) return 1;
      for (const statement of statements) {
        try {
          if (!this.show(session.execute(statement))) return 1;
        } catch (error) {
          console.error(formatDiagnostic(sqlDiagnostic(error, text, file)));
          return 1;
        }
      }
    }
    if (this.args.capture) console.log(JSON.stringify({ jobs: this.reports, tables: this.capturedTables() }));
    return 0;
  }

  /** Results are for people to read; with --capture, standard output belongs to the JSON. */
  private print(text: string): void {
    if (this.args.capture) console.error(text);
    else console.log(text);
  }

  /** False = the job failed. */
  private show(result: ReturnType<SqlSession["execute"]>): boolean {
    switch (result.kind) {
      case "ok":
        return true;
      case "table":
        if (!this.printText(result.rows)) this.printRows(result.columns, result.rows);
        return true;
      case "job":
        return this.runJob(result.job);
      case "query": {
        const finished = this.runJob(result.job);
        if (finished) this.printRows(result.columns, this.world.take(result.resultName));
        return finished;
      }
    }
  }

  /** EXPLAIN and SHOW CREATE give a text of several lines, which is no table. */
  private printText(rows: readonly (readonly unknown[])[]): boolean {
    const text = rows.length === 1 && rows[0].length === 1 ? rows[0][0] : null;
    if (typeof text !== "string" || !text.includes("\n")) return false;
    this.print(`${text.trimEnd()}\n`);
    return true;
  }

  private printRows(columns: readonly ResultColumn[], rows: readonly (readonly unknown[])[]): void {
    const cells = rows.map((row) => row.map((value, i) => plainValue(value, columns[i].type)));
    this.print(
      textTable(
        columns.map(({ name }) => name),
        cells,
      ),
    );
    this.print(`${rows.length} row${rows.length === 1 ? "" : "s"} in set\n`);
  }

  private runJob(job: SqlJob): boolean {
    const begun = performance.now();
    const end: World["end"] | undefined = job.bounded ? undefined : { kind: "stop", atMs: this.world.currentMs() + this.args.forMs };
    const outcome = this.world.job({ program: job.program, ...(end === undefined ? {} : { end }) });
    const seconds = (performance.now() - begun) / 1000;
    for (const line of outcome.printed.slice(this.printedBefore)) this.print(line);
    this.printedBefore = outcome.printed.length;
    if (outcome.status !== "finished") {
      console.error(failureText(outcome));
      return false;
    }
    for (const sink of job.sinks) this.written.set(nameOf(sink), sink);
    const rows = rowsRead(outcome);
    const report = { name: job.name, rows, seconds: Number(seconds.toFixed(3)), rowsPerSecond: Math.round(rows / seconds) };
    this.reports.push(report);
    this.print(
      `${job.name}: ${grouped(rows)} rows in ${seconds.toFixed(2)} s, ${grouped(report.rowsPerSecond)} rows/s${outcome.restarts === 0 ? "" : `, ${outcome.restarts} restarts`}`,
    );
    return true;
  }

  private printedBefore = 0;

  private capturedTables(): Record<string, unknown> {
    const tables: Record<string, unknown> = {};
    for (const [name, table] of this.written) {
      const columns = table.columns.filter((column) => column.persisted);
      const rows = this.world.rows(pathOf(table)).map((row) => row.map((value, i) => plainValue(value, columns[i].type)));
      // In an order that does not depend on how many subtasks wrote.
      const sorted = rows.map((row) => [JSON.stringify(row), row] as const).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      tables[name] = { columns: columns.map((column) => column.name), rows: sorted.map(([, row]) => row) };
    }
    return tables;
  }
}

/** Everything that the scripts' tables name is there. Mistakes come to light when the statements are executed. */
function worldOf(scripts: readonly Script[], parallelism: number, session: SqlSession): World {
  const tables: CatalogTable[] = [];
  for (const { text } of scripts) {
    for (const statement of parseScript(text).statements) {
      try {
        const result = session.execute(statement);
        if (result.kind === "job" || result.kind === "query") tables.push(...result.job.sources, ...result.job.sinks);
      } catch (error) {
        sqlDiagnostic(error, text, undefined);
      }
    }
  }
  const { topics, systems } = worldOfTables(tables);
  return {
    seed: 1,
    startMs: START_MS,
    topics: topics.map((name) => ({ name, partitions: parallelism, arrivals: [] })),
    systems,
    cluster: { taskManagers: 1, slotsPerTaskManager: 1024, parallelism },
    faults: [],
    end: { kind: "drain" },
    limits: { ...DEFAULT_LIMITS, maxSteps: Number.MAX_SAFE_INTEGER, maxOutputRecords: Number.MAX_SAFE_INTEGER },
    costsUs: { "*": 0 },
  };
}

function rowsRead({ metrics }: RunOutcome): number {
  const sources = metrics.subtasks.flatMap(({ operators }) => operators.filter(({ name }) => name.startsWith("Source: ")));
  return sources.reduce((sum, { metrics: values }) => sum + Number(values.numRecordsOut ?? 0), 0);
}

function failureText({ failure, status }: RunOutcome): string {
  if (failure === null) return `The job did not finish: ${status}.`;
  const { message, diagnostic, operator } = failure;
  return diagnostic === undefined ? `${message}${operator === undefined ? "" : ` (in ${operator})`}` : formatDiagnostic(diagnostic);
}

function pathOf({ path }: CatalogTable): string {
  return `${path.catalog}.${path.database}.${path.name}`;
}

/** As short as it can be without doubt. */
function nameOf({ path }: CatalogTable): string {
  return path.catalog === "default_catalog" && path.database === "default_database" ? path.name : pathOf({ path } as CatalogTable);
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
