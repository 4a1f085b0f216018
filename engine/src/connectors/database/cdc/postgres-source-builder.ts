/**
 * Flink CDC's source for PostgreSQL: reads tables in chunks, in parallel and without locks, and then their changes from the log.
 * (Flink CDC: https://nightlies.apache.org/flink/flink-cdc-docs-stable/docs/connectors/flink-sources/postgres-cdc/)
 */
import { Diagnostic } from "../../../base/diagnostic.ts";
import { Duration } from "../../../base/duration.ts";
import type {
  Boundedness,
  Source,
  SourceReader,
  SourceReaderContext,
  SplitEnumerator,
  SplitEnumeratorContext,
} from "../../../flow/source.ts";
import type { CdcSplit } from "./cdc-splits.ts";
import type { DebeziumDeserializationSchema } from "./debezium-deserialization.ts";
import { type CdcEnumeratorState, IncrementalSourceEnumerator } from "./incremental-source-enumerator.ts";
import { IncrementalSourceReader } from "./incremental-source-reader.ts";
import type { PostgresSourceConfig } from "./postgres-source-config.ts";
import { StartupOptions } from "./startup-options.ts";

/** A reader of tables and their changes, for `env.fromSource`. Make one with `PostgresSourceBuilder.PostgresIncrementalSource.builder<T>()`. (Flink: docs/connectors/table/formats/debezium) */
export class PostgresIncrementalSource<T> implements Source<T, CdcSplit, CdcEnumeratorState> {
  readonly #config: PostgresSourceConfig;
  readonly #schema: DebeziumDeserializationSchema<T>;

  /** @internal Use `builder()`. */
  constructor(config: PostgresSourceConfig, schema: DebeziumDeserializationSchema<T>) {
    this.#config = config;
    this.#schema = schema;
  }

  /** Starts building; `T` is what the deserializer emits. */
  static builder<T>(): PostgresSourceBuilder<T> {
    return new PostgresSourceBuilder<T>();
  }

  /** BOUNDED with `StartupOptions.snapshot()`. */
  getBoundedness(): Boundedness {
    return this.#config.startup === "snapshot" ? "BOUNDED" : "CONTINUOUS_UNBOUNDED";
  }

  createEnumerator(context: SplitEnumeratorContext<CdcSplit>): SplitEnumerator<CdcSplit, CdcEnumeratorState> {
    return new IncrementalSourceEnumerator(context, this.#config, undefined);
  }

  restoreEnumerator(context: SplitEnumeratorContext<CdcSplit>, state: CdcEnumeratorState): SplitEnumerator<CdcSplit, CdcEnumeratorState> {
    return new IncrementalSourceEnumerator(context, this.#config, state);
  }

  createReader(context: SourceReaderContext): SourceReader<T, CdcSplit> {
    return new IncrementalSourceReader(context, this.#config, this.#schema);
  }
}

/** The publication that a Debezium connector makes when it finds none. */
const DEFAULT_PUBLICATION = "dbz_publication";
const DEFAULT_POLL_INTERVAL_MS = "500";

/** Builds a `PostgresIncrementalSource`. Database and deserializer are required. (Flink: docs/connectors/table/formats/debezium) */
export class PostgresSourceBuilder<T> {
  /** The source's class, as Flink CDC nests it: `PostgresSourceBuilder.PostgresIncrementalSource.builder<T>()`. */
  static readonly PostgresIncrementalSource = PostgresIncrementalSource;
  #databaseName: string | undefined;
  #schemas: readonly string[] = [];
  #tables: readonly string[] = [];
  #slot = "flink";
  #plugin = "decoderbufs";
  #startup = StartupOptions.initial();
  #chunkRows = 8096;
  #factorUpper = 1000;
  #factorLower = 0.05;
  #keyColumn: string | undefined;
  #skipBackfill = false;
  #commitDelay = 3;
  #heartbeat = Duration.ofSeconds(30);
  #schema: DebeziumDeserializationSchema<T> | undefined;
  readonly #properties = new Map<string, string>();

  /** Accepted for likeness; `database` says which of the scenario's databases is meant. */
  hostname(_hostname: string): this {
    return this;
  }

  /** Accepted for likeness. */
  port(_port: number): this {
    return this;
  }

  /** Name of the scenario's database. */
  database(database: string): this {
    this.#databaseName = database;
    return this;
  }

  /** Patterns for schemas; default all. */
  schemaList(...schemaList: readonly string[]): this {
    this.#schemas = schemaList;
    return this;
  }

  /** Patterns for tables with their schema, e.g. `public.orders`; default all. */
  tableList(...tableList: readonly string[]): this {
    this.#tables = tableList;
    return this;
  }

  /** Accepted; nobody checks it here. */
  username(_username: string): this {
    return this;
  }

  /** Accepted; nobody checks it here. */
  password(_password: string): this {
    return this;
  }

  /** The replication slot, one for each source. Default `flink`. It is made when it is missing, and keeps the database's log. */
  slotName(slotName: string): this {
    this.#slot = slotName;
    return this;
  }

  /** Default `decoderbufs`, which must be installed on the server; `pgoutput` comes with PostgreSQL. */
  decodingPluginName(name: string): this {
    this.#plugin = name;
    return this;
  }

  /** Rows of a chunk; default 8096. */
  splitSize(splitSize: number): this {
    this.#chunkRows = splitSize;
    return this;
  }

  /** Accepted; has no effect here. */
  splitMetaGroupSize(_splitMetaGroupSize: number): this {
    return this;
  }

  /** Accepted; has no effect here. */
  fetchSize(_fetchSize: number): this {
    return this;
  }

  /** Numbers spread over more than this times as many values as there are rows are counted off. Default 1000. */
  distributionFactorUpper(distributionFactorUpper: number): this {
    this.#factorUpper = distributionFactorUpper;
    return this;
  }

  /** Numbers spread over less than this times as many values as there are rows are counted off. Default 0.05. */
  distributionFactorLower(distributionFactorLower: number): this {
    this.#factorLower = distributionFactorLower;
    return this;
  }

  /** Where to begin without a checkpoint. Default `StartupOptions.initial()`. */
  startupOptions(startupOptions: StartupOptions): this {
    this.#startup = startupOptions;
    return this;
  }

  /** The column that tables are cut by. Default the first of the primary key; required for tables without one. */
  chunkKeyColumn(chunkKeyColumn: string): this {
    this.#keyColumn = chunkKeyColumn;
    return this;
  }

  /** Debezium's properties. Understood: `poll.interval.ms` (default 500), `publication.name` (default `dbz_publication`). */
  debeziumProperties(properties: Readonly<Record<string, string | number>>): this {
    for (const [name, value] of Object.entries(properties)) this.#properties.set(name, String(value));
    return this;
  }

  /** What becomes of each change, e.g. `new JsonDebeziumDeserializationSchema<Order>()`. */
  deserializer<R>(deserializer: DebeziumDeserializationSchema<T, R>): this {
    this.#schema = deserializer as unknown as DebeziumDeserializationSchema<T>;
    return this;
  }

  /** How often the position moves on although only other tables change; 0 = never. Default 30 s. */
  heartbeatInterval(heartbeatInterval: Duration): this {
    this.#heartbeat = heartbeatInterval;
    return this;
  }

  /** Leaves out what was changed while a chunk was read, and reads it again from the log: at least once. Default false. */
  skipSnapshotBackfill(skipSnapshotBackfill: boolean): this {
    this.#skipBackfill = skipSnapshotBackfill;
    return this;
  }

  /** The slot moves to the position of a checkpoint when so many later ones have completed. Default 3 (`scan.lsn-commit.checkpoints-num-delay`). */
  lsnCommitCheckpointsDelay(checkpoints: number): this {
    this.#commitDelay = checkpoints;
    return this;
  }

  /** Accepted; readers stay. */
  closeIdleReaders(_closeIdleReaders: boolean): this {
    return this;
  }

  /** Accepted; tables do not change their columns here. */
  includeSchemaChanges(_includeSchemaChanges: boolean): this {
    return this;
  }

  /** Throws Diagnostic CDC_SOURCE_INCOMPLETE, CDC_BAD_OPTION. */
  build(): PostgresIncrementalSource<T> {
    const databaseName = this.#databaseName;
    const schema = this.#schema;
    if (databaseName === undefined) throw incomplete("database", 'database("shop")');
    if (schema === undefined) throw incomplete("deserializer", "deserializer(new JsonDebeziumDeserializationSchema())");
    const pollIntervalMs = Number(this.#properties.get("poll.interval.ms") ?? DEFAULT_POLL_INTERVAL_MS);
    requireWhole("splitSize", this.#chunkRows, 1);
    requireWhole("lsnCommitCheckpointsDelay", this.#commitDelay, 0);
    requireWhole("poll.interval.ms", pollIntervalMs, 0);
    return new PostgresIncrementalSource<T>(
      {
        database: databaseName,
        schemaList: this.#schemas,
        tableList: this.#tables,
        slotName: this.#slot,
        plugin: this.#plugin,
        publication: this.#properties.get("publication.name") ?? DEFAULT_PUBLICATION,
        startup: this.#startup.mode,
        splitSize: this.#chunkRows,
        distributionFactorUpper: this.#factorUpper,
        distributionFactorLower: this.#factorLower,
        chunkKeyColumn: this.#keyColumn,
        skipSnapshotBackfill: this.#skipBackfill,
        lsnCommitCheckpointsDelay: this.#commitDelay,
        heartbeatIntervalMs: this.#heartbeat.toMillis(),
        pollIntervalMs,
      },
      schema,
    );
  }
}

function incomplete(what: string, call: string): Diagnostic {
  return new Diagnostic({
    code: "CDC_SOURCE_INCOMPLETE",
    message: `This PostgresIncrementalSource has no ${what}.`,
    phase: "graph",
    hint: `Call ${call} before build().`,
  });
}

function requireWhole(option: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new Diagnostic({
    code: "CDC_BAD_OPTION",
    message: `${option} of a PostgresIncrementalSource must be a whole number of at least ${least}.`,
    phase: "graph",
    found: String(value),
    expected: `${least} or more`,
  });
}
