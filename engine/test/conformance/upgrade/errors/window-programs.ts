import {
  ContinuousEventTimeTrigger,
  ContinuousProcessingTimeTrigger,
  CountEvictor,
  CountTrigger,
  DeltaEvictor,
  DeltaTrigger,
  GlobalWindows,
  type OnMergeContext,
  ProcessingTimeSessionWindows,
  ProcessingTimeoutTrigger,
  PurgingTrigger,
  RichAggregateFunction,
  SlidingProcessingTimeWindows,
  type TriggerContext,
  Types,
  Duration,
  EventTimeSessionWindows,
  ProcessWindowFunction,
  type ProcessWindowContext,
  RichReduceFunction,
  SlidingEventTimeWindows,
  TimeEvictor,
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

class RichCount extends RichAggregateFunction<Pair, number, number> {
  override createAccumulator = () => 0;
  override add = (_pair: Pair, count: number) => count + 1;
  override getResult = (count: number) => count;
  override merge = (left: number, right: number) => left + right;
}

class RichSum extends RichReduceFunction<Pair> {
  override reduce(left: Pair): Pair {
    return left;
  }
}

class CannotMergeState extends Trigger<unknown, TimeWindow> {
  private readonly value = new ValueStateDescriptor<number>("v");
  override onElement(_element: unknown, _timestamp: number, _window: TimeWindow, context: TriggerContext): TriggerResult {
    context.getPartitionedState(this.value).update(1);
    return TriggerResult.CONTINUE;
  }
  override onProcessingTime = () => TriggerResult.CONTINUE;
  override onEventTime = () => TriggerResult.CONTINUE;
  override canMerge = () => true;
  override onMerge(_window: TimeWindow, context: OnMergeContext): void {
    context.mergePartitionedState(this.value);
  }
  override clear = () => {};
}

class SaysThatItMerges extends NonMerging {
  override canMerge = () => true;
}

const byZero = (build: (env: Env) => unknown) => ({ build, code: "TRIGGER_INTERVAL" });
const sessions = () => EventTimeSessionWindows.withGap(ms(10));
const oneKey = (env: Env) => timed(env).keyBy(() => 1, Types.INT);
const cannotMerge = (build: (env: Env) => unknown) => ({ build, code: "WINDOW_TRIGGER_CANNOT_MERGE" });
const badParameters = (build: () => unknown) => ({ build, code: "WINDOW_PARAMETERS" });

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
  "sliding-offset-too-large": badParameters(() => SlidingEventTimeWindows.of(ms(10), ms(5), ms(5))),
  "sliding-negative-size": badParameters(() => SlidingEventTimeWindows.of(ms(-10), ms(5))),
  "tumbling-processing-zero-size": badParameters(() => TumblingProcessingTimeWindows.of(ms(0))),
  "sliding-processing-zero-slide": badParameters(() => SlidingProcessingTimeWindows.of(ms(10), ms(0))),
  "session-processing-gap-zero": badParameters(() => ProcessingTimeSessionWindows.withGap(ms(0))),
  "session-gap-negative": badParameters(() => EventTimeSessionWindows.withGap(ms(-1))),
  "session-dynamic-gap-zero-processing": {
    build: (env) =>
      end(
        keyed(env)
          .window(ProcessingTimeSessionWindows.withDynamicGap<Pair>(() => 0))
          .reduce(sum),
      ),
    code: "SESSION_GAP_NOT_POSITIVE",
  },
  "session-delta-trigger": cannotMerge((env) =>
    timedByKey(env)
      .window(sessions())
      .trigger(DeltaTrigger.of<Pair>(1, () => 0)),
  ),
  "session-purging-non-mergeable": cannotMerge((env) => timedByKey(env).window(sessions()).trigger(PurgingTrigger.of(new NonMerging()))),
  "session-all-non-mergeable": cannotMerge((env) => timed(env).windowAll(sessions()).trigger(new NonMerging())),
  "session-trigger-without-on-merge": cannotMerge((env) => end(oneKey(env).window(sessions()).trigger(new SaysThatItMerges()).reduce(sum))),
  "session-trigger-merges-value-state": {
    build: (env) => end(oneKey(env).window(sessions()).trigger(new CannotMergeState()).reduce(sum)),
    code: "STATE_NOT_MERGEABLE",
    inOurWords: {
      flink: /HeapValueState cannot be cast to .*MergingState/,
      ours: /does not refer to a mergeable state: "v" is a value state/,
    },
  },
  "session-evictor-per-window-state": {
    build: (env) => end(timedByKey(env).window(sessions()).evictor(CountEvictor.of(1)).process(new WindowStateUser())),
    code: "WINDOW_STATE_OF_MERGING_WINDOW",
  },
  "global-windows-without-trigger": { build: (env) => end(keyed(env).window(GlobalWindows.create()).reduce(sum)) },
  "count-window-on-processing": { build: (env) => end(keyed(env).countWindow(1).reduce(sum)) },
  "window-all-negative-lateness": {
    build: (env) => timed(env).windowAll(tumbling()).allowedLateness(ms(-1)),
    code: "JOB_BAD_TIME",
    inOurWords: { flink: /allowed lateness cannot be negative/, ours: /allowed lateness must be at least 0 ms, found -1 ms/ },
  },
  "window-all-without-timestamps": { build: (env) => end(source(env).windowAll(tumbling()).reduce(sum)), code: "RECORD_WITHOUT_TIMESTAMP" },
  "session-without-timestamps": { build: (env) => end(keyed(env).window(sessions()).reduce(sum)) },
  "sliding-without-timestamps": {
    build: (env) =>
      end(
        keyed(env)
          .window(SlidingEventTimeWindows.of(ms(10), ms(5)))
          .reduce(sum),
      ),
    code: "RECORD_WITHOUT_TIMESTAMP",
  },
  "continuous-event-trigger-zero": byZero((env) =>
    end(
      timedByKey(env)
        .window(tumbling())
        .trigger(ContinuousEventTimeTrigger.of(ms(0)))
        .reduce(sum),
    ),
  ),
  "continuous-processing-trigger-zero": byZero((env) =>
    end(
      timedByKey(env)
        .window(tumbling())
        .trigger(ContinuousProcessingTimeTrigger.of(ms(0)))
        .reduce(sum),
    ),
  ),
  "count-trigger-zero": { build: (env) => end(keyed(env).window(GlobalWindows.create()).trigger(CountTrigger.of(0)).reduce(sum)) },
  "processing-timeout-trigger-zero": {
    build: (env) =>
      end(
        keyed(env)
          .window(GlobalWindows.create())
          .trigger(ProcessingTimeoutTrigger.of(CountTrigger.of(10), ms(0)))
          .reduce(sum),
      ),
  },
  "count-evictor-negative": { build: (env) => end(timedByKey(env).window(tumbling()).evictor(CountEvictor.of(-1)).reduce(sum)) },
  "time-evictor-negative": {
    build: (env) =>
      end(
        timedByKey(env)
          .window(tumbling())
          .evictor(TimeEvictor.of(ms(-1)))
          .reduce(sum),
      ),
  },
  "delta-evictor-nan": {
    build: (env) =>
      end(
        timedByKey(env)
          .window(tumbling())
          .evictor(DeltaEvictor.of<Pair>(Number.NaN, () => 1))
          .reduce(sum),
      ),
  },
  "window-size-huge": { build: (env) => tumblingSum(env, 100_000_000 * 86_400_000) },
  "window-aggregate-rich": {
    build: (env) => timedByKey(env).window(tumbling()).aggregate(new RichCount()),
    code: "WINDOW_RICH_FUNCTION",
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
