/** Jobs that write to systems outside the cluster, or read what others put there. */
import {
  ConcatFileCompactor,
  type DataStream,
  DefaultRollingPolicy,
  Duration,
  Elasticsearch7SinkBuilder,
  FileCompactStrategy,
  FileSink,
  type FlushBackoffType,
  HttpHost,
  IcebergSink,
  JdbcConnectionOptions,
  JdbcExactlyOnceOptions,
  JdbcExecutionOptions,
  JdbcSink,
  type JdbcSinkBuilder,
  KinesisStreamsSink,
  KinesisStreamsSource,
  OnCheckpointRollingPolicy,
  PGXADataSource,
  Requests,
  type RollingPolicy,
  SimpleStringEncoder,
  TableLoader,
} from "../../../src/index.ts";
import type { DatabaseDescription, DrawnSystem, ElasticsearchDescription, IcebergDescription, SwarmEvent } from "../../../src/sim.ts";
import type { SystemDescription } from "../../../src/connectors/systems/outside-system.ts";
import { keyOf, ONE_INPUT, read, type SwarmJob, watermarksBy, write } from "./swarm-job.ts";

const URL = "jdbc:postgresql://localhost:5432/warehouse";
export const WAREHOUSE: DatabaseDescription = {
  kind: "postgres",
  name: "warehouse",
  tables: [
    { name: "events", columns: { key: "text", id: "integer", amount: "integer" } },
    { name: "latest", columns: { key: "text", id: "integer", amount: "integer" }, primaryKey: ["key"] },
  ],
  settings: { maxPreparedTransactions: 100 },
};
const AT_BARRIERS_ONLY = 1_000_000;
const INSERT = "INSERT INTO events (key, id, amount) VALUES (?, ?, ?)";
const UPSERT =
  "INSERT INTO latest (key, id, amount) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET id = EXCLUDED.id, amount = EXCLUDED.amount";

function jdbc(statement: string) {
  return JdbcSink.builder<SwarmEvent>().withQueryStatement(statement, (prepared, event) => {
    prepared.setString(1, event.key);
    prepared.setInt(2, event.id);
    prepared.setInt(3, event.amount);
  });
}

export function jdbcAtLeastOnce(statement = INSERT, batchSize = 5) {
  return jdbc(statement)
    .withExecutionOptions(JdbcExecutionOptions.builder().withBatchSize(batchSize).withBatchIntervalMs(200).withMaxRetries(2).build())
    .buildAtLeastOnce(
      new JdbcConnectionOptions.JdbcConnectionOptionsBuilder().withUrl(URL).withDriverName("org.postgresql.Driver").build(),
    );
}

/** In XA transactions. */
export function exactlyOnceInto<T>(builder: JdbcSinkBuilder<T>, database: string, batchSize = 7) {
  return builder
    .withExecutionOptions(JdbcExecutionOptions.builder().withMaxRetries(0).withBatchSize(batchSize).build())
    .buildExactlyOnce(JdbcExactlyOnceOptions.builder().withTransactionPerConnection(true).withMaxCommitAttempts(100).build(), () => {
      const source = new PGXADataSource();
      source.setUrl(`jdbc:postgresql://localhost:5432/${database}`);
      return source;
    });
}

export const into = (system: SystemDescription, ...others: readonly SystemDescription[]) => ({
  ...ONE_INPUT,
  outputs: [],
  systems: [system, ...others],
  outputSystems: [system.name],
});

export const S3 = { kind: "objectStore", name: "s3", buckets: ["lake"], minPartBytes: 200 } as SystemDescription;
const DISK: SystemDescription = { kind: "files", name: "disk" };
const LAKE: IcebergDescription = {
  kind: "iceberg",
  name: "lake",
  warehouse: "s3://lake/warehouse",
  tables: [{ name: "db.events", partitionBy: ["key"] }],
};
export const TABLE = into(LAKE, S3);
export const SEARCH: ElasticsearchDescription = { kind: "elasticsearch", name: "search" };

const rolling = () =>
  DefaultRollingPolicy.builder()
    .withRolloverInterval(Duration.ofMillis(700))
    .withInactivityInterval(Duration.ofMillis(400))
    .withMaxPartSize(300)
    .build<string>();

function filesTogether(path: string) {
  const strategy = FileCompactStrategy.Builder.newBuilder().setSizeThreshold(400).enableCompactionOnCheckpoint(3).build();
  return FileSink.forRowFormat<string>(path, new SimpleStringEncoder<string>())
    .withRollingPolicy(OnCheckpointRollingPolicy.build())
    .withBucketAssigner({ getBucketId: (line) => (JSON.parse(line) as SwarmEvent).key })
    .enableCompact(strategy, new ConcatFileCompactor())
    .build();
}

function files(path: string, policy: RollingPolicy<string>) {
  return FileSink.forRowFormat<string>(path, new SimpleStringEncoder<string>())
    .withBucketAssigner({ getBucketId: (line) => (JSON.parse(line) as SwarmEvent).key })
    .withRollingPolicy(policy)
    .withBucketCheckInterval(150)
    .build();
}

const lines = (events: DataStream<SwarmEvent>) => events.rebalance().map(({ key, id, amount }) => JSON.stringify({ key, id, amount }));

export function searchSink(ids: boolean, backoff: FlushBackoffType) {
  return new Elasticsearch7SinkBuilder<SwarmEvent>()
    .setHosts(new HttpHost("search", 9200, "http"))
    .setBulkFlushMaxActions(4)
    .setBulkFlushInterval(300)
    .setBulkFlushBackoffStrategy(backoff, 3, 200)
    .setEmitter(({ key, id, amount }, _context, indexer) => {
      const request = Requests.indexRequest("events").source({ key, id, amount });
      indexer.add(ids ? request.id(id) : request);
    })
    .build();
}

/** Each partition's events are one writer's; shards are split and merged while the job runs. */
const STREAM: DrawnSystem = {
  name: "aws",
  describe(events, random) {
    const reshards = [{ split: "shardId-000000000000" }, { merge: "shardId-000000000002" }, { split: "shardId-000000000001" }].slice(
      0,
      random.nextInt(3),
    );
    const lastMs = events.at(-1)?.atMs ?? 0;
    const firstMs = events[0]?.atMs ?? 0;
    let atMs = firstMs;
    return {
      kind: "kinesis",
      name: "aws",
      latencyMs: random.nextInt(20),
      streams: [
        {
          name: "events",
          shards: 2,
          records: events.map((event) => ({ atMs: event.atMs, partitionKey: event.key as string, data: event.value })),
          reshards: reshards.map((reshard) => {
            atMs += 1 + random.nextInt(Math.max(1, Math.floor((lastMs - firstMs) / 2)));
            return { atMs, ...reshard };
          }),
        },
      ],
    } as SystemDescription;
  },
};

const OUT_STREAM = { kind: "kinesis", name: "aws", streams: [{ name: "out", shards: 2, maxRecordsPerSecond: 60 }] } as SystemDescription;

function readingShards(name: string, config: Readonly<Record<string, string>>): SwarmJob {
  return {
    name,
    // A child may be read by another subtask than its parent: between the two and the sink nothing keeps an order.
    promises: { delivery: "exactlyOnce" },
    workload: { inputs: [], outputs: ["out"], systems: [STREAM] },
    build(env) {
      const source = KinesisStreamsSource.builder<SwarmEvent>()
        .setStreamArn("events")
        .setSourceConfig({ "source.init.position": "TRIM_HORIZON", "source.shard.discovery.interval": "400", ...config })
        .build();
      const strategy = watermarksBy<SwarmEvent>((event) => event.atMs);
      write(
        env
          .fromSource(source, strategy, "events")
          .uid("events")
          .map(({ key, id }) => ({ key, id })),
      );
    },
  };
}

export const SYSTEM_JOBS: readonly SwarmJob[] = [
  {
    name: "upserts into a database",
    promises: { delivery: "exactlyOnce" },
    workload: into(WAREHOUSE),
    build(env) {
      read(env, "events").keyBy(keyOf).sinkTo(jdbcAtLeastOnce(UPSERT)).name("out").uid("out");
    },
  },
  {
    name: "rows into a database, at least once",
    promises: { delivery: "atLeastOnce" },
    workload: into(WAREHOUSE),
    build(env) {
      read(env, "events").rebalance().sinkTo(jdbcAtLeastOnce()).name("out").uid("out");
    },
  },
  {
    name: "rows into a database in XA transactions",
    promises: { delivery: "exactlyOnce" },
    // It cannot be scaled down.
    workload: { ...into(WAREHOUSE), unfit: ["restartFromSavepoint"] },
    build(env) {
      read(env, "events")
        .rebalance()
        .sinkTo(exactlyOnceInto(jdbc(INSERT), "warehouse"))
        .name("out")
        .uid("out");
    },
  },
  {
    name: "upserts into a database in XA transactions",
    promises: { delivery: "exactlyOnce" },
    workload: { ...into(WAREHOUSE), unfit: ["restartFromSavepoint"] },
    build(env) {
      // Written at barriers only. A batch between a barrier and its commit waits for a row that its own task is about to commit, until the lock's
      // timeout: one batch per restart is all that such a job gets done (decision 0012; lock-wait.test.ts).
      read(env, "events")
        .keyBy(keyOf)
        .sinkTo(exactlyOnceInto(jdbc(UPSERT), "warehouse", AT_BARRIERS_ONLY))
        .name("out")
        .uid("out");
    },
  },
  {
    name: "writers that want the same rows",
    promises: { delivery: "exactlyOnce" },
    workload: into(WAREHOUSE),
    build(env) {
      // Always the same row for a key, so that it does not matter who was last.
      const rows = read(env, "events").map(({ key, atMs }) => ({ key, id: Number(key.slice(1)), amount: 0, atMs }));
      rows.rebalance().sinkTo(jdbcAtLeastOnce(UPSERT, 12)).name("out").uid("out");
    },
  },
  {
    name: "files in an object store",
    promises: { delivery: "exactlyOnce" },
    workload: into(S3),
    build(env) {
      lines(read(env, "events")).sinkTo(files("s3://lake/events", rolling())).name("out").uid("out");
    },
  },
  {
    name: "files on a disk",
    promises: { delivery: "exactlyOnce" },
    workload: into(DISK),
    build(env) {
      lines(read(env, "events")).sinkTo(files("file:///events", rolling())).name("out").uid("out");
    },
  },
  {
    name: "small files put together on a disk",
    promises: { delivery: "exactlyOnce" },
    workload: into(DISK),
    build(env) {
      lines(read(env, "events")).sinkTo(filesTogether("file:///events")).name("out").uid("out");
    },
  },
  {
    name: "small files put together in an object store",
    promises: { delivery: "exactlyOnce" },
    workload: into(S3),
    build(env) {
      lines(read(env, "events")).sinkTo(filesTogether("s3://lake/events")).name("out").uid("out");
    },
  },
  {
    name: "a file per checkpoint",
    promises: { delivery: "exactlyOnce" },
    workload: into(S3),
    build(env) {
      lines(read(env, "events")).sinkTo(files("s3://lake/events", OnCheckpointRollingPolicy.build())).name("out").uid("out");
    },
  },
  {
    name: "appends to a table",
    promises: { delivery: "exactlyOnce" },
    workload: TABLE,
    build(env) {
      IcebergSink.forRow(read(env, "events").rebalance()).tableLoader(TableLoader.fromCatalog("lake", "db.events")).append().uid("out");
    },
  },
  {
    name: "upserts into a table",
    promises: { delivery: "exactlyOnce" },
    workload: TABLE,
    build(env) {
      IcebergSink.forRow(read(env, "events"))
        .tableLoader(TableLoader.fromCatalog("lake", "db.events"))
        .equalityFieldColumns(["key"])
        .upsert(true)

        .append()
        .uid("out");
    },
  },
  {
    name: "documents with ids",
    promises: { delivery: "exactlyOnce" },
    workload: into(SEARCH),
    build(env) {
      read(env, "events").rebalance().sinkTo(searchSink(true, "EXPONENTIAL")).name("out").uid("out");
    },
  },
  {
    name: "documents without ids",
    promises: { delivery: "atLeastOnce" },
    workload: into(SEARCH),
    build(env) {
      read(env, "events").rebalance().sinkTo(searchSink(false, "NONE")).name("out").uid("out");
    },
  },
  readingShards("reading a stream of shards", {}),
  readingShards("being pushed a stream of shards", { "source.reader.type": "EFO", "source.efo.consumer.name": "job" }),
  {
    name: "writing a stream of shards",
    promises: { delivery: "atLeastOnce" },
    workload: into(OUT_STREAM),
    build(env) {
      const sink = KinesisStreamsSink.builder<SwarmEvent>()
        .setStreamArn("out")
        .setSerializationSchema(({ key, id }) => ({ key, id }))
        .setPartitionKeyGenerator(keyOf)
        .setMaxBatchSize(5)
        .setMaxTimeInBufferMS(300)
        .build();
      read(env, "events").rebalance().sinkTo(sink).name("out").uid("out");
    },
  },
];
