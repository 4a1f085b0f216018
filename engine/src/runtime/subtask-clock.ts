/** The virtual clock as one subtask sees it: callbacks become mails of the task, so they never interrupt a record. */
import { Diagnostic } from "../base/diagnostic.ts";
import { MAX_TIMESTAMP } from "../base/long.ts";
import { PausableClock } from "../flow/pausable-clock.ts";
import type { ProcessingTimeService, ScheduledCallback } from "../flow/processing-time.ts";
import type { EventLoop } from "./event-loop.ts";

const NEVER: ScheduledCallback = { cancel() {} };

export class SubtaskClock implements ProcessingTimeService {
  /** Paused while the subtask is backpressured. */
  readonly inputActivity: PausableClock;
  private readonly loop: EventLoop;
  private readonly mail: (action: () => void) => void;
  /** After the end of input and after the task is gone, no timer fires any more. */
  private quiesced = false;

  constructor(loop: EventLoop, mail: (action: () => void) => void) {
    this.loop = loop;
    this.inputActivity = new PausableClock(() => loop.currentMs());
    this.mail = mail;
  }

  currentMs(): number {
    return this.loop.currentMs();
  }

  inputActivityMs(): number {
    return this.inputActivity.relativeTimeMillis();
  }

  schedule(timestampMs: number, callback: (timestampMs: number) => void): ScheduledCallback {
    if (Number.isNaN(timestampMs)) throw badTimer();
    if (this.quiesced || timestampMs >= MAX_TIMESTAMP) return NEVER;
    let cancelled = false;
    const entry = this.loop.schedule(timestampMs + 1, () => {
      if (this.quiesced) return;
      this.mail(() => {
        if (!cancelled && !this.quiesced) callback(timestampMs);
      });
    });
    return {
      cancel() {
        cancelled = true;
        entry.cancel();
      },
    };
  }

  quiesce(): void {
    this.quiesced = true;
  }
}

function badTimer(): Diagnostic {
  return new Diagnostic({
    code: "TIMER_BAD_TIMESTAMP",
    phase: "runtime",
    message: "A processing-time timer was registered for a time that is not a number.",
    found: "NaN",
    expected: "epoch milliseconds",
    hint: "Is a field of the record missing that the time is computed from?",
  });
}
