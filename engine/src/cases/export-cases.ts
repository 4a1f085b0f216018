/**
 * A script in a world as cases, one per INSERT: its tables with the rows that they give in that world, its query, and what our engine makes of it. Whoever
 * has a Flink can run them there. What a case cannot hold (functions of the user's, tables that are asked by key, faults) is left out or refused with a reason.
 *
 * Computed and metadata columns become physical ones with the values that they had: in a case a table is a stream of rows.
 */
import { withoutTimeAttribute } from "../types/logical-type.ts";
import type { World } from "../sim/world.ts";
import type { InsertInto, Statement } from "../sql/1-parse/ast.ts";
import { parseScript } from "../sql/1-parse/parse-script.ts";
import type { CatalogTable } from "../sql/catalog/catalog.ts";
import { SqlSession } from "../sql/session/sql-session.ts";
import { columnTypeText, withResult } from "./run-case.ts";
import type { SqlCase, SqlCaseTable } from "./sql-case.ts";
import { type TappedRow, tapTable } from "./tap-table.ts";

export interface ExportRequest {
  /** Of the cases; several INSERTs are numbered behind it. */
  readonly id: string;
  readonly area: string;
  readonly title: string;
  /** The DDL that stands in front of the script. */
  readonly given: string;
  readonly script: string;
  readonly world: World;
}

export interface CaseExport {
  readonly cases: readonly SqlCase[];
  /** Why an INSERT has no case. */
  readonly refused: readonly string[];
}

/** Thrown for what no case can hold. */
class NotExportable extends Error {}

/** Throws SqlError when the script is wrong, SqlRuntimeError when its tables cannot be read. */
export function exportCases({ id, area, title, given, script, world }: ExportRequest): CaseExport {
  const session = new SqlSession({ topics: null, captures: false, recordsPerWatermark: null });
  const setup: string[] = [];
  const cases: SqlCase[] = [];
  const refused: string[] = [];
  const tapped = new Map<CatalogTable, readonly TappedRow[]>();
  const rowsOf = (table: CatalogTable): readonly TappedRow[] => {
    const rows = tapped.get(table) ?? tapTable(session, table, world);
    tapped.set(table, rows);
    return rows;
  };
  const inserts = countOfInserts(script);
  let position = 0;
  for (const text of [given, script]) {
    const { statements, errors } = parseScript(text);
    if (errors.length > 0) throw errors[0];
    for (const statement of statements) {
      const written = insertsOf(statement);
      if (written === null) {
        if (statement.kind === "createFunction") return { cases: [], refused: ["it calls a function that only this engine has"] };
        session.execute(statement);
        if (statement.kind === "createView") setup.push(text.slice(statement.span.start, statement.span.end));
        continue;
      }
      for (const insert of written) {
        position++;
        try {
          const sources = new Set<CatalogTable>();
          session.bindInsert(insert, sources);
          const tables = tablesOf([...sources], rowsOf);
          const query = text.slice(insert.query.span.start, insert.query.span.end);
          const config = Object.fromEntries([...session.options].filter(([key]) => key.startsWith("table.")));
          cases.push(withResult({ id: inserts > 1 ? `${id}-${position}` : id, area, title, config, tables, setup: [...setup], query }));
        } catch (error) {
          if (!(error instanceof NotExportable)) throw error;
          refused.push(error.message);
        }
      }
    }
  }
  return { cases, refused };
}

/** null = a statement of another kind. */
function insertsOf(statement: Statement): readonly InsertInto[] | null {
  switch (statement.kind) {
    case "insert":
      return [statement];
    case "statementSet":
      return statement.inserts;
    case "execute":
      return insertsOf(statement.statement);
    case "beginStatementSet":
    case "endStatementSet":
      return [];
    default:
      return null;
  }
}

function countOfInserts(script: string): number {
  return parseScript(script).statements.reduce((sum, statement) => sum + (insertsOf(statement)?.length ?? 0), 0);
}

/** Rows of all tables in one order of arrival. */
function tablesOf(sources: readonly CatalogTable[], rowsOf: (table: CatalogTable) => readonly TappedRow[]): SqlCaseTable[] {
  const arrivals = sources.flatMap((table, index) => rowsOf(table).map((row) => ({ table, index, row })));
  // Sorting is stable: rows of one table that come at the same time keep their order.
  arrivals.sort((a, b) => a.row.atMs - b.row.atMs || a.index - b.index);
  const rows = new Map(sources.map((table): [CatalogTable, (readonly [number, string, readonly unknown[]])[]] => [table, []]));
  arrivals.forEach(({ table, row }, position) => {
    rows.get(table)!.push([position + 1, row.kind, row.values.slice(0, heldColumns(table))]);
  });
  return sources.map((table) => tableOf(table, rows.get(table)!));
}

/** Processing time is no value: such columns stand behind all others, and are computed again. */
function heldColumns({ name, columns }: CatalogTable): number {
  const first = columns.findIndex(({ type }) => type.timeAttribute === "PROCTIME");
  if (first < 0) return columns.length;
  if (columns.slice(first).some(({ type }) => type.timeAttribute !== "PROCTIME"))
    throw new NotExportable(`${name} has a column behind the one of its processing time`);
  return first;
}

function tableOf(table: CatalogTable, rows: SqlCaseTable["rows"]): SqlCaseTable {
  const { name, columns, primaryKey, lookup, watermark } = table;
  if (lookup !== undefined && rows.length === 0) throw new NotExportable(`${name} is asked by key while the query runs`);
  const held = heldColumns(table);
  return {
    name,
    columns: columns.slice(0, held).map((column) => [column.name, columnTypeText(withoutTimeAttribute(column.type))] as const),
    ...(watermark === null ? {} : { rowtime: columns[watermark.column].name, watermarkDelayMs: delayOf(table) }),
    ...(primaryKey.length === 0 ? {} : { primaryKey: primaryKey.map((index) => columns[index].name) }),
    changelogMode: rows.every(([, kind]) => kind === "+I") ? "insert" : "retract",
    ...(held === columns.length ? {} : { computed: columns.slice(held).map((column) => [column.name, "PROCTIME()"] as const) }),
    rows,
  };
}

/** Of `rowtime` and `rowtime - INTERVAL …`, the two that a case has a word for. */
function delayOf({ name, watermark }: CatalogTable): number {
  const { column, expr } = watermark!;
  if (expr.kind === "input" && expr.index === column) return 0;
  if (expr.kind === "call" && expr.fn.name === "-") {
    const [time, delay] = expr.args;
    if (time.kind === "input" && time.index === column && delay.kind === "literal" && delay.value !== null) return Number(delay.value);
  }
  throw new NotExportable(`the watermark of ${name} is neither its time nor its time less an interval`);
}
