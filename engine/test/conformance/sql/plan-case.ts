/** A case's tables, views and query through parse, analyze and plan. */
import { parseScript, parseSingleQuery } from "../../../src/sql/1-parse/parse-script.ts";
import { bindQuery } from "../../../src/sql/2-analyze/bind-query.ts";
import { bindCreateTable } from "../../../src/sql/2-analyze/bind-table-ddl.ts";
import type { Rel, RelColumn } from "../../../src/sql/2-analyze/rel.ts";
import { uniqueNames } from "../../../src/sql/2-analyze/rel-builder.ts";
import { explainText } from "../../../src/sql/3-plan/explain/explain.ts";
import { planRel } from "../../../src/sql/3-plan/plan.ts";
import { planOptionsOf } from "../../../src/sql/3-plan/plan-options.ts";
import type { PhysicalNode } from "../../../src/sql/3-plan/physical.ts";
import { optimize } from "../../../src/sql/4-optimize/optimize.ts";
import { lowerPlan } from "../../../src/sql/5-execute/lower/lower.ts";
import type { OperatorPlan } from "../../../src/sql/5-execute/operator-plan.ts";
import { Catalog } from "../../../src/sql/catalog/catalog.ts";
import { evalContextOf, sessionOf } from "../../../src/sql/sql-program.ts";
import type { SqlCase } from "./sql-case.ts";

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

export function planCase(spec: SqlCase): PlannedCase {
  const catalog = catalogOf(spec);
  const setup = (spec.setup ?? []).flatMap((text) => {
    const parsed = parseScript(text);
    if (parsed.errors.length > 0) throw parsed.errors[0];
    return parsed.statements;
  });
  const query = parseSingleQuery(spec.query);
  for (const statement of setup) {
    if (statement.kind !== "createView") throw new Error(`unexpected setup statement ${statement.kind}`);
    const name = statement.path[statement.path.length - 1].name;
    catalog.set({ kind: "view", name, columns: statement.columns.map((column) => column.name), query: statement.query });
  }
  const rel: Rel = bindQuery(query, { catalog, commonTables: new Map(), expanding: [] }, null);
  const options = new Map(Object.entries(spec.config ?? {}));
  const session = sessionOf(options);
  const evalContext = evalContextOf(session);
  const physical = (updateBefore: boolean): PhysicalNode =>
    planRel(optimize(rel, evalContext), { options: planOptionsOf(options, evalContext), updateBefore });
  const names = uniqueNames(rel.columns.map((column) => column.name));
  return {
    catalog,
    options,
    rel,
    columns: rel.columns.map((column, i) => ({ ...column, name: names[i] })),
    plan: () => lowerPlan(physical(true), session),
    explain: () => explainText([{ logical: rel, physical: physical(false), changelogMode: true }]),
  };
}

function catalogOf(spec: SqlCase): Catalog {
  const catalog = new Catalog();
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
    catalog.set({ ...bindCreateTable(statement, true), changelogMode: table.changelogMode ?? "insert" });
  }
  return catalog;
}
