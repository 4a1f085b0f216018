/** What travels between the enumerator of a hybrid source and its readers. */
import type { SourceSplit } from "../flow/source.ts";

/** A split of one of the sources. (Flink: docs/connectors/datastream/hybridsource) */
export interface HybridSourceSplit extends SourceSplit {
  /** Which source it is of, counted from 0. */
  readonly sourceIndex: number;
  /** That source's own split. */
  readonly wrapped: SourceSplit;
}

/** To the enumerator: this reader has read source `sourceIndex` to its end. */
export interface ReaderFinishedEvent {
  readonly finishedSource: number;
}

/** To a reader: go on with source `sourceIndex`. */
export interface SwitchSourceEvent {
  readonly switchToSource: number;
}

/** Splits of different sources may have the same id, but they are never read at the same time. */
export function wrapSplit(sourceIndex: number, wrapped: SourceSplit): HybridSourceSplit {
  return { splitId: wrapped.splitId, sourceIndex, wrapped };
}
