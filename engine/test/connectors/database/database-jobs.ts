/** Jobs around a database, and worlds to run them in. */
import { Prng } from "../../../src/base/prng.ts";
import {
  datastreamProgram,
  Duration,
  JdbcConnectionOptions,
  JdbcExactlyOnceOptions,
  JdbcExecutionOptions,
  JdbcSink,
  KafkaSource,
  PGXADataSource,
  RestartStrategies,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "../../../src/index.ts";
import {
  type DatabaseDescription,
  type DatabaseOutcome,
  type Fault,
  type RunOutcome,
  runWorld,
  type SystemDescription,
  type World,
} from "../../../src/sim.ts";
import { type TestWorld, worldOf } from "../../datastream/run-job.ts";

export const URL = "jdbc:postgresql://localhost:5432/shop";

export type Order = {
  readonly id: number;
  readonly item: string;
  readonly amount: number;
};

export const INSERT = "INSERT INTO orders (id, item, amount) VALUES (?, ?, ?)";
export const UPSERT = `${INSERT} ON CONFLICT (id) DO UPDATE SET item = EXCLUDED.item, amount = EXCLUDED.amount`;

export function orderSink(statement: string) {
  return JdbcSink.builder<Order>().withQueryStatement(statement, (prepared, order) => {
    prepared.setInt(1, order.id);
    prepared.setString(2, order.item);
    prepared.setInt(3, order.amount);
  });
}

export function connectionOptions() {
  return new JdbcConnectionOptions.JdbcConnectionOptionsBuilder().withUrl(URL).withDriverName("org.postgresql.Driver").build();
}

export function exactlyOnce(
  statement = INSERT,
  batchSize = 5000,
  options = JdbcExactlyOnceOptions.builder().withTransactionPerConnection(true).build(),
) {
  return orderSink(statement)
    .withExecutionOptions(JdbcExecutionOptions.builder().withMaxRetries(0).withBatchSize(batchSize).build())
    .buildExactlyOnce(options, () => {
      const source = new PGXADataSource();
      source.setUrl(URL);
      return source;
    });
}

export function atLeastOnce(statement: string, execution = JdbcExecutionOptions.defaults()) {
  return orderSink(statement).withExecutionOptions(execution).buildAtLeastOnce(connectionOptions());
}

export function orders(env: StreamExecutionEnvironment) {
  return env.fromSource(KafkaSource.builder<Order>().setTopics("orders").build(), WatermarkStrategy.noWatermarks<Order>(), "orders");
}

/** Runs a job with checkpoints; it restarts as often as it has to. */
export function runDatabaseJob(describe: (env: StreamExecutionEnvironment) => void, world: TestWorld, checkpointMs = 500): RunOutcome {
  const program = datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    if (checkpointMs > 0) env.enableCheckpointing(Duration.ofMillis(checkpointMs));
    env.setRestartStrategy(RestartStrategies.fixedDelayRestart(1000, Duration.ofMillis(200)));
    describe(env);
    env.execute("database job");
  });
  return runWorld(program, worldOf({ output: [], ...world }));
}

export function shop(description: Partial<Omit<DatabaseDescription, "kind" | "name">> = {}): DatabaseDescription {
  const columns = { id: "integer not null", item: "text", amount: "integer" };
  return { kind: "postgres", name: "shop", tables: [{ name: "orders", columns, primaryKey: ["id"] }], ...description };
}

/** What is in the shop's database at the end. */
export function databaseIn(outcome: RunOutcome, name = "shop"): DatabaseOutcome {
  const system = outcome.systems.find((candidate) => candidate.name === name);
  if (system === undefined) throw new Error(`no system "${name}" in the outcome`);
  return system.contents as DatabaseOutcome;
}

export function finished(outcome: RunOutcome): RunOutcome {
  if (outcome.status !== "finished") throw new Error(`the run ended as ${outcome.status}: ${JSON.stringify(outcome.failure)}`);
  return outcome;
}

/** Crashes and faults of the database, drawn from a seed. */
export function drawFaults(
  random: Prng,
  taskManagers: number,
  database: readonly string[] = ["connectionsLost", "restart", "loseReplies", "slow"],
): Fault[] {
  const steps = ["triggered", "barrier", "acked", "completed", "committed"] as const;
  return Array.from({ length: 1 + random.nextInt(4) }, (): Fault => {
    const trigger = random.nextInt(3);
    const when =
      trigger === 0
        ? ({ kind: "atMs", atMs: random.nextInt(6000) } as const)
        : trigger === 1
          ? ({ kind: "afterRecords", records: 1 + random.nextInt(150) } as const)
          : ({ kind: "checkpoint", checkpoint: 1 + random.nextInt(8), step: steps[random.nextInt(steps.length)] } as const);
    const what = random.nextInt(5);
    if (what === 0) return { kind: "crashJobManager", when };
    if (what <= 2) return { kind: "crashTaskManager", taskManager: random.nextInt(taskManagers), when };
    if (database.length === 0) return { kind: "crashTaskManager", taskManager: 0, when };
    return {
      kind: "system",
      system: "shop",
      action: { what: database[random.nextInt(database.length)], downMs: 300, forMs: 500, factor: 5 },
      when,
    };
  });
}

/** A world with orders in a topic, faults unless told otherwise, and systems. */
export function drawWorld(
  seed: number,
  systems: readonly SystemDescription[],
  faults: boolean,
  database?: readonly string[],
): TestWorld & Pick<World, "seed"> {
  const random = new Prng(seed).fork("world");
  const taskManagers = 1 + random.nextInt(3);
  const parallelism = 1 + random.nextInt(3);
  let nowMs = 0;
  const rows = Array.from({ length: 120 }, (_, index): readonly [number, Order, number] => {
    nowMs += random.nextInt(80);
    return [nowMs, { id: index, item: `i${random.nextInt(5)}`, amount: random.nextInt(100) }, index % 3];
  });
  return {
    seed,
    input: { orders: rows },
    partitions: 3,
    cluster: { taskManagers, slotsPerTaskManager: 3, parallelism },
    systems,
    faults: faults ? drawFaults(random.fork("faults"), taskManagers, database) : [],
    limits: { maxVirtualMs: 600_000, maxSteps: 5_000_000, maxOutputRecords: 200_000, maxRestarts: 1000 },
  };
}
