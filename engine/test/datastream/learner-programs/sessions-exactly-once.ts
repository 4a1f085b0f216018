// The mock workspace's solution: S1.3, sessionisation with exactly-once output.
import {
  type AggregateFunction,
  CheckpointingMode,
  type Collector,
  DeliveryGuarantee,
  Duration,
  EventTimeSessionWindows,
  json,
  KafkaSink,
  KafkaSource,
  OutputTag,
  ProcessWindowFunction,
  type ProcessWindowContext,
  StreamExecutionEnvironment,
  type TimeWindow,
  WatermarkStrategy,
} from "flink";

interface Click {
  readonly user: string;
  readonly at: number;
}

interface Session {
  readonly user: string;
  readonly from: number;
  readonly to: number;
  readonly clicks: number;
}

class CountClicks implements AggregateFunction<Click, number, number> {
  createAccumulator() {
    return 0;
  }
  add(_click: Click, n: number) {
    return n + 1;
  }
  getResult(n: number) {
    return n;
  }
  merge(a: number, b: number) {
    return a + b;
  }
}

class ToSession extends ProcessWindowFunction<number, Session, string, TimeWindow> {
  process(user: string, context: ProcessWindowContext<TimeWindow>, counts: Iterable<number>, out: Collector<Session>) {
    const window = context.window();
    for (const clicks of counts) out.collect({ user, from: window.getStart(), to: window.getEnd(), clicks });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(Duration.ofSeconds(60), CheckpointingMode.EXACTLY_ONCE);

const clicks = KafkaSource.builder<Click>().setBootstrapServers("kafka:9092").setTopics("clicks").setGroupId("sessions").build();
const watermarks = WatermarkStrategy.forBoundedOutOfOrderness<Click>(Duration.ofSeconds(5))
  .withTimestampAssigner((click) => click.at)
  .withIdleness(Duration.ofMinutes(1));
const late = new OutputTag<Click>("late");

const sessions = env
  .fromSource(clicks, watermarks, "clicks")
  .uid("clicks")
  .keyBy((click) => click.user)
  .window(EventTimeSessionWindows.withGap(Duration.ofMinutes(30)))
  .sideOutputLateData(late)
  .aggregate(new CountClicks(), new ToSession())
  .uid("sessions");

sessions
  .filter((session) => session.clicks > 2)
  .sinkTo(
    KafkaSink.builder<Session>()
      .setRecordSerializer(json("sessions", (session) => session.user))
      .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
      .setTransactionalIdPrefix("sessions-")
      .build(),
  )
  .uid("sink");
sessions
  .getSideOutput(late)
  .map((click) => ({ user: click.user, at: click.at }))
  .sinkTo(KafkaSink.builder<Click>().setRecordSerializer(json("late")).build());

env.execute("sessions");
