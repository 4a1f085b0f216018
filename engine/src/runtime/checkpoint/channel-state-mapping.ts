/**
 * What becomes of records in flight when a job is restored with another parallelism from an unaligned checkpoint. Flink:
 * `SubtaskStateMapper`, and what each `StreamPartitioner` asks of it.
 *
 * A sender's queued output and a receiver's queued input are handed to new subtasks by number: it depends on the partitioner which of the old
 * subtasks a new one must read so that no record ends up where its key does not live. Broadcast and pointwise edges have no answer, and
 * their records are never part of a checkpoint: such edges, and those of custom partitioners, are always aligned.
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import { keyGroupRange, subtaskForKeyGroup, UPPER_BOUND_MAX_PARALLELISM } from "../../base/key-groups.ts";
import type { Partitioning } from "../../graph/stream-graph.ts";

/** How old subtasks are given to new ones. */
export type SubtaskStateMapper = "ARBITRARY" | "FIRST" | "FULL" | "RANGE" | "ROUND_ROBIN" | "UNSUPPORTED";

/** What a partitioner means for records in flight. */
export interface ChannelStateTraits {
  /** False: barriers on such an edge never overtake records. */
  readonly supportsUnalignedCheckpoint: boolean;
  /** For the receivers' input. */
  readonly downstream: SubtaskStateMapper;
  /** For the senders' output. */
  readonly upstream: SubtaskStateMapper;
}

export function channelStateTraits({ kind }: Partitioning): ChannelStateTraits {
  switch (kind) {
    case "hash":
      return { supportsUnalignedCheckpoint: true, downstream: "RANGE", upstream: "ARBITRARY" };
    case "rebalance":
    case "shuffle":
      return { supportsUnalignedCheckpoint: true, downstream: "ROUND_ROBIN", upstream: "ARBITRARY" };
    case "global":
      return { supportsUnalignedCheckpoint: true, downstream: "FIRST", upstream: "ARBITRARY" };
    case "custom":
      // Nobody knows where the program would send a record now, so such an edge is aligned although its state could be given to everyone.
      return { supportsUnalignedCheckpoint: false, downstream: "FULL", upstream: "ARBITRARY" };
    case "forward":
    case "rescale":
    case "broadcast":
      return { supportsUnalignedCheckpoint: false, downstream: "UNSUPPORTED", upstream: "UNSUPPORTED" };
  }
}

/**
 * Old subtasks whose records in flight a new subtask reads, ascending. Several new subtasks may name the same old one (RANGE, FULL); each
 * then keeps the records that are its own.
 *
 * @throws Diagnostic CHECKPOINT_RESCALE_UNSUPPORTED for UNSUPPORTED
 */
export function oldSubtasksOf(
  mapper: SubtaskStateMapper,
  subtask: number,
  oldParallelism: number,
  newParallelism: number,
): readonly number[] {
  switch (mapper) {
    case "ARBITRARY":
    case "ROUND_ROBIN":
      return numbers(subtask, oldParallelism, newParallelism);
    case "FIRST":
      return subtask === 0 ? numbers(0, oldParallelism, 1) : [];
    case "FULL":
      return numbers(0, oldParallelism, 1);
    case "RANGE":
      return overlapping(subtask, oldParallelism, newParallelism);
    case "UNSUPPORTED":
      throw new Diagnostic({
        code: "CHECKPOINT_RESCALE_UNSUPPORTED",
        phase: "runtime",
        message:
          "Cannot rescale the given pointwise partitioner.\nDid you change the partitioner to forward or rescale?\n" +
          "It may also help to add an explicit shuffle().",
      });
  }
}

function numbers(from: number, end: number, step: number): number[] {
  const found: number[] = [];
  for (let number = from; number < end; number += step) found.push(number);
  return found;
}

/** Those that owned a key group which is the new subtask's now, at the finest cut into groups. */
function overlapping(subtask: number, oldParallelism: number, newParallelism: number): number[] {
  const { start, end } = keyGroupRange(UPPER_BOUND_MAX_PARALLELISM, newParallelism, subtask);
  const first = subtaskForKeyGroup(UPPER_BOUND_MAX_PARALLELISM, oldParallelism, start);
  const last = subtaskForKeyGroup(UPPER_BOUND_MAX_PARALLELISM, oldParallelism, end);
  return numbers(first, last + 1, 1);
}
