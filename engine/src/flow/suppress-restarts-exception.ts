/**
 * Thrown, or as the cause of what is thrown, it says that trying again would not help: the job fails for good, whatever its restart strategy.
 * (Flink: docs/ops/state/task_failure_recovery)
 */
export class SuppressRestartsException extends Error {
  /** @param cause what went wrong. */
  constructor(cause: unknown) {
    super("Unrecoverable failure. This suppresses job restarts. Please check the stack trace for the root cause.", { cause });
    this.name = "SuppressRestartsException";
  }
}
