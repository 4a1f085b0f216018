/**
 * Checkpoints as one task takes them: hears of barriers, decides with a handler when the snapshot is due, and acknowledges it once
 * everything that belongs to it is there.
 *
 * With aligned checkpoints that is the operators' snapshots. An unaligned checkpoint also has what was in flight in the task's channels:
 *  - of each output, what waited in the task's queue when the barrier overtook it. It is known at once, or, while a barrier with a timeout
 *    waits in the queue itself, as soon as that has left it or has overtaken;
 *  - of each input, what lay in front of the barrier and is not in the operators' snapshots. It is known when all barriers are there.
 */
import { invariant } from "../../base/invariant.ts";
import type { JobConfig } from "../../graph/stream-graph.ts";
import type { Channel } from "../channel.ts";
import type { EventLoop } from "../event-loop.ts";
import { AlternatingBarrierHandler } from "./alternating-barrier-handler.ts";
import { releaseSnapshots, type TaskSnapshots } from "./asynchronous-part.ts";
import { BarrierAligner, BarrierTracker } from "./barrier-handler.ts";
import { ChannelGate } from "./channel-gate.ts";
import { type ChannelState, elementBytesAt, type InFlightElement, inFlightElementAt } from "./channel-state.ts";
import { allowsUnaligned, asUnaligned, type CheckpointBarrier, freed } from "./checkpoint-barrier.ts";

/** The task. */
export interface CheckpointingTask {
  readonly index: number;
  /** Runs an action between two elements. */
  mail(action: () => void): void;
  /** Runs it between two elements, when a message that overtakes what is in this channel would be here. */
  mailThrough(channel: Channel, action: () => void): void;
  /** Runs it now, or as soon as no operator holds the input. */
  whenFree(action: () => void, checkpointId: number): void;
  /** Nothing that waits for a hold's end and belongs to this checkpoint is to be done any more. */
  forget(checkpointId: number): void;
}

/** Its operators' snapshots. */
export interface SnapshottingTask {
  /** What operators have to do before the barrier goes on. False = one waits for an answer from outside: ask again when the task is free. */
  prepareSnapshot(checkpointId: number): boolean;
  /** Passes the barrier on and takes the operators' snapshots; null when the task is not running. */
  snapshot(barrier: CheckpointBarrier): TaskSnapshots | null;
  acknowledge(checkpointId: number, snapshots: TaskSnapshots, channels: readonly ChannelState[]): void;
}

/** A channel, and what has to be said of it in a snapshot. */
export interface CheckpointedChannel {
  readonly channel: Channel;
  readonly state: Omit<ChannelState, "place" | "elements">;
  /** Barriers may overtake here. */
  readonly supportsUnaligned: boolean;
}

interface Snapshot {
  readonly barrier: CheckpointBarrier;
  readonly operators: TaskSnapshots;
  readonly outputs: ChannelState[];
  /** All barriers have come in. */
  aligned: boolean;
  /** Channels in whose sender's queue the barrier waits. */
  readonly waiting: Set<Channel>;
  timer: { cancel(): void } | null;
}

/** Of an aligned snapshot; never added to. */
const NONE_WAITS: Set<Channel> = new Set();

type Handler = {
  barrier(channel: number, barrier: CheckpointBarrier): void;
  cancel(checkpointId: number): void;
  endOfPartition(channel: number): void;
};

export class TaskCheckpoints {
  private readonly task: CheckpointingTask;
  private readonly snapshots: SnapshottingTask;
  private readonly loop: EventLoop;
  private readonly inputs: readonly CheckpointedChannel[];
  private readonly outputs: readonly CheckpointedChannel[];
  /** Null for sources: they are told by the coordinator. */
  private readonly handler: Handler | null;
  private readonly alternating: AlternatingBarrierHandler | null = null;
  private readonly gate: ChannelGate | null = null;
  /** Snapshots that are not acknowledged. */
  private readonly open = new Map<number, Snapshot>();
  /** Channels with a barrier that the handler has not been told of, since it waits at the sender. */
  private unannounced: readonly { readonly channel: Channel; readonly checkpointId: number }[] = [];
  /** The checkpoint whose first barrier has come, and when. */
  private aligning = -1;
  private alignmentSinceUs = 0;
  /** How long the last alignment took: from the first barrier to the last. */
  alignmentUs = 0;
  /** How old the last checkpoint was when its first barrier came. */
  startDelayUs = 0;
  /** Bytes that were read between its first barrier and its last. */
  processedBytes = 0;

  constructor(
    task: CheckpointingTask,
    snapshots: SnapshottingTask,
    loop: EventLoop,
    config: JobConfig,
    channels: { readonly inputs: readonly CheckpointedChannel[]; readonly outputs: readonly CheckpointedChannel[] },
  ) {
    this.task = task;
    this.snapshots = snapshots;
    this.loop = loop;
    this.inputs = channels.inputs;
    this.outputs = channels.outputs;
    const count = this.inputs.length;
    if (count === 0) {
      this.handler = null;
    } else if (allowsUnaligned(config)) {
      this.gate = new ChannelGate(
        this.inputs.map(({ channel }) => channel),
        (channel, checkpointId) => this.task.mail(() => this.takeBarrier(channel, checkpointId)),
      );
      const clock = { currentMs: () => loop.currentMs(), schedule: (delayMs: number, due: () => void) => this.schedule(delayMs, due) };
      this.alternating = new AlternatingBarrierHandler(count, { gate: this.gate, task: this, clock });
      this.handler = this.alternating;
    } else {
      this.handler = config.checkpointingMode === "AT_LEAST_ONCE" ? new BarrierTracker(count, this) : new BarrierAligner(count, this);
    }
  }

  // ---- Barriers come in ----

  /** The first element of a channel that is being captured is about to be read. */
  beforeRead(channel: Channel): void {
    this.processedBytes += elementBytesAt(channel, 0);
    this.gate?.beforeRead(channel);
  }

  /** A barrier is in front. It is taken out of the channel. */
  readBarrier(channel: Channel): void {
    const barrier = channel.headValue as CheckpointBarrier;
    this.gate?.barrierRead(channel);
    channel.pop();
    if (this.unannounced.length > 0) this.announceReceived();
    this.handle(channel, barrier);
  }

  /** A barrier has been sent that may overtake, now or later. */
  barrierSent(channel: Channel, { checkpointId, alignment }: CheckpointBarrier): void {
    if (alignment === "unaligned") {
      this.unannounced = this.unannounced.filter((entry) => entry.channel !== channel);
      this.task.mailThrough(channel, () => this.takeBarrier(channel, checkpointId));
      return;
    }
    this.unannounced = [...this.unannounced, { channel, checkpointId }];
    this.announceReceived();
  }

  /** Announces barriers that have come out of their senders' queues. To be called when something has been read. */
  announceReceived(): void {
    if (this.unannounced.length === 0) return;
    const received = this.unannounced.filter(({ channel, checkpointId }) => channel.indexOfBarrier(checkpointId) < channel.receiverBuffers);
    if (received.length === 0) return;
    this.unannounced = this.unannounced.filter((entry) => !received.includes(entry));
    for (const { channel, checkpointId } of received) {
      channel.tellBarrierReceived(checkpointId);
      this.task.mailThrough(channel, () => this.announce(channel, checkpointId));
    }
  }

  private announce(channel: Channel, checkpointId: number): void {
    const sequence = this.gate?.barrierAnnounced(channel, checkpointId) ?? null;
    if (sequence === null) return;
    const barrier = channel.valueAt(sequence - channel.firstSequence) as CheckpointBarrier;
    this.alternating?.announcement(channel.index, barrier, sequence);
  }

  private takeBarrier(channel: Channel, checkpointId: number): void {
    const barrier = this.gate?.takeBarrier(channel, checkpointId) ?? null;
    if (barrier !== null) this.handle(channel, asUnaligned(barrier));
  }

  private handle(channel: Channel, barrier: CheckpointBarrier): void {
    if (barrier.checkpointId > this.aligning) {
      this.aligning = barrier.checkpointId;
      this.alignmentSinceUs = this.loop.nowUs;
      this.startDelayUs = Math.max(0, this.loop.nowUs - barrier.timestampMs * 1000);
      this.processedBytes = 0;
      // The gate of unaligned checkpoints watches by itself.
      if (this.gate === null && this.inputs.length > 1) this.watch(true);
    }
    channel.capturing = channel.capturing && this.gate !== null;
    this.handler?.barrier(channel.index, barrier);
    if (this.gate === null) return;
    // With the last barrier the inputs of an unaligned checkpoint are known.
    for (const snapshot of [...this.open.values()]) this.acknowledgeWhenWhole(snapshot);
  }

  /** No more barriers will come on this channel. */
  endOfPartition(channel: number): void {
    this.handler?.endOfPartition(channel);
    if (this.gate === null) return;
    for (const snapshot of [...this.open.values()]) this.acknowledgeWhenWhole(snapshot);
  }

  /** A task that no running one stands in front of is told to take part in a checkpoint. */
  begin(barrier: CheckpointBarrier): void {
    this.startDelayUs = Math.max(0, this.loop.nowUs - barrier.timestampMs * 1000);
    this.trigger(barrier);
  }

  // ---- What the handler decides ----

  blockChannel(channel: number): void {
    this.inputs[channel].channel.setBlocked(true);
  }

  resumeChannel(channel: number): void {
    this.inputs[channel].channel.setBlocked(false);
  }

  /** The snapshot is due. */
  trigger(barrier: CheckpointBarrier): void {
    this.task.whenFree(() => this.prepare(barrier), barrier.checkpointId);
  }

  private prepare(barrier: CheckpointBarrier): void {
    const { checkpointId } = barrier;
    if (this.snapshots.prepareSnapshot(checkpointId)) this.takeSnapshot(freed(barrier));
    else this.task.whenFree(() => this.prepare(barrier), checkpointId);
  }

  /** The coordinator hears of it from elsewhere: it gave the checkpoint up itself, or started the newer one. */
  abort(checkpointId: number): void {
    this.task.forget(checkpointId);
    if (this.gate === null) this.watch(false);
    this.drop(checkpointId);
  }

  /** The coordinator has given the checkpoint up. */
  cancel(checkpointId: number): void {
    this.handler?.cancel(checkpointId);
    if (this.gate === null && checkpointId >= this.aligning) this.watch(false);
    this.drop(checkpointId);
  }

  /** The task has gone. */
  close(): void {
    this.alternating?.close();
    for (const checkpointId of [...this.open.keys()]) this.drop(checkpointId);
  }

  /** What is read while barriers are missing is measured. */
  private watch(on: boolean): void {
    for (const { channel } of this.inputs) channel.capturing = on;
  }

  private endAlignment(checkpointId: number): void {
    if (this.gate === null) this.watch(false);
    if (checkpointId === this.aligning) this.alignmentUs = this.loop.nowUs - this.alignmentSinceUs;
  }

  // ---- The snapshot and what belongs to it ----

  private takeSnapshot(barrier: CheckpointBarrier): void {
    const { checkpointId, alignment } = barrier;
    const operators = this.snapshots.snapshot(barrier);
    if (operators === null) return;
    // Unaligned checkpoints come one at a time.
    if (this.gate !== null) for (const older of [...this.open.keys()]) if (older < checkpointId) this.drop(older);
    const snapshot: Snapshot = {
      barrier,
      operators,
      outputs: [],
      aligned: false,
      waiting: alignment === "aligned" ? NONE_WAITS : new Set(),
      timer: null,
    };
    this.open.set(checkpointId, snapshot);
    if (alignment !== "aligned") this.lookAtOutputs(snapshot);
    this.acknowledgeWhenWhole(snapshot);
  }

  private lookAtOutputs(snapshot: Snapshot): void {
    const { checkpointId, alignment, timestampMs } = snapshot.barrier;
    for (const output of this.outputs) {
      if (!output.supportsUnaligned) continue;
      const { channel } = output;
      const place = channel.indexOfBarrier(checkpointId);
      invariant(place >= 0, "a barrier that was just sent is in its channel");
      if (alignment === "unaligned") keep(snapshot, output, elementsOf(channel, place + 1, channel.size));
      else if (place >= channel.receiverBuffers) snapshot.waiting.add(channel);
    }
    if (snapshot.waiting.size === 0) return;
    const timeoutMs = alignment as number;
    const delayMs = Math.max(0, timeoutMs - (this.loop.currentMs() - timestampMs));
    snapshot.timer = this.schedule(delayMs, () => this.outputsTimedOut(snapshot));
  }

  /** A barrier with a timeout has left the queue of this output. */
  barrierReceived(channel: Channel, checkpointId: number): void {
    const snapshot = this.open.get(checkpointId);
    if (snapshot?.waiting.delete(channel) === true) this.acknowledgeWhenWhole(snapshot);
  }

  /** Barriers that still wait in the outputs overtake now. */
  private outputsTimedOut(snapshot: Snapshot): void {
    const { checkpointId } = snapshot.barrier;
    if (this.open.get(checkpointId) !== snapshot) return;
    for (const output of this.outputs) {
      const { channel } = output;
      if (!snapshot.waiting.has(channel)) continue;
      const place = channel.indexOfBarrier(checkpointId);
      // Otherwise it has come out just now, and its receiver will say so.
      if (place < channel.receiverBuffers) continue;
      snapshot.waiting.delete(channel);
      keep(snapshot, output, elementsOf(channel, channel.receiverBuffers, place));
      channel.advanceBarrier(place, asUnaligned(snapshot.barrier));
    }
    this.acknowledgeWhenWhole(snapshot);
  }

  private acknowledgeWhenWhole(snapshot: Snapshot): void {
    const { checkpointId } = snapshot.barrier;
    if (this.gate?.isCapturing(checkpointId) === true) return;
    if (!snapshot.aligned) this.endAlignment(checkpointId);
    snapshot.aligned = true;
    if (snapshot.waiting.size > 0) return;
    this.forgetOpen(checkpointId);
    const channels = this.gate === null ? snapshot.outputs : [...this.capturedInputs(this.gate, checkpointId), ...snapshot.outputs];
    this.snapshots.acknowledge(checkpointId, snapshot.operators, channels);
  }

  private capturedInputs(gate: ChannelGate, checkpointId: number): ChannelState[] {
    return gate
      .captured(checkpointId)
      .flatMap((elements, index): ChannelState[] =>
        elements.length === 0 ? [] : [{ ...this.inputs[index].state, place: "input", elements }],
      );
  }

  /** It will not be acknowledged. */
  private drop(checkpointId: number): void {
    const snapshot = this.open.get(checkpointId);
    if (snapshot !== undefined) releaseSnapshots(snapshot.operators);
    this.forgetOpen(checkpointId);
  }

  private forgetOpen(checkpointId: number): void {
    this.open.get(checkpointId)?.timer?.cancel();
    this.open.delete(checkpointId);
  }

  private schedule(delayMs: number, due: () => void): { cancel(): void } {
    let cancelled = false;
    const entry = this.loop.schedule(this.loop.currentMs() + delayMs + 1, () => {
      this.task.mail(() => {
        if (!cancelled) due();
      });
    });
    return {
      cancel() {
        cancelled = true;
        entry.cancel();
      },
    };
  }
}

function keep(snapshot: Snapshot, { state }: CheckpointedChannel, elements: readonly InFlightElement[]): void {
  if (elements.length > 0) snapshot.outputs.push({ ...state, place: "output", elements });
}

function elementsOf(channel: Channel, from: number, end: number): InFlightElement[] {
  const elements: InFlightElement[] = [];
  for (let index = from; index < end; index++) {
    const element = inFlightElementAt(channel, index);
    if (element !== null) elements.push(element);
  }
  return elements;
}
