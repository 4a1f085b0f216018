/** Why a watermark does not move, on real runs: what is said first of each, with its cause and its place. */
import type { Recording } from "@millrace/engine/sim";
import { sqlProgram } from "@millrace/engine/sql";
import { type Arrival, DEFAULT_LIMITS, runWorld } from "@millrace/engine/sim";
import { Duration, type StreamExecutionEnvironment, WatermarkStrategy } from "@millrace/engine/datastream";
import { describe, expect, it } from "vitest";
import { watermarkSentences } from "../../src/pages/stage/watermark-sentences.ts";
import { longestStandstill } from "../../src/stage/standstill.ts";
import { StageRun } from "../../src/stage/stage-run.ts";
import { watermarkWhy } from "../../src/stage/watermark-why.ts";
import { START } from "../fixtures/stage-run.ts";
import { count, NeverSure, read, record, strategy, type Tick, type WatermarkWorld } from "../fixtures/watermark-runs.ts";

const TWO: WatermarkWorld["topics"] = { clicks: { partitions: 2, stretches: [0, 1].map((partition) => ({ partition, from: 0, to: 30 })) } };
/** Partition 1 brings nothing after 10 s. */
const HALF: WatermarkWorld["topics"] = {
  clicks: {
    partitions: 2,
    stretches: [
      { partition: 0, from: 0, to: 30 },
      { partition: 1, from: 0, to: 10 },
    ],
  },
};
const clicks = (watermarks?: WatermarkStrategy<Tick>) => (env: StreamExecutionEnvironment) => count(read(env, "clicks", watermarks));
const aligned = strategy(0).withWatermarkAlignment("g", Duration.ofSeconds(5), Duration.ofSeconds(1));

interface Case {
  readonly name: string;
  readonly job: (env: StreamExecutionEnvironment) => void;
  readonly world: WatermarkWorld;
  /** Seconds after the start. */
  readonly at: number;
  /** Part of the vertex's name, and the subtask. */
  readonly of: readonly [string, number];
  readonly says: readonly (string | RegExp)[];
}

/** What is said further of `HALF` at 25 s. */
const SILENT_SINCE_9 = [
  /^The other partitions of the source have come to 10:00:2\d\.999\.$/,
  "What moves it: a record of clicks-1 with an event time after 10:00:09, or its being marked idle.",
];

const CASES: readonly Case[] = [
  {
    name: "a silent partition that is not marked idle",
    job: clicks(),
    world: { topics: HALF, parallelism: 2 },
    at: 25,
    of: ["count", 1],
    says: [
      /^Watermark of count 1 stands at 10:00:06\.999 since 10:00:09\.\d+, held back by clicks \d: partition clicks-1 has been silent since 10:00:09 and is not marked idle \(withIdleness is not set\)\.$/,
      ...SILENT_SINCE_9,
    ],
  },
  {
    name: "a silent partition whose idle timeout is not over",
    job: clicks(strategy().withIdleness(Duration.ofSeconds(18))),
    world: { topics: HALF, parallelism: 2 },
    at: 25,
    of: ["count", 0],
    says: [
      /partition clicks-1 has been silent since 10:00:09 and is not marked idle \(withIdleness is 18 s, which is not over\)\.$/,
      /^The other/,
      /at about 10:00:27\.$/,
    ],
  },
  {
    name: "an idle partition lets the others move it: it waits for the next record",
    job: clicks(strategy().withIdleness(Duration.ofSeconds(5))),
    world: { topics: HALF, parallelism: 2 },
    at: 25.5,
    of: ["count", 0],
    says: [
      /held back by clicks \d: the highest event time of partition clicks-0 is 10:00:25, and its watermark stays 2 s behind that \(forBoundedOutOfOrderness\)\.$/,
      "What moves it: a record of clicks-0 with an event time after 10:00:25.",
      "It was last read at 10:00:25.",
    ],
  },
  {
    name: "everything is idle",
    job: clicks(strategy().withIdleness(Duration.ofSeconds(5))),
    world: {
      topics: {
        clicks: {
          stretches: [
            { from: 0, to: 10 },
            { from: 40, to: 41 },
          ],
        },
      },
    },
    at: 30,
    of: ["count", 0],
    says: [
      /^Watermark of count stands at 10:00:06\.999 since .*: all inputs of count are idle, so nobody moves it\.$/,
      "Nothing else happens until 10:00:40.",
    ],
  },
  {
    name: "nothing comes from anywhere",
    job: (env) => {
      env.enableCheckpointing(5_000);
      clicks()(env);
    },
    world: {
      topics: {
        clicks: {
          stretches: [
            { from: 0, to: 10 },
            { from: 40, to: 41 },
          ],
        },
      },
    },
    at: 30,
    of: ["count", 0],
    says: [
      /held back by clicks: no record has come from any partition since 10:00:09, when clicks-0 was read, and only records move a watermark\.$/,
      /^Nothing else happens until 10:00:/,
    ],
  },
  {
    name: "a partition that never brings anything",
    job: clicks(),
    world: { topics: { clicks: { partitions: 2, stretches: [{ partition: 0, from: 0, to: 30 }] } } },
    at: 20,
    of: ["count", 0],
    says: [
      /^count has no watermark yet, 20 s after the start, held back by clicks: nothing has been read from partition clicks-1 yet, and it is not marked idle \(withIdleness is not set\)\.$/,
    ],
  },
  {
    name: "no records at all",
    job: clicks(),
    world: { topics: { clicks: { stretches: [{ from: 40, to: 41 }] } } },
    at: 0,
    of: ["count", 0],
    says: [
      /^count has no watermark yet, \d+ ms after the start, held back by clicks: nothing has been read from partition clicks-0 yet/,
      "Nothing else happens until 10:00:40.",
    ],
  },
  {
    name: "a source subtask without a partition",
    job: clicks(),
    world: { topics: TWO, parallelism: 3 },
    at: 20,
    of: ["count", 2],
    says: [
      /^count 2 has no watermark yet, 20 s after the start, held back by clicks \d: no partition is assigned to clicks \d, and it is not marked idle \(withIdleness is not set\)\.$/,
    ],
  },
  {
    name: "bounded out-of-orderness",
    job: clicks(strategy(5)),
    world: { topics: { clicks: { stretches: [{ from: 0, to: 30 }] } } },
    at: 20.5,
    of: ["count", 0],
    says: [
      /^Watermark of count stands at 10:00:14\.999 since 10:00:20\.\d+, held back by clicks: the highest event time of partition clicks-0 is 10:00:20, and its watermark stays 5 s behind that \(forBoundedOutOfOrderness\)\.$/,
      "What moves it: a record of clicks-0 with an event time after 10:00:20.",
      "It was last read at 10:00:20.",
    ],
  },
  {
    name: "a partition whose events are old",
    job: clicks(strategy(1)),
    world: {
      topics: {
        clicks: {
          partitions: 2,
          stretches: [
            { partition: 0, from: 0, to: 30 },
            { partition: 1, from: 0, to: 30, late: 60 },
          ],
        },
      },
    },
    at: 20.5,
    of: ["count", 0],
    says: [
      /held back by clicks: the highest event time of partition clicks-1 is 09:59:20, and its watermark stays 1 s behind that/,
      /clicks-1 with an event time after 09:59:20/,
      "It was last read at 10:00:20.",
      "The other partitions of the source have come to 10:00:18.999.",
    ],
  },
  {
    name: "a partition that was idle and is behind",
    job: clicks(strategy(0).withIdleness(Duration.ofSeconds(5))),
    world: {
      topics: {
        clicks: {
          partitions: 2,
          stretches: [
            { partition: 0, from: 0, to: 30 },
            { partition: 1, from: 0, to: 5 },
            { partition: 1, from: 20, to: 30, late: 14 },
          ],
        },
      },
    },
    at: 22.5,
    of: ["count", 0],
    says: [
      /^Watermark of count stands at 10:00:1\d\.999 since .*, held back by clicks: partition clicks-1 has been read again after it was idle, and is only at 10:00:07\.999; a watermark never falls, so it waits until clicks-1 has caught up\.$/,
    ],
  },
  {
    name: "an alignment group that waits for its slowest source",
    job: (env) => {
      count(read(env, "fast", aligned));
      read(env, "slow", aligned).print();
    },
    // The fast one has a backlog of a hundred seconds of event time.
    world: {
      topics: {
        fast: {
          stretches: [
            { from: 0, to: 2, rate: 100, late: -50 },
            { from: 2, to: 30, late: -100 },
          ],
        },
        slow: { stretches: [{ from: 0, to: 30 }] },
      },
    },
    at: 20,
    of: ["count", 0],
    says: [
      /held back by fast: (partition fast-0 is not read|fast does not read) for now, by watermark alignment \(group g\)\.$/,
      /^It may be 5 s ahead of the least of its group, no more: that is slow with 10:00:1\d\.999\.$/,
    ],
  },
  {
    name: "downstream of a union: one of its topics is silent",
    job: (env) => count(read(env, "left").union(read(env, "right"))),
    world: { topics: { left: { stretches: [{ from: 0, to: 30 }] }, right: { stretches: [{ from: 0, to: 8 }] } } },
    at: 25,
    of: ["count", 0],
    says: [
      /^Watermark of count stands at 10:00:04\.999 since 10:00:07\.\d+, held back by right: partition right-0 has been silent since 10:00:07 and is not marked idle \(withIdleness is not set\)\.$/,
      "What moves it: a record of right-0 with an event time after 10:00:07, or its being marked idle.",
    ],
  },
  {
    name: "behind two steps: who passes it on is named",
    job: (env) =>
      count(
        read(env, "clicks")
          .rebalance()
          .map((tick: Tick) => tick)
          .name("pass"),
      ),
    world: { topics: HALF, parallelism: 2 },
    at: 25,
    of: ["count", 0],
    says: [/held back by clicks \d over pass \d: partition clicks-1 has been silent since 10:00:09/, ...SILENT_SINCE_9],
  },
  {
    name: "the same, asked of the step between",
    job: (env) =>
      count(
        read(env, "clicks")
          .rebalance()
          .map((tick: Tick) => tick)
          .name("pass"),
      ),
    world: { topics: HALF, parallelism: 2 },
    at: 25,
    of: ["pass", 1],
    says: [
      /^Watermark of pass 1 stands at 10:00:06\.999 since .*, held back by clicks \d: partition clicks-1 has been silent/,
      ...SILENT_SINCE_9,
    ],
  },
  {
    name: "asked of the source itself",
    job: clicks(),
    world: { topics: HALF },
    at: 25,
    of: ["clicks", 0],
    says: [
      /^Watermark of clicks stands at 10:00:06\.999 since 10:00:09\.\d+: partition clicks-1 has been silent since 10:00:09/,
      ...SILENT_SINCE_9,
    ],
  },
  {
    name: "the input has ended",
    job: clicks(),
    world: { topics: TWO },
    at: 1_000,
    of: ["count", 0],
    says: ["The input has ended: the last watermark lets everything fire."],
  },
  {
    name: "no watermarks are made",
    job: clicks(WatermarkStrategy.noWatermarks<Tick>().withTimestampAssigner((tick) => tick.at)),
    world: { topics: TWO },
    at: 20,
    of: ["count", 0],
    says: [
      /^count has no watermark yet, 20 s after the start, held back by clicks: clicks makes none: it has no watermark strategy, or its table no WATERMARK clause\.$/,
    ],
  },
  {
    name: "a generator that makes none",
    job: clicks(WatermarkStrategy.forGenerator<Tick>(() => new NeverSure()).withTimestampAssigner((tick) => tick.at)),
    world: { topics: { clicks: { stretches: [{ from: 0, to: 30 }] } } },
    at: 20.5,
    of: ["count", 0],
    says: [
      /of the records of partition clicks-0 no watermark has been made\.$/,
      "The highest event time that was read from it is 10:00:20.",
    ],
  },
  {
    name: "watermarks made in the middle of a chain",
    job: (env) => count(read(env, "clicks", WatermarkStrategy.noWatermarks<Tick>()).assignTimestampsAndWatermarks(strategy(3))),
    world: { topics: { clicks: { stretches: [{ from: 0, to: 30 }] } } },
    at: 20.5,
    of: ["count", 0],
    says: [
      /^Watermark of count stands at 10:00:16\.999 since 10:00:20\.\d+: clicks makes watermarks of its own in the middle of its chain/,
      "They stay 3 s behind the highest timestamp that came by.",
    ],
  },
  {
    name: "it lies in a channel behind records that a slow task has not come to",
    job: (env) => {
      read(env, "clicks", strategy(0))
        .rebalance()
        .map((tick: Tick) => tick)
        .name("slow")
        .print();
    },
    world: {
      topics: {
        clicks: {
          stretches: [
            { from: 0, to: 10, rate: 4 },
            { from: 10, to: 30 },
          ],
        },
      },
      costsUs: { slow: 400_000 },
      capacity: 64,
    },
    at: 8,
    of: ["slow", 0],
    says: [
      /^Watermark of slow stands at 10:00:0\d\.\d+ since .*: clicks has come to 10:00:07\.\d+, but that lies in the channel to slow, where \d+ elements wait\.$/,
      /^slow was busy \d+ % of the last second: it is the one that is slow\.$/,
    ],
  },
  {
    name: "the source cannot read on: the channel behind it is full",
    job: (env) => {
      read(env, "clicks", strategy(0))
        .rebalance()
        .map((tick: Tick) => tick)
        .name("slow")
        .print();
    },
    world: { topics: { clicks: { stretches: [{ from: 0, to: 10, rate: 4 }] } }, costsUs: { slow: 900_000 }, capacity: 4 },
    at: 8,
    of: ["clicks", 0],
    says: [
      /^Watermark of clicks stands at .*: clicks could not read on for \d+ % of the last second, because its channel to slow was full \(now \d of 4 elements\)\.$/,
      /^slow was busy \d+ % of the last second/,
    ],
  },
  {
    name: "the job is down",
    job: (env) => {
      env.enableCheckpointing(5_000);
      clicks()(env);
    },
    world: { topics: TWO, parallelism: 2, crashAt: 15 },
    at: 15.5,
    of: ["count", 0],
    says: [/^count 0 has no watermark: the job is down since 10:00:15.* \(crash tm 1\)\.$/],
  },
];

function sayAt(recording: Recording, at: number, [vertex, s]: readonly [string, number]): string[] {
  const run = new StageRun(recording);
  const v = recording.vertices.find(({ name }) => name.includes(vertex))?.id ?? -1;
  const seq = run.index.seqAt(START + at * 1_000);
  return watermarkSentences(run, watermarkWhy(run, seq, v, s), START + at * 1_000);
}

describe("why a watermark does not move", () => {
  it.each(CASES)("$name", ({ job, world, at, of, says }) => {
    const said = sayAt(record(job, world), at, of);
    expect(said.length).toBe(says.length);
    for (const [i, wanted] of says.entries()) {
      if (typeof wanted === "string") expect(said[i]).toBe(wanted);
      else expect(said[i]).toMatch(wanted);
    }
  });
});

describe("barriers and watermarks", () => {
  /** Two sources into a slow task; the barriers of the one with few and old records come long before those of the other. */
  const recording = record(
    (env) => {
      env.enableCheckpointing(4_000);
      const left = read(env, "left", strategy(0)).rebalance();
      const right = read(env, "right", strategy(0)).rebalance();
      left
        .union(right)
        .map((tick: Tick) => tick)
        .name("slow")
        .print();
    },
    {
      topics: { left: { stretches: [{ from: 0, to: 20, rate: 2, late: 30 }] }, right: { stretches: [{ from: 0, to: 20, rate: 6 }] } },
      costsUs: { slow: 200_000 },
      capacity: 32,
    },
  );
  const run = new StageRun(recording);
  const slow = recording.vertices.find(({ name }) => name.includes("slow"))?.id ?? -1;

  it("a channel that waits for the barriers of another is named, with the checkpoint", () => {
    const seq = run.index.events.findIndex((_, at) => watermarkWhy(run, at, slow, 0).cause?.kind === "blocked");
    expect(seq).toBeGreaterThan(0);
    const [said] = watermarkSentences(run, watermarkWhy(run, seq, slow, 0), run.index.timeOf(seq));
    expect(said).toMatch(
      /^Watermark of slow stands at \S+ since \S+: (left|right) has come to \S+, but slow takes nothing from this channel until the barriers of checkpoint \d+ have come over its other channels\.$/,
    );
  });

  it("how long the subtask's channels waited for the last barrier is read off the queues", () => {
    const checkpoint = run.facts.checkpoints.find(({ barriers }) => barriers.some(({ v }) => v === slow));
    const barrier = checkpoint?.barriers.find(({ v }) => v === slow);
    if (checkpoint === undefined || barrier === undefined) throw new Error("no checkpoint reached the slow task");
    const held = run.queues.heldFrom(slow, 0, checkpoint.triggeredSeq, barrier.seq);
    expect(held).not.toBeNull();
    expect(barrier.atMs - run.index.timeOf(held ?? 0)).toBeGreaterThan(100);
    expect(run.queues.overtook(slow, 0, checkpoint.number, checkpoint.triggeredSeq, barrier.seq)).toBe(0);
  });

  it("queues never hold more than was sent, and barriers lie inside of them", () => {
    for (let seq = 0; seq < run.index.length; seq += 7) {
      for (const { size, received, credit, barriers, channel } of run.queues.into(slow, 0, seq)) {
        expect(received + credit).toBe(channel.receiverBuffers);
        for (const { ahead } of barriers) expect(ahead).toBeLessThan(size);
      }
    }
  });
});

it("finds where it stood for the longest time, and a moment in the midst of it", () => {
  const recording = record(
    (env) => {
      env.enableCheckpointing(2_000);
      clicks()(env);
    },
    { topics: HALF, parallelism: 2 },
  );
  const run = new StageRun(recording);
  const counting = recording.vertices.find(({ name }) => name.includes("count"))?.id ?? -1;
  const standstill = longestStandstill(run.index, counting, 0);
  expect(standstill?.fromMs).toBe(START + 9_200);
  expect(standstill?.toMs).toBeGreaterThanOrEqual(START + 29_000);
  const why = watermarkWhy(run, standstill?.seq ?? -1, counting, 0);
  expect(why).toMatchObject({ sinceMs: standstill?.fromMs, cause: { kind: "silent", split: "clicks-1" } });
});

describe("recordings that tell less", () => {
  it("in SQL the table's WATERMARK clause decides, and how far it stays behind is read off the records", () => {
    const [said] = sayAt(sqlRun(), 25, ["Source: clicks", 0]);
    expect(said).toMatch(/partition clicks-1 has been silent since 10:00:09 and is not marked idle \(withIdleness is not set\)\.$/);
    expect(sayAt(sqlRun(), 9.5, ["Source: clicks", 0])[0]).toMatch(/and its watermark stays 5 s behind that\.$/);
  });

  it("one of before queues, splits and strategies were kept still names the partition", () => {
    const { queues: _, ...old } = record(clicks(), { topics: HALF, parallelism: 2 });
    const stripped = {
      ...old,
      vertices: old.vertices.map(({ watermarks: _made, ...vertex }) => vertex),
      events: old.events.filter(({ kind }) => kind !== "split" && kind !== "aligned"),
    };
    expect(new StageRun(stripped).queues.known).toBe(false);
    const [said] = sayAt(stripped, 25, ["count", 1]);
    expect(said).toMatch(/held back by clicks \d: partition clicks-1 has been silent since 10:00:09 and is not marked idle\.$/);
  });
});

/** Partition 1 brings nothing after 10 s, read by SQL. */
function sqlRun(): Recording {
  const { program, diagnostics } = sqlProgram("INSERT INTO totals SELECT usr, COUNT(*) FROM clicks GROUP BY usr;", {
    given: `CREATE TABLE clicks (usr STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
  WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset');
CREATE TABLE totals (usr STRING, n BIGINT, PRIMARY KEY (usr) NOT ENFORCED)
  WITH ('connector' = 'upsert-kafka', 'topic' = 'totals', 'key.format' = 'json', 'value.format' = 'json');`,
    topics: ["clicks", "totals"],
  });
  if (program === null) throw new Error(JSON.stringify(diagnostics));
  const arrivals = [0, 1].flatMap((partition) =>
    Array.from({ length: partition === 0 ? 30 : 10 }, (_, i): Arrival => {
      const atMs = START + i * 1_000;
      return {
        atMs,
        partition,
        key: null,
        value: { usr: `u${i % 3}`, ts: new Date(atMs).toISOString().replace("T", " ").replace("Z", "") },
      };
    }),
  );
  const topics = ["clicks", "totals"].map((name) => ({
    name,
    partitions: name === "clicks" ? 2 : 1,
    arrivals: name === "clicks" ? arrivals.sort((a, b) => a.atMs - b.atMs) : [],
  }));
  const world = { seed: 1, startMs: START, topics, faults: [], end: { kind: "drain" }, limits: DEFAULT_LIMITS, costsUs: {} } as const;
  const cluster = { taskManagers: 1, slotsPerTaskManager: 2, parallelism: 1 };
  const { recording } = runWorld(program, { ...world, cluster }, { record: true });
  if (recording === null) throw new Error("not recorded");
  return recording;
}
