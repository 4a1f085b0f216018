/** A program with a mistake: what is said about it and, marked in the program by `// <-`, on which line. */
export interface BadProgram {
  readonly mistake: string;
  readonly code: string;
  /** Part of the message. */
  readonly says: RegExp;
  readonly program: string;
}

export const HEAD = `import { ${[
  "AsyncDataStream",
  "BroadcastProcessFunction",
  "CheckpointingMode",
  "CoProcessFunction",
  "Configuration",
  "CountEvictor",
  "CountTrigger",
  "DiscardingSink",
  "Duration",
  "EventTimeSessionWindows",
  "GlobalWindows",
  "KafkaSink",
  "KafkaSource",
  "KeyedBroadcastProcessFunction",
  "KeyedProcessFunction",
  "ListStateDescriptor",
  "MapStateDescriptor",
  "NumberSequenceSource",
  "OutputTag",
  "ProcessFunction",
  "ProcessJoinFunction",
  "ProcessWindowFunction",
  "RichMapFunction",
  "SlidingEventTimeWindows",
  "StateTtlConfig",
  "StreamExecutionEnvironment",
  "Trigger",
  "TriggerResult",
  "Tuple2",
  "TumblingEventTimeWindows",
  "Types",
  "ValueStateDescriptor",
  "WatermarkStrategy",
  "json",
].join(", ")} } from "flink"; const env = StreamExecutionEnvironment.getExecutionEnvironment();
`;

export const CLICKS = `const clicks = env.fromData({ user: "u1", at: 1000, amount: 1 }, { user: "u2", at: 2000, amount: 2 });
const timed = clicks.assignTimestampsAndWatermarks(WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner((click) => click.at));
const byUser = timed.keyBy((click) => click.user);
`;

const END = `result.sinkTo(new DiscardingSink());
env.execute("bad");
`;

/** A job over clicks; the lines given make `result` of them. */
export function job(...lines: string[]): string {
  return `${HEAD}${CLICKS}${lines.join("\n")}\n${END}`;
}

/** Clicks of a user and a second. */
export const CLICK_WINDOW = "byUser.window(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))";
