/** Missing and wrong timestamps. */
import { type BadProgram, job } from "./bad-program.ts";

export const TIME_MISTAKES: readonly BadProgram[] = [
  {
    mistake: "event-time windows over a source without timestamps",
    code: "RECORD_WITHOUT_TIMESTAMP",
    says: /Did you forget to call 'DataStream.assignTimestampsAndWatermarks\(...\)'\? No timestamps come from "Source: Collection Source" \(line 2\): the WatermarkStrategy there has no timestamp assigner/,
    program: job(
      "const result = clicks.keyBy((click) => click.user).window(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))",
      "  .reduce((a) => a); // <-",
    ),
  },
  {
    mistake: "a strategy that forgets the timestamps",
    code: "RECORD_WITHOUT_TIMESTAMP",
    says: /No timestamps come from assignTimestampsAndWatermarks\(…\) \(line 6\)/,
    program: job(
      "const strategy = WatermarkStrategy.forBoundedOutOfOrderness(Duration.ofSeconds(1));",
      "const marked = clicks.assignTimestampsAndWatermarks(strategy);",
      "const result = marked.keyBy((click) => click.user).window(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))",
      "  .reduce((a) => a); // <-",
    ),
  },
  {
    mistake: "an interval join of a stream without timestamps",
    code: "JOIN_WITHOUT_TIMESTAMP",
    says: /need to have timestamps meaningful timestamps\. No timestamps come from "Source: Collection Source" \(line 2\)/,
    program: job(
      "class Pair extends ProcessJoinFunction {",
      "  processElement(left, right, ctx, out) { out.collect(left.user); }",
      "}",
      "const untimed = clicks.keyBy((click) => click.user);",
      "const result = byUser.intervalJoin(untimed).between(Duration.ofSeconds(-1), Duration.ofSeconds(1))",
      "  .process(new Pair()); // <-",
    ),
  },
  {
    mistake: "a timestamp that is text",
    code: "WATERMARK_BAD_TIMESTAMP",
    says: /timestamp assigner did not return a number of epoch milliseconds/,
    program: job(
      "const strategy = WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner((click) => String(click.at));",
      "const result = clicks",
      "  .assignTimestampsAndWatermarks(strategy); // <-",
    ),
  },
  {
    mistake: "a gap below 0 from a record",
    code: "SESSION_GAP_NOT_POSITIVE",
    says: /Dynamic session time gap must satisfy 0 < gap/,
    program: job(
      "const result = byUser.window(EventTimeSessionWindows.withDynamicGap((click) => -click.amount))",
      "  .reduce((a) => a); // <-",
    ),
  },
  {
    mistake: "a bound below 0 for lateness of records",
    code: "WATERMARK_STRATEGY_PARAMETERS",
    says: /maxOutOfOrderness cannot be negative/,
    program: job(
      "const strategy = WatermarkStrategy.forBoundedOutOfOrderness(Duration.ofSeconds(-1)).withTimestampAssigner((click) => click.at);",
      "const result = clicks",
      "  .assignTimestampsAndWatermarks(strategy); // <-",
    ),
  },
];
