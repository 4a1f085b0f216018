/**
 * Gathers records and sends them as one batch: when it is large enough, when its interval is over, or when it is asked to (Flink:
 * `JdbcOutputFormat`).
 *
 * A batch that fails is sent again, up to `maxRetries` times, on a new connection when the old one is gone; between two tries the task
 * waits one, two, three … seconds. What was sent may have been committed although the answer got lost: sending it again then writes it twice.
 */
import { accessOf } from "../../../flow/engine-access.ts";
import { Diagnostic } from "../../../base/diagnostic.ts";
import type { WriterInitContext } from "../../../flow/sink.ts";
import type { Connection } from "../client/connection.ts";
import { PostgresError } from "../postgres-error.ts";
import { checkStatement } from "../sql/execute-statement.ts";
import type { ParsedStatement } from "../sql/parse-statement.ts";
import type { JdbcClient } from "./jdbc-client.ts";
import type { JdbcExecutionOptions } from "./jdbc-execution-options.ts";
import { type JdbcStatementBuilder, StatementParameters } from "./prepared-statement.ts";

/** What a sink writes with. */
export interface JdbcQuery<T> {
  readonly parsed: ParsedStatement;
  readonly builder: JdbcStatementBuilder<T>;
}

export class JdbcBatch<T> {
  readonly #client: JdbcClient;
  readonly #query: JdbcQuery<T>;
  readonly #options: JdbcExecutionOptions;
  readonly #parameters: StatementParameters;
  readonly #context: WriterInitContext;
  #connection: Connection;
  #rows: (readonly unknown[])[] = [];
  #timer: { cancel(): void } | null = null;
  #flushFailure: unknown = null;
  /** A statement waits for a lock. */
  #waiting = false;

  /** @throws Diagnostic JDBC_STATEMENT_REFUSED for tables and columns that do not exist */
  constructor(client: JdbcClient, query: JdbcQuery<T>, options: JdbcExecutionOptions, context: WriterInitContext, connection: Connection) {
    this.#client = client;
    this.#query = query;
    this.#options = options;
    this.#context = context;
    this.#connection = connection;
    this.#parameters = new StatementParameters(query.parsed);
    requireStatement(client, query.parsed);
    if (options.getBatchIntervalMs() > 0 && options.getBatchSize() !== 1) this.#scheduleFlush();
  }

  /** Takes a record; sends the batch when it is full. */
  add(value: T): void {
    this.#throwFlushFailure();
    this.#rows.push(this.#parameters.collect(this.#query.builder, value));
    if (this.#isFull) this.flush();
  }

  /**
   * Sends what there is. A statement that has to wait for a lock makes the task wait; what comes meanwhile, in the same step, is sent after it.
   * @throws Error when it cannot
   */
  flush(): void {
    this.#throwFlushFailure();
    if (!this.#waiting) this.#send(0);
  }

  #send(firstAttempt: number): void {
    for (let attempt = firstAttempt; this.#rows.length > 0; attempt++) {
      const rows = this.#rows;
      // What comes while these wait belongs to the next batch.
      this.#rows = [];
      try {
        this.#execute(rows, attempt);
        return;
      } catch (failure) {
        if (!(failure instanceof PostgresError)) throw failure;
        this.#prepareRetry(rows, failure, attempt);
      }
    }
  }

  #execute(rows: readonly (readonly unknown[])[], attempt: number): void {
    const { parsed } = this.#query;
    const { waitForAnswer } = accessOf(this.#context);
    if (waitForAnswer === undefined) {
      this.#connection.executeBatch(parsed, rows);
      return;
    }
    let answer: ReturnType<typeof waitForAnswer> | null = null;
    const done = this.#connection.executeBatch(parsed, rows, (failure) => answer?.(() => this.#answered(rows, failure, attempt)));
    if (done) return;
    this.#waiting = true;
    answer = waitForAnswer();
  }

  #answered(rows: readonly (readonly unknown[])[], failure: PostgresError | null, attempt: number): void {
    this.#waiting = false;
    if (failure !== null) {
      this.#prepareRetry(rows, failure, attempt);
      this.#send(attempt + 1);
    } else if (this.#isFull) {
      this.#send(0);
    }
  }

  get #isFull(): boolean {
    const size = this.#options.getBatchSize();
    return size > 0 && this.#rows.length >= size;
  }

  #prepareRetry(rows: readonly (readonly unknown[])[], failure: PostgresError, attempt: number): void {
    this.#rows = [...rows, ...this.#rows];
    if (attempt >= this.#options.getMaxRetries()) throw writingFailed(failure);
    this.#reconnect();
    this.#context.spendUs(attempt * 1_000_000);
  }

  /** No more timed batches, and what failed in one is told. What has not been sent is rolled back with the connection. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#connection.close();
    this.#throwFlushFailure();
  }

  #reconnect(): void {
    if (this.#connection.valid) return;
    try {
      this.#connection = this.#client.connect();
    } catch (failure) {
      throw new Error(`Unable to update JDBC statement executor: ${messageOf(failure)}`, { cause: failure });
    }
  }

  #scheduleFlush(): void {
    const service = this.#context.getProcessingTimeService();
    this.#timer = service.registerTimer(service.getCurrentProcessingTime() + this.#options.getBatchIntervalMs(), () => {
      try {
        this.flush();
      } catch (failure) {
        if (!(failure instanceof Error && failure.cause instanceof PostgresError)) throw failure;
        // Told by the next call, as in Flink, where another thread is at work here.
        this.#flushFailure ??= failure;
      }
      this.#scheduleFlush();
    });
  }

  #throwFlushFailure(): void {
    if (this.#flushFailure !== null) throw this.#flushFailure;
  }
}

function requireStatement(client: JdbcClient, parsed: ParsedStatement): void {
  try {
    checkStatement(client.database.tables.get(parsed.statement.table), parsed.statement);
  } catch (failure) {
    if (!(failure instanceof PostgresError)) throw failure;
    throw new Diagnostic({
      code: "JDBC_STATEMENT_REFUSED",
      message: failure.message,
      phase: "runtime",
      found: parsed.text,
      expected: `a statement that fits the tables of database "${client.database.name}"`,
    });
  }
}

function writingFailed(failure: PostgresError): Error {
  return new Error(`Writing records to JDBC failed. ${failure.message}`, { cause: failure });
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
