/**
 * A database table as the end of a changelog, at least once: changes are gathered and sent in one transaction when there are enough of them, when the
 * interval is over, and before every barrier. With a primary key writing again changes nothing. Flink: `JdbcDynamicTableSink`.
 */
import type { Sink, SinkWriter, WriterInitContext } from "../../../flow/sink.ts";
import type { Connection } from "../client/connection.ts";
import type { RowChange } from "../database-description.ts";
import { PostgresError } from "../postgres-error.ts";
import { JdbcClient } from "./jdbc-client.ts";

export interface JdbcTableSinkSettings {
  readonly database: string;
  /** `sink.buffer-flush.max-rows` */
  readonly maxRows: number;
  /** `sink.buffer-flush.interval`, ms; 0 = never by time. */
  readonly intervalMs: number;
  /** `sink.max-retries` */
  readonly maxRetries: number;
}

export class JdbcTableSink implements Sink<RowChange> {
  readonly #settings: JdbcTableSinkSettings;

  constructor(settings: JdbcTableSinkSettings) {
    this.#settings = settings;
  }

  createWriter(context: WriterInitContext): SinkWriter<RowChange> {
    return new JdbcTableWriter(this.#settings, context);
  }
}

class JdbcTableWriter implements SinkWriter<RowChange> {
  readonly #settings: JdbcTableSinkSettings;
  readonly #context: WriterInitContext;
  readonly #client: JdbcClient;
  #connection: Connection;
  #changes: RowChange[] = [];
  #timer: { cancel(): void } | null = null;

  constructor(settings: JdbcTableSinkSettings, context: WriterInitContext) {
    this.#settings = settings;
    this.#context = context;
    this.#client = new JdbcClient(settings.database, "writer", context);
    this.#connection = this.#client.connect();
  }

  write(change: RowChange): void {
    this.#changes.push(change);
    if (this.#settings.maxRows > 0 && this.#changes.length >= this.#settings.maxRows) this.flush();
    else this.#wakeUp();
  }

  /** So that what is gathered leaves after the interval. */
  #wakeUp(): void {
    const { intervalMs } = this.#settings;
    if (intervalMs <= 0 || this.#timer !== null) return;
    const time = this.#context.getProcessingTimeService();
    this.#timer = time.registerTimer(time.getCurrentProcessingTime() + intervalMs, () => {
      this.#timer = null;
      this.flush();
    });
  }

  flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    for (let tries = 0; this.#changes.length > 0; tries++) {
      try {
        this.#send();
        this.#changes = [];
      } catch (failure) {
        if (!(failure instanceof PostgresError) || tries >= this.#settings.maxRetries) throw failure;
        this.#context.spendUs(1_000_000 * (tries + 1));
        if (!this.#connection.valid) this.#connection = this.#client.connect();
      }
    }
  }

  #send(): void {
    const connection = this.#connection;
    connection.begin();
    try {
      for (const change of this.#changes) connection.change(change);
      connection.commit();
    } catch (failure) {
      if (connection.valid && connection.inTransaction) connection.rollback();
      throw failure;
    }
  }

  close(): void {
    this.#timer?.cancel();
    this.#connection.close();
  }
}
