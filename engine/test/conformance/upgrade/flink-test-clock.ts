import type { ProcessingTimeService, ScheduledCallback } from "../../../src/flow/processing-time.ts";

interface Timer {
  readonly timestampMs: number;
  readonly callback: (timestampMs: number) => void;
  cancelled: boolean;
}

/**
 * The clock of Flink's operator harness (`TestProcessingTimeService`), with which the cases were recorded. Timers due at the same time
 * fire in the order in which Java's `PriorityQueue` gives them out, which is not that of registration when there are three or more; a
 * real task, and the engine's own clocks, keep that order.
 */
export class FlinkTestClock implements ProcessingTimeService {
  private nowMs = 0;
  private readonly heap: Timer[] = [];

  currentMs(): number {
    return this.nowMs;
  }

  schedule(timestampMs: number, callback: (timestampMs: number) => void): ScheduledCallback {
    const timer: Timer = { timestampMs, callback, cancelled: false };
    this.heap.push(timer);
    this.siftUp(this.heap.length - 1);
    return {
      cancel: () => {
        timer.cancelled = true;
      },
    };
  }

  setCurrentMs(timestampMs: number): void {
    this.nowMs = timestampMs;
    while (this.heap.length > 0 && this.heap[0].timestampMs <= timestampMs) {
      const timer = this.poll();
      if (!timer.cancelled) timer.callback(timer.timestampMs);
    }
  }

  private siftUp(start: number): void {
    const { heap } = this;
    const timer = heap[start];
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >>> 1;
      if (timer.timestampMs >= heap[parent].timestampMs) break;
      heap[index] = heap[parent];
      index = parent;
    }
    heap[index] = timer;
  }

  private poll(): Timer {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop() as Timer;
    const size = heap.length;
    if (size === 0) return first;
    let index = 0;
    while (index < size >>> 1) {
      let child = 2 * index + 1;
      if (child + 1 < size && heap[child].timestampMs > heap[child + 1].timestampMs) child++;
      if (last.timestampMs <= heap[child].timestampMs) break;
      heap[index] = heap[child];
      index = child;
    }
    heap[index] = last;
    return first;
  }
}
