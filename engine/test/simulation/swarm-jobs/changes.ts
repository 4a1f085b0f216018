/** Jobs that read a database's changes: by themselves, or as Debezium writes them to the log. */
import {
  type ChangeEvent,
  type DataStream,
  JdbcConnectionOptions,
  JdbcExecutionOptions,
  JdbcSink,
  JsonDebeziumDeserializationSchema,
  KafkaRecordDeserializationSchema,
  KafkaSource,
  PostgresSourceBuilder,
  type StreamExecutionEnvironment,
  WatermarkStrategy,
} from "../../../src/index.ts";
import type {
  ApplicationTransaction,
  DatabaseDescription,
  DebeziumDescription,
  DrawnSystem,
  Promises,
  RowChange,
  SwarmEvent,
  SwarmWorkload,
} from "../../../src/sim.ts";
import { type SwarmJob, write } from "./swarm-job.ts";
import { exactlyOnceInto } from "./systems.ts";

type Order = {
  readonly id: number;
  readonly item: string;
  readonly amount: number;
};
type OrderChange = ChangeEvent<Order>;

const ORDERS = { name: "orders", columns: { id: "integer not null", item: "text", amount: "integer" }, primaryKey: ["id"] } as const;

/** A shop whose application inserts, changes and deletes orders, moves them to other keys, and changes its mind, while they are read. */
const SHOP: DrawnSystem = {
  name: "shop",
  describe(events, random): DatabaseDescription {
    let nextId = 1000;
    const changeOf = ({ amount, key }: SwarmEvent): RowChange => {
      const id = Number(key.slice(1)) + 8 * random.nextInt(4);
      switch (random.nextInt(6)) {
        case 0:
          return { op: "delete", table: "orders", where: { id } };
        case 1:
          return { op: "insert", table: "orders", row: { id: nextId++, item: "new", amount } };
        case 2:
          return { op: "update", table: "orders", where: { id }, set: { id: nextId++ } };
        case 3:
          return { op: "upsert", table: "orders", row: { id, item: "back", amount } };
        default:
          return { op: "update", table: "orders", where: { id }, set: { amount } };
      }
    };
    const application = events.map(({ atMs, value }): ApplicationTransaction => {
      const changes = Array.from({ length: 1 + random.nextInt(3) }, () => changeOf(value as SwarmEvent));
      return { atMs, changes, openForMs: random.nextInt(3) === 0 ? random.nextInt(300) : 0, rollback: random.nextInt(8) === 0 };
    });
    const rows = Array.from({ length: 32 }, (_, id): Order => ({ id, item: "old", amount: id }));
    return {
      kind: "postgres",
      name: "shop",
      tables: [{ ...ORDERS, replicaIdentity: "full", rows }],
      application,
      settings: {
        walLevel: "logical",
        failoverSlots: true,
        lockTimeoutMs: 1000,
        costMs: { statement: random.nextInt(20), row: random.nextInt(3) },
      },
    };
  },
};

const COPY: DatabaseDescription = {
  kind: "postgres",
  name: "warehouse",
  tables: [{ ...ORDERS, columns: { ...ORDERS.columns, deleted: "boolean" } }],
  settings: { maxPreparedTransactions: 100 },
};

const TOPIC = "shop.public.orders";
const CONNECTOR: DebeziumDescription = {
  kind: "debezium",
  name: "connector",
  database: "shop",
  topicPrefix: "shop",
  pollIntervalMs: 100,
  offsetFlushIntervalMs: 1500,
  maxBatchSize: 5,
  retryMs: 500,
};

const SHOP_ORDERS = { system: "shop", table: "public.orders", key: ["id"] } as const;
export const MIRRORS: Promises = {
  mirrors: { original: SHOP_ORDERS, copy: { ...SHOP_ORDERS, system: "warehouse", deletedBy: "deleted" } },
};
const keyOf = (change: OrderChange): number => (change.after ?? (change.before as Order)).id;

export function cdcSource() {
  return PostgresSourceBuilder.PostgresIncrementalSource.builder<OrderChange>()
    .hostname("localhost")
    .database("shop")
    .schemaList("public")
    .tableList("public.orders")
    .username("flink")
    .password("flink")
    .slotName("flink")
    .decodingPluginName("pgoutput")
    .splitSize(5)
    .debeziumProperties({ "poll.interval.ms": 100 })
    .deserializer(new JsonDebeziumDeserializationSchema<Order>())
    .build();
}

export function changesOf(env: StreamExecutionEnvironment, source = cdcSource()): DataStream<OrderChange> {
  return env.fromSource(source, WatermarkStrategy.noWatermarks<OrderChange>(), "orders").uid("orders");
}

export function copyOf(changes: DataStream<OrderChange>): void {
  write(
    changes
      .keyBy(keyOf)
      .map(({ op, before, after, source }) => ({ key: String((after ?? before)?.id), op, before, after, lsn: source.lsn }))
      .uid("change"),
  );
}

/**
 * Keeps deleted rows, and says that they are. In transactions where the changes are not the same again after a crash: a chunk that is read anew
 * is without what was deleted meanwhile, and nobody would take such a row back.
 */
export function mirrorOf(changes: DataStream<OrderChange>, guarantee: "exactlyOnce" | "atLeastOnce"): void {
  const upsert =
    "INSERT INTO orders (id, item, amount, deleted) VALUES (?, ?, ?, ?) " +
    "ON CONFLICT (id) DO UPDATE SET item = EXCLUDED.item, amount = EXCLUDED.amount, deleted = EXCLUDED.deleted";
  const builder = JdbcSink.builder<OrderChange>().withQueryStatement(upsert, (statement, change) => {
    statement.setInt(1, keyOf(change));
    statement.setString(2, change.after?.item ?? "");
    statement.setInt(3, change.after?.amount ?? 0);
    statement.setBoolean(4, change.after === null);
  });
  const sink =
    guarantee === "exactlyOnce"
      ? exactlyOnceInto(builder, "warehouse")
      : builder
          .withExecutionOptions(JdbcExecutionOptions.builder().withBatchIntervalMs(200).build())
          .buildAtLeastOnce(
            new JdbcConnectionOptions.JdbcConnectionOptionsBuilder().withUrl("jdbc:postgresql://dwh:5432/warehouse").build(),
          );
  changes.keyBy(keyOf).sinkTo(sink).name("out").uid("out");
}

export const CHANGES: SwarmWorkload = { inputs: [], outputs: ["out"], systems: [SHOP] };
/** A job that has met its loss fails for ever. (A failover is no such loss: it is silent, in Flink CDC too.) */
export const LOSING_CHANGES: SwarmWorkload = {
  ...CHANGES,
  ownFaults: [{ kind: "system", system: "shop", action: { what: "loseSlots" } }],
  configuration: {
    "restart-strategy.type": "fixed-delay",
    "restart-strategy.fixed-delay.attempts": "50",
    "restart-strategy.fixed-delay.delay": "300 ms",
  },
};
export const REPLAYS: Promises = { replays: SHOP_ORDERS };
export const MAY_LOSE: Promises = { ...REPLAYS, mayLose: 'replication slot "flink' };
export const MIRROR: SwarmWorkload = { inputs: [], outputs: [], systems: [SHOP, COPY] };

export const CHANGE_JOBS: readonly SwarmJob[] = [
  {
    name: "changes of a table",
    promises: REPLAYS,
    workload: CHANGES,
    build(env) {
      copyOf(changesOf(env));
    },
  },
  {
    name: "changes of a table whose slot may be lost",
    promises: MAY_LOSE,
    workload: LOSING_CHANGES,
    build(env) {
      copyOf(changesOf(env));
    },
  },
  {
    name: "a copy of a table",
    promises: MIRRORS,
    // An XA sink cannot be scaled down.
    workload: { ...MIRROR, unfit: ["restartFromSavepoint"] },
    build(env) {
      mirrorOf(changesOf(env), "exactlyOnce");
    },
  },
  {
    name: "a copy of a table, by way of the log",
    promises: MIRRORS,
    workload: { ...MIRROR, outputs: [TOPIC], systems: [SHOP, CONNECTOR, COPY] },
    build(env) {
      const source = KafkaSource.builder<OrderChange>()
        .setTopics(TOPIC)
        // Tombstones have no value: they are skipped.
        .setDeserializer(KafkaRecordDeserializationSchema.valueOnly((value) => value as OrderChange | null))
        .build();
      mirrorOf(env.fromSource(source, WatermarkStrategy.noWatermarks<OrderChange>(), "orders").uid("orders"), "atLeastOnce");
    },
  },
];
