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
  OutputTag,
  type ReducingState,
  ReducingStateDescriptor,
  StateTtlConfig,
  type ValueState,
  ValueStateDescriptor,
} from "../../../src/index.ts";
import { type Event, SLOT_MS } from "../event.ts";
import { type MetamorphicProgram, read, write } from "../program.ts";

const keyOf = (event: Event) => event.key;
const SILENCE_MS = 10_000;

interface Row {
  readonly key: string;
  readonly [field: string]: unknown;
}

/** Sorts by event time: keeps events until the watermark has passed them, without their duplicates. */
class SortedWithoutDuplicates extends KeyedProcessFunction<string, Event, Row> {
  private waiting!: MapState<number, Event[]>;
  private seen!: MapState<number, boolean>;

  override open(): void {
    this.waiting = this.getRuntimeContext().getMapState(new MapStateDescriptor<number, Event[]>("waiting"));
    this.seen = this.getRuntimeContext().getMapState(new MapStateDescriptor<number, boolean>("seen"));
  }

  override processElement(event: Event, ctx: KeyedProcessContext<string>): void {
    if (this.seen.contains(event.id)) return;
    this.seen.put(event.id, true);
    this.waiting.put(event.atMs, [...(this.waiting.get(event.atMs) ?? []), event]);
    ctx.timerService().registerEventTimeTimer(event.atMs);
  }

  override onTimer(timestamp: number, ctx: KeyedOnTimerContext<string>, out: Collector<Row>): void {
    for (const { id } of this.waiting.get(timestamp) ?? []) out.collect({ key: ctx.getCurrentKey(), id, timestamp });
    this.waiting.remove(timestamp);
  }
}

/** Timers of both domains for one key, set again and deleted; side output for one of them. */
class BothClocks extends KeyedProcessFunction<string, Event, Row> {
  static readonly PROCESSING = new OutputTag<Row>("processing");
  private last!: ValueState<number>;
  private inSlot!: ValueState<number>;

  override open(): void {
    this.last = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("last"));
    this.inSlot = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("in-slot"));
  }

  override processElement(event: Event, ctx: KeyedProcessContext<string>, out: Collector<Row>): void {
    const timers = ctx.timerService();
    const last = this.last.value();
    // The event-time timer is moved along: it fires when nothing has come for ten seconds of event time. Whether it has fired when the next
    // event comes is up to the watermark, so the event says it otherwise.
    if (last === null || event.atMs > last) {
      if (last !== null) timers.deleteEventTimeTimer(last + SILENCE_MS);
      if (last !== null && event.atMs >= last + SILENCE_MS) out.collect({ key: event.key, silentSince: last });
      timers.registerEventTimeTimer(event.atMs + SILENCE_MS);
      this.last.update(event.atMs);
    }
    this.inSlot.update((this.inSlot.value() ?? 0) + 1);
    timers.registerProcessingTimeTimer((Math.floor(timers.currentProcessingTime() / SLOT_MS) + 1) * SLOT_MS);
  }

  override onTimer(timestamp: number, ctx: KeyedOnTimerContext<string>, out: Collector<Row>): void {
    const key = ctx.getCurrentKey();
    if (ctx.timeDomain() === "EVENT_TIME") {
      out.collect({ key, silentSince: timestamp - SILENCE_MS });
      this.last.clear();
    } else {
      ctx.output(BothClocks.PROCESSING, { key, slotEnd: timestamp, count: this.inSlot.value() });
      this.inSlot.clear();
    }
  }
}

/** Every kind of state, read back after each event. */
class AllStates extends KeyedProcessFunction<string, Event, Row> {
  private value!: ValueState<Event>;
  private list!: ListState<number>;
  private map!: MapState<string, { count: number }>;
  private sum!: ReducingState<number>;
  private average!: AggregatingState<number, number>;

  override open(): void {
    const context = this.getRuntimeContext();
    this.value = context.getState(new ValueStateDescriptor<Event>("value"));
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

  override processElement(event: Event, ctx: KeyedProcessContext<string>, out: Collector<Row>): void {
    const before = this.value.value();
    this.value.update(event);
    this.list.add(event.id);
    const parity = event.amount % 2 === 0 ? "even" : "odd";
    const entry = this.map.get(parity) ?? { count: 0 };
    entry.count++;
    this.map.put(parity, entry);
    this.sum.add(event.amount);
    this.average.add(event.amount);
    const list = [...this.list.get()];
    if (list.length > 5) this.list.update(list.slice(3));
    if (event.amount === 9) this.map.clear();
    const counts = Object.fromEntries([...this.map.entries()].map(([name, { count }]) => [name, count]).sort());
    out.collect({ key: ctx.getCurrentKey(), before: before?.id ?? null, list, counts, sum: this.sum.get(), average: this.average.get() });
  }
}

/** State that lives for half a slot: what a slot leaves behind is gone in the next. */
class PerSlotByTtl extends KeyedProcessFunction<string, Event, Row> {
  private count!: ValueState<number>;
  private ids!: ListState<number>;
  private kinds!: MapState<number, number>;

  override open(): void {
    const ttl = StateTtlConfig.newBuilder(Duration.ofMillis(SLOT_MS / 2)).build();
    const count = new ValueStateDescriptor<number>("count");
    const ids = new ListStateDescriptor<number>("ids");
    const kinds = new MapStateDescriptor<number, number>("kinds");
    for (const descriptor of [count, ids, kinds]) descriptor.enableTimeToLive(ttl);
    this.count = this.getRuntimeContext().getState(count);
    this.ids = this.getRuntimeContext().getListState(ids);
    this.kinds = this.getRuntimeContext().getMapState(kinds);
  }

  override processElement(event: Event, ctx: KeyedProcessContext<string>, out: Collector<Row>): void {
    this.count.update((this.count.value() ?? 0) + 1);
    this.ids.add(event.id);
    this.kinds.put(event.amount % 3, event.id);
    const kinds = [...this.kinds.entries()].sort();
    out.collect({ key: ctx.getCurrentKey(), count: this.count.value(), ids: [...this.ids.get()], kinds });
  }
}

export const KEYED_PROGRAMS: readonly MetamorphicProgram[] = [
  {
    name: "event-time timers: sorting and deduplicating",
    build(env) {
      write(read(env, "events").keyBy(keyOf).process(new SortedWithoutDuplicates()));
    },
  },
  {
    name: "timers of both domains, deleted and set again",
    build(env) {
      const rows = read(env, "events").keyBy(keyOf).process(new BothClocks());
      write(rows);
      write(rows.getSideOutput(BothClocks.PROCESSING), "side");
    },
  },
  {
    name: "all kinds of state",
    build(env) {
      write(read(env, "events").keyBy(keyOf).process(new AllStates()));
    },
  },
  {
    name: "state with time to live",
    build(env) {
      write(read(env, "events").keyBy(keyOf).process(new PerSlotByTtl()));
    },
  },
  {
    name: "running aggregations",
    build(env) {
      const events = read(env, "events").keyBy(keyOf);
      write(events.sum("amount"));
      write(events.maxBy("amount"), "side");
    },
  },
  {
    name: "a chain of functions around a reduce",
    build(env) {
      write(
        read(env, "events")
          .filter((event) => event.amount > 1)
          .map((event) => ({ ...event, amount: event.amount * 10 }))
          .flatMap((event: Event, out: Collector<Event>) => {
            out.collect(event);
            if (event.amount > 50) out.collect({ ...event, id: -event.id });
          })
          .keyBy(keyOf)
          .reduce((left, right) => ({ ...right, amount: left.amount + right.amount }))
          .map((event) => ({ key: event.key, line: `${event.id}: ${event.amount}` })),
      );
    },
  },
];
