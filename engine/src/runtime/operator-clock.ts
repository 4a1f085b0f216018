import { inputActivityMs, type ProcessingTimeService, type ScheduledCallback } from "../flow/processing-time.ts";
import type { OperatorMailbox } from "./operator-mailbox.ts";

/**
 * The task's clock for one operator. Its timers run as mails of that operator, and stop when it finishes, while others of the chain may
 * still wait for theirs.
 */
export class OperatorClock implements ProcessingTimeService {
  private readonly clock: ProcessingTimeService;
  private readonly mailbox: OperatorMailbox;
  private quiesced = false;

  constructor(clock: ProcessingTimeService, mailbox: OperatorMailbox) {
    this.clock = clock;
    this.mailbox = mailbox;
  }

  currentMs(): number {
    return this.clock.currentMs();
  }

  inputActivityMs(): number {
    return inputActivityMs(this.clock);
  }

  schedule(timestampMs: number, callback: (timestampMs: number) => void): ScheduledCallback {
    if (this.quiesced) return NEVER;
    let cancelled = false;
    const scheduled = this.clock.schedule(timestampMs, (firedMs) => {
      this.mailbox.runMail(() => {
        if (!cancelled && !this.quiesced) callback(firedMs);
      });
    });
    return {
      cancel() {
        cancelled = true;
        scheduled.cancel();
      },
    };
  }

  /** No timer fires any more. */
  quiesce(): void {
    this.quiesced = true;
  }
}

const NEVER: ScheduledCallback = { cancel() {} };
