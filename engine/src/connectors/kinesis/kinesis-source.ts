/**
 * `KinesisStreamsSource`: reads a stream as a FLIP-27 source, one split per shard, sequence numbers in checkpoints.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/datastream/kinesis/)
 */
import { outsideOf } from "../../flow/engine-access.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import type { OutsideWorld } from "../../flow/operator.ts";
import type { Boundedness, Source, SourceReader, SourceReaderContext, SplitEnumerator, SplitEnumeratorContext } from "../../flow/source.ts";
import { copyValue } from "../../types/value-copy.ts";
import { nearestName } from "../log/nearest-name.ts";
import { type DeserializationSchema, deserializerOf } from "../log/serialization-schemas.ts";
import { systemsOf } from "../systems/outside-system.ts";
import { Kinesis, type KinesisStream } from "./kinesis.ts";
import type { KinesisRecord, ShardPosition } from "./kinesis-shard.ts";
import type { KinesisShardSplit } from "./kinesis-shard-split.ts";
import {
  type FanOutSettings,
  type KinesisEnumeratorState,
  type KinesisSourceSettings,
  KinesisSourceEnumerator,
} from "./kinesis-source-enumerator.ts";
import { KinesisSourceReader } from "./kinesis-source-reader.ts";

type RecordDeserializer<T> = (record: KinesisRecord, collect: (value: T) => void) => void;

/** A stream by its ARN or its name, among all streams of the scenario. @throws Diagnostic KINESIS_STREAM_UNKNOWN */
export function kinesisStreamOf(outside: OutsideWorld, arnOrName: string): { readonly kinesis: Kinesis; readonly stream: KinesisStream } {
  const name = arnOrName.slice(arnOrName.lastIndexOf("/") + 1);
  const all = systemsOf(outside)
    .all()
    .filter((system): system is Kinesis => system instanceof Kinesis);
  for (const kinesis of all) {
    const stream = kinesis.stream(name);
    if (stream !== undefined) return { kinesis, stream };
  }
  const names = all.flatMap(({ streamNames }) => streamNames);
  throw new Diagnostic({
    code: "KINESIS_STREAM_UNKNOWN",
    phase: "runtime",
    message: `Stream ${name} not found.`,
    found: arnOrName,
    expected: nearestName(name, names) ?? `one of ${names.join(", ")}`,
  });
}

/** Reads a Kinesis stream. Make one with `KinesisStreamsSource.builder<T>()`. (Flink: docs/connectors/datastream/kinesis) */
export class KinesisStreamsSource<T> implements Source<T, KinesisShardSplit, KinesisEnumeratorState> {
  readonly #settings: KinesisSourceSettings;
  readonly #deserialize: RecordDeserializer<T>;

  /** @internal Use `KinesisStreamsSource.builder()`. */
  constructor(settings: KinesisSourceSettings, deserialize: RecordDeserializer<T>) {
    this.#settings = settings;
    this.#deserialize = deserialize;
  }

  /** Starts building; `T` is the type of the values. */
  static builder<T>(): KinesisStreamsSourceBuilder<T> {
    return new KinesisStreamsSourceBuilder<T>();
  }

  /** CONTINUOUS_UNBOUNDED. */
  getBoundedness(): Boundedness {
    return "CONTINUOUS_UNBOUNDED";
  }

  createEnumerator(context: SplitEnumeratorContext<KinesisShardSplit>): SplitEnumerator<KinesisShardSplit, KinesisEnumeratorState> {
    return new KinesisSourceEnumerator(context, this.#settings, kinesisStreamOf(outsideOf(context), this.#settings.streamName), undefined);
  }

  restoreEnumerator(
    context: SplitEnumeratorContext<KinesisShardSplit>,
    checkpoint: KinesisEnumeratorState,
  ): SplitEnumerator<KinesisShardSplit, KinesisEnumeratorState> {
    return new KinesisSourceEnumerator(context, this.#settings, kinesisStreamOf(outsideOf(context), this.#settings.streamName), checkpoint);
  }

  createReader(context: SourceReaderContext): SourceReader<T, KinesisShardSplit> {
    return new KinesisSourceReader(
      context,
      kinesisStreamOf(outsideOf(context), this.#settings.streamName),
      this.#deserialize,
      this.#settings.fanOut === null ? "POLLING" : "EFO",
    );
  }
}

/** What may be given as a configuration. */
type Settings = Readonly<Record<string, string>> | { toMap(): Record<string, string> };

const DEFAULT_DISCOVERY_INTERVAL_MS = 10_000;

/** Builds a `KinesisStreamsSource`. The stream is needed. (Flink: docs/connectors/datastream/kinesis) */
export class KinesisStreamsSourceBuilder<T> {
  #stream: string | undefined;
  #config: Readonly<Record<string, string>> = {};
  #deserialize: RecordDeserializer<T> = (record, collect) => collect(copyValue(record.data) as T);

  /** The stream: "arn:aws:kinesis:us-east-1:123456789012:stream/orders", or just its name. */
  setStreamArn(streamArn: string): this {
    this.#stream = streamArn;
    return this;
  }

  /**
   * Understood: `source.init.position` = "LATEST" (default), "TRIM_HORIZON" or "AT_TIMESTAMP"; `source.init.timestamp` (epoch seconds, or an ISO time);
   * `source.shard.discovery.interval` (ms, default 10000); `source.reader.type` = "POLLING" (default) or "EFO", enhanced fan-out, which needs
   * `source.efo.consumer.name`; `source.efo.lifecycle` = "JOB_MANAGED" (default) or "SELF_MANAGED".
   */
  setSourceConfig(config: Settings): this {
    this.#config = "toMap" in config && typeof config.toMap === "function" ? config.toMap() : (config as Readonly<Record<string, string>>);
    return this;
  }

  /** How to read a record's data. Default: the JSON value as it is. Null results are skipped. */
  setDeserializationSchema(schema: DeserializationSchema<T> | ((value: unknown) => T | null | undefined)): this {
    const deserialize = deserializerOf(schema);
    this.#deserialize = (record, collect) => {
      const value = deserialize(copyValue(record.data));
      if (value !== null && value !== undefined) collect(value);
    };
    return this;
  }

  /** The source. @throws Diagnostic KINESIS_SOURCE_WITHOUT_STREAM, KINESIS_BAD_POSITION, KINESIS_BAD_READER */
  build(): KinesisStreamsSource<T> {
    if (this.#stream === undefined) {
      throw new Diagnostic({
        code: "KINESIS_SOURCE_WITHOUT_STREAM",
        phase: "graph",
        message: "No stream ARN was provided.",
        expected: 'setStreamArn("arn:aws:kinesis:us-east-1:123456789012:stream/orders")',
      });
    }
    const interval = Number(this.#config["source.shard.discovery.interval"] ?? DEFAULT_DISCOVERY_INTERVAL_MS);
    const discoveryIntervalMs = interval > 0 ? interval : DEFAULT_DISCOVERY_INTERVAL_MS;
    return new KinesisStreamsSource(
      { streamName: this.#stream, initialPosition: this.#initialPosition(), discoveryIntervalMs, fanOut: this.#fanOut() },
      this.#deserialize,
    );
  }

  #fanOut(): FanOutSettings | null {
    const type = this.#config["source.reader.type"] ?? "POLLING";
    if (type === "POLLING") return null;
    const consumer = this.#config["source.efo.consumer.name"];
    const lifecycle = this.#config["source.efo.lifecycle"] ?? "JOB_MANAGED";
    if (type !== "EFO") throw badReader("source.reader.type", type, '"POLLING" or "EFO"');
    if (consumer === undefined) throw badReader("source.efo.consumer.name", "nothing", "the name of a consumer, for enhanced fan-out");
    if (lifecycle !== "JOB_MANAGED" && lifecycle !== "SELF_MANAGED") {
      throw badReader("source.efo.lifecycle", lifecycle, '"JOB_MANAGED" or "SELF_MANAGED"');
    }
    return { consumer, lifecycle };
  }

  #initialPosition(): ShardPosition {
    const position = this.#config["source.init.position"] ?? "LATEST";
    if (position === "LATEST" || position === "TRIM_HORIZON") return { kind: position };
    const text = this.#config["source.init.timestamp"] ?? "";
    const timestampMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
    if (position === "AT_TIMESTAMP" && Number.isFinite(timestampMs)) return { kind: "AT_TIMESTAMP", timestampMs };
    throw new Diagnostic({
      code: "KINESIS_BAD_POSITION",
      phase: "graph",
      message: `Invalid initial position "${position}"${position === "AT_TIMESTAMP" ? ` with source.init.timestamp "${text}"` : ""}.`,
      found: position,
      expected: "LATEST, TRIM_HORIZON, or AT_TIMESTAMP with source.init.timestamp",
    });
  }
}

function badReader(option: string, found: string, expected: string): Diagnostic {
  return new Diagnostic({ code: "KINESIS_BAD_READER", phase: "graph", message: `Option ${option} does not fit.`, found, expected });
}
