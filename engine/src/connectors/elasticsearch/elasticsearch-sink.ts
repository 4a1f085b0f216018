/**
 * `ElasticsearchSink`: sends actions to a search cluster in bulks, at least once.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/datastream/elasticsearch/)
 */
import { outsideOf } from "../../flow/engine-access.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import type { Sink, SinkInitContext, SinkWriteContext, SinkWriter } from "../../flow/sink.ts";
import { DeliveryGuarantee } from "../log/kafka-sink.ts";
import { systemsOf } from "../systems/outside-system.ts";
import { Elasticsearch } from "./elasticsearch.ts";
import { ElasticsearchWriter, type ElasticsearchWriterSettings } from "./elasticsearch-writer.ts";
import type { ActionRequest } from "./requests.ts";

/** Where an emitter puts its actions. (Flink: docs/connectors/datastream/elasticsearch) */
export interface RequestIndexer {
  /** Adds actions; they are sent with the next bulk. */
  add(...requests: readonly ActionRequest[]): void;
}

/** Makes actions of an element: one, none or several. (Flink: docs/connectors/datastream/elasticsearch) */
export interface ElasticsearchEmitter<T> {
  /** Called for each element. */
  emit(element: T, context: SinkWriteContext, indexer: RequestIndexer): void;
}

/** How long to wait between tries of what the cluster has rejected (429). (Flink: docs/connectors/datastream/elasticsearch) */
export const FlushBackoffType = {
  /** The same time again and again. */
  CONSTANT: "CONSTANT",
  /** Longer and longer. */
  EXPONENTIAL: "EXPONENTIAL",
  /** No second try: a rejection fails the job. */
  NONE: "NONE",
} as const;
export type FlushBackoffType = (typeof FlushBackoffType)[keyof typeof FlushBackoffType];

/** The address of a cluster: the name that the scenario gives it. (Flink: docs/connectors/datastream/elasticsearch) */
export class HttpHost {
  private readonly hostname: string;

  /** Port and scheme are accepted. */
  constructor(hostname: string, _port?: number, _scheme?: string) {
    this.hostname = hostname;
  }

  /** The name. */
  getHostName(): string {
    return this.hostname;
  }
}

/** Sends actions in bulks. Make one with `new Elasticsearch7SinkBuilder<T>()`. (Flink: docs/connectors/datastream/elasticsearch) */
export class ElasticsearchSink<T> implements Sink<T> {
  readonly #hostname: string;
  readonly #settings: ElasticsearchWriterSettings<T>;

  /** @internal Use `Elasticsearch7SinkBuilder`. */
  constructor(hostname: string, settings: ElasticsearchWriterSettings<T>) {
    this.#hostname = hostname;
    this.#settings = settings;
  }

  createWriter(context: SinkInitContext): SinkWriter<T> {
    return new ElasticsearchWriter(this.#settings, systemsOf(outsideOf(context)).get(this.#hostname, Elasticsearch), context);
  }
}

/**
 * Builds an `ElasticsearchSink`. There are no transactions: after a failure, actions since the last checkpoint are sent again. With ids of the
 * program's own that changes nothing; without, documents come twice. (Flink: docs/connectors/datastream/elasticsearch)
 */
export class Elasticsearch7SinkBuilder<T> {
  #hostname: string | undefined;
  #emitter: ElasticsearchEmitter<T> | undefined;
  #guarantee: DeliveryGuarantee = DeliveryGuarantee.AT_LEAST_ONCE;
  #maxActions = 1000;
  #intervalMs = -1;
  #backoff: ElasticsearchWriterSettings<T>["backoff"] = { type: FlushBackoffType.NONE, maxRetries: -1, delayMs: -1 };

  /** The cluster; only the first host counts. Needed. */
  setHosts(...hosts: readonly HttpHost[]): this {
    this.#hostname = hosts[0]?.getHostName();
    return this;
  }

  /** What is done for an element. Needed. */
  setEmitter(emitter: ElasticsearchEmitter<T> | ElasticsearchEmitter<T>["emit"]): this {
    this.#emitter = typeof emitter === "function" ? { emit: emitter } : emitter;
    return this;
  }

  /** A bulk is sent when it has so many actions; default 1000, -1 = never for this reason. */
  setBulkFlushMaxActions(numMaxActions: number): this {
    this.#maxActions = numMaxActions;
    return this;
  }

  /** Accepted: size does not count here. */
  setBulkFlushMaxSizeMb(_maxSizeMb: number): this {
    return this;
  }

  /** A bulk is sent so many ms after its first action; default -1 = never for this reason. */
  setBulkFlushInterval(intervalMillis: number): this {
    this.#intervalMs = intervalMillis;
    return this;
  }

  /** What to do with actions that the cluster rejects for want of room (429). Default: none, a rejection fails the job. Delay in ms. */
  setBulkFlushBackoffStrategy(flushBackoffType: FlushBackoffType, maxRetries: number, delayMillis: number): this {
    this.#backoff = { type: flushBackoffType, maxRetries, delayMs: delayMillis };
    return this;
  }

  /** AT_LEAST_ONCE (default): bulks are sent at each checkpoint. NONE: they are not. @throws Diagnostic ELASTICSEARCH_GUARANTEE for EXACTLY_ONCE */
  setDeliveryGuarantee(guarantee: DeliveryGuarantee): this {
    if (guarantee === DeliveryGuarantee.EXACTLY_ONCE) {
      throw new Diagnostic({
        code: "ELASTICSEARCH_GUARANTEE",
        phase: "graph",
        message: "Elasticsearch sink does not support the EXACTLY_ONCE guarantee",
        found: guarantee,
        expected: "AT_LEAST_ONCE with document ids of your own, which makes repeated actions harmless",
      });
    }
    this.#guarantee = guarantee;
    return this;
  }

  /** Accepted: nobody asks for a name here. */
  setConnectionUsername(_username: string): this {
    return this;
  }

  /** Accepted: nobody asks for a password here. */
  setConnectionPassword(_password: string): this {
    return this;
  }

  /** The sink. @throws Diagnostic ELASTICSEARCH_WITHOUT_HOSTS, ELASTICSEARCH_WITHOUT_EMITTER */
  build(): ElasticsearchSink<T> {
    const hostname = this.#hostname;
    const emitter = this.#emitter;
    if (emitter === undefined)
      throw missing("ELASTICSEARCH_WITHOUT_EMITTER", "emitter must be set", "setEmitter((element, context, indexer) => …)");
    if (hostname === undefined)
      throw missing("ELASTICSEARCH_WITHOUT_HOSTS", "Hosts cannot be empty.", 'setHosts(new HttpHost("search", 9200))');
    return new ElasticsearchSink(hostname, {
      emitter,
      flushOnCheckpoint: this.#guarantee === DeliveryGuarantee.AT_LEAST_ONCE,
      maxActions: this.#maxActions,
      intervalMs: this.#intervalMs,
      backoff: this.#backoff,
    });
  }
}

function missing(code: string, message: string, expected: string): Diagnostic {
  return new Diagnostic({ code, phase: "graph", message, expected });
}
