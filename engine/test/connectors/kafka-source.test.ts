import { granting } from "../../src/flow/engine-access.ts";
import { describe, expect, it } from "vitest";
import type { KafkaPartitionSplit } from "../../src/connectors/log/kafka-partition-split.ts";
import { KafkaRecordDeserializationSchema, KafkaSource } from "../../src/connectors/log/kafka-source.ts";
import { type KafkaEnumeratorState, splitOwner } from "../../src/connectors/log/kafka-source-enumerator.ts";
import { OffsetsInitializer } from "../../src/connectors/log/offsets-initializer.ts";
import { TopicPartition } from "../../src/connectors/log/topic-partition.ts";
import { JsonDeserializationSchema, SimpleStringSchema } from "../../src/connectors/log/serialization-schemas.ts";
import { OperatorMetricGroup } from "../../src/flow/metrics/metric-group.ts";
import {
  type InputStatus,
  type ReaderOutput,
  type SourceOutput,
  type SourceReader,
  type SplitEnumeratorContext,
  SplitsAssignment,
} from "../../src/flow/source.ts";
import { ReaderMetricGroup } from "../../src/operators/source-reader-metrics.ts";
import { observedBroker, write } from "./observed-broker.ts";

type Broker = ReturnType<typeof observedBroker>["broker"];

interface Checkpoint {
  readonly enumerator: KafkaEnumeratorState;
  readonly readers: readonly (readonly KafkaPartitionSplit[])[];
}

/** One enumerator and its readers, wired as a source coordinator does. */
function deploy<T>(source: KafkaSource<T>, broker: Broker, parallelism: number, restoreFrom?: Checkpoint) {
  const outside = () => broker;
  const readers: SourceReader<T, KafkaPartitionSplit>[] = [];
  const periodic: (() => void)[] = [];
  const enumeratorContext: SplitEnumeratorContext<KafkaPartitionSplit> = {
    currentParallelism: () => parallelism,
    registeredReaders: () => new Map(),
    metricGroup: () => Object.assign(new OperatorMetricGroup(null), { setUnassignedSplitsGauge() {} }),
    currentMs: () => 0,
    assignSplit: (split, subtask) => readers[subtask].addSplits([split]),
    assignSplits: (assignment) => {
      const bySubtask = assignment instanceof SplitsAssignment ? assignment.assignment() : assignment;
      for (const [subtask, splits] of bySubtask) readers[subtask].addSplits(splits);
    },
    signalNoMoreSplits: (subtask) => readers[subtask].notifyNoMoreSplits(),
    sendEventToSourceReader: () => {},
    callAsync: (callable, handler) => void periodic.push(() => handler(callable(), null)),
    runInCoordinatorThread: (action) => action(),
    setIsProcessingBacklog: () => {},
  };
  granting(enumeratorContext, { outside });
  const enumerator =
    restoreFrom === undefined
      ? source.createEnumerator(enumeratorContext)
      : source.restoreEnumerator(enumeratorContext, restoreFrom.enumerator);
  for (let subtaskIndex = 0; subtaskIndex < parallelism; subtaskIndex++) {
    const metrics = new ReaderMetricGroup(new OperatorMetricGroup(null));
    const reader = source.createReader(
      granting(
        {
          getIndexOfSubtask: () => subtaskIndex,
          currentParallelism: () => parallelism,
          metricGroup: () => metrics,
          getLocalHostName: () => "localhost",
          sendSplitRequest: () => {},
          sendSourceEventToCoordinator: () => {},
          currentMs: () => 0,
          recordsPerPoll: 1,
          wakeAt: () => {},
        },
        { outside },
      ),
    );
    if (restoreFrom !== undefined) reader.addSplits(restoreFrom.readers[subtaskIndex]);
    readers.push(reader);
  }
  enumerator.start();
  for (let subtask = 0; subtask < parallelism; subtask++) enumerator.addReader(subtask);
  return { enumerator, readers, discover: () => periodic.forEach((check) => void check()) };
}

function snapshot<T>({ enumerator, readers }: ReturnType<typeof deploy<T>>): Checkpoint {
  return { enumerator: enumerator.snapshotState(1), readers: readers.map((reader) => reader.snapshotState(1)) };
}

type Read<T> = [split: string, value: T, timestampMs: number | undefined];

/** One output that writes down, per split, what it is given; readers keep the outputs of their splits. */
class WritingOutput<T> implements ReaderOutput<T> {
  private readonly split: string;
  private readonly read: Read<T>[];

  constructor(read: Read<T>[], split = "") {
    this.read = read;
    this.split = split;
  }

  collect(value: T, timestampMs?: number): void {
    this.read.push([this.split, value, timestampMs]);
  }

  createOutputForSplit(splitId: string): SourceOutput<T> {
    return new WritingOutput(this.read, splitId);
  }

  releaseOutputForSplit(): void {}
  emitWatermark(): void {}
  markIdle(): void {}
  markActive(): void {}
}

const outputs = new WeakMap<object, { readonly output: ReaderOutput<never>; readonly read: Read<unknown>[] }>();

function readAll<T>(reader: SourceReader<T, KafkaPartitionSplit>) {
  let known = outputs.get(reader);
  if (known === undefined) {
    const read: Read<unknown>[] = [];
    known = { read, output: new WritingOutput<unknown>(read) as ReaderOutput<never> };
    outputs.set(reader, known);
  }
  let status: InputStatus = "MORE_AVAILABLE";
  while (status === "MORE_AVAILABLE") status = reader.pollNext(known.output as ReaderOutput<T>);
  return { read: known.read.splice(0) as Read<T>[], status };
}

describe("KafkaSource", () => {
  it("reads its partitions in turn, with the log's timestamps, and waits for more", () => {
    const { broker, clock } = observedBroker();
    broker.createTopic("clicks", 2);
    clock.advanceTo(5);
    broker.append("clicks", 0, write("a0"));
    broker.append("clicks", 0, write("a1"));
    broker.append("clicks", 1, { key: null, value: "b0", timestampMs: 3 });
    const { readers } = deploy(KafkaSource.builder<string>().setTopics("clicks").build(), broker, 1);
    expect(readAll(readers[0])).toEqual({
      read: [
        ["clicks-0", "a0", 5],
        ["clicks-1", "b0", 3],
        ["clicks-0", "a1", 5],
      ],
      status: "NOTHING_AVAILABLE",
    });
    expect(readers[0].lastPosition?.()).toEqual({ topic: "clicks", partition: 0, offset: 1 });
    const available = readers[0].isAvailable();
    expect(available.isDone()).toBe(false);
    broker.append("clicks", 1, write("b1"));
    expect(available.isDone()).toBe(true);
    expect(readAll(readers[0]).read).toEqual([["clicks-1", "b1", 5]]);
    readers[0].close();
    expect(readAll(readers[0]).status).toBe("END_OF_INPUT");
  });

  // "ab".hashCode() in Java is 97 * 31 + 98 = 3105; times 31 = 96255.
  it("spreads partitions as Flink's enumerator does: round the readers, from (hash * 31) mod readers", () => {
    for (const readers of [1, 2, 3, 5]) {
      for (let partition = 0; partition < 7; partition++) {
        expect(splitOwner("ab", partition, readers)).toBe((96255 + partition) % readers);
      }
    }
  });

  it("goes on from the offsets of a checkpoint and assigns nothing twice", () => {
    const { broker } = observedBroker();
    broker.createTopic("clicks", 3);
    const source = KafkaSource.builder<number>().setTopics("clicks").build();
    for (let i = 0; i < 9; i++) broker.append("clicks", i % 3, write(i));
    const first = deploy(source, broker, 2);
    const before = first.readers.flatMap((reader) => readAll(reader).read.map(([, value]) => value));
    expect(before.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const restored = deploy(source, broker, 2, snapshot(first));
    for (let i = 9; i < 12; i++) broker.append("clicks", i % 3, write(i));
    expect(restored.readers.flatMap((reader) => readAll(reader).read.map(([, value]) => value)).sort()).toEqual([10, 11, 9]);
  });

  it("read_committed waits at the last stable offset and skips aborted records", () => {
    const { broker } = observedBroker();
    broker.createTopic("t", 1);
    const source = (level: string) => KafkaSource.builder<string>().setTopics("t").setProperty("isolation.level", level).build();
    const committed = deploy(source("read_committed"), broker, 1).readers[0];
    const uncommitted = deploy(source("read_uncommitted"), broker, 1).readers[0];
    const producer = broker.initTransactions("tx", { timeoutMs: 1000 });
    producer.begin();
    producer.append("t", 0, write("aborted"));
    broker.append("t", 0, write("plain"));
    expect(readAll(committed).read).toEqual([]);
    expect(readAll(uncommitted).read.map(([, value]) => value)).toEqual(["aborted", "plain"]);
    producer.abort();
    expect(readAll(committed).read.map(([, value]) => value)).toEqual(["plain"]);
  });

  it("a bounded source ends at the offsets found at its start", () => {
    const { broker } = observedBroker();
    broker.createTopic("t", 2);
    broker.append("t", 0, write(1));
    const producer = broker.initTransactions("tx", { timeoutMs: 1000 });
    producer.begin();
    producer.append("t", 1, write("never"));
    const source = KafkaSource.builder<number>()
      .setTopics("t")
      .setBounded(OffsetsInitializer.latest())
      .setProperty("isolation.level", "read_committed")
      .build();
    expect(source.getBoundedness()).toBe("BOUNDED");
    const [reader] = deploy(source, broker, 1).readers;
    broker.append("t", 0, write(2));
    // The end that a read_committed consumer is told is the last stable offset (Kafka: endOffsets): it does not wait for the open transaction.
    expect(readAll(reader)).toEqual({ read: [["t-0", 1, 0]], status: "END_OF_INPUT" });
    producer.abort();
  });

  it.each([
    ["earliest", OffsetsInitializer.earliest(), [10, 20, 30]],
    ["latest", OffsetsInitializer.latest(), []],
    ["timestamp", OffsetsInitializer.timestamp(15), [20, 30]],
    ["offsets", OffsetsInitializer.offsets({ "t-0": 2 }), [30]],
    ["committed offsets of an empty group, else earliest", OffsetsInitializer.committedOffsets("EARLIEST"), [10, 20, 30]],
    ["committed offsets of an empty group, else latest", OffsetsInitializer.committedOffsets("LATEST"), []],
    ["offsets of other partitions, else latest", OffsetsInitializer.offsets({ "t-1": 2 }, "LATEST"), []],
    ["offsets by partition", OffsetsInitializer.offsets(new Map([[new TopicPartition("t", 0), 1]])), [20, 30]],
  ])("starts from %s", (_name, offsets, expected) => {
    const { broker } = observedBroker();
    broker.createTopic("t", 1);
    for (const timestampMs of [10, 20, 30]) broker.append("t", 0, { key: null, value: timestampMs, timestampMs });
    const { readers } = deploy(KafkaSource.builder<number>().setTopics("t").setStartingOffsets(offsets).build(), broker, 1);
    expect(readAll(readers[0]).read.map(([, value]) => value)).toEqual(expected);
  });

  it("BRK-7: committed offsets without any, and without a strategy, fail the job", () => {
    const { broker } = observedBroker();
    broker.createTopic("t", 1);
    const source = (group: string) =>
      KafkaSource.builder<number>().setTopics("t").setGroupId(group).setStartingOffsets(OffsetsInitializer.committedOffsets()).build();
    expect(() => deploy(source("g"), broker, 1)).toThrow("Undefined offset with no reset policy for partitions: [t-0]");
    for (const value of [1, 2, 3]) broker.append("t", 0, write(value));
    broker.commitGroupOffset({ group: "g", topic: "t", partition: 0, offset: 2 });
    expect(readAll(deploy(source("g"), broker, 1).readers[0]).read.map(([, value]) => value)).toEqual([3]);
  });

  it("reads chosen partitions only", () => {
    const { broker } = observedBroker();
    broker.createTopic("t", 3);
    for (const partition of [0, 1, 2]) broker.append("t", partition, write(partition));
    const source = KafkaSource.builder<number>().setPartitions(new TopicPartition("t", 0), new TopicPartition("t", 2)).build();
    expect(readAll(deploy(source, broker, 1).readers[0]).read.map(([, value]) => value)).toEqual([0, 2]);
  });

  it("setUnbounded ends at its offsets, too, but counts as unbounded", () => {
    const { broker } = observedBroker();
    broker.createTopic("t", 1);
    broker.append("t", 0, write(1));
    const source = KafkaSource.builder<number>().setTopics("t").setUnbounded(OffsetsInitializer.latest()).build();
    expect(source.getBoundedness()).toBe("CONTINUOUS_UNBOUNDED");
    const [reader] = deploy(source, broker, 1).readers;
    broker.append("t", 0, write(2));
    expect(readAll(reader)).toMatchObject({ read: [["t-0", 1, 0]], status: "END_OF_INPUT" });
  });

  it("subscribes by pattern to whole names", () => {
    const { broker } = observedBroker();
    for (const topic of ["clicks-eu", "clicks-us", "old-clicks-eu"]) {
      broker.createTopic(topic, 1);
      broker.append(topic, 0, write(topic));
    }
    const { readers } = deploy(
      KafkaSource.builder<string>()
        .setTopicPattern(/clicks-.*/)
        .build(),
      broker,
      1,
    );
    expect(readAll(readers[0]).read.map(([, value]) => value)).toEqual(["clicks-eu", "clicks-us"]);
  });

  it("gives every reader its own copy of a value", () => {
    const { broker } = observedBroker();
    broker.createTopic("t", 1);
    broker.append("t", 0, write({ n: [1] }));
    const source = KafkaSource.builder<{ n: number[] }>().setTopics("t").build();
    readAll(deploy(source, broker, 1).readers[0]).read[0][1].n.push(2);
    expect(readAll(deploy(source, broker, 1).readers[0]).read[0][1]).toEqual({ n: [1] });
  });

  it("deserializes values and whole records, skipping nulls", () => {
    const { broker } = observedBroker();
    broker.createTopic("t", 1);
    broker.append("t", 0, { key: "k", value: '{"n":1}', timestampMs: 7 });
    broker.append("t", 0, write({ n: 2 }));
    const read = <T>(source: KafkaSource<T>) => readAll(deploy(source, broker, 1).readers[0]).read.map(([, value]) => value);
    const builder = <T>() => KafkaSource.builder<T>().setTopics("t");
    expect(read(builder<string>().setValueOnlyDeserializer(new SimpleStringSchema()).build())).toEqual(['{"n":1}', '{"n":2}']);
    expect(read(builder<{ n: number }>().setValueOnlyDeserializer(new JsonDeserializationSchema()).build())).toEqual([{ n: 1 }, { n: 2 }]);
    expect(
      read(
        builder<string>()
          .setValueOnlyDeserializer((value) => (typeof value === "string" ? value : null))
          .build(),
      ),
    ).toEqual(['{"n":1}']);
    const whole = builder<string>().setDeserializer({
      deserialize: ({ topic, partition, offset, timestamp, key }, out) =>
        out.collect(`${topic}-${partition}@${offset} ${key} ${timestamp}`),
    });
    expect(read(whole.build())).toEqual(["t-0@0 k 7", "t-0@1 null 0"]);
    expect(
      read(builder<string>().setDeserializer(KafkaRecordDeserializationSchema.valueOnly(new SimpleStringSchema())).build()),
    ).toHaveLength(2);
  });

  it("says which topic was probably meant", () => {
    const { broker } = observedBroker();
    broker.createTopic("clicks", 1);
    expect(() => deploy(KafkaSource.builder().setTopics("click").build(), broker, 1)).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ code: "KAFKA_UNKNOWN_TOPIC", found: "click", expected: "clicks" }) }),
    );
  });

  it.each([
    ["no topic", () => KafkaSource.builder().build(), "KAFKA_SOURCE_WITHOUT_TOPIC"],
    [
      "isolation",
      () => KafkaSource.builder().setTopics("t").setProperty("isolation.level", "comitted").build(),
      "KAFKA_BAD_ISOLATION_LEVEL",
    ],
  ])("refuses %s", (_name, build, code) => {
    expect(build).toThrow(expect.objectContaining({ data: expect.objectContaining({ code }) }));
  });
});
