/** The other way from a database into Flink: Debezium → log → job; and both ways beside each other. */
import { describe, expect, it, vi } from "vitest";
import { Prng } from "../../../src/base/prng.ts";
import {
  Duration,
  JdbcConnectionOptions,
  JdbcExecutionOptions,
  JdbcSink,
  KafkaRecordDeserializationSchema,
  json,
  KafkaSink,
  KafkaSource,
  type ProcessContext,
  ProcessFunction,
  type Collector,
  type StreamExecutionEnvironment,
  WatermarkStrategy,
} from "../../../src/index.ts";
import type {
  ApplicationTransaction,
  DatabaseDescription,
  DebeziumDescription,
  DebeziumOutcome,
  Fault,
  RunOutcome,
  SystemDescription,
} from "../../../src/sim.ts";
import type { TestWorld } from "../../datastream/run-job.ts";
import { busyShop, cdcSource, copyChanges, keyOf, type OrderChange, TABLE } from "./cdc-jobs.ts";
import { databaseIn, finished, type Order, runDatabaseJob } from "./database-jobs.ts";

vi.setConfig({ testTimeout: 120_000 });

const SEEDS = Array.from({ length: 25 }, (_, index) => index + 1);
const TOPIC = "shop.public.orders";
const CONNECTOR: DebeziumDescription = { kind: "debezium", name: "connector", database: "shop", topicPrefix: "shop" };

function debeziumSource() {
  return (
    KafkaSource.builder<OrderChange>()
      .setTopics(TOPIC)
      // Tombstones have no value: they are skipped.
      .setDeserializer(KafkaRecordDeserializationSchema.valueOnly((value) => value as OrderChange | null))
      .build()
  );
}

function run(systems: readonly SystemDescription[], world: TestWorld = {}): RunOutcome {
  return finished(
    runDatabaseJob((env) => copyChanges(env, debeziumSource() as never), { output: [TOPIC, "out"], partitions: 2, systems, ...world }),
  );
}

interface LogRecord {
  readonly key: string | null;
  readonly value: OrderChange | null;
}

const logOf = (outcome: RunOutcome) =>
  (outcome.topics.find(({ name }) => name === TOPIC)?.records ?? []) as readonly unknown[] as readonly LogRecord[];
const connectorIn = (outcome: RunOutcome) => outcome.systems.find(({ name }) => name === "connector")?.contents as DebeziumOutcome;

/** What a compacted topic says in the end. */
function lastValues(records: readonly LogRecord[]): Order[] {
  const rows = new Map<string, Order>();
  for (const { key, value } of records) {
    if (value?.after == null) rows.delete(key as string);
    else rows.set(key as string, value.after);
  }
  return [...rows.values()].sort((a, b) => a.id - b.id);
}

describe("CDC-6 a Debezium connector", () => {
  const shop: DatabaseDescription = {
    kind: "postgres",
    name: "shop",
    tables: [{ ...TABLE, rows: [{ id: 1, item: "tea", amount: 1 }] }],
    application: [
      { atMs: 1000, changes: [{ op: "insert", table: "orders", row: { id: 2, item: "mate", amount: 2 } }] },
      { atMs: 1100, changes: [{ op: "delete", table: "orders", where: { id: 1 } }] },
    ],
    settings: { walLevel: "logical" },
  };

  it("writes the tables, then their changes, keyed by primary key, with a tombstone after each DELETE", () => {
    const outcome = run([shop, CONNECTOR]);
    expect(logOf(outcome).map(({ key, value }) => [key, value?.op ?? null, value?.source.snapshot ?? null])).toEqual([
      ['{"id":1}', "r", "true"],
      ['{"id":2}', "c", "false"],
      ['{"id":1}', "d", "false"],
      ['{"id":1}', null, null],
    ]);
    expect(connectorIn(outcome)).toMatchObject({ state: "running", snapshotCompleted: true, events: 3, restarts: 0, storedOffset: null });
    expect(
      run([shop, { ...CONNECTOR, tombstonesOnDelete: false, snapshotMode: "no_data" } as DebeziumDescription]).topics[0].records,
    ).toHaveLength(2);
  });

  it("holds the log until its position is stored", () => {
    const retained = (offsetFlushIntervalMs: number) =>
      databaseIn(
        run([busyShop(3), { ...CONNECTOR, offsetFlushIntervalMs } as DebeziumDescription], { end: { kind: "cancel", atMs: 8000 } }),
      ).slots[0].retainedBytes;
    expect(retained(1000)).toBe(0);
    expect(retained(60_000)).toBeGreaterThan(5000);
  });

  it("fails for good when the database refuses it", () => {
    const outcome = run([{ ...shop, settings: {} } as DatabaseDescription, CONNECTOR]);
    expect(connectorIn(outcome)).toMatchObject({ state: "failed", error: 'ERROR: logical decoding requires "wal_level" >= "logical"' });
  });

  it("loses nothing under crashes, of it and of the database, and repeats what it had written since its position was stored", () => {
    let repeated = 0;
    for (const seed of SEEDS) {
      const random = new Prng(seed).fork("faults");
      const faults = Array.from({ length: 3 }, (): Fault => {
        const action =
          random.nextInt(2) === 0
            ? { system: "connector", action: { what: "crash", downMs: 200 } }
            : { system: "shop", action: { what: "restart", downMs: 300 } };
        return { kind: "system", ...action, when: { kind: "atMs", atMs: random.nextInt(5000) } };
      });
      const connector: DebeziumDescription = {
        ...CONNECTOR,
        offsetFlushIntervalMs: 1500,
        maxBatchSize: 5,
        pollIntervalMs: 100,
        retryMs: 500,
      };
      const outcome = run([busyShop(seed), connector], { faults, seed });
      expect(lastValues(logOf(outcome)), `seed ${seed}`).toEqual(databaseIn(outcome).tables[0].rows);
      const places = logOf(outcome).flatMap(({ key, value }) => (value === null ? [] : [`${value.op} ${value.source.lsn} ${key}`]));
      repeated += places.length - new Set(places).size;
    }
    expect(repeated).toBeGreaterThan(SEEDS.length);
  });
});

class Latency extends ProcessFunction<OrderChange, number> {
  processElement(change: OrderChange, context: ProcessContext, out: Collector<number>) {
    if (change.op !== "r") out.collect(context.timerService().currentProcessingTime() - change.source.ts_ms);
  }
}

/** Copies the shop's table into the warehouse's, and tells how late each change came. */
function mirror(env: StreamExecutionEnvironment, source: ReturnType<ReturnType<typeof cdcSource>["build"]>) {
  const changes = env.fromSource(source, WatermarkStrategy.noWatermarks<OrderChange>(), "orders");
  changes.process(new Latency()).sinkTo(KafkaSink.builder<number>().setRecordSerializer(json("latency")).build());
  changes
    .keyBy(keyOf)
    .map((change) => ({ ...(change.after ?? { id: keyOf(change), item: "", amount: 0 }), deleted: change.after === null }))
    .sinkTo(
      JdbcSink.builder<Order & { readonly deleted: boolean }>()
        .withQueryStatement(
          "INSERT INTO orders (id, item, amount, deleted) VALUES (?, ?, ?, ?) " +
            "ON CONFLICT (id) DO UPDATE SET item = EXCLUDED.item, amount = EXCLUDED.amount, deleted = EXCLUDED.deleted",
          (statement, order) => {
            statement.setInt(1, order.id);
            statement.setString(2, order.item);
            statement.setInt(3, order.amount);
            statement.setBoolean(4, order.deleted);
          },
        )
        .withExecutionOptions(JdbcExecutionOptions.builder().withBatchIntervalMs(200).build())
        .buildAtLeastOnce(new JdbcConnectionOptions.JdbcConnectionOptionsBuilder().withUrl("jdbc:postgresql://dwh:5432/warehouse").build()),
    );
}

describe("CDC-7 the CDC source and Debezium with a log between", () => {
  const warehouse: DatabaseDescription = {
    kind: "postgres",
    name: "warehouse",
    tables: [{ name: "orders", columns: { id: "integer", item: "text", amount: "integer", deleted: "boolean" }, primaryKey: ["id"] }],
  };
  const writes = (shop: DatabaseDescription): DatabaseDescription => ({
    ...shop,
    application: (shop.application ?? []).map((transaction): ApplicationTransaction => ({ ...transaction, atMs: transaction.atMs + 1000 })),
  });
  const mirrored = (outcome: RunOutcome) =>
    databaseIn(outcome, "warehouse")
      .tables[0].rows.filter(({ deleted }) => deleted === false)
      .map(({ id, item, amount }) => ({ id, item, amount }));
  const latencies = (outcome: RunOutcome) =>
    (outcome.topics.find(({ name }) => name === "latency")?.records ?? []).map(({ value }) => value as number);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  function both(seed: number, pollIntervalMs: number, faults: readonly Fault[] = []) {
    const shop = writes(busyShop(seed));
    const world = { seed, faults: faults as Fault[], partitions: 2, output: [TOPIC, "latency"] };
    const direct = runDatabaseJob((env) => mirror(env, cdcSource().debeziumProperties({ "poll.interval.ms": pollIntervalMs }).build()), {
      ...world,
      systems: [shop, warehouse],
    });
    const viaLog = runDatabaseJob((env) => mirror(env, debeziumSource() as never), {
      ...world,
      systems: [shop, warehouse, { ...CONNECTOR, pollIntervalMs } as DebeziumDescription],
    });
    return { direct: finished(direct), viaLog: finished(viaLog) };
  }

  it("end in the same state, that of the database; the way over the log takes longer", () => {
    const late = { direct: [] as number[], viaLog: [] as number[] };
    for (const seed of SEEDS) {
      const { direct, viaLog } = both(seed, 20);
      expect(mirrored(direct), `seed ${seed}`).toEqual(databaseIn(direct).tables[0].rows);
      expect(mirrored(viaLog), `seed ${seed}`).toEqual(mirrored(direct));
      late.direct.push(...latencies(direct));
      late.viaLog.push(...latencies(viaLog));
    }
    expect(late.direct.length).toBe(late.viaLog.length);
    // Half a poll interval; over the log, the producer's way too.
    expect(mean(late.direct)).toBeGreaterThan(5);
    expect(mean(late.direct)).toBeLessThan(15);
    expect(mean(late.viaLog) - mean(late.direct)).toBeGreaterThan(3);
    expect(mean(late.viaLog) - mean(late.direct)).toBeLessThan(10);
  });

  it("end in the same state after crashes too", () => {
    for (const seed of SEEDS.slice(0, 15)) {
      const faults: Fault[] = [
        { kind: "crashTaskManager", taskManager: 0, when: { kind: "afterRecords", records: 20 + seed } },
        { kind: "system", system: "shop", action: { what: "restart", downMs: 400 }, when: { kind: "atMs", atMs: 2000 + 31 * seed } },
      ];
      const { direct, viaLog } = both(seed, 100, faults);
      expect(mirrored(direct), `seed ${seed}`).toEqual(databaseIn(direct).tables[0].rows);
      expect(mirrored(viaLog), `seed ${seed}`).toEqual(databaseIn(viaLog).tables[0].rows);
    }
  });

  it("both come in batches, one per poll interval of 500 ms unless told otherwise", () => {
    const { direct, viaLog } = both(1, 500);
    for (const outcome of [direct, viaLog]) {
      expect(mean(latencies(outcome))).toBeGreaterThan(150);
      expect(Math.max(...latencies(outcome))).toBeLessThan(Duration.ofMillis(520).toMillis());
    }
  });
});
