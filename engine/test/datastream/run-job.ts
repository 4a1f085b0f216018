import { datastreamProgram, StreamExecutionEnvironment } from "../../src/index.ts";
import { type Arrival, DEFAULT_LIMITS, type RunOptions, type RunOutcome, runWorld, type World } from "../../src/sim.ts";

/** One record: when it arrives, its value, and its partition (0 unless given). */
export type Row = readonly [atMs: number, value: unknown, partition?: number];

export interface TestWorld extends Partial<Omit<World, "topics">> {
  /** Input topics by name. */
  readonly input?: Readonly<Record<string, readonly Row[]>>;
  /** Output topics. */
  readonly output?: readonly string[];
  readonly partitions?: number;
}

export function worldOf({ input = {}, output = ["out"], partitions = 1, ...rest }: TestWorld): World {
  const arrivals = (rows: readonly Row[]): Arrival[] => rows.map(([atMs, value, partition = 0]) => ({ atMs, partition, key: null, value }));
  return {
    seed: 1,
    startMs: 0,
    cluster: { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 1 },
    faults: [],
    end: { kind: "drain" },
    limits: DEFAULT_LIMITS,
    costsUs: {},
    topics: [
      ...Object.entries(input).map(([name, rows]) => ({ name, partitions, arrivals: arrivals(rows) })),
      ...output.map((name) => ({ name, partitions: 1, arrivals: [] })),
    ],
    ...rest,
  };
}

/** Runs a program that describes its job in `describe` in a world; `execute` is called for it. */
export function runJob(describe: (env: StreamExecutionEnvironment) => void, world: TestWorld, options?: RunOptions): RunOutcome {
  const program = datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    describe(env);
    env.execute("test");
  });
  return runWorld(program, worldOf(world), options);
}

/** Committed values of a topic, in the order in which they became visible. */
export function committed(outcome: RunOutcome, topic = "out"): unknown[] {
  if (outcome.status !== "finished") throw new Error(`the run ended as ${outcome.status}: ${JSON.stringify(outcome.failure)}`);
  const records = outcome.topics.find(({ name }) => name === topic)?.records ?? [];
  return records.filter((record) => record.committedAtMs !== null).map((record) => record.value);
}

/** For comparing outputs whose order is not a contract. */
export function sorted(values: readonly unknown[]): string[] {
  return values.map((value) => JSON.stringify(value)).sort();
}
