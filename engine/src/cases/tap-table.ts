/** What a table of a script gives its readers in a world: every row, with its kind and when it was there. */
import type { Sink } from "../flow/connector.ts";
import { kindOf, fieldsOf, type Row } from "../types/row.ts";
import { rowKindString } from "../types/row-kind.ts";
import { runWorld } from "../sim/run.ts";
import type { World } from "../sim/world.ts";
import { parseSingleQuery } from "../sql/1-parse/parse-script.ts";
import { type ProvidedTable, translate } from "../sql/5-execute/translate.ts";
import type { CatalogTable } from "../sql/catalog/catalog.ts";
import { SqlRuntimeError } from "../sql/functions/sql-runtime-error.ts";
import { operatorPlan } from "../sql/session/plan-statement.ts";
import { plainValue } from "../sql/session/plain-value.ts";
import { resultTable } from "../sql/session/result-table.ts";
import type { SqlSession } from "../sql/session/sql-session.ts";
import { sessionEvaluation } from "../sql/session-evaluation.ts";
import { jobConfigOf, sessionOf } from "../sql/sql-program.ts";

export interface TappedRow {
  readonly atMs: number;
  readonly kind: string;
  /** Of all columns, as in the case files. */
  readonly values: readonly unknown[];
}

/** One subtask reads everything, work takes no time and nothing fails: rows come when they arrive. */
export function tapTable(session: SqlSession, table: CatalogTable, world: World): readonly TappedRow[] {
  const name = [table.path.catalog, table.path.database, table.path.name].map((part) => `\`${part}\``).join(".");
  const rel = session.bind(parseSingleQuery(`SELECT * FROM ${name}`), new Set());
  const rows: TappedRow[] = [];
  const sink: Sink<Row> = {
    createWriter: (context) => ({
      write: (row: Row) => {
        const values = fieldsOf(row).map((value, i) => plainValue(value, rel.columns[i].type));
        rows.push({ atMs: context.currentMs(), kind: rowKindString(kindOf(row)), values });
      },
      flush() {},
      close() {},
    }),
  };
  const settings = sessionOf(session.options);
  const program = {
    instantiate: (defaults?: { readonly parallelism: number }) => ({
      jobName: `rows of ${table.name}`,
      nodes: translate([{ sink: resultTable(rel.columns), root: operatorPlan(rel, session.options) }], {
        session: settings,
        provided: new Map<string, ProvidedTable>([["", { sink }]]),
        evaluation: sessionEvaluation(settings),
        watermarks: { idleTimeoutMs: 0, recordsPerWatermark: null },
        dropNulls: false,
        tapOf: () => null,
      }),
      config: jobConfigOf(session.options, defaults),
    }),
  };
  const cluster = { ...world.cluster, parallelism: 1 };
  const { status, failure } = runWorld(program, { ...world, cluster, faults: [], costsUs: { "*": 0 }, end: { kind: "drain" } });
  if (status !== "finished") throw new SqlRuntimeError(failure?.code ?? status, failure?.message ?? status);
  return rows;
}
