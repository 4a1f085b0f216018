/** When a JDBC sink sends what it has gathered. */
import { Diagnostic } from "../../../base/diagnostic.ts";

/** Batching and retries of a JDBC sink (Flink: docs/connectors/datastream/jdbc#jdbcexecutionoptions). */
export class JdbcExecutionOptions {
  readonly #batchIntervalMs: number = 0;
  readonly #batchSize: number = 0;
  readonly #maxRetries: number = 0;

  /** @internal Use `JdbcExecutionOptions.builder()`. */
  constructor(batchIntervalMs: number, batchSize: number, maxRetries: number) {
    this.#batchIntervalMs = batchIntervalMs;
    this.#batchSize = batchSize;
    this.#maxRetries = maxRetries;
  }

  /** Batches of 5000, no interval, 3 retries. */
  static defaults(): JdbcExecutionOptions {
    return JdbcExecutionOptions.builder().build();
  }

  /** Starts building, from the defaults on. */
  static builder(): JdbcExecutionOptionsBuilder {
    return new JdbcExecutionOptionsBuilder();
  }

  /** A batch is sent at the latest after so many ms; 0 = it may wait for its size, or a checkpoint. */
  getBatchIntervalMs(): number {
    return this.#batchIntervalMs;
  }

  /** A batch is sent when it has so many records; 0 or less = at checkpoints only. */
  getBatchSize(): number {
    return this.#batchSize;
  }

  /** How often a batch that fails is sent again. */
  getMaxRetries(): number {
    return this.#maxRetries;
  }
}

/** Builds `JdbcExecutionOptions`. (Flink: docs/connectors/datastream/jdbc#jdbcexecutionoptions) */
export class JdbcExecutionOptionsBuilder {
  #batchIntervalMs = 0;
  #batchSize = 5000;
  #maxRetries = 3;

  /** Default 0: no interval. */
  withBatchIntervalMs(batchIntervalMs: number): this {
    this.#batchIntervalMs = batchIntervalMs;
    return this;
  }

  /** Default 5000 records. */
  withBatchSize(batchSize: number): this {
    this.#batchSize = batchSize;
    return this;
  }

  /** Default 3. An exactly-once sink wants 0. */
  withMaxRetries(maxRetries: number): this {
    this.#maxRetries = maxRetries;
    return this;
  }

  /** Throws Diagnostic JDBC_BAD_OPTION for a negative number of retries. */
  build(): JdbcExecutionOptions {
    if (!(this.#maxRetries >= 0)) {
      throw new Diagnostic({
        code: "JDBC_BAD_OPTION",
        message: "The number of retries of a JDBC sink must not be negative.",
        phase: "graph",
        found: `withMaxRetries(${this.#maxRetries})`,
        expected: "0 or more",
      });
    }
    return new JdbcExecutionOptions(this.#batchIntervalMs, this.#batchSize, this.#maxRetries);
  }
}
