import {
  AggregatingStateDescriptor,
  type AggregatingState,
  type Collector,
  Duration,
  type KeyedOnTimerContext,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type ListState,
  ListStateDescriptor,
  type MapState,
  MapStateDescriptor,
  type ReducingState,
  ReducingStateDescriptor,
  StateTtlConfig,
  type ValueState,
  ValueStateDescriptor,
} from "../../../src/index.ts";
import type { SwarmEvent } from "../../../src/sim.ts";
import { keyOf, ONE_INPUT, type Row, read, type SwarmJob, write, writeAtLeastOnce } from "./swarm-job.ts";

/** Sorts by event time and drops duplicates; forgets an id an hour after its event. */
class SortedWithoutDuplicates extends KeyedProcessFunction<string, SwarmEvent, Row> {
  private waiting!: MapState<number, SwarmEvent[]>;
  private seen!: MapState<number, number>;

  override open(): void {
    this.waiting = this.getRuntimeContext().getMapState(new MapStateDescriptor<number, SwarmEvent[]>("waiting"));
    this.seen = this.getRuntimeContext().getMapState(new MapStateDescriptor<number, number>("seen"));
  }

  override processElement(event: SwarmEvent, ctx: KeyedProcessContext<string>): void {
    if (this.seen.contains(event.id)) return;
    const forgetMs = event.atMs + 3_600_000;
    this.seen.put(event.id, forgetMs);
    this.waiting.put(event.atMs, [...(this.waiting.get(event.atMs) ?? []), event]);
    ctx.timerService().registerEventTimeTimer(event.atMs);
    ctx.timerService().registerEventTimeTimer(forgetMs);
  }

  override onTimer(timestamp: number, ctx: KeyedOnTimerContext<string>, out: Collector<Row>): void {
    for (const { id } of this.waiting.get(timestamp) ?? []) out.collect({ key: ctx.getCurrentKey(), id, timestamp });
    this.waiting.remove(timestamp);
    for (const [id, forgetMs] of [...this.seen.entries()]) if (forgetMs <= timestamp) this.seen.remove(id);
  }
}

/** Every kind of state, read back after each event; one with a time to live that is never over. */
class AllStates extends KeyedProcessFunction<string, SwarmEvent, Row> {
  private value!: ValueState<SwarmEvent>;
  private list!: ListState<number>;
  private map!: MapState<string, { count: number }>;
  private sum!: ReducingState<number>;
  private average!: AggregatingState<number, number>;

  override open(): void {
    const context = this.getRuntimeContext();
    const value = new ValueStateDescriptor<SwarmEvent>("value");
    value.enableTimeToLive(StateTtlConfig.newBuilder(Duration.ofHours(1)).build());
    this.value = context.getState(value);
    this.list = context.getListState(new ListStateDescriptor<number>("list"));
    this.map = context.getMapState(new MapStateDescriptor<string, { count: number }>("map"));
    this.sum = context.getReducingState(new ReducingStateDescriptor<number>("sum", (left, right) => left + right));
    this.average = context.getAggregatingState(
      new AggregatingStateDescriptor<number, { sum: number; count: number }, number>("average", {
        createAccumulator: () => ({ sum: 0, count: 0 }),
        add: (value, acc) => ({ sum: acc.sum + value, count: acc.count + 1 }),
        getResult: (acc) => acc.sum / acc.count,
        merge: (left, right) => ({ sum: left.sum + right.sum, count: left.count + right.count }),
      }),
    );
  }

  override processElement(event: SwarmEvent, ctx: KeyedProcessContext<string>, out: Collector<Row>): void {
    const before = this.value.value();
    this.value.update(event);
    this.list.add(event.id);
    const parity = event.amount % 2 === 0 ? "even" : "odd";
    const count = (this.map.get(parity)?.count ?? 0) + 1;
    this.map.put(parity, { count });
    this.sum.add(event.amount);
    this.average.add(event.amount);
    const list = [...this.list.get()];
    if (list.length > 5) this.list.update(list.slice(3));
    if (event.amount === 9) this.map.clear();
    const counts = Object.fromEntries([...this.map.entries()].map(([name, entry]) => [name, entry.count]).sort());
    out.collect({ key: ctx.getCurrentKey(), before: before?.id ?? null, list, counts, sum: this.sum.get(), average: this.average.get() });
  }
}

/** Collects events and lets them go together, by a timer of processing time; what is left goes when event time ends. */
class Batches extends KeyedProcessFunction<string, SwarmEvent, Row> {
  private waiting!: ListState<SwarmEvent>;

  override open(): void {
    this.waiting = this.getRuntimeContext().getListState(new ListStateDescriptor<SwarmEvent>("waiting"));
  }

  override processElement(event: SwarmEvent, ctx: KeyedProcessContext<string>): void {
    this.waiting.add(event);
    const timers = ctx.timerService();
    timers.registerProcessingTimeTimer(Math.ceil((timers.currentProcessingTime() + 1) / 500) * 500);
    timers.registerEventTimeTimer(event.atMs + 3_600_000);
  }

  override onTimer(_timestamp: number, ctx: KeyedOnTimerContext<string>, out: Collector<Row>): void {
    for (const { id } of this.waiting.get()) out.collect({ key: ctx.getCurrentKey(), id });
    this.waiting.clear();
  }
}

/** Tells of silence by a timer that each event moves. */
class Silences extends KeyedProcessFunction<string, SwarmEvent, Row> {
  private last!: ValueState<number>;

  override open(): void {
    this.last = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("last"));
  }

  override processElement(event: SwarmEvent, ctx: KeyedProcessContext<string>, out: Collector<Row>): void {
    const last = this.last.value();
    // Whether its timer has fired when the next event comes is up to the watermark, so the event says it otherwise.
    if (last !== null && event.atMs <= last) return;
    if (last !== null) ctx.timerService().deleteEventTimeTimer(last + 1000);
    if (last !== null && event.atMs >= last + 1000) out.collect({ key: event.key, silentSince: last });
    ctx.timerService().registerEventTimeTimer(event.atMs + 1000);
    this.last.update(event.atMs);
  }

  override onTimer(timestamp: number, ctx: KeyedOnTimerContext<string>, out: Collector<Row>): void {
    out.collect({ key: ctx.getCurrentKey(), silentSince: timestamp - 1000 });
    this.last.clear();
  }
}

export const KEYED_JOBS: readonly SwarmJob[] = [
  {
    name: "sorting and deduplicating",
    promises: { delivery: "exactlyOnce", ordersKeys: true, cleansState: true },
    workload: ONE_INPUT,
    build(env) {
      write(read(env, "events").keyBy(keyOf).process(new SortedWithoutDuplicates()).name("sort").uid("sort"));
    },
  },
  {
    name: "every kind of state",
    promises: { delivery: "exactlyOnce", ordersKeys: true },
    workload: ONE_INPUT,
    build(env) {
      write(read(env, "events").keyBy(keyOf).process(new AllStates()).name("states").uid("states"));
    },
  },
  {
    name: "batches by processing time",
    // Timers of processing time do not fire any more when the input has ended, and stay.
    promises: { delivery: "exactlyOnce" },
    workload: ONE_INPUT,
    build(env) {
      write(read(env, "events").keyBy(keyOf).process(new Batches()).name("batches").uid("batches"));
    },
  },
  {
    name: "timers that are moved",
    promises: { delivery: "exactlyOnce", ordersKeys: true, cleansState: true },
    workload: ONE_INPUT,
    build(env) {
      // Sorted first, or an event that comes late would be silence for one schedule and none for another.
      const sorted = read(env, "events").keyBy(keyOf).process(new SortedWithoutDuplicates()).uid("sort");
      const again = sorted.map((row) => ({ key: row.key, id: Number(row["id"]), amount: 1, atMs: Number(row["timestamp"]) }));
      write(again.keyBy(keyOf).process(new Silences()).uid("silences"));
    },
  },
  {
    name: "running sums, upserted",
    promises: { delivery: "lastPerKey" },
    workload: ONE_INPUT,
    build(env) {
      writeAtLeastOnce(
        read(env, "events")
          .keyBy(keyOf)
          .reduce((left, right) => ({ ...right, amount: left.amount + right.amount }))
          .uid("sums"),
      );
    },
  },
];
