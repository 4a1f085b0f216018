/**
 * A script through the phases, in order: parse, analyze, plan (which includes the rewrites of 4-optimize), and the job that
 * executes it. Mistakes come back as diagnostics, as many as there are statements with one.
 */
import type { DiagnosticData } from "../base/diagnostic.ts";
import type { JobConfig, JobProgram, RestartStrategy, StreamGraph } from "../graph/stream-graph.ts";
import type { InsertInto, Statement } from "./1-parse/ast.ts";
import { parseScript } from "./1-parse/parse-script.ts";
import type { Span } from "./1-parse/span.ts";
import { SqlError } from "./1-parse/sql-error.ts";
import { type BoundInsert, bindInsert } from "./2-analyze/bind-insert.ts";
import { bindQuery } from "./2-analyze/bind-query.ts";
import { bindCreateTable } from "./2-analyze/bind-table-ddl.ts";
import { checkSink } from "./3-plan/check-sink.ts";
import { Planner } from "./3-plan/planner.ts";
import { optimize } from "./4-optimize/optimize.ts";
import { checkTableOptions } from "./5-execute/connectors/table-options.ts";
import type { SessionSettings } from "./5-execute/operators/sql-operator.ts";
import { type ProvidedTable, type SinkPlan, translate } from "./5-execute/translate.ts";
import { Catalog } from "./catalog/catalog.ts";
import { checkOption, durationMs } from "./catalog/options.ts";
import { SqlRuntimeError } from "./functions/sql-runtime-error.ts";
import { zoneOffset } from "./functions/temporal.ts";

export interface SqlProgramOptions {
  /** DDL that comes before the script: tables of the scenario, SET statements. */
  readonly given: string;
  /** Topics that exist. */
  readonly topics: readonly string[];
  /** Tables that code stands behind, by name; their options are not looked at. */
  readonly provided?: ReadonlyMap<string, ProvidedTable>;
}

export interface SqlProgramResult {
  /** null when there are diagnostics. */
  readonly program: JobProgram | null;
  readonly diagnostics: readonly DiagnosticData[];
}

/** Everything a script defines, and what went wrong. */
export interface AnalyzedScript {
  readonly catalog: Catalog;
  readonly options: ReadonlyMap<string, string>;
  readonly inserts: readonly BoundInsert[];
  readonly diagnostics: readonly DiagnosticData[];
}

export function analyzeScript(script: string, { given, topics, provided }: SqlProgramOptions): AnalyzedScript {
  const catalog = new Catalog();
  const options = new Map<string, string>();
  const inserts: BoundInsert[] = [];
  const diagnostics: DiagnosticData[] = [];
  const parts = [
    { text: given, file: "given.sql", isGiven: true },
    { text: script, file: undefined, isGiven: false },
  ];
  for (const { text, file, isGiven } of parts) {
    const { statements, errors } = parseScript(text);
    for (const error of errors) diagnostics.push(error.toDiagnostic(text, file));
    for (const statement of statements) {
      for (const task of tasksOf(statement)) {
        try {
          execute(task, { catalog, options, inserts, isGiven, topics, provided });
        } catch (error) {
          diagnostics.push(diagnosticOf(error, text, file));
        }
      }
    }
  }
  if (inserts.length === 0 && diagnostics.length === 0) {
    diagnostics.push({
      code: "SQL_NO_INSERT",
      message: "The script has no INSERT INTO, so there is no job to run.",
      phase: "validate",
      expected: "INSERT INTO sink SELECT …",
      hint: sinkHint(catalog),
    });
  }
  return { catalog, options, inserts, diagnostics };
}

function sinkHint(catalog: Catalog): string | undefined {
  const names = catalog.tables().map((table) => table.name);
  return names.length === 0 ? undefined : `Tables: ${names.join(", ")}.`;
}

function diagnosticOf(error: unknown, text: string, file: string | undefined): DiagnosticData {
  if (error instanceof SqlError) return error.toDiagnostic(text, file);
  if (error instanceof SqlRuntimeError) return { code: error.code, message: error.message, phase: "plan" };
  throw error;
}

function tasksOf(statement: Statement): readonly (Exclude<Statement, { kind: "statementSet" }> | InsertInto)[] {
  if (statement.kind === "execute") return [statement.statement];
  return statement.kind === "statementSet" ? statement.inserts : [statement];
}

interface Session {
  readonly catalog: Catalog;
  readonly options: Map<string, string>;
  readonly inserts: BoundInsert[];
  readonly isGiven: boolean;
  readonly topics: readonly string[];
  readonly provided: SqlProgramOptions["provided"];
}

function execute(
  statement: Exclude<Statement, { kind: "statementSet" }>,
  { catalog, options, inserts, isGiven, topics, provided }: Session,
): void {
  refuseParts(statement);
  switch (statement.kind) {
    case "createTable": {
      const table = bindCreateTable(statement, isGiven);
      if (catalog.get(table.name) !== undefined) {
        if (statement.ifNotExists) return;
        throw new SqlError(
          "validate",
          "SQL_TABLE_EXISTS",
          `Table '${table.name}' already exists.`,
          statement.path[statement.path.length - 1].span,
        );
      }
      if (!provided?.has(table.name)) checkTableOptions(table, topics);
      catalog.set(table);
      return;
    }
    case "createView": {
      const name = statement.path[statement.path.length - 1];
      if (catalog.get(name.name) !== undefined) {
        if (statement.ifNotExists) return;
        throw new SqlError("validate", "SQL_TABLE_EXISTS", `Table or view '${name.name}' already exists.`, name.span);
      }
      bindQuery(statement.query, { catalog, commonTables: new Map(), expanding: [name.name] }, null);
      catalog.set({ kind: "view", name: name.name, columns: statement.columns.map((column) => column.name), query: statement.query });
      return;
    }
    case "setOption":
      checkOption(statement);
      options.set(statement.key, statement.value);
      return;
    case "drop": {
      const name = statement.path[statement.path.length - 1];
      if (!catalog.delete(name.name) && !statement.ifExists) {
        throw new SqlError("validate", "SQL_UNKNOWN_TABLE", `There is no table or view '${name.name}'.`, name.span, { found: name.name });
      }
      return;
    }
    case "queryStatement":
      // A bare SELECT shows its result in Flink's client; here it is only checked.
      bindQuery(statement.query, { catalog, commonTables: new Map(), expanding: [] }, null);
      return;
    case "insert":
      inserts.push(planCheck(bindInsert(statement, catalog), options));
      return;
    default:
      throw notExecuted(statement.kind, statement.span);
  }
}

/** What the parser reads and a script cannot do yet. */
function notExecuted(what: string, span: Span): SqlError {
  const words = what.replace(/[A-Z]/g, (letter) => ` ${letter}`).toUpperCase();
  return new SqlError("validate", "SQL_UNSUPPORTED_STATEMENT", `${words} is not available here.`, span, {
    found: words,
    expected: "CREATE TABLE, CREATE VIEW, INSERT INTO, SET or SELECT",
  });
}

/** Parts of a statement that would change its meaning, and that are not carried out yet. */
function refuseParts(statement: Statement): void {
  if (statement.kind === "createTable") {
    if (statement.like !== null) throw notExecuted("LIKE", statement.like.span);
    if (statement.query !== null) throw notExecuted("CREATE TABLE AS", statement.query.span);
  }
  if (statement.kind === "createView" && statement.orReplace) throw notExecuted("CREATE OR REPLACE VIEW", statement.span);
  if (statement.kind !== "insert") return;
  if (statement.overwrite) throw notExecuted("INSERT OVERWRITE", statement.span);
  if (statement.upsert) throw notExecuted("UPSERT", statement.span);
  if (statement.partition.length > 0) throw notExecuted("PARTITION", statement.partition[0].span);
  if (statement.onConflict !== null) throw notExecuted("ON CONFLICT", statement.span);
}

/** Planning finds the mistakes that validation cannot; the plan itself is made anew at every deployment. */
function planCheck(insert: BoundInsert, options: ReadonlyMap<string, string>): BoundInsert {
  const planner = new Planner(sessionOf(options));
  try {
    checkSink(insert, planner.plan(optimize(insert.rel)));
  } catch (error) {
    if (error instanceof SqlError && error.span === null)
      throw new SqlError(error.phase, error.code, error.message, insert.node.span, error.details);
    throw error;
  }
  return insert;
}

export function sessionOf(options: ReadonlyMap<string, string>): SessionSettings {
  const zone = options.get("table.local-time-zone") ?? "UTC";
  return {
    zoneOffsetMs: zone === "UTC" ? () => 0 : (epochMs) => zoneOffset(zone, epochMs),
    stateTtlMs: durationMs(options.get("table.exec.state.ttl") ?? "0") ?? 0,
  };
}

/** A program that can be deployed again and again, or what is wrong with the script. */
export function sqlProgram(script: string, options: SqlProgramOptions): SqlProgramResult {
  const checked = analyzeScript(script, options);
  if (checked.diagnostics.length > 0) return { program: null, diagnostics: checked.diagnostics };
  return { program: { instantiate: (defaults) => graphOf(checked, options, defaults?.parallelism ?? 1) }, diagnostics: [] };
}

/** Everything that runs is made anew, so that nothing is shared between subtasks; what was analysed is only read. */
function graphOf({ inserts, options }: AnalyzedScript, programOptions: SqlProgramOptions, defaultParallelism: number): StreamGraph {
  const session = sessionOf(options);
  const planner = new Planner(session);
  const plans = inserts.map((insert): SinkPlan => ({ sink: insert.sink, root: planner.plan(optimize(insert.rel)) }));
  const nodes = translate(plans, {
    session,
    provided: programOptions.provided,
    connectorOf: (table) => checkTableOptions(table, programOptions.topics),
    idleTimeoutMs: durationMs(options.get("table.exec.source.idle-timeout") ?? "0") ?? 0,
    dropNulls: options.get("table.exec.sink.not-null-enforcer")?.toUpperCase() === "DROP",
  });
  const jobName =
    options.get("pipeline.name") ??
    `insert-into_${inserts.map((insert) => `default_catalog.default_database.${insert.sink.name}`).join(",")}`;
  return { jobName, nodes, config: jobConfigOf(options, defaultParallelism) };
}

/** What SET statements say about the job. */
export function jobConfigOf(options: ReadonlyMap<string, string>, defaultParallelism: number): JobConfig {
  const duration = (key: string): number | undefined => {
    const text = options.get(key);
    return text === undefined ? undefined : (durationMs(text) ?? undefined);
  };
  const integer = (key: string): number | undefined => {
    const text = options.get(key);
    return text === undefined || Number(text) < 0 ? undefined : Number(text);
  };
  const backend = options.get("state.backend.type") ?? options.get("state.backend");
  const interval = duration("execution.checkpointing.interval");
  return {
    parallelism: integer("parallelism.default") ?? integer("table.exec.resource.default-parallelism") ?? defaultParallelism,
    maxParallelism: integer("pipeline.max-parallelism"),
    chainingEnabled: options.get("pipeline.operator-chaining.enabled") !== "false",
    objectReuse: true,
    autoWatermarkIntervalMs: duration("pipeline.auto-watermark-interval") ?? 200,
    stateBackend: backend === "rocksdb" ? "rocksdb" : "hashmap",
    checkpointIntervalMs: interval === 0 ? undefined : interval,
    checkpointingMode: options.get("execution.checkpointing.mode")?.toUpperCase() === "AT_LEAST_ONCE" ? "AT_LEAST_ONCE" : "EXACTLY_ONCE",
    checkpointTimeoutMs: duration("execution.checkpointing.timeout") ?? 600_000,
    minPauseMs: duration("execution.checkpointing.min-pause") ?? 0,
    maxConcurrentCheckpoints: integer("execution.checkpointing.max-concurrent-checkpoints") ?? 1,
    tolerableFailedCheckpoints: integer("execution.checkpointing.tolerable-failed-checkpoints") ?? 0,
    unalignedCheckpoints: options.get("execution.checkpointing.unaligned.enabled")?.toLowerCase() === "true",
    alignedCheckpointTimeoutMs: duration("execution.checkpointing.aligned-checkpoint-timeout") ?? 0,
    restartStrategy: restartStrategyOf(options),
  };
}

function restartStrategyOf(options: ReadonlyMap<string, string>): RestartStrategy | undefined {
  switch (options.get("restart-strategy.type")) {
    case "none":
    case "off":
    case "disable":
      return { kind: "none" };
    case "fixed-delay":
    case "fixeddelay":
      return {
        kind: "fixedDelay",
        attempts: Number(options.get("restart-strategy.fixed-delay.attempts") ?? 1),
        delayMs: durationMs(options.get("restart-strategy.fixed-delay.delay") ?? "1 s") ?? 1000,
      };
    default:
      return undefined;
  }
}
