/** The SQL suite: a case's tables, setup and query through parse, analyze, plan and operators; the changelog or table compared. */
import { INSERT, rowKindOf, rowKindString, UPDATE_AFTER } from "../../../src/types/row-kind.ts";
import { DOUBLE, FLOAT } from "../../../src/types/logical-type.ts";
import { fieldsOf, kindOf, type Row } from "../../../src/types/row.ts";
import { SqlError } from "../../../src/sql/1-parse/sql-error.ts";
import type { Catalog } from "../../../src/sql/catalog/catalog.ts";
import { checkExecutable } from "../../../src/sql/session/refusals.ts";
import { notNullViolation } from "../../../src/sql/5-execute/operators/sink-preparation.ts";
import { SqlRuntimeError } from "../../../src/sql/functions/sql-runtime-error.ts";
import { type ClusterVariation, FIRST_ROW_MS, type QueryJob, ROW_EVERY_MS, runPaced, runVaried } from "./cluster-driver.ts";
import type { PacedRow } from "./paced-source.ts";
import { parseScript } from "../../../src/sql/1-parse/parse-script.ts";
import { differenceOfColumns } from "./compare-columns.ts";
import { differenceOfErrors } from "./compare-errors.ts";
import { planCase, sessionFor } from "./plan-case.ts";
import type { RelColumn } from "../../../src/sql/2-analyze/rel.ts";
import type { SqlCase } from "./sql-case.ts";
import { fromCase, toCase } from "./values.ts";

interface Emitted {
  readonly kind: string;
  readonly values: readonly unknown[];
  readonly after: number | null;
}

/** Refusals of what Flink has and we lack: right for no case, not even for one that Flink refuses too. */
const LACKING: ReadonlySet<string> = new Set(["SQL_NOT_AVAILABLE"]);

interface Refusal {
  readonly phase: string;
  readonly message: string;
  readonly code?: string;
}

type Result = Refusal | { readonly rows: readonly Emitted[]; readonly columns?: readonly RelColumn[] };

const QUERY = /^\s*(\(|SELECT|WITH|VALUES|TABLE|FROM)/i;

/** null when the engine does as Flink did, else the first difference in one line. */
export function differenceOf(spec: SqlCase): string | null {
  const isQuery = QUERY.test(spec.query);
  const planned = isQuery ? jobOf(spec) : runStatement(spec);
  const expect = withNumbers(spec.expect);
  const result: Result = "phase" in planned || "rows" in planned ? planned : spec.explainOnly === true ? { rows: [] } : run(spec, planned);
  if ("phase" in result) {
    if (expect.error === undefined) return `failed (${result.phase}): ${result.message}`;
    if (LACKING.has(result.code ?? "")) return `not built: ${result.message}`;
    return differenceOfErrors(result, expect.error);
  }
  if (expect.error !== undefined) return `no error, expected ${expect.error.phase}: ${expect.error.message}`;
  const columns =
    "columns" in planned && planned.columns !== undefined && expect.columns !== undefined
      ? differenceOfColumns(planned.columns, expect.columns)
      : null;
  if (columns !== null) return columns;
  if (spec.explainOnly === true || expect.finalUnstable === true) return null;
  if (expect.changelog === undefined || expect.stable !== true) return compareFinal(result.rows, expect.final ?? []);
  return compareChangelog(result.rows, expect.changelog, expect.after);
}

/**
 * Expectations with FLOAT and DOUBLE columns as numbers again, FLOAT in its shortest digits: the recorder wrote them as Java 17 prints them, and
 * whole numbers beyond 2^53 were read as their digits.
 */
function withNumbers(expect: SqlCase["expect"]): SqlCase["expect"] {
  const types = (expect.columns ?? []).map(([, type]) => (type.startsWith("FLOAT") ? FLOAT : type.startsWith("DOUBLE") ? DOUBLE : null));
  if (types.every((type) => type === null)) return expect;
  const row = (values: readonly unknown[]): readonly unknown[] =>
    values.map((value, i) => {
      const type = types[i];
      return type === null || value === null ? value : toCase(fromCase(value, type), type);
    });
  return {
    ...expect,
    ...(expect.changelog === undefined ? {} : { changelog: expect.changelog.map(([kind, values]) => [kind, row(values)] as const) }),
    ...(expect.final === undefined ? {} : { final: expect.final.map(row) }),
  };
}

function run(spec: SqlCase, job: QueryJob): Result {
  try {
    return { rows: execute(spec, job) };
  } catch (error) {
    if (error instanceof SqlRuntimeError) return { phase: "runtime", message: error.message };
    throw error;
  }
}

/** A statement that is no query: its result is a table all the same. Rows of an INSERT's result are what Flink says of a job that runs on. */
function runStatement(spec: SqlCase): Result {
  try {
    const session = sessionFor(spec);
    const { statements, errors } = parseScript(spec.query);
    if (errors.length > 0) throw errors[0];
    checkExecutable(statements[0]);
    const result = session.execute(statements[0]);
    if (result.kind === "table") {
      const rows = result.rows.map((row) => ({
        kind: "+I",
        values: row.map((value, i) => toCase(value, result.columns[i].type)),
        after: null,
      }));
      return { rows, columns: result.columns };
    }
    const values = result.kind === "job" ? result.job.inserts.map(() => -1) : ["OK"];
    return { rows: [{ kind: "+I", values, after: null }] };
  } catch (error) {
    if (error instanceof SqlError) return { phase: error.phase, message: error.message, code: error.code };
    throw error;
  }
}

/** The case's query, planned, and its input; or what is wrong with it. */
function jobOf(spec: SqlCase): QueryJob | Refusal {
  try {
    const { plan, columns, options, catalog } = planCase(spec);
    plan();
    return { plan, columns, options, inputs: inputsOf(spec, catalog) };
  } catch (error) {
    if (error instanceof SqlError) return { phase: error.phase, message: error.message, code: error.code };
    if (error instanceof SqlRuntimeError) return { phase: "plan", message: error.message };
    throw error;
  }
}

/** null when the result's columns have Flink's names and types, else the first that differs. */
export function columnDifferenceOf(spec: SqlCase): string | null {
  const expected = spec.expect.columns;
  if (expected === undefined || !QUERY.test(spec.query)) return null;
  const job = jobOf(spec);
  if ("phase" in job) return job.message;
  return differenceOfColumns(job.columns, expected);
}

/**
 * null when the case's final table is what Flink recorded, however the job runs. The order of rows, and so the changelog, may be another one.
 */
export function differenceWhenVaried(spec: SqlCase, variation: ClusterVariation): string | null {
  if (!QUERY.test(spec.query)) return null;
  const job = jobOf(spec);
  if ("phase" in job) return job.message;
  const rows = runVaried(job, variation, (row) => shown(row, job)) as Omit<Emitted, "after">[];
  return compareFinal(rows, withNumbers(spec.expect).final ?? []);
}

function execute(spec: SqlCase, job: QueryJob): Emitted[] {
  const seqs = spec.tables.flatMap((table) => table.rows.map(([seq]) => seq)).sort((a, b) => a - b);
  const emitted: Emitted[] = [];
  runPaced(job, (row, atMs) => {
    // A row that comes before the first or behind the last input row has none of them as its cause.
    refuseNulls(row, job);
    const after = seqs[Math.floor((atMs - FIRST_ROW_MS) / ROW_EVERY_MS)] ?? null;
    emitted.push({ ...shown(row, job), after });
  });
  return emitted;
}

function shown(row: Row, { columns }: QueryJob): { kind: string; values: readonly unknown[] } {
  return { kind: rowKindString(kindOf(row)), values: fieldsOf(row).map((value, i) => toCase(value, columns[i].type)) };
}

/** A second from row to row, over all tables; each with the watermark that its table has then. */
function inputsOf(spec: SqlCase, catalog: Catalog): Map<string, PacedRow[]> {
  const inputs = new Map(spec.tables.map((table): [string, PacedRow[]] => [table.name, []]));
  const arrivals = spec.tables.flatMap((table) => table.rows.map((row) => ({ table, row }))).sort((a, b) => a.row[0] - b.row[0]);
  const highest = new Map<string, number>();
  arrivals.forEach(({ table, row: [, op, fields] }, position) => {
    const definition = catalog.get(table.name);
    if (definition?.kind !== "table") throw new Error("unknown table");
    const values = table.columns.map((_, i) => fromCase(fields[i], definition.columns[i].type));
    if (table.rowtime !== undefined) {
      const time = values[table.columns.findIndex(([name]) => name === table.rowtime)] as number | null;
      if (time !== null) highest.set(table.name, Math.max(highest.get(table.name) ?? Number.NEGATIVE_INFINITY, time));
    }
    const top = highest.get(table.name);
    inputs.get(table.name)?.push({
      atMs: FIRST_ROW_MS + position * ROW_EVERY_MS,
      row: [rowKindOf(op), ...values, ...(table.computed ?? []).map(() => null)],
      watermarkMs: top === undefined ? null : top - (table.watermarkDelayMs ?? 0),
    });
  });
  return inputs;
}

/** What Flink's own sink of a query does with NULL in a column that is declared NOT NULL; ours takes everything. */
function refuseNulls(row: Row, { columns }: QueryJob): void {
  columns.forEach(({ name, type }, i) => {
    if (!type.nullable && fieldsOf(row)[i] === null) throw notNullViolation(name);
  });
}

/** Numbers within a part in 10^12, everything else exactly. */
function text(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "number" && !Number.isInteger(part) ? Number(part.toPrecision(12)) : part,
  );
}

function sortedTexts(rows: readonly unknown[]): string[] {
  return rows.map(text).sort();
}

function compareChangelog(
  rows: readonly Emitted[],
  expected: readonly (readonly [string, readonly unknown[]])[],
  after: readonly (number | null)[] | undefined,
): string | null {
  const groups = (list: readonly { readonly after: number | null; readonly row: unknown }[]): Map<number | null, unknown[]> => {
    const map = new Map<number | null, unknown[]>();
    for (const { after: seq, row } of list) map.set(seq, [...(map.get(seq) ?? []), row]);
    return map;
  };
  const ours = groups(rows.map((row) => ({ after: after === undefined ? null : row.after, row: [row.kind, row.values] })));
  const theirs = groups(expected.map((row, i) => ({ after: after?.[i] ?? null, row })));
  for (const seq of [...new Set([...theirs.keys(), ...ours.keys()])].sort(
    (a, b) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY),
  )) {
    const a = sortedTexts(ours.get(seq) ?? []);
    const b = sortedTexts(theirs.get(seq) ?? []);
    if (a.join("\n") !== b.join("\n")) {
      const extra = a.find((row) => !b.includes(row));
      const missing = b.find((row) => !a.includes(row));
      return `after row ${seq ?? "end"}: ${missing === undefined ? "" : `missing ${missing}; `}${extra === undefined ? `${a.length} rows instead of ${b.length}` : `unexpected ${extra}`}`;
    }
  }
  return null;
}

function compareFinal(rows: readonly Omit<Emitted, "after">[], expected: readonly (readonly unknown[])[]): string | null {
  // Counted, so that a row may be taken back by one subtask before another one has given it.
  const counts = new Map<string, number>();
  for (const row of rows) {
    const kind = rowKindOf(row.kind);
    const line = text(row.values);
    counts.set(line, (counts.get(line) ?? 0) + (kind === INSERT || kind === UPDATE_AFTER ? 1 : -1));
  }
  const table = [...counts].flatMap(([line, count]) => new Array<string>(Math.max(0, count)).fill(line));
  const ours = table.sort();
  const theirs = sortedTexts(expected);
  if (ours.join("\n") === theirs.join("\n")) return null;
  const missing = theirs.find((row) => !ours.includes(row));
  const extra = ours.find((row) => !theirs.includes(row));
  return `final table: ${missing === undefined ? "" : `missing ${missing}; `}${extra === undefined ? `${ours.length} rows instead of ${theirs.length}` : `unexpected ${extra}`}`;
}
