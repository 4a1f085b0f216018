/**
 * Time to live of operators that drop all state of a key at once (Flink: `BaseTwoInputStreamOperatorWithStateRetention`): a processing-time
 * timer per key, one and a half times the time to live ahead, set anew when less than the time to live is left.
 */
import type { InternalTimerService } from "../../../flow/internal-timer-service.ts";
import { VOID_NAMESPACE } from "../../../state/namespace.ts";
import type { ValueState } from "../../../state/state.ts";

export class RetentionTimer {
  private readonly ttlMs: number;
  private timers!: InternalTimerService;
  private cleanupAt!: ValueState<number>;

  /** @param ttlMs 0 = for ever: nothing is done. */
  constructor(ttlMs: number) {
    this.ttlMs = ttlMs;
  }

  get enabled(): boolean {
    return this.ttlMs > 0;
  }

  open(timers: InternalTimerService, cleanupAt: ValueState<number>): void {
    this.timers = timers;
    this.cleanupAt = cleanupAt;
  }

  /** The current key has been used. */
  postpone(nowMs: number): void {
    if (this.ttlMs === 0) return;
    const before = this.cleanupAt.value();
    if (before !== null) {
      if (nowMs + this.ttlMs <= before) return;
      this.timers.deleteProcessingTimeTimer(VOID_NAMESPACE, before);
    }
    const at = nowMs + Math.trunc(this.ttlMs * 1.5);
    this.timers.registerProcessingTimeTimer(VOID_NAMESPACE, at);
    this.cleanupAt.update(at);
  }

  /** The current key has nothing left. */
  cancel(): void {
    const before = this.cleanupAt.value();
    if (before === null) return;
    this.timers.deleteProcessingTimeTimer(VOID_NAMESPACE, before);
    this.cleanupAt.clear();
  }

  /** Whether a processing-time timer is the one that drops the state; then it is no longer set. */
  isDue(timestampMs: number): boolean {
    if (this.ttlMs === 0 || this.cleanupAt.value() !== timestampMs) return false;
    this.cleanupAt.clear();
    return true;
  }
}
