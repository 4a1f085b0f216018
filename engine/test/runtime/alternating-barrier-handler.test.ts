import { describe, expect, it } from "vitest";
import { AlternatingBarrierHandler } from "../../src/runtime/checkpoint/alternating-barrier-handler.ts";
import type { CheckpointBarrier } from "../../src/runtime/checkpoint/checkpoint-barrier.ts";
import { InFlightCapture } from "../../src/runtime/checkpoint/in-flight-capture.ts";
import { ManualClock } from "../../src/testing/manual-clock.ts";

/** A gate and a task that write down what the handler wants of them. */
class Gate {
  readonly lines: string[] = [];
  readonly clock = new ManualClock(0);
  /** Whether a newer checkpoint has begun in some channel. */
  overtaken = false;
  readonly handler: AlternatingBarrierHandler;

  constructor(channels: number) {
    this.handler = new AlternatingBarrierHandler(channels, {
      gate: {
        blockChannel: (channel) => this.lines.push(`block ${channel}`),
        resumeChannel: (channel) => this.lines.push(`resume ${channel}`),
        prioritizeBarrier: (channel, sequence) => this.lines.push(`prioritize ${channel}#${sequence}`),
        startCapture: ({ checkpointId }) => {
          if (!this.overtaken) this.lines.push(`capture ${checkpointId}`);
          return !this.overtaken;
        },
        stopCapture: (checkpointId) => this.lines.push(`stop ${checkpointId}`),
      },
      task: {
        trigger: ({ checkpointId }, unaligned) => this.lines.push(`trigger ${checkpointId}${unaligned ? " unaligned" : ""}`),
        abort: (checkpointId, reason) => this.lines.push(`abort ${checkpointId} ${reason}`),
      },
      clock: {
        currentMs: () => this.clock.currentMs(),
        schedule: (delayMs, callback) => this.clock.schedule(this.clock.currentMs() + delayMs, callback),
      },
    });
  }

  take(): string[] {
    return this.lines.splice(0);
  }
}

const barrier = (checkpointId: number, alignment: CheckpointBarrier["alignment"], timestampMs = 0): CheckpointBarrier => ({
  checkpointId,
  timestampMs,
  alignment,
});

describe("AlternatingBarrierHandler", () => {
  it("BAR-3: the first unaligned barrier triggers, the last one ends the capturing", () => {
    const gate = new Gate(3);
    gate.handler.barrier(1, barrier(1, "unaligned"));
    expect(gate.take()).toEqual(["capture 1", "trigger 1 unaligned"]);
    gate.handler.barrier(0, barrier(1, "unaligned"));
    expect(gate.take()).toEqual([]);
    gate.handler.barrier(2, barrier(1, "unaligned"));
    expect(gate.take()).toEqual(["stop 1"]);
  });

  it("BAR-4: a barrier with a timeout is aligned as long as it is in time", () => {
    const gate = new Gate(2);
    gate.handler.announcement(0, barrier(1, 100), 7);
    gate.handler.barrier(0, barrier(1, 100));
    gate.handler.barrier(1, barrier(1, 100));
    gate.clock.setCurrentMs(500);
    expect(gate.take()).toEqual(["block 0", "block 1", "trigger 1", "resume 0", "resume 1"]);
  });

  it("BAR-4: out of time it goes on unaligned, and announced barriers are pulled to the front", () => {
    const gate = new Gate(3);
    gate.handler.announcement(0, barrier(1, 100), 7);
    gate.handler.barrier(1, barrier(1, 100));
    gate.clock.setCurrentMs(100);
    expect(gate.take()).toEqual(["block 1", "prioritize 0#7", "capture 1", "trigger 1 unaligned"]);
    gate.handler.announcement(2, barrier(1, 100), 3);
    expect(gate.take()).toEqual(["prioritize 2#3"]);
    gate.handler.barrier(0, barrier(1, 100));
    gate.handler.barrier(2, barrier(1, 100));
    expect(gate.take()).toEqual(["block 0", "block 2", "stop 1", "resume 0", "resume 1", "resume 2"]);
  });

  it("BAR-5: a savepoint is aligned whatever happens", () => {
    const gate = new Gate(2);
    gate.handler.barrier(0, barrier(1, "aligned"));
    gate.clock.setCurrentMs(1_000_000);
    expect(gate.take()).toEqual(["block 0"]);
    gate.handler.barrier(1, barrier(1, "aligned"));
    expect(gate.take()).toEqual(["block 1", "trigger 1", "resume 0", "resume 1"]);
  });

  it("BAR-2: a newer checkpoint gives the older one up", () => {
    const gate = new Gate(2);
    gate.handler.barrier(0, barrier(1, "unaligned"));
    gate.take();
    gate.handler.barrier(0, barrier(2, "unaligned"));
    expect(gate.take()).toEqual(["stop 1", "abort 1 CHECKPOINT_DECLINED_SUBSUMED", "capture 2", "trigger 2 unaligned"]);
    gate.handler.barrier(1, barrier(1, "unaligned"));
    expect(gate.take()).toEqual([]);
  });

  it("BAR-4: a checkpoint that was given up while it was only announced does not begin when its time is out", () => {
    const gate = new Gate(2);
    gate.handler.announcement(0, barrier(1, 100), 7);
    gate.handler.cancel(1);
    gate.clock.setCurrentMs(500);
    expect(gate.take()).toEqual(["abort 1 CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER"]);
    gate.handler.barrier(0, barrier(1, 100));
    expect(gate.take()).toEqual(["resume 0"]);
  });

  it("a checkpoint that has been overtaken in a channel is given up", () => {
    const gate = new Gate(2);
    gate.overtaken = true;
    gate.handler.barrier(0, barrier(1, "unaligned"));
    expect(gate.take()).toEqual(["abort 1 CHECKPOINT_SUBSUMED"]);
    gate.overtaken = false;
    gate.handler.barrier(1, barrier(2, "unaligned"));
    expect(gate.take()).toEqual(["capture 2", "trigger 2 unaligned"]);
  });

  it("a closed handler wakes up no more", () => {
    const gate = new Gate(2);
    gate.handler.announcement(0, barrier(1, 100), 1);
    gate.handler.close();
    gate.clock.setCurrentMs(1000);
    expect(gate.take()).toEqual([]);
  });
});

describe("InFlightCapture", () => {
  const captured: string[] = [];
  const capture = () => {
    captured.length = 0;
    return new InFlightCapture<string>((checkpointId, elements) => captured.push(`${checkpointId}: ${elements.join(" ")}`));
  };
  const queued = [
    { sequence: 0, element: "a" },
    { sequence: 1, element: "b" },
    { sequence: 3, element: "c" },
  ];

  it("BAR-3: what lies in front of the barrier", () => {
    const channel = capture();
    channel.barrierArrived(1, 2);
    expect(channel.start(1, queued)).toBe(true);
    channel.elementArrived("d");
    expect(captured).toEqual(["1: a b"]);
  });

  it("BAR-3: and what comes until the barrier does", () => {
    const channel = capture();
    channel.start(1, queued.slice(0, 2));
    channel.elementArrived("c");
    channel.barrierArrived(1, 3);
    channel.elementArrived("d");
    expect(captured).toEqual(["1: a b", "1: c"]);
    channel.stop(1);
    channel.start(2, []);
    channel.elementArrived("e");
    expect(captured.slice(2)).toEqual(["2: e"]);
  });

  it("refuses when the barrier of a newer checkpoint has come", () => {
    const channel = capture();
    channel.barrierArrived(2, 1);
    expect(channel.start(1, queued)).toBe(false);
    expect(captured).toEqual([]);
  });
});
