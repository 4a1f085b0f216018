/** Runs scripts as the command line does, but in a world of the test's choice. */
import { plainValue } from "../../src/sql/session/plain-value.ts";
import { worldOfTables } from "../../src/sql/session/script-world.ts";
import { SqlSession } from "../../src/sql/session/sql-session.ts";
import { parseScript } from "../../src/sql/1-parse/parse-script.ts";
import { type CatalogTable, tableName } from "../../src/sql/catalog/catalog.ts";
import type { FunctionClasses } from "../../src/sql/user-functions/function-signature.ts";
import { OpenWorld } from "../../src/sim/open-world.ts";
import { DEFAULT_LIMITS, type Fault } from "../../src/sim/world.ts";

export interface ScriptSettings {
  readonly parallelism?: number;
  readonly faults?: readonly Fault[];
  /** Work takes virtual time, as in a simulated world. Default: none. */
  readonly simulated?: boolean;
  readonly functionClasses?: FunctionClasses;
}

export interface ScriptOutcome {
  /** Rows of each table that was written to, sorted by their JSON text. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  /** Results of statements that are tables. */
  readonly results: readonly (readonly (readonly unknown[])[])[];
  readonly printed: readonly string[];
  readonly restarts: number;
  /** What was in the systems outside after the last job, by name. */
  readonly systems: Readonly<Record<string, unknown>>;
}

const START_MS = Date.UTC(2026, 0, 1);

export function runScript(
  text: string,
  { parallelism = 1, faults = [], simulated = false, functionClasses }: ScriptSettings = {},
): ScriptOutcome {
  const newSession = () => new SqlSession({ topics: null, captures: true, recordsPerWatermark: 100, functionClasses });
  const { statements, errors } = parseScript(text);
  if (errors.length > 0) throw errors[0];
  const tables: CatalogTable[] = [];
  const dry = newSession();
  for (const statement of statements) {
    const result = dry.execute(statement);
    if (result.kind === "job" || result.kind === "query") tables.push(...result.job.sources, ...result.job.sinks);
  }
  const { topics, systems } = worldOfTables(tables);
  const world = new OpenWorld({
    seed: 1,
    startMs: START_MS,
    topics: topics.map((name) => ({ name, partitions: parallelism, arrivals: [] })),
    systems,
    cluster: { taskManagers: 2, slotsPerTaskManager: 64, parallelism },
    faults,
    end: { kind: "drain" },
    limits: { ...DEFAULT_LIMITS, maxOutputRecords: 10_000_000 },
    costsUs: simulated ? {} : { "*": 0 },
  });
  const session = newSession();
  const written = new Map<string, CatalogTable>();
  const results: (readonly (readonly unknown[])[])[] = [];
  let restarts = 0;
  let printed: readonly string[] = [];
  let systemsAfter: Readonly<Record<string, unknown>> = {};
  for (const statement of statements) {
    const result = session.execute(statement);
    if (result.kind === "table") results.push(result.rows);
    if (result.kind !== "job" && result.kind !== "query") continue;
    const end = result.job.bounded ? undefined : { kind: "stop" as const, atMs: world.currentMs() + 60_000 };
    const outcome = world.job({ program: result.job.program, ...(end === undefined ? {} : { end }) });
    if (outcome.failure !== null) throw new Error(outcome.failure.message);
    restarts += outcome.restarts;
    printed = outcome.printed;
    systemsAfter = Object.fromEntries(outcome.systems.map((system) => [system.name, system.contents]));
    for (const sink of result.job.sinks) written.set(sink.name, sink);
    if (result.kind === "query")
      results.push(world.take(result.resultName).map((row) => row.map((value, i) => plainValue(value, result.columns[i].type))));
  }
  const changed = [...written].map(([name, table]) => {
    const columns = table.columns.filter((column) => column.persisted);
    const rows = world.rows(tableName(table)).map((row) => JSON.stringify(row.map((value, i) => plainValue(value, columns[i].type))));
    return [name, rows.sort()] as const;
  });
  return { tables: Object.fromEntries(changed), results, printed, restarts, systems: systemsAfter };
}
