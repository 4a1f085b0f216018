import { describe, expect, it, vi } from "vitest";
import { Kinesis } from "../../../src/connectors/kinesis/kinesis.ts";
import { json, KafkaSink, KinesisStreamsSink, KinesisStreamsSource, WatermarkStrategy } from "../../../src/index.ts";
import {
  type Fault,
  type KinesisDescription,
  type KinesisStreamDescription,
  type KinesisStreamOutcome,
  type RunOutcome,
  runWorld,
  type World,
} from "../../../src/sim.ts";
import {
  checkpointed,
  contentsOf,
  drawCrashes,
  finished,
  type Order,
  ordersOf,
  orderWorld,
  program,
  START_MS,
  upTo,
} from "../files/file-jobs.ts";
import { systemKit } from "../system-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

const SHARD = (n: number) => `shardId-${String(n).padStart(12, "0")}`;
const aws = (...streams: readonly KinesisStreamDescription[]): KinesisDescription => ({ kind: "kinesis", name: "aws", streams });
const ARN = "arn:aws:kinesis:eu-central-1:123456789012:stream/orders";

describe("KIN-1: streams", () => {
  function stream(more: Partial<KinesisStreamDescription> = {}) {
    const kit = systemKit(aws({ name: "orders", shards: 2, ...more }));
    const kinesis = kit.systems.get("aws", Kinesis);
    return { ...kit, kinesis, orders: kinesis.stream("orders") as NonNullable<ReturnType<Kinesis["stream"]>> };
  }

  it("equal keys share a shard, in order, with rising sequence numbers", () => {
    const { orders } = stream();
    for (let n = 0; n < 40; n++) orders.put({ partitionKey: `k${n % 5}`, data: n }, n);
    expect(orders.shards.map((shard) => shard.length > 0)).toEqual([true, true]);
    for (const shard of orders.shards) {
      const numbers = shard.all().map(({ sequenceNumber }) => sequenceNumber);
      expect(numbers).toEqual([...numbers].sort());
    }
    const shardsOf = (key: string) => orders.shards.filter((shard) => shard.all().some(({ partitionKey }) => partitionKey === key)).length;
    expect(upTo(5).map((n) => shardsOf(`k${n}`))).toEqual([1, 1, 1, 1, 1]);
  });

  it("a reshard closes shards for good and divides their range among children", () => {
    const { orders } = stream();
    orders.split(SHARD(0));
    orders.merge(SHARD(3));
    expect(orders.shards.map(({ shardId, parents, isClosed }) => [shardId, parents, isClosed])).toEqual([
      [SHARD(0), [], true],
      [SHARD(1), [], true],
      [SHARD(2), [SHARD(0)], false],
      [SHARD(3), [SHARD(0)], true],
      [SHARD(4), [SHARD(3), SHARD(1)], false],
    ]);
    for (let n = 0; n < 40; n++) expect([SHARD(2), SHARD(4)]).toContain(orders.put({ partitionKey: `k${n}`, data: n }, 0)?.shardId);
    expect(() => orders.split(SHARD(0))).toThrow("is closed");
  });

  it("a shard takes so many records a second", () => {
    const { kinesis, orders } = stream({ shards: 1, maxRecordsPerSecond: 3 });
    const put = (atMs: number) =>
      kinesis.putRecords(
        orders,
        upTo(2).map((data) => ({ partitionKey: "k", data })),
        atMs,
      );
    expect([put(0), put(500), put(999), put(1000)]).toEqual([
      [true, true],
      [true, false],
      [false, false],
      [true, true],
    ]);
  });

  it("keeps records for their time", () => {
    const { orders } = stream({ shards: 1, retentionMs: 1000 });
    for (const atMs of [0, 500, 1200]) orders.put({ partitionKey: "k", data: atMs }, atMs);
    const from = (nowMs: number) => orders.shards[0].indexOf({ kind: "TRIM_HORIZON" }, nowMs);
    expect([from(900), from(1200), from(3000)]).toEqual([0, 1, 3]);
  });
});

/** 60 records of 6 keys, numbered per key. */
const records = upTo(60).map((n) => ({ atMs: START_MS + 50 + n * 100, partitionKey: `k${n % 6}`, data: { key: `k${n % 6}`, n } }));
const RESHARDS = [
  { atMs: START_MS + 1500, split: SHARD(0) },
  { atMs: START_MS + 2500, merge: SHARD(2) },
  { atMs: START_MS + 4000, split: SHARD(1) },
];

interface Event {
  readonly key: string;
  readonly n: number;
}

function readJob(position = "TRIM_HORIZON", sourceParallelism = 2, config: Readonly<Record<string, string>> = {}) {
  return program((env) => {
    checkpointed(env, 400);
    const source = KinesisStreamsSource.builder<Event>()
      .setStreamArn(ARN)
      .setSourceConfig({
        "source.init.position": position,
        "source.init.timestamp": String((START_MS - 2000) / 1000),
        "source.shard.discovery.interval": "500",
        ...config,
      })
      .build();
    env
      .fromSource(source, WatermarkStrategy.noWatermarks(), "orders")
      .setParallelism(sourceParallelism)
      .sinkTo(
        KafkaSink.builder<Event>()
          .setRecordSerializer(json("out", ({ key }) => key))
          .setDeliveryGuarantee("EXACTLY_ONCE")
          .setTransactionalIdPrefix("k")
          .build(),
      )
      .setParallelism(1);
  });
}

function readWorld(stream: Partial<KinesisStreamDescription>, more: Partial<World> = {}): World {
  return {
    ...orderWorld([aws({ name: "orders", shards: 2, records, ...stream })], { count: 0 }),
    topics: [{ name: "out", partitions: 1, arrivals: [] }],
    ...more,
  };
}

const events = (outcome: RunOutcome) =>
  (finished(outcome).topics[0]?.records ?? []).filter(({ committedAtMs }) => committedAtMs !== null).map(({ value }) => value as Event);
const numbersOf = (outcome: RunOutcome) =>
  events(outcome)
    .map(({ n }) => n)
    .sort((a, b) => a - b);

describe("KIN-2: KinesisStreamsSource", () => {
  it("reads a parent to its end before its children: each key stays in order over reshards, exactly once, on 60 seeds of crashes", () => {
    let restarts = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const outcome = runWorld(readJob(), readWorld({ reshards: RESHARDS }, { seed, faults: drawCrashes(seed) }));
      restarts += outcome.restarts;
      expect(numbersOf(outcome), `seed ${seed}`).toEqual(upTo(60));
      // Of one reader: between two readers and a sink nothing keeps an order.
      const one = runWorld(readJob("TRIM_HORIZON", 1), readWorld({ reshards: RESHARDS }, { seed, faults: drawCrashes(seed) }));
      for (const key of ["k0", "k3", "k5"]) {
        const inOrder = events(one)
          .filter((event) => event.key === key)
          .map(({ n }) => n);
        expect(inOrder, `seed ${seed}, ${key}`).toEqual([...inOrder].sort((a, b) => a - b));
      }
    }
    expect(restarts).toBeGreaterThan(50);
  });

  it.each([
    ["TRIM_HORIZON", 0],
    ["AT_TIMESTAMP", 40],
  ])("begins at %s", (position, first) => {
    const past = <E extends { readonly atMs: number }>(entries: readonly E[]) =>
      entries.map((entry) => ({ ...entry, atMs: entry.atMs - 6000 }));
    expect(numbersOf(runWorld(readJob(position), readWorld({ records: past(records), reshards: past(RESHARDS) })))).toEqual(
      upTo(60).slice(first),
    );
  });

  it("LATEST, the default, leaves out what was there before", () => {
    const before = [{ atMs: START_MS - 1000, partitionKey: "k0", data: { key: "k0", n: -1 } }, ...records];
    expect(numbersOf(runWorld(readJob("LATEST"), readWorld({ records: before })))).toEqual(upTo(60));
  });

  it("what is too old when it is read is lost", () => {
    const outcome = runWorld(
      readJob(),
      readWorld(
        { shards: 1, retentionMs: 1500 },
        {
          faults: [
            { kind: "system", system: "aws", action: { what: "unavailable", forMs: 4000 }, when: { kind: "atMs", atMs: START_MS + 1000 } },
          ],
        },
      ),
    );
    expect(numbersOf(outcome).length).toBeLessThan(60);
    expect(numbersOf(outcome).at(-1)).toBe(59);
  });

  it("a stream that does not exist is refused", () => {
    const outcome = runWorld(readJob(), { ...readWorld({}), systems: [aws({ name: "order", shards: 1 })] });
    expect(outcome.failure?.diagnostic).toMatchObject({ code: "KINESIS_STREAM_UNKNOWN", expected: "order" });
  });
});

const EFO = { "source.reader.type": "EFO", "source.efo.consumer.name": "judge" };
const fanOut = (config: Readonly<Record<string, string>> = {}) => readJob("TRIM_HORIZON", 2, { ...EFO, ...config });
const consumersOf = (outcome: RunOutcome) =>
  contentsOf<{ readonly streams: readonly KinesisStreamOutcome[] }>(outcome, "aws").streams[0].consumers;

describe("KIN-4: enhanced fan-out", () => {
  /** From a record's arrival to the log that the job writes. */
  const lateness = (outcome: RunOutcome) =>
    (finished(outcome).topics[0]?.records ?? []).map(
      ({ appendedAtMs, value }) => appendedAtMs - (START_MS + 50 + (value as Event).n * 100),
    );

  it("pushes what arrives; polling brings it five times a second", () => {
    const dense = Array.from({ length: 60 }, (_, n) => ({ atMs: START_MS + 50 + n * 100, partitionKey: "k", data: { key: "k", n } }));
    const world = { ...readWorld({ shards: 1, records: dense }), costsUs: { "*": 0 } };
    const pushed = lateness(runWorld(fanOut(), world));
    const polled = lateness(runWorld(readJob(), world));
    expect(Math.max(...pushed)).toBeLessThan(20);
    expect(Math.max(...polled)).toBeGreaterThan(90);
  });

  it("polls of several sources share five reads a second of a shard; consumers do not", () => {
    const shard = systemKit(aws({ name: "orders", shards: 1 }))
      .systems.get("aws", Kinesis)
      .stream("orders")?.shards[0];
    expect([0, 10, 20, 30, 40, 50, 999, 1000, 1005].map((atMs) => shard?.admitsRead(atMs))).toEqual([
      0, 10, 20, 30, 40, 1000, 1000, 1000, 1010,
    ]);
  });

  it("is exactly once over reshards and crashes, on 30 seeds", () => {
    for (let seed = 1; seed <= 30; seed++) {
      const outcome = runWorld(fanOut(), readWorld({ reshards: RESHARDS }, { seed, faults: drawCrashes(seed) }));
      expect(numbersOf(outcome), `seed ${seed}`).toEqual(upTo(60));
      expect(consumersOf(outcome)).toEqual([]);
    }
  });

  it("registers its consumer, and deregisters it at the end, unless somebody else does", () => {
    const running = runWorld(fanOut(), readWorld({}, { end: { kind: "cancel", atMs: START_MS + 2000 } }));
    expect(consumersOf(running)).toEqual([]);
    const own = runWorld(fanOut({ "source.efo.lifecycle": "SELF_MANAGED" }), readWorld({ consumers: ["judge"] }));
    expect([numbersOf(own), consumersOf(own)]).toEqual([upTo(60), ["judge"]]);
    const limits = { ...readWorld({}).limits, maxRestarts: 2 };
    const missing = runWorld(fanOut({ "source.efo.lifecycle": "SELF_MANAGED" }), readWorld({}, { limits }));
    expect(missing.failure?.message).toContain("Consumer judge of stream orders not found");
    const full = runWorld(fanOut(), readWorld({ consumers: upTo(20).map((n) => `c${n}`) }, { limits }));
    expect(full.failure?.message).toContain("Stream orders has 20 consumers");
  });

  it.each([
    [{ "source.reader.type": "PUSH" }, "PUSH"],
    [{ "source.reader.type": "EFO" }, "nothing"],
    [{ ...EFO, "source.efo.lifecycle": "MINE" }, "MINE"],
  ])("refuses %j", (config, found) => {
    const outcome = runWorld(readJob("TRIM_HORIZON", 2, config), readWorld({}));
    expect(outcome.failure?.diagnostic).toMatchObject({ code: "KINESIS_BAD_READER", found });
  });
});

function writeJob(failOnError = false) {
  return program((env) => {
    checkpointed(env);
    const sink = KinesisStreamsSink.builder<Order>()
      .setStreamArn(ARN)
      .setSerializationSchema((order) => order)
      .setPartitionKeyGenerator(({ country }) => country)
      .setMaxBatchSize(5)
      .setMaxTimeInBufferMS(700)
      .setFailOnError(failOnError)
      .build();
    ordersOf(env).rebalance().sinkTo(sink);
  });
}

function written(outcome: RunOutcome): number[] {
  const { streams } = contentsOf<{ readonly streams: readonly KinesisStreamOutcome[] }>(finished(outcome), "aws");
  return streams[0].shards.flatMap((shard) => shard.records.map(({ data }) => (data as Order).id)).sort((a, b) => a - b);
}

const OUT = aws({ name: "orders", shards: 2 });

describe("KIN-3: KinesisStreamsSink", () => {
  it("writes everything once without faults, at least once on 60 seeds of crashes", () => {
    expect(written(runWorld(writeJob(), orderWorld([OUT])))).toEqual(upTo(60));
    let twice = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const found = written(runWorld(writeJob(), orderWorld([OUT], { seed, faults: drawCrashes(seed) })));
      expect([...new Set(found)], `seed ${seed}`).toEqual(upTo(60));
      twice += found.length - 60;
    }
    expect(twice).toBeGreaterThan(0);
  });

  it("records that a shard refuses are sent again, or fail the job when it should", () => {
    const narrow = aws({ name: "orders", shards: 1, maxRecordsPerSecond: 4 });
    const patient = runWorld(writeJob(), orderWorld([narrow]));
    expect([patient.restarts, written(patient)]).toEqual([0, upTo(60)]);
    const strict = runWorld(writeJob(true), { ...orderWorld([narrow]), limits: { ...orderWorld([]).limits, maxRestarts: 3 } });
    expect(strict.failure?.message).toContain("Rate exceeded for shard");
  });

  it("a batch without an answer is sent again: duplicates without any crash", () => {
    const faults: Fault[] = [
      { kind: "system", system: "aws", action: { what: "loseAnswers", count: 2 }, when: { kind: "atMs", atMs: START_MS + 2000 } },
    ];
    const outcome = runWorld(writeJob(), orderWorld([OUT], { faults }));
    expect(outcome.restarts).toBe(0);
    expect([...new Set(written(outcome))]).toEqual(upTo(60));
    expect(written(outcome).length).toBeGreaterThan(60);
  });
});
