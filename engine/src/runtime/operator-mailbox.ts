/** A task's mailbox for one of its operators: its mails run as this operator, so that an exception names it. */
import type { MailboxExecutor } from "../flow/mailbox-executor.ts";
import type { TaskMeter } from "./task-meter.ts";

/** What a task lets its operators do to it. Operators are given by their index in the chain. */
export interface TaskControl {
  /** An operator can take no further element. */
  readonly held: boolean;
  mail(action: () => void): void;
  holdInput(operator: number): void;
  releaseInput(operator: number): void;
  /** An operator behind this one in the chain holds the input. */
  heldBehind(operator: number): boolean;
  /** Keeps the action until an operator lets go. */
  postpone(action: () => void): void;
  /** An operator has asked something outside and has no answer. */
  readonly waiting: boolean;
  /** The task stands still until `answer`. */
  waitForAnswer(operator: number): void;
  /** What the operator waits for has come; the action is the first thing that the task does. */
  answer(action: () => void): void;
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
    this.task.mail(() => this.runMail(action));
  }

  /** For what is a mail already: does it now, or when the operators behind this one have let go. */
  runMail(action: () => void): void {
    if (this.task.heldBehind(this.index)) {
      this.task.postpone(() => this.runMail(action));
      return;
    }
    this.meter.activeOperator = this.index;
    action();
    this.meter.activeOperator = 0;
  }

  fail(cause: unknown): void {
    this.task.mail(() => {
      this.meter.activeOperator = this.index;
      throw cause;
    });
  }

  holdInput(): void {
    this.task.holdInput(this.index);
  }

  releaseInput(): void {
    this.task.releaseInput(this.index);
  }

  get waiting(): boolean {
    return this.task.waiting;
  }

  waitForAnswer(): (withAnswer: () => void) => void {
    const { task, meter, index } = this;
    task.waitForAnswer(index);
    return (withAnswer) =>
      task.answer(() => {
        meter.activeOperator = index;
        withAnswer();
        meter.activeOperator = 0;
      });
  }

  spendUs(durationUs: number): void {
    this.meter.costUs += durationUs;
    this.meter.blockedUs += durationUs;
  }
}
