/**
 * `KinesisStreamsSink`: puts records into a stream in batches, at least once. Flink: `AsyncSinkBase`.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/datastream/kinesis/#kinesis-streams-sink)
 */
import { outsideOf } from "../../flow/engine-access.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import type { Sink, SinkInitContext, SinkProcessingTimeService, SinkWriter, WriterInitContext } from "../../flow/sink.ts";
import { toPlainValue } from "../log/plain-value.ts";
import { type SerializationSchema, serializerOf } from "../log/serialization-schemas.ts";
import type { SystemClient } from "../systems/call-conditions.ts";
import type { Kinesis, KinesisEntry, KinesisStream } from "./kinesis.ts";
import { KinesisFailure } from "./kinesis-failures.ts";
import { kinesisStreamOf } from "./kinesis-source.ts";

/** Chooses the partition key, and so the shard, of an element. (Flink: docs/connectors/datastream/kinesis) */
export type PartitionKeyGenerator<T> = (element: T) => string;

interface KinesisSinkSettings<T> {
  readonly stream: string;
  readonly serialize: (element: T) => unknown;
  readonly partitionKeyOf: PartitionKeyGenerator<T>;
  readonly failOnError: boolean;
  readonly maxBatchSize: number;
  readonly maxBufferedRequests: number;
  readonly maxTimeInBufferMs: number;
}

/** Writes to a Kinesis stream. Make one with `KinesisStreamsSink.builder<T>()`. (Flink: docs/connectors/datastream/kinesis) */
export class KinesisStreamsSink<T> implements Sink<T, never, readonly KinesisEntry[]> {
  readonly #settings: KinesisSinkSettings<T>;

  /** @internal Use `KinesisStreamsSink.builder()`. */
  constructor(settings: KinesisSinkSettings<T>) {
    this.#settings = settings;
  }

  /** Starts building; `T` is the type of the elements. */
  static builder<T>(): KinesisStreamsSinkBuilder<T> {
    return new KinesisStreamsSinkBuilder<T>();
  }

  createWriter(context: SinkInitContext): SinkWriter<T, never, readonly KinesisEntry[]> {
    return this.restoreWriter(context, []);
  }

  restoreWriter(context: SinkInitContext, state: readonly (readonly KinesisEntry[])[]): SinkWriter<T, never, readonly KinesisEntry[]> {
    return new KinesisWriter(this.#settings, kinesisStreamOf(outsideOf(context), this.#settings.stream), context, state.flat());
  }
}

/** How long refused records wait. */
const RETRY_DELAY_MS = 250;

/** What is gathered and not sent yet is in the checkpoints; what was refused goes first the next time. Flink: `AsyncSinkWriter`. */
class KinesisWriter<T> implements SinkWriter<T, never, readonly KinesisEntry[]> {
  readonly #settings: KinesisSinkSettings<T>;
  readonly #kinesis: Kinesis;
  readonly #stream: KinesisStream;
  readonly #client: SystemClient;
  readonly #timers: SinkProcessingTimeService | undefined;
  #buffer: KinesisEntry[];
  #timer: { cancel(): void } | null = null;
  #waitsForRetry = false;

  constructor(
    settings: KinesisSinkSettings<T>,
    { kinesis, stream }: { readonly kinesis: Kinesis; readonly stream: KinesisStream },
    context: SinkInitContext,
    restored: readonly KinesisEntry[],
  ) {
    this.#settings = settings;
    this.#kinesis = kinesis;
    this.#stream = stream;
    this.#client = kinesis.client((durationMs) => context.block?.(durationMs));
    this.#timers = (context as Partial<WriterInitContext>).getProcessingTimeService?.();
    this.#buffer = [...restored];
    if (restored.length > 0) this.#sendLater(settings.maxTimeInBufferMs);
  }

  write(element: T): void {
    const { serialize, partitionKeyOf, maxBatchSize, maxBufferedRequests, maxTimeInBufferMs } = this.#settings;
    while (this.#buffer.length >= maxBufferedRequests) if (!this.#sendBatch()) this.#client.pause(RETRY_DELAY_MS);
    this.#buffer.push({ partitionKey: partitionKeyOf(element), data: toPlainValue(serialize(element)) });
    if (this.#buffer.length < maxBatchSize) this.#sendLater(maxTimeInBufferMs);
    // Nothing is sent while refused records wait for their time.
    else if (!this.#waitsForRetry && !this.#sendBatch()) this.#retryLater();
  }

  /** At a checkpoint nothing needs to be sent: the buffer is in it. At the end everything does. */
  flush(endOfInput: boolean): void {
    if (!endOfInput) return;
    while (this.#buffer.length > 0) if (!this.#sendBatch()) this.#client.pause(RETRY_DELAY_MS);
  }

  snapshotState(): readonly (readonly KinesisEntry[])[] {
    return this.#buffer.length === 0 ? [] : [[...this.#buffer]];
  }

  close(): void {
    this.#timer?.cancel();
  }

  #retryLater(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#waitsForRetry = true;
    this.#sendLater(RETRY_DELAY_MS);
  }

  #sendLater(delayMs: number): void {
    if (this.#timer !== null || this.#timers === undefined) return;
    this.#timer = this.#timers.registerTimer(this.#timers.getCurrentProcessingTime() + delayMs, () => {
      this.#timer = null;
      this.#waitsForRetry = false;
      while (this.#buffer.length > 0) {
        if (this.#sendBatch()) continue;
        this.#retryLater();
        return;
      }
    });
  }

  /** False when something was refused, or no answer came; it is at the front again. */
  #sendBatch(): boolean {
    const batch = this.#buffer.slice(0, this.#settings.maxBatchSize);
    const rest = this.#buffer.slice(batch.length);
    const refused = this.#put(batch);
    this.#buffer = [...refused, ...rest];
    if (refused.length > 0 && this.#settings.failOnError)
      throw KinesisFailure.throughputExceeded(this.#stream.shardFor(refused[0].partitionKey).shardId);
    return refused.length === 0;
  }

  #put(batch: readonly KinesisEntry[]): readonly KinesisEntry[] {
    const atMs = this.#client.call();
    try {
      const taken = this.#kinesis.putRecords(this.#stream, batch, atMs);
      return batch.filter((_entry, index) => !taken[index]);
    } catch (failure) {
      // Nobody knows what has been taken: all of it is sent again.
      if (!(failure instanceof KinesisFailure)) throw failure;
      return batch;
    }
  }
}

/** Builds a `KinesisStreamsSink`. Stream, serialization and partition key are needed. (Flink: docs/connectors/datastream/kinesis) */
export class KinesisStreamsSinkBuilder<T> {
  #stream: string | undefined;
  #serialize: ((element: T) => unknown) | undefined;
  #partitionKeyOf: PartitionKeyGenerator<T> | undefined;
  #failOnError = false;
  #maxBatchSize = 500;
  #maxBufferedRequests = 10_000;
  #maxTimeInBufferMs = 5000;

  /** The stream: "arn:aws:kinesis:us-east-1:123456789012:stream/orders", or just its name. */
  setStreamArn(streamArn: string): this {
    this.#stream = streamArn;
    return this;
  }

  /** The stream by its name. */
  setStreamName(streamName: string): this {
    return this.setStreamArn(streamName);
  }

  /** How an element becomes the data of a record. */
  setSerializationSchema(schema: SerializationSchema<T> | ((element: T) => unknown)): this {
    this.#serialize = serializerOf(schema);
    return this;
  }

  /** Chooses the partition key: equal keys go to one shard, in order. */
  setPartitionKeyGenerator(generator: PartitionKeyGenerator<T>): this {
    this.#partitionKeyOf = generator;
    return this;
  }

  /** True: a record that is refused fails the job. Default false: it is sent again. */
  setFailOnError(failOnError: boolean): this {
    this.#failOnError = failOnError;
    return this;
  }

  /** Records of one request; default 500. */
  setMaxBatchSize(maxBatchSize: number): this {
    this.#maxBatchSize = maxBatchSize;
    return this;
  }

  /** Records that wait here before the job waits, too; default 10000. */
  setMaxBufferedRequests(maxBufferedRequests: number): this {
    this.#maxBufferedRequests = maxBufferedRequests;
    return this;
  }

  /** Accepted: here a request is answered before the next one is sent. */
  setMaxInFlightRequests(_maxInFlightRequests: number): this {
    return this;
  }

  /** A batch that is not full is sent so many ms after its first record; default 5000. */
  setMaxTimeInBufferMS(maxTimeInBufferMs: number): this {
    this.#maxTimeInBufferMs = maxTimeInBufferMs;
    return this;
  }

  /** The sink. @throws Diagnostic KINESIS_SINK_INCOMPLETE */
  build(): KinesisStreamsSink<T> {
    const stream = this.#stream;
    const serialize = this.#serialize;
    const partitionKeyOf = this.#partitionKeyOf;
    const failOnError = this.#failOnError;
    const maxBatchSize = this.#maxBatchSize;
    const maxBufferedRequests = this.#maxBufferedRequests;
    const maxTimeInBufferMs = this.#maxTimeInBufferMs;
    if (stream === undefined || serialize === undefined || partitionKeyOf === undefined) {
      const missing =
        stream === undefined ? "setStreamArn" : serialize === undefined ? "setSerializationSchema" : "setPartitionKeyGenerator";
      throw new Diagnostic({
        code: "KINESIS_SINK_INCOMPLETE",
        phase: "graph",
        message:
          "The stream, the serialization schema and the partition key generator must be set when initializing the Kinesis streams sink.",
        expected: `a call of ${missing}(…)`,
      });
    }
    return new KinesisStreamsSink({ stream, serialize, partitionKeyOf, failOnError, maxBatchSize, maxBufferedRequests, maxTimeInBufferMs });
  }
}
