/** What a recording tells beside its events: what lies in the channels, and how watermarks are made and held. */
import { describe, expect, it } from "vitest";
import { Duration } from "../../src/base/duration.ts";
import { WatermarkStrategy } from "../../src/operators/watermarks/watermark-strategy.ts";
import { keepEvents } from "../../src/sim/recording/keep-events.ts";
import type { QueueDetail, RecordedQueues } from "../../src/sim/recording/queues.ts";
import type { Recording } from "../../src/sim/outcome.ts";
import { runWorld } from "../../src/sim/run.ts";
import type { Fault } from "../../src/sim/world.ts";
import type { JobConfig } from "../../src/graph/stream-graph.ts";
import { arrival, keyed, program, START_MS, world } from "./job-kit.ts";

interface Tick {
  readonly key: string;
  readonly at: number;
}

const CAPACITY = 6;
/** Two partitions, four keys; partition 1 has most of it. */
const TICKS = Array.from({ length: 80 }, (_, n) => arrival(n * 20, { key: `k${n % 4}`, at: START_MS + n * 20 }, n % 5 === 0 ? 0 : 1));

/** A map that takes 150 ms for what arrives every 20: its channels fill, and the sources wait. */
function record(config: Partial<JobConfig> = {}, faults: readonly Fault[] = []): Recording {
  const job = program({ parallelism: 2, checkpointIntervalMs: 400, ...config }, (builder) => {
    const strategy = WatermarkStrategy.forBoundedOutOfOrderness<Tick>(Duration.ofSeconds(1))
      .withTimestampAssigner((tick) => tick.at)
      .withIdleness(Duration.ofSeconds(20));
    const ticks = builder.kafka("in", strategy as unknown as WatermarkStrategy<never>);
    const slow = builder.map(
      keyed(ticks, (tick: Tick) => tick.key),
      (tick: Tick) => tick,
      { name: "slow" },
    );
    builder.kafkaSink(slow, "out", "EXACTLY_ONCE");
  });
  const outside = world({ in: { partitions: 2, arrivals: TICKS }, out: { partitions: 1 } }, { faults });
  const outcome = runWorld(
    job,
    { ...outside, costsUs: { slow: 150_000 }, cluster: { ...outside.cluster, channelCapacity: CAPACITY } },
    { record: true },
  );
  expect(outcome).toMatchObject({ status: "finished", failure: null });
  return outcome.recording as Recording;
}

const queuesOf = (recording: Recording): RecordedQueues => recording.queues as RecordedQueues;
const detailsOf = ({ changes }: RecordedQueues): QueueDetail[] =>
  changes.flatMap(([, , , detail]) => (detail === undefined ? [] : [detail]));

describe("queues of a recording", () => {
  const recording = record();
  const queues = queuesOf(recording);

  it("have a channel for each pair of subtasks, with its capacity and the sender's credit", () => {
    const [source, slow] = recording.vertices.map(({ id }) => id);
    const places = queues.channels.filter(({ to }) => to.v === slow).map(({ from, to }) => `${from.v}/${from.s} ${to.v}/${to.s}`);
    expect(places.sort()).toEqual([0, 1].flatMap((from) => [0, 1].map((to) => `${source}/${from} ${slow}/${to}`)));
    for (const channel of queues.channels) expect(channel).toMatchObject({ capacity: CAPACITY, receiverBuffers: 3, input: 1 });
  });

  it("fill to their capacity under backpressure, and are empty in the end", () => {
    const last = new Map<number, number>();
    let most = 0;
    let before = -1;
    for (const [seq, channel, size] of queues.changes) {
      expect(seq).toBeGreaterThanOrEqual(before);
      expect(size).toBeGreaterThanOrEqual(0);
      before = seq;
      most = Math.max(most, size);
      last.set(channel, size);
    }
    expect(most).toBeGreaterThanOrEqual(CAPACITY);
    for (const size of last.values()) expect(size).toBe(0);
  });

  it("tell a channel once per event, at most", () => {
    const places = queues.changes.map(([seq, channel]) => `${seq}/${channel}`);
    expect(new Set(places).size).toBe(places.length);
  });

  it("show aligned barriers waiting behind records, and channels that wait for the others", () => {
    const details = detailsOf(queues);
    expect(details.some(({ blocked }) => blocked === true)).toBe(true);
    const barriers = details.flatMap(({ barriers = [] }) => barriers);
    expect(Math.max(...barriers.map(({ ahead }) => ahead))).toBeGreaterThan(2);
    for (const barrier of barriers) expect(barrier).toMatchObject({ overtook: 0, passed: false });
  });

  it("show unaligned barriers overtaking what the sender has queued, and handled ahead of their place", () => {
    const run = record({ unalignedCheckpoints: true });
    const unaligned = queuesOf(run);
    // A savepoint's barriers, which end the run, are aligned in any case, and so are all inside of the sink.
    const savepoint = run.events.findIndex((event) => event.kind === "checkpoint" && event.reason === "savepoint");
    const toSlow = unaligned.changes.filter(([seq, channel]) => seq < savepoint && unaligned.channels[channel].to.v === 1);
    const details = detailsOf({ ...unaligned, changes: toSlow });
    const barriers = details.flatMap(({ barriers = [] }) => barriers);
    expect(Math.max(...barriers.map(({ overtook }) => overtook))).toBeGreaterThan(0);
    expect(barriers.some(({ passed, ahead }) => passed && ahead > 0)).toBe(true);
    expect(details.some(({ blocked }) => blocked === true)).toBe(false);
  });

  it("begin empty again after a crash", () => {
    const crash = { kind: "crashTaskManager", taskManager: 0, when: { kind: "atMs", atMs: START_MS + 700 } } as const;
    const crashed = record({}, [crash as unknown as Fault]);
    const seq = crashed.events.findIndex((event) => event.kind === "job" && event.what === "restarting");
    expect(seq).toBeGreaterThan(0);
    const before = new Map<number, number>();
    for (const [at, channel, size] of queuesOf(crashed).changes) if (at < seq) before.set(channel, size);
    const full = [...before].filter(([, size]) => size > 0);
    expect(full.length).toBeGreaterThan(0);
    for (const [channel] of full)
      expect(queuesOf(crashed).changes.some(([at, of, size]) => at >= seq && of === channel && size === 0)).toBe(true);
  });

  it("stay with their events when others are taken out", () => {
    const kept = keepEvents(recording, ({ kind }) => kind === "read" || kind === "write");
    expect(kept.events.length).toBeGreaterThan(100);
    const sizesAt = (of: Recording, seq: number) => {
      const sizes = new Map<number, number>();
      for (const [at, channel, size] of queuesOf(of).changes) if (at <= seq) sizes.set(channel, size);
      return [...sizes].sort(([a], [b]) => a - b);
    };
    const old = [...recording.events.entries()].filter(([, { kind }]) => kind === "read" || kind === "write").map(([seq]) => seq);
    // What an event left behind is what there was when the next one that was kept came.
    for (const seq of [0, 20, 57, kept.events.length - 2]) expect(sizesAt(kept, seq)).toEqual(sizesAt(recording, old[seq + 1] - 1));
    const cut = keepEvents(recording, ({ kind }) => kind === "read", 10);
    expect(Math.max(...queuesOf(cut).changes.map(([seq]) => seq))).toBeLessThan(10);
  });
});

describe("how watermarks come about", () => {
  it("is told of each chain that makes them", () => {
    const [source, slow] = record().vertices;
    expect(source.watermarks).toEqual({ inside: false, boundMs: 1_000, none: false, idleTimeoutMs: 20_000, alignment: null });
    expect(slow).not.toHaveProperty("watermarks");
  });

  it("says which subtask reads which split, again after a restore", () => {
    const crash = { kind: "crashTaskManager", taskManager: 0, when: { kind: "atMs", atMs: START_MS + 700 } } as const;
    const splits = record({}, [crash as unknown as Fault]).events.flatMap((event) =>
      event.kind === "split" ? [`${event.s}: ${event.split}`] : [],
    );
    expect(splits.sort()).toEqual(["0: in-1", "0: in-1", "1: in-0", "1: in-0"]);
  });
});
