import type { MailboxExecutor } from "../flow/mailbox-executor.ts";
import { RingBuffer } from "../base/ring-buffer.ts";

/** The mailbox of an operator in a harness: mails run when the test's next step is over. */
export class HarnessMailbox implements MailboxExecutor {
  /** The operator can take nothing further. */
  held = false;
  private unanswered = 0;
  private readonly mails = new RingBuffer<() => void>();

  execute(action: () => void): void {
    this.mails.push(action);
  }

  fail(cause: unknown): void {
    this.execute(() => {
      throw cause;
    });
  }

  holdInput(): void {
    this.held = true;
  }

  releaseInput(): void {
    this.held = false;
  }

  get waiting(): boolean {
    return this.unanswered > 0;
  }

  waitForAnswer(): (withAnswer: () => void) => void {
    this.unanswered++;
    return (withAnswer) =>
      this.execute(() => {
        this.unanswered--;
        withAnswer();
      });
  }

  /** Harnesses know no costs. */
  spendUs(_durationUs: number): void {}

  runMails(): void {
    for (let mail = this.mails.shift(); mail !== undefined; mail = this.mails.shift()) mail();
  }
}
