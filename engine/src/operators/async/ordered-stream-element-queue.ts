import { RingBuffer } from "../../base/ring-buffer.ts";
import {
  type CompletedOutput,
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

  get size(): number {
    return this.entries.size;
  }

  putRecord(record: StoredRecord): RecordEntry {
    return this.put(record);
  }

  putWatermark(watermark: StoredWatermark): void {
    this.put(watermark);
  }

  hasCompletedElements(): boolean {
    return this.entries.peek()?.done === true;
  }

  emitCompletedElement(output: CompletedOutput): void {
    if (this.hasCompletedElements()) this.entries.shift()?.emit(output);
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
