/**
 * Finds the partitions of a KafkaSource's topics at start and gives each to one reader, as Flink's `KafkaSourceEnumerator` does: a
 * topic's partitions go round the readers, beginning at a reader that depends on the topic's name.
 */
import { outsideOf } from "../../flow/engine-access.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import { stringHashCode } from "../../base/java-hash.ts";
import type { SplitEnumerator, SplitEnumeratorContext } from "../../flow/source.ts";
import { logBrokerOf } from "../outside.ts";
import { type KafkaPartitionSplit, splitIdOf } from "./kafka-partition-split.ts";
import type { LogBroker } from "./log-broker.ts";
import { UnknownTopic } from "./log-errors.ts";
import type { IsolationLevel } from "./log-partition.ts";
import type { OffsetsInitializer } from "./offsets-initializer.ts";

export interface KafkaEnumeratorState {
  /** Ids of the partitions that readers have, or had, in their state. */
  readonly assigned: readonly string[];
  /** Found but not with a reader yet. */
  readonly unassigned: readonly KafkaPartitionSplit[];
}

export interface KafkaSubscription {
  readonly topics: readonly string[];
  readonly topicPattern: RegExp | undefined;
  /** Only these partitions of the topics; undefined = all. */
  readonly partitions: ReadonlySet<string> | undefined;
  readonly startingOffsets: OffsetsInitializer;
  /** undefined = it never ends. */
  readonly stoppingOffsets: OffsetsInitializer | undefined;
  readonly group: string | undefined;
  readonly isolation: IsolationLevel;
  /** How often to look for new partitions; 0 or less = only at the start. */
  readonly discoveryIntervalMs: number;
}

/** Reader that owns a partition (Flink: `KafkaSourceEnumerator.getSplitOwner`). */
export function splitOwner(topic: string, partition: number, readers: number): number {
  const startIndex = (Math.imul(stringHashCode(topic), 31) & 0x7fffffff) % readers;
  return (startIndex + partition) % readers;
}

export class KafkaSourceEnumerator implements SplitEnumerator<KafkaPartitionSplit, KafkaEnumeratorState> {
  readonly #context: SplitEnumeratorContext<KafkaPartitionSplit>;
  readonly #subscription: KafkaSubscription;
  readonly #assigned: Set<string>;
  readonly #pending: Map<string, KafkaPartitionSplit>;
  /** Partitions found from now on have appeared since the job first started. */
  #startedBefore: boolean = false;
  readonly #readers = new Set<number>();
  #growth: { cancel(): void } | null = null;

  constructor(
    context: SplitEnumeratorContext<KafkaPartitionSplit>,
    subscription: KafkaSubscription,
    restored: KafkaEnumeratorState | undefined,
  ) {
    this.#context = context;
    this.#subscription = subscription;
    this.#startedBefore = restored !== undefined;
    context.metricGroup().setUnassignedSplitsGauge(() => this.#pending.size);
    this.#assigned = new Set(restored?.assigned);
    this.#pending = new Map(restored?.unassigned.map((split) => [split.splitId, split]));
  }

  start(): void {
    this.#discoverPartitions();
    const { discoveryIntervalMs } = this.#subscription;
    if (discoveryIntervalMs > 0) this.#discoverEvery(discoveryIntervalMs, logBrokerOf(outsideOf(this.#context)));
  }

  /** Looks for new partitions every interval, those intervals left out in which the broker says that there are none. */
  #discoverEvery(intervalMs: number, broker: LogBroker): void {
    const startMs = this.#context.currentMs();
    let waiting = false;
    this.#growth = broker.onGrowth(() => {
      if (waiting) return;
      waiting = true;
      const sinceStartMs = this.#context.currentMs() - startMs;
      this.#context.callAsync(
        () => undefined,
        () => {
          waiting = false;
          this.#discoverPartitions();
        },
        (Math.floor(sinceStartMs / intervalMs) + 1) * intervalMs - sinceStartMs,
      );
    });
  }

  #discoverPartitions(): void {
    const broker = logBrokerOf(outsideOf(this.#context));
    for (const topic of this.#subscribedTopics(broker)) {
      for (let index = 0; index < broker.partitionCount(topic); index++) this.#discover(broker, topic, index);
    }
    this.#startedBefore = true;
    if (this.#pending.size > 0) for (const reader of this.#readers) this.#assignPending(reader);
  }

  #subscribedTopics(broker: LogBroker): readonly string[] {
    const { topics, topicPattern } = this.#subscription;
    if (topicPattern !== undefined) return broker.topicNames().filter((name) => matchesWhole(topicPattern, name));
    for (const topic of topics) {
      if (!broker.hasTopic(topic)) throw unknownTopicDiagnostic(topic, broker, "Set an existing topic with setTopics(…).");
    }
    return topics;
  }

  #discover(broker: LogBroker, topic: string, index: number): void {
    const splitId = splitIdOf(topic, index);
    const { startingOffsets, stoppingOffsets, partitions, group, isolation } = this.#subscription;
    if (partitions !== undefined && !partitions.has(splitId)) return;
    if (this.#assigned.has(splitId) || this.#pending.has(splitId)) return;
    const partition = broker.partition(topic, index);
    const query = { broker, group, isolation };
    this.#pending.set(splitId, {
      splitId,
      topic,
      partition: index,
      // A partition that appeared after the checkpoint is read from its beginning, whatever the job started with.
      startingOffset: this.#startedBefore ? partition.logStartOffset : startingOffsets.offsetIn(partition, query),
      stoppingOffset: stoppingOffsets === undefined ? null : stoppingOffsets.offsetIn(partition, query),
    });
  }

  addReader(subtaskIndex: number): void {
    this.#readers.add(subtaskIndex);
    this.#assignPending(subtaskIndex);
  }

  #assignPending(reader: number): void {
    const splits = [...this.#pending.values()].filter(
      (split) => splitOwner(split.topic, split.partition, this.#context.currentParallelism()) === reader,
    );
    for (const split of splits) {
      this.#pending.delete(split.splitId);
      this.#assigned.add(split.splitId);
    }
    if (splits.length > 0) this.#context.assignSplits(new Map([[reader, splits]]));
    if (this.#subscription.stoppingOffsets !== undefined) this.#context.signalNoMoreSplits(reader);
  }

  addSplitsBack(splits: readonly KafkaPartitionSplit[], subtaskIndex: number): void {
    for (const split of splits) {
      this.#assigned.delete(split.splitId);
      this.#pending.set(split.splitId, split);
    }
    if (this.#context.registeredReaders().has(subtaskIndex)) this.#assignPending(subtaskIndex);
  }

  /** Readers get their partitions without asking. */
  handleSplitRequest(): void {}

  snapshotState(): KafkaEnumeratorState {
    return { assigned: [...this.#assigned], unassigned: [...this.#pending.values()] };
  }

  close(): void {
    this.#growth?.cancel();
  }
}

function matchesWhole(pattern: RegExp, name: string): boolean {
  const match = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, "")).exec(name);
  return match !== null && match[0].length === name.length;
}

/** A topic that does not exist, as the learner's mistake. */
export function unknownTopicDiagnostic(topic: string, broker: LogBroker, hint: string): Diagnostic {
  const failure = new UnknownTopic(topic, broker.topicNames());
  return new Diagnostic({
    code: "KAFKA_UNKNOWN_TOPIC",
    message: failure.message,
    phase: "runtime",
    found: topic,
    expected: failure.nearest ?? `one of ${failure.known.join(", ")}`,
    hint,
  });
}
