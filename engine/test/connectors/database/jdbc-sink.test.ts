import { describe, expect, it, vi } from "vitest";
import {
  JdbcConnectionOptions,
  JdbcExactlyOnceOptions,
  JdbcExecutionOptions,
  JdbcSink,
  type PreparedStatement,
} from "../../../src/index.ts";
import type { Fault } from "../../../src/sim.ts";
import {
  atLeastOnce,
  connectionOptions,
  databaseIn,
  drawWorld,
  exactlyOnce,
  finished,
  INSERT,
  type Order,
  orders,
  orderSink,
  runDatabaseJob,
  shop,
  UPSERT,
} from "./database-jobs.ts";

vi.setConfig({ testTimeout: 60_000 });

const rows = (count: number) => Array.from({ length: count }, (_, id) => [id * 10, { id, item: "tea", amount: id }] as const);
const XA = { maxPreparedTransactions: 10 };
const SEEDS = Array.from({ length: 30 }, (_, index) => index + 1);

describe("JDBC-1 at least once", () => {
  it("sends a batch when it is full, when its interval is over, at checkpoints and at the end", () => {
    const run = (execution: JdbcExecutionOptions, checkpointMs: number) => {
      const outcome = finished(
        runDatabaseJob(
          (env) => void orders(env).sinkTo(atLeastOnce(INSERT, execution)),
          { input: { orders: rows(100) }, systems: [shop()] },
          checkpointMs,
        ),
      );
      expect(databaseIn(outcome).tables[0].rows).toHaveLength(100);
      return databaseIn(outcome).commits;
    };
    const options = () => JdbcExecutionOptions.builder();
    expect(run(options().withBatchSize(10).build(), 0)).toBe(10);
    expect(run(options().withBatchSize(1).build(), 0)).toBe(100);
    expect(run(options().build(), 0)).toBe(1);
    expect(run(options().withBatchIntervalMs(100).build(), 0)).toBe(10);
    expect([4, 5]).toContain(run(options().build(), 250));
  });

  it("an upsert under crashes ends with the right rows, some of them written more than once", () => {
    let repeated = 0;
    for (const seed of SEEDS) {
      const outcome = finished(
        runDatabaseJob(
          (env) => void orders(env).sinkTo(atLeastOnce(UPSERT, JdbcExecutionOptions.builder().withBatchSize(5).build())),
          drawWorld(seed, [shop()], true),
        ),
      );
      const [table] = databaseIn(outcome).tables;
      expect(table.rows, `seed ${seed}`).toHaveLength(120);
      repeated += table.writes.filter((writes) => writes > 1).length;
    }
    expect(repeated).toBeGreaterThan(50);
  });

  it("sends a batch again on a new connection, and so writes it twice when only the answer was lost", () => {
    const lost: Fault = { kind: "system", system: "shop", action: { what: "loseReplies" }, when: { kind: "atMs", atMs: 5 } };
    const append = shop({ tables: [{ name: "orders", columns: { id: "integer", item: "text", amount: "integer" } }] });
    const run = (maxRetries: number) =>
      finished(
        runDatabaseJob(
          (env) =>
            void orders(env).sinkTo(
              atLeastOnce(INSERT, JdbcExecutionOptions.builder().withBatchSize(10).withMaxRetries(maxRetries).build()),
            ),
          { input: { orders: rows(50) }, systems: [append], faults: [lost] },
        ),
      );
    const retried = run(3);
    expect(retried.restarts).toBe(0);
    expect(databaseIn(retried).tables[0].rows).toHaveLength(60);
    const restarted = run(0);
    expect(restarted.restarts).toBe(1);
    expect(databaseIn(restarted).tables[0].rows).toHaveLength(60);
  });

  it("waits for the database: the task is busy as long as the statements take", () => {
    const run = (statement: number) =>
      finished(
        runDatabaseJob((env) => void orders(env).sinkTo(atLeastOnce(INSERT, JdbcExecutionOptions.builder().withBatchSize(1).build())), {
          input: { orders: rows(100) },
          systems: [shop({ settings: { costMs: { statement, row: 0 } } })],
        }),
      ).endMs;
    expect(run(40)).toBeGreaterThanOrEqual(4000);
    expect(run(1)).toBeLessThan(2000);
  });

  it("fails over when the database refuses a row", () => {
    const outcome = runDatabaseJob((env) => void orders(env).sinkTo(atLeastOnce(INSERT)), {
      input: { orders: [...rows(3), [40, { id: 1, item: "again", amount: 0 }]] },
      systems: [shop()],
      limits: { maxVirtualMs: 60_000, maxSteps: 100_000, maxOutputRecords: 100, maxRestarts: 3 },
    });
    expect(outcome.failure?.message).toContain(
      'Writing records to JDBC failed. ERROR: duplicate key value violates unique constraint "orders_pkey"',
    );
  });
});

describe("JDBC-2 exactly once", () => {
  it("commits a checkpoint's records when it is complete", () => {
    const job = (end: { kind: "cancel"; atMs: number } | { kind: "drain" }) =>
      databaseIn(
        runDatabaseJob((env) => void orders(env).sinkTo(exactlyOnce()), {
          input: { orders: rows(100) },
          systems: [shop({ settings: XA })],
          end,
        }),
      );
    const early = job({ kind: "cancel", atMs: 700 });
    expect(early.tables[0].rows.length).toBeGreaterThan(10);
    expect(early.tables[0].rows.length).toBeLessThan(60);
    expect(job({ kind: "drain" })).toMatchObject({ preparedTransactions: [], refused: [] });
    expect(job({ kind: "drain" }).tables[0].rows).toHaveLength(100);
  });

  it("holds under every drawn plan of crashes and faults of the database: each row once, nothing in doubt", () => {
    let restarts = 0;
    for (const seed of SEEDS) {
      for (const batchSize of [5000, 7]) {
        const world = drawWorld(seed, [shop({ settings: { maxPreparedTransactions: 20 } })], true);
        const outcome = finished(runDatabaseJob((env) => void orders(env).sinkTo(exactlyOnce(INSERT, batchSize)), world));
        const { tables, preparedTransactions } = databaseIn(outcome);
        expect(tables[0].rows, `seed ${seed}`).toEqual(world.input?.orders.map(([, order]) => order));
        expect(new Set(tables[0].writes)).toEqual(new Set([1]));
        expect(preparedTransactions).toEqual([]);
        restarts += outcome.restarts;
      }
    }
    expect(restarts).toBeGreaterThan(SEEDS.length);
  });

  const coarse = ["triggered", "barrier", "acked", "completed", "committed"] as const;
  const fine = ["trigger", "barrier", "snapshot", "ack", "complete", "notify", "write", "flush", "preCommit", "commit"] as const;
  /** Every step of the first four checkpoints, and in between: before and after each step that a task or the job manager takes. */
  const points = [
    ...coarse.flatMap((step) => [1, 2, 3, 4].map((checkpoint) => ({ kind: "checkpoint", checkpoint, step }) as const)),
    ...fine.flatMap((step) =>
      (["before", "after"] as const).flatMap((at) =>
        [1, 2, 3].map((checkpoint) => ({ kind: "step", step, at, checkpoint, occurrence: 1 + (checkpoint % 2) }) as const),
      ),
    ),
  ];
  it.each(["crashTaskManager", "crashJobManager", "connectionsLost", "restart", "loseReplies"] as const)(
    "holds at every point of every checkpoint: %s",
    (what) => {
      let struck = 0;
      for (const when of points) {
        const fault: Fault =
          what === "crashTaskManager"
            ? { kind: what, taskManager: 0, when }
            : what === "crashJobManager"
              ? { kind: what, when }
              : { kind: "system", system: "shop", action: { what, downMs: 300 }, when };
        const outcome = finished(
          runDatabaseJob((env) => void orders(env).sinkTo(exactlyOnce()), {
            input: { orders: rows(250) },
            systems: [shop({ settings: XA })],
            faults: [fault],
            cluster: { taskManagers: 2, slotsPerTaskManager: 1, parallelism: 2 },
          }),
        );
        const { tables, preparedTransactions } = databaseIn(outcome);
        const place = `${what} at ${JSON.stringify(when)}`;
        expect(tables[0].rows.length, place).toBe(250);
        expect(new Set(tables[0].writes), place).toEqual(new Set([1]));
        expect(preparedTransactions, place).toEqual([]);
        struck += outcome.restarts;
      }
      expect(struck).toBeGreaterThan(points.length / 4);
    },
  );

  it("upserts of few keys end with each key's last value, also when a row is still locked by the checkpoint before", () => {
    for (const seed of SEEDS) {
      for (const batchSize of [5000, 1]) {
        const world = drawWorld(seed, [shop({ settings: { maxPreparedTransactions: 20, lockTimeoutMs: 300 } })], true);
        const job = (env: Parameters<typeof orders>[0]) =>
          void orders(env)
            .map((order) => ({ ...order, id: order.id % 3 }))
            .keyBy(({ id }) => id)
            .map((order) => order)
            .sinkTo(exactlyOnce(UPSERT, batchSize));
        const outcome = finished(runDatabaseJob(job, { ...world, partitions: 3 }));
        // Each key has a partition of its own, so its orders come in order.
        const last = new Map(world.input?.orders.map(([, order]) => [(order as Order).id % 3, order as Order]));
        const expected = [...last].sort(([a], [b]) => a - b).map(([id, order]) => ({ ...order, id }));
        expect(databaseIn(outcome).tables[0].rows, `seed ${seed}`).toEqual(expected);
        expect(databaseIn(outcome).preparedTransactions).toEqual([]);
      }
    }
  });

  it("duplicates are caught by the same check when the sink only appends at least once", () => {
    let caught = 0;
    const append = shop({ tables: [{ name: "orders", columns: { id: "integer", item: "text", amount: "integer" } }] });
    for (const seed of SEEDS) {
      const outcome = finished(runDatabaseJob((env) => void orders(env).sinkTo(atLeastOnce(INSERT)), drawWorld(seed, [append], true)));
      const ids = databaseIn(outcome).tables[0].rows.map(({ id }) => id);
      expect(new Set(ids).size, `seed ${seed}`).toBe(120);
      if (ids.length > 120) caught++;
    }
    expect(caught).toBeGreaterThan(5);
  });

  it("rolls back at its start what was prepared for a checkpoint that never completed", () => {
    const crash: Fault = { kind: "crashTaskManager", taskManager: 0, when: { kind: "checkpoint", checkpoint: 2, step: "acked" } };
    const run = (recoveredAndRollback: boolean) => {
      const options = JdbcExactlyOnceOptions.builder()
        .withTransactionPerConnection(true)
        .withRecoveredAndRollback(recoveredAndRollback)
        .build();
      return runDatabaseJob((env) => void orders(env).sinkTo(exactlyOnce(INSERT, 5000, options)), {
        input: { orders: rows(120) },
        systems: [shop({ settings: XA })],
        faults: [crash],
        cluster: { taskManagers: 1, slotsPerTaskManager: 1, parallelism: 1 },
        limits: { maxVirtualMs: 600_000, maxSteps: 1_000_000, maxOutputRecords: 1000, maxRestarts: 5 },
      });
    };
    const outcome = finished(run(true));
    expect(outcome.restarts).toBe(1);
    expect(databaseIn(outcome).preparedTransactions).toEqual([]);
    expect(databaseIn(outcome).tables[0].rows).toHaveLength(120);
    // What nobody rolls back keeps its locks: the same rows cannot be written again.
    const stuck = run(false);
    expect(stuck.failure?.message).toContain("canceling statement due to lock timeout");
    expect(databaseIn(stuck).preparedTransactions).toHaveLength(1);
  });

  const refusals: [string, Parameters<typeof shop>[0], () => ReturnType<typeof exactlyOnce>, string][] = [
    [
      "prepared transactions are off",
      {},
      () => exactlyOnce(),
      'prepared transactions are disabled Hint: Set "max_prepared_transactions" to a nonzero value.',
    ],
    [
      "retries",
      { settings: XA },
      () => orderSink(INSERT).buildExactlyOnce(JdbcExactlyOnceOptions.defaults(), () => ({ getUrl: () => "jdbc:postgresql:shop" })),
      "JDBC XA sink requires maxRetries equal to 0",
    ],
    [
      "one connection",
      { settings: XA },
      () => exactlyOnce(INSERT, 10, JdbcExactlyOnceOptions.defaults()),
      "2nd phase commit must be issued using an idle connection",
    ],
    [
      "an unknown column",
      {},
      () => exactlyOnce("INSERT INTO orders (id, itm, amount) VALUES (?, ?, ?)"),
      'column "itm" of relation "orders" does not exist',
    ],
  ];
  it.each(refusals)("fails with a reason: %s", (_what, description, sink, expected) => {
    const outcome = runDatabaseJob((env) => void orders(env).sinkTo(sink()), {
      input: { orders: rows(100) },
      systems: [shop(description)],
      limits: { maxVirtualMs: 60_000, maxSteps: 100_000, maxOutputRecords: 1000, maxRestarts: 3 },
    });
    expect(outcome.failure?.message).toContain(expected);
    expect(databaseIn(outcome).tables[0].rows).toEqual([]);
  });
});

describe("JDBC-1 JDBC-2 the spellings of Flink 1.x", () => {
  const setOrder = (statement: PreparedStatement, order: Order) => {
    statement.setInt(1, order.id);
    statement.setString(2, order.item);
    statement.setInt(3, order.amount);
  };
  const noRetries = () => JdbcExecutionOptions.builder().withMaxRetries(0).build();
  const perConnection = () => JdbcExactlyOnceOptions.builder().withTransactionPerConnection(true).build();
  const dataSource = () => ({ getUrl: () => "jdbc:postgresql:shop" });
  it.each([
    ["sink", () => JdbcSink.sink(INSERT, setOrder, connectionOptions())],
    ["sink with options", () => JdbcSink.sink(INSERT, setOrder, noRetries(), connectionOptions())],
    ["exactlyOnceSink", () => JdbcSink.exactlyOnceSink(INSERT, setOrder, noRetries(), perConnection(), dataSource)],
  ])("%s", (_what, sink) => {
    const outcome = runDatabaseJob((env) => void orders(env).addSink(sink()).name("postgres"), {
      input: { orders: rows(50) },
      systems: [shop({ settings: XA })],
    });
    expect(databaseIn(finished(outcome)).tables[0].rows).toHaveLength(50);
  });

  it("and a statement with its builder in one object", () => {
    const sink = JdbcSink.builder<Order>()
      .withQueryStatement({ query: () => INSERT, statement: setOrder })
      .buildAtLeastOnce(connectionOptions());
    const outcome = runDatabaseJob((env) => void orders(env).sinkTo(sink), { input: { orders: rows(50) }, systems: [shop()] });
    expect(databaseIn(finished(outcome)).tables[0].rows).toHaveLength(50);
  });
});

describe("JDBC-3 mistakes are told when the sink is built", () => {
  const cases: [string, () => unknown, string][] = [
    ["a bad statement", () => orderSink("INSERT INTO orders (id) VALUES (?) ON DUPLICATE KEY UPDATE id = 1"), "JDBC_BAD_STATEMENT"],
    ["no statement", () => JdbcSink.builder().buildAtLeastOnce(connectionOptions()), "JDBC_SINK_WITHOUT_STATEMENT"],
    [
      "another database",
      () => new JdbcConnectionOptions.JdbcConnectionOptionsBuilder().withUrl("jdbc:mysql://localhost/shop").build(),
      "JDBC_BAD_URL",
    ],
    ["no URL", () => new JdbcConnectionOptions.JdbcConnectionOptionsBuilder().build(), "JDBC_BAD_URL"],
    ["negative retries", () => JdbcExecutionOptions.builder().withMaxRetries(-1).build(), "JDBC_BAD_OPTION"],
    ["no attempt", () => JdbcExactlyOnceOptions.builder().withMaxCommitAttempts(0).build(), "JDBC_BAD_OPTION"],
  ];
  it.each(cases)("%s", (_what, build, code) => {
    try {
      build();
    } catch (error) {
      expect((error as { data: { code: string } }).data.code).toBe(code);
      return;
    }
    throw new Error("nothing was refused");
  });

  it.each([
    [
      "a parameter that is not there",
      (statement: { setInt(index: number, value: number): void }) => statement.setInt(4, 1),
      "The column index is out of range: 4, number of columns: 3.",
    ],
    [
      "a parameter that is not set",
      (statement: { setInt(index: number, value: number): void }) => statement.setInt(1, 1),
      "No value specified for parameter 2.",
    ],
  ])("or for the first record: %s", (_what, builder, message) => {
    const sink = JdbcSink.builder<unknown>().withQueryStatement(INSERT, builder).buildAtLeastOnce(connectionOptions());
    const outcome = runDatabaseJob((env) => void orders(env).sinkTo(sink), { input: { orders: rows(1) }, systems: [shop()] });
    expect(outcome).toMatchObject({ status: "failed", failure: { message } });
  });

  it("or when the world has no such database", () => {
    const outcome = runDatabaseJob((env) => void orders(env).sinkTo(atLeastOnce(INSERT)), {
      input: { orders: rows(1) },
      systems: [{ ...shop(), name: "shoop" }],
    });
    expect(outcome.failure).toMatchObject({ code: "SYSTEM_UNKNOWN", diagnostic: { hint: 'Did you mean "shoop"?' } });
  });
});
