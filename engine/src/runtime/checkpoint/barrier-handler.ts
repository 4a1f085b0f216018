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
export interface BarrierListener {
  blockChannel(channel: number): void;
  resumeChannel(channel: number): void;
  /** All barriers are in: take the snapshot now. */
  trigger(checkpointId: number): void;
  /** The alignment of this checkpoint was given up. */
  abort(checkpointId: number, reason: "CHECKPOINT_DECLINED_SUBSUMED" | "CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER"): void;
}

export interface BarrierHandler {
  barrier(channel: number, checkpointId: number): void;
  /** The checkpoint will not complete. */
  cancel(checkpointId: number): void;
  /** No more barriers will come on this channel. */
  endOfPartition(channel: number): void;
}

export class BarrierAligner implements BarrierHandler {
  private readonly listener: BarrierListener;
  /** Newest checkpoint heard of. */
  private current = 0;
  private pending = false;
  private readonly blocked = new Set<number>();
  private readonly open = new Set<number>();
  /** Channels whose barrier is still missing. */
  private readonly missing = new Set<number>();

  constructor(channels: number, listener: BarrierListener) {
    this.listener = listener;
    for (let channel = 0; channel < channels; channel++) this.open.add(channel);
  }

  barrier(channel: number, checkpointId: number): void {
    if (checkpointId < this.current || (checkpointId === this.current && !this.pending)) return;
    if (checkpointId > this.current) this.begin(checkpointId);
    this.missing.delete(channel);
    this.blocked.add(channel);
    this.listener.blockChannel(channel);
    this.triggerWhenComplete();
  }

  cancel(checkpointId: number): void {
    if (checkpointId < this.current || (checkpointId === this.current && !this.pending)) return;
    this.current = checkpointId;
    this.pending = false;
    this.resumeAll();
    this.listener.abort(checkpointId, "CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER");
  }

  endOfPartition(channel: number): void {
    this.open.delete(channel);
    this.missing.delete(channel);
    if (this.pending) this.triggerWhenComplete();
  }

  private begin(checkpointId: number): void {
    if (this.pending) {
      this.resumeAll();
      this.listener.abort(this.current, "CHECKPOINT_DECLINED_SUBSUMED");
    }
    this.current = checkpointId;
    this.pending = true;
    this.missing.clear();
    for (const channel of this.open) this.missing.add(channel);
  }

  private triggerWhenComplete(): void {
    if (this.missing.size > 0) return;
    this.pending = false;
    this.listener.trigger(this.current);
    this.resumeAll();
  }

  private resumeAll(): void {
    for (const channel of [...this.blocked].sort((a, b) => a - b)) this.listener.resumeChannel(channel);
    this.blocked.clear();
  }
}

export class BarrierTracker implements BarrierHandler {
  private readonly listener: BarrierListener;
  private openChannels: number;
  /** Checkpoint id → barriers seen, for checkpoints under way. */
  private readonly seen = new Map<number, number>();
  /** Everything up to this one is decided. */
  private decided = 0;

  constructor(channels: number, listener: BarrierListener) {
    this.listener = listener;
    this.openChannels = channels;
  }

  barrier(_channel: number, checkpointId: number): void {
    if (checkpointId <= this.decided) return;
    this.seen.set(checkpointId, (this.seen.get(checkpointId) ?? 0) + 1);
    this.triggerWhenComplete(checkpointId);
  }

  cancel(checkpointId: number): void {
    if (checkpointId <= this.decided) return;
    this.decide(checkpointId);
    this.listener.abort(checkpointId, "CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER");
  }

  endOfPartition(): void {
    this.openChannels--;
    for (const checkpointId of [...this.seen.keys()]) this.triggerWhenComplete(checkpointId);
  }

  private triggerWhenComplete(checkpointId: number): void {
    const count = this.seen.get(checkpointId);
    if (count === undefined || count < this.openChannels) return;
    this.decide(checkpointId);
    this.listener.trigger(checkpointId);
  }

  private decide(checkpointId: number): void {
    this.decided = checkpointId;
    for (const id of [...this.seen.keys()]) if (id <= checkpointId) this.seen.delete(id);
  }
}
