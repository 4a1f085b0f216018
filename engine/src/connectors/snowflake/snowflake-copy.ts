/**
 * The way by files, exactly once: a writer puts one file per checkpoint on the stage, before the barrier; when the checkpoint is complete the committer
 * copies it. A copy that is made twice finds the file's name in the table's load history and does nothing. It holds as long as the history does: of a
 * savepoint that is restored after 64 days the last files may be skipped although they were never loaded.
 */
import type { Committer, CommitRequest, SinkInitContext, SinkWriter } from "../../flow/sink.ts";
import { toPlainValue } from "../log/plain-value.ts";
import type { SystemClient } from "../systems/call-conditions.ts";
import type { Snowflake, SnowflakeRow } from "./snowflake.ts";

/** A staged file that is to be copied. */
export interface StagedFile {
  readonly file: string;
}

export class StagingWriter<T> implements SinkWriter<T, StagedFile> {
  readonly #warehouse: Snowflake;
  readonly #table: string;
  readonly #client: SystemClient;
  /** Names of one attempt's files; no other attempt has the same. */
  readonly #namePrefix: string;
  #rows: SnowflakeRow[] = [];
  #files = 0;

  /** @param uuid random, new in each attempt. */
  constructor(warehouse: Snowflake, table: string, context: SinkInitContext, uuid: string) {
    this.#warehouse = warehouse;
    this.#table = table;
    this.#client = warehouse.client((durationMs) => context.block?.(durationMs));
    this.#namePrefix = `flink/${context.subtaskIndex}-${uuid}`;
  }

  write(value: T): void {
    this.#rows.push(toPlainValue(value) as SnowflakeRow);
  }

  flush(): void {}

  prepareCommit(): readonly StagedFile[] {
    if (this.#rows.length === 0) return [];
    const file = `${this.#namePrefix}-${++this.#files}.parquet`;
    this.#client.call();
    this.#warehouse.put(this.#table, file, this.#rows);
    this.#rows = [];
    return [{ file }];
  }

  /** What is staged and not copied stays on the stage. */
  close(): void {}
}

export class CopyCommitter implements Committer<StagedFile> {
  readonly #warehouse: Snowflake;
  readonly #table: string;
  readonly #client: SystemClient;

  constructor(warehouse: Snowflake, table: string, context: SinkInitContext) {
    this.#warehouse = warehouse;
    this.#table = table;
    this.#client = warehouse.client((durationMs) => context.block?.(durationMs));
  }

  commit(requests: readonly CommitRequest<StagedFile>[]): void {
    if (requests.length === 0) return;
    this.#client.call();
    const skipped = new Set(
      this.#warehouse.copyInto(
        this.#table,
        requests.map((request) => request.getCommittable().file),
      ),
    );
    for (const request of requests) if (skipped.has(request.getCommittable().file)) request.signalAlreadyCommitted();
  }

  close(): void {}
}
