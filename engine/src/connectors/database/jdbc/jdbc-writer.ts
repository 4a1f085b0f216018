/**
 * The writers of a JdbcSink: one that commits each batch at once (at least once), and one that writes in XA transactions (exactly once).
 *
 * The second does all that happens between two barriers in one transaction. At the barrier it sends what is left of the batch and prepares the
 * transaction, which then belongs to nobody's connection; its name goes to the committer. What a crashed attempt left behind is of two kinds:
 * transactions that a completed checkpoint knows, which the committer commits first, and transactions prepared for a checkpoint that
 * never completed, which hold locks on rows that are going to be written again, and are rolled back before the first record.
 */
import { accessOf } from "../../../flow/engine-access.ts";
import { Diagnostic } from "../../../base/diagnostic.ts";
import type { Counter } from "../../../flow/metrics/metric.ts";
import type { SinkWriter, WriterInitContext } from "../../../flow/sink.ts";
import type { Connection } from "../client/connection.ts";
import { PostgresError } from "../postgres-error.ts";
import { JdbcBatch, type JdbcQuery } from "./jdbc-batch.ts";
import { JdbcClient } from "./jdbc-client.ts";
import type { JdbcExactlyOnceOptions } from "./jdbc-exactly-once-options.ts";
import type { JdbcExecutionOptions } from "./jdbc-execution-options.ts";
import { belongsTo, checkpointOf, type XaOwner, xaTransactionId } from "./xa-transaction-id.ts";

/** Names a prepared transaction, so that any process can commit it. */
export interface JdbcCommittable {
  readonly gid: string;
}

/** Name of the transaction that began at the checkpoint: a restore rolls back whatever has become of it. */
export interface JdbcWriterState {
  readonly hanging: string;
}

/** At least once: a batch is committed when it is sent, and all is sent before a barrier passes. */
export class BatchingJdbcWriter<T> implements SinkWriter<T> {
  readonly #batch: JdbcBatch<T>;
  readonly #numRecordsSend: Counter;

  constructor(database: string, query: JdbcQuery<T>, options: JdbcExecutionOptions, context: WriterInitContext) {
    const client = new JdbcClient(database, "writer", context);
    this.#batch = new JdbcBatch(client, query, options, context, client.connect());
    this.#numRecordsSend = context.metricGroup().counter("numRecordsSend");
  }

  write(value: T): void {
    this.#batch.add(value);
    this.#numRecordsSend.inc();
  }

  flush(): void {
    this.#batch.flush();
  }

  /** Sends what is left, as Flink's does. */
  close(): void {
    try {
      this.#batch.flush();
    } finally {
      this.#batch.close();
    }
  }
}

/** Exactly once. */
export class XaJdbcWriter<T> implements SinkWriter<T, JdbcCommittable, JdbcWriterState> {
  readonly #owner: XaOwner;
  readonly #connection: Connection;
  readonly #batch: JdbcBatch<T>;
  readonly #numRecordsSend: Counter;
  #gid: string;
  #hasRecords = false;

  constructor(
    database: string,
    query: JdbcQuery<T>,
    options: JdbcExecutionOptions,
    exactlyOnce: JdbcExactlyOnceOptions,
    context: WriterInitContext,
    restored: readonly JdbcWriterState[],
  ) {
    requireNoRetries(options);
    requireOneState(restored);
    const client = new JdbcClient(database, "writer", context);
    this.#owner = {
      job: context.getJobInfo().getJobName(),
      operatorId: accessOf(context).operatorId ?? "sink",
      subtask: context.subtaskIndex,
      parallelism: context.parallelism,
    };
    this.#connection = client.connect();
    this.#rollBackLeftovers(restored, context.restoredCheckpointId ?? 0, exactlyOnce);
    this.#connection.autoCommit = false;
    this.#gid = xaTransactionId(this.#owner, context.restoredCheckpointId ?? 0);
    this.#batch = new JdbcBatch(client, query, options, context, this.#connection);
    this.#numRecordsSend = context.metricGroup().counter("numRecordsSend");
  }

  #rollBackLeftovers(restored: readonly JdbcWriterState[], restoredCheckpointId: number, options: JdbcExactlyOnceOptions): void {
    if (!options.isDiscoverAndRollbackOnRecovery()) return;
    const hanging = new Set(restored.map((state) => state.hanging));
    for (const gid of this.#connection.preparedTransactions()) {
      // What began before the restored checkpoint was prepared for it, or for an earlier one: the committer knows it.
      const unknown = checkpointOf(gid) >= restoredCheckpointId;
      if (hanging.has(gid) || (unknown && belongsTo(gid, this.#owner))) this.#connection.rollbackPrepared(gid);
    }
  }

  write(value: T): void {
    this.#hasRecords = true;
    this.#batch.add(value);
    this.#numRecordsSend.inc();
  }

  /** Flink sends the rest of the batch in `prepareCommit`, which comes right behind; here it may have to wait for a lock, and only `flush` is asked again. */
  flush(): void {
    this.#batch.flush();
  }

  prepareCommit(): readonly JdbcCommittable[] {
    if (!this.#hasRecords) return [];
    try {
      this.#connection.prepareTransaction(this.#gid);
    } catch (failure) {
      if (!(failure instanceof PostgresError)) throw failure;
      throw new Error(`Unable to prepare, XA transaction with xid ${this.#gid}. [Error preparing transaction. ${failure.message}]`, {
        cause: failure,
      });
    }
    this.#hasRecords = false;
    return [{ gid: this.#gid }];
  }

  snapshotState(checkpointId: number): readonly JdbcWriterState[] {
    this.#gid = xaTransactionId(this.#owner, checkpointId);
    return [{ hanging: this.#gid }];
  }

  /** Rolls back what is open; what is prepared stays. */
  close(): void {
    this.#batch.close();
  }
}

function requireNoRetries(options: JdbcExecutionOptions): void {
  if (options.getMaxRetries() === 0) return;
  throw new Diagnostic({
    code: "JDBC_XA_WITH_RETRIES",
    message: "JDBC XA sink requires maxRetries equal to 0, otherwise it could cause duplicates. See issue FLINK-22311 for details.",
    phase: "runtime",
    found: `maxRetries = ${options.getMaxRetries()}`,
    expected: "0",
    hint: "Call withExecutionOptions(JdbcExecutionOptions.builder().withMaxRetries(0).build()).",
  });
}

function requireOneState(restored: readonly JdbcWriterState[]): void {
  if (restored.length <= 1) return;
  throw new Diagnostic({
    code: "JDBC_XA_SCALED_DOWN",
    message: "more than one state to recover",
    phase: "runtime",
    found: `the states of ${restored.length} writers for one`,
    expected: "as many writers as before, or more",
    hint: "A JDBC XA sink cannot be scaled down. Keep its parallelism with setParallelism(…).",
  });
}
