import type { SourceSplit } from "../../flow/source.ts";
import type { ShardPosition } from "./kinesis-shard.ts";

/** A shard with the place to read next. (Flink: docs/connectors/datastream/kinesis) */
export interface KinesisShardSplit extends SourceSplit {
  /** The shard's id, "shardId-000000000000". */
  readonly splitId: string;
  /** The shards that it came from; they are read to their end first. */
  readonly parentShardIds: readonly string[];
  /** Where reading goes on. */
  readonly position: ShardPosition;
  /** It has been read to its end, and the enumerator may not know yet. */
  readonly finished: boolean;
}

/** A reader tells the enumerator that shards have been read to their end. */
export interface SplitsFinishedEvent {
  readonly finishedShardIds: readonly string[];
}
