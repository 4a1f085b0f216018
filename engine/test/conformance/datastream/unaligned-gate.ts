/**
 * The gate of the cases in mode `unaligned`: channels that hold what was sent until somebody polls, let barriers overtake, and capture
 * what is in flight. Blocking is the sender's business there, so blocked channels are read all the same.
 */
import { AlternatingBarrierHandler, type CheckpointableGate } from "../../../src/runtime/checkpoint/alternating-barrier-handler.ts";
import type { CheckpointBarrier } from "../../../src/runtime/checkpoint/checkpoint-barrier.ts";
import { InFlightCapture } from "../../../src/runtime/checkpoint/in-flight-capture.ts";
import { ManualClock } from "../../../src/testing/manual-clock.ts";
import type { Json, JsonObject } from "./case-format.ts";
import { PrioritizedDeque } from "./prioritized-deque.ts";

/** Something in a channel. An announcement has the number of the barrier it announces. */
interface Item {
  readonly kind: "data" | "barrier" | "announcement" | "cancel" | "endOfData" | "endOfPartition";
  readonly sequence: number;
  readonly value: Json;
  readonly barrier?: CheckpointBarrier;
}

class Channel {
  readonly index: number;
  readonly received = new PrioritizedDeque<Item>();
  readonly capture: InFlightCapture<Json>;
  nextSequence = 0;

  constructor(index: number, write: (elements: readonly Json[]) => void) {
    this.index = index;
    this.capture = new InFlightCapture<Json>((_checkpointId, elements) => write(elements));
  }

  *queuedData(): Generator<{ readonly sequence: number; readonly element: Json }> {
    for (const { kind, sequence, value } of this.received.ordinary()) if (kind === "data") yield { sequence, element: value };
  }
}

const START_MS = 1000;

export class UnalignedGate implements CheckpointableGate {
  /** Captured so far, by channel. */
  readonly persisted: Json[][];
  private readonly channels: readonly Channel[];
  private readonly withData = new PrioritizedDeque<Channel>();
  private readonly clock = new ManualClock(START_MS);
  private readonly handler: AlternatingBarrierHandler;
  private outputs: JsonObject[] = [];

  constructor(channels: number) {
    this.persisted = Array.from({ length: channels }, () => []);
    this.channels = this.persisted.map((captured, index) => new Channel(index, (elements) => captured.push(...elements)));
    this.handler = new AlternatingBarrierHandler(channels, {
      gate: this,
      task: {
        trigger: ({ checkpointId }, unaligned) => this.outputs.push({ trigger: checkpointId, unaligned }),
        abort: (checkpointId, reason) => this.outputs.push({ abort: checkpointId, reason }),
      },
      clock: {
        currentMs: () => this.clock.currentMs(),
        schedule: (delayMs, callback) => this.clock.schedule(this.clock.currentMs() + delayMs, callback),
      },
    });
  }

  step(step: JsonObject): JsonObject[] {
    this.outputs = [];
    try {
      this.take(step);
    } catch (failure) {
      this.outputs.push({ error: String(failure) });
    }
    return this.outputs;
  }

  private take(step: JsonObject): void {
    if ("poll" in step) this.poll(typeof step["poll"] === "string" ? Number.POSITIVE_INFINITY : (step["poll"] as number));
    else if ("advanceMs" in step) this.clock.setCurrentMs(this.clock.currentMs() + (step["advanceMs"] as number));
    else this.receive(this.channels[(step["channel"] ?? 0) as number], step);
  }

  blockChannel(): void {}

  resumeChannel(): void {}

  prioritizeBarrier(index: number, sequence: number): void {
    const channel = this.channels[index];
    const queued = channel.received.ordinary().find((item) => item.sequence === sequence);
    if (queued !== undefined) channel.received.remove(queued);
    // Flink's IllegalStateException, after which the barrier is gone; with one checkpoint at a time it never comes to that.
    if (queued === undefined || !channel.capture.mayOvertake(sequence)) {
      throw new Error(`barrier ${sequence} of channel ${index} cannot overtake any more`);
    }
    channel.received.addPriority(queued);
    this.enqueue(channel, true);
  }

  startCapture({ checkpointId }: CheckpointBarrier): boolean {
    return this.channels.every((channel) => channel.capture.start(checkpointId, channel.queuedData()));
  }

  stopCapture(checkpointId: number): void {
    for (const channel of this.channels) channel.capture.stop(checkpointId);
  }

  private receive(channel: Channel, step: JsonObject): void {
    const sequence = channel.nextSequence++;
    const item = itemOf(step, sequence, this.clock.currentMs());
    const { barrier, kind } = item;
    if (barrier?.alignment === "unaligned") {
      channel.received.addPriority(item);
    } else {
      channel.received.add(item);
      if (typeof barrier?.alignment === "number") channel.received.addPriority({ ...item, kind: "announcement" });
    }
    if (barrier !== undefined) channel.capture.barrierArrived(barrier.checkpointId, sequence);
    if (kind === "data") channel.capture.elementArrived(item.value);
    this.enqueue(channel, channel.received.numPriorityElements > 0 && kind === "barrier");
  }

  private enqueue(channel: Channel, priority: boolean): void {
    if (!priority) {
      if (!this.isEnqueued(channel)) this.withData.add(channel);
    } else if (this.isEnqueued(channel)) {
      this.withData.prioritize(channel);
    } else {
      this.withData.addPriority(channel);
    }
  }

  private readonly enqueued = new Set<Channel>();

  private isEnqueued(channel: Channel): boolean {
    const was = this.enqueued.has(channel);
    this.enqueued.add(channel);
    return was;
  }

  private poll(limit: number): void {
    for (let count = 0; count < limit; count++) {
      const channel = this.withData.shift();
      if (channel === undefined) return;
      this.enqueued.delete(channel);
      const item = channel.received.shift() as Item;
      if (channel.received.size > 0) this.enqueue(channel, channel.received.numPriorityElements > 0);
      this.handle(channel, item);
    }
  }

  private handle(channel: Channel, { kind, value, barrier, sequence }: Item): void {
    const { index } = channel;
    switch (kind) {
      case "data":
        this.outputs.push({ data: value, channel: index });
        return;
      case "barrier":
        this.handler.barrier(index, barrier as CheckpointBarrier);
        this.outputs.push({ barrier: value, channel: index });
        return;
      case "announcement":
        this.handler.announcement(index, barrier as CheckpointBarrier, sequence);
        this.outputs.push({ event: "EventAnnouncement", channel: index });
        return;
      case "cancel":
        this.handler.cancel(value as number);
        this.outputs.push({ cancel: value, channel: index });
        return;
      case "endOfData":
        this.outputs.push({ event: "EndOfData", channel: index });
        return;
      case "endOfPartition":
        this.withData.remove(channel);
        this.enqueued.delete(channel);
        this.handler.endOfPartition(index);
        this.outputs.push({ event: "EndOfPartitionEvent", channel: index });
    }
  }
}

function itemOf(step: JsonObject, sequence: number, nowMs: number): Item {
  if ("data" in step) return { kind: "data", sequence, value: step["data"] };
  if ("cancel" in step) return { kind: "cancel", sequence, value: step["cancel"] };
  if ("endOfData" in step) return { kind: "endOfData", sequence, value: null };
  if ("endOfPartition" in step) return { kind: "endOfPartition", sequence, value: null };
  const checkpointId = step["barrier"] as number;
  const timestampMs = step["barrierTs"] === undefined ? nowMs : Number(step["barrierTs"]);
  const timeoutMs = step["timeoutMs"] as number | undefined;
  // A barrier whose timeout is 0 is aligned to the end; a job with that setting sends unaligned ones.
  const alignment = step["unaligned"] === true ? "unaligned" : timeoutMs === undefined || timeoutMs <= 0 ? "aligned" : timeoutMs;
  return { kind: "barrier", sequence, value: checkpointId, barrier: { checkpointId, timestampMs, alignment } };
}
