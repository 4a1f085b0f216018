/** What every source must keep, whoever wrote it: nothing lost and nothing twice over a restore, with any number of readers. */
import { describe, expect, it } from "vitest";
import { LogBroker } from "../../src/connectors/log/log-broker.ts";
import {
  DataGeneratorSource,
  Duration,
  HybridSource,
  KafkaSource,
  NumberSequenceSource,
  OffsetsInitializer,
  RateLimiterStrategy,
  type Source,
  WatermarkStrategy,
} from "../../src/index.ts";
import { SourceHarness } from "../../src/testing.ts";
import { BookSource } from "../datastream/learner-programs/custom-parts/page-source.ts";
import { SensorSource } from "../datastream/learner-programs/custom-parts/sensor-source.ts";
import { VirtualClock } from "./virtual-clock.ts";

function filledBroker(): LogBroker {
  const ignore = () => {};
  const observer = { written: ignore, transactionOpened: ignore, preCommitted: ignore, committed: ignore, aborted: ignore };
  const broker = new LogBroker(new VirtualClock(), observer);
  broker.createTopic("in", 5);
  for (let n = 0; n < 60; n++) broker.append("in", n % 5, { key: null, value: n, timestampMs: n });
  return broker;
}

const kafka = () => KafkaSource.builder<number>().setTopics("in").setBounded(OffsetsInitializer.latest()).build();

type AnySource = Source<unknown, never, never>;

const SOURCES: Readonly<Record<string, () => AnySource>> = {
  "a number sequence": () => new NumberSequenceSource(1, 60) as unknown as AnySource,
  "a generator with a rate": () => new DataGeneratorSource((n: number) => n, 60, RateLimiterStrategy.perSecond(30)) as unknown as AnySource,
  "a bounded KafkaSource": () => kafka() as unknown as AnySource,
  "a hybrid source": () => HybridSource.builder(new NumberSequenceSource(100, 129)).addSource(kafka()).build() as unknown as AnySource,
  "a source on the base classes": () => new BookSource([7, 1, 12, 4, 20, 0, 16]) as unknown as AnySource,
  "a learner's source": () => new SensorSource(7, 9) as unknown as AnySource,
};

const END_MS = 60_000;
const texts = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).sort();

describe.each(Object.entries(SOURCES))("SRC-1 %s", (_name, create) => {
  const broker = filledBroker();
  const outside = () => broker;
  const all = () => {
    const harness = new SourceHarness<unknown>(create(), { outside });
    harness.advanceTo(END_MS);
    expect(harness.finished).toBe(true);
    return texts(harness.takeValues());
  };

  it("gives the same records to any number of readers, then ends", () => {
    const expected = all();
    expect(expected.length).toBeGreaterThanOrEqual(60);
    for (const parallelism of [2, 3, 5, 8]) {
      const harness = new SourceHarness<unknown>(create(), { outside, parallelism });
      harness.advanceTo(END_MS);
      expect(harness.finished).toBe(true);
      expect(texts(harness.takeValues()), `${parallelism} readers`).toEqual(expected);
      harness.close();
    }
  });

  it("goes on from a snapshot with more, fewer or as many readers: nothing lost, nothing twice", () => {
    const expected = all();
    for (const before of [1, 2, 3]) {
      for (const after of [1, 2, 4]) {
        for (const stopAtMs of [0, 400, 1100, 2500]) {
          const first = new SourceHarness<unknown>(create(), { outside, parallelism: before });
          first.advanceTo(stopAtMs, 23);
          const snapshot = first.snapshot();
          const read = first.takeValues();
          first.close();
          const second = new SourceHarness<unknown>(create(), { outside, parallelism: after, restored: snapshot, startMs: stopAtMs });
          second.advanceTo(stopAtMs + END_MS);
          const rest = second.takeValues();
          expect(texts([...read, ...rest]), `${before} to ${after} readers at ${stopAtMs}`).toEqual(expected);
          expect(second.finished).toBe(true);
        }
      }
    }
  });

  it("a snapshot is not changed by what happens after it", () => {
    const harness = new SourceHarness<unknown>(create(), { outside, parallelism: 2 });
    harness.advanceTo(500, 10);
    const snapshot = harness.snapshot();
    const text = JSON.stringify(snapshot);
    harness.advanceTo(END_MS);
    expect(JSON.stringify(snapshot)).toBe(text);
  });
});

describe("WM-4 splits of a source with watermarks", () => {
  it("the watermark waits for the slowest split, and goes on when a split has ended", () => {
    const strategy = WatermarkStrategy.forMonotonousTimestamps<{ at: number }>();
    const harness = new SourceHarness(new SensorSource(2, 10) as unknown as Source<{ at: number }, never, never>, { watermarks: strategy });
    harness.advanceTo(END_MS);
    const watermarks = harness.takeOutput().flatMap((output) => (output.kind === "watermark" ? [output.timestampMs] : []));
    expect(watermarks.at(-1)).toBe(2 ** 63);
    expect([...watermarks].sort((a, b) => a - b)).toEqual(watermarks);
  });

  it("a reader without splits is idle after the timeout, and never without one", () => {
    const broker = filledBroker();
    broker.createTopic("one", 1);
    const source = () => KafkaSource.builder<number>().setTopics("one").build() as unknown as AnySource;
    const monotonous = WatermarkStrategy.forMonotonousTimestamps<unknown>();
    const status = (watermarks: WatermarkStrategy<unknown>) => {
      const harness = new SourceHarness<unknown>(source(), { parallelism: 2, watermarks, outside: () => broker });
      harness.advanceTo(5000);
      return harness.takeOutput().flatMap((output) => (output.kind === "status" ? [output.idle] : []));
    };
    expect(status(monotonous.withIdleness(Duration.ofMillis(500)))).toEqual([true, true]);
    expect(status(monotonous)).toEqual([]);
  });
});
