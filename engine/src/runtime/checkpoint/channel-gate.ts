/**
 * The input channels of a task whose checkpoints may be unaligned: lets barriers overtake, and captures what lies in front of them.
 *
 * A barrier that overtakes leaves its place behind in the channel (`PASSED_BARRIER`), which is where capturing ends. Capturing costs
 * nothing per record while no checkpoint is under way: what has come into the receiver's part of a channel is looked at when the capture begins,
 * before each read while it lasts, and when the barrier comes.
 */
import { invariant } from "../../base/invariant.ts";
import { BARRIER, type Channel, PASSED_BARRIER } from "../channel.ts";
import type { CheckpointableGate } from "./alternating-barrier-handler.ts";
import type { CheckpointBarrier } from "./checkpoint-barrier.ts";
import { type InFlightElement, inFlightElementAt } from "./channel-state.ts";
import { InFlightCapture } from "./in-flight-capture.ts";

class GateChannel {
  readonly channel: Channel;
  readonly capture: InFlightCapture<InFlightElement>;
  captured: InFlightElement[] = [];
  /** Number of the first element that has not been looked at. */
  private seenUpTo = 0;

  constructor(channel: Channel) {
    this.channel = channel;
    this.capture = new InFlightCapture<InFlightElement>((_checkpointId, elements) => this.captured.push(...elements));
  }

  start(checkpointId: number): boolean {
    const { channel, capture } = this;
    const { firstSequence, received } = channel;
    for (let index = 0; index < received; index++) {
      const kind = channel.kindAt(index);
      if (kind === BARRIER || kind === PASSED_BARRIER) capture.barrierArrived(channel.numberAt(index), firstSequence + index);
    }
    this.captured = [];
    this.seenUpTo = firstSequence + received;
    channel.capturing = capture.start(checkpointId, this.queued());
    return channel.capturing;
  }

  private *queued(): Generator<{ readonly sequence: number; readonly element: InFlightElement }> {
    const { channel } = this;
    for (let index = 0; index < channel.received; index++) {
      const element = inFlightElementAt(channel, index);
      if (element !== null) yield { sequence: channel.firstSequence + index, element };
    }
  }

  /** Looks at what has come into the first `count` places since it was last looked at. */
  catchUp(count: number): void {
    const { channel, capture } = this;
    const { firstSequence } = channel;
    for (let index = Math.max(0, this.seenUpTo - firstSequence); index < count; index++) {
      const kind = channel.kindAt(index);
      if (kind === BARRIER) capture.barrierArrived(channel.numberAt(index), firstSequence + index);
      const element = inFlightElementAt(channel, index);
      if (element !== null) capture.elementArrived(element);
    }
    this.seenUpTo = Math.max(this.seenUpTo, firstSequence + count);
  }

  /** A barrier at this place counts as arrived, and with it what is in front of it. */
  barrierArrives(index: number, checkpointId: number): void {
    if (this.channel.capturing) this.catchUp(index);
    this.capture.barrierArrived(checkpointId, this.channel.firstSequence + index);
  }

  stop(checkpointId: number): void {
    this.channel.capturing = false;
    this.capture.stop(checkpointId);
  }
}

export class ChannelGate implements CheckpointableGate {
  private readonly inputs: readonly GateChannel[];
  private readonly overtake: (channel: Channel, checkpointId: number) => void;
  private capturing: number | null = null;
  /** The checkpoint for which was captured last. */
  private capturedFor: number | null = null;

  /** @param overtake a barrier is to be handled next, ahead of what is in front of it (by `takeBarrier`). */
  constructor(channels: readonly Channel[], overtake: (channel: Channel, checkpointId: number) => void) {
    this.inputs = channels.map((channel) => new GateChannel(channel));
    this.overtake = overtake;
  }

  // ---- CheckpointableGate ----

  blockChannel(channel: number): void {
    this.inputs[channel].channel.setBlocked(true);
  }

  resumeChannel(channel: number): void {
    this.inputs[channel].channel.setBlocked(false);
  }

  prioritizeBarrier(index: number, sequence: number): void {
    const { channel, capture } = this.inputs[index];
    const place = sequence - channel.firstSequence;
    // Read in the meantime.
    if (place < 0) return;
    invariant(channel.kindAt(place) === BARRIER, `element ${sequence} of channel ${index} was announced as a barrier`);
    if (capture.mayOvertake(sequence)) this.overtake(channel, channel.numberAt(place));
  }

  startCapture({ checkpointId }: CheckpointBarrier): boolean {
    this.capturing = checkpointId;
    this.capturedFor = checkpointId;
    return this.inputs.every((input) => input.start(checkpointId));
  }

  stopCapture(checkpointId: number): void {
    for (const input of this.inputs) input.stop(checkpointId);
    this.capturing = null;
  }

  // ---- The task ----

  isCapturing(checkpointId: number): boolean {
    return this.capturing === checkpointId;
  }

  /** What was captured for a checkpoint, by channel. */
  captured(checkpointId: number): readonly (readonly InFlightElement[])[] {
    return this.capturedFor === checkpointId ? this.inputs.map(({ captured }) => captured) : [];
  }

  /** Something is about to be read from a channel that is being captured. */
  beforeRead({ index, received }: Channel): void {
    this.inputs[index].catchUp(received);
  }

  /** The barrier at the head of a channel is about to be read. */
  barrierRead({ index, headNumber }: Channel): void {
    this.inputs[index].barrierArrives(0, headNumber);
  }

  /** A barrier has come into the receiver's part of a channel; its number in the channel, or null when it has been read. */
  barrierAnnounced(channel: Channel, checkpointId: number): number | null {
    const place = channel.indexOfBarrier(checkpointId);
    if (place < 0) return null;
    this.inputs[channel.index].barrierArrives(place, checkpointId);
    return channel.firstSequence + place;
  }

  /** Takes a barrier out of the queue, ahead of what is in front of it; null when it has been read in its place. */
  takeBarrier(channel: Channel, checkpointId: number): CheckpointBarrier | null {
    const place = channel.indexOfBarrier(checkpointId);
    if (place < 0) return null;
    const barrier = channel.valueAt(place) as CheckpointBarrier;
    this.inputs[channel.index].barrierArrives(place, checkpointId);
    channel.passBarrier(place);
    return barrier;
  }
}
