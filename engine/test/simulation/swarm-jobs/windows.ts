import {
  type AggregateFunction,
  type Collector,
  CountTrigger,
  Duration,
  EventTimeSessionWindows,
  ProcessAllWindowFunction,
  type ProcessWindowContext,
  ProcessWindowFunction,
  PurgingTrigger,
  SlidingEventTimeWindows,
  TimeEvictor,
  type TimeWindow,
  TumblingEventTimeWindows,
  ValueStateDescriptor,
} from "../../../src/index.ts";
import type { SwarmEvent } from "../../../src/sim.ts";
import { IN_EVENT_TIME, keyOf, ONE_INPUT, type Row, read, seconds, type SwarmJob, write, writeAtLeastOnce } from "./swarm-job.ts";

const add = (left: SwarmEvent, right: SwarmEvent): SwarmEvent => ({ ...left, amount: left.amount + right.amount });

class Average implements AggregateFunction<SwarmEvent, { sum: number; count: number }, number> {
  createAccumulator() {
    return { sum: 0, count: 0 };
  }
  add(event: SwarmEvent, acc: { sum: number; count: number }) {
    return { sum: acc.sum + event.amount, count: acc.count + 1 };
  }
  getResult(acc: { sum: number; count: number }) {
    return acc.sum / acc.count;
  }
  merge(a: { sum: number; count: number }, b: { sum: number; count: number }) {
    return { sum: a.sum + b.sum, count: a.count + b.count };
  }
}

class WithWindow extends ProcessWindowFunction<number, Row, string, TimeWindow> {
  override process(key: string, ctx: ProcessWindowContext<TimeWindow>, averages: Iterable<number>, out: Collector<Row>): void {
    for (const average of averages) out.collect({ key, start: ctx.window().getStart(), average });
  }
}

/** The ids of a window in the order of its contents, and the how-manieth window of its key it is. */
class Listing extends ProcessWindowFunction<SwarmEvent, Row, string, TimeWindow> {
  private readonly windows = new ValueStateDescriptor<number>("windows");

  override process(key: string, ctx: ProcessWindowContext<TimeWindow>, events: Iterable<SwarmEvent>, out: Collector<Row>): void {
    const windows = ctx.globalState().getState(this.windows);
    windows.update((windows.value() ?? 0) + 1);
    const ids = [...events].map((event) => event.id);
    out.collect({ key, start: ctx.window().getStart(), end: ctx.window().getEnd(), ids, number: windows.value() });
  }
}

class SumOfAll extends ProcessAllWindowFunction<SwarmEvent, Row, TimeWindow> {
  override process(ctx: ProcessWindowContext<TimeWindow>, events: Iterable<SwarmEvent>, out: Collector<Row>): void {
    const sum = [...events].reduce((total, event) => total + event.amount, 0);
    out.collect({ key: "all", start: ctx.window().getStart(), sum });
  }
}

export const WINDOW_JOBS: readonly SwarmJob[] = [
  {
    name: "tumbling windows",
    promises: IN_EVENT_TIME,
    workload: ONE_INPUT,
    build(env) {
      write(
        read(env, "events")
          .keyBy(keyOf)
          .window(TumblingEventTimeWindows.of(seconds(1)))
          .reduce(add)
          .uid("windows"),
      );
    },
  },
  {
    name: "sliding windows",
    promises: IN_EVENT_TIME,
    workload: ONE_INPUT,
    build(env) {
      write(
        read(env, "events")
          .keyBy(keyOf)
          .window(SlidingEventTimeWindows.of(seconds(3), seconds(1)))
          .aggregate(new Average(), new WithWindow())
          .uid("windows"),
      );
    },
  },
  {
    name: "session windows",
    promises: { delivery: "exactlyOnce", ordersKeys: true },
    workload: ONE_INPUT,
    build(env) {
      write(
        read(env, "events")
          .keyBy(keyOf)
          .window(EventTimeSessionWindows.withDynamicGap({ extract: (event: SwarmEvent) => 300 + event.amount * 100 }))
          .process(new Listing())
          .uid("windows"),
      );
    },
  },
  {
    name: "windows over all keys, evicting",
    promises: { delivery: "exactlyOnce", cleansState: true },
    workload: ONE_INPUT,
    build(env) {
      write(
        read(env, "events")
          .windowAll(TumblingEventTimeWindows.of(seconds(2)))
          .evictor(TimeEvictor.of(seconds(2)))
          .process(new SumOfAll())
          .uid("windows")
          // Chained to windows of one subtask, the sink could never have more.
          .rebalance(),
      );
    },
  },
  {
    name: "early firings by count",
    promises: { delivery: "exactlyOnce", ordersKeys: true },
    workload: ONE_INPUT,
    build(env) {
      const events = read(env, "events").keyBy(keyOf);
      write(
        events
          .window(TumblingEventTimeWindows.of(seconds(5)))
          .trigger(PurgingTrigger.of(CountTrigger.of(2)))
          .process(new Listing())
          .uid("windows"),
      );
    },
  },
  {
    name: "windows into a sink that repeats",
    promises: { delivery: "atLeastOnce", cleansState: true },
    workload: ONE_INPUT,
    build(env) {
      writeAtLeastOnce(
        read(env, "events")
          .keyBy(keyOf)
          .window(TumblingEventTimeWindows.of(Duration.ofMillis(700)))
          .aggregate(new Average(), new WithWindow())
          .uid("windows"),
      );
    },
  },
];
