/**
 * Runs a case: its query planned and executed over its tables, row by row, or a statement that is no query. What comes of it is the changelog with the
 * input row behind each change, or the phase in which it was refused and the words.
 */
import { fieldsOf, kindOf, type Row } from "../types/row.ts";
import { INSERT, rowKindOf, rowKindString, UPDATE_AFTER } from "../types/row-kind.ts";
import { typeSummary } from "../types/logical-type.ts";
import { parseScript } from "../sql/1-parse/parse-script.ts";
import { SqlError } from "../sql/1-parse/sql-error.ts";
import type { RelColumn } from "../sql/2-analyze/rel.ts";
import { notNullViolation } from "../sql/5-execute/operators/sink-preparation.ts";
import type { Catalog } from "../sql/catalog/catalog.ts";
import { SqlRuntimeError } from "../sql/functions/sql-runtime-error.ts";
import { checkExecutable } from "../sql/session/refusals.ts";
import { plainValue } from "../sql/session/plain-value.ts";
import type { FunctionClasses } from "../sql/user-functions/function-signature.ts";
import { fromCase } from "./case-values.ts";
import { type ClusterVariation, FIRST_ROW_MS, type QueryJob, ROW_EVERY_MS, runPaced, runVaried } from "./cluster-driver.ts";
import type { PacedRow } from "./paced-source.ts";
import { planCase, sessionFor } from "./plan-case.ts";
import type { SqlCase, SqlCaseInput } from "./sql-case.ts";

/** A row of a result, its values as in the files. */
export interface Emitted {
  readonly kind: string;
  readonly values: readonly unknown[];
  /** `seq` of the input row behind which it came; null = with the end of the input. */
  readonly after: number | null;
}

export interface CaseRefusal {
  readonly phase: string;
  readonly message: string;
  readonly code?: string;
}

export type CaseResult = CaseRefusal | { readonly rows: readonly Emitted[]; readonly columns?: readonly RelColumn[] };

const QUERY = /^\s*(\(|SELECT|WITH|VALUES|TABLE|FROM)/i;

/** A case may also be a statement. */
export function isQuery(spec: SqlCaseInput): boolean {
  return QUERY.test(spec.query);
}

/** @param functionClasses that the case's setup may name. */
export function resultOf(spec: SqlCaseInput, functionClasses?: FunctionClasses): CaseResult {
  if (!isQuery(spec)) return runStatement(spec, functionClasses);
  const job = jobOf(spec, functionClasses);
  if ("phase" in job) return job;
  if (spec.explainOnly === true) return { rows: [], columns: job.columns };
  try {
    return { rows: execute(spec, job), columns: job.columns };
  } catch (error) {
    if (error instanceof SqlRuntimeError) return { phase: "runtime", message: error.message };
    throw error;
  }
}

/** Names and types of the result; or why there is none. */
export function columnsOf(spec: SqlCaseInput, functionClasses?: FunctionClasses): readonly RelColumn[] | CaseRefusal {
  const job = jobOf(spec, functionClasses);
  return "phase" in job ? job : job.columns;
}

/** Rows of the result without what caused them, however the job runs: in the order in which they were committed. */
export function variedResultOf(
  spec: SqlCaseInput,
  variation: ClusterVariation,
  functionClasses?: FunctionClasses,
): readonly Omit<Emitted, "after">[] | CaseRefusal {
  const job = jobOf(spec, functionClasses);
  return "phase" in job ? job : (runVaried(job, variation, (row) => shown(row, job)) as Omit<Emitted, "after">[]);
}

/** The case with our engine's result in place of a recorded one. */
export function withResult(spec: SqlCaseInput): SqlCase {
  const result = resultOf(spec);
  if ("phase" in result) return { ...spec, expect: { error: { phase: result.phase, message: result.message } } };
  const { rows, columns = [] } = result;
  return {
    ...spec,
    expect: {
      columns: columns.map(({ name, type }) => [name, columnTypeText(type)]),
      changelog: rows.map(({ kind, values }) => [kind, values]),
      after: rows.map(({ after }) => after),
      final: finalRows(rows),
      stable: true,
    },
  };
}

/** A column's type as the files write it. */
export function columnTypeText(type: RelColumn["type"]): string {
  return typeSummary(type).replaceAll("BYTES", "VARBINARY(2147483647)");
}

/** The changelog applied to an empty table, sorted by the rows' JSON. */
function finalRows(rows: readonly Emitted[]): (readonly unknown[])[] {
  const counts = new Map<string, number>();
  for (const { kind, values } of rows) {
    const line = JSON.stringify(values);
    const code = rowKindOf(kind);
    counts.set(line, (counts.get(line) ?? 0) + (code === INSERT || code === UPDATE_AFTER ? 1 : -1));
  }
  const lines = [...counts].flatMap(([line, count]) => new Array<string>(Math.max(0, count)).fill(line));
  return lines.sort().map((line) => JSON.parse(line) as readonly unknown[]);
}

/** A statement that is no query: its result is a table all the same. Rows of an INSERT's result are what Flink says of a job that runs on. */
function runStatement(spec: SqlCaseInput, functionClasses: FunctionClasses | undefined): CaseResult {
  try {
    const session = sessionFor(spec, functionClasses);
    const { statements, errors } = parseScript(spec.query);
    if (errors.length > 0) throw errors[0];
    checkExecutable(statements[0]);
    const result = session.execute(statements[0]);
    if (result.kind === "table") {
      const rows = result.rows.map((row) => ({
        kind: "+I",
        values: row.map((value, i) => plainValue(value, result.columns[i].type)),
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
function jobOf(spec: SqlCaseInput, functionClasses: FunctionClasses | undefined): QueryJob | CaseRefusal {
  try {
    const { plan, columns, options, catalog } = planCase(spec, functionClasses);
    plan();
    return { plan, columns, options, inputs: inputsOf(spec, catalog) };
  } catch (error) {
    if (error instanceof SqlError) return { phase: error.phase, message: error.message, code: error.code };
    if (error instanceof SqlRuntimeError) return { phase: "plan", message: error.message };
    throw error;
  }
}

function execute(spec: SqlCaseInput, job: QueryJob): Emitted[] {
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
  return { kind: rowKindString(kindOf(row)), values: fieldsOf(row).map((value, i) => plainValue(value, columns[i].type)) };
}

/** A second from row to row, over all tables; each with the watermark that its table has then. */
function inputsOf(spec: SqlCaseInput, catalog: Catalog): Map<string, PacedRow[]> {
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
