/** Arguments that cannot be: nothing where something is needed, fields that are not there, times and counts out of range. */
import { Duration, type MapFunction, ProcessFunction, StateTtlConfig, Types, WatermarkStrategy } from "../../../../src/index.ts";
import { end, type ErrorPrograms, keyed, type Pair, source, timedByKey, tumbling } from "./error-program.ts";

const ms = (millis: number) => Duration.ofMillis(millis);
const nothing = null as never;

class DoesNothing extends ProcessFunction<Pair, string> {
  override processElement(): void {}
}

const nullPointer = (ours: RegExp) => ({ flink: /^$|is null$|cannot be null/, ours });

export const argumentPrograms: ErrorPrograms = {
  "map-null": {
    build: (env) => source(env).map(nothing as MapFunction<Pair, string>),
    code: "JOB_NOT_A_FUNCTION",
    inOurWords: nullPointer(/map\(…\) was given null/),
  },
  "key-by-null": {
    build: (env) => source(env).keyBy(nothing),
    code: "JOB_NOT_A_FUNCTION",
    inOurWords: nullPointer(/keyBy\(…\) was given null/),
  },
  "sink-null": { build: (env) => source(env).sinkTo(nothing), code: "JOB_NOT_A_SINK", inOurWords: nullPointer(/sinkTo needs a sink/) },
  "get-side-output-null": {
    build: (env) => source(env).process(new DoesNothing()).getSideOutput(nothing),
    code: "OUTPUT_TAG_MISSING",
    inOurWords: nullPointer(/needs an OutputTag/),
  },
  "connect-null": {
    build: (env) => source(env).connect(nothing),
    code: "JOB_NOT_A_STREAM",
    inOurWords: nullPointer(/connect\(…\) needs a stream/),
  },
  "window-trigger-null": {
    build: (env) => timedByKey(env).window(tumbling()).trigger(nothing),
    code: "JOB_NOT_A_FUNCTION",
    inOurWords: { flink: /Window triggers cannot be null/, ours: /trigger\(…\) was given null/ },
  },
  "window-evictor-null": {
    build: (env) => timedByKey(env).window(tumbling()).evictor(nothing),
    code: "JOB_NOT_A_FUNCTION",
    inOurWords: nullPointer(/evictor\(…\) was given null/),
  },
  "window-late-tag-null": {
    build: (env) => timedByKey(env).window(tumbling()).sideOutputLateData(nothing),
    code: "WINDOW_LATE_TAG_MISSING",
  },
  "window-function-null": {
    build: (env) => timedByKey(env).window(tumbling()).reduce(nothing),
    code: "JOB_NOT_A_FUNCTION",
    inOurWords: nullPointer(/reduce\(…\) was given null/),
  },
  "lateness-null": {
    build: (env) => timedByKey(env).window(tumbling()).allowedLateness(nothing),
    code: "JOB_BAD_TIME",
    inOurWords: nullPointer(/allowed lateness must be at least 0 ms, found null/),
  },
  "idleness-null": {
    build: () => WatermarkStrategy.forMonotonousTimestamps().withIdleness(nothing),
    code: "WATERMARK_STRATEGY_PARAMETERS",
  },
  "idleness-zero": { build: () => WatermarkStrategy.forMonotonousTimestamps().withIdleness(ms(0)), code: "WATERMARK_STRATEGY_PARAMETERS" },
  "timestamp-assigner-null": {
    build: () => WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner(nothing),
    code: "WATERMARK_STRATEGY_PARAMETERS",
  },
  "out-of-orderness-negative": {
    build: (env) => {
      const strategy = WatermarkStrategy.forBoundedOutOfOrderness<Pair>(ms(-1)).withTimestampAssigner((pair) => pair.f1);
      end(source(env).assignTimestampsAndWatermarks(strategy));
    },
    code: "WATERMARK_STRATEGY_PARAMETERS",
  },
  "alignment-drift-negative": {
    build: () => WatermarkStrategy.forMonotonousTimestamps().withWatermarkAlignment("g", ms(-1)),
    code: "WATERMARK_STRATEGY_PARAMETERS",
  },
  "ttl-negative": { build: () => StateTtlConfig.newBuilder(ms(-1)).build(), code: "STATE_TTL_PARAMETERS" },
  "ttl-cleanup-size-zero": {
    build: () => StateTtlConfig.newBuilder(ms(1)).cleanupIncrementally(0, true).build(),
    code: "STATE_TTL_PARAMETERS",
  },
  "sequence-reversed": { build: (env) => env.fromSequence(5, 1), code: "SOURCE_SEQUENCE_BOUNDS" },
  "sum-missing-field-window": {
    build: (env) => timedByKey(env).window(tumbling()).sum(2),
    code: "AGGREGATION_NO_SUCH_FIELD",
  },
  "sum-negative-field": { build: (env) => keyed(env).sum(-1), code: "AGGREGATION_NO_SUCH_FIELD" },
  "max-by-missing-field": { build: (env) => keyed(env).maxBy(2), code: "AGGREGATION_NO_SUCH_FIELD" },
  "max-by-missing-field-name": {
    build: (env) => keyed(env).maxBy("f2" as never),
    code: "AGGREGATION_NO_SUCH_FIELD",
    inOurWords: {
      flink: /Tried to select field "f2" on Java Tuple2<String, Integer>/,
      ours: /Unable to find field "f2" in type Tuple2<String, Integer>/,
    },
  },
  "max-string-field": { build: (env) => end(keyed(env).max(0)) },
  "sum-on-basic": {
    build: (env) =>
      end(
        env
          .fromData(1, 2)
          .keyBy((number) => number, Types.INT)
          .sum(0),
      ),
  },
  "sum-on-basic-field-1": {
    build: (env) =>
      env
        .fromData(1, 2)
        .keyBy((number) => number, Types.INT)
        .sum(1),
    code: "AGGREGATION_NO_SUCH_FIELD",
    inOurWords: {
      flink: /1\. field selected on a basic type \(Integer\)/,
      ours: /Tried to select 1\. field on "Integer", which is an invalid index/,
    },
  },
};
