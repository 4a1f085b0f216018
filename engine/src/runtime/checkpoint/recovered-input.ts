/**
 * What a task had in its input buffers at an unaligned checkpoint is read before anything else of the same gate (Flink: `RecoveredInputChannel`,
 * `EndOfInputChannelStateEvent`, `StreamTask.restoreStateAndGates`).
 *
 * A gate is an edge as its receiver sees it: one channel per sender. Each channel of a gate with something to recover begins with its share of
 * that, then a mark. A channel whose mark has been read is held back until all of its gate have come so far; only then do senders count, with
 * what they had in their own queues first. So a record that was in a receiver's buffers never meets a newer one, whoever sends it. Gates do
 * not wait for each other. The task is running, and takes part in checkpoints, when nothing is left to recover.
 */
import type { Channel } from "../channel.ts";

interface Gate {
  readonly channels: readonly Channel[];
  /** Channels with something left to recover. */
  left: number;
}

/** The input that one task has to recover before it is running. */
export class RecoveredInput {
  private readonly gateOf = new Map<Channel, Gate>();
  private left = 0;

  /** All channels of a gate have their share and their mark. */
  addGate(channels: readonly Channel[]): void {
    const gate = { channels, left: channels.length };
    for (const channel of channels) this.gateOf.set(channel, gate);
    this.left++;
  }

  /** The mark of a channel has been read. True = it was the last one of the task. */
  markRead(channel: Channel): boolean {
    const gate = this.gateOf.get(channel) as Gate;
    gate.left--;
    if (gate.left > 0) {
      channel.setBlocked(true);
      return false;
    }
    for (const other of gate.channels) other.setBlocked(false);
    this.left--;
    return this.left === 0;
  }
}
