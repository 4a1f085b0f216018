/** What a CDC source reads: chunks of tables first, then the log, once. Plain data. */
import type { SourceSplit } from "../../../flow/source.ts";
import { compareValues } from "../storage/table.ts";

/** A value of the chunk key column. */
export type ChunkKey = number | string;

/** Rows whose chunk key is at or above `start` and below `end`; null = no bound. */
export interface ChunkRange {
  readonly start: ChunkKey | null;
  readonly end: ChunkKey | null;
}

/** A part of a table. */
export interface SnapshotSplit extends SourceSplit, ChunkRange {
  readonly kind: "snapshot";
  readonly table: string;
  readonly chunkKey: string;
  /** Position of the log up to which the rows that were read contain every change; null = not read yet. */
  readonly highWatermarkLsn: number | null;
}

/** A chunk that has been read, as far as filtering the log needs it. */
export interface FinishedChunk extends ChunkRange {
  readonly table: string;
  readonly chunkKey: string;
  readonly highWatermarkLsn: number;
}

/** How far the log has been read. */
export interface StreamPosition {
  /** Transactions that end at or before this have been read. */
  readonly lsn: number;
  /** So many events of the next transaction have been read too. */
  readonly events: number;
}

/** The log, from a position on. */
export interface StreamSplit extends SourceSplit {
  readonly kind: "stream";
  readonly position: StreamPosition;
  /** Reading ends with what was committed up to here; null = it does not end. */
  readonly endingLsn: number | null;
  readonly finishedChunks: readonly FinishedChunk[];
}

export type CdcSplit = SnapshotSplit | StreamSplit;

export const STREAM_SPLIT_ID = "stream-split";

export function isInChunk(key: unknown, { start, end }: ChunkRange): boolean {
  return (start === null || compareValues(key, start) >= 0) && (end === null || compareValues(key, end) < 0);
}
