import { describe, expect, it } from "vitest";
import { keepEvents } from "../../src/sim/recording/keep-events.ts";
import type { RecordingEvent } from "../../src/sim/recording/events.ts";
import type { Recording, RunOutcome } from "../../src/sim/outcome.ts";
import { runWorld } from "../../src/sim/run.ts";
import { Duration } from "../../src/base/duration.ts";
import { KeyedProcessFunction } from "../../src/flow/functions.ts";
import { KeyedProcessOperator } from "../../src/operators/keyed-process-operator.ts";
import { WatermarkStrategy } from "../../src/operators/watermarks/watermark-strategy.ts";
import { ValueStateDescriptor } from "../../src/state/descriptors.ts";
import type { ValueState } from "../../src/state/state.ts";
import type { Fault } from "../../src/sim/world.ts";
import { arrival, keyed, program, START_MS, world } from "./job-kit.ts";

interface Click {
  readonly user: string;
  readonly at: number;
}

/** Counts clicks per key in state and tells the count when a timer fires ten seconds after the first. */
class CountThenTell extends KeyedProcessFunction<string, Click, { user: string; n: number }> {
  private count!: ValueState<number>;

  override open(): void {
    this.count = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("count"));
  }

  override processElement(click: Click, ctx: Parameters<KeyedProcessFunction<string, Click, unknown>["processElement"]>[1]): void {
    const before = this.count.value();
    if (before === null) ctx.timerService().registerEventTimeTimer(click.at + 10_000);
    this.count.update((before ?? 0) + 1);
  }

  override onTimer(
    _timestampMs: number,
    ctx: Parameters<KeyedProcessFunction<string, Click, { user: string; n: number }>["onTimer"]>[1],
    out: Parameters<KeyedProcessFunction<string, Click, { user: string; n: number }>["onTimer"]>[2],
  ): void {
    out.collect({ user: ctx.getCurrentKey(), n: this.count.value() ?? 0 });
    this.count.clear();
  }
}

const CLICKS = Array.from({ length: 12 }, (_, n) => arrival(n * 2_000, { user: n % 3 === 0 ? "a" : "b", at: START_MS + n * 2_000 }, n % 2));

function run(options: { backend?: "hashmap" | "rocksdb"; record?: boolean; faults?: readonly Fault[] } = {}): RunOutcome {
  const job = program({ parallelism: 2, checkpointIntervalMs: 5_000, stateBackend: options.backend ?? "hashmap" }, (builder) => {
    const strategy = WatermarkStrategy.forBoundedOutOfOrderness<Click>(Duration.ofSeconds(1)).withTimestampAssigner((click) => click.at);
    const clicks = builder.kafka("in", strategy as unknown as WatermarkStrategy<never>);
    const counted = builder.one(
      keyed(clicks, (click: Click) => click.user),
      () => new KeyedProcessOperator(new CountThenTell()),
      { name: "count" },
    );
    builder.kafkaSink(counted, "out", "EXACTLY_ONCE");
  });
  return runWorld(job, world({ in: { partitions: 2, arrivals: CLICKS }, out: { partitions: 1 } }, { faults: options.faults ?? [] }), {
    record: options.record ?? true,
  });
}

function recordingOf(outcome: RunOutcome): Recording {
  expect(outcome).toMatchObject({ status: "finished", failure: null });
  if (outcome.recording === null) throw new Error("not recorded");
  return outcome.recording;
}

const of = <K extends RecordingEvent["kind"]>({ events }: Recording, kind: K) =>
  events.filter((event): event is Extract<RecordingEvent, { kind: K }> => event.kind === kind);

/** The reads that an event goes back to, through timers' keys not followed: only direct causes. */
function causesOf({ events }: Recording, event: RecordingEvent): string[] {
  const kinds: string[] = [];
  let at: RecordingEvent | undefined = event;
  while (at !== undefined && "cause" in at && at.cause !== undefined) {
    at = events[at.cause];
    if (at !== undefined) kinds.push(at.kind);
  }
  return kinds;
}

describe("a recording", () => {
  const recording = recordingOf(run());

  it("puts what a keyed operator does down to the record, across the channel", () => {
    const set = of(recording, "timerSet");
    expect(set.length).toBeGreaterThan(1);
    for (const timer of set) {
      const cause = recording.events[timer.cause ?? -1];
      expect(cause).toMatchObject({ kind: "read" });
      expect((cause as { value: Click }).value).toEqual({ user: timer.key, at: timer.timestampMs - 10_000 });
    }
  });

  it("puts an output down to the timer that made it", () => {
    const writes = of(recording, "write");
    expect(writes.length).toBeGreaterThan(1);
    for (const write of writes) expect(causesOf(recording, write)[0]).toBe("timer");
  });

  it("keeps what state holds after every change, and that it holds nothing any more", () => {
    const changes = of(recording, "state").filter(({ key }) => key === "b");
    expect(changes.slice(0, 3).map(({ present, value }) => [present, value])).toEqual([
      [true, 1],
      [true, 2],
      [true, 3],
    ]);
    expect(changes.at(-1)).toMatchObject({ present: false, name: "count", window: null });
    expect(changes.at(-1)).not.toHaveProperty("value");
  });

  it("keeps what the log-structured backend is told to hold", () => {
    const changes = of(recordingOf(run({ backend: "rocksdb" })), "state").filter(({ key }) => key === "b");
    expect(changes.slice(0, 2).map(({ value }) => value)).toEqual([1, 2]);
  });

  it("tells watermarks by channel where there are several", () => {
    const counting = recording.vertices.find(({ operators }) => operators?.includes("count"))?.id;
    const channels = of(recording, "channelWatermark");
    expect(new Set(channels.map(({ v }) => v))).toEqual(new Set([counting]));
    expect(new Set(channels.map(({ from }) => from.s))).toEqual(new Set([0, 1]));
    for (const watermark of of(recording, "watermark").filter(({ v, t }) => v === counting && t < START_MS + 20_000)) {
      const last = new Map<number, number>();
      for (const channel of channels)
        if (channel.s === watermark.s && channel.t <= watermark.t) last.set(channel.from.s, channel.watermarkMs);
      expect(Math.min(...last.values())).toBeGreaterThanOrEqual(watermark.watermarkMs);
    }
  });

  it("names the edges and what is chained", () => {
    expect(recording.edges).toContainEqual(expect.objectContaining({ ship: "HASH", pattern: "ALL_TO_ALL" }));
    expect(recording.vertices.flatMap(({ operators }) => operators)).toContain("count");
  });

  it("changes nothing in what the run does, after a crash neither", () => {
    const faults: readonly Fault[] = [
      { kind: "crashTaskManager", taskManager: 0, when: { kind: "atMs", atMs: START_MS + 12_000 } },
    ] as never;
    for (const backend of ["hashmap", "rocksdb"] as const) {
      const [bare, recorded] = [run({ backend, record: false, faults }), run({ backend, record: true, faults })];
      expect(recorded.fingerprint).toBe(bare.fingerprint);
      expect(recorded.metrics).toEqual(bare.metrics);
      expect(recorded.stateSizes).toEqual(bare.stateSizes);
    }
  });
});

describe("a part of a recording", () => {
  const recording = recordingOf(run());

  it("refers to the same events", () => {
    const part = keepEvents(recording, ({ kind }) => kind === "read" || kind === "timerSet");
    for (const timer of of(part, "timerSet"))
      expect(part.events[timer.cause ?? -1]).toMatchObject({ kind: "read", value: { user: timer.key } });
  });

  it("loses causes that it does not keep, and says when it was cut", () => {
    const part = keepEvents(recording, ({ kind }) => kind === "write", 1);
    expect(part.events).toHaveLength(1);
    expect(part.events[0]).not.toHaveProperty("cause");
    expect(part.truncated).toBe(true);
    expect(keepEvents(recording, () => true)).toEqual(recording);
  });
});
