import { describe, expect, it } from "vitest";
import { BarrierAligner, type BarrierListener, BarrierTracker } from "../../src/runtime/checkpoint/barrier-handler.ts";
import type { CheckpointBarrier } from "../../src/runtime/checkpoint/checkpoint-barrier.ts";

function aligned(checkpointId: number): CheckpointBarrier {
  return { checkpointId, timestampMs: 0, alignment: "aligned" };
}

class Notes implements BarrierListener {
  readonly lines: string[] = [];
  blockChannel(channel: number): void {
    this.lines.push(`block ${channel}`);
  }
  resumeChannel(channel: number): void {
    this.lines.push(`resume ${channel}`);
  }
  trigger({ checkpointId }: CheckpointBarrier): void {
    this.lines.push(`trigger ${checkpointId}`);
  }
  abort(checkpointId: number, reason: string): void {
    this.lines.push(`abort ${checkpointId} ${reason}`);
  }
  /** What has happened since the last time. */
  take(): string[] {
    return this.lines.splice(0);
  }
}

describe("BarrierAligner", () => {
  it("BAR-1: blocks each channel until all barriers are in", () => {
    const notes = new Notes();
    const aligner = new BarrierAligner(3, notes);
    aligner.barrier(2, aligned(1));
    aligner.barrier(0, aligned(1));
    expect(notes.take()).toEqual(["block 2", "block 0"]);
    aligner.barrier(1, aligned(1));
    expect(notes.take()).toEqual(["block 1", "trigger 1", "resume 0", "resume 1", "resume 2"]);
  });

  it("BAR-2: gives an alignment up for a newer barrier and ignores the older ones that still come", () => {
    const notes = new Notes();
    const aligner = new BarrierAligner(2, notes);
    aligner.barrier(0, aligned(1));
    aligner.barrier(1, aligned(3));
    expect(notes.take()).toEqual(["block 0", "resume 0", "abort 1 CHECKPOINT_DECLINED_SUBSUMED", "block 1"]);
    aligner.barrier(0, aligned(2));
    expect(notes.take()).toEqual([]);
    aligner.barrier(0, aligned(3));
    expect(notes.take()).toEqual(["block 0", "trigger 3", "resume 0", "resume 1"]);
  });

  it("BAR-2: a cancelled checkpoint releases its channels and never triggers", () => {
    const notes = new Notes();
    const aligner = new BarrierAligner(2, notes);
    aligner.barrier(0, aligned(1));
    aligner.cancel(1);
    expect(notes.take()).toEqual(["block 0", "resume 0", "abort 1 CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER"]);
    aligner.barrier(1, aligned(1));
    aligner.cancel(1);
    expect(notes.take()).toEqual([]);
  });

  it("BAR-1: a channel that has ended is not waited for", () => {
    const notes = new Notes();
    const aligner = new BarrierAligner(2, notes);
    aligner.barrier(0, aligned(1));
    aligner.endOfPartition(1);
    expect(notes.take()).toEqual(["block 0", "trigger 1", "resume 0"]);
    aligner.barrier(0, aligned(2));
    expect(notes.take()).toEqual(["block 0", "trigger 2", "resume 0"]);
  });
});

describe("BarrierTracker", () => {
  it("blocks nothing and triggers with the last barrier", () => {
    const notes = new Notes();
    const tracker = new BarrierTracker(2, notes);
    tracker.barrier(0, aligned(1));
    tracker.barrier(0, aligned(2));
    expect(notes.take()).toEqual([]);
    tracker.barrier(1, aligned(2));
    expect(notes.take()).toEqual(["trigger 2"]);
    tracker.barrier(1, aligned(1));
    expect(notes.take()).toEqual([]);
  });

  it("a channel that has ended after its barrier does not stand in for another", () => {
    const notes = new Notes();
    const tracker = new BarrierTracker(3, notes);
    tracker.barrier(0, aligned(1));
    tracker.endOfPartition(0);
    tracker.barrier(1, aligned(1));
    expect(notes.take()).toEqual([]);
    tracker.endOfPartition(2);
    expect(notes.take()).toEqual(["trigger 1"]);
    tracker.barrier(1, aligned(2));
    expect(notes.take()).toEqual(["trigger 2"]);
  });

  it("a cancellation gives up what is older too", () => {
    const notes = new Notes();
    const tracker = new BarrierTracker(2, notes);
    tracker.barrier(0, aligned(1));
    tracker.barrier(0, aligned(2));
    tracker.cancel(2);
    const reason = "CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER";
    expect(notes.take()).toEqual([`abort 1 ${reason}`, `abort 2 ${reason}`]);
    tracker.barrier(1, aligned(2));
    tracker.cancel(2);
    expect(notes.take()).toEqual([]);
  });
});
