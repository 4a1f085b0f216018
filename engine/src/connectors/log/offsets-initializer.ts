import type { LogPartition } from "./log-partition.ts";

/** What to do when a consumer group has no committed offset (Kafka's `auto.offset.reset`). (Flink: docs/connectors/datastream/kafka) */
export const OffsetResetStrategy = { EARLIEST: "EARLIEST", LATEST: "LATEST" } as const;
export type OffsetResetStrategy = (typeof OffsetResetStrategy)[keyof typeof OffsetResetStrategy];

/**
 * Where a KafkaSource begins (or, with `setBounded`, ends) in each partition when the job starts without a checkpoint. With one, the
 * offsets in the checkpoint count and this is ignored. Flink: `OffsetsInitializer`. (Flink: docs/connectors/datastream/kafka)
 */
export class OffsetsInitializer {
  private readonly choose: (partition: LogPartition) => number;

  private constructor(choose: (partition: LogPartition) => number) {
    this.choose = choose;
  }

  /** From the first record on. The default of KafkaSource. */
  static earliest(): OffsetsInitializer {
    return new OffsetsInitializer(() => 0);
  }

  /** Only records appended after the job started. */
  static latest(): OffsetsInitializer {
    return new OffsetsInitializer((partition) => partition.endOffset);
  }

  /** From the first record whose timestamp is `timestampMs` (epoch ms) or later; the end if there is none. */
  static timestamp(timestampMs: number): OffsetsInitializer {
    return new OffsetsInitializer((partition) => partition.offsetForTimestamp(timestampMs));
  }

  /** From given offsets, keyed "topic-partition"; other partitions from the earliest. */
  static offsets(offsets: Readonly<Record<string, number>>): OffsetsInitializer {
    return new OffsetsInitializer((partition) => offsets[`${partition.topic}-${partition.index}`] ?? 0);
  }

  /**
   * From what the consumer group committed. Groups in the simulated world start empty, so the reset strategy decides (default EARLIEST
   * here; Flink's own default NONE would fail on a group without offsets).
   */
  static committedOffsets(reset: OffsetResetStrategy = OffsetResetStrategy.EARLIEST): OffsetsInitializer {
    return reset === OffsetResetStrategy.LATEST ? OffsetsInitializer.latest() : OffsetsInitializer.earliest();
  }

  /** For the source: the offset in one partition. */
  offsetIn(partition: LogPartition): number {
    return this.choose(partition);
  }
}
