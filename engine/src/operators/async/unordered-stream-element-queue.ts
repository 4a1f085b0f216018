/**
 * Results leave as soon as they are there, but never across a watermark (Flink: `UnorderedStreamElementQueue`).
 *
 * The queue is cut into segments: records that no watermark lies between, then a segment of one watermark, then records again. Only the
 * first segment emits, in the order of completion, and the next one's turn comes when the first is empty. So with records 1, 2, a
 * watermark, and record 3: if 3 is answered first it waits for both others; if then 2 and 1 are answered they leave as 2, 1, watermark, 3.
 */
import { RingBuffer } from "../../base/ring-buffer.ts";
import {
  type CompletedOutput,
  isStoredWatermark,
  QueueEntry,
  type RecordEntry,
  type StoredElement,
  type StoredRecord,
  type StoredWatermark,
  type StreamElementQueue,
} from "./stream-element-queue.ts";

export class UnorderedStreamElementQueue implements StreamElementQueue {
  private readonly segments = new RingBuffer<Segment>(4);
  private entries = 0;
  private watermarks = 0;

  get size(): number {
    return this.entries;
  }

  get records(): number {
    return this.entries - this.watermarks;
  }

  putRecord(record: StoredRecord): RecordEntry {
    const segment = this.lastSegment() ?? this.addSegment();
    const entry = new SegmentEntry(record, segment);
    segment.add(entry);
    this.entries++;
    return entry;
  }

  putWatermark(watermark: StoredWatermark): void {
    const last = this.lastSegment();
    // An empty last segment is one that is drained, or the one behind another watermark.
    const segment = last?.isEmpty() === true ? last : this.addSegment();
    segment.add(new QueueEntry(watermark));
    this.entries++;
    this.watermarks++;
    this.addSegment();
  }

  hasCompletedElements(): boolean {
    return this.segments.peek()?.hasCompleted() === true;
  }

  emitCompletedElement(output: CompletedOutput): void {
    const current = this.segments.peek();
    if (current === undefined) return;
    const emitted = current.emitCompleted(output);
    if (emitted !== undefined) this.entries--;
    if (emitted !== undefined && isStoredWatermark(emitted.element)) this.watermarks--;
    if (this.segments.size > 1 && current.isEmpty()) this.segments.shift();
  }

  /** Within a segment the completed ones come first, as in Flink. */
  values(): StoredElement[] {
    return this.segments.toArray().flatMap((segment) => segment.values());
  }

  private lastSegment(): Segment | undefined {
    return this.segments.at(this.segments.size - 1);
  }

  private addSegment(): Segment {
    const segment = new Segment();
    this.segments.push(segment);
    return segment;
  }
}

class Segment {
  private readonly incomplete = new Set<QueueEntry>();
  private readonly completed = new RingBuffer<QueueEntry>(4);

  add(entry: QueueEntry): void {
    if (entry.done) this.completed.push(entry);
    else this.incomplete.add(entry);
  }

  complete(entry: QueueEntry): void {
    if (this.incomplete.delete(entry)) this.completed.push(entry);
  }

  isEmpty(): boolean {
    return this.incomplete.size === 0 && this.completed.isEmpty();
  }

  hasCompleted(): boolean {
    return !this.completed.isEmpty();
  }

  /** undefined when nothing is completed. */
  emitCompleted(output: CompletedOutput): QueueEntry | undefined {
    const entry = this.completed.shift();
    entry?.emit(output);
    return entry;
  }

  values(): StoredElement[] {
    return [...this.completed.toArray(), ...this.incomplete].map((entry) => entry.element);
  }
}

/** A record that tells its segment when it is done. */
class SegmentEntry extends QueueEntry {
  private readonly segment: Segment;

  constructor(record: StoredRecord, segment: Segment) {
    super(record);
    this.segment = segment;
  }

  override complete(results: Iterable<unknown>): void {
    super.complete(results);
    this.segment.complete(this);
  }
}
