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
  /** As `currentMs`, but standing still while the subtask is backpressured. Absent = it never is. */
  inputActivityMs?(): number;
  /** True where somebody sets the time by hand: it leaps, so how late a callback comes cannot be known before. */
  readonly leaps?: boolean;
  /**
   * Runs `callback(timestampMs)` once the clock has passed `timestampMs`, i.e. at `timestampMs + 1` as in Flink, so that a window
   * ending at a processing time sees every record of its last millisecond.
   */
  schedule(timestampMs: number, callback: (timestampMs: number) => void): ScheduledCallback;
}

/** The time that idleness is measured with: it stands still while the subtask is backpressured. */
export function inputActivityMs(clock: ProcessingTimeService): number {
  return clock.inputActivityMs?.() ?? clock.currentMs();
}
