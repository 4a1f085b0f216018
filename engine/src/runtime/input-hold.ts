/**
 * Operators of one task that can take no further element (flow/mailbox-executor.ts), and what has to wait until they let go: the input,
 * the end of the data, checkpoints that were triggered at the task, and mails of operators in front of them in the chain. In Flink the
 * thread is inside such an operator and works on mails of it and of those behind it only (mail priorities); the time counts as busy.
 */
import type { TaskMeter } from "./task-meter.ts";

interface Postponed {
  readonly action: () => void;
  /** null = no checkpoint. */
  readonly checkpointId: number | null;
}

export class InputHold {
  /** An operator has let go, and the task has not gone on with what waited. */
  released = false;
  /** All input has ended; the operators' ends come when nobody holds. */
  ending = false;
  private readonly meter: TaskMeter;
  private readonly nowUs: () => number;
  /** Indices in the chain. */
  private readonly holders = new Set<number>();
  private sinceUs = 0;
  private busyBeforeUs = 0;
  private postponed: readonly Postponed[] = [];

  constructor(meter: TaskMeter, nowUs: () => number) {
    this.meter = meter;
    this.nowUs = nowUs;
  }

  get active(): boolean {
    return this.holders.size > 0;
  }

  begin(operator: number): void {
    if (this.holders.size === 0) {
      this.sinceUs = this.nowUs();
      this.busyBeforeUs = this.meter.busyUs;
    }
    this.holders.add(operator);
  }

  end(operator: number): void {
    this.holders.delete(operator);
    this.released = true;
    // The mails that were worked on meanwhile lie in this time.
    if (!this.active) this.meter.busyUs = Math.max(this.meter.busyUs, this.busyBeforeUs + this.nowUs() - this.sinceUs);
  }

  /** Some operator behind this one holds. */
  isBehind(operator: number): boolean {
    for (const holder of this.holders) if (holder > operator) return true;
    return false;
  }

  /** Keeps an action until an operator lets go; it may then postpone itself again. */
  postpone(action: () => void, checkpointId: number | null = null): void {
    this.postponed = [...this.postponed, { action, checkpointId }];
  }

  /** The checkpoint was given up. */
  forget(checkpointId: number): void {
    this.postponed = this.postponed.filter((entry) => entry.checkpointId !== checkpointId);
  }

  /** Does what was postponed, in order. */
  resume(): void {
    const { postponed } = this;
    this.postponed = [];
    for (const { action } of postponed) action();
  }
}
