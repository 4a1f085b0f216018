/**
 * What an async operator has under way, in the order in which it came: records whose requests are not all answered, and the watermarks
 * between them. The queue decides what may be emitted next (Flink: `StreamElementQueue`). Watermarks take a place like records do.
 */
import type { ResultTimestamp, TimestampedCollector } from "../../flow/timestamped-collector.ts";

/** A queue's element in a snapshot: plain data. */
export type StoredElement = StoredRecord | StoredWatermark;

export interface StoredRecord {
  readonly value: unknown;
  /** null = a record without a timestamp. */
  readonly timestampMs: number | null;
}

export interface StoredWatermark {
  readonly watermarkMs: number;
}

export function isStoredWatermark(element: StoredElement): element is StoredWatermark {
  return "watermarkMs" in element;
}

/** Takes the results of one record, exactly once. */
export interface RecordEntry {
  complete(results: Iterable<unknown>): void;
}

/** Where the queue puts what is done. */
export interface CompletedOutput {
  readonly collector: TimestampedCollector;
  readonly resultTimestamp: ResultTimestamp;
  emitWatermark(timestampMs: number): void;
}

export interface StreamElementQueue {
  /** Records and watermarks inside, emitted or not complete alike. */
  readonly size: number;
  /** Of these, the records. */
  readonly records: number;
  putRecord(record: StoredRecord): RecordEntry;
  putWatermark(watermark: StoredWatermark): void;
  /** Something may be emitted now. */
  hasCompletedElements(): boolean;
  /** Emits one completed element: all results of a record, or a watermark. */
  emitCompletedElement(output: CompletedOutput): void;
  /** Everything not emitted, for a snapshot. */
  values(): StoredElement[];
}

/** One place in a queue; a watermark is done from the beginning. */
export class QueueEntry implements RecordEntry {
  readonly element: StoredElement;
  private results: Iterable<unknown> | null = null;

  constructor(element: StoredElement) {
    this.element = element;
  }

  get done(): boolean {
    return this.results !== null || isStoredWatermark(this.element);
  }

  complete(results: Iterable<unknown>): void {
    this.results = results;
  }

  emit(output: CompletedOutput): void {
    const { element, results } = this;
    if (isStoredWatermark(element)) {
      output.emitWatermark(element.watermarkMs);
      return;
    }
    const { collector, resultTimestamp } = output;
    if (element.timestampMs === null) resultTimestamp.erase();
    else resultTimestamp.set(element.timestampMs);
    for (const result of results ?? []) collector.collect(result);
  }
}
