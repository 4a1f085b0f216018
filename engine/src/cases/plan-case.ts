/** A case's tables, views and query through parse, analyze and plan. */
import { parseScript, parseSingleQuery } from "../sql/1-parse/parse-script.ts";
import { bindCreateTable } from "../sql/2-analyze/bind-table-ddl.ts";
import type { Rel, RelColumn } from "../sql/2-analyze/rel.ts";
import { uniqueNames } from "../sql/2-analyze/rel-builder.ts";
import { explainText } from "../sql/3-plan/explain/explain.ts";
import type { OperatorPlan } from "../sql/5-execute/operator-plan.ts";
import type { ProvidedTable } from "../sql/5-execute/translate.ts";
import type { Catalog } from "../sql/catalog/catalog.ts";
import { operatorPlan, physicalPlan } from "../sql/session/plan-statement.ts";
import { SqlSession } from "../sql/session/sql-session.ts";
import type { FunctionClasses } from "../sql/user-functions/function-signature.ts";
import type { SqlCaseInput } from "./sql-case.ts";

export interface PlannedCase {
  readonly catalog: Catalog;
  readonly options: ReadonlyMap<string, string>;
  readonly rel: Rel;
  /** Of the result; a name that occurs twice is numbered, as Flink does. */
  readonly columns: readonly RelColumn[];
  /** Anew at every call. */
  readonly plan: () => OperatorPlan;
  /** As EXPLAIN CHANGELOG_MODE shows the query. */
  readonly explain: () => string;
}

/** @param functionClasses that its setup may name. Throws SqlError. */
export function planCase(spec: SqlCaseInput, functionClasses?: FunctionClasses): PlannedCase {
  const session = sessionFor(spec, functionClasses);
  const { catalog } = session;
  const rel: Rel = session.bind(parseSingleQuery(spec.query), new Set());
  const options = new Map(Object.entries(spec.config ?? {}));
  const names = uniqueNames(rel.columns.map((column) => column.name));
  return {
    catalog,
    options,
    rel,
    columns: rel.columns.map((column, i) => ({ ...column, name: names[i] })),
    plan: () => operatorPlan(rel, options),
    explain: () =>
      explainText([{ logical: rel, physical: physicalPlan(rel, options, false) }], {
        changelogMode: true,
        estimatedCost: false,
        advice: null,
        executionPlan: null,
      }),
  };
}

/** The case's tables are there, and its setup statements have been executed. Throws SqlError. */
export function sessionFor(spec: SqlCaseInput, functionClasses?: FunctionClasses): SqlSession {
  const provided = new Map(spec.tables.map(({ name }): [string, ProvidedTable] => [name, {}]));
  const session = new SqlSession({ topics: null, captures: false, recordsPerWatermark: null, provided, functionClasses });
  addTables(session.catalog, spec);
  for (const [key, value] of Object.entries(spec.config ?? {})) session.options.set(key, value);
  for (const text of spec.setup ?? []) {
    const { statements, errors } = parseScript(text);
    if (errors.length > 0) throw errors[0];
    for (const statement of statements) session.execute(statement);
  }
  return session;
}

function addTables(catalog: Catalog, spec: SqlCaseInput): void {
  for (const table of spec.tables) {
    const columns = table.columns.map(([name, type]) => `\`${name}\` ${type}`);
    const computed = (table.computed ?? []).map(([name, expr]) => `\`${name}\` AS ${expr}`);
    const watermark = table.rowtime === undefined ? [] : [`WATERMARK FOR \`${table.rowtime}\` AS \`${table.rowtime}\``];
    const key =
      table.primaryKey === undefined ? [] : [`PRIMARY KEY (${table.primaryKey.map((name) => `\`${name}\``).join(", ")}) NOT ENFORCED`];
    const { statements, errors } = parseScript(
      `CREATE TABLE \`${table.name}\` (${[...columns, ...computed, ...watermark, ...key].join(", ")}) WITH ('connector' = 'x')`,
    );
    if (errors.length > 0) throw errors[0];
    const [statement] = statements;
    if (statement.kind !== "createTable") throw new Error("not a table");
    const bound = bindCreateTable(statement, true);
    catalog.set({
      ...bound,
      changelogMode: table.changelogMode ?? "insert",
      // The recorder's tables are streams without a name that bring their own watermarks.
      watermark: bound.watermark === null ? null : { ...bound.watermark, fromSource: true },
      explainName: "*anonymous_datastream_source*",
    });
  }
}
