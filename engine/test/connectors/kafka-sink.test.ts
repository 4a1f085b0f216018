import { describe, expect, it } from "vitest";
import { KafkaPartitioner, murmur2, utf8Bytes } from "../../src/connectors/log/kafka-partitioner.ts";
import { json, KafkaRecordSerializationSchema } from "../../src/connectors/log/kafka-record-serialization.ts";
import { DeliveryGuarantee, KafkaSink } from "../../src/connectors/log/kafka-sink.ts";
import type { KafkaCommittable } from "../../src/connectors/log/kafka-writer.ts";
import { granting } from "../../src/flow/engine-access.ts";
import type { SinkWriter } from "../../src/flow/sink.ts";
import { observedBroker } from "./observed-broker.ts";

type Broker = ReturnType<typeof observedBroker>["broker"];
interface Row {
  readonly user: string;
  readonly n: number;
}

const at = (timestampMs: number | null) => ({ currentWatermark: () => 0, timestamp: () => timestampMs });

function context(broker: Broker, place: { subtaskIndex?: number; parallelism?: number; restoredCheckpointId?: number } = {}) {
  const { subtaskIndex = 0, parallelism = 1, restoredCheckpointId } = place;
  return granting({ subtaskIndex, parallelism, restoredCheckpointId, attemptNumber: 0, currentMs: () => 0 }, { outside: () => broker });
}

function exactlyOnce(options: { timeoutMs?: number } = {}) {
  return KafkaSink.builder<Row>()
    .setRecordSerializer(json("out", (row) => row.user))
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("job")
    .setProperty("transaction.timeout.ms", options.timeoutMs ?? 60_000)
    .build();
}

/** What the sink writer operator does at a checkpoint. */
function checkpoint(writer: SinkWriter<Row, KafkaCommittable>, checkpointId: number): readonly KafkaCommittable[] {
  writer.flush(false);
  const committables = writer.prepareCommit?.() ?? [];
  writer.snapshotState?.(checkpointId);
  return committables;
}

function commit(sink: KafkaSink<Row>, broker: Broker, committables: readonly KafkaCommittable[]): string[] {
  const failures: string[] = [];
  const unexpected = () => {
    throw new Error("the committer answered something else");
  };
  sink.createCommitter?.(context(broker)).commit(
    committables.map((committable) => ({
      getCommittable: () => committable,
      getNumberOfRetries: () => 0,
      retryLater: unexpected,
      updateAndRetryLater: unexpected,
      signalAlreadyCommitted: unexpected,
      signalFailedWithKnownReason: (reason: unknown) => void failures.push((reason as Error).name),
      signalFailedWithUnknownReason: unexpected,
    })),
  );
  return failures;
}

const numbers = (rows: readonly { value: unknown }[]) => rows.map((row) => (row.value as Row).n);

describe("BRK-1: two jobs with one transactional id prefix", () => {
  it("the one that starts later fences the other, whose open transaction is gone", () => {
    const { broker } = observedBroker();
    broker.createTopic("out", 1);
    const first = exactlyOnce().createWriter(context(broker));
    first.write({ user: "u", n: 1 }, at(1));
    const second = exactlyOnce().createWriter(context(broker));
    expect(() => first.write({ user: "u", n: 2 }, at(2))).toThrow("which fences this one");
    second.write({ user: "u", n: 3 }, at(3));
    expect(commit(exactlyOnce(), broker, checkpoint(second, 1))).toEqual([]);
    expect(numbers(broker.committedView("out"))).toEqual([3]);
  });

  it("a transaction that the first had promised is aborted, too, when the second starts from nothing", () => {
    const { broker } = observedBroker();
    broker.createTopic("out", 1);
    const first = exactlyOnce().createWriter(context(broker));
    first.write({ user: "u", n: 1 }, at(1));
    const promised = checkpoint(first, 1);
    exactlyOnce().createWriter(context(broker));
    expect(commit(exactlyOnce(), broker, promised)).toEqual(["ProducerFenced"]);
    expect(broker.committedView("out")).toEqual([]);
  });
});

describe("KafkaSink without transactions", () => {
  it("appends at once, by key, with the event time as timestamp", () => {
    const { broker, clock } = observedBroker();
    clock.advanceTo(100);
    broker.createTopic("out", 4);
    const sink = KafkaSink.builder<Row>()
      .setRecordSerializer(json("out", (row) => row.user))
      .build();
    expect(sink.createCommitter).toBeUndefined();
    const writer = sink.createWriter(context(broker));
    writer.write({ user: "u1", n: 1 }, at(50));
    writer.write({ user: "u1", n: 2 }, at(null));
    const partition = (murmur2(utf8Bytes("u1")) & 0x7fffffff) % 4;
    expect(broker.committedView("out")).toMatchObject([
      { partition, offset: 0, key: "u1", value: { user: "u1", n: 1 }, timestampMs: 50 },
      { partition, offset: 1, key: "u1", value: { user: "u1", n: 2 }, timestampMs: 100 },
    ]);
  });

  it("goes round the partitions without a key, beginning at the own subtask", () => {
    const { broker } = observedBroker();
    broker.createTopic("out", 3);
    const writer = KafkaSink.builder<Row>()
      .setRecordSerializer(json("out"))
      .build()
      .createWriter(context(broker, { subtaskIndex: 2, parallelism: 3 }));
    for (let n = 0; n < 4; n++) writer.write({ user: "u", n }, at(n));
    expect([...broker.uncommittedView("out")].sort((a, b) => (a.value as Row).n - (b.value as Row).n).map((row) => row.partition)).toEqual([
      2, 0, 1, 2,
    ]);
  });

  it("writes plain copies of values", () => {
    const { broker } = observedBroker();
    broker.createTopic("out", 1);
    const value = { when: new Date(0), missing: undefined, bad: Number.NaN, set: new Set([1]), map: new Map([["a", 1]]), list: [1] };
    const writer = KafkaSink.builder<typeof value>().setRecordSerializer(json("out")).build().createWriter(context(broker));
    writer.write(value, at(0));
    value.list.push(2);
    expect(broker.committedView("out")[0].value).toEqual({
      when: "1970-01-01T00:00:00.000Z",
      bad: "NaN",
      set: [1],
      map: { a: 1 },
      list: [1],
    });
  });

  it.each([
    ["a function", () => 1],
    [
      "a cycle",
      (() => {
        const cycle: { self?: unknown } = {};
        cycle.self = cycle;
        return cycle;
      })(),
    ],
  ])("refuses %s", (_name, value) => {
    const { broker } = observedBroker();
    broker.createTopic("out", 1);
    const writer = KafkaSink.builder<unknown>().setRecordSerializer(json("out")).build().createWriter(context(broker));
    expect(() => writer.write(value, at(0))).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ code: "SINK_VALUE_NOT_SERIALIZABLE" }) }),
    );
  });

  it("checks topic and partition", () => {
    const { broker } = observedBroker();
    broker.createTopic("sessions", 1);
    const sink = (topic: string) => KafkaSink.builder<Row>().setRecordSerializer(json(topic)).build();
    expect(() => sink("session").createWriter(context(broker))).toThrow('Did you mean "sessions"?');
    const schema = KafkaRecordSerializationSchema.builder<Row>()
      .setTopic("sessions")
      .setJsonValues()
      .setPartitioner(() => 7)
      .build();
    const writer = KafkaSink.builder<Row>().setRecordSerializer(schema).build().createWriter(context(broker));
    expect(() => writer.write({ user: "u", n: 1 }, at(0))).toThrow('The partitioner chose partition 7 of topic "sessions", which has 1.');
  });
});

describe("KafkaSink EXACTLY_ONCE", () => {
  it("one transaction per checkpoint, visible when it is committed, committable twice", () => {
    const { broker } = observedBroker();
    broker.createTopic("out", 1);
    const sink = exactlyOnce();
    const writer = sink.createWriter(context(broker));
    writer.write({ user: "u", n: 1 }, at(1));
    const first = checkpoint(writer, 1);
    writer.write({ user: "u", n: 2 }, at(2));
    expect(first).toEqual([{ transactionalId: "job-0-1", producerId: 0, epoch: 0 }]);
    expect(broker.committedView("out")).toEqual([]);
    expect(commit(sink, broker, first)).toEqual([]);
    expect(commit(sink, broker, first)).toEqual([]);
    expect(numbers(broker.committedView("out"))).toEqual([1]);
    expect(checkpoint(writer, 2)).toMatchObject([{ transactionalId: "job-0-2" }]);
    expect(checkpoint(writer, 3)).toEqual([]);
  });

  it("a restart aborts what came after the checkpoint and keeps what was prepared in it", () => {
    const { broker } = observedBroker();
    broker.createTopic("out", 1);
    const sink = exactlyOnce();
    const dead = sink.createWriter(context(broker));
    dead.write({ user: "u", n: 1 }, at(1));
    const prepared = checkpoint(dead, 1);
    dead.write({ user: "u", n: 2 }, at(2));
    const writer = sink.restoreWriter(context(broker, { restoredCheckpointId: 1 }), []);
    expect(broker.openTransactionalIds("job-")).toEqual(["job-0-1"]);
    commit(sink, broker, prepared);
    writer.write({ user: "u", n: 2 }, at(2));
    commit(sink, broker, checkpoint(writer, 2));
    expect(numbers(broker.committedView("out"))).toEqual([1, 2]);
    expect(broker.uncommittedView("out").map((row) => [(row.value as Row).n, row.aborted])).toEqual([
      [1, false],
      [2, true],
      [2, false],
    ]);
    expect(() => dead.write({ user: "u", n: 3 }, at(3))).toThrow(expect.objectContaining({ name: "ProducerFenced" }));
  });

  it("after rescaling, old subtasks are looked after by their number modulo the parallelism", () => {
    const { broker } = observedBroker();
    broker.createTopic("out", 1);
    const sink = exactlyOnce();
    for (let subtaskIndex = 0; subtaskIndex < 5; subtaskIndex++) {
      sink.createWriter(context(broker, { subtaskIndex, parallelism: 5 })).write({ user: "u", n: subtaskIndex }, at(1));
    }
    sink.createWriter(context(broker, { subtaskIndex: 1, parallelism: 2 }));
    expect(broker.openTransactionalIds("job-")).toEqual(["job-0-1", "job-2-1", "job-4-1"]);
    sink.createWriter(context(broker, { subtaskIndex: 0, parallelism: 2 }));
    expect(broker.openTransactionalIds("job-")).toEqual([]);
  });

  it("a transaction older than its timeout is lost, and the committer says so", () => {
    const { broker, clock } = observedBroker();
    broker.createTopic("out", 1);
    const sink = exactlyOnce({ timeoutMs: 1000 });
    const writer = sink.createWriter(context(broker));
    writer.write({ user: "u", n: 1 }, at(1));
    const prepared = checkpoint(writer, 1);
    clock.advanceTo(1000);
    expect(commit(sink, broker, prepared)).toEqual(["TransactionTimedOut"]);
    expect(broker.committedView("out")).toEqual([]);
  });

  it("refuses a timeout above the broker's maximum at start", () => {
    const { broker } = observedBroker({ transactionMaxTimeoutMs: 900_000 });
    broker.createTopic("out", 1);
    const sink = KafkaSink.builder<Row>()
      .setRecordSerializer(json("out"))
      .setDeliveryGuarantee("EXACTLY_ONCE")
      .setTransactionalIdPrefix("job")
      .build();
    expect(() => sink.createWriter(context(broker))).toThrow(
      "The transaction timeout (transaction.timeout.ms = 3600000) is larger than the maximum value allowed by the broker",
    );
  });

  it.each([
    ["no serializer", () => KafkaSink.builder().build(), "KAFKA_SINK_WITHOUT_SERIALIZER"],
    [
      "no prefix",
      () => KafkaSink.builder().setRecordSerializer(json("out")).setDeliveryGuarantee("EXACTLY_ONCE").build(),
      "KAFKA_SINK_WITHOUT_TRANSACTIONAL_ID_PREFIX",
    ],
    ["no topic", () => KafkaRecordSerializationSchema.builder().setJsonValues().build(), "KAFKA_SINK_WITHOUT_TOPIC"],
    ["no value serializer", () => KafkaRecordSerializationSchema.builder().setTopic("out").build(), "KAFKA_SINK_WITHOUT_VALUE_SERIALIZER"],
    [
      "timeout",
      () =>
        KafkaSink.builder()
          .setRecordSerializer(json("out"))
          .setDeliveryGuarantee("EXACTLY_ONCE")
          .setTransactionalIdPrefix("job")
          .setProperty("transaction.timeout.ms", "soon")
          .build(),
      "KAFKA_BAD_TRANSACTION_TIMEOUT",
    ],
  ])("refuses %s", (_name, build, code) => {
    expect(build).toThrow(expect.objectContaining({ data: expect.objectContaining({ code }) }));
  });
});

describe("Kafka's default partitioner", () => {
  // Values of org.apache.kafka.common.utils.Utils.murmur2, from Kafka's own UtilsTest.
  it.each([
    ["21", -973932308],
    ["foobar", -790332482],
    ["a-little-bit-long-string", -985981536],
    ["a-little-bit-longer-string", -1486304829],
    ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
    ["abc", 479470107],
  ])("murmur2(%j)", (text, hash) => {
    expect(murmur2(utf8Bytes(text))).toBe(hash);
  });

  it("equal keys share a partition", () => {
    const partitioner = new KafkaPartitioner(0);
    expect(partitioner.partitionFor("ключ", 12)).toBe(new KafkaPartitioner(5).partitionFor("ключ", 12));
  });
});
