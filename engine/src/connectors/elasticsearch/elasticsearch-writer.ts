import type { SinkInitContext, SinkProcessingTimeService, SinkWriteContext, SinkWriter, WriterInitContext } from "../../flow/sink.ts";
import type { SystemClient } from "../systems/call-conditions.ts";
import type { Elasticsearch } from "./elasticsearch.ts";
import { BulkFailed, type ItemFailure } from "./elasticsearch-failures.ts";
import type { ElasticsearchEmitter, FlushBackoffType, RequestIndexer } from "./elasticsearch-sink.ts";
import type { ActionRequest } from "./requests.ts";

export interface ElasticsearchWriterSettings<T> {
  readonly emitter: ElasticsearchEmitter<T>;
  readonly flushOnCheckpoint: boolean;
  /** -1 = never by number. */
  readonly maxActions: number;
  /** -1 = never by time. */
  readonly intervalMs: number;
  readonly backoff: { readonly type: FlushBackoffType; readonly maxRetries: number; readonly delayMs: number };
}

const REJECTED = 429;

/** Gathers actions and sends them in bulks. Flink: `ElasticsearchWriter` with Elasticsearch's `BulkProcessor`. */
export class ElasticsearchWriter<T> implements SinkWriter<T>, RequestIndexer {
  readonly #settings: ElasticsearchWriterSettings<T>;
  readonly #cluster: Elasticsearch;
  readonly #client: SystemClient;
  readonly #timers: SinkProcessingTimeService | undefined;
  #pending: ActionRequest[] = [];
  #timer: { cancel(): void } | null = null;

  constructor(settings: ElasticsearchWriterSettings<T>, cluster: Elasticsearch, context: SinkInitContext) {
    this.#settings = settings;
    this.#cluster = cluster;
    this.#client = cluster.client((durationMs) => context.block?.(durationMs));
    this.#timers = (context as Partial<WriterInitContext>).getProcessingTimeService?.();
  }

  write(element: T, context: SinkWriteContext): void {
    this.#settings.emitter.emit(element, context, this);
  }

  add(...requests: readonly ActionRequest[]): void {
    for (const request of requests) {
      this.#pending.push(request);
      if (this.#pending.length === this.#settings.maxActions) this.#send();
    }
    if (this.#pending.length > 0) this.#sendLater();
  }

  /** With guarantee NONE what is gathered stays here over a checkpoint. */
  flush(endOfInput: boolean): void {
    if (this.#settings.flushOnCheckpoint || endOfInput) this.#send();
  }

  close(): void {
    this.#timer?.cancel();
  }

  #sendLater(): void {
    const { intervalMs } = this.#settings;
    if (this.#timer !== null || intervalMs < 0 || this.#timers === undefined) return;
    this.#timer = this.#timers.registerTimer(this.#timers.getCurrentProcessingTime() + intervalMs, () => {
      this.#timer = null;
      this.#send();
    });
  }

  /** Tries again what was rejected, as the backoff says; anything else that fails, fails the job. */
  #send(): void {
    this.#timer?.cancel();
    this.#timer = null;
    let requests = this.#pending;
    this.#pending = [];
    for (let retry = 0; requests.length > 0; retry++) {
      const sent = requests;
      const results = this.#cluster.bulk(sent, this.#client.call());
      const failures = results.filter((result): result is ItemFailure => result !== null);
      const { type, maxRetries, delayMs } = this.#settings.backoff;
      const hopeless =
        failures.find(({ status }) => status !== REJECTED) ?? (type === "NONE" || retry >= maxRetries ? failures[0] : undefined);
      if (hopeless !== undefined) throw new BulkFailed(String(hopeless));
      requests = sent.filter((_request, index) => results[index] !== null);
      if (requests.length > 0) this.#client.pause(type === "CONSTANT" ? delayMs : exponentialDelayMs(delayMs, retry));
    }
  }
}

/** Elasticsearch's `BackoffPolicy.exponentialBackoff`. */
function exponentialDelayMs(startMs: number, retry: number): number {
  return startMs + 10 * (Math.trunc(Math.exp(0.8 * retry)) - 1);
}
