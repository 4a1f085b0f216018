/**
 * Streams as Kinesis has them: `kind: "kinesis"`.
 *
 * Its promises: a record goes to the open shard whose range holds the hash of its partition key, and the records of a shard are in order. Shards can be split
 * and merged; the order of a key then goes on in the children, so who wants it must read a parent to its end before its children. Each shard takes so
 * many records a second and refuses others, one by one: a request may succeed in part. There are no transactions, and nothing recognises a record that
 * is sent twice. Records are kept for a day.
 */
import { murmur2, utf8Bytes } from "../log/kafka-partitioner.ts";
import { toPlainValue } from "../log/plain-value.ts";
import { CallConditions, numberOf, SystemClient, textOf, unknownFault } from "../systems/call-conditions.ts";
import { ChangeFeed } from "../systems/change-feed.ts";
import type { OutsideSystem, SystemAction, SystemDescription, SystemFactory, SystemHost } from "../systems/outside-system.ts";
import { KinesisFailure } from "./kinesis-failures.ts";
import { HASH_RANGE, type KinesisRecord, KinesisShard } from "./kinesis-shard.ts";

/** The streams of a world. */
export interface KinesisDescription extends SystemDescription {
  readonly kind: "kinesis";
  readonly streams: readonly KinesisStreamDescription[];
  /** What each request takes; default 0. */
  readonly latencyMs?: number;
}

export interface KinesisStreamDescription {
  readonly name: string;
  readonly shards: number;
  /** Default 24 h. */
  readonly retentionMs?: number;
  /** How many records a shard takes per second; default 1000. */
  readonly maxRecordsPerSecond?: number;
  /** Consumers for enhanced fan-out that are registered from the start. Default: none. */
  readonly consumers?: readonly string[];
  /** What others put in, epoch ms. */
  readonly records?: readonly { readonly atMs: number; readonly partitionKey: string; readonly data: unknown }[];
  /** Splits of a shard, and merges with the next, by shard id ("shardId-000000000000"). */
  readonly reshards?: readonly { readonly atMs: number; readonly split?: string; readonly merge?: string }[];
}

export interface KinesisShardOutcome {
  readonly shardId: string;
  readonly parents: readonly string[];
  readonly closed: boolean;
  readonly records: readonly KinesisRecord[];
}

export interface KinesisStreamOutcome {
  readonly name: string;
  /** Registered for enhanced fan-out in the end. */
  readonly consumers: readonly string[];
  readonly shards: readonly KinesisShardOutcome[];
}

export interface KinesisEntry {
  readonly partitionKey: string;
  readonly data: unknown;
}

const ONE_DAY_MS = 86_400_000;
const RETRY_FOR_MS = 20_000;
/** Per stream. */
const MAX_CONSUMERS = 20;

export class KinesisStream {
  readonly name: string;
  readonly #retentionMs: number = 0;
  readonly #maxRecordsPerSecond: number = 0;
  /** In the order in which they were made. */
  readonly shards: KinesisShard[] = [];
  #nextSequence = 1;
  readonly #registered: Set<string>;

  constructor({ name, shards, retentionMs, maxRecordsPerSecond, consumers }: KinesisStreamDescription) {
    this.name = name;
    this.#registered = new Set(consumers);
    this.#retentionMs = retentionMs ?? ONE_DAY_MS;
    this.#maxRecordsPerSecond = maxRecordsPerSecond ?? 1000;
    for (let index = 0; index < shards; index++) {
      this.#addShard([], { start: Math.round((HASH_RANGE * index) / shards), end: Math.round((HASH_RANGE * (index + 1)) / shards) });
    }
  }

  get consumers(): readonly string[] {
    return [...this.#registered];
  }

  /** RegisterStreamConsumer; one that is registered is as good. @throws KinesisFailure when there are 20 */
  registerConsumer(consumer: string): void {
    if (!this.#registered.has(consumer) && this.#registered.size >= MAX_CONSUMERS) throw KinesisFailure.tooManyConsumers(this.name);
    this.#registered.add(consumer);
  }

  deregisterConsumer(consumer: string): void {
    this.#registered.delete(consumer);
  }

  shard(shardId: string): KinesisShard {
    const shard = this.shards.find((candidate) => candidate.shardId === shardId);
    if (shard === undefined) throw new Error(`Stream "${this.name}" has no shard ${shardId}.`);
    return shard;
  }

  shardFor(partitionKey: string): KinesisShard {
    const hash = murmur2(utf8Bytes(partitionKey)) >>> 0;
    const shard = this.shards.find((candidate) => !candidate.isClosed && candidate.start <= hash && hash < candidate.end);
    if (shard === undefined) throw new Error(`Stream "${this.name}" has no open shard for ${hash}.`);
    return shard;
  }

  /** Null when the shard has taken enough this second. */
  put({ partitionKey, data }: KinesisEntry, nowMs: number): KinesisShard | null {
    const shard = this.shardFor(partitionKey);
    if (!shard.admits(nowMs, this.#maxRecordsPerSecond)) return null;
    const sequenceNumber = String(this.#nextSequence++).padStart(20, "0");
    shard.append({ sequenceNumber, partitionKey, data: toPlainValue(data), approximateArrivalTimestamp: nowMs });
    return shard;
  }

  split(shardId: string): void {
    const { start, end } = this.#openShard(shardId);
    const middle = Math.floor((start + end) / 2);
    this.#addShard([shardId], { start, end: middle });
    this.#addShard([shardId], { start: middle, end });
    this.shard(shardId).close();
  }

  /** With the open shard that has the next range. */
  merge(shardId: string): void {
    const first = this.#openShard(shardId);
    const second = this.shards.find((candidate) => !candidate.isClosed && candidate.start === first.end);
    if (second === undefined) throw new Error(`Shard ${shardId} has no open neighbour behind it.`);
    this.#addShard([shardId, second.shardId], { start: first.start, end: second.end });
    first.close();
    second.close();
  }

  #openShard(shardId: string): KinesisShard {
    const shard = this.shard(shardId);
    if (shard.isClosed) throw new Error(`Shard ${shardId} is closed.`);
    return shard;
  }

  #addShard(parents: readonly string[], range: { readonly start: number; readonly end: number }): void {
    const shardId = `shardId-${String(this.shards.length).padStart(12, "0")}`;
    this.shards.push(new KinesisShard(shardId, parents, range, this.#retentionMs));
  }
}

export class Kinesis implements OutsideSystem {
  readonly kind = "kinesis";
  readonly name: string;
  /** Told of reshards, by stream. */
  readonly changes = new ChangeFeed();
  private readonly host: SystemHost;
  private readonly conditions: CallConditions;
  private readonly streams: readonly KinesisStream[];
  private scripted = 0;
  private lostAnswers = 0;

  constructor({ name, streams, latencyMs }: KinesisDescription, host: SystemHost) {
    this.name = name;
    this.host = host;
    this.conditions = new CallConditions(host.clock, latencyMs ?? 0);
    this.streams = streams.map((stream) => new KinesisStream(stream));
    for (const { name: stream, records = [], reshards = [] } of streams) {
      const script = [
        ...reshards.map(({ atMs, split, merge }) => ({ atMs, act: () => this.reshard(stream, split, merge) })),
        ...records.map(({ atMs, ...entry }) => ({ atMs, act: () => void this.stream(stream)?.put(entry, atMs) })),
      ];
      for (const { atMs, act } of script.sort((a, b) => a.atMs - b.atMs)) this.at(atMs, act);
    }
  }

  get atRest(): boolean {
    return this.scripted === 0 && this.changes.allSeen;
  }

  strike(action: SystemAction): void {
    if (this.conditions.strike(action)) return;
    if (action.what === "split") this.reshard(textOf(action, "stream"), textOf(action, "shard"), undefined);
    else if (action.what === "merge") this.reshard(textOf(action, "stream"), undefined, textOf(action, "shard"));
    else if (action.what === "loseAnswers") this.lostAnswers = numberOf(action, "count");
    else throw unknownFault(this.name, action);
  }

  outcome(): { readonly streams: readonly KinesisStreamOutcome[] } {
    const streams = this.streams.map(
      ({ name, shards, consumers }): KinesisStreamOutcome => ({
        name,
        consumers,
        shards: shards.map((shard) => ({ shardId: shard.shardId, parents: shard.parents, closed: shard.isClosed, records: shard.all() })),
      }),
    );
    return { streams };
  }

  get streamNames(): readonly string[] {
    return this.streams.map(({ name }) => name);
  }

  stream(name: string): KinesisStream | undefined {
    return this.streams.find((stream) => stream.name === name);
  }

  client(block?: (durationMs: number) => void): SystemClient {
    return new SystemClient(this.conditions, { block, retryForMs: RETRY_FOR_MS, failure: () => KinesisFailure.unavailable() });
  }

  get latencyMs(): number {
    return this.conditions.latencyAt(this.host.clock.currentMs());
  }

  /** When requests are answered again; may be past. */
  get availableFromMs(): number {
    return this.conditions.availableFromMs;
  }

  /**
   * PutRecords: gives, for each entry, whether it was taken.
   *
   * @throws KinesisFailure when the answer is lost; what was taken is in the stream.
   */
  putRecords(stream: KinesisStream, entries: readonly KinesisEntry[], atMs: number): readonly boolean[] {
    const taken = entries.map((entry) => stream.put(entry, atMs) !== null);
    const refused = taken.filter((one) => !one).length;
    this.host.observer.systemEvent(this, "putRecords", { stream: stream.name, records: entries.length, refused });
    if (this.lostAnswers === 0) return taken;
    this.lostAnswers--;
    throw KinesisFailure.unavailable();
  }

  private reshard(name: string, split: string | undefined, merge: string | undefined): void {
    const stream = this.stream(name);
    if (stream === undefined) throw new Error(`There is no stream "${name}".`);
    if (split !== undefined) stream.split(split);
    if (merge !== undefined) stream.merge(merge);
    this.host.observer.systemEvent(this, "resharded", { stream: name, ...(split === undefined ? { merge } : { split }) });
    this.changes.publish(name);
  }

  /** What is past has happened before the run began. */
  private at(atMs: number, action: () => void): void {
    if (atMs <= this.host.clock.currentMs()) {
      action();
      return;
    }
    this.scripted++;
    this.host.clock.schedule(atMs, () => {
      this.scripted--;
      action();
    });
  }
}

export const KINESIS_FACTORY: SystemFactory<KinesisDescription> = {
  kind: "kinesis",
  create: (description, host) => new Kinesis(description, host),
};
