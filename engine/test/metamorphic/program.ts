import {
  type DataStream,
  DeliveryGuarantee,
  Duration,
  json,
  KafkaSink,
  KafkaSource,
  type StreamExecutionEnvironment,
  WatermarkStrategy,
} from "../../src/index.ts";
import { DISORDER_MS, type Event } from "./event.ts";

/** What a program can be put through without its result depending on more than its input. README.md says why not always everything. */
export interface MetamorphicProgram {
  readonly name: string;
  build(env: StreamExecutionEnvironment): void;
  /** Rows of one key come out in one order (default true); else all rows of a topic are compared as a multiset. */
  readonly orderedPerKey?: boolean;
  /** False where a restart may change the result in Flink too, since the watermark begins anew. Default true. */
  readonly survivesRestart?: boolean;
}

export function read(env: StreamExecutionEnvironment, topic: string): DataStream<Event> {
  const source = KafkaSource.builder<Event>().setTopics(topic).build();
  const watermarks = WatermarkStrategy.forBoundedOutOfOrderness<Event>(Duration.ofMillis(DISORDER_MS))
    .withTimestampAssigner((event) => event.atMs)
    .withIdleness(Duration.ofSeconds(1));
  return env.fromSource(source, watermarks, topic);
}

/** Rows have a field `key`, which is how they are told apart when the order inside a key counts. */
export function write<T extends { readonly key: string }>(rows: DataStream<T>, topic = "out"): void {
  const sink = KafkaSink.builder<T>()
    .setRecordSerializer(json<T>(topic, (row) => row.key))
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix(topic)
    .build();
  rows.sinkTo(sink).name(topic);
}
