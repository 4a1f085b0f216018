import { MIN_TIMESTAMP } from "../base/long.ts";
import type { KeyedOnTimerContext, TimeDomain, TimerService } from "../flow/functions.ts";
import type { Output, OutputTag } from "../flow/output.ts";
import { StreamRecord } from "../flow/stream-record.ts";
import { checkedTag } from "./side-output.ts";

/** The record or timer that is being worked on. It is the operator's; the function has the context, which only reads it. */
export class CurrentElement {
  timestampMs = 0;
  hasTimestamp = false;
  domain: TimeDomain = "EVENT_TIME";

  ofRecord(record: StreamRecord): void {
    this.timestampMs = record.timestamp;
    this.hasTimestamp = record.hasTimestamp;
  }

  ofTimer(timestampMs: number, domain: TimeDomain): void {
    this.timestampMs = timestampMs;
    this.hasTimestamp = true;
    this.domain = domain;
  }
}

/**
 * The context of all process functions, one per operator and reused: for a record its timestamp, in `onTimer` the timer's. What is
 * asked for at the wrong time (a time domain while processing a record) is simply not in the type the function sees.
 */
export class ReusableProcessContext implements KeyedOnTimerContext<unknown> {
  readonly #output: Output;
  readonly #timers: TimerService;
  readonly #currentKey: () => unknown;
  readonly #element: CurrentElement;
  readonly #side = new StreamRecord<unknown>(undefined);

  constructor(output: Output, timers: TimerService, currentKey: () => unknown, element: CurrentElement) {
    this.#output = output;
    this.#timers = timers;
    this.#currentKey = currentKey;
    this.#element = element;
  }

  timestamp(): number | null {
    return this.#element.hasTimestamp ? this.#element.timestampMs : null;
  }

  timerService(): TimerService {
    return this.#timers;
  }

  timeDomain(): TimeDomain {
    return this.#element.domain;
  }

  getCurrentKey(): unknown {
    return this.#currentKey();
  }

  /** A record without a timestamp goes to a side output with the lowest one, as in Flink. */
  output<X>(outputTag: OutputTag<X>, value: X): void {
    this.#side.value = value;
    this.#side.setTimestamp(this.#element.hasTimestamp ? this.#element.timestampMs : MIN_TIMESTAMP);
    this.#output.collectSide(checkedTag(outputTag), this.#side);
  }
}
