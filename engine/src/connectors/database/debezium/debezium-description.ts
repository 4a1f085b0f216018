import type { SystemDescription } from "../../systems/outside-system.ts";

/** A Debezium connector in a Kafka Connect cluster, as a world describes it. Plain data. */
export interface DebeziumDescription extends SystemDescription {
  readonly kind: "debezium";
  /** Name of the world's database that it reads. */
  readonly database: string;
  /** `topic.prefix`: changes of `public.orders` go to `<prefix>.public.orders`. A topic that the world does not declare is made. */
  readonly topicPrefix: string;
  /** `table.include.list`: patterns for `schema.table`. Default all tables. */
  readonly tables?: readonly string[];
  /** Partitions of topics that it makes. Default 1. */
  readonly partitions?: number;
  /** `slot.name`. Default `debezium`. */
  readonly slotName?: string;
  /** `publication.name`. Default `dbz_publication`; made for all tables when it is missing. */
  readonly publication?: string;
  /** `plugin.name`. Default `pgoutput`. */
  readonly plugin?: string;
  /** `snapshot.mode`: `initial` reads the tables first, `no_data` changes only. Default `initial`. */
  readonly snapshotMode?: "initial" | "no_data";
  /** `poll.interval.ms`: changes are taken from the database so often. Default 500. */
  readonly pollIntervalMs?: number;
  /** `max.batch.size`: at most so many changes at a time. Default 2048. */
  readonly maxBatchSize?: number;
  /** From the database to the log: the producer's way to the broker and back, in ms. Default 5. */
  readonly produceMs?: number;
  /** `offset.flush.interval.ms` of Kafka Connect: its position is stored so often. Default 60000. */
  readonly offsetFlushIntervalMs?: number;
  /** `tombstones.on.delete`: a DELETE is followed by a record with the key and null. Default true. */
  readonly tombstonesOnDelete?: boolean;
  /** `retriable.restart.connector.wait.ms`: after the database has gone away. Default 10000. */
  readonly retryMs?: number;
  /** When it is started, epoch ms. Default when the world begins. */
  readonly startMs?: number;
}
