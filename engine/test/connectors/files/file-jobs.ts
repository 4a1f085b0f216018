/** Jobs that write and read files, and worlds for them. */
import {
  Duration,
  FileSink,
  KafkaSource,
  RestartStrategies,
  type RollingPolicy,
  SimpleStringEncoder,
  StreamExecutionEnvironment,
  WatermarkStrategy,
  datastreamProgram,
} from "../../../src/index.ts";
import {
  type BucketOutcome,
  DEFAULT_LIMITS,
  type Fault,
  type FileOutcome,
  Prng,
  type RunOutcome,
  type SystemDescription,
  type World,
} from "../../../src/sim.ts";

export interface Order {
  readonly id: number;
  readonly country: string;
}

export function program(describe: (env: StreamExecutionEnvironment) => void) {
  return datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    describe(env);
    env.execute("test");
  });
}

export function checkpointed(env: StreamExecutionEnvironment, intervalMs = 1000): void {
  env.enableCheckpointing(intervalMs);
  env.setRestartStrategy(RestartStrategies.fixedDelayRestart(50, Duration.ofMillis(300)));
}

export function ordersOf(env: StreamExecutionEnvironment) {
  return env.fromSource(KafkaSource.builder<Order>().setTopics("orders").build(), WatermarkStrategy.noWatermarks(), "orders");
}

/** Writes orders as JSON lines, by country. */
export function fileJob(basePath: string, policy?: RollingPolicy<Order>) {
  return program((env) => {
    checkpointed(env);
    const builder = FileSink.forRowFormat<Order>(basePath, new SimpleStringEncoder<Order>())
      .withBucketAssigner({ getBucketId: (order) => order.country })
      .withBucketCheckInterval(500);
    if (policy !== undefined) builder.withRollingPolicy(policy);
    ordersOf(env).rebalance().sinkTo(builder.build());
  });
}

export const START_MS = Date.UTC(2026, 0, 1);

export function orderWorld(
  systems: readonly SystemDescription[],
  {
    seed = 1,
    faults = [],
    count = 60,
    parallelism = 2,
  }: { seed?: number; faults?: readonly Fault[]; count?: number; parallelism?: number } = {},
): World {
  const random = new Prng(seed).fork("orders");
  const arrivals = Array.from({ length: count }, (_, id) => ({
    atMs: START_MS + id * 100,
    partition: id % 2,
    key: null,
    value: { id, country: ["de", "fr", "it"][random.nextInt(3)] } satisfies Order,
  }));
  return {
    seed,
    startMs: START_MS,
    topics: [{ name: "orders", partitions: 2, arrivals }],
    systems,
    cluster: { taskManagers: 2, slotsPerTaskManager: 2, parallelism },
    faults,
    end: { kind: "drain" },
    limits: DEFAULT_LIMITS,
    costsUs: {},
  };
}

/** Crashes drawn from the seed, at any time and step. */
export function drawCrashes(seed: number): Fault[] {
  const random = new Prng(seed).fork("crashes");
  const steps = ["triggered", "barrier", "acked", "completed", "committed"] as const;
  return Array.from({ length: 1 + random.nextInt(3) }, (): Fault => {
    const when =
      random.nextInt(2) === 0
        ? ({ kind: "atMs", atMs: START_MS + random.nextInt(7000) } as const)
        : ({ kind: "checkpoint", checkpoint: 1 + random.nextInt(6), step: steps[random.nextInt(steps.length)] } as const);
    return random.nextInt(4) === 0 ? { kind: "crashJobManager", when } : { kind: "crashTaskManager", taskManager: random.nextInt(2), when };
  });
}

export function finished(outcome: RunOutcome): RunOutcome {
  if (outcome.status !== "finished") throw new Error(`the run ended as ${outcome.status}: ${JSON.stringify(outcome.failure)}`);
  return outcome;
}

export function contentsOf<C>(outcome: RunOutcome, name: string): C {
  const system = outcome.systems.find((candidate) => candidate.name === name);
  if (system === undefined) throw new Error(`the world has no ${name}`);
  return system.contents as C;
}

export function filesOf(outcome: RunOutcome, name = "disk"): readonly FileOutcome[] {
  return contentsOf<{ readonly files: readonly FileOutcome[] }>(outcome, name).files;
}

export function bucketOf(outcome: RunOutcome, bucket = "lake"): BucketOutcome {
  const { buckets } = contentsOf<{ readonly buckets: readonly BucketOutcome[] }>(outcome, "s3");
  return buckets.find(({ name }) => name === bucket) as BucketOutcome;
}

/** Ids in all visible files. */
export function idsOf(files: readonly { readonly content: string }[]): number[] {
  return files
    .flatMap(({ content }) => content.split("\n"))
    .filter((line) => line.startsWith("{") && line.includes('"id"'))
    .map((line) => (JSON.parse(line) as Order).id)
    .sort((a, b) => a - b);
}

export const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
