import { describe, expect, it } from "vitest";
import { Prng } from "../../src/base/prng.ts";
import { PostgresDatabase } from "../../src/connectors/database/database.ts";
import type { DatabaseDescription } from "../../src/connectors/database/database-description.ts";
import type { ServiceDescription } from "../../src/connectors/service/service-description.ts";
import { SimulatedServices } from "../../src/connectors/service/simulated-services.ts";
import { ExternalServiceError, type ServiceCaller } from "../../src/flow/external-service.ts";
import { observedSystems } from "./database/observed-database.ts";
import { write } from "./observed-broker.ts";

interface Answer {
  readonly atMs: number;
  readonly key: unknown;
  readonly value: unknown;
  readonly error: string | null;
}

const SHOP: DatabaseDescription = {
  kind: "postgres",
  name: "shop",
  tables: [
    { name: "prices", columns: { sku: "integer", cents: "integer" }, primaryKey: ["sku"], rows: [{ sku: 1, cents: 5 }] },
    {
      name: "stock",
      columns: { sku: "integer", shop: "text", pieces: "integer" },
      primaryKey: ["sku", "shop"],
      rows: [{ sku: 1, shop: "a", pieces: 3 }],
    },
    { name: "audit", columns: { text: "text" } },
  ],
  application: [{ atMs: 20, changes: [{ op: "update", table: "prices", where: { sku: 1 }, set: { cents: 7 } }], openForMs: 10 }],
};

/** A service with one caller, who writes down what he gets and when. */
function service(description: Partial<ServiceDescription>, seed = 1) {
  const { clock, broker, systems } = observedSystems([SHOP]);
  broker.createTopic("table", 2);
  const whole: ServiceDescription = { name: "prices", latencyMs: { min: 10, max: 10 }, ...description };
  const counters = new Map<string, number>();
  let spentUs = 0;
  const caller: ServiceCaller = {
    execute: (action) => action(),
    spendUs: (durationUs) => {
      spentUs += durationUs;
    },
    counter: (name) => ({ inc: (by = 1) => void counters.set(name, (counters.get(name) ?? 0) + by) }),
  };
  const client = new SimulatedServices([whole], broker, systems, clock, new Prng(seed)).connect("prices", caller);
  const answers: Answer[] = [];
  const ask = (key: unknown) =>
    client.request(key, (error, value) => answers.push({ atMs: clock.currentMs(), key, value, error: error?.message ?? null }));
  return { client, clock, broker, counters, answers, ask, database: systems.get("shop", PostgresDatabase), spentMs: () => spentUs / 1000 };
}

describe("simulated service", () => {
  it("answers by key, compared by value, after its latency, with what it knows then", () => {
    const { ask, answers, clock } = service({
      rows: [
        { key: { sku: 1, shop: "a" }, value: 5, fromMs: 0 },
        { key: { sku: 1, shop: "a" }, value: 7, fromMs: 15 },
        { key: "late", value: 1, fromMs: 1000 },
      ],
    });
    ask({ shop: "a", sku: 1 });
    clock.advanceTo(8);
    ask({ shop: "a", sku: 1 });
    ask("late");
    expect(answers).toEqual([]);
    clock.advanceTo(100);
    expect(answers.map(({ atMs, value }) => [atMs, value])).toEqual([
      [10, 5],
      [18, 7],
      [18, null],
    ]);
  });

  it("knows the committed table of a topic, deletions included", () => {
    const { ask, answers, clock, broker } = service({ topic: "table" });
    broker.append("table", 0, write(1, "a"));
    broker.append("table", 1, write(2, "b"));
    broker.append("table", 0, write(3, "a"));
    const open = broker.initTransactions("t", { timeoutMs: 60_000 });
    open.begin();
    for (const key of ["a", "b"]) ask(key);
    clock.advanceTo(20);
    broker.append("table", 1, write(null, "b"));
    ask("b");
    clock.advanceTo(40);
    expect(answers.map(({ key, value }) => [key, value])).toEqual([
      ["a", 3],
      ["b", 2],
      ["b", null],
    ]);
  });

  it("DB-10 knows the committed rows of a database's table by primary key, and fails while the database is down", () => {
    const { ask, answers, clock, database } = service({ table: { database: "shop", name: "prices" } });
    for (const key of [1, "1", 2, "x"]) ask(key);
    clock.advanceTo(15);
    ask(1);
    clock.advanceTo(30);
    ask(1);
    clock.advanceTo(50);
    database.strike({ what: "restart", downMs: 100 });
    ask(1);
    clock.advanceTo(200);
    expect(answers.map(({ atMs, value, error }) => [atMs, (value as { cents: number } | null)?.cents ?? null, error])).toEqual([
      [10, 5, null],
      [10, 5, null],
      [10, null, null],
      [10, null, null],
      [25, 5, null],
      [40, 7, null],
      [60, null, 'Service "prices" is unavailable.'],
    ]);
    const stock = service({ table: { database: "shop", name: "stock" } });
    stock.ask({ shop: "a", sku: 1 });
    stock.clock.advanceTo(10);
    expect(stock.answers[0].value).toEqual({ sku: 1, shop: "a", pieces: 3 });
    expect(() => service({ table: { database: "shop", name: "audit" } })).toThrow("the table has no primary key");
    expect(() => service({ table: { database: "shop", name: "price" } })).toThrow('relation "price" does not exist');
  });

  it("fails and is slow as often as the world says, the same way for the same seed", () => {
    const run = (seed: number) => {
      const { ask, answers, clock, counters } = service(
        { failureRate: 0.3, latencyMs: { min: 0, max: 100 }, slow: { share: 0.2, latencyMs: { min: 1000, max: 2000 } } },
        seed,
      );
      for (let key = 0; key < 1000; key++) ask(key);
      clock.advanceTo(10_000);
      return { answers, counters: Object.fromEntries(counters) };
    };
    const { answers, counters } = run(1);
    expect(answers).toHaveLength(1000);
    const failed = answers.filter(({ error }) => error !== null).length;
    expect(failed / 1000).toBeCloseTo(0.3, 1);
    expect(answers.filter(({ atMs }) => atMs >= 1000).length / 1000).toBeCloseTo(0.2, 1);
    expect(counters).toEqual({ "service.prices.numRequests": 1000, "service.prices.numFailedRequests": failed });
    expect(run(1).answers).toEqual(answers);
    expect(run(2).answers).not.toEqual(answers);
  });

  it("an outage counts for requests made in it, and changes no other request", () => {
    const times = (outages: ServiceDescription["outages"]) => {
      const { ask, answers, clock } = service({ latencyMs: { min: 1, max: 50 }, ...(outages === undefined ? {} : { outages }) });
      for (let key = 0; key < 10; key++) {
        clock.advanceTo(key * 100);
        ask(key);
      }
      clock.advanceTo(10_000);
      return answers;
    };
    const calm = times(undefined);
    const silent = times([{ fromMs: 200, toMs: 400, kind: "silence" }]);
    expect(silent).toEqual(calm.filter(({ key }) => key !== 2 && key !== 3));
    const failing = times([{ fromMs: 200, toMs: 400, kind: "errors" }]);
    expect(failing.map(({ atMs }) => atMs)).toEqual(calm.map(({ atMs }) => atMs));
    expect(failing.filter(({ error }) => error === 'Service "prices" is unavailable.').map(({ key }) => key)).toEqual([2, 3]);
  });

  it("keeps a caller who waits busy for the latency, and gives him up on silence", () => {
    const waiting = service({ rows: [{ key: "a", value: { cents: 5 } }], outages: [{ fromMs: 100, toMs: 200, kind: "silence" }] });
    expect(waiting.client.requestAndWait("a")).toEqual({ cents: 5 });
    expect(waiting.spentMs()).toBe(10);
    waiting.clock.advanceTo(150);
    expect(() => waiting.client.requestAndWait("a")).toThrow(ExternalServiceError);
    expect(waiting.spentMs()).toBe(30_010);
  });
});
