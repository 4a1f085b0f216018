import {
  CountEvictor,
  Duration,
  EventTimeSessionWindows,
  ProcessWindowFunction,
  type ProcessWindowContext,
  RichReduceFunction,
  SlidingEventTimeWindows,
  type TimeWindow,
  Trigger,
  TriggerResult,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "../../../../src/index.ts";
import { type Env, end, type ErrorPrograms, keyed, type Pair, source, sum, timed, timedByKey, tumbling } from "./error-program.ts";

const ms = (millis: number) => Duration.ofMillis(millis);
const tumblingSum = (env: Env, size: number, offset?: number) =>
  end(
    timedByKey(env)
      .window(TumblingEventTimeWindows.of(ms(size), offset === undefined ? undefined : ms(offset)))
      .reduce(sum),
  );

class NonMerging extends Trigger<unknown, TimeWindow> {
  override onElement = () => TriggerResult.CONTINUE;
  override onProcessingTime = () => TriggerResult.CONTINUE;
  override onEventTime = () => TriggerResult.CONTINUE;
  override clear = () => {};
}

class WindowStateUser extends ProcessWindowFunction<Pair, string, string, TimeWindow> {
  override process(_key: string, context: ProcessWindowContext<TimeWindow>): void {
    context.windowState().getState(new ValueStateDescriptor<number>("x"));
  }
}

class RichSum extends RichReduceFunction<Pair> {
  override reduce(left: Pair): Pair {
    return left;
  }
}

export const windowPrograms: ErrorPrograms = {
  "negative-window-size": { build: (env) => tumblingSum(env, -5), code: "WINDOW_PARAMETERS" },
  "zero-window-size": { build: (env) => tumblingSum(env, 0), code: "WINDOW_PARAMETERS" },
  "window-offset-too-large": { build: (env) => tumblingSum(env, 10, 10), code: "WINDOW_PARAMETERS" },
  "sliding-slide-larger-than-size": {
    build: (env) =>
      end(
        timedByKey(env)
          .window(SlidingEventTimeWindows.of(ms(5), ms(10)))
          .reduce(sum),
      ),
  },
  "sliding-zero-slide": {
    build: (env) =>
      end(
        timedByKey(env)
          .window(SlidingEventTimeWindows.of(ms(5), ms(0)))
          .reduce(sum),
      ),
    code: "WINDOW_PARAMETERS",
  },
  "session-gap-zero": {
    build: (env) =>
      end(
        timedByKey(env)
          .window(EventTimeSessionWindows.withGap(ms(0)))
          .reduce(sum),
      ),
    code: "WINDOW_PARAMETERS",
  },
  "dynamic-session-gap-negative": {
    build: (env) =>
      end(
        timedByKey(env)
          .window(EventTimeSessionWindows.withDynamicGap<Pair>(() => -1))
          .reduce(sum),
      ),
    code: "SESSION_GAP_NOT_POSITIVE",
  },
  "negative-allowed-lateness": {
    build: (env) => end(timedByKey(env).window(tumbling()).allowedLateness(ms(-1)).reduce(sum)),
    code: "JOB_BAD_TIME",
    inOurWords: { flink: /allowed lateness cannot be negative/, ours: /allowed lateness must be at least 0 ms, found -1 ms/ },
  },
  "lateness-with-processing-time": {
    build: (env) =>
      end(
        keyed(env)
          .window(TumblingProcessingTimeWindows.of(ms(100)))
          .allowedLateness(ms(1))
          .reduce(sum),
      ),
  },
  "window-reduce-with-rich-function": {
    build: (env) => end(timedByKey(env).window(tumbling()).reduce(new RichSum())),
    code: "WINDOW_RICH_FUNCTION",
  },
  "evictor-with-aggregate": { build: (env) => end(timedByKey(env).window(tumbling()).evictor(CountEvictor.of(1)).reduce(sum)) },
  "session-window-non-mergeable-trigger": {
    build: (env) =>
      end(
        timedByKey(env)
          .window(EventTimeSessionWindows.withGap(ms(10)))
          .trigger(new NonMerging())
          .reduce(sum),
      ),
    code: "WINDOW_TRIGGER_CANNOT_MERGE",
  },
  "merging-window-per-window-state": {
    build: (env) =>
      end(
        timedByKey(env)
          .window(EventTimeSessionWindows.withGap(ms(10)))
          .process(new WindowStateUser()),
      ),
    code: "WINDOW_STATE_OF_MERGING_WINDOW",
  },
  "event-window-without-timestamps": {
    build: (env) => end(keyed(env).window(tumbling()).reduce(sum)),
    code: "RECORD_WITHOUT_TIMESTAMP",
  },
  "negative-timestamp-tumbling": {
    build: (env) => {
      const strategy = WatermarkStrategy.forMonotonousTimestamps<Pair>().withTimestampAssigner((pair) => -pair.f1);
      end(
        source(env)
          .assignTimestampsAndWatermarks(strategy)
          .keyBy((pair) => pair.f0)
          .window(tumbling())
          .reduce(sum),
      );
    },
  },
  "trigger-on-windowall-null": {
    build: (env) => keyed(env).window(null as never),
    code: "JOB_NOT_A_FUNCTION",
    inOurWords: { flink: /"windowAssigner" is null/, ours: /window\(…\) was given null/ },
  },
  "non-parallel-operator-parallelism": {
    build: (env) => timed(env).windowAll(tumbling()).reduce(sum).setParallelism(2),
    code: "JOB_NON_PARALLEL_OPERATOR",
    inOurWords: { flink: /parallelism of non parallel operator must be 1/, ours: /parallelism of the non-parallel operator .* must be 1/ },
  },
};
