/** A job that copies a table's changes into a topic, and what such a topic must hold. */
import { expect } from "vitest";
import { Prng } from "../../../src/base/prng.ts";
import {
  type ChangeEvent,
  DeliveryGuarantee,
  json,
  JsonDebeziumDeserializationSchema,
  KafkaSink,
  PostgresSourceBuilder,
  type StreamExecutionEnvironment,
  WatermarkStrategy,
} from "../../../src/index.ts";
import type { ApplicationTransaction, DatabaseDescription, RowChange, RunOutcome } from "../../../src/sim.ts";
import { databaseIn, type Order } from "./database-jobs.ts";

export type OrderChange = ChangeEvent<Order>;

export function cdcSource() {
  return PostgresSourceBuilder.PostgresIncrementalSource.builder<OrderChange>()
    .hostname("localhost")
    .port(5432)
    .database("shop")
    .schemaList("public")
    .tableList("public.orders")
    .username("flink")
    .password("flink")
    .slotName("flink")
    .decodingPluginName("pgoutput")
    .deserializer(new JsonDebeziumDeserializationSchema<Order>());
}

export const keyOf = (change: OrderChange): number => (change.after ?? (change.before as Order)).id;

/** Changes by key, committed with the checkpoints. */
export function copyChanges(env: StreamExecutionEnvironment, source = cdcSource().build()) {
  env
    .fromSource(source, WatermarkStrategy.noWatermarks<OrderChange>(), "orders")
    .keyBy(keyOf)
    .map((change) => change)
    .sinkTo(
      KafkaSink.builder<OrderChange>()
        .setRecordSerializer(json("out", keyOf))
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix("copy")
        .build(),
    );
}

/** Committed changes in the order of the topic. */
export function changesIn(outcome: RunOutcome, topic = "out"): OrderChange[] {
  const records = outcome.topics.find(({ name }) => name === topic)?.records ?? [];
  return records.filter(({ committedAtMs }) => committedAtMs !== null).map(({ value }) => value as OrderChange);
}

/** Puts changes together, one after the other; with FULL identity each must fit what is there. */
export function replay(changes: readonly OrderChange[]): Order[] {
  const rows = new Map<number, Order>();
  for (const change of changes) {
    const { op, before, after } = change;
    const there = rows.get(keyOf(change)) ?? null;
    const place = JSON.stringify(change);
    if (op === "r" || op === "c") expect(there, place).toBeNull();
    else expect(there, place).toEqual(before);
    if (after === null) rows.delete(keyOf(change));
    else rows.set(after.id, after);
  }
  return [...rows.values()].sort((a, b) => a.id - b.id);
}

/** Every change is there once, and together they give the table. */
export function expectExactCopy(outcome: RunOutcome, seed: number): void {
  const changes = changesIn(outcome);
  const places = changes.map(({ op, source, before, after }) => JSON.stringify([op, source.lsn, (after ?? before)?.id]));
  expect(new Set(places).size, `seed ${seed}: a change is there twice`).toBe(places.length);
  expect(replay(changes), `seed ${seed}`).toEqual(databaseIn(outcome).tables[0].rows);
}

export const TABLE = {
  name: "orders",
  columns: { id: "integer not null", item: "text", amount: "integer" },
  primaryKey: ["id"],
  replicaIdentity: "full",
} as const;

/** A database that is written to while it is read. */
export function busyShop(seed: number, settings: DatabaseDescription["settings"] = {}): DatabaseDescription {
  const random = new Prng(seed).fork("shop");
  const rows = Array.from({ length: 40 }, (_, id): Order => ({ id: id * 3, item: "old", amount: id }));
  let nowMs = 0;
  let nextId = 1000;
  const application = Array.from({ length: 60 }, (): ApplicationTransaction => {
    nowMs += random.nextInt(90);
    const changes = Array.from({ length: 1 + random.nextInt(3) }, (): RowChange => {
      const id = random.nextInt(40) * 3;
      switch (random.nextInt(6)) {
        case 0:
          return { op: "delete", table: "orders", where: { id } };
        case 1:
          return { op: "insert", table: "orders", row: { id: nextId++, item: "new", amount: 0 } };
        case 2:
          return { op: "update", table: "orders", where: { id }, set: { id: nextId++ } };
        case 3:
          return { op: "upsert", table: "orders", row: { id, item: "back", amount: random.nextInt(100) } };
        default:
          return { op: "update", table: "orders", where: { id }, set: { amount: random.nextInt(100) } };
      }
    });
    return { atMs: nowMs, changes, openForMs: random.nextInt(3) === 0 ? random.nextInt(300) : 0, rollback: random.nextInt(8) === 0 };
  });
  return {
    kind: "postgres",
    name: "shop",
    tables: [{ ...TABLE, rows }],
    application,
    settings: { walLevel: "logical", costMs: { statement: 20, row: 3 }, ...settings },
  };
}
