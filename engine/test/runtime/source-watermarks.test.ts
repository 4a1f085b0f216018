import { describe, expect, it } from "vitest";
import { Duration } from "../../src/base/duration.ts";
import { WatermarkStrategy } from "../../src/operators/watermarks/watermark-strategy.ts";
import type { RecordingEvent } from "../../src/sim/recording/events.ts";
import { runWorld } from "../../src/sim/run.ts";
import type { Arrival } from "../../src/sim/world.ts";
import { arrival, program, START_MS, world } from "./job-kit.ts";

const bounded = () => WatermarkStrategy.forBoundedOutOfOrderness<unknown>(Duration.ofMillis(100));
const ONE_SECOND = Duration.ofSeconds(1);

/** Watermark, idleness and split events of the source until the drain, times relative to the start. */
function trace(
  strategy: WatermarkStrategy<unknown>,
  arrivals: readonly Arrival[],
  { partitions = 1, parallelism = 1, untilMs = 3000 } = {},
): string[] {
  const outcome = runWorld(
    program({ parallelism }, (job) =>
      job.kafkaSink(job.kafka("in", strategy as unknown as WatermarkStrategy<never>), "out", "AT_LEAST_ONCE"),
    ),
    world(
      { in: { partitions, arrivals }, out: { partitions: 1 } },
      { end: { kind: "cancel", atMs: START_MS + untilMs }, costsUs: { "*": 1 } },
    ),
    { record: true },
  );
  return (outcome.recording?.events ?? []).flatMap(lineOf);
}

function lineOf(event: RecordingEvent): string[] {
  const at = event.t - START_MS;
  if (event.kind === "watermark") return [`${at} s${event.s} watermark ${event.watermarkMs - START_MS}`];
  if (event.kind === "splitWatermark") return [`${at} s${event.s} ${event.split} ${event.watermarkMs - START_MS}`];
  if (event.kind === "idle") return [`${at} s${event.s} ${event.split ?? "all"} ${event.idle ? "idle" : "active"}`];
  return [];
}

describe("watermarks inside a source", () => {
  it("are emitted every 200 ms, one below the highest timestamp less the bound", () => {
    const lines = trace(bounded(), [arrival(50, 1), arrival(350, 2), arrival(360, 3, 0, 200)]);
    expect(lines.filter((line) => line.includes("watermark"))).toEqual(["200 s0 watermark -51", "400 s0 watermark 249"]);
  });

  it("are the minimum over the splits; a silent one holds them back", () => {
    const lines = trace(bounded(), [arrival(50, 1, 0), arrival(250, 2, 1), arrival(450, 3, 0)], { partitions: 2 });
    expect(lines).toEqual(["200 s0 in-0 -51", "400 s0 in-1 149", "400 s0 watermark -51", "600 s0 in-0 349", "600 s0 watermark 149"]);
  });

  it("go on without a split that has been idle for the timeout, and a subtask without splits is idle", () => {
    const lines = trace(bounded().withIdleness(ONE_SECOND), [arrival(50, 1, 0), arrival(1450, 2, 0)], {
      partitions: 2,
      parallelism: 3,
      untilMs: 2000,
    });
    // Subtasks 0 and 1 own a partition each, in an order that depends on the topic's name; the third owns none.
    const idleAll = lines.filter((line) => line.includes("all idle"));
    expect(idleAll).toHaveLength(2);
    expect(lines.filter((line) => line.includes("watermark")).map((line) => line.replace(/s\d/, "s"))).toEqual([
      "200 s watermark -51",
      "1600 s watermark 1349",
    ]);
  });

  it("never let a source be idle when the strategy has no timeout", () => {
    expect(trace(bounded(), [arrival(50, 1)], { partitions: 1, parallelism: 2 }).some((line) => line.includes("idle"))).toBe(false);
  });

  it("call a generator of the user's at every interval, also in silence", () => {
    let calls = 0;
    const counting = WatermarkStrategy.forGenerator<unknown>(() => ({
      onEvent() {},
      onPeriodicEmit() {
        calls++;
      },
    }));
    trace(counting, [arrival(50, 1)], { untilMs: 2001 });
    // The main generator of the source and the one of its split.
    expect(calls).toBe(20);
  });

  it("refuse a timestamp that is no number", () => {
    const strategy = bounded().withTimestampAssigner((value) => (value as { at: number }).at);
    const outcome = runWorld(
      program({}, (job) => job.kafkaSink(job.kafka("in", strategy as unknown as WatermarkStrategy<never>), "out", "AT_LEAST_ONCE")),
      world({ in: { partitions: 1, arrivals: [arrival(1, { time: 3 })] }, out: { partitions: 1 } }),
    );
    expect(outcome).toMatchObject({ status: "failed", failure: { code: "WATERMARK_BAD_TIMESTAMP", diagnostic: { found: "undefined" } } });
  });
});
