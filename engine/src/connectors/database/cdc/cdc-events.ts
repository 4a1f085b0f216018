/** What readers and enumerator of a CDC source tell each other. Plain data. */

/** A reader has read chunks: each with its high watermark, by split id. */
export interface FinishedSplitsReport {
  readonly kind: "finishedSplits";
  readonly highWatermarks: Readonly<Record<string, number>>;
}

/** The enumerator knows; the reader may forget them. */
export interface FinishedSplitsAck {
  readonly kind: "finishedSplitsAck";
  readonly splitIds: readonly string[];
}

/** The log has been handed out. */
export interface StreamAssigned {
  readonly kind: "streamAssigned";
}
