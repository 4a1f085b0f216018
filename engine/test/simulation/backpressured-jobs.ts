/**
 * Jobs under backpressure: short channels, a slow operator far behind the sources, keys of which one has half of all records. All clicks of a
 * user are in one partition, so the order in which every step sees them can be told; whoever loses, repeats or reorders one changes the
 * rows behind it.
 */
import { Prng } from "../../src/base/prng.ts";
import type { JobProgram } from "../../src/graph/stream-graph.ts";
import {
  type Collector,
  Configuration,
  type DataStream,
  DeliveryGuarantee,
  datastreamProgram,
  Duration,
  json,
  KafkaSink,
  KafkaSource,
  type KeyedBroadcastContext,
  type KeyedBroadcastOnTimerContext,
  KeyedBroadcastProcessFunction,
  KeyedCoProcessFunction,
  type KeyedOnTimerContext,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type MapState,
  type KeyedReadOnlyBroadcastContext,
  MapStateDescriptor,
  StreamExecutionEnvironment,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "../../src/index.ts";
import { type Arrival, DEFAULT_LIMITS, type Fault, type World } from "../../src/sim.ts";

export const START_MS = Date.UTC(2026, 0, 1);
/** When the sums are told: after everything. */
const END_MS = START_MS + 3_600_000;

interface Click {
  readonly user: string;
  readonly n: number;
  readonly atMs: number;
}

interface Row {
  readonly user: string;
  readonly [field: string]: unknown;
}

const userOf = ({ user }: { readonly user: string }) => user;

/** Gives each click a number that depends on all clicks of its user so far, in their order. */
class Chained extends KeyedProcessFunction<string, Click, Click> {
  private hash!: ValueState<number>;

  override open(): void {
    this.hash = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("hash"));
  }

  override processElement(click: Click, _context: KeyedProcessContext<string>, out: Collector<Click>): void {
    const hash = ((this.hash.value() ?? 7) * 31 + click.n) % 1_000_003;
    this.hash.update(hash);
    out.collect({ ...click, n: hash });
  }
}

/** Passes clicks on, each with how often it has been here: what comes twice or never shows, in whatever order it comes. */
class Counted extends KeyedProcessFunction<string, Click, Click> {
  private times!: MapState<number, number>;

  override open(): void {
    this.times = this.getRuntimeContext().getMapState(new MapStateDescriptor<number, number>("times"));
  }

  override processElement(click: Click, _context: KeyedProcessContext<string>, out: Collector<Click>): void {
    const times = (this.times.get(click.n) ?? 0) + 1;
    this.times.put(click.n, times);
    out.collect({ ...click, n: click.n * 10 + times });
  }
}

/** Sums of both inputs per user, when event time ends. */
class Sums extends KeyedCoProcessFunction<string, Click, Click, Row> {
  private left!: ValueState<number>;
  private right!: ValueState<number>;

  override open(): void {
    this.left = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("left"));
    this.right = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("right"));
  }

  override processElement1({ n }: Click, context: KeyedProcessContext<string>): void {
    this.left.update((this.left.value() ?? 0) + n);
    context.timerService().registerEventTimeTimer(END_MS);
  }

  override processElement2({ n }: Click, context: KeyedProcessContext<string>): void {
    this.right.update((this.right.value() ?? 0) + n);
    context.timerService().registerEventTimeTimer(END_MS);
  }

  override onTimer(_timestampMs: number, context: KeyedOnTimerContext<string>, out: Collector<Row>): void {
    out.collect({ user: context.getCurrentKey(), left: this.left.value(), right: this.right.value() });
  }
}

/** The sum per user and how many different clicks were broadcast, when event time ends. */
class SumBesideBroadcast extends KeyedBroadcastProcessFunction<string, Click, Click, Row> {
  private static readonly SEEN = new MapStateDescriptor<number, number>("seen");
  private sum!: ValueState<number>;

  override open(): void {
    this.sum = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("sum"));
  }

  override processElement({ n }: Click, context: KeyedReadOnlyBroadcastContext<string>): void {
    this.sum.update((this.sum.value() ?? 0) + n);
    context.timerService().registerEventTimeTimer(END_MS);
  }

  override processBroadcastElement({ n }: Click, context: KeyedBroadcastContext<string>): void {
    const seen = context.getBroadcastState(SumBesideBroadcast.SEEN);
    seen.put(n, (seen.get(n) ?? 0) + 1);
  }

  override onTimer(_timestampMs: number, context: KeyedBroadcastOnTimerContext<string>, out: Collector<Row>): void {
    let broadcast = 0;
    for (const [, count] of context.getBroadcastState(SumBesideBroadcast.SEEN).immutableEntries()) broadcast += count;
    out.collect({ user: context.getCurrentKey(), sum: this.sum.value(), broadcast });
  }

  static descriptor(): MapStateDescriptor<number, number> {
    return SumBesideBroadcast.SEEN;
  }
}

function read(env: StreamExecutionEnvironment, topic: string): DataStream<Click> {
  const watermarks = WatermarkStrategy.forMonotonousTimestamps<Click>()
    .withTimestampAssigner(({ atMs }) => atMs)
    .withIdleness(Duration.ofMillis(50));
  return env.fromSource(KafkaSource.builder<Click>().setTopics(topic).build(), watermarks, topic);
}

function write<T extends { readonly user: string }>(rows: DataStream<T>): void {
  const sink = KafkaSink.builder<T>()
    .setRecordSerializer(json<T>("out", userOf))
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("out")
    .build();
  rows.sinkTo(sink).name("out");
}

const BUILD: Readonly<Record<string, (env: StreamExecutionEnvironment) => void>> = {
  "two keyed steps": (env) => {
    const first = read(env, "clicks").keyBy(userOf).process(new Chained()).name("first");
    write(first.keyBy(userOf).process(new Chained()).name("slow"));
  },
  "two keyed steps, whatever the order": (env) => {
    const first = read(env, "clicks").keyBy(userOf).process(new Counted()).name("first");
    write(first.keyBy(userOf).process(new Counted()).name("slow"));
  },
  "a source that ends early, and an idle one": (env) => {
    const early = env
      .fromSequence(1, 30)
      .map((number): Click => ({ user: `u${number % 8}`, n: 10_000 + number, atMs: START_MS }))
      .assignTimestampsAndWatermarks(WatermarkStrategy.forMonotonousTimestamps<Click>().withTimestampAssigner(({ atMs }) => atMs));
    const all = early.union(read(env, "clicks")).union(read(env, "nothing"));
    write(all.keyBy(userOf).process(new Counted()).name("slow"));
  },
  "a rebalance and two inputs": (env) => {
    const spread = read(env, "clicks")
      .rebalance()
      .map((click) => click)
      .name("slow");
    write(spread.keyBy(userOf).connect(read(env, "orders").keyBy(userOf)).process(new Sums()).name("both"));
  },
  "a union, a pointwise edge and a broadcast": (env) => {
    const all = read(env, "clicks").union(read(env, "orders")).shuffle();
    const scaled = all
      .map((click) => click)
      .name("slow")
      .rescale()
      .map((click) => click)
      .name("rescaled");
    const rules = read(env, "rules").broadcast(SumBesideBroadcast.descriptor());
    write(scaled.keyBy(userOf).connect(rules).process(new SumBesideBroadcast()).name("beside"));
  },
};

export const JOBS: readonly string[] = Object.keys(BUILD);

export function jobOf(name: string, settings: Readonly<Record<string, string>>): JobProgram {
  return datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.configure(
      Configuration.fromMap({
        "execution.checkpointing.interval": "400 ms",
        "restart-strategy.type": "fixed-delay",
        "restart-strategy.fixed-delay.attempts": "1000",
        "restart-strategy.fixed-delay.delay": "50 ms",
        ...settings,
      }),
    );
    BUILD[name](env);
    env.execute(name);
  });
}

/** Barriers in the three ways that give exactly-once. */
export const ALIGNMENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aligned: {},
  unaligned: { "execution.checkpointing.unaligned.enabled": "true" },
  "aligned with timeout": {
    "execution.checkpointing.unaligned.enabled": "true",
    "execution.checkpointing.aligned-checkpoint-timeout": "20 ms",
  },
};

/** Input, cluster and cost of a seed; `faults` at any moment of the run, or none. */
export function backpressuredWorld(seed: number, crashes: boolean): World {
  const random = new Prng(seed).fork("backpressured world");
  const partitions = 1 + random.nextInt(3);
  const draw = (topic: string, count: number): Arrival[] => {
    const source = random.fork(topic);
    let atMs = START_MS;
    return Array.from({ length: count }, (_, n): Arrival => {
      atMs += source.nextInt(6);
      const user = source.nextInt(2) === 0 ? 0 : 1 + source.nextInt(7);
      return { atMs, partition: user % partitions, key: null, value: { user: `u${user}`, n, atMs } satisfies Click };
    });
  };
  const taskManagers = 1 + random.nextInt(3);
  const parallelism = 1 + random.nextInt(3);
  return {
    seed,
    startMs: START_MS,
    topics: [
      { name: "clicks", partitions, arrivals: draw("clicks", 250) },
      { name: "orders", partitions, arrivals: draw("orders", 60) },
      { name: "rules", partitions: 1, arrivals: draw("rules", 12).map((arrival) => ({ ...arrival, partition: 0 })) },
      { name: "nothing", partitions: 1, arrivals: [] },
      { name: "out", partitions: 1, arrivals: [] },
    ],
    cluster: { taskManagers, slotsPerTaskManager: 4, parallelism, channelCapacity: 2 + random.nextInt(7) },
    faults: crashes ? drawFaults(random.fork("faults"), taskManagers) : [],
    end: { kind: "drain" },
    limits: { ...DEFAULT_LIMITS, maxRestarts: 100 },
    costsUs: { slow: 2000 + random.nextInt(8000) },
  };
}

const STEPS = ["triggered", "barrier", "acked", "completed", "committed"] as const;

function drawFaults(random: Prng, taskManagers: number): Fault[] {
  return Array.from({ length: 1 + random.nextInt(4) }, (): Fault => {
    const when =
      random.nextInt(2) === 0
        ? ({ kind: "atMs", atMs: START_MS + random.nextInt(2500) } as const)
        : ({ kind: "checkpoint", checkpoint: 1 + random.nextInt(8), step: STEPS[random.nextInt(STEPS.length)] } as const);
    return random.nextInt(5) === 0
      ? { kind: "crashJobManager", when }
      : { kind: "crashTaskManager", taskManager: random.nextInt(taskManagers), when };
  });
}
