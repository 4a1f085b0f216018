/**
 * What a sink's writer sends its committer at each checkpoint: one summary, then one message per committable (Flink: `CommittableMessage`).
 * Plain data, since it may cross a channel and lies in snapshots.
 */
export type CommittableMessage =
  | {
      readonly kind: "summary";
      readonly checkpointId: number;
      readonly subtask: number;
      readonly ofSubtasks: number;
      /** Committables that follow. */
      readonly committables: number;
    }
  | { readonly kind: "committable"; readonly checkpointId: number; readonly subtask: number; readonly committable: unknown };
