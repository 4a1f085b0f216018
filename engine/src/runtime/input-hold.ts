/**
 * Operators of one task that can take no further element (flow/mailbox-executor.ts), and what has to wait until they let go: the input,
 * the end of the data, checkpoints that were triggered at the task, and mails of operators in front of them in the chain. In Flink the
 * thread is inside such an operator and works on mails of it and of those behind it only (mail priorities); the time counts as busy.
 *
 * An operator that waits for one answer from outside holds the input as well; then the task works on no mail either, until the answer is there.
 */
import { invariant } from "../base/invariant.ts";
import type { TaskControl } from "./operator-mailbox.ts";
import type { TaskMeter } from "./task-meter.ts";

interface Postponed {
  readonly action: () => void;
  /** null = no checkpoint. */
  readonly checkpointId: number | null;
}

/** The task that stands still. */
export interface HeldTask {
  /** Above 0 it takes nothing in. */
  stalls: number;
  mail(action: () => void): void;
  wake(): void;
}

export class InputHold implements TaskControl {
  /** An operator has let go, and the task has not gone on with what waited. */
  released = false;
  /** All input has ended; the operators' ends come when nobody holds. */
  ending = false;
  private readonly task: HeldTask;
  private readonly meter: TaskMeter;
  private readonly nowUs: () => number;
  /** Indices in the chain. */
  private readonly holders = new Set<number>();
  private sinceUs = 0;
  private busyBeforeUs = 0;
  private postponed: readonly Postponed[] = [];
  /** The operator that waits for an answer; null = none. */
  private asking: number | null = null;
  /** What is to be done with the answer, once it is there. */
  private answered: (() => void) | null = null;

  constructor(task: HeldTask, meter: TaskMeter, nowUs: () => number) {
    this.task = task;
    this.meter = meter;
    this.nowUs = nowUs;
  }

  get held(): boolean {
    return this.holders.size > 0;
  }

  mail(action: () => void): void {
    this.task.mail(action);
  }

  holdInput(operator: number): void {
    this.task.stalls++;
    if (this.holders.size === 0) {
      this.sinceUs = this.nowUs();
      this.busyBeforeUs = this.meter.busyUs;
    }
    this.holders.add(operator);
  }

  releaseInput(operator: number): void {
    this.task.stalls--;
    this.holders.delete(operator);
    this.released = true;
    // The mails that were worked on meanwhile lie in this time.
    if (!this.held) this.meter.busyUs = Math.max(this.meter.busyUs, this.busyBeforeUs + this.nowUs() - this.sinceUs);
  }

  heldBehind(operator: number): boolean {
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

  get waiting(): boolean {
    return this.asking !== null;
  }

  get answerIsThere(): boolean {
    return this.answered !== null;
  }

  waitForAnswer(operator: number): void {
    invariant(this.asking === null, "a task waits for one answer at a time");
    this.asking = operator;
    this.holdInput(operator);
  }

  answer(action: () => void): void {
    this.answered = action;
    this.task.wake();
  }

  /** Does what was waited for, if the answer is there. */
  takeAnswer(): void {
    const { asking, answered } = this;
    if (answered === null) return;
    this.answered = null;
    this.asking = null;
    if (asking !== null) this.releaseInput(asking);
    answered();
  }
}
