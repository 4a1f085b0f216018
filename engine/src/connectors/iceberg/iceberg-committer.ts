/**
 * Commits one snapshot per checkpoint, with the files of all writers. Iceberg: `IcebergCommitter`, `IcebergFilesCommitter`.
 *
 * A job that dies between the commit and its end commits the same checkpoint again. So each snapshot says in its summary whose it is and which
 * checkpoint it holds (`flink.job-id`, `flink.operator-id`, `flink.max-committed-checkpoint-id`), and before anything is committed the table's history is
 * asked how far this job has come. The same covers a commit whose answer was lost.
 */
import type { Committer, CommitRequest } from "../../flow/sink.ts";
import type { SystemClient } from "../systems/call-conditions.ts";
import type { IcebergCatalog, SnapshotChange } from "./iceberg-catalog.ts";
import { CommitFailedException } from "./iceberg-failures.ts";
import type { WriteResult } from "./iceberg-writer.ts";
import type { TableMetadata } from "./table-metadata.ts";

/** What one writer wrote for one checkpoint. */
export interface IcebergCommittable extends WriteResult {
  readonly checkpointId: number;
}

/** Whose commits these are. */
export interface CommitOwner {
  readonly jobId: string;
  readonly operatorId: string;
}

const JOB_ID = "flink.job-id";
const OPERATOR_ID = "flink.operator-id";
const MAX_COMMITTED_CHECKPOINT_ID = "flink.max-committed-checkpoint-id";

/** Iceberg's defaults of `commit.retry.num-retries`, `commit.retry.min-wait-ms`. */
const RETRIES = 4;
const MIN_WAIT_MS = 100;

export class IcebergCommitter implements Committer<IcebergCommittable> {
  readonly #catalog: IcebergCatalog;
  readonly #client: SystemClient;
  readonly #tableName: string;
  readonly #operatorId: string;

  constructor(catalog: IcebergCatalog, tableName: string, operatorId: string, block: (durationMs: number) => void) {
    this.#catalog = catalog;
    this.#tableName = tableName;
    this.#operatorId = operatorId;
    this.#client = catalog.client(block);
  }

  commit(requests: readonly CommitRequest<IcebergCommittable>[]): void {
    for (const ofCheckpoint of byCheckpoint(requests)) this.#commitCheckpoint(ofCheckpoint[0].getCommittable().checkpointId, ofCheckpoint);
  }

  close(): void {}

  #commitCheckpoint(checkpointId: number, requests: readonly CommitRequest<IcebergCommittable>[]): void {
    const operatorId = this.#operatorId;
    const { jobId } = requests[0].getCommittable();
    this.#client.call();
    if (checkpointId <= maxCommittedCheckpointId(this.#load(), { jobId, operatorId })) {
      for (const request of requests) request.signalAlreadyCommitted();
      return;
    }
    this.#commitChange({
      files: requests.flatMap((request) => request.getCommittable().files),
      summary: { [JOB_ID]: jobId, [OPERATOR_ID]: operatorId, [MAX_COMMITTED_CHECKPOINT_ID]: String(checkpointId) },
    });
  }

  /** Begins again with what the faster writer has left. */
  #commitChange(change: SnapshotChange): void {
    for (let attempt = 0; attempt <= RETRIES; attempt++) {
      if (attempt > 0) this.#client.pause(MIN_WAIT_MS * 2 ** (attempt - 1));
      this.#client.call();
      if (this.#catalog.commit(this.#load(), change)) return;
    }
    throw new CommitFailedException(this.#tableName, RETRIES + 1);
  }

  #load(): TableMetadata {
    const table = this.#catalog.table(this.#tableName);
    if (table === undefined) throw new Error(`Table does not exist: ${this.#tableName}`);
    return table;
  }
}

/** By job and checkpoint: what a job restored from a savepoint brings along is another job's. */
function byCheckpoint(requests: readonly CommitRequest<IcebergCommittable>[]): CommitRequest<IcebergCommittable>[][] {
  const groups = new Map<string, CommitRequest<IcebergCommittable>[]>();
  for (const request of requests) {
    const { checkpointId, jobId } = request.getCommittable();
    const key = `${jobId}/${checkpointId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [request]);
    else group.push(request);
  }
  return [...groups.values()].sort(([left], [right]) => left.getCommittable().checkpointId - right.getCommittable().checkpointId);
}

/** -1 when this operator of this job has committed nothing that the table still remembers. */
export function maxCommittedCheckpointId({ snapshots }: TableMetadata, { jobId, operatorId }: CommitOwner): number {
  const last = snapshots.findLast(({ summary }) => summary[JOB_ID] === jobId && summary[OPERATOR_ID] === operatorId);
  return last === undefined ? -1 : Number(last.summary[MAX_COMMITTED_CHECKPOINT_ID]);
}
