import type { Recording, RecordingEvent } from "@millrace/engine/sim";
import { describe, expect, it } from "vitest";
import { align } from "../../src/explain/align.ts";
import { stepsOf } from "../../src/explain/steps.ts";

const START = Date.UTC(2026, 0, 5, 10);

const read = (second: number, offset: number): RecordingEvent => ({
  ...({ kind: "read", v: 1, s: 0, topic: "clicks", partition: 0, eventMs: START, value: {}, replay: false } as const),
  t: START + second * 1000,
  offset,
});
const write = (second: number, value: string): RecordingEvent => ({
  ...({ kind: "write", v: 2, s: 0, topic: "out", partition: 0, offset: 0, transaction: 0 } as const),
  t: START + second * 1000,
  value,
});
const completed = (second: number, checkpoint: number): RecordingEvent => ({
  ...({ kind: "checkpoint", what: "completed", v: null, s: null, bytes: null, reason: null } as const),
  t: START + second * 1000,
  checkpoint,
});
const fired = (second: number): RecordingEvent => ({
  ...({ kind: "window", v: 2, s: 0, what: "fired", key: "a", startMs: START, endMs: START + 1000 } as const),
  t: START + second * 1000,
});
const timer = (second: number): RecordingEvent => ({
  ...({ kind: "timer", v: 2, s: 0, domain: "event", key: "a", timestampMs: START } as const),
  t: START + second * 1000,
});

function aligned(reference: readonly RecordingEvent[], submission: readonly RecordingEvent[]) {
  const recording = (events: readonly RecordingEvent[]): Recording => ({
    ...({ format: 1, samples: [], truncated: false } as const),
    vertices: [{ id: 1, name: "source", parallelism: 1, inputs: [] }],
    events,
  });
  return align(stepsOf(recording(reference), START), stepsOf(recording(submission), START));
}

describe("aligned runs", () => {
  it("pair equal steps whatever their times, and part where a step has no partner", () => {
    const { rows, firstDifference } = aligned([read(1, 0), read(2, 1), write(3, "x")], [read(1, 0), read(4, 1), write(5, "y")]);
    expect(rows.map(({ text }) => text)).toEqual(["read clicks 0:0", "read clicks 0:1", "write to out: x", "write to out: y"]);
    expect(rows[1]).toMatchObject({ referenceMs: START + 2000, submissionMs: START + 4000 });
    expect(firstDifference).toBe(2);
    expect(rows[2]!.submissionMs).toBeNull();
  });

  it("show a step that comes too early in two places", () => {
    const { rows, firstDifference } = aligned([read(1, 0), read(2, 1), write(3, "x")], [read(1, 0), write(1, "x"), read(2, 1)]);
    expect(rows.map(({ text, referenceMs, submissionMs }) => [text, referenceMs !== null, submissionMs !== null])).toEqual([
      ["read clicks 0:0", true, true],
      ["write to out: x", false, true],
      ["read clicks 0:1", true, true],
      ["write to out: x", true, false],
    ]);
    expect(firstDifference).toBe(1);
  });

  it("do not part because one uses windows and the other timers", () => {
    expect(aligned([read(1, 0), fired(2), write(2, "x")], [read(1, 0), timer(2), write(2, "x")]).firstDifference).toBeNull();
    expect(aligned([read(1, 0), fired(2), write(2, "x")], [read(1, 0), write(2, "x"), fired(3)]).firstDifference).toBe(1);
  });

  it("tell checkpoint after checkpoint as one step, however many", () => {
    const many = Array.from({ length: 50 }, (_, index) => completed(index + 2, index + 1));
    const { rows, firstDifference } = aligned([read(1, 0), ...many, write(60, "x")], [read(1, 0), ...many.slice(1), write(60, "x")]);
    expect(rows.map(({ text }) => text)).toEqual(["read clicks 0:0", "checkpoint 1 to 50 completed", "write to out: x"]);
    expect(firstDifference).toBeNull();
  });

  it("show the surroundings of the first difference when runs are long", () => {
    const reads = Array.from({ length: 100 }, (_, index) => read(index, index));
    const { rows, firstDifference, before, behind } = aligned([...reads, write(100, "x"), ...reads], [...reads, write(100, "y"), ...reads]);
    expect(rows[firstDifference!]!.text).toContain("write to out");
    expect(before + rows.length + behind).toBe(202);
  });
});
