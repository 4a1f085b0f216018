import {
  type Collector,
  CountTrigger,
  Duration,
  EventTimeSessionWindows,
  EventTimeTrigger,
  OutputTag,
  ProcessAllWindowFunction,
  type ProcessWindowContext,
  ProcessWindowFunction,
  ProcessingTimeSessionWindows,
  PurgingTrigger,
  SlidingEventTimeWindows,
  TimeEvictor,
  type TimeWindow,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
  ValueStateDescriptor,
} from "../../../src/index.ts";
import { type Event, SLOT_MS } from "../event.ts";
import { type MetamorphicProgram, read, write } from "../program.ts";

interface Row {
  readonly key: string;
  readonly start?: number;
  readonly end?: number;
  readonly ids: readonly number[];
}

const add = (left: Event, right: Event): Event => ({ ...left, amount: left.amount + right.amount });
const keyOf = (event: Event) => event.key;
const seconds = (count: number) => Duration.ofSeconds(count);

/** The ids of a window in the order of its contents. */
class Listing extends ProcessWindowFunction<Event, Row, string, TimeWindow> {
  override process(key: string, ctx: ProcessWindowContext<TimeWindow>, events: Iterable<Event>, out: Collector<Row>): void {
    out.collect({ key, start: ctx.window().getStart(), end: ctx.window().getEnd(), ids: [...events].map((event) => event.id) });
  }
}

interface Firing extends Row {
  readonly firing: number;
  readonly ofKey: number | null;
}

/** Counts firings per window and, if asked for, per key, in state. */
class Firings extends ProcessWindowFunction<Event, Firing, string, TimeWindow> {
  private readonly perWindow = new ValueStateDescriptor<number>("per-window");
  private readonly perKey = new ValueStateDescriptor<number>("per-key");
  private readonly countsPerKey: boolean;

  constructor(countsPerKey: boolean) {
    super();
    this.countsPerKey = countsPerKey;
  }

  override process(key: string, ctx: ProcessWindowContext<TimeWindow>, events: Iterable<Event>, out: Collector<Firing>): void {
    const perWindow = ctx.windowState().getState(this.perWindow);
    const perKey = ctx.globalState().getState(this.perKey);
    perWindow.update((perWindow.value() ?? 0) + 1);
    perKey.update((perKey.value() ?? 0) + 1);
    const ids = [...events].map((event) => event.id);
    const ofKey = this.countsPerKey ? perKey.value() : null;
    out.collect({ key, start: ctx.window().getStart(), ids, firing: perWindow.value() ?? 0, ofKey });
  }

  override clear(ctx: ProcessWindowContext<TimeWindow>): void {
    ctx.windowState().getState(this.perWindow).clear();
  }
}

class AllSum extends ProcessAllWindowFunction<Event, { key: string; start: number; sum: number; count: number }, TimeWindow> {
  override process(
    ctx: ProcessWindowContext<TimeWindow>,
    events: Iterable<Event>,
    out: Collector<{ key: string; start: number; sum: number; count: number }>,
  ): void {
    const all = [...events];
    out.collect({ key: "all", start: ctx.window().getStart(), sum: all.reduce((sum, event) => sum + event.amount, 0), count: all.length });
  }
}

export const WINDOW_PROGRAMS: readonly MetamorphicProgram[] = [
  {
    name: "tumbling windows, reduce",
    build(env) {
      write(
        read(env, "events")
          .keyBy(keyOf)
          .window(TumblingEventTimeWindows.of(seconds(5)))
          .reduce(add),
      );
    },
  },
  {
    name: "sliding windows, aggregate with the window",
    build(env) {
      const average = {
        createAccumulator: () => ({ sum: 0, count: 0 }),
        add: (event: Event, acc: { sum: number; count: number }) => ({ sum: acc.sum + event.amount, count: acc.count + 1 }),
        getResult: (acc: { sum: number; count: number }) => acc.sum / acc.count,
        merge: (a: { sum: number; count: number }, b: { sum: number; count: number }) => ({ sum: a.sum + b.sum, count: a.count + b.count }),
      };
      class WithWindow extends ProcessWindowFunction<number, { key: string; end: number; average: number }, string, TimeWindow> {
        override process(
          key: string,
          ctx: ProcessWindowContext<TimeWindow>,
          averages: Iterable<number>,
          out: Collector<{ key: string; end: number; average: number }>,
        ): void {
          for (const value of averages) out.collect({ key, end: ctx.window().getEnd(), average: value });
        }
      }
      write(
        read(env, "events")
          .keyBy(keyOf)
          .window(SlidingEventTimeWindows.of(seconds(6), seconds(2)))
          .aggregate(average, new WithWindow()),
      );
    },
  },
  {
    name: "session windows",
    build(env) {
      write(
        read(env, "events")
          .keyBy(keyOf)
          .window(EventTimeSessionWindows.withGap(Duration.ofMillis(1500)))
          .process(new Listing()),
      );
    },
  },
  {
    name: "session windows with a gap per event, reduce",
    build(env) {
      const gap = { extract: (event: Event) => 500 + event.amount * 200 };
      write(read(env, "events").keyBy(keyOf).window(EventTimeSessionWindows.withDynamicGap(gap)).reduce(add));
    },
  },
  {
    name: "lateness refires, later goes to a side output",
    // Whether a record is late is a question to the watermark, and that begins anew with a restart. It also decides what comes first, a
    // window of now or a late record for an earlier one.
    survivesRestart: false,
    orderedPerKey: false,
    build(env) {
      const late = new OutputTag<Event>("late");
      const rows = read(env, "lates")
        .keyBy(keyOf)
        .window(TumblingEventTimeWindows.of(seconds(10)))
        .allowedLateness(seconds(90))
        .sideOutputLateData(late)
        .process(new Firings(false));
      write(rows);
      write(rows.getSideOutput(late), "side");
    },
  },
  {
    name: "late sessions grow and refire",
    survivesRestart: false,
    orderedPerKey: false,
    build(env) {
      write(
        read(env, "lates")
          .keyBy(keyOf)
          .window(EventTimeSessionWindows.withGap(seconds(4)))
          .allowedLateness(seconds(90))
          .reduce(add),
      );
    },
  },
  {
    name: "early firings by count, purging",
    build(env) {
      write(
        read(env, "events")
          .keyBy(keyOf)
          .window(TumblingEventTimeWindows.of(seconds(10)))
          .trigger(PurgingTrigger.of(CountTrigger.of(2)))
          .process(new Firings(true)),
      );
    },
  },
  {
    name: "evicting windows",
    build(env) {
      write(
        read(env, "events")
          .keyBy(keyOf)
          .window(TumblingEventTimeWindows.of(seconds(10)))
          .trigger(EventTimeTrigger.create())
          .evictor(TimeEvictor.of(seconds(3)))
          .process(new Listing()),
      );
    },
  },
  {
    name: "processing-time windows and sessions",
    build(env) {
      const events = read(env, "events").keyBy(keyOf);
      write(events.window(TumblingProcessingTimeWindows.of(Duration.ofMillis(SLOT_MS))).reduce(add));
      write(events.window(ProcessingTimeSessionWindows.withGap(seconds(20))).reduce(add), "side");
    },
  },
  {
    name: "windows over all keys",
    // The single window subtask deals its rows out to all sink subtasks.
    orderedPerKey: false,
    build(env) {
      write(
        read(env, "events")
          .windowAll(TumblingEventTimeWindows.of(seconds(5)))
          .process(new AllSum()),
      );
    },
  },
  {
    name: "windows by count",
    build(env) {
      const events = read(env, "events").keyBy(keyOf);
      write(events.countWindow(3).reduce(add));
      write(events.countWindow(4, 2).reduce(add), "side");
    },
  },
];
