import {
  CEP,
  type Collector,
  Duration,
  KafkaSource,
  KeyedBroadcastProcessFunction,
  type KeyedBroadcastContext,
  type KeyedBroadcastOnTimerContext,
  KeyedCoProcessFunction,
  type KeyedOnTimerContext,
  type KeyedProcessContext,
  type KeyedReadOnlyBroadcastContext,
  type ListState,
  ListStateDescriptor,
  type MapState,
  MapStateDescriptor,
  OutputTag,
  Pattern,
  type PatternProcessContext,
  PatternProcessFunction,
  ProcessFunction,
  type ProcessContext,
  type ProcessJoinContext,
  ProcessJoinFunction,
  SimpleCondition,
  TumblingEventTimeWindows,
} from "../../../src/index.ts";
import type { SwarmEvent } from "../../../src/sim.ts";
import {
  IN_EVENT_TIME,
  keyOf,
  ONE_INPUT,
  type Row,
  read,
  seconds,
  type SwarmJob,
  TWO_INPUTS,
  watermarksBy,
  write,
  writeAtLeastOnce,
} from "./swarm-job.ts";

/** Sums of both sides per key and second, told when event time has passed the second. */
class SumsOfBoth extends KeyedCoProcessFunction<string, SwarmEvent, SwarmEvent, Row> {
  private sums!: MapState<number, { left: number; right: number }>;

  override open(): void {
    this.sums = this.getRuntimeContext().getMapState(new MapStateDescriptor<number, { left: number; right: number }>("sums"));
  }

  override processElement1(event: SwarmEvent, ctx: KeyedProcessContext<string>): void {
    this.add(event, "left", ctx);
  }

  override processElement2(event: SwarmEvent, ctx: KeyedProcessContext<string>): void {
    this.add(event, "right", ctx);
  }

  override onTimer(timestamp: number, ctx: KeyedOnTimerContext<string>, out: Collector<Row>): void {
    out.collect({ key: ctx.getCurrentKey(), timestamp, ...this.sums.get(timestamp) });
    this.sums.remove(timestamp);
  }

  private add(event: SwarmEvent, side: "left" | "right", ctx: KeyedProcessContext<string>): void {
    const endMs = (Math.floor(event.atMs / 1000) + 1) * 1000;
    const { left, right } = this.sums.get(endMs) ?? { left: 0, right: 0 };
    this.sums.put(endMs, side === "left" ? { left: left + event.amount, right } : { left, right: right + event.amount });
    ctx.timerService().registerEventTimeTimer(endMs);
  }
}

/** Events wait until all rules of their time are known for sure, then take the last one before them. */
class Rules extends KeyedBroadcastProcessFunction<string, SwarmEvent, SwarmEvent, Row> {
  static readonly DESCRIPTOR = new MapStateDescriptor<number, SwarmEvent>("rules");
  private waiting!: ListState<SwarmEvent>;

  override open(): void {
    this.waiting = this.getRuntimeContext().getListState(new ListStateDescriptor<SwarmEvent>("waiting"));
  }

  override processElement(event: SwarmEvent, ctx: KeyedReadOnlyBroadcastContext<string>): void {
    this.waiting.add(event);
    ctx.timerService().registerEventTimeTimer(event.atMs + 10);
  }

  override processBroadcastElement(rule: SwarmEvent, ctx: KeyedBroadcastContext<string>): void {
    ctx.getBroadcastState(Rules.DESCRIPTOR).put(rule.id, rule);
  }

  override onTimer(timestamp: number, ctx: KeyedBroadcastOnTimerContext<string>, out: Collector<Row>): void {
    const rules = [...ctx.getBroadcastState(Rules.DESCRIPTOR).immutableEntries()].map(([, rule]) => rule);
    const left: SwarmEvent[] = [];
    for (const event of this.waiting.get()) {
      if (event.atMs + 10 !== timestamp) {
        left.push(event);
        continue;
      }
      const inForce = rules.filter((rule) => rule.atMs <= event.atMs).sort((a, b) => b.atMs - a.atMs || b.id - a.id)[0];
      out.collect({ key: ctx.getCurrentKey(), id: event.id, rule: inForce?.id ?? null });
    }
    this.waiting.update(left);
  }
}

class Pairs extends ProcessJoinFunction<SwarmEvent, SwarmEvent, Row> {
  override processElement(left: SwarmEvent, right: SwarmEvent, ctx: ProcessJoinContext, out: Collector<Row>): void {
    out.collect({ key: left.key, left: left.id, right: right.id, at: ctx.getTimestamp() });
  }
}

class Split extends ProcessFunction<SwarmEvent, SwarmEvent> {
  static readonly ODD = new OutputTag<SwarmEvent>("odd");

  override processElement(event: SwarmEvent, ctx: ProcessContext, out: Collector<SwarmEvent>): void {
    if (event.amount % 2 === 0) out.collect(event);
    else ctx.output(Split.ODD, event);
  }
}

class Rises extends PatternProcessFunction<SwarmEvent, Row> {
  override processMatch(match: ReadonlyMap<string, readonly SwarmEvent[]>, _ctx: PatternProcessContext, out: Collector<Row>): void {
    const [low] = match.get("low") ?? [];
    const [high] = match.get("high") ?? [];
    out.collect({ key: low.key, low: low.id, high: high.id });
  }
}

export const SEVERAL_INPUT_JOBS: readonly SwarmJob[] = [
  {
    name: "co-process with timers",
    promises: IN_EVENT_TIME,
    workload: TWO_INPUTS,
    build(env) {
      const both = read(env, "events").connect(read(env, "others")).keyBy(keyOf, keyOf);
      write(both.process(new SumsOfBoth()).name("sums").uid("sums"));
    },
  },
  {
    name: "broadcast rules",
    promises: { delivery: "exactlyOnce" },
    workload: { inputs: [{ topic: "events" }, { topic: "rules", share: 0.2 }], outputs: ["out"] },
    build(env) {
      const rules = env
        .fromSource(
          KafkaSource.builder<SwarmEvent>().setTopics("rules").build(),
          watermarksBy<SwarmEvent>((rule) => rule.atMs),
          "rules",
        )
        .uid("rules")
        .broadcast(Rules.DESCRIPTOR);
      write(read(env, "events").keyBy(keyOf).connect(rules).process(new Rules()).uid("apply"));
    },
  },
  {
    name: "union, side outputs, two sinks",
    promises: { delivery: "exactlyOnce" },
    workload: { ...TWO_INPUTS, outputs: ["out", "side"] },
    build(env) {
      const split = read(env, "events").union(read(env, "others")).rebalance().process(new Split()).uid("split");
      write(split.map((event) => ({ key: event.key, id: event.id })));
      write(split.getSideOutput(Split.ODD), "side");
    },
  },
  {
    name: "interval join",
    promises: { delivery: "exactlyOnce", cleansState: true },
    workload: TWO_INPUTS,
    build(env) {
      write(
        read(env, "events")
          .keyBy(keyOf)
          .intervalJoin(read(env, "others").keyBy(keyOf))
          .between(Duration.ofMillis(-300), Duration.ofMillis(300))
          .process(new Pairs())
          .uid("pairs"),
      );
    },
  },
  {
    name: "window co-group",
    promises: { delivery: "exactlyOnce", ordersKeys: true, cleansState: true },
    workload: TWO_INPUTS,
    build(env) {
      write(
        read(env, "events")
          .coGroup(read(env, "others"))
          .where(keyOf)
          .equalTo(keyOf)
          .window(TumblingEventTimeWindows.of(seconds(2)))
          .apply((left: Iterable<SwarmEvent>, right: Iterable<SwarmEvent>, out: Collector<Row>) => {
            const [lefts, rights] = [[...left], [...right]];
            const { key } = [...lefts, ...rights][0];
            out.collect({ key, left: lefts.map((event) => event.id), right: rights.map((event) => event.id) });
          })
          .uid("pairs"),
      );
    },
  },
  {
    name: "pattern",
    promises: { delivery: "exactlyOnce", cleansState: true },
    workload: ONE_INPUT,
    build(env) {
      const pattern = Pattern.begin<SwarmEvent>("low")
        .where(SimpleCondition.of((event: SwarmEvent) => event.amount < 4))
        .followedBy("high")
        .where(SimpleCondition.of((event: SwarmEvent) => event.amount > 6))
        .within(seconds(3));
      write(CEP.pattern(read(env, "events").keyBy(keyOf), pattern).process(new Rises()).uid("pattern"));
    },
  },
  {
    name: "bounded and unbounded sources",
    promises: { delivery: "exactlyOnce" },
    workload: ONE_INPUT,
    build(env) {
      const numbers = env
        .fromSequence(1, 40)
        .uid("numbers")
        .map((id) => ({ key: `n${id % 3}`, id, amount: 1, atMs: 0 }));
      write(
        read(env, "events")
          .union(numbers)
          .keyBy(keyOf)
          .map((event) => ({ key: event.key, id: event.id })),
      );
    },
  },
  {
    name: "at-least-once barriers",
    promises: { delivery: "atLeastOnce" },
    workload: { ...TWO_INPUTS, configuration: { "execution.checkpointing.mode": "AT_LEAST_ONCE" } },
    build(env) {
      writeAtLeastOnce(
        read(env, "events")
          .union(read(env, "others"))
          .keyBy(keyOf)
          .flatMap((event: SwarmEvent, out: Collector<Row>) => {
            out.collect({ key: event.key, id: event.id });
            if (event.amount > 7) out.collect({ key: event.key, much: event.id });
          }),
      );
    },
  },
];
