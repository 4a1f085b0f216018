/**
 * Programs and worlds that call most of what submissions call, so that V8's code of it can be kept (guest-files.ts). What they compute
 * is of no interest; they must finish.
 */
import { type Arrival, DEFAULT_LIMITS, type Fault, type World } from "@millrace/engine/sim";
import type { LoadRequest } from "../../compile/compile-submission.ts";

export interface WarmUp {
  readonly load: LoadRequest;
  readonly worlds: readonly World[];
}

const START_MS = Date.UTC(2026, 0, 5, 10);

/** CommonJS, as compile/script.ts would make it. */
const JOB = `
const f = require("flink");
class Count {
  createAccumulator() { return { n: 0 }; }
  add(value, sum) { return { n: sum.n + 1 }; }
  getResult(sum) { return sum.n; }
  merge(a, b) { return { n: a.n + b.n }; }
}
class WithWindow extends f.ProcessWindowFunction {
  process(key, context, counts, out) {
    for (const count of counts) out.collect({ key, from: context.window().getStart(), count });
  }
}
class Remember extends f.KeyedProcessFunction {
  open() {
    const last = new f.ValueStateDescriptor("last", f.Types.LONG);
    last.enableTimeToLive(f.StateTtlConfig.newBuilder(f.Duration.ofHours(1)).build());
    this.last = this.getRuntimeContext().getState(last);
    this.all = this.getRuntimeContext().getListState(new f.ListStateDescriptor("all", f.Types.LONG));
    this.pages = this.getRuntimeContext().getMapState(new f.MapStateDescriptor("pages", f.Types.STRING, f.Types.LONG));
  }
  processElement(click, context, out) {
    const before = this.last.value();
    this.last.update(click.at);
    this.all.add(click.at);
    this.pages.put(click.page, (this.pages.get(click.page) ?? 0) + 1);
    context.timerService().registerEventTimeTimer(click.at + 10000);
    if (before !== null) out.collect({ key: context.getCurrentKey(), from: before, count: 1 });
  }
  onTimer(timestamp, context, out) {
    let count = 0;
    for (const at of this.all.get()) count += at <= timestamp ? 1 : 0;
    out.collect({ key: context.getCurrentKey(), from: timestamp, count });
    this.all.clear();
  }
}
const env = f.StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(10000);
const clicks = env.fromSource(
  f.KafkaSource.builder().setBootstrapServers("kafka:9092").setTopics("clicks").setValueOnlyDeserializer(new f.JsonDeserializationSchema()).build(),
  f.WatermarkStrategy.forBoundedOutOfOrderness(f.Duration.ofSeconds(5)).withTimestampAssigner((click) => click.at).withIdleness(f.Duration.ofMinutes(1)),
  "clicks",
);
const late = new f.OutputTag("late");
const byUser = clicks.map((click) => ({ ...click })).filter((click) => click.user !== "").keyBy((click) => click.user);
const tumbling = byUser.window(f.TumblingEventTimeWindows.of(f.Duration.ofSeconds(20))).allowedLateness(f.Duration.ofSeconds(5)).sideOutputLateData(late).aggregate(new Count(), new WithWindow());
const sessions = byUser.window(f.EventTimeSessionWindows.withGap(f.Duration.ofSeconds(15))).aggregate(new Count(), new WithWindow());
const sliding = byUser.window(f.SlidingEventTimeWindows.of(f.Duration.ofSeconds(20), f.Duration.ofSeconds(10))).reduce((a, b) => (a.at > b.at ? a : b)).map((click) => ({ key: click.user, from: click.at, count: 1 }));
const remembered = byUser.process(new Remember());
const sink = (topic) => f.KafkaSink.builder().setBootstrapServers("kafka:9092").setRecordSerializer(f.KafkaRecordSerializationSchema.builder().setTopic(topic).setValueSerializationSchema(new f.JsonSerializationSchema()).build()).setDeliveryGuarantee(f.DeliveryGuarantee.EXACTLY_ONCE).setTransactionalIdPrefix("warm-" + topic).build();
tumbling.union(sessions, sliding, remembered).sinkTo(sink("results"));
tumbling.getSideOutput(late).sinkTo(sink("late"));
env.execute("warm-up");
`;

const SQL_GIVEN = `
CREATE TABLE clicks (user STRING, page STRING, \`at\` BIGINT, event_time AS TO_TIMESTAMP_LTZ(\`at\`, 3),
  WATERMARK FOR event_time AS event_time - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mode' = 'earliest-offset', 'format' = 'json');
CREATE TABLE results (user STRING, window_start TIMESTAMP(3), clicks BIGINT, page STRING
) WITH ('connector' = 'kafka', 'topic' = 'results', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'warm');
`.replaceAll("user ", "`user` ");

const SQL = `
SET 'execution.checkpointing.interval' = '10 s';
INSERT INTO results SELECT \`user\`, window_start, COUNT(*), MAX(page)
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '20' SECOND))
WHERE page <> 'p9' GROUP BY \`user\`, window_start, window_end;
`;

function arrivals(): Arrival[] {
  return Array.from({ length: 60 }, (_, index): Arrival => {
    const at = START_MS + index * 2000 - (index % 7 === 0 ? 30_000 : index % 3 === 0 ? 3000 : 0);
    return { atMs: START_MS + index * 2000, partition: index % 2, key: null, value: { user: `u${index % 4}`, page: `p${index % 5}`, at } };
  });
}

function world(seed: number, faults: readonly Fault[]): World {
  return {
    seed,
    startMs: START_MS,
    topics: [
      { name: "clicks", partitions: 2, arrivals: arrivals() },
      { name: "results", partitions: 1, arrivals: [] },
      { name: "late", partitions: 1, arrivals: [] },
    ],
    cluster: { taskManagers: 2, slotsPerTaskManager: 1, parallelism: 2 },
    faults,
    end: { kind: "drain" },
    limits: DEFAULT_LIMITS,
    costsUs: {},
  };
}

const WORLDS = [
  world(1, []),
  world(2, [{ kind: "crashTaskManager", taskManager: 0, when: { kind: "afterRecords", records: 30 } }]),
  world(3, [{ kind: "crashJobManager", when: { kind: "checkpoint", checkpoint: 3, step: "completed" } }]),
];

export const WARM_UPS: readonly WarmUp[] = [
  { load: { kind: "load", language: "datastream", code: { script: JOB, mappings: "" }, modules: {} }, worlds: WORLDS },
  { load: { kind: "load", language: "sql", script: SQL, given: SQL_GIVEN, topics: ["clicks", "results", "late"] }, worlds: WORLDS },
];
