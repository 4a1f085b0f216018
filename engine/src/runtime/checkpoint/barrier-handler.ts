/**
 * What a task does when barriers come in on its channels.
 *
 * `BarrierAligner` (exactly once): the first barrier of a checkpoint on a channel blocks that channel; when every channel has brought its
 * barrier, the state is exactly what came before them, the task takes its snapshot and all channels go on. A barrier of a newer
 * checkpoint, or a cancellation, gives the older one up.
 *
 * `BarrierTracker` (at least once): nothing is blocked, barriers are only counted. Records that overtake the last barrier are in the
 * snapshot and, after a restore, come again.
 *
 * Flink: `SingleCheckpointBarrierHandler` (aligned) and `CheckpointBarrierTracker`.
 */
import type { CheckpointBarrier } from "./checkpoint-barrier.ts";

export interface BarrierListener {
  blockChannel(channel: number): void;
  resumeChannel(channel: number): void;
  /** All barriers are in: take the snapshot now. */
  trigger(barrier: CheckpointBarrier): void;
  /** The alignment of this checkpoint was given up. */
  abort(checkpointId: number, reason: "CHECKPOINT_DECLINED_SUBSUMED" | "CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER"): void;
}

export interface BarrierHandler {
  barrier(channel: number, barrier: CheckpointBarrier): void;
  /** The checkpoint will not complete. */
  cancel(checkpointId: number): void;
  /** No more barriers will come on this channel. */
  endOfPartition(channel: number): void;
}

export class BarrierAligner implements BarrierHandler {
  private readonly channels: number;
  private readonly listener: BarrierListener;
  /** Newest checkpoint heard of. */
  private current = -1;
  /** Its barrier, while it is under way. */
  private pending: CheckpointBarrier | null = null;
  private readonly blocked = new Set<number>();
  private readonly open = new Set<number>();
  /** Channels whose barrier is still missing. */
  private readonly missing = new Set<number>();

  constructor(channels: number, listener: BarrierListener) {
    this.channels = channels;
    this.listener = listener;
    for (let channel = 0; channel < channels; channel++) this.open.add(channel);
  }

  barrier(channel: number, barrier: CheckpointBarrier): void {
    const { checkpointId } = barrier;
    if (checkpointId < this.current || (checkpointId === this.current && this.pending === null)) return;
    if (checkpointId > this.current) this.begin(barrier);
    this.missing.delete(channel);
    this.blocked.add(channel);
    this.listener.blockChannel(channel);
    this.triggerWhenComplete(barrier);
  }

  cancel(checkpointId: number): void {
    if (checkpointId < this.current || (checkpointId === this.current && this.pending === null)) return;
    this.current = checkpointId;
    this.pending = null;
    this.resumeAll();
    this.listener.abort(checkpointId, "CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER");
  }

  endOfPartition(channel: number): void {
    this.open.delete(channel);
    this.missing.delete(channel);
    if (this.pending !== null) this.triggerWhenComplete(this.pending);
  }

  private begin(barrier: CheckpointBarrier): void {
    if (this.pending !== null) {
      this.resumeAll();
      this.listener.abort(this.current, "CHECKPOINT_DECLINED_SUBSUMED");
    }
    this.current = barrier.checkpointId;
    this.pending = barrier;
    this.missing.clear();
    for (const channel of this.open) this.missing.add(channel);
  }

  private triggerWhenComplete(barrier: CheckpointBarrier): void {
    if (this.missing.size > 0) return;
    this.pending = null;
    this.listener.trigger(barrier);
    this.resumeAll();
  }

  private resumeAll(): void {
    if (this.blocked.size === 0) return;
    for (let channel = 0; channel < this.channels; channel++) if (this.blocked.delete(channel)) this.listener.resumeChannel(channel);
  }
}

interface TrackedCheckpoint {
  readonly barrier: CheckpointBarrier;
  /** Channels that have brought the barrier, or ended. */
  readonly seen: Set<number>;
  /** How many were open when its first barrier came. */
  readonly expected: number;
}

export class BarrierTracker implements BarrierHandler {
  private readonly listener: BarrierListener;
  private openChannels: number;
  /** Checkpoints under way, oldest first. */
  private readonly pending = new Map<number, TrackedCheckpoint>();
  /** Newest checkpoint heard of; what is not pending up to it is decided. */
  private latest = 0;

  constructor(channels: number, listener: BarrierListener) {
    this.listener = listener;
    this.openChannels = channels;
  }

  barrier(channel: number, barrier: CheckpointBarrier): void {
    const { checkpointId } = barrier;
    let checkpoint = this.pending.get(checkpointId);
    if (checkpoint === undefined) {
      if (checkpointId <= this.latest) return;
      this.latest = checkpointId;
      checkpoint = { barrier, seen: new Set(), expected: this.openChannels };
      this.pending.set(checkpointId, checkpoint);
    }
    checkpoint.seen.add(channel);
    if (checkpoint.seen.size >= checkpoint.expected) this.complete(barrier);
  }

  cancel(checkpointId: number): void {
    if (checkpointId <= this.latest && !this.pending.has(checkpointId)) return;
    this.latest = Math.max(this.latest, checkpointId);
    const older = [...this.pending.keys()].filter((id) => id < checkpointId);
    for (const id of [...older, checkpointId]) {
      this.pending.delete(id);
      this.listener.abort(id, "CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER");
    }
  }

  endOfPartition(channel: number): void {
    this.openChannels--;
    let complete: CheckpointBarrier | undefined;
    for (const { barrier, seen, expected } of this.pending.values()) {
      seen.add(channel);
      if (seen.size >= expected) complete = barrier;
    }
    if (complete !== undefined) this.complete(complete);
  }

  /** Older checkpoints can no longer complete before this one; the coordinator has given them up. */
  private complete(barrier: CheckpointBarrier): void {
    for (const id of [...this.pending.keys()]) if (id <= barrier.checkpointId) this.pending.delete(id);
    this.listener.trigger(barrier);
  }
}
