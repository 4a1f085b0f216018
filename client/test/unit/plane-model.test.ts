import type { Recording, RecordingEvent } from "@millrace/engine/sim";
import { describe, expect, it } from "vitest";
import { planeModel } from "../../src/visuals/plane-model.ts";
import { stepPath, windowPath } from "../../src/visuals/plane-paths.ts";
import { planeRows } from "../../src/visuals/plane-rows.ts";
import { at, sessionRecording } from "../fixtures/session-recording.ts";

function recordingOf(events: RecordingEvent[], parallelism = 1): Recording {
  return {
    format: 1,
    vertices: [
      { id: 0, name: "source", parallelism: 1, inputs: [] },
      { id: 1, name: "window", parallelism, inputs: [0] },
    ],
    events,
    samples: [],
    truncated: false,
  };
}

const read = (t: number, eventMs: number, offset: number, replay = false): RecordingEvent => ({
  kind: "read",
  t,
  v: 0,
  s: 0,
  topic: "in",
  partition: 0,
  offset,
  eventMs,
  value: { user: "a", n: offset },
  replay,
});
const window = (
  t: number,
  what: "assigned" | "fired" | "refired" | "purged",
  startMs: number,
  endMs: number,
  key = "a",
): RecordingEvent => ({
  kind: "window",
  t,
  v: 1,
  s: 0,
  what,
  key,
  startMs,
  endMs,
});
const watermark = (t: number, watermarkMs: number, s = 0): RecordingEvent => ({ kind: "watermark", t, v: 1, s, watermarkMs });

describe("planeModel", () => {
  it("marks the straggler as dropped to its side output, at the place where it was read", () => {
    const model = planeModel(sessionRecording({ crash: false }));
    const dropped = model.records.filter((r) => r.fate === "dropped");
    expect(dropped).toHaveLength(1);
    expect(dropped[0]).toMatchObject({
      eventMs: at("10:29:50"),
      processingMs: at("11:05:40"),
      lateTo: "late",
      position: "0:4",
      key: "u_42",
    });
    expect(model.records).toHaveLength(8);
  });

  it("follows a session as it grows and fires", () => {
    const model = planeModel(sessionRecording({ crash: false }), { key: "u_42" });
    expect(model.windows).toHaveLength(1);
    const [session] = model.windows;
    expect(session.steps.map((s) => [s.fromMs, s.endMs])).toEqual([
      [at("10:00:01"), at("10:30:00")],
      [at("10:12:31"), at("10:42:30")],
      [at("10:31:09"), at("11:01:04")],
    ]);
    expect(session.firedMs).toBe(at("11:02:32"));
    expect(model.mergesWindows).toBe(true);
    expect(model.keys).toEqual(["u_42", "u_7", "u_13"]);
    expect(model.records.filter((r) => r.selected)).toHaveLength(4);
  });

  it("breaks the watermark at a crash, keeps what was lost and shows the replay", () => {
    const model = planeModel(sessionRecording({ crash: true }), { key: "u_42" });
    expect(model.downtimes).toEqual([{ fromMs: at("10:40:00"), toMs: at("10:42:00"), reason: "crash, tm 2" }]);
    expect(model.watermark?.pieces).toHaveLength(2);
    expect(model.records.filter((r) => r.fate === "replayed")).toHaveLength(1);
    expect(model.windows[0]).toMatchObject({ lost: true, firedMs: null, closedMs: at("10:40:00") });
    expect(model.barriers.map((b) => [b.checkpoint, b.outcome])).toEqual([
      [1, "completed"],
      [2, "completed"],
      [3, "open"],
    ]);
  });

  it("takes a record for late and accepted when its window fires again because of it", () => {
    const model = planeModel(
      recordingOf([
        read(10, 1_000, 0),
        window(10, "assigned", 0, 10_000),
        read(20, 15_000, 1),
        watermark(20, 12_000),
        window(20, "fired", 0, 10_000),
        read(30, 5_000, 2),
        window(31, "refired", 0, 10_000),
        window(90, "purged", 0, 10_000),
      ]),
    );
    expect(model.records.map((r) => r.fate)).toEqual(["onTime", "onTime", "late"]);
    expect(model.windows[0]).toMatchObject({ firedMs: 20, refiredMs: [31], closedMs: 90, lost: false });
  });

  it("draws the minimum over subtasks, and only once all have one", () => {
    const model = planeModel(
      recordingOf([read(0, 0, 0), watermark(1, 100, 0), watermark(2, 50, 1), watermark(3, 200, 1), window(3, "fired", 0, 10)], 2),
    );
    expect(model.watermark?.pieces[0]).toEqual([
      { processingMs: 2, watermarkMs: 50 },
      { processingMs: 3, watermarkMs: 100 },
    ]);
  });

  it("reads Flink's extremes as no watermark and as the end of input", () => {
    const model = planeModel(
      recordingOf([read(0, 0, 0), watermark(1, -(2 ** 63)), watermark(2, 5), watermark(3, 2 ** 63), window(3, "fired", 0, 10)]),
    );
    expect(model.watermark?.pieces[0].map((p) => p.watermarkMs)).toEqual([5, Number.POSITIVE_INFINITY]);
    expect(model.event.toMs).toBeLessThan(2 ** 53);
  });

  it("gathers windows with equal bounds into one band when no key is chosen", () => {
    const events = ["a", "b", "c"].flatMap((key, i) => [
      window(i, "assigned", 0, 10, key),
      window(50 + i, "fired", 0, 10, key),
      window(50 + i, "purged", 0, 10, key),
    ]);
    const model = planeModel(recordingOf([read(0, 1, 0), ...events]));
    expect(model.windows).toHaveLength(1);
    expect(model.windows[0]).toMatchObject({ key: null, keyCount: 3, firedMs: 50, closedMs: 52 });
  });

  it("keeps every late and dropped record when it has to leave records out", () => {
    const events: RecordingEvent[] = [];
    for (let i = 0; i < 10_000; i++) events.push(read(i, i, i, i % 1_000 === 0));
    const model = planeModel(recordingOf(events));
    expect(model.recordsTotal).toBe(10_000);
    expect(model.records.length).toBeLessThanOrEqual(2_000);
    expect(model.records.length).toBeGreaterThan(1_990);
    expect(model.records.filter((r) => r.fate === "replayed")).toHaveLength(10);
  });

  it("is content with an empty recording", () => {
    const model = planeModel(recordingOf([]));
    expect(model.records).toEqual([]);
    expect(model.processing.toMs).toBeGreaterThan(model.processing.fromMs);
    expect(planeRows(model)).toEqual([]);
  });

  it("says the same in its table, in the order of time", () => {
    const rows = planeRows(planeModel(sessionRecording({ crash: true }), { key: "u_42" }));
    expect(rows.map((r) => r.processingMs)).toEqual(rows.map((r) => r.processingMs).sort((a, b) => a - b));
    const words = rows.map((r) => r.what);
    for (const word of [
      "record, on time",
      "record, seen again",
      "watermark",
      "checkpoint 2",
      "job down",
      "job restored",
      "window lost in the crash",
    ]) {
      expect(words).toContain(word);
    }
  });
});

describe("paths", () => {
  const same = (ms: number) => ms;

  it("steps horizontally first, then up", () => {
    const points = [
      { processingMs: 0, watermarkMs: 100 },
      { processingMs: 10, watermarkMs: 60 },
      { processingMs: 20, watermarkMs: Number.POSITIVE_INFINITY },
    ];
    expect(stepPath(points, same, same, 5)).toBe("M0 100H10V60H20V5");
  });

  it("outlines a session whose end and start move", () => {
    const steps = [
      { fromMs: 0, startMs: 10, endMs: 20 },
      { fromMs: 5, startMs: 8, endMs: 30 },
    ];
    const band = { key: "a", keyCount: 1, steps, firedMs: 9, refiredMs: [], closedMs: 9, lost: false };
    expect(windowPath(band, 9, same, same)).toBe("M0 10V20H5V30H9V8H5V10Z");
  });
});
