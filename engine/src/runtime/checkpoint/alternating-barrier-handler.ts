/**
 * Barriers at one task when checkpoints may be unaligned (Flink: `SingleCheckpointBarrierHandler.alternating`).
 *
 * Problem: under backpressure a barrier waits behind everything that is queued in front of it, and an aligned task waits for the slowest
 * of its channels. Approach: an unaligned barrier overtakes. The first one that comes triggers the snapshot at once; what lies in the
 * channels in front of the missing barriers is captured into the checkpoint ("in-flight data"), and the checkpoint of this task is complete
 * when every channel has brought its barrier. Nobody waits, at the price of larger checkpoints.
 *
 * A barrier with a timeout begins as an aligned one, but is *announced* ahead of the queue as soon as it comes into the channel. The first
 * sight of it, announced or read, starts the clock; when the checkpoint gets older than its timeout, all announced barriers are pulled
 * to the front, and the checkpoint goes on unaligned. Savepoints, and checkpoints without timeout, are aligned to the end.
 *
 *   waiting ── barrier ──▶ collecting ── last barrier ──▶ trigger (aligned), release ──▶ waiting
 *      │ timeout               │ timeout: capture, trigger (unaligned)
 *      ▼                       ▼
 *   waitingUnaligned ── barrier: capture, trigger (unaligned) ──▶ collectingUnaligned ── last barrier ──▶ stop capturing ──▶ waiting
 *
 * Limits: one checkpoint at a time; a newer barrier gives the older checkpoint up. Captured data is written by the gate (see
 * `InFlightCapture`), which also knows how to let an element overtake; this file only decides.
 */
import { invariant } from "../../base/invariant.ts";
import { type AbortReason, asUnaligned, type CheckpointBarrier } from "./checkpoint-barrier.ts";

/** The channels of a task, as the handler needs them. */
export interface CheckpointableGate {
  /** Nothing behind the barrier may be read until `resumeChannel`. */
  blockChannel(channel: number): void;
  resumeChannel(channel: number): void;
  /** Lets a queued barrier overtake what is in front of it. `sequence` is what it was announced with. */
  prioritizeBarrier(channel: number, sequence: number): void;
  /** Starts capturing in all channels; false when a newer checkpoint has begun in one of them. */
  startCapture(barrier: CheckpointBarrier): boolean;
  stopCapture(checkpointId: number): void;
}

/** The task. */
export interface CheckpointableTask {
  /** Take the snapshot and pass the barrier on; unaligned = ahead of what is queued in the outputs. */
  trigger(barrier: CheckpointBarrier, unaligned: boolean): void;
  abort(checkpointId: number, reason: AbortReason): void;
}

/** Processing time, for alignment timeouts. */
export interface AlignmentClock {
  currentMs(): number;
  schedule(delayMs: number, callback: () => void): { cancel(): void };
}

type Phase = "waiting" | "collecting" | "waitingUnaligned" | "collectingUnaligned";

export class AlternatingBarrierHandler {
  private readonly gate: CheckpointableGate;
  private readonly task: CheckpointableTask;
  private readonly clock: AlignmentClock;
  private phase: Phase = "waiting";
  private openChannels: number;
  /** Newest checkpoint heard of. */
  private current = -1;
  /** The newest checkpoint that is over: complete in this task, or given up. */
  private decided = -1;
  private pendingBarrier: CheckpointBarrier | null = null;
  /** Channels that have brought the current barrier, or ended since it began. */
  private readonly aligned = new Set<number>();
  private expected = 0;
  private timer: { cancel(): void } | null = null;
  private readonly blocked = new Set<number>();
  /** Barriers that were announced and not read yet: channel → number in the channel. */
  private readonly announced = new Map<number, number>();

  constructor(
    channels: number,
    parts: { readonly gate: CheckpointableGate; readonly task: CheckpointableTask; readonly clock: AlignmentClock },
  ) {
    this.openChannels = channels;
    this.gate = parts.gate;
    this.task = parts.task;
    this.clock = parts.clock;
  }

  /** A barrier with a timeout has come into a channel as its `sequence`-th element. */
  announcement(channel: number, barrier: CheckpointBarrier, sequence: number): void {
    this.beginIfNew(barrier);
    if (this.isObsolete(barrier.checkpointId)) return;
    if (this.isUnaligned) this.gate.prioritizeBarrier(channel, sequence);
    else this.announced.set(channel, sequence);
  }

  /** A barrier has been read. */
  barrier(channel: number, barrier: CheckpointBarrier): void {
    if (this.isObsolete(barrier.checkpointId)) {
      if (barrier.alignment !== "unaligned") this.gate.resumeChannel(channel);
      return;
    }
    this.beginIfNew(barrier);
    this.aligned.add(channel);
    this.barrierReceived(channel, barrier);
    this.decideWhenComplete();
  }

  /**
   * The checkpoint will not complete: the coordinator has given it up. It may have been announced only; then its timeout must not begin it any
   * more, since some of its barriers will never come.
   */
  cancel(checkpointId: number): void {
    if (checkpointId < this.current || (checkpointId === this.current && !this.isPending)) return;
    this.abort(checkpointId, "CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER");
  }

  /** No more barriers will come on this channel. */
  endOfPartition(channel: number): void {
    this.openChannels--;
    if (!this.isPending) return;
    invariant(this.pendingBarrier !== null, "a pending checkpoint has a barrier");
    this.aligned.add(channel);
    this.channelFinished(channel, this.pendingBarrier);
    this.decideWhenComplete();
  }

  close(): void {
    this.stopTimer();
  }

  private get isPending(): boolean {
    return this.current !== this.decided && this.current >= 0;
  }

  private get isUnaligned(): boolean {
    return this.phase === "waitingUnaligned" || this.phase === "collectingUnaligned";
  }

  private get allReceived(): boolean {
    return this.aligned.size === this.expected;
  }

  private isObsolete(checkpointId: number): boolean {
    return this.current > checkpointId || (this.current === checkpointId && !this.isPending);
  }

  private beginIfNew(barrier: CheckpointBarrier): void {
    if (this.current >= barrier.checkpointId) return;
    if (this.isPending) this.abort(this.current, "CHECKPOINT_DECLINED_SUBSUMED");
    this.current = barrier.checkpointId;
    this.pendingBarrier = barrier;
    this.aligned.clear();
    this.expected = this.openChannels;
    if (typeof barrier.alignment === "number") this.startTimer(barrier, barrier.alignment);
  }

  private barrierReceived(channel: number, barrier: CheckpointBarrier): void {
    if (this.isUnaligned) {
      if (barrier.alignment !== "unaligned") this.block(channel);
      if (this.phase === "waitingUnaligned" && !this.goUnaligned(barrier)) return;
      if (this.allReceived) this.finishUnaligned(barrier.checkpointId);
      return;
    }
    if (barrier.alignment === "unaligned") {
      if (this.switchOver(barrier)) this.barrierReceived(channel, barrier);
      return;
    }
    this.announced.delete(channel);
    this.block(channel);
    if (this.allReceived) {
      this.task.trigger(barrier, false);
      this.releaseAll();
    } else if (this.isTimedOut(barrier)) {
      if (this.switchOver(barrier)) this.barrierReceived(channel, asUnaligned(barrier));
    } else {
      this.phase = "collecting";
    }
  }

  private channelFinished(channel: number, pending: CheckpointBarrier): void {
    this.blocked.delete(channel);
    this.announced.delete(channel);
    switch (this.phase) {
      case "waiting":
      case "waitingUnaligned":
        return;
      case "collectingUnaligned":
        if (this.allReceived) this.finishUnaligned(pending.checkpointId);
        return;
      case "collecting":
        if (this.allReceived) {
          this.task.trigger(pending, false);
          this.releaseAll();
        } else if (this.isTimedOut(pending) && this.switchOver(pending)) {
          this.channelFinished(channel, pending);
        }
    }
  }

  /** From aligned to unaligned. False when the checkpoint had to be given up. */
  private switchOver(barrier: CheckpointBarrier): boolean {
    for (const [channel, sequence] of this.announced) this.gate.prioritizeBarrier(channel, sequence);
    this.announced.clear();
    if (this.phase === "collecting") return this.goUnaligned(barrier);
    this.phase = "waitingUnaligned";
    return true;
  }

  /** Captures what is in flight and takes the snapshot. False when the checkpoint had to be given up. */
  private goUnaligned(barrier: CheckpointBarrier): boolean {
    const unaligned = asUnaligned(barrier);
    if (!this.gate.startCapture(unaligned)) {
      this.abort(this.current, "CHECKPOINT_SUBSUMED");
      return false;
    }
    this.task.trigger(unaligned, true);
    this.phase = "collectingUnaligned";
    return true;
  }

  private finishUnaligned(checkpointId: number): void {
    this.gate.stopCapture(checkpointId);
    this.releaseAll();
  }

  private decideWhenComplete(): void {
    if (!this.isPending || !this.allReceived) return;
    this.aligned.clear();
    this.decided = this.current;
    this.stopTimer();
  }

  private abort(checkpointId: number, reason: AbortReason): void {
    this.current = Math.max(checkpointId, this.current);
    this.decided = Math.max(checkpointId, this.decided);
    this.pendingBarrier = null;
    this.aligned.clear();
    this.expected = 0;
    this.stopTimer();
    if (this.phase === "collectingUnaligned") this.gate.stopCapture(checkpointId);
    this.releaseAll();
    this.task.abort(checkpointId, reason);
  }

  private block(channel: number): void {
    this.gate.blockChannel(channel);
    this.blocked.add(channel);
  }

  private releaseAll(): void {
    for (const channel of [...this.blocked].sort((left, right) => left - right)) this.gate.resumeChannel(channel);
    this.blocked.clear();
    this.announced.clear();
    this.phase = "waiting";
  }

  private isTimedOut({ alignment, timestampMs }: CheckpointBarrier): boolean {
    return typeof alignment === "number" && alignment < this.clock.currentMs() - timestampMs;
  }

  private startTimer(barrier: CheckpointBarrier, timeoutMs: number): void {
    const { checkpointId, timestampMs } = barrier;
    const delayMs = Math.max(timeoutMs - (this.clock.currentMs() - timestampMs), 0);
    this.timer = this.clock.schedule(delayMs, () => {
      this.timer = null;
      if (this.current === checkpointId && this.isPending && !this.isUnaligned) this.switchOver(barrier);
    });
  }

  private stopTimer(): void {
    this.timer?.cancel();
    this.timer = null;
  }
}
