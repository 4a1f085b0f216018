/** `SnowflakeSink`: writes rows into a table of a warehouse, by staged files or by channels. Flink has none of its own; this is the shape of those in use. */
import { outsideOf } from "../../flow/engine-access.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import type { OutsideWorld } from "../../flow/operator.ts";
import type { Committer, Sink, SinkInitContext, SinkWriter } from "../../flow/sink.ts";
import { nearestName } from "../log/nearest-name.ts";
import { systemsOf } from "../systems/outside-system.ts";
import { Snowflake } from "./snowflake.ts";
import { ChannelWriter, type ChannelSettings } from "./snowflake-channel-writer.ts";
import { CopyCommitter, type StagedFile, StagingWriter } from "./snowflake-copy.ts";

interface SnowflakeTarget {
  readonly account: string;
  readonly table: string;
}

/**
 * Writes rows, plain objects, into a table of a warehouse. Make one with `SnowflakeSink.builder<T>()`.
 * (Flink: docs/connectors/datastream/overview; Snowflake: COPY INTO, Snowpipe Streaming)
 */
export class SnowflakeSink<T> implements Sink<T, StagedFile> {
  /** Present when files are staged: then there is something to commit. */
  readonly createCommitter?: (context: SinkInitContext) => Committer<StagedFile>;
  readonly #target: SnowflakeTarget;
  readonly #channels: ChannelSettings<T> | null;

  /** @internal Use `SnowflakeSink.builder()`. `channels` null = staged files. */
  constructor(target: SnowflakeTarget, channels: ChannelSettings<T> | null) {
    this.#target = target;
    this.#channels = channels;
    if (channels === null) {
      this.createCommitter = (context) => new CopyCommitter(warehouseOf(outsideOf(context), target), target.table, context);
    }
  }

  /** Starts building; `T` is the type of the rows. */
  static builder<T extends object>(): SnowflakeSinkBuilder<T> {
    return new SnowflakeSinkBuilder<T>();
  }

  createWriter(context: SinkInitContext): SinkWriter<T, StagedFile> {
    const warehouse = warehouseOf(outsideOf(context), this.#target);
    if (this.#channels !== null) return new ChannelWriter(warehouse, this.#channels, context) as SinkWriter<T, StagedFile>;
    return new StagingWriter<T>(warehouse, this.#target.table, context, warehouse.newUuid());
  }
}

/** @throws Diagnostic SYSTEM_UNKNOWN, SNOWFLAKE_TABLE_UNKNOWN */
function warehouseOf(outside: OutsideWorld, { account, table }: SnowflakeTarget): Snowflake {
  const warehouse = systemsOf(outside).get(account, Snowflake);
  if (warehouse.tableNames.includes(table)) return warehouse;
  throw new Diagnostic({
    code: "SNOWFLAKE_TABLE_UNKNOWN",
    phase: "runtime",
    message: `Object '${table}' does not exist or not authorized.`,
    found: table,
    expected: nearestName(table, warehouse.tableNames) ?? `one of ${warehouse.tableNames.join(", ")}`,
  });
}

/** Builds a `SnowflakeSink`. (Flink: docs/connectors/datastream/overview) */
export class SnowflakeSinkBuilder<T extends object> {
  #account: string | undefined;
  #tableName: string | undefined;
  #channelOf: ((row: T) => string) | undefined;
  #tokenOf: ((row: T) => number) | undefined;
  #rowOf: (row: T) => object = (row) => row;

  /** The warehouse, as the scenario calls it. Needed. */
  setAccountId(account: string): this {
    this.#account = account;
    return this;
  }

  /** The table, as the scenario names it: "DB.PUBLIC.ORDERS". Needed. */
  setTableName(table: string): this {
    this.#tableName = table;
    return this;
  }

  /**
   * Writes through channels instead of files: the channel of a row, and its offset token, which must rise within the channel and be the same when the row
   * comes again, e.g. partition and offset of the log record. Rows are visible within about a second, not only with a checkpoint.
   */
  setChannel(channelOf: (row: T) => string, tokenOf: (row: T) => number): this {
    this.#channelOf = channelOf;
    this.#tokenOf = tokenOf;
    return this;
  }

  /** What of a row goes into the table, when channel and token should not. Only with `setChannel`. Default: all of it. */
  setRow(rowOf: (row: T) => object): this {
    this.#rowOf = rowOf;
    return this;
  }

  /** The sink. @throws Diagnostic SNOWFLAKE_SINK_INCOMPLETE */
  build(): SnowflakeSink<T> {
    const account = this.#account;
    const table = this.#tableName;
    const channelOf = this.#channelOf;
    const tokenOf = this.#tokenOf;
    const rowOf = this.#rowOf;
    if (account === undefined || table === undefined) {
      throw new Diagnostic({
        code: "SNOWFLAKE_SINK_INCOMPLETE",
        phase: "graph",
        message: "The account and the table name must be set.",
        expected: 'setAccountId("warehouse") and setTableName("DB.PUBLIC.ORDERS")',
      });
    }
    const channels = channelOf === undefined || tokenOf === undefined ? null : { table, channelOf, tokenOf, rowOf };
    return new SnowflakeSink<T>({ account, table }, channels);
  }
}
