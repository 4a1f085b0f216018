import { describe, expect, it } from "vitest";
import { parseScript } from "../../src/sql/1-parse/parse-script.ts";
import { SqlSession } from "../../src/sql/session/sql-session.ts";

const TABLES = `
CREATE TABLE orders (id INT, customer STRING, amount INT) WITH ('connector' = 'datagen', 'number-of-rows' = '10');
CREATE TABLE totals (customer STRING, total BIGINT, PRIMARY KEY (customer) NOT ENFORCED) WITH ('connector' = 'blackhole');
CREATE TABLE log (id INT) WITH ('connector' = 'blackhole');`;
const QUERY = "SELECT customer, SUM(amount) AS total FROM orders GROUP BY customer";
const SCAN = "TableSourceScan(table=[[default_catalog, default_database, orders]], fields=[id, customer, amount])";

/** What the last statement answers. */
function explain(statement: string): string {
  const session = new SqlSession({ topics: null, captures: false, recordsPerWatermark: null });
  const { statements, errors } = parseScript(`${TABLES}${statement}`);
  expect(errors).toEqual([]);
  const results = statements.map((node) => session.execute(node));
  const result = results[results.length - 1];
  if (result.kind !== "table") throw new Error(`a ${result.kind} instead of a table`);
  expect(result.columns.map(({ name }) => name)).toEqual(["result"]);
  return String(result.rows[0][0]);
}

/** The text behind a heading, up to the next one. */
function section(text: string, title: string): string {
  const from = text.indexOf(`== ${title} ==\n`);
  expect(from).toBeGreaterThanOrEqual(0);
  const body = text.slice(from + title.length + 7);
  const end = body.indexOf("\n== ");
  return (end < 0 ? body : body.slice(0, end)).trimEnd();
}

describe("EXPLAIN", () => {
  it("shows a query's three trees", () => {
    const text = explain(`EXPLAIN ${QUERY}`);
    expect(text).toBe(`== Abstract Syntax Tree ==
LogicalAggregate(group=[{0}], total=[SUM($1)])
+- LogicalProject(customer=[$1], amount=[$2])
   +- LogicalTableScan(table=[[default_catalog, default_database, orders]])

== Optimized Physical Plan ==
GroupAggregate(groupBy=[customer], select=[customer, SUM(amount) AS total])
+- Exchange(distribution=[hash[customer]])
   +- Calc(select=[customer, amount])
      +- ${SCAN}

== Optimized Execution Plan ==
GroupAggregate(groupBy=[customer], select=[customer, SUM(amount) AS total])
+- Exchange(distribution=[hash[customer]])
   +- Calc(select=[customer, amount])
      +- ${SCAN}
`);
  });

  it("shows the changelog of each node where it is asked for", () => {
    const plan = section(explain(`EXPLAIN CHANGELOG_MODE INSERT INTO totals ${QUERY}`), "Optimized Physical Plan");
    const modes = [...plan.matchAll(/^\W*(\w+)\(.*changelogMode=\[(.*?)\]\)$/gm)].map(([, node, mode]) => `${node} ${mode}`);
    expect(modes).toEqual(["Sink NONE", "Calc I,UA", "GroupAggregate I,UA", "Exchange I", "Calc I", "TableSourceScan I"]);
  });

  it("names settings under PLAN_ADVICE, at the nodes that they concern", () => {
    const plan = section(explain(`EXPLAIN PLAN_ADVICE ${QUERY}`), "Optimized Physical Plan With Advice");
    expect(plan).toContain("GroupAggregate(advice=[1], groupBy=[customer]");
    expect(plan.split("\n").at(-1)).toBe(
      "advice[1]: [ADVICE] You might want to enable local-global two-phase optimization by configuring ('table.exec.mini-batch.enabled' to " +
        "'true', 'table.exec.mini-batch.allow-latency' to a positive long value, 'table.exec.mini-batch.size' to a positive long value).",
    );
    expect(section(explain("EXPLAIN PLAN_ADVICE SELECT * FROM orders"), "Optimized Physical Plan With Advice")).toBe(
      `${SCAN}\n\nNo available advice...`,
    );
  });

  it("shows the operators that would run as JSON", () => {
    const json = section(explain(`EXPLAIN JSON_EXECUTION_PLAN INSERT INTO totals ${QUERY}`), "Physical Execution Plan");
    const { nodes } = JSON.parse(json) as { nodes: { pact: string; predecessors?: unknown[] }[] };
    expect(nodes.length).toBeGreaterThan(2);
    expect(nodes[0].pact).toBe("Data Source");
    expect(nodes.slice(1).every(({ predecessors }) => predecessors !== undefined)).toBe(true);
  });

  it("shows all statements of a set", () => {
    const text = explain(`EXPLAIN STATEMENT SET BEGIN INSERT INTO totals ${QUERY}; INSERT INTO log SELECT id FROM orders; END`);
    expect(section(text, "Abstract Syntax Tree").match(/^LogicalSink/gm)).toHaveLength(2);
    expect(section(text, "Optimized Execution Plan").match(/^Sink/gm)).toHaveLength(2);
  });

  it("shows rows and costs under ESTIMATED_COST, in the physical plan only", () => {
    const text = explain(`EXPLAIN ESTIMATED_COST ${QUERY}`);
    expect(
      section(text, "Optimized Physical Plan"),
    ).toBe(`GroupAggregate(groupBy=[customer], select=[customer, SUM(amount) AS total]): rowcount = 1.0E8, cumulative cost = {4.0E8 rows, 1.7E10 cpu, 2.0E9 io, 1.6E9 network, 0.0 memory}
+- Exchange(distribution=[hash[customer]]): rowcount = 1.0E8, cumulative cost = {3.0E8 rows, 1.69E10 cpu, 2.0E9 io, 1.6E9 network, 0.0 memory}
   +- Calc(select=[customer, amount]): rowcount = 1.0E8, cumulative cost = {2.0E8 rows, 1.0E8 cpu, 2.0E9 io, 0.0 network, 0.0 memory}
      +- ${SCAN}: rowcount = 1.0E8, cumulative cost = {1.0E8 rows, 1.0E8 cpu, 2.0E9 io, 0.0 network, 0.0 memory}`);
    expect(section(text, "Optimized Execution Plan")).not.toContain("rowcount");
  });

  it("changes nothing", () => {
    const session = new SqlSession({ topics: null, captures: false, recordsPerWatermark: null });
    const { statements } = parseScript(`${TABLES} EXPLAIN INSERT INTO totals ${QUERY}; SHOW TABLES`);
    const results = statements.map((node) => session.execute(node));
    expect(results.map(({ kind }) => kind)).toEqual(["ok", "ok", "ok", "table", "table"]);
  });
});
