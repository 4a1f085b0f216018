/** Jobs and worlds for the simulator: what a seed decides, and the programs that run in it. */
import { Prng } from "../../src/base/prng.ts";
import { Duration } from "../../src/base/duration.ts";
import { KeyedCoProcessFunction, type KeyedProcessContext, KeyedProcessFunction } from "../../src/flow/process-functions.ts";
import type { JobConfig, JobProgram } from "../../src/graph/stream-graph.ts";
import { KeyedCoProcessOperator } from "../../src/operators/keyed-co-process-operator.ts";
import { KeyedProcessOperator } from "../../src/operators/keyed-process-operator.ts";
import { WatermarkStrategy } from "../../src/operators/watermarks/watermark-strategy.ts";
import type { Arrival, Fault, World } from "../../src/sim/world.ts";
import { ValueStateDescriptor } from "../../src/state/descriptors.ts";
import type { ValueState } from "../../src/state/state.ts";
import { StateTtlConfig } from "../../src/state/ttl.ts";
import { type JobBuilder, keyed, program, START_MS, type Stream, world } from "../runtime/job-kit.ts";

export interface Click {
  readonly user: string;
  readonly n: number;
  readonly atMs: number;
}

/** Disorder never exceeds this, and neither do the jobs' watermarks. */
const BOUND_MS = 2000;

/** A world drawn from the seed: topics, disorder, cluster size and, if asked for, crashes. */
export function drawWorld(seed: number, crashes: boolean): World {
  const random = new Prng(seed).fork("world");
  const partitions = 1 + random.nextInt(3);
  const draw = (topic: string): Arrival[] => {
    const source = random.fork(topic);
    const arrivals: Arrival[] = [];
    let nowMs = 0;
    for (let n = 0; n < 120; n++) {
      nowMs += source.nextInt(120);
      const atMs = nowMs - source.nextInt(BOUND_MS);
      const click: Click = { user: `u${source.nextInt(7)}`, n, atMs: START_MS + atMs };
      arrivals.push({ atMs: START_MS + nowMs, partition: source.nextInt(partitions), key: null, value: click, timestampMs: click.atMs });
    }
    return arrivals;
  };
  const taskManagers = 1 + random.nextInt(3);
  const parallelism = 1 + random.nextInt(3);
  return world(
    { clicks: { partitions, arrivals: draw("clicks") }, orders: { partitions, arrivals: draw("orders") }, out: { partitions: 2 } },
    {
      seed,
      cluster: { taskManagers, slotsPerTaskManager: 3, parallelism },
      faults: crashes ? drawFaults(random.fork("faults"), taskManagers) : [],
    },
  );
}

function drawFaults(random: Prng, taskManagers: number): Fault[] {
  const steps = ["triggered", "barrier", "acked", "completed", "committed"] as const;
  return Array.from({ length: 1 + random.nextInt(3) }, (): Fault => {
    const trigger = random.nextInt(3);
    const when =
      trigger === 0
        ? ({ kind: "atMs", atMs: START_MS + random.nextInt(8000) } as const)
        : trigger === 1
          ? ({ kind: "afterRecords", records: 1 + random.nextInt(200) } as const)
          : ({ kind: "checkpoint", checkpoint: 1 + random.nextInt(6), step: steps[random.nextInt(steps.length)] } as const);
    return random.nextInt(4) === 0
      ? { kind: "crashJobManager", when }
      : { kind: "crashTaskManager", taskManager: random.nextInt(Math.min(taskManagers, 1 + random.nextInt(3))), when };
  });
}

export function clickWatermarks(): WatermarkStrategy<never> {
  return WatermarkStrategy.forBoundedOutOfOrderness<Click>(Duration.ofMillis(BOUND_MS))
    .withTimestampAssigner((click) => click.atMs)
    .withIdleness(Duration.ofSeconds(5)) as unknown as WatermarkStrategy<never>;
}

export function clicks(job: JobBuilder, topic = "clicks"): Stream {
  return keyed(job.kafka(topic, clickWatermarks()), (click: Click) => click.user);
}

const CHECKPOINTED: Partial<JobConfig> = {
  checkpointIntervalMs: 700,
  restartStrategy: { kind: "fixedDelay", attempts: 100, delayMs: 300 },
};

export function checkpointed(build: (job: JobBuilder) => void, config: Partial<JobConfig> = {}): JobProgram {
  return program({ ...CHECKPOINTED, ...config }, build);
}

type Collector = { collect(value: unknown): void };

/** Counts per user in event-time order: buffers by timer, so that the result depends on event time alone. */
export class CountPerSecond extends KeyedProcessFunction<string, Click, unknown> {
  private count!: ValueState<number>;

  override open(): void {
    const descriptor = new ValueStateDescriptor<number>("count");
    descriptor.enableTimeToLive(StateTtlConfig.newBuilder(Duration.ofHours(1)).build());
    this.count = this.getRuntimeContext().getState(descriptor);
  }

  override processElement(click: Click, context: KeyedProcessContext<string>): void {
    this.count.update((this.count.value() ?? 0) + click.n);
    context.timerService().registerEventTimeTimer(Math.ceil(click.atMs / 1000) * 1000 + BOUND_MS * 5);
  }

  override onTimer(timestampMs: number, context: KeyedProcessContext<string>, out: Collector): void {
    out.collect({ user: context.getCurrentKey(), second: timestampMs });
  }
}

/** Sums per user; emitted once, when event time ends. */
export class FinalSum extends KeyedProcessFunction<string, Click, unknown> {
  private sum!: ValueState<number>;

  override open(): void {
    this.sum = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("sum"));
  }

  override processElement(click: Click, context: KeyedProcessContext<string>): void {
    this.sum.update((this.sum.value() ?? 0) + click.n);
    context.timerService().registerEventTimeTimer(START_MS + 3_600_000);
  }

  override onTimer(_timestampMs: number, context: KeyedProcessContext<string>, out: Collector): void {
    out.collect({ user: context.getCurrentKey(), sum: this.sum.value() });
  }
}

/** Joins clicks and orders by user: the sums of both sides when event time ends. */
export class SumOfBoth extends KeyedCoProcessFunction<string, Click, Click, unknown> {
  private left!: ValueState<number>;
  private right!: ValueState<number>;

  override open(): void {
    this.left = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("left"));
    this.right = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("right"));
  }

  override processElement1(click: Click, context: KeyedProcessContext<string>): void {
    this.left.update((this.left.value() ?? 0) + click.n);
    context.timerService().registerEventTimeTimer(START_MS + 3_600_000);
  }

  override processElement2(order: Click, context: KeyedProcessContext<string>): void {
    this.right.update((this.right.value() ?? 0) + order.n);
    context.timerService().registerEventTimeTimer(START_MS + 3_600_000);
  }

  override onTimer(_timestampMs: number, context: KeyedProcessContext<string>, out: Collector): void {
    out.collect({ user: context.getCurrentKey(), left: this.left.value(), right: this.right.value() });
  }
}

/** The canary: keeps its sum in a plain field, which dies with the task. The simulator has to catch it. */
export class ForgetfulSum extends KeyedProcessFunction<string, Click, unknown> {
  private readonly sums = new Map<string, number>();

  override processElement(click: Click, context: KeyedProcessContext<string>): void {
    this.sums.set(click.user, (this.sums.get(click.user) ?? 0) + click.n);
    context.timerService().registerEventTimeTimer(START_MS + 3_600_000);
  }

  override onTimer(_timestampMs: number, context: KeyedProcessContext<string>, out: Collector): void {
    out.collect({ user: context.getCurrentKey(), sum: this.sums.get(context.getCurrentKey()) ?? 0 });
  }
}

export function processJob(
  createFunction: () => KeyedProcessFunction<string, Click, unknown>,
  config: Partial<JobConfig> = {},
): JobProgram {
  return checkpointed((job) => {
    const guarantee = config.checkpointingMode === "AT_LEAST_ONCE" ? "AT_LEAST_ONCE" : "EXACTLY_ONCE";
    const counted = job.one(clicks(job), () => new KeyedProcessOperator(createFunction()), { name: "process" });
    job.kafkaSink(counted, "out", guarantee);
  }, config);
}

export function twoInputJob(): JobProgram {
  return checkpointed((job) => {
    const both = job.two(clicks(job), clicks(job, "orders"), () => new KeyedCoProcessOperator(new SumOfBoth()), { name: "both" });
    job.kafkaSink(both, "out", "EXACTLY_ONCE");
  });
}
