import { describe, expect, it } from "vitest";
import {
  KafkaSink,
  KafkaSource,
  json,
  OffsetsInitializer,
  StreamExecutionEnvironment,
  WatermarkStrategy,
  datastreamProgram,
} from "../../../src/index.ts";
import { type RunOutcome, runWorld, type World } from "../../../src/sim.ts";
import { checkpointed, orderWorld, START_MS, upTo } from "../files/file-jobs.ts";
import { observedBroker, write } from "../observed-broker.ts";

const CHECKED = { checkIntervalMs: 100 };
const left = (kit: ReturnType<typeof observedBroker>) => kit.broker.uncommittedView("t").map(({ offset, value }) => [offset, value]);

describe("BRK-5: retention", () => {
  it("removes records by their own timestamps, at a look, and keeps offsets", () => {
    const kit = observedBroker();
    const { broker, clock } = kit;
    broker.createTopic("t", 1, { retentionMs: 1000, ...CHECKED });
    broker.append("t", 0, { key: null, value: "old event", timestampMs: -5000 });
    clock.advanceTo(50);
    broker.append("t", 0, write("a"));
    clock.advanceTo(500);
    broker.append("t", 0, write("b"));
    expect(left(kit)).toEqual([
      [1, "a"],
      [2, "b"],
    ]);
    clock.advanceTo(1100);
    expect(left(kit)).toEqual([[2, "b"]]);
    const log = broker.partition("t", 0);
    expect([log.logStartOffset, log.endOffset, log.nextReadable(2, "read_committed"), log.offsetForTimestamp(0)]).toEqual([2, 3, 2, 2]);
    clock.advanceTo(10_000);
    expect([log.logStartOffset, log.endOffset]).toEqual([3, 3]);
  });

  it("leaves what an open transaction holds back", () => {
    const kit = observedBroker();
    kit.broker.createTopic("t", 1, { retentionMs: 100, ...CHECKED });
    const producer = kit.broker.initTransactions("tx", { timeoutMs: 3_600_000 });
    producer.begin();
    producer.append("t", 0, write("open"));
    kit.clock.advanceTo(5000);
    expect(left(kit)).toEqual([[0, "open"]]);
  });
});

describe("BRK-6: compaction", () => {
  it("keeps the last record of each key, and tombstones for their time", () => {
    const kit = observedBroker();
    const { broker, clock } = kit;
    broker.createTopic("t", 1, { compact: true, deleteRetentionMs: 300, ...CHECKED });
    for (const [key, value] of [
      ["a", 1],
      ["b", 1],
      ["a", 2],
      ["b", null],
    ] as const)
      broker.append("t", 0, write(value, key));
    clock.advanceTo(100);
    expect(left(kit)).toEqual([
      [2, 2],
      [3, null],
    ]);
    const log = broker.partition("t", 0);
    expect([log.nextReadable(0, "read_uncommitted"), log.nextReadable(0, "read_committed"), log.endOffset]).toEqual([2, 2, 4]);
    clock.advanceTo(450);
    broker.append("t", 0, write(3, "c"));
    clock.advanceTo(600);
    expect(left(kit)).toEqual([
      [2, 2],
      [4, 3],
    ]);
  });

  it("takes only records with a key, and drops aborted ones", () => {
    const kit = observedBroker();
    kit.broker.createTopic("t", 1, { compact: true, ...CHECKED });
    expect(() => kit.broker.append("t", 0, write(1))).toThrow("Compacted topic cannot accept message without key in topic partition t-0");
    kit.broker.append("t", 0, write(1, "a"));
    const producer = kit.broker.initTransactions("tx", { timeoutMs: 1000 });
    producer.begin();
    producer.append("t", 0, write(2, "a"));
    producer.abort();
    kit.clock.advanceTo(100);
    expect(left(kit)).toEqual([[0, 1]]);
  });
});

function copyJob(configure: (builder: ReturnType<typeof KafkaSource.builder<number>>) => void) {
  return datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    checkpointed(env);
    const builder = KafkaSource.builder<number>().setTopics("in");
    configure(builder);
    env
      .fromSource(builder.build(), WatermarkStrategy.noWatermarks(), "in")
      .sinkTo(
        KafkaSink.builder<number>()
          .setRecordSerializer(json("out"))
          .setDeliveryGuarantee("EXACTLY_ONCE")
          .setTransactionalIdPrefix("copy")
          .build(),
      );
    env.execute("copy");
  });
}

/** 20 numbers, one every 100 ms. */
function worldOf(more: Partial<World> = {}, cleanup?: World["topics"][number]["cleanup"]): World {
  const arrivals = upTo(20).map((n) => ({ atMs: START_MS + n * 100, partition: 0, key: null, value: n }));
  return {
    ...orderWorld([], { count: 0, parallelism: 1 }),
    topics: [
      { name: "in", partitions: 1, arrivals, ...(cleanup === undefined ? {} : { cleanup }) },
      { name: "out", partitions: 1, arrivals: [] },
    ],
    ...more,
  };
}

const copied = (outcome: RunOutcome) =>
  (outcome.topics.find(({ name }) => name === "out")?.records ?? [])
    .filter(({ committedAtMs }) => committedAtMs !== null)
    .map(({ value }) => value as number);

describe("BRK-5: a reader that is behind", () => {
  // Each record takes the job longer than the next one needs to come: it falls behind, until retention takes what it has not read.
  const world = (): World => worldOf({ costsUs: { "*": 300_000 } }, { retentionMs: 1500, checkIntervalMs: 100 });

  it("goes on at the first record that is there", () => {
    const outcome = runWorld(
      copyJob(() => {}),
      world(),
    );
    expect(outcome.status).toBe("finished");
    const got = copied(outcome);
    expect(got.slice(0, 2)).toEqual([0, 1]);
    expect(got.length).toBeLessThan(20);
    expect(got.some((n, index) => index > 0 && n > got[index - 1] + 1)).toBe(true);
  });

  it("goes on at the end", () => {
    const outcome = runWorld(
      copyJob((builder) => builder.setProperty("auto.offset.reset", "latest")),
      world(),
    );
    expect([outcome.status, copied(outcome).slice(0, 2)]).toEqual(["finished", [0, 1]]);
    expect(copied(outcome).length).toBeLessThan(
      copied(
        runWorld(
          copyJob(() => {}),
          world(),
        ),
      ).length,
    );
  });

  it("or fails the job", () => {
    const outcome = runWorld(
      copyJob((builder) => builder.setProperty("auto.offset.reset", "none")),
      { ...world(), limits: { ...world().limits, maxRestarts: 3 } },
    );
    expect(outcome.failure?.message).toContain("is out of range for partition in-0");
  });
});

describe("BRK-7: consumer groups", () => {
  it("begin at what the group has committed", () => {
    const starting = (group: string) =>
      copied(
        runWorld(
          copyJob((builder) => builder.setGroupId(group).setStartingOffsets(OffsetsInitializer.committedOffsets("EARLIEST"))),
          worldOf({ broker: { groupOffsets: [{ group: "g", topic: "in", partition: 0, offset: 15 }] } }),
        ),
      );
    expect(starting("g")).toEqual([15, 16, 17, 18, 19]);
    expect(starting("other")).toEqual(upTo(20));
  });
});

describe("BRK-8: settings of the broker", () => {
  it("a transaction timeout above the broker's maximum fails the job at its start", () => {
    const outcome = runWorld(
      copyJob(() => {}),
      worldOf({ broker: { transactionMaxTimeoutMs: 900_000 } }),
    );
    expect(outcome.failure).toMatchObject({ code: "KAFKA_TRANSACTION_TIMEOUT_TOO_LONG" });
  });

  it("a slow broker delays what is read and committed, and loses nothing", () => {
    const outcome = runWorld(
      copyJob(() => {}),
      worldOf({
        faults: [{ kind: "broker", action: { what: "slow", latencyMs: 700, forMs: 10_000 }, when: { kind: "atMs", atMs: START_MS + 500 } }],
      }),
    );
    expect([outcome.status, outcome.restarts, copied(outcome)]).toEqual(["finished", 0, upTo(20)]);
    const delays = (outcome.topics.find(({ name }) => name === "out")?.records ?? []).map(
      ({ appendedAtMs, value }) => appendedAtMs - START_MS - (value as number) * 100,
    );
    expect(delays[1]).toBeLessThan(100);
    expect(Math.max(...delays)).toBeGreaterThan(600);
  });
});
