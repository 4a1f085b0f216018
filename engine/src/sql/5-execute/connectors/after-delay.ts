import type { OperatorContext } from "../../../flow/operator.ts";

/** Runs the action in a mail of the task, exactly `delayMs` from now; at once, but not before the caller has returned, when that is nothing. */
export function afterDelay({ processingTime, mailbox }: OperatorContext, delayMs: number, action: () => void): void {
  // A callback of the clock comes a millisecond after its time.
  if (delayMs < 1) mailbox.execute(action);
  else processingTime.schedule(processingTime.currentMs() + delayMs - 1, action);
}
