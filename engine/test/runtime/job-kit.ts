/** Builds job programs straight from graph nodes, so that the runtime is tested without the fluent API. */
import { KafkaSink } from "../../src/connectors/log/kafka-sink.ts";
import { KafkaSource } from "../../src/connectors/log/kafka-source.ts";
import { KafkaRecordSerializationSchema } from "../../src/connectors/log/kafka-record-serialization.ts";
import type { Sink, Source } from "../../src/flow/connector.ts";
import type { KeySelector, OneInputStreamOperator, TwoInputStreamOperator } from "../../src/flow/operator.ts";
import type { OutputTag } from "../../src/flow/output.ts";
import { defaultJobConfig } from "../../src/graph/configuration/default-job-config.ts";
import type { JobConfig, JobProgram, NodeBody, Partitioning, StreamEdge, StreamNode } from "../../src/graph/stream-graph.ts";
import { StreamMap } from "../../src/operators/stream-map.ts";
import type { WatermarkStrategy } from "../../src/operators/watermarks/watermark-strategy.ts";
import { type Arrival, DEFAULT_LIMITS, type World } from "../../src/sim/world.ts";

export interface Stream {
  readonly id: number;
  readonly side?: OutputTag;
  readonly partitioning?: Partitioning;
  readonly key?: KeySelector;
}

type Settings = Partial<Pick<StreamNode, "name" | "uid" | "parallelism" | "maxParallelism" | "chaining" | "slotSharingGroup">>;

export class JobBuilder {
  readonly nodes: StreamNode[] = [];
  readonly config: JobConfig;

  constructor(config: Partial<JobConfig> = {}) {
    this.config = { ...defaultJobConfig({ parallelism: 1 }), ...config };
  }

  node(body: NodeBody, inputs: readonly (Stream | readonly Stream[])[], settings: Settings = {}): Stream {
    const id = this.nodes.length + 1;
    const edges: StreamEdge[] = inputs.flatMap((input, index) =>
      (Array.isArray(input) ? (input as readonly Stream[]) : [input as Stream]).map((stream) => ({
        sourceId: stream.id,
        sideOutput: stream.side,
        partitioning: stream.partitioning,
        input: (index + 1) as 1 | 2,
      })),
    );
    const keySelectors = inputs.map((input) => (Array.isArray(input) ? (input as readonly Stream[])[0] : (input as Stream)).key);
    this.nodes.push({
      id,
      name: settings.name ?? `op${id}`,
      uid: settings.uid,
      parallelism: settings.parallelism,
      maxParallelism: settings.maxParallelism,
      chaining: settings.chaining ?? (body.kind === "source" ? "HEAD" : "ALWAYS"),
      slotSharingGroup: settings.slotSharingGroup,
      body,
      inputs: edges,
      keySelectors,
      position: undefined,
    });
    return { id };
  }

  source(source: Source<unknown>, watermarks: WatermarkStrategy<never> | undefined, settings: Settings = {}): Stream {
    return this.node({ kind: "source", source, watermarks }, [], { name: "source", ...settings });
  }

  kafka(topic: string, watermarks?: WatermarkStrategy<never>, settings: Settings = {}): Stream {
    const source = KafkaSource.builder<unknown>()
      .setTopics(topic)
      .setValueOnlyDeserializer((value) => value)
      .build();
    return this.source(source as unknown as Source<unknown>, watermarks, { name: topic, ...settings });
  }

  map(input: Stream | readonly Stream[], map: (value: never) => unknown, settings: Settings = {}): Stream {
    return this.one(input, () => new StreamMap<unknown, unknown>(map as (value: unknown) => unknown), { name: "map", ...settings });
  }

  one(input: Stream | readonly Stream[], createOperator: () => OneInputStreamOperator, settings: Settings = {}): Stream {
    return this.node({ kind: "oneInput", createOperator }, [input], settings);
  }

  two(first: Stream, second: Stream, createOperator: () => TwoInputStreamOperator, settings: Settings = {}): Stream {
    return this.node({ kind: "twoInput", createOperator }, [first, second], settings);
  }

  sink(input: Stream | readonly Stream[], sink: Sink<unknown>, settings: Settings = {}): void {
    this.node({ kind: "sink", sink }, [input], { name: "out", ...settings });
  }

  kafkaSink(input: Stream | readonly Stream[], topic: string, guarantee: "EXACTLY_ONCE" | "AT_LEAST_ONCE", settings: Settings = {}): void {
    const serializer = KafkaRecordSerializationSchema.builder<unknown>()
      .setTopic(topic)
      .setValueSerializationSchema((value: unknown) => value)
      .build();
    const builder = KafkaSink.builder<unknown>().setRecordSerializer(serializer);
    if (guarantee === "EXACTLY_ONCE") builder.setDeliveryGuarantee("EXACTLY_ONCE").setTransactionalIdPrefix(`tx-${topic}`);
    else builder.setDeliveryGuarantee("AT_LEAST_ONCE");
    this.sink(input, builder.build() as unknown as Sink<unknown>, settings);
  }
}

export function keyed(stream: Stream, key: (value: never) => unknown): Stream {
  const keySelector = key as KeySelector;
  return { ...stream, key: keySelector, partitioning: { kind: "hash", keySelector } };
}

export function program(config: Partial<JobConfig>, build: (job: JobBuilder) => void): JobProgram {
  return {
    instantiate(defaults) {
      const job = new JobBuilder({ ...(defaults === undefined ? {} : { parallelism: defaults.parallelism }), ...config });
      build(job);
      return { jobName: "test", nodes: job.nodes, config: job.config };
    },
  };
}

export const START_MS = Date.UTC(2026, 0, 1);

export function world(
  topics: Readonly<Record<string, { partitions: number; arrivals?: readonly Arrival[] }>>,
  more: Partial<World> = {},
): World {
  return {
    seed: 1,
    startMs: START_MS,
    topics: Object.entries(topics).map(([name, { partitions, arrivals }]) => ({ name, partitions, arrivals: arrivals ?? [] })),
    cluster: { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 1 },
    faults: [],
    end: { kind: "drain" },
    limits: DEFAULT_LIMITS,
    costsUs: {},
    ...more,
  };
}

export function arrival(offsetMs: number, value: unknown, partition = 0, eventMs?: number): Arrival {
  return { atMs: START_MS + offsetMs, partition, key: null, value, ...(eventMs === undefined ? {} : { timestampMs: START_MS + eventMs }) };
}
