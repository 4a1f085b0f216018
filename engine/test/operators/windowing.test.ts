import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Duration } from "../../src/base/duration.ts";
import { TumblingEventTimeWindows } from "../../src/operators/windowing/assigners/tumbling-event-time-windows.ts";
import { SlidingEventTimeWindows } from "../../src/operators/windowing/assigners/sliding-event-time-windows.ts";
import { IterableApplyWindowFunction, PassThroughWindowFunction } from "../../src/operators/windowing/internal-window-function.ts";
import { TimeWindow } from "../../src/operators/windowing/window.ts";
import { WindowOperator } from "../../src/operators/windowing/window-operator.ts";
import { ListStateDescriptor, ReducingStateDescriptor } from "../../src/state/descriptors.ts";
import { OneInputOperatorHarness } from "../../src/testing.ts";

const timestamps = fc.integer({ min: -(2 ** 45), max: 2 ** 45 });
const context = { getCurrentProcessingTime: () => 0, random: () => 0 };

describe("window arithmetic", () => {
  it("WIN-1: a tumbling window contains its timestamp and starts at a multiple of the size plus the offset", () => {
    fc.assert(
      fc.property(
        timestamps,
        fc.integer({ min: 1, max: 10 ** 9 }),
        fc.double({ min: -0.999, max: 0.999, noNaN: true }),
        (timestamp, size, fraction) => {
          const offset = Math.trunc(size * fraction);
          const start = TimeWindow.getWindowStartWithOffset(timestamp, offset, size);
          expect(start).toBeLessThanOrEqual(timestamp);
          expect(timestamp).toBeLessThan(start + size);
          expect(Math.abs((start - offset) % size)).toBe(0);
        },
      ),
    );
  });

  it("WIN-2: sliding windows are exactly those that contain the timestamp", () => {
    fc.assert(
      fc.property(timestamps, fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 200 }), (timestamp, size, slide) => {
        const windows = SlidingEventTimeWindows.of(Duration.ofMillis(size), Duration.ofMillis(slide)).assignWindows(
          null,
          timestamp,
          context,
        );
        const expected: number[] = [];
        for (let start = Math.floor(timestamp / slide) * slide; start > timestamp - size; start -= slide) expected.push(start);
        expect(windows.map((window) => window.start)).toEqual(expected);
      }),
    );
  });
});

function sums(allowedLatenessMs = 0) {
  const add = (left: unknown, right: unknown) => ({
    ...(left as { v: number }),
    v: (left as { v: number }).v + (right as { v: number }).v,
  });
  return new OneInputOperatorHarness(
    () =>
      new WindowOperator({
        assigner: TumblingEventTimeWindows.of(Duration.ofMillis(10)),
        contents: new ReducingStateDescriptor<unknown>("window-contents", add),
        windowFunction: new PassThroughWindowFunction(),
        allowedLatenessMs,
      }),
    { keySelector: (value) => (value as { k: string }).k },
  );
}

describe("window operator", () => {
  it("WIN-4: drops what is later than the allowed lateness and counts it", () => {
    const harness = sums();
    harness.processElement({ k: "a", v: 1 }, 5);
    harness.processWatermark(9);
    harness.processElement({ k: "a", v: 1 }, 6);
    expect(harness.counter("numLateRecordsDropped")).toBe(1);
    expect(harness.takeOutput().map((output) => output.kind)).toEqual(["record", "watermark"]);
    expect(harness.inspect()).toEqual([{ stateEntries: 0, eventTimeTimers: 0, processingTimeTimers: 0 }]);
  });

  it("WIN-3: fires again for each record within the allowed lateness", () => {
    const harness = sums(10);
    harness.processElement({ k: "a", v: 1 }, 5);
    harness.processWatermark(9);
    harness.processElement({ k: "a", v: 2 }, 6);
    const records = harness.takeOutput().filter((output) => output.kind === "record");
    expect(records.map((output) => (output.value as { v: number }).v)).toEqual([1, 3]);
  });

  it("ST-3: a restore with another parallelism gives the results of a run without it", () => {
    const feed = fc.array(fc.record({ k: fc.constantFrom("a", "b", "c", "d"), at: fc.integer({ min: 0, max: 60 }) }), {
      minLength: 1,
      maxLength: 30,
    });
    const run = (records: readonly { k: string; at: number }[], cut: number | undefined, parallelism: number) => {
      const collected = new OneInputOperatorHarness(
        () =>
          new WindowOperator({
            assigner: TumblingEventTimeWindows.of(Duration.ofMillis(10)),
            contents: new ListStateDescriptor<unknown>("window-contents"),
            windowFunction: new IterableApplyWindowFunction((key: string, window: TimeWindow, rows: Iterable<unknown>, out) =>
              out.collect(`${key}@${window.start}:${[...rows].length}`),
            ),
          }),
        { keySelector: (value) => (value as { k: string }).k },
      );
      records.forEach(({ k, at }, index) => {
        if (index === cut) collected.restore(collected.snapshot(), parallelism);
        collected.processElement({ k }, at);
      });
      collected.processWatermark(1000);
      return collected
        .takeOutput()
        .filter((output) => output.kind === "record")
        .map((output) => output.value)
        .sort();
    };
    fc.assert(
      fc.property(feed, fc.nat(29), fc.integer({ min: 1, max: 5 }), (records, cut, parallelism) => {
        expect(run(records, cut, parallelism)).toEqual(run(records, undefined, 1));
      }),
      { numRuns: 30 },
    );
  });
});
