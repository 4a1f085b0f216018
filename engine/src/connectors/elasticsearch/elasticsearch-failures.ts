/** What a search cluster answers when it does not do what it was asked. */

/** What became of one action of a bulk. */
export class ItemFailure {
  readonly status: number;
  readonly type: string;
  readonly reason: string;

  private constructor(status: number, type: string, reason: string) {
    this.status = status;
    this.type = type;
    this.reason = reason;
  }

  /** Too much to do: may be tried again later. */
  static rejected(index: string): ItemFailure {
    return new ItemFailure(
      429,
      "es_rejected_execution_exception",
      `rejected execution of primary operation [${index}]: the write queue is full`,
    );
  }

  static readOnly(index: string): ItemFailure {
    return new ItemFailure(
      403,
      "cluster_block_exception",
      `index [${index}] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block]`,
    );
  }

  static conflict(id: string, why: string, version: number): ItemFailure {
    return new ItemFailure(409, "version_conflict_engine_exception", `[${id}]: version conflict, ${why} (current version [${version}])`);
  }

  static missing(id: string): ItemFailure {
    return new ItemFailure(404, "document_missing_exception", `[${id}]: document missing`);
  }

  static unmappable(id: string, why: string): ItemFailure {
    return new ItemFailure(400, "mapper_parsing_exception", `${why} in document with id '${id}'`);
  }

  toString(): string {
    return `[${this.type}] ${this.reason} (status ${this.status})`;
  }
}

/** Actions of a bulk, or all of it, have failed for good. */
export class BulkFailed extends Error {
  readonly code = "ELASTICSEARCH_BULK_FAILED";

  constructor(why: string) {
    super(`Complete bulk has failed. ${why}`);
    this.name = "FlinkRuntimeException";
  }
}
