/** The window jobs of the simulator, written as a learner would write them. */
import { datastreamProgram } from "../../src/datastream/evaluate-job.ts";
import type { JobProgram } from "../../src/graph/stream-graph.ts";
import {
  DeliveryGuarantee,
  Duration,
  EventTimeSessionWindows,
  json,
  KafkaSink,
  KafkaSource,
  StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  WatermarkStrategy,
} from "../../src/index.ts";
import type { Click } from "./jobs.ts";

interface Total {
  readonly user: string;
  readonly count: number;
  readonly sum: number;
}

function windowJob(build: (env: StreamExecutionEnvironment, clicks: ReturnType<typeof clickTotals>) => void): JobProgram {
  return datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.enableCheckpointing(700);
    build(env, clickTotals(env));
    env.execute("windows");
  });
}

function clickTotals(env: StreamExecutionEnvironment) {
  const source = KafkaSource.builder<Click>().setTopics("clicks").build();
  const watermarks = WatermarkStrategy.forBoundedOutOfOrderness<Click>(Duration.ofSeconds(2))
    .withTimestampAssigner((click) => click.atMs)
    .withIdleness(Duration.ofSeconds(5));
  return env
    .fromSource(source, watermarks, "clicks")
    .map((click): Total => ({ user: click.user, count: 1, sum: click.n }))
    .keyBy((total) => total.user);
}

function output() {
  return KafkaSink.builder<Total>()
    .setRecordSerializer(json("out"))
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("windows")
    .build();
}

const add = (a: Total, b: Total): Total => ({ user: a.user, count: a.count + b.count, sum: a.sum + b.sum });

export function windowedAggregateJob(): JobProgram {
  return windowJob((_env, clicks) => {
    clicks
      .window(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))
      .reduce(add)
      .sinkTo(output());
  });
}

export function sessionJob(): JobProgram {
  return windowJob((_env, clicks) => {
    clicks
      .window(EventTimeSessionWindows.withGap(Duration.ofMillis(900)))
      .reduce(add)
      .sinkTo(output());
  });
}
