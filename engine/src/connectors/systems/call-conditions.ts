/**
 * How a system answers at present, and what a client makes of it.
 *
 * A call takes the system's latency. While the system is `slow` it takes longer; while it is `unavailable` (down, or it throttles) the client
 * tries again until its retries are used up, and then fails. Nothing here waits: the time goes to `block`, which keeps the task busy, and
 * several calls of one step follow each other in virtual time although they are made at the same moment.
 */
import type { SystemAction, SystemClock } from "./outside-system.ts";

export class CallConditions {
  private readonly clock: SystemClock;
  private readonly usualLatencyMs: number;
  private slowLatencyMs = 0;
  private slowUntilMs = Number.NEGATIVE_INFINITY;
  private backAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: SystemClock, usualLatencyMs: number) {
    this.clock = clock;
    this.usualLatencyMs = usualLatencyMs;
  }

  /** `{ what: "slow", latencyMs, forMs }` and `{ what: "unavailable", forMs }`. False = it is another fault. */
  strike(action: SystemAction): boolean {
    const nowMs = this.clock.currentMs();
    if (action.what === "slow") {
      this.slowLatencyMs = numberOf(action, "latencyMs");
      this.slowUntilMs = nowMs + numberOf(action, "forMs");
      return true;
    }
    if (action.what !== "unavailable") return false;
    this.backAtMs = Math.max(this.backAtMs, nowMs + numberOf(action, "forMs"));
    return true;
  }

  latencyAt(atMs: number): number {
    return atMs < this.slowUntilMs ? this.slowLatencyMs : this.usualLatencyMs;
  }

  /** From when on calls are answered; may be past. */
  get availableFromMs(): number {
    return this.backAtMs;
  }

  nowMs(): number {
    return this.clock.currentMs();
  }
}

export interface ClientSettings {
  /** Takes the time of a call. Absent: somebody outside the job looks, whom nothing delays and nothing fails. */
  readonly block?: ((durationMs: number) => void) | undefined;
  /** How long the client tries again when it is turned away. */
  readonly retryForMs: number;
  /** What it throws when that did not help. */
  readonly failure: () => Error;
}

/** One client of a system. */
export class SystemClient {
  readonly #conditions: CallConditions;
  readonly #settings: ClientSettings;
  /** Until when the calls made so far take. */
  #busyUntilMs = Number.NEGATIVE_INFINITY;

  constructor(conditions: CallConditions, settings: ClientSettings) {
    this.#conditions = conditions;
    this.#settings = settings;
  }

  /** To be called before each call. Gives the time at which it is answered, epoch ms. Throws the client's failure. */
  call(): number {
    const conditions = this.#conditions;
    const settings = this.#settings;
    if (settings.block === undefined) return conditions.nowMs();
    const startMs = Math.max(conditions.nowMs(), this.#busyUntilMs);
    const waitMs = Math.max(0, conditions.availableFromMs - startMs);
    if (waitMs > settings.retryForMs) {
      this.#spend(startMs, settings.retryForMs);
      throw settings.failure();
    }
    this.#spend(startMs, waitMs + conditions.latencyAt(startMs + waitMs));
    return Math.max(startMs, this.#busyUntilMs);
  }

  /** Lets time pass between two calls. */
  pause(durationMs: number): void {
    this.#spend(Math.max(this.#conditions.nowMs(), this.#busyUntilMs), durationMs);
  }

  #spend(startMs: number, durationMs: number): void {
    if (durationMs <= 0) return;
    this.#busyUntilMs = startMs + durationMs;
    this.#settings.block?.(durationMs);
  }
}

/** @throws Error when the action lacks the number. */
export function numberOf(action: SystemAction, parameter: string): number {
  const value = action[parameter];
  if (typeof value !== "number") throw new Error(`The fault "${action.what}" needs a number "${parameter}".`);
  return value;
}

/** @throws Error when the action lacks the text. */
export function textOf(action: SystemAction, parameter: string): string {
  const value = action[parameter];
  if (typeof value !== "string") throw new Error(`The fault "${action.what}" needs a text "${parameter}".`);
  return value;
}

export function unknownFault(system: string, action: SystemAction): Error {
  return new Error(`"${system}" knows no fault "${action.what}".`);
}
