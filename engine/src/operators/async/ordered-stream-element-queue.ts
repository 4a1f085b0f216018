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

/** Results leave in the order of their inputs: nothing overtakes the first that is not done (Flink: `OrderedStreamElementQueue`). */
export class OrderedStreamElementQueue implements StreamElementQueue {
  private readonly entries = new RingBuffer<QueueEntry>();
  private watermarks = 0;

  get size(): number {
    return this.entries.size;
  }

  get records(): number {
    return this.entries.size - this.watermarks;
  }

  putRecord(record: StoredRecord): RecordEntry {
    return this.put(record);
  }

  putWatermark(watermark: StoredWatermark): void {
    this.put(watermark);
    this.watermarks++;
  }

  hasCompletedElements(): boolean {
    return this.entries.peek()?.done === true;
  }

  emitCompletedElement(output: CompletedOutput): void {
    if (!this.hasCompletedElements()) return;
    const entry = this.entries.shift()!;
    if (isStoredWatermark(entry.element)) this.watermarks--;
    entry.emit(output);
  }

  values(): StoredElement[] {
    return this.entries.toArray().map((entry) => entry.element);
  }

  private put(element: StoredElement): QueueEntry {
    const entry = new QueueEntry(element);
    this.entries.push(entry);
    return entry;
  }
}
