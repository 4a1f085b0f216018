import {
  type CoFlatMapFunction,
  type Collector,
  Duration,
  KafkaSource,
  KeyedBroadcastProcessFunction,
  type KeyedBroadcastContext,
  type KeyedBroadcastOnTimerContext,
  type KeyedReadOnlyBroadcastContext,
  KeyedCoProcessFunction,
  type KeyedOnTimerContext,
  type KeyedProcessContext,
  type ListState,
  ListStateDescriptor,
  type MapState,
  MapStateDescriptor,
  OutputTag,
  ProcessFunction,
  type ProcessContext,
  ProcessJoinFunction,
  type ProcessJoinContext,
  TumblingEventTimeWindows,
  WatermarkStrategy,
} from "../../../src/index.ts";
import { DISORDER_MS, type Event, type Rule, SLOT_MS } from "../event.ts";
import { type MetamorphicProgram, read, write } from "../program.ts";

const keyOf = (event: Event) => event.key;

interface Row {
  readonly key: string;
  readonly [field: string]: unknown;
}

/** Sums of both sides per key and slot, told once event time has passed the slot: in what order the sides came does not show. */
class SumsOfBoth extends KeyedCoProcessFunction<string, Event, Event, Row> {
  private sums!: MapState<number, { left: number; right: number }>;

  override open(): void {
    this.sums = this.getRuntimeContext().getMapState(new MapStateDescriptor<number, { left: number; right: number }>("sums"));
  }

  override processElement1(event: Event, ctx: KeyedProcessContext<string>): void {
    this.add(event, "left", ctx);
  }

  override processElement2(event: Event, ctx: KeyedProcessContext<string>): void {
    this.add(event, "right", ctx);
  }

  override onTimer(timestamp: number, ctx: KeyedOnTimerContext<string>, out: Collector<Row>): void {
    out.collect({ key: ctx.getCurrentKey(), timestamp, ...this.sums.get(timestamp) });
    this.sums.remove(timestamp);
  }

  private add(event: Event, side: "left" | "right", ctx: KeyedProcessContext<string>): void {
    const slotEndMs = (Math.floor(event.atMs / SLOT_MS) + 1) * SLOT_MS;
    const sums = this.sums.get(slotEndMs) ?? { left: 0, right: 0 };
    sums[side] += event.amount;
    this.sums.put(slotEndMs, sums);
    ctx.timerService().registerEventTimeTimer(slotEndMs);
  }
}

class Sides implements CoFlatMapFunction<Event, Event, Row> {
  flatMap1(event: Event, out: Collector<Row>): void {
    out.collect({ key: event.key, left: event.id });
  }

  flatMap2(event: Event, out: Collector<Row>): void {
    if (event.amount > 3) out.collect({ key: event.key, right: event.id });
  }
}

/** Events wait until all rules of their time are known for sure, then take the last one before them. */
class Rules extends KeyedBroadcastProcessFunction<string, Event, Rule, Row> {
  static readonly DESCRIPTOR = new MapStateDescriptor<number, Rule>("rules");
  private waiting!: ListState<Event>;

  override open(): void {
    this.waiting = this.getRuntimeContext().getListState(new ListStateDescriptor<Event>("waiting"));
  }

  override processElement(event: Event, ctx: KeyedReadOnlyBroadcastContext<string>): void {
    this.waiting.add(event);
    ctx.timerService().registerEventTimeTimer(event.atMs + 5000);
  }

  override processBroadcastElement(rule: Rule, ctx: KeyedBroadcastContext<string>): void {
    ctx.getBroadcastState(Rules.DESCRIPTOR).put(rule.fromMs, rule);
  }

  override onTimer(timestamp: number, ctx: KeyedBroadcastOnTimerContext<string>, out: Collector<Row>): void {
    const rules = [...ctx.getBroadcastState(Rules.DESCRIPTOR).immutableEntries()].map(([, rule]) => rule);
    const left: Event[] = [];
    for (const event of this.waiting.get()) {
      if (event.atMs + 5000 !== timestamp) {
        left.push(event);
        continue;
      }
      const inForce = rules.filter((rule) => rule.fromMs <= event.atMs).sort((a, b) => b.fromMs - a.fromMs)[0];
      out.collect({ key: ctx.getCurrentKey(), id: event.id, result: inForce === undefined ? null : event.amount * inForce.factor });
    }
    this.waiting.update(left);
  }
}

class Pairs extends ProcessJoinFunction<Event, Event, Row> {
  override processElement(left: Event, right: Event, ctx: ProcessJoinContext, out: Collector<Row>): void {
    out.collect({ key: left.key, left: left.id, right: right.id, at: ctx.getTimestamp() });
  }
}

class Split extends ProcessFunction<Event, Event> {
  static readonly ODD = new OutputTag<Event>("odd");

  override processElement(event: Event, ctx: ProcessContext, out: Collector<Event>): void {
    if (event.amount % 2 === 0) out.collect(event);
    else ctx.output(Split.ODD, event);
  }
}

export const SEVERAL_INPUT_PROGRAMS: readonly MetamorphicProgram[] = [
  {
    name: "union into windows",
    build(env) {
      const add = (left: Event, right: Event): Event => ({ key: left.key, id: 0, amount: left.amount + right.amount, atMs: 0 });
      write(
        read(env, "events")
          .union(read(env, "others"))
          .keyBy(keyOf)
          .window(TumblingEventTimeWindows.of(Duration.ofSeconds(10)))
          .reduce(add)
          .map(({ key, amount }) => ({ key, amount })),
      );
    },
  },
  {
    name: "keyed co-process with timers",
    build(env) {
      write(read(env, "events").connect(read(env, "others")).keyBy(keyOf, keyOf).process(new SumsOfBoth()));
    },
  },
  {
    name: "connect and co-flat-map",
    orderedPerKey: false,
    build(env) {
      write(read(env, "events").connect(read(env, "others")).flatMap(new Sides()));
    },
  },
  {
    name: "broadcast state",
    build(env) {
      const watermarks = WatermarkStrategy.forBoundedOutOfOrderness<Rule>(Duration.ofMillis(DISORDER_MS))
        .withTimestampAssigner((rule) => rule.fromMs)
        .withIdleness(Duration.ofSeconds(1));
      const rules = env.fromSource(KafkaSource.builder<Rule>().setTopics("rules").build(), watermarks, "rules").broadcast(Rules.DESCRIPTOR);
      write(read(env, "events").keyBy(keyOf).connect(rules).process(new Rules()));
    },
  },
  {
    name: "side outputs and rebalance",
    orderedPerKey: false,
    build(env) {
      const split = read(env, "events").rebalance().process(new Split());
      write(split.map((event) => ({ key: event.key, id: event.id })));
      write(split.getSideOutput(Split.ODD), "side");
    },
  },
  {
    name: "window join",
    orderedPerKey: false,
    build(env) {
      write(
        read(env, "events")
          .join(read(env, "others"))
          .where(keyOf)
          .equalTo(keyOf)
          .window(TumblingEventTimeWindows.of(Duration.ofSeconds(5)))
          .apply((left: Event, right: Event) => ({ key: left.key, left: left.id, right: right.id })),
      );
    },
  },
  {
    name: "co-group",
    build(env) {
      write(
        read(env, "events")
          .coGroup(read(env, "others"))
          .where(keyOf)
          .equalTo(keyOf)
          .window(TumblingEventTimeWindows.of(Duration.ofSeconds(10)))
          .apply((left: Iterable<Event>, right: Iterable<Event>, out: Collector<Row>) => {
            const [lefts, rights] = [[...left], [...right]];
            const { key } = [...lefts, ...rights][0];
            out.collect({ key, left: lefts.map((event) => event.id), right: rights.map((event) => event.id) });
          }),
      );
    },
  },
  {
    name: "interval join",
    orderedPerKey: false,
    build(env) {
      write(
        read(env, "events")
          .keyBy(keyOf)
          .intervalJoin(read(env, "others").keyBy(keyOf))
          .between(Duration.ofSeconds(-2), Duration.ofSeconds(1))
          .process(new Pairs()),
      );
    },
  },
];
