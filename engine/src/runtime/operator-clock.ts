import { inputActivityMs, type ProcessingTimeService, type ScheduledCallback } from "../flow/processing-time.ts";

/** The task's clock for one operator, whose timers stop when the operator finishes, while others of the chain may still wait for theirs. */
export class OperatorClock implements ProcessingTimeService {
  private quiesced = false;
  private readonly clock: ProcessingTimeService;

  constructor(clock: ProcessingTimeService) {
    this.clock = clock;
  }

  currentMs(): number {
    return this.clock.currentMs();
  }

  inputActivityMs(): number {
    return inputActivityMs(this.clock);
  }

  schedule(timestampMs: number, callback: (timestampMs: number) => void): ScheduledCallback {
    if (this.quiesced) return NEVER;
    return this.clock.schedule(timestampMs, (firedMs) => {
      if (!this.quiesced) callback(firedMs);
    });
  }

  /** No timer fires any more. */
  quiesce(): void {
    this.quiesced = true;
  }
}

const NEVER: ScheduledCallback = { cancel() {} };
