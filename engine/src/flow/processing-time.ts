/** A pending processing-time callback. */
export interface ScheduledCallback {
  cancel(): void;
}

/**
 * The virtual clock as one subtask sees it. Callbacks run in the subtask's mailbox, never in the middle of a record.
 * (Flink: `ProcessingTimeService`.)
 */
export interface ProcessingTimeService {
  /** Current virtual processing time in epoch milliseconds. */
  currentMs(): number;
  /**
   * Runs `callback(timestampMs)` once the clock has passed `timestampMs`, i.e. at `timestampMs + 1` as in Flink, so that a window
   * ending at a processing time sees every record of its last millisecond.
   */
  schedule(timestampMs: number, callback: (timestampMs: number) => void): ScheduledCallback;
}
