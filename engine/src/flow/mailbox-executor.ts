/**
 * A task's mailbox, as one operator of the task sees it (Flink: `MailboxExecutor`). Whatever comes from outside the task reaches the
 * operator as a mail: between two elements, never in the middle of one.
 *
 * Flink's operators may also wait inside a call (`yield`): the thread then works on mails until there is something to go on with. Here
 * nothing can wait inside a call. An operator that cannot go on keeps what it was given and says `holdInput`; the task then takes
 * nothing more from its inputs, triggers no checkpoint and does not end, and works on mails alone, until `releaseInput`.
 *
 * A thread that is inside a call to a system, and gets no answer, does nothing at all, not even mails: `waitForAnswer`.
 */
export interface MailboxExecutor {
  /** Queues an action. It may be called at any time and from anywhere; once the task is gone, nothing happens. */
  execute(action: () => void): void;
  /** Fails the task with this exception, as soon as it gets to its mails (Flink: `Environment.failExternally`). */
  fail(cause: unknown): void;
  /** The operator can take no further element. Not to be repeated before `releaseInput`. */
  holdInput(): void;
  releaseInput(): void;
  /**
   * The operator's thread waits for an answer, nobody knows for how long. What is left of the step under way is still done; then the task stands still
   * until the function that is given back is called, at any time and from anywhere, with what the operator does with the answer.
   * One answer at a time.
   */
  waitForAnswer(): (withAnswer: () => void) => void;
  /** An answer has not come. */
  readonly waiting: boolean;
  /** The operator's thread works, or waits for an answer, for this long in microseconds: the task is busy. */
  spendUs(durationUs: number): void;
}
