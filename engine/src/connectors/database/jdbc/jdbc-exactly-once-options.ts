/** How an exactly-once JDBC sink uses XA transactions. */
import { Diagnostic } from "../../../base/diagnostic.ts";

/** Settings of the XA sink (Flink: docs/connectors/datastream/jdbc#jdbcsinkbuilder-exactly-once). */
export class JdbcExactlyOnceOptions {
  readonly #transactionPerConnection: boolean = false;
  readonly #recoveredAndRollback: boolean = false;
  readonly #maxCommitAttempts: number = 0;

  /** @internal Use `JdbcExactlyOnceOptions.builder()`. */
  constructor(transactionPerConnection: boolean, recoveredAndRollback: boolean, maxCommitAttempts: number) {
    this.#transactionPerConnection = transactionPerConnection;
    this.#recoveredAndRollback = recoveredAndRollback;
    this.#maxCommitAttempts = maxCommitAttempts;
  }

  /** One connection for all transactions, 3 attempts to commit, foreign leftovers rolled back. */
  static defaults(): JdbcExactlyOnceOptions {
    return JdbcExactlyOnceOptions.builder().build();
  }

  /** Starts building, from the defaults on. */
  static builder(): JdbcExactlyOnceOptionsBuilder {
    return new JdbcExactlyOnceOptionsBuilder();
  }

  /** Each transaction has a connection of its own. */
  isTransactionPerConnection(): boolean {
    return this.#transactionPerConnection;
  }

  /** At its start a writer rolls back prepared transactions of its own that no checkpoint knows. */
  isDiscoverAndRollbackOnRecovery(): boolean {
    return this.#recoveredAndRollback;
  }

  /** How often the commit of a transaction is tried. */
  getMaxCommitAttempts(): number {
    return this.#maxCommitAttempts;
  }
}

/** Builds `JdbcExactlyOnceOptions`. (Flink: docs/connectors/datastream/jdbc#jdbcsinkbuilder-exactly-once) */
export class JdbcExactlyOnceOptionsBuilder {
  #transactionPerConnection = false;
  #recoveredAndRollback = true;
  #maxCommitAttempts = 3;

  /** Default false. PostgreSQL needs true: it commits a prepared transaction on an idle connection only. */
  withTransactionPerConnection(transactionPerConnection: boolean): this {
    this.#transactionPerConnection = transactionPerConnection;
    return this;
  }

  /** Default true. With false, transactions that were prepared for a checkpoint that never completed stay, with their locks. */
  withRecoveredAndRollback(recoveredAndRollback: boolean): this {
    this.#recoveredAndRollback = recoveredAndRollback;
    return this;
  }

  /** Default 3. */
  withMaxCommitAttempts(maxCommitAttempts: number): this {
    this.#maxCommitAttempts = maxCommitAttempts;
    return this;
  }

  /** Accepted; commits are tried in order here. */
  withAllowOutOfOrderCommits(_allow: boolean): this {
    return this;
  }

  /** Accepted; PostgreSQL knows no timeout of prepared transactions. In seconds. */
  withTimeoutSec(_seconds: number | undefined): this {
    return this;
  }

  /** Throws Diagnostic JDBC_BAD_OPTION for less than one attempt. */
  build(): JdbcExactlyOnceOptions {
    if (!(this.#maxCommitAttempts > 0)) {
      throw new Diagnostic({
        code: "JDBC_BAD_OPTION",
        message: "maxCommitAttempts should be > 0",
        phase: "graph",
        found: `withMaxCommitAttempts(${this.#maxCommitAttempts})`,
        expected: "1 or more",
      });
    }
    return new JdbcExactlyOnceOptions(this.#transactionPerConnection, this.#recoveredAndRollback, this.#maxCommitAttempts);
  }
}
