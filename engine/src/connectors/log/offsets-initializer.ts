import type { LogBroker } from "./log-broker.ts";
import { NoOffsetForPartition } from "./log-errors.ts";
import type { IsolationLevel, LogPartition } from "./log-partition.ts";

/**
 * What to do when there is no offset to begin at: the group has committed none, or the record there has been removed (Kafka's
 * `auto.offset.reset`). (Flink: docs/connectors/datastream/kafka)
 */
export const OffsetResetStrategy = {
  /** Go to the first record that is there. */
  EARLIEST: "EARLIEST",
  /** Go to the end: what is there is skipped. */
  LATEST: "LATEST",
  /** Fail the job. */
  NONE: "NONE",
} as const;
export type OffsetResetStrategy = (typeof OffsetResetStrategy)[keyof typeof OffsetResetStrategy];

/** Who asks where to begin. */
export interface OffsetsQuery {
  readonly broker: LogBroker;
  /** `group.id`, undefined when the source has none. */
  readonly group: string | undefined;
  readonly isolation: IsolationLevel;
}

type Choice = (partition: LogPartition, query: OffsetsQuery) => number;

/**
 * Where a KafkaSource begins (or, with `setBounded`, ends) in each partition when the job starts without a checkpoint. With one, the
 * offsets in the checkpoint count and this is ignored. Flink: `OffsetsInitializer`. (Flink: docs/connectors/datastream/kafka)
 */
export class OffsetsInitializer {
  readonly #choose: Choice;
  readonly #resetStrategy: OffsetResetStrategy;

  private constructor(choose: Choice, resetStrategy: OffsetResetStrategy) {
    this.#choose = choose;
    this.#resetStrategy = resetStrategy;
  }

  /** From the first record on. The default of KafkaSource. */
  static earliest(): OffsetsInitializer {
    return new OffsetsInitializer(earliestOf, OffsetResetStrategy.EARLIEST);
  }

  /** Only records appended after the job started. As an end: what is there at the start, for read_committed up to the last stable offset. */
  static latest(): OffsetsInitializer {
    return new OffsetsInitializer(latestOf, OffsetResetStrategy.LATEST);
  }

  /** From the first record whose timestamp is `timestampMs` (epoch ms) or later; the end if there is none. */
  static timestamp(timestampMs: number): OffsetsInitializer {
    return new OffsetsInitializer((partition) => partition.offsetForTimestamp(timestampMs), OffsetResetStrategy.LATEST);
  }

  /** From given offsets, by "topic-partition"; other partitions as the strategy says (default EARLIEST). */
  static offsets(
    offsets: Readonly<Record<string, number>> | ReadonlyMap<{ toString(): string }, number>,
    reset: OffsetResetStrategy = OffsetResetStrategy.EARLIEST,
  ): OffsetsInitializer {
    const entries: Iterable<[{ toString(): string }, number]> =
      offsets instanceof Map ? offsets : Object.entries(offsets as Record<string, number>);
    const byPartition = new Map([...entries].map(([partition, offset]) => [String(partition), offset]));
    return new OffsetsInitializer(
      (partition, query) => byPartition.get(`${partition.topic}-${partition.index}`) ?? resetOffset(partition, reset, query),
      reset,
    );
  }

  /**
   * From what the consumer group (`setGroupId`) has committed; partitions without a committed offset as the strategy says. Default NONE, as
   * in Flink: the job fails on them.
   */
  static committedOffsets(reset: OffsetResetStrategy = OffsetResetStrategy.NONE): OffsetsInitializer {
    return new OffsetsInitializer((partition, query) => {
      const { broker, group } = query;
      const committed = group === undefined ? null : broker.groupOffset(group, partition.topic, partition.index);
      return committed ?? resetOffset(partition, reset, query);
    }, reset);
  }

  /** Where reading goes on when the record to read next has been removed. */
  getAutoOffsetResetStrategy(): OffsetResetStrategy {
    return this.#resetStrategy;
  }

  /** @internal The offset in one partition. */
  offsetIn(partition: LogPartition, query: OffsetsQuery): number {
    return this.#choose(partition, query);
  }
}

const earliestOf: Choice = (partition) => partition.logStartOffset;
const latestOf: Choice = (partition, { isolation }) => partition.endFor(isolation);

function resetOffset(partition: LogPartition, reset: OffsetResetStrategy, query: OffsetsQuery): number {
  if (reset === OffsetResetStrategy.NONE) throw new NoOffsetForPartition(partition.topic, partition.index);
  return reset === OffsetResetStrategy.LATEST ? latestOf(partition, query) : earliestOf(partition, query);
}
