import { BinaryHeap } from "../base/binary-heap.ts";
import type { ProcessingTimeService, ScheduledCallback } from "../flow/processing-time.ts";

interface Entry {
  readonly timestampMs: number;
  readonly sequence: number;
  readonly callback: (timestampMs: number) => void;
  cancelled: boolean;
}

/** A processing-time clock that only moves when a test says so (Flink: `TestProcessingTimeService`). */
export class ManualClock implements ProcessingTimeService {
  readonly leaps = true;
  private readonly entries = new BinaryHeap<Entry>((left, right) => left.timestampMs - right.timestampMs || left.sequence - right.sequence);
  private nowMs: number;
  private sequence = 0;

  constructor(startMs = 0) {
    this.nowMs = startMs;
  }

  currentMs(): number {
    return this.nowMs;
  }

  schedule(timestampMs: number, callback: (timestampMs: number) => void): ScheduledCallback {
    const entry: Entry = { timestampMs, sequence: this.sequence++, callback, cancelled: false };
    this.entries.push(entry);
    return {
      cancel: () => {
        entry.cancelled = true;
      },
    };
  }

  /** Sets the clock and runs what is due, including what is scheduled meanwhile. Time does not go back. */
  setCurrentMs(timestampMs: number): void {
    this.nowMs = timestampMs;
    for (;;) {
      const next = this.entries.peek();
      if (next === undefined || next.timestampMs > timestampMs) return;
      this.entries.pop();
      if (!next.cancelled) next.callback(next.timestampMs);
    }
  }
}
