/** Why a checkpoint was not taken or given up. Flink: `CheckpointFailureReason`, and which of them `CheckpointFailureManager` counts. */
export interface CheckpointFailureReason {
  readonly message: string;
  /** Whether it counts against `execution.checkpointing.tolerable-failed-checkpoints`. */
  readonly counts: boolean;
}

export const CHECKPOINT_FAILURE = {
  tooManyRequests: { message: "The maximum number of queued checkpoint requests exceeded", counts: false },
  minimumPause: {
    message: "The minimum time between checkpoints is still pending. Checkpoint will be triggered after the minimum time.",
    counts: false,
  },
  notAllRunning: { message: "Not all required tasks are currently running.", counts: false },
  trigger: { message: "Trigger checkpoint failure.", counts: false },
  suspended: { message: "Checkpoint Coordinator is suspending.", counts: false },
  subsumed: { message: "Checkpoint has been subsumed.", counts: false },
  expired: { message: "Checkpoint expired before completing.", counts: true },
  /** A task could not store its part. */
  asynchronous: { message: "Asynchronous task checkpoint failed.", counts: true },
  /** The job manager could not store the whole. */
  finalize: { message: "Failure to finalize checkpoint.", counts: true },
} as const satisfies Record<string, CheckpointFailureReason>;

/** One failure: the reason, and what lies behind it. */
export interface CheckpointFailure {
  readonly reason: CheckpointFailureReason;
  /** In one line; undefined = the reason says all. */
  readonly cause?: string;
}
