/** A consistent picture of the whole job: every operator's state and every source's enumerator, as of one barrier. */
import type { ChannelState } from "./channel-state.ts";
import type { OperatorSnapshot } from "../../state/snapshot.ts";

export interface OperatorCheckpoint {
  /** As Flink shows the operator. */
  readonly name: string;
  /** undefined = the program gave it none. */
  readonly uid: string | undefined;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** By subtask index. */
  readonly subtasks: readonly OperatorSnapshot[];
  /** All its tasks had finished; restored, it is finished at once. Absent = it goes on. */
  readonly finished?: true;
}

export interface CompletedCheckpoint {
  readonly id: number;
  readonly completedAtMs: number;
  readonly bytes: number;
  /** By operator id. */
  readonly operators: ReadonlyMap<string, OperatorCheckpoint>;
  /** Enumerator state by the source's operator id. */
  readonly enumerators: ReadonlyMap<string, unknown>;
  /** What was in flight, if the checkpoint was unaligned. */
  readonly channels: readonly ChannelState[];
}
