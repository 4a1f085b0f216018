/** What the simulator runs in every seed's world: a job written as a learner would, and what it promises. */
import {
  datastreamProgram,
  type DataStream,
  Duration,
  json,
  KafkaSink,
  KafkaSource,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "../../../src/index.ts";
import type { JobProgram } from "../../../src/graph/stream-graph.ts";
import { type Promises, SWARM_DISORDER_MS, type SwarmEvent, type SwarmWorkload } from "../../../src/sim.ts";
import type { Ledger } from "./ledger.ts";

export type SwarmJob = DataStreamJob | SqlJob;

interface AnyJob {
  readonly name: string;
  readonly promises: Promises;
  readonly workload: SwarmWorkload;
}

export interface DataStreamJob extends AnyJob {
  /** @param ledger a system outside the cluster, for sinks that are the job's own. */
  build(env: StreamExecutionEnvironment, ledger: Ledger): void;
}

export interface SqlJob extends AnyJob {
  program(): JobProgram;
}

export function programOf(job: SwarmJob, ledger: Ledger): JobProgram {
  if ("program" in job) return job.program();
  return datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    job.build(env, ledger);
    env.execute(job.name);
  });
}

export interface Row {
  readonly key: string;
  readonly [field: string]: unknown;
}

export const keyOf = (event: { readonly key: string }) => event.key;
export const seconds = (count: number) => Duration.ofSeconds(count);

/** Waits as long as events may be out of order, and no shorter for a partition that is silent: nothing is ever late. */
export function watermarksBy<T>(timeOf: (value: T) => number): WatermarkStrategy<T> {
  return WatermarkStrategy.forBoundedOutOfOrderness<T>(Duration.ofMillis(SWARM_DISORDER_MS)).withTimestampAssigner(timeOf);
}

export function read(env: StreamExecutionEnvironment, topic: string): DataStream<SwarmEvent> {
  const source = KafkaSource.builder<SwarmEvent>().setTopics(topic).build();
  return env
    .fromSource(
      source,
      watermarksBy<SwarmEvent>((event) => event.atMs),
      topic,
    )
    .uid(topic);
}

/** In transactions: a reader of committed data sees each row once. */
export function write<T extends { readonly key: string }>(rows: DataStream<T>, topic = "out"): void {
  const sink = KafkaSink.builder<T>()
    .setRecordSerializer(json<T>(topic, (row) => row.key))
    .setDeliveryGuarantee("EXACTLY_ONCE")
    .setTransactionalIdPrefix(topic)
    .build();
  rows.sinkTo(sink).name(topic).uid(topic);
}

/** As soon as possible: after a crash some rows come again. */
export function writeAtLeastOnce<T extends { readonly key: string }>(rows: DataStream<T>, topic = "out"): void {
  const sink = KafkaSink.builder<T>()
    .setRecordSerializer(json<T>(topic, (row) => row.key))
    .setDeliveryGuarantee("AT_LEAST_ONCE")
    .build();
  rows.sinkTo(sink).name(topic).uid(topic);
}

export const ONE_INPUT: SwarmWorkload = { inputs: [{ topic: "events" }], outputs: ["out"] };
export const TWO_INPUTS: SwarmWorkload = { inputs: [{ topic: "events" }, { topic: "others" }], outputs: ["out"] };
/** Window functions give results when the window is over and keep nothing. */
export const IN_EVENT_TIME: Promises = { delivery: "exactlyOnce", ordersKeys: true, cleansState: true };
