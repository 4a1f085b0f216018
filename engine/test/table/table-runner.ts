/** Programs of the Table API over two streams, `clicks` and `users`, and what they print. */
import {
  datastreamProgram,
  DataTypes,
  Row,
  Schema,
  StreamExecutionEnvironment,
  StreamTableEnvironment,
  type Table,
  WatermarkStrategy,
} from "../../src/index.ts";
import type { RunOutcome } from "../../src/sim.ts";
import { runWorld } from "../../src/sim.ts";
import { type TestWorld, worldOf } from "../datastream/run-job.ts";

export interface Click {
  readonly uid: string | null;
  readonly n: number;
  readonly at: number;
}

const MINUTE = 60_000;

export const CLICKS: readonly Click[] = [
  { uid: "ann", n: 3, at: 0 },
  { uid: "bob", n: 1, at: 1 * MINUTE },
  { uid: "ann", n: 5, at: 2 * MINUTE },
  { uid: null, n: 7, at: 4 * MINUTE },
  { uid: "bob", n: 1, at: 11 * MINUTE },
  { uid: "ann", n: 2, at: 12 * MINUTE },
];

export function prepared(tEnv: StreamTableEnvironment, env: StreamExecutionEnvironment): void {
  const clicks = env
    .fromData(CLICKS)
    .assignTimestampsAndWatermarks(WatermarkStrategy.forMonotonousTimestamps<Click>().withTimestampAssigner((click) => click.at));
  const schema = Schema.newBuilder()
    .column("uid", DataTypes.STRING())
    .column("n", "INT")
    .columnByMetadata("ts", DataTypes.TIMESTAMP_LTZ(3), "rowtime")
    .columnByExpression("pt", "PROCTIME()")
    .watermark("ts", "SOURCE_WATERMARK()")
    .build();
  tEnv.createTemporaryView("clicks", clicks, schema);
  const users = env.fromData([Row.of("ann", "DE"), Row.of("bob", "US"), Row.of("eve", "DE")]);
  tEnv.createTemporaryView("users", users, Schema.newBuilder().column("name", "STRING").column("country", "STRING NOT NULL").build());
}

export interface TableRun extends TestWorld {
  readonly settings?: Readonly<Record<string, string>>;
}

/** Runs a program that ends with its own `execute`. */
export function runProgram(
  describe: (tEnv: StreamTableEnvironment, env: StreamExecutionEnvironment) => void,
  { settings = {}, ...world }: TableRun = {},
): RunOutcome {
  const program = datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    const tEnv = StreamTableEnvironment.create(env);
    for (const [key, value] of Object.entries(settings)) tEnv.getConfig().set(key, value);
    prepared(tEnv, env);
    describe(tEnv, env);
  });
  return runWorld(program, worldOf(world));
}

/** The lines that a table prints, in their order. */
export function changelog(build: (tEnv: StreamTableEnvironment) => Table, run: TableRun = {}): readonly string[] {
  const outcome = runProgram((tEnv) => void build(tEnv).execute(), run);
  return printed(outcome);
}

export function printed(outcome: RunOutcome): readonly string[] {
  if (outcome.status !== "finished") throw new Error(`${outcome.status}: ${outcome.failure?.message}`);
  return outcome.printed;
}
