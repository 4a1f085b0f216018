import { Diagnostic } from "../base/diagnostic.ts";
import type { InternalTimerService } from "../flow/internal-timer-service.ts";
import type { TimerService } from "../flow/functions.ts";
import type { OperatorProbe } from "../flow/probe.ts";
import type { ProcessingTimeService } from "../flow/processing-time.ts";
import { VOID_NAMESPACE } from "../state/namespace.ts";

/** A user's timers: those of the current key without namespace. */
export class SimpleTimerService implements TimerService {
  readonly #timers: InternalTimerService;

  constructor(timers: InternalTimerService) {
    this.#timers = timers;
  }

  currentProcessingTime(): number {
    return this.#timers.currentProcessingTime();
  }

  currentWatermark(): number {
    return this.#timers.currentWatermark();
  }

  registerEventTimeTimer(timestampMs: number): void {
    this.#timers.registerEventTimeTimer(VOID_NAMESPACE, checkedTimestamp(timestampMs));
  }

  registerProcessingTimeTimer(timestampMs: number): void {
    this.#timers.registerProcessingTimeTimer(VOID_NAMESPACE, checkedTimestamp(timestampMs));
  }

  deleteEventTimeTimer(timestampMs: number): void {
    this.#timers.deleteEventTimeTimer(VOID_NAMESPACE, checkedTimestamp(timestampMs));
  }

  deleteProcessingTimeTimer(timestampMs: number): void {
    this.#timers.deleteProcessingTimeTimer(VOID_NAMESPACE, checkedTimestamp(timestampMs));
  }
}

/** The same, telling what is set and deleted. */
class RecordedTimerService extends SimpleTimerService {
  readonly #probe: OperatorProbe;
  readonly #key: () => unknown;

  constructor(timers: InternalTimerService, probe: OperatorProbe, key: () => unknown) {
    super(timers);
    this.#probe = probe;
    this.#key = key;
  }

  override registerEventTimeTimer(timestampMs: number): void {
    super.registerEventTimeTimer(timestampMs);
    this.#probe.timerSet("event", this.#key(), timestampMs, true);
  }

  override registerProcessingTimeTimer(timestampMs: number): void {
    super.registerProcessingTimeTimer(timestampMs);
    this.#probe.timerSet("processing", this.#key(), timestampMs, true);
  }

  override deleteEventTimeTimer(timestampMs: number): void {
    super.deleteEventTimeTimer(timestampMs);
    this.#probe.timerSet("event", this.#key(), timestampMs, false);
  }

  override deleteProcessingTimeTimer(timestampMs: number): void {
    super.deleteProcessingTimeTimer(timestampMs);
    this.#probe.timerSet("processing", this.#key(), timestampMs, false);
  }
}

/** @param key the current key; asked in recorded runs only. */
export function timerServiceFor(timers: InternalTimerService, probe: OperatorProbe, key: () => unknown): SimpleTimerService {
  return probe.recording ? new RecordedTimerService(timers, probe, key) : new SimpleTimerService(timers);
}

/** On streams without a key only the clocks can be read. */
export class ClockOnlyTimerService implements TimerService {
  readonly #clock: ProcessingTimeService;
  readonly #watermark: () => number;

  constructor(clock: ProcessingTimeService, watermark: () => number) {
    this.#clock = clock;
    this.#watermark = watermark;
  }

  currentProcessingTime(): number {
    return this.#clock.currentMs();
  }

  currentWatermark(): number {
    return this.#watermark();
  }

  registerEventTimeTimer(_timestampMs: number): void {
    throw timerWithoutKey("Setting");
  }

  registerProcessingTimeTimer(_timestampMs: number): void {
    throw timerWithoutKey("Setting");
  }

  deleteEventTimeTimer(_timestampMs: number): void {
    throw timerWithoutKey("Deleting");
  }

  deleteProcessingTimeTimer(_timestampMs: number): void {
    throw timerWithoutKey("Deleting");
  }
}

function timerWithoutKey(what: string): Diagnostic {
  return new Diagnostic({
    code: "TIMER_WITHOUT_KEY",
    message: `${what} timers is only supported on a keyed streams.`,
    phase: "runtime",
    expected: "stream.keyBy(…).process(new KeyedProcessFunction…)",
    hint: "Timers belong to a key; put keyBy in front of process.",
  });
}

/** The timestamp, or Diagnostic TIMER_TIMESTAMP_INVALID when it is none. */
export function checkedTimestamp(timestampMs: number): number {
  if (typeof timestampMs === "number" && !Number.isNaN(timestampMs)) return timestampMs;
  throw new Diagnostic({
    code: "TIMER_TIMESTAMP_INVALID",
    message: "A timer needs a timestamp in epoch milliseconds.",
    phase: "runtime",
    found: timestampMs === null ? "null" : String(timestampMs),
    expected: "a number",
    hint: "ctx.timestamp() is null for records without a timestamp: assign timestamps and watermarks first.",
  });
}
