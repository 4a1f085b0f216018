/** Statements that wait for locks: at the database, and in jobs whose tasks stand still meanwhile. */
import { describe, expect, it, vi } from "vitest";
import type { PostgresError } from "../../../src/connectors/database/postgres-error.ts";
import { datastreamProgram, Duration, JdbcExecutionOptions, RestartStrategies, StreamExecutionEnvironment } from "../../../src/index.ts";
import { type ApplicationTransaction, type DatabaseDescription, type RunOutcome, runWorld } from "../../../src/sim.ts";
import { worldOf } from "../../datastream/run-job.ts";
import {
  atLeastOnce,
  databaseIn,
  exactlyOnce,
  finished,
  type Order,
  orders,
  runDatabaseJob,
  shop,
  UPSERT as UPSERT_TEXT,
} from "./database-jobs.ts";
import { observedDatabase, ORDERS, UPSERT } from "./observed-database.ts";

vi.setConfig({ testTimeout: 60_000 });

const order = (id: number, item = "tea", amount = 0): Order => ({ id, item, amount });
const row = (id: number, item: string) => [id, item, 0];
const NO_COSTS = { costMs: { statement: 0, row: 0 } };

describe("DB-11 a statement that waits", () => {
  function world(settings: DatabaseDescription["settings"] = {}) {
    const kit = observedDatabase({
      tables: [{ ...ORDERS, rows: [1, 2, 3].map((id) => order(id)) }],
      settings: { ...NO_COSTS, ...settings },
    });
    const answers: string[] = [];
    const client = (name: string) => {
      const connection = kit.database.connect({ identity: name });
      const answered = (failure: PostgresError | null) =>
        void answers.push(`${kit.clock.currentMs()} ${name} ${failure === null ? "done" : failure.sqlState}`);
      return { connection, write: (...rows: readonly unknown[][]) => connection.executeBatch(UPSERT, rows, answered) };
    };
    const itemOf = (id: number) => (kit.rows() as Order[]).find((candidate) => candidate.id === id)?.item;
    return { ...kit, answers, client, itemOf };
  }

  it("goes on where it met the lock, and holds meanwhile what it has written", () => {
    const { clock, client, answers, itemOf, database } = world();
    const holder = client("holder");
    holder.connection.begin();
    expect(holder.write(row(2, "held"))).toBe(true);
    const waiter = client("waiter");
    expect(waiter.write(row(1, "w"), row(2, "w"), row(3, "w"))).toBe(false);
    expect(itemOf(1)).toBe("tea");
    const third = client("third");
    expect(third.write(row(1, "t"))).toBe(false);
    clock.advanceTo(500);
    holder.connection.commit();
    expect(answers).toEqual(["500 waiter done", "500 third done"]);
    expect([1, 2, 3].map(itemOf)).toEqual(["t", "w", "w"]);
    expect(database.outcome().commits).toBe(3);
  });

  it("is served in the order of coming; who comes back to a new holder keeps his place, with a new time", () => {
    const { clock, client, answers, itemOf } = world({ lockTimeoutMs: 2000 });
    const [holder, first, second, third] = ["holder", "first", "second", "third"].map(client);
    for (const one of [holder, first]) one.connection.begin();
    holder.write(row(1, "h"));
    first.write(row(1, "1"));
    clock.advanceTo(100);
    second.write(row(1, "2"));
    clock.advanceTo(200);
    third.write(row(1, "3"));
    clock.advanceTo(1000);
    holder.connection.commit();
    expect(answers).toEqual(["1000 first done"]);
    clock.advanceTo(2900);
    first.connection.commit();
    expect(answers).toEqual(["1000 first done", "2900 second done", "2900 third done"]);
    expect(itemOf(1)).toBe("3");
  });

  it("waits for ever with lock_timeout 0", () => {
    const { clock, client, answers } = world({ lockTimeoutMs: 0 });
    const [holder, waiter] = ["holder", "waiter"].map(client);
    holder.connection.begin();
    holder.write(row(1, "h"));
    waiter.write(row(1, "w"));
    clock.advanceTo(3_600_000);
    expect(answers).toEqual([]);
    holder.connection.rollback();
    expect(answers).toEqual(["3600000 waiter done"]);
  });

  it.each([
    ["who closes the circle late, after everybody has looked", 1500, "2500 b 40P01"],
    ["who looks first, when it was closed before", 400, "1000 a 40P01"],
  ])("of a deadlock is refused: %s", (_, closedAtMs, refused) => {
    const { clock, client, answers, itemOf } = world();
    const [a, b] = ["a", "b"].map(client);
    for (const one of [a, b]) one.connection.begin();
    a.write(row(1, "a"));
    b.write(row(2, "b"));
    a.write(row(2, "a"));
    clock.advanceTo(closedAtMs);
    b.write(row(1, "b"));
    clock.advanceTo(3000);
    expect(answers).toEqual([refused]);
    const [loser, winner] = refused.includes("a") ? [a, b] : [b, a];
    loser.connection.rollback();
    winner.connection.commit();
    expect(answers).toHaveLength(2);
    expect(itemOf(1)).toBe(itemOf(2));
  });

  it("is refused after lock_timeout", () => {
    const { clock, client, answers } = world({ lockTimeoutMs: 2000 });
    const [holder, waiter] = ["holder", "waiter"].map(client);
    holder.connection.begin();
    holder.write(row(1, "h"));
    clock.advanceTo(300);
    waiter.write(row(1, "w"));
    clock.advanceTo(5000);
    expect(answers).toEqual(["2300 waiter 55P03"]);
    expect(waiter.write(row(2, "w"))).toBe(true);
  });

  it("waits beside a deadlock of others without being drawn into it", () => {
    const { clock, client, answers } = world();
    const [a, b, beside] = ["a", "b", "beside"].map(client);
    for (const one of [a, b, beside]) one.connection.begin();
    beside.write(row(3, "x"));
    clock.advanceTo(10);
    a.write(row(1, "a"));
    b.write(row(2, "b"));
    beside.write(row(1, "x"));
    clock.advanceTo(600);
    a.write(row(2, "a"));
    clock.advanceTo(700);
    b.write(row(1, "b"));
    clock.advanceTo(1700);
    expect(answers).toEqual(["1600 a 40P01"]);
    a.connection.rollback();
    // It came first.
    expect(answers.slice(1)).toEqual(["1700 beside done"]);
    beside.connection.commit();
    expect(answers.slice(2)).toEqual(["1700 b done"]);
  });

  it.each([
    ["57P01", "the server restarts"],
    ["08006", "its client comes back"],
  ])("is over with %s when %s, and what it had written is gone", (sqlState) => {
    const { database, client, answers, itemOf } = world();
    const [holder, waiter] = ["holder", "waiter"].map(client);
    holder.connection.begin();
    holder.write(row(2, "h"));
    waiter.write(row(1, "w"), row(2, "w"));
    if (sqlState === "57P01") database.strike({ what: "connectionsLost" });
    else client("waiter");
    expect(answers).toEqual([`0 waiter ${sqlState}`]);
    expect(itemOf(1)).toBe("tea");
    if (sqlState !== "57P01") holder.connection.commit();
    expect(answers).toHaveLength(1);
  });
});

/** Somebody at a console changes an order and thinks about it. */
const held = (id: number, fromMs: number, forMs: number): ApplicationTransaction => ({
  atMs: fromMs,
  changes: [{ op: "update", table: "orders", where: { id }, set: { item: "held" } }],
  openForMs: forMs,
  rollback: true,
});

const TABLE = { ...ORDERS, rows: Array.from({ length: 10 }, (_, id) => order(id)) };

interface Settings {
  readonly sink?: (env: StreamExecutionEnvironment) => void;
  readonly application?: readonly ApplicationTransaction[];
  readonly settings?: DatabaseDescription["settings"];
  readonly checkpointMs?: number;
  /** Of 100 records; so many different ids. */
  readonly ids?: number;
  readonly everyMs?: number;
}

function run({
  sink = everyFive,
  application = [held(5, 0, 2000)],
  settings = {},
  checkpointMs = 500,
  ids = 10,
  everyMs = 10,
}: Settings): RunOutcome {
  const database = shop({ tables: [TABLE], application, settings: { ...NO_COSTS, maxPreparedTransactions: 50, ...settings } });
  const program = datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.enableCheckpointing(Duration.ofMillis(checkpointMs));
    env.setRestartStrategy(RestartStrategies.fixedDelayRestart(100, Duration.ofMillis(200)));
    sink(env);
    env.execute("orders");
  });
  const input = { orders: Array.from({ length: 100 }, (_, n) => [n * everyMs, order(n % ids, "new", n)] as const) };
  return finished(runWorld(program, worldOf({ output: [], input, systems: [database] }), { record: true }));
}

const everyFive = (env: StreamExecutionEnvironment) =>
  void orders(env).sinkTo(atLeastOnce(UPSERT_TEXT, JdbcExecutionOptions.builder().withBatchSize(5).withMaxRetries(1).build()));
const atCheckpoints = (env: StreamExecutionEnvironment) =>
  void orders(env).sinkTo(atLeastOnce(UPSERT_TEXT, JdbcExecutionOptions.builder().withBatchSize(5000).build()));
const inTransactions = (env: StreamExecutionEnvironment) => void orders(env).sinkTo(exactlyOnce(UPSERT_TEXT, 5));
const atTheEnd = (env: StreamExecutionEnvironment) => void orders(env).sinkTo(exactlyOnce(UPSERT_TEXT, 5000));

/** When checkpoints were triggered, passed the barrier and completed, in ms. */
const checkpointTimes = (outcome: RunOutcome, what: string) =>
  (outcome.recording?.events ?? []).flatMap((event) => (event.kind === "checkpoint" && event.what === what ? [event.t] : []));
const lastRows = (ids = 10) => Array.from({ length: ids }, (_, id) => order(id, "new", 100 - ids + id));

describe("JDBC-4 a sink whose statement waits", () => {
  it.each([
    ["in the middle of a batch", everyFive, 10],
    ["at a barrier", atCheckpoints, 10],
    ["in a transaction", inTransactions, 100],
  ])("%s: its task stands still, nothing fails, and what came meanwhile is written after it", (_, sink, ids) => {
    const outcome = run({ sink, ids });
    expect(outcome.restarts).toBe(0);
    expect(databaseIn(outcome)).toMatchObject({ preparedTransactions: [], refused: [] });
    expect(databaseIn(outcome).tables[0].rows).toEqual(lastRows(ids));
    // The first barrier waits behind the statement.
    expect(checkpointTimes(outcome, "completed")[0]).toBeGreaterThanOrEqual(2000);
    expect(checkpointTimes(run({ sink, ids, application: [] }), "completed")[0]).toBeLessThan(700);
  });

  it("at the end: the job ends when the lock is free", () => {
    const outcome = run({ sink: atTheEnd, application: [held(5, 700, 4000)], checkpointMs: 60_000 });
    expect(outcome.restarts).toBe(0);
    expect(outcome.endMs).toBeGreaterThanOrEqual(4700);
    expect(databaseIn(outcome).tables[0].rows).toEqual(lastRows());
  });

  it("for longer than lock_timeout: the batch is sent again, then the job fails over; either way all is written", () => {
    const retried = run({ settings: { lockTimeoutMs: 1200 } });
    expect(retried.restarts).toBe(0);
    const failedOver = run({ settings: { lockTimeoutMs: 700 }, application: [held(5, 0, 2500)] });
    expect(failedOver.restarts).toBeGreaterThan(0);
    for (const outcome of [retried, failedOver]) expect(databaseIn(outcome).tables[0].rows).toEqual(lastRows());
    const reasons = (failedOver.recording?.events ?? []).flatMap((event) =>
      event.kind === "job" && event.what === "failing" ? [event.reason] : [],
    );
    expect(reasons[0]).toContain("Writing records to JDBC failed. ERROR: canceling statement due to lock timeout");
  });

  it("waits in vain for what it has prepared itself, since nobody commits while its thread stands still", () => {
    const settings = { lockTimeoutMs: 3000, costMs: { statement: 20, row: 0 } };
    const outcome = run({ sink: inTransactions, application: [], settings, checkpointMs: 100, everyMs: 1 });
    expect(outcome.restarts).toBeGreaterThan(0);
    expect(databaseIn(outcome).tables[0].rows).toEqual(lastRows());
  });

  it.each([
    [0, "fails over"],
    [1, "sends its batch again"],
  ])("is refused when two of them wait for each other; with %d retries the loser %s", (maxRetries) => {
    // At the barrier one has row 0, waits for row 2 and then wants row 1; the other has row 1 and wants row 0.
    const wanted = [
      [0, 0],
      [0, 2],
      [0, 1],
      [1, 1],
      [1, 0],
    ];
    const input = { orders: wanted.map(([partition, id], n) => [n, order(id, "new"), partition] as const) };
    const options = JdbcExecutionOptions.builder().withBatchSize(5000).withBatchIntervalMs(0).withMaxRetries(maxRetries).build();
    const outcome = finished(
      runDatabaseJob((env) => void orders(env).sinkTo(atLeastOnce(UPSERT_TEXT, options)), {
        input,
        partitions: 2,
        systems: [shop({ tables: [TABLE], settings: NO_COSTS, application: [held(2, 0, 2000)] })],
        cluster: { taskManagers: 1, slotsPerTaskManager: 2, parallelism: 2 },
      }),
    );
    expect(outcome.restarts > 0).toBe(maxRetries === 0);
    expect(outcome.endMs).toBeGreaterThanOrEqual(3000);
    expect(databaseIn(outcome).tables[0].rows.slice(0, 3)).toEqual([0, 1, 2].map((id) => order(id, "new")));
  });
});
