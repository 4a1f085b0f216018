/**
 * How checkpoints treat records that overtake the barrier: EXACTLY_ONCE (default) aligns, AT_LEAST_ONCE does not.
 * (Flink: docs/dev/datastream/fault-tolerance/checkpointing)
 */
export const CheckpointingMode = { EXACTLY_ONCE: "EXACTLY_ONCE", AT_LEAST_ONCE: "AT_LEAST_ONCE" } as const;
export type CheckpointingMode = (typeof CheckpointingMode)[keyof typeof CheckpointingMode];
