/** Programs as a learner writes them, in worlds with databases. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { Prng } from "../../../src/base/prng.ts";
import type { ApplicationTransaction, DatabaseDescription, Fault } from "../../../src/sim.ts";
import { runLearnerFile } from "../../datastream/learner-file.ts";
import { databaseIn, finished } from "./database-jobs.ts";

// Many runs per test: seconds on a free machine, more on a busy one.
vi.setConfig({ testTimeout: 120_000 });

const text = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../datastream/learner-programs/database/${name}.ts`, import.meta.url)), "utf8");

const COLUMNS = { id: "bigint not null", customer: "text", cents: "integer" };
const crashes = (count: number): Fault[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: "crashTaskManager",
    taskManager: 0,
    when: { kind: "atMs", atMs: 4321 * (index + 1) },
  }));

describe("orders to postgres", () => {
  const rows = Array.from({ length: 300 }, (_, id) => [id * 100, { id, customer: `c${id % 7}`, cents: id }] as const);
  const shop = (maxPreparedTransactions: number): DatabaseDescription => ({
    kind: "postgres",
    name: "shop",
    tables: [{ name: "orders", columns: COLUMNS, primaryKey: ["id"] }],
    settings: { maxPreparedTransactions },
  });

  it("writes each order once, over crashes", () => {
    const outcome = finished(
      runLearnerFile(text("orders-to-postgres"), { input: { orders: rows }, systems: [shop(10)], faults: crashes(5) }),
    );
    expect(outcome.restarts).toBe(5);
    const [table] = databaseIn(outcome).tables;
    expect(table.rows.map(({ id }) => id)).toEqual(rows.slice(1).map(([, { id }]) => id));
    expect(new Set(table.writes)).toEqual(new Set([1]));
  });

  it("says what the database lacks", () => {
    const outcome = runLearnerFile(text("orders-to-postgres"), { input: { orders: rows }, systems: [shop(0)] });
    expect(outcome.failure?.message).toContain('Hint: Set "max_prepared_transactions" to a nonzero value.');
  });

  it("points at the statement that cannot be read", () => {
    const broken = text("orders-to-postgres").replace("VALUES (?, ?, ?)", "VALUES ?, ?, ?");
    const { status, failure } = runLearnerFile(broken, { input: { orders: rows }, systems: [shop(10)] });
    const line = broken.split("\n").findIndex((one) => one.includes(".withQueryStatement")) + 1;
    expect({ status, code: failure?.code, line: failure?.position?.line }).toEqual({
      status: "rejected",
      code: "JDBC_BAD_STATEMENT",
      line,
    });
  });
});

describe("revenue from changes", () => {
  it("is right at the end, over crashes of both sides, while the table changes", () => {
    const random = new Prng(7);
    const orders = Array.from({ length: 20 }, (_, id) => ({ id, customer: `c${id % 4}`, cents: 100 + id }));
    const application = Array.from({ length: 120 }, (_, index): ApplicationTransaction => {
      const id = random.nextInt(30);
      const row = { id, customer: `c${random.nextInt(4)}`, cents: random.nextInt(1000) };
      return {
        atMs: index * 90,
        changes: [random.nextInt(4) === 0 ? { op: "delete", table: "orders", where: { id } } : { op: "upsert", table: "orders", row }],
      };
    });
    const shop: DatabaseDescription = {
      kind: "postgres",
      name: "shop",
      tables: [{ name: "orders", columns: COLUMNS, primaryKey: ["id"], replicaIdentity: "full", rows: orders }],
      application,
      settings: { walLevel: "logical" },
    };
    const warehouse: DatabaseDescription = {
      kind: "postgres",
      name: "warehouse",
      tables: [{ name: "revenue", columns: { customer: "text", cents: "bigint" }, primaryKey: ["customer"] }],
    };
    const faults: Fault[] = [
      ...crashes(2),
      { kind: "system", system: "shop", action: { what: "restart", downMs: 700 }, when: { kind: "atMs", atMs: 6000 } },
      { kind: "system", system: "warehouse", action: { what: "connectionsLost" }, when: { kind: "atMs", atMs: 7000 } },
    ];
    const cluster = { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 2 };
    const outcome = finished(runLearnerFile(text("revenue-from-changes"), { output: [], systems: [shop, warehouse], faults, cluster }));
    expect(outcome.restarts).toBeGreaterThan(1);
    const sums = new Map<unknown, number>();
    for (const { customer, cents } of databaseIn(outcome).tables[0].rows) sums.set(customer, (sums.get(customer) ?? 0) + (cents as number));
    const revenue = databaseIn(outcome, "warehouse").tables[0].rows.map(({ customer, cents }) => [customer, cents] as const);
    expect(new Map(revenue.filter(([, cents]) => cents !== 0))).toEqual(sums);
  });
});
