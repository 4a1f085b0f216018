/**
 * Finds shards and gives them to readers, a child only when all its parents have been read to their end: so the records of a key stay in order over
 * reshards. Flink: `KinesisStreamsSourceEnumerator`, `SplitTracker`.
 */
import type { SourceEvent, SplitEnumerator, SplitEnumeratorContext } from "../../flow/source.ts";
import type { Watch } from "../systems/change-feed.ts";
import { KinesisFailure } from "./kinesis-failures.ts";
import type { Kinesis, KinesisStream } from "./kinesis.ts";
import type { KinesisShard, ShardPosition } from "./kinesis-shard.ts";
import type { KinesisShardSplit, SplitsFinishedEvent } from "./kinesis-shard-split.ts";

export interface KinesisEnumeratorState {
  /** Shards that readers have, or had, in their state. */
  readonly assigned: readonly string[];
  readonly finished: readonly string[];
  /** Shards that are there but not read: closed before a source that begins at LATEST or at a time. */
  readonly skipped: readonly string[];
  readonly waiting: readonly KinesisShardSplit[];
}

export interface KinesisSourceSettings {
  readonly streamName: string;
  readonly initialPosition: ShardPosition;
  readonly discoveryIntervalMs: number;
  /** Enhanced fan-out; null = the stream is polled. */
  readonly fanOut: FanOutSettings | null;
}

export interface FanOutSettings {
  readonly consumer: string;
  /** JOB_MANAGED: registered when the job starts, and deregistered when it ends. SELF_MANAGED: it has to be there. */
  readonly lifecycle: "JOB_MANAGED" | "SELF_MANAGED";
}

export class KinesisSourceEnumerator implements SplitEnumerator<KinesisShardSplit, KinesisEnumeratorState> {
  readonly #context: SplitEnumeratorContext<KinesisShardSplit>;
  readonly #settings: KinesisSourceSettings;
  readonly #stream: KinesisStream;
  readonly #kinesis: Kinesis;
  readonly #assigned: Set<string>;
  readonly #finished: Set<string>;
  readonly #skipped: Set<string>;
  readonly #waiting: Map<string, KinesisShardSplit>;
  readonly #restored: boolean = false;
  readonly #readers = new Set<number>();
  #watch: Watch | null = null;
  #looks = false;

  constructor(
    context: SplitEnumeratorContext<KinesisShardSplit>,
    settings: KinesisSourceSettings,
    source: { readonly kinesis: Kinesis; readonly stream: KinesisStream },
    restored: KinesisEnumeratorState | undefined,
  ) {
    this.#context = context;
    this.#settings = settings;
    this.#kinesis = source.kinesis;
    this.#stream = source.stream;
    this.#assigned = new Set(restored?.assigned);
    this.#finished = new Set(restored?.finished);
    this.#skipped = new Set(restored?.skipped);
    this.#waiting = new Map(restored?.waiting.map((split) => [split.splitId, split]));
    this.#restored = restored !== undefined;
    context.metricGroup().setUnassignedSplitsGauge(() => this.#waiting.size);
  }

  start(): void {
    const { discoveryIntervalMs } = this.#settings;
    const startMs = this.#context.currentMs();
    this.#prepareConsumer();
    if (!this.#restored) this.#listInitialShards();
    this.#watch = this.#kinesis.changes.watch(
      (name) => name === this.#stream.name,
      () => this.#lookLater(startMs, discoveryIntervalMs),
    );
    this.#discover();
  }

  addReader(subtaskIndex: number): void {
    this.#readers.add(subtaskIndex);
    this.#assignWaiting();
  }

  /** Readers get their shards without asking. */
  handleSplitRequest(): void {}

  handleSourceEvent(_subtaskIndex: number, event: SourceEvent): void {
    for (const shardId of (event as SplitsFinishedEvent).finishedShardIds) {
      this.#assigned.delete(shardId);
      this.#finished.add(shardId);
    }
    this.#assignWaiting();
  }

  addSplitsBack(splits: readonly KinesisShardSplit[]): void {
    for (const split of splits) {
      this.#assigned.delete(split.splitId);
      this.#waiting.set(split.splitId, split);
    }
    this.#assignWaiting();
  }

  snapshotState(): KinesisEnumeratorState {
    return {
      assigned: [...this.#assigned],
      finished: [...this.#finished],
      skipped: [...this.#skipped],
      waiting: [...this.#waiting.values()],
    };
  }

  close(): void {
    this.#watch?.cancel();
    const { fanOut } = this.#settings;
    if (fanOut?.lifecycle === "JOB_MANAGED") this.#stream.deregisterConsumer(fanOut.consumer);
  }

  #prepareConsumer(): void {
    const { fanOut } = this.#settings;
    if (fanOut === null) return;
    const stream = this.#stream;
    if (fanOut.lifecycle === "JOB_MANAGED") stream.registerConsumer(fanOut.consumer);
    else if (!stream.consumers.includes(fanOut.consumer)) throw KinesisFailure.consumerMissing(stream.name, fanOut.consumer);
  }

  /** From LATEST or a time on, shards that are closed have nothing for us. */
  #listInitialShards(): void {
    const { initialPosition } = this.#settings;
    const position: ShardPosition =
      initialPosition.kind === "LATEST" ? { kind: "AT_TIMESTAMP", timestampMs: this.#context.currentMs() } : initialPosition;
    for (const shard of this.#stream.shards) {
      if (initialPosition.kind === "LATEST" && shard.isClosed) this.#skipped.add(shard.shardId);
      else this.#waiting.set(shard.shardId, splitOf(shard, position));
    }
  }

  /** Every interval since the start; those before which nothing has been resharded are left out. */
  #lookLater(startMs: number, intervalMs: number): void {
    if (this.#looks) return;
    this.#looks = true;
    const sinceStartMs = this.#context.currentMs() - startMs;
    this.#context.callAsync(
      () => undefined,
      () => {
        this.#looks = false;
        this.#discover();
      },
      (Math.floor(sinceStartMs / intervalMs) + 1) * intervalMs - sinceStartMs,
    );
  }

  #discover(): void {
    for (const shard of this.#stream.shards) {
      if (!this.#knows(shard.shardId)) this.#waiting.set(shard.shardId, splitOf(shard, { kind: "TRIM_HORIZON" }));
    }
    this.#watch?.seen();
    this.#assignWaiting();
  }

  #knows(shardId: string): boolean {
    return this.#assigned.has(shardId) || this.#finished.has(shardId) || this.#skipped.has(shardId) || this.#waiting.has(shardId);
  }

  #assignWaiting(): void {
    const parallelism = this.#context.currentParallelism();
    for (const split of [...this.#waiting.values()]) {
      if (!split.parentShardIds.every((parent) => this.#finished.has(parent) || !this.#isToBeRead(parent))) continue;
      const reader = Number(split.splitId.slice(-12)) % parallelism;
      if (!this.#readers.has(reader)) continue;
      this.#waiting.delete(split.splitId);
      this.#assigned.add(split.splitId);
      this.#context.assignSplit(split, reader);
    }
  }

  #isToBeRead(shardId: string): boolean {
    return this.#assigned.has(shardId) || this.#waiting.has(shardId);
  }
}

function splitOf(shard: KinesisShard, position: ShardPosition): KinesisShardSplit {
  return { splitId: shard.shardId, parentShardIds: shard.parents, position, finished: false };
}
