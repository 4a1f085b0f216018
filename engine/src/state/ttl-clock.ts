import { isExpired, type StateTtlConfig } from "./ttl.ts";

/** A value with the time of its last touch (Flink: `TtlValue`). */
export interface TtlValue<T> {
  readonly value: T;
  readonly lastAccessMs: number;
}

/** Time to live as one state applies it. */
export class TtlClock {
  readonly updateOnRead: boolean;
  readonly returnExpired: boolean;
  readonly config: StateTtlConfig;
  private readonly now: () => number;

  constructor(config: StateTtlConfig, now: () => number) {
    this.config = config;
    this.now = now;
    this.updateOnRead = config.updateType === "OnReadAndWrite";
    this.returnExpired = config.stateVisibility === "ReturnExpiredIfNotCleanedUp";
  }

  wrap<T>(value: T): TtlValue<T> {
    return { value, lastAccessMs: this.now() };
  }

  /** The same, standing still. */
  asOfNow(): TtlClock {
    const nowMs = this.now();
    return new TtlClock(this.config, () => nowMs);
  }

  nowMs(): number {
    return this.now();
  }

  expired(wrapped: TtlValue<unknown>): boolean {
    return this.expiredSince(wrapped.lastAccessMs);
  }

  /** Whether what was last touched then has lived its time. */
  expiredSince(lastAccessMs: number): boolean {
    return isExpired(lastAccessMs, this.config.ttlMs, this.now());
  }

  /** The value that a new element is folded into; undefined when it is gone. */
  unexpired<T>(wrapped: TtlValue<T>): T | undefined {
    return this.expired(wrapped) && !this.returnExpired ? undefined : wrapped.value;
  }
}
