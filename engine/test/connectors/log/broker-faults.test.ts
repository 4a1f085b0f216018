import { describe, expect, it, vi } from "vitest";
import { type BrokerAction, strikeBroker } from "../../../src/connectors/log/broker-faults.ts";
import { KafkaRecordSerializationSchema } from "../../../src/connectors/log/kafka-record-serialization.ts";
import { KafkaSink } from "../../../src/connectors/log/kafka-sink.ts";
import type { Sink } from "../../../src/flow/connector.ts";
import type { RunOutcome } from "../../../src/sim/outcome.ts";
import { runWorld } from "../../../src/sim/run.ts";
import type { Fault } from "../../../src/sim/world.ts";
import { arrival, program, START_MS, world } from "../../runtime/job-kit.ts";
import { drawWorld, FinalSum, processJob } from "../../simulation/jobs.ts";
import { observedBroker, write } from "../observed-broker.ts";

vi.setConfig({ testTimeout: 60_000 });

function transactions() {
  const kit = observedBroker();
  kit.broker.createTopic("t", 1);
  const writing = kit.broker.initTransactions("a-0-1", { timeoutMs: 60_000 });
  const prepared = kit.broker.initTransactions("a-1-1", { timeoutMs: 60_000 });
  for (const producer of [writing, prepared]) {
    producer.begin();
    producer.append("t", 0, write(producer.transactionalId));
  }
  prepared.flush();
  return { ...kit, writing, prepared };
}

describe("BRK-1 to BRK-3: transactions that the broker ends", () => {
  it.each<[BrokerAction, string, string]>([
    [{ what: "fenceProducer" }, "ProducerFenced", "ProducerFenced"],
    [{ what: "fenceProducer", transactions: "writing" }, "ProducerFenced", "committed"],
    [{ what: "fenceProducer", transactions: "prepared" }, "committed", "ProducerFenced"],
    [{ what: "fenceProducer", transactionalIdPrefix: "a-1" }, "committed", "ProducerFenced"],
    [{ what: "fenceProducer", transactionalIdPrefix: "b" }, "committed", "committed"],
    [{ what: "expireTransactions" }, "TransactionTimedOut", "TransactionTimedOut"],
    [{ what: "expireTransactions", transactions: "writing" }, "TransactionTimedOut", "committed"],
    [{ what: "expireTransactions", transactions: "prepared" }, "committed", "TransactionTimedOut"],
  ])("%j", (action, expectedOfWriting, expectedOfPrepared) => {
    const { broker, writing, prepared } = transactions();
    strikeBroker(broker, action);
    const endOf = (commit: () => void) => {
      try {
        commit();
        return "committed";
      } catch (failure) {
        return (failure as Error).name;
      }
    };
    expect([endOf(() => writing.commit()), endOf(() => prepared.commit())]).toEqual([expectedOfWriting, expectedOfPrepared]);
    expect(broker.uncommittedView("t").map((row) => row.aborted)).toEqual(
      [expectedOfWriting, expectedOfPrepared].map((end) => end !== "committed"),
    );
  });

  it("fences a producer that has not written yet", () => {
    const { broker } = observedBroker();
    broker.createTopic("t", 1);
    const producer = broker.initTransactions("a", { timeoutMs: 60_000 });
    producer.begin();
    strikeBroker(broker, { what: "fenceProducer" });
    expect(() => producer.append("t", 0, write(1))).toThrow('a newer producer with the transactional id "a" (epoch 1)');
  });

  it("an unknown action is refused", () => {
    expect(() => strikeBroker(observedBroker().broker, { what: "explode" } as never)).toThrow('no fault "explode"');
  });
});

describe("BRK-4: a partition without a leader", () => {
  it("gives nothing out, appends what was sent when it is back, and ends transactions then", () => {
    const { broker, clock } = observedBroker();
    broker.createTopic("t", 2);
    broker.append("t", 0, write("before"));
    const producer = broker.initTransactions("tx", { timeoutMs: 60_000 });
    producer.begin();
    producer.append("t", 0, write("in transaction"));
    strikeBroker(broker, { what: "partitionUnavailable", topic: "t", partition: 0, forMs: 100 });
    clock.advanceTo(10);
    let told = 0;
    broker.onAppend("t", 0, () => told++);
    broker.append("t", 0, write("during"));
    producer.commit();
    const log = broker.partition("t", 0);
    expect([log.nextReadable(0, "read_uncommitted"), log.nextReadable(0, "read_committed"), log.readLimit("read_committed")]).toEqual([
      -1, -1, 0,
    ]);
    expect(broker.partition("t", 1).unavailableUntilMs).toBeNull();
    clock.advanceTo(100);
    expect(told).toBeGreaterThan(0);
    expect(broker.committedView("t").map(({ value, appendedAtMs, committedAtMs }) => [value, appendedAtMs, committedAtMs])).toEqual([
      ["before", 0, 0],
      ["in transaction", 0, 100],
      ["during", 100, 100],
    ]);
  });

  it("lasts until the latest end of overlapping outages", () => {
    const { broker, clock } = observedBroker();
    broker.createTopic("t", 1);
    for (const forMs of [100, 300, 200]) strikeBroker(broker, { what: "partitionUnavailable", topic: "t", forMs });
    clock.advanceTo(299);
    expect(broker.partition("t", 0).unavailableUntilMs).toBe(300);
    clock.advanceTo(300);
    expect([broker.partition("t", 0).unavailableUntilMs, broker.hasOutages]).toEqual([null, false]);
  });
});

function copyJob(guarantee: "NONE" | "AT_LEAST_ONCE" | "EXACTLY_ONCE", deliveryTimeoutMs = 120_000) {
  return program({ checkpointIntervalMs: 1000, restartStrategy: { kind: "fixedDelay", attempts: 3, delayMs: 100 } }, (job) => {
    const serializer = KafkaRecordSerializationSchema.builder<unknown>()
      .setTopic("out")
      .setValueSerializationSchema((value: unknown) => value)
      .build();
    const sink = KafkaSink.builder<unknown>()
      .setRecordSerializer(serializer)
      .setDeliveryGuarantee(guarantee)
      .setTransactionalIdPrefix("tx")
      .setProperty("delivery.timeout.ms", deliveryTimeoutMs)
      .build();
    job.sink(job.kafka("in"), sink as unknown as Sink<unknown>);
  });
}

function copyWorld(faults: readonly Fault[]) {
  const arrivals = Array.from({ length: 10 }, (_, n) => arrival(n * 300, n));
  return world({ in: { partitions: 1, arrivals }, out: { partitions: 1 } }, { faults });
}

const committed = (outcome: RunOutcome) =>
  (outcome.topics.find(({ name }) => name === "out")?.records ?? [])
    .filter((record) => record.committedAtMs !== null)
    .map(({ value }) => value as number);
const inOrder = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const ALL = Array.from({ length: 10 }, (_, n) => n);

describe("jobs under faults of the broker", () => {
  it("BRK-1: a fenced writer fails its job; what it wrote is written again", () => {
    const fault: Fault = {
      kind: "broker",
      action: { what: "fenceProducer", transactions: "writing" },
      when: { kind: "atMs", atMs: START_MS + 1500 },
    };
    const outcome = runWorld(copyJob("EXACTLY_ONCE"), copyWorld([fault]), { record: true });
    expect([outcome.status, outcome.restarts, inOrder(committed(outcome))]).toEqual(["finished", 1, ALL]);
    expect(outcome.recording?.events.find(({ kind }) => kind === "fault")).toMatchObject({ what: "log broker: fenceProducer" });
  });

  it("BRK-3: a prepared transaction that times out is lost, and the job goes on", () => {
    const fault: Fault = {
      kind: "broker",
      action: { what: "expireTransactions", transactions: "prepared" },
      when: { kind: "checkpoint", checkpoint: 1, step: "acked" },
    };
    const outcome = runWorld(copyJob("EXACTLY_ONCE"), copyWorld([fault]));
    expect([outcome.status, outcome.restarts]).toEqual(["finished", 0]);
    expect(committed(outcome).length).toBeLessThan(10);
    expect(outcome.metrics.subtasks.length).toBeGreaterThan(0);
  });

  it.each(["in", "out"])("BRK-4: nothing is lost when topic %s is not available for a while", (topic) => {
    const fault: Fault = {
      kind: "broker",
      action: { what: "partitionUnavailable", topic, forMs: 4000 },
      when: { kind: "atMs", atMs: START_MS + 700 },
    };
    for (const guarantee of ["NONE", "AT_LEAST_ONCE", "EXACTLY_ONCE"] as const) {
      const outcome = runWorld(copyJob(guarantee), copyWorld([fault]));
      expect([outcome.status, outcome.restarts, inOrder(committed(outcome))]).toEqual(["finished", 0, ALL]);
      expect(outcome.endMs).toBeGreaterThanOrEqual(START_MS + 4700);
    }
  });

  it("BRK-4: a record that waits for longer than delivery.timeout.ms fails the job", () => {
    const fault: Fault = {
      kind: "broker",
      action: { what: "partitionUnavailable", topic: "out", forMs: 4000 },
      when: { kind: "atMs", atMs: START_MS + 700 },
    };
    const outcome = runWorld(copyJob("EXACTLY_ONCE", 500), copyWorld([fault]), { record: true });
    expect(outcome.restarts).toBeGreaterThan(0);
    const failing = outcome.recording?.events.find((event) => event.kind === "job" && event.what === "failing");
    expect(failing).toMatchObject({ reason: expect.stringContaining("Expiring record(s) for out-0: 500 ms has passed") });
  });

  it("BRK-4: what waits for a leader when the job dies is lost with NONE, and with nothing else", () => {
    const faults: Fault[] = [
      { kind: "broker", action: { what: "partitionUnavailable", topic: "out", forMs: 3000 }, when: { kind: "atMs", atMs: START_MS + 700 } },
      { kind: "crashTaskManager", taskManager: 0, when: { kind: "atMs", atMs: START_MS + 2500 } },
    ];
    const found = (guarantee: "NONE" | "AT_LEAST_ONCE" | "EXACTLY_ONCE") => {
      const outcome = runWorld(copyJob(guarantee), copyWorld(faults));
      expect([outcome.status, outcome.restarts]).toEqual(["finished", 1]);
      return inOrder(committed(outcome));
    };
    expect(new Set(found("NONE")).size).toBeLessThan(10);
    expect([...new Set(found("AT_LEAST_ONCE"))]).toEqual(ALL);
    expect(found("EXACTLY_ONCE")).toEqual(ALL);
  });

  it("exactly once holds on 30 seeds under what a broker does to transactions in the making", () => {
    const job = processJob(() => new FinalSum());
    let restarts = 0;
    for (let seed = 1; seed <= 30; seed++) {
      const quiet = drawWorld(seed, false);
      const faults: Fault[] = [
        { kind: "broker", action: { what: "fenceProducer", transactions: "writing" }, when: { kind: "afterRecords", records: 5 * seed } },
        {
          kind: "broker",
          action: { what: "expireTransactions", transactions: "writing" },
          when: { kind: "atMs", atMs: START_MS + 150 * seed },
        },
        {
          kind: "broker",
          action: { what: "partitionUnavailable", topic: seed % 2 === 0 ? "out" : "clicks", forMs: 900 },
          when: { kind: "atMs", atMs: START_MS + 100 * seed },
        },
      ];
      const sums = (outcome: RunOutcome) =>
        committed(outcome)
          .map((value) => JSON.stringify(value))
          .sort();
      const outcome = runWorld(job, { ...quiet, faults });
      restarts += outcome.restarts;
      expect(sums(outcome), `seed ${seed}`).toEqual(sums(runWorld(job, quiet)));
    }
    expect(restarts).toBeGreaterThan(0);
  });
});
