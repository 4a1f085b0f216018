/** A task's mailbox for one of its operators: its mails run as this operator, so that an exception names it. */
import type { MailboxExecutor } from "../flow/mailbox-executor.ts";
import type { TaskMeter } from "./task-meter.ts";

/** What a task lets its operators do to it. */
export interface TaskControl {
  /** An operator can take no further element. */
  readonly held: boolean;
  mail(action: () => void): void;
  holdInput(): void;
  releaseInput(): void;
}

export class OperatorMailbox implements MailboxExecutor {
  private readonly task: TaskControl;
  private readonly meter: TaskMeter;
  /** Of the operator in its chain. */
  private readonly index: number;

  constructor(task: TaskControl, meter: TaskMeter, index: number) {
    this.task = task;
    this.meter = meter;
    this.index = index;
  }

  execute(action: () => void): void {
    this.task.mail(() => {
      this.meter.activeOperator = this.index;
      action();
      this.meter.activeOperator = 0;
    });
  }

  fail(cause: unknown): void {
    this.execute(() => {
      throw cause;
    });
  }

  holdInput(): void {
    this.task.holdInput();
  }

  releaseInput(): void {
    this.task.releaseInput();
  }

  spendUs(durationUs: number): void {
    this.meter.costUs += durationUs;
  }
}
