import type { SourceSplit } from "../../flow/connector.ts";

/** One partition with the offset to read next. (Flink: docs/connectors/datastream/kafka) */
export interface KafkaPartitionSplit extends SourceSplit {
  /** "topic-partition" */
  readonly splitId: string;
  /** The topic of the partition. */
  readonly topic: string;
  /** Number of the partition, counted from 0. */
  readonly partition: number;
  /** Offset of the next record to read. */
  readonly startingOffset: number;
  /** Offset before which reading ends; null = never. */
  readonly stoppingOffset: number | null;
}

export function splitIdOf(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}
