import { Diagnostic } from "../../../base/diagnostic.ts";
import type { Committer, CommitRequest, CommitterInitContext } from "../../../flow/sink.ts";
import type { Connection } from "../client/connection.ts";
import { PostgresError, SQLSTATE } from "../postgres-error.ts";
import { JdbcClient } from "./jdbc-client.ts";
import type { JdbcExactlyOnceOptions } from "./jdbc-exactly-once-options.ts";
import type { JdbcCommittable } from "./jdbc-writer.ts";
import { checkpointOf } from "./xa-transaction-id.ts";

/**
 * Commits prepared transactions once their checkpoint is complete. After a restore it commits them again: one that the database does not know
 * any more was committed before. Without a restore that is an error, since nobody else may end it.
 */
export class JdbcCommitter implements Committer<JdbcCommittable> {
  readonly #client: JdbcClient;
  readonly #options: JdbcExactlyOnceOptions;
  readonly #restoredCheckpointId: number = 0;
  #connection: Connection | null = null;

  constructor(database: string, options: JdbcExactlyOnceOptions, context: CommitterInitContext) {
    this.#client = new JdbcClient(database, "committer", context);
    this.#options = options;
    this.#restoredCheckpointId = context.restoredCheckpointId ?? 0;
  }

  commit(requests: readonly CommitRequest<JdbcCommittable>[]): void {
    for (const request of requests) {
      const { gid } = request.getCommittable();
      const restored = checkpointOf(gid) < this.#restoredCheckpointId;
      if (!restored && !this.#options.isTransactionPerConnection()) throw connectionBusy(gid);
      try {
        this.#openConnection().commitPrepared(gid);
      } catch (failure) {
        if (!(failure instanceof PostgresError)) throw failure;
        if (failure.sqlState === SQLSTATE.undefinedObject && restored) request.signalAlreadyCommitted();
        else if (failure.retryable) this.#retry(request, failure);
        else throw commitFailed(gid, failure);
      }
    }
  }

  close(): void {
    this.#connection?.close();
  }

  #openConnection(): Connection {
    if (this.#connection?.valid !== true) this.#connection = this.#client.connect();
    return this.#connection;
  }

  #retry(request: CommitRequest<JdbcCommittable>, failure: PostgresError): void {
    const attempts = request.getNumberOfRetries() + 1;
    const { gid } = request.getCommittable();
    if (attempts < this.#options.getMaxCommitAttempts()) {
      request.retryLater();
      return;
    }
    throw new Error(`reached max number of commit attempts (${attempts}) for transactions: [${gid}]: ${failure.message}`, {
      cause: failure,
    });
  }
}

function commitFailed(gid: string, failure: PostgresError): Error {
  return new Error(`Unable to commit, XA transaction with xid ${gid}. [Error committing prepared transaction. ${failure.message}]`, {
    cause: failure,
  });
}

/** With one connection for everything, the next transaction has begun on it when this one is to be committed. */
function connectionBusy(gid: string): Diagnostic {
  return new Diagnostic({
    code: "JDBC_XA_CONNECTION_BUSY",
    message: `Unable to commit, XA transaction with xid ${gid}, Error -3: resource manager error has occurred. [Not implemented: 2nd phase commit must be issued using an idle connection.]`,
    phase: "runtime",
    found: "one connection for all transactions",
    expected: "a connection per transaction, as PostgreSQL needs it",
    hint: "Call JdbcExactlyOnceOptions.builder().withTransactionPerConnection(true).",
  });
}
