/** Jobs around a database, stopped with a savepoint and started again with other parallelisms. The database lives on. */
import { describe, expect, it, vi } from "vitest";
import type { JobProgram } from "../../../src/graph/stream-graph.ts";
import { datastreamProgram, Duration, RestartStrategies, StreamExecutionEnvironment } from "../../../src/index.ts";
import { type JobPhase, runUpgrade, type World } from "../../../src/sim.ts";
import { worldOf } from "../../datastream/run-job.ts";
import { busyShop, cdcSource, copyChanges, expectExactCopy } from "./cdc-jobs.ts";
import { databaseIn, drawFaults, drawWorld, exactlyOnce, orders, shop } from "./database-jobs.ts";
import { Prng } from "../../../src/base/prng.ts";

// Many runs per test: seconds on a free machine, more on a busy one.
vi.setConfig({ testTimeout: 120_000 });

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);

function program(describeJob: (env: StreamExecutionEnvironment) => void): JobProgram {
  return datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.enableCheckpointing(Duration.ofMillis(500));
    env.setRestartStrategy(RestartStrategies.fixedDelayRestart(1000, Duration.ofMillis(200)));
    describeJob(env);
    env.execute("rescaled");
  });
}

function phases(job: JobProgram, parallelisms: readonly number[]): JobPhase[] {
  return parallelisms.map((parallelism, index) => ({
    program: job,
    parallelism,
    downtimeMs: 100,
    ...(index < parallelisms.length - 1 ? { end: { kind: "stop", atMs: 1500 * (index + 1) } as const } : {}),
  }));
}

const cluster = { taskManagers: 2, slotsPerTaskManager: 4, parallelism: 1 };

describe("stop with savepoint, and start again", () => {
  it("CDC-2 the CDC source: every change once, in the chunks or after them", () => {
    const job = program((env) => copyChanges(env, cdcSource().splitSize(5).build()));
    for (const seed of SEEDS) {
      const world: World = worldOf({ seed, output: ["out"], systems: [busyShop(seed)], cluster, faults: drawFaults(new Prng(seed), 2) });
      const parallelisms = [
        [1, 3, 2],
        [3, 1, 2],
        [2, 4, 1],
      ][seed % 3];
      const { phases: done, outcome } = runUpgrade(phases(job, parallelisms), world);
      expect(
        done.map(({ status, failure }) => [status, failure?.message]),
        `seed ${seed}`,
      ).toHaveLength(3);
      expect(outcome.status, `seed ${seed}: ${outcome.failure?.message}`).toBe("finished");
      expectExactCopy(outcome, seed);
    }
  });

  it("JDBC-2 the XA sink: each row once with more writers, and no way to fewer", () => {
    const job = program((env) => void orders(env).sinkTo(exactlyOnce()));
    for (const seed of SEEDS) {
      const { input } = drawWorld(seed, [], false);
      const systems = [shop({ settings: { maxPreparedTransactions: 20 } })];
      const world: World = worldOf({
        seed,
        input: input ?? {},
        partitions: 3,
        output: [],
        systems,
        cluster,
        faults: drawFaults(new Prng(seed), 2),
      });
      const { outcome } = runUpgrade(phases(job, [1, 2, 3]), world);
      expect(outcome.status, `seed ${seed}: ${outcome.failure?.message}`).toBe("finished");
      const { tables, preparedTransactions } = databaseIn(outcome);
      expect(tables[0].rows.length, `seed ${seed}`).toBe(120);
      expect(new Set(tables[0].writes)).toEqual(new Set([1]));
      expect(preparedTransactions).toEqual([]);
    }
    const { input } = drawWorld(1, [], false);
    const world = worldOf({
      input: input ?? {},
      partitions: 3,
      output: [],
      systems: [shop({ settings: { maxPreparedTransactions: 20 } })],
      cluster,
    });
    const { outcome } = runUpgrade(phases(job, [3, 1]), world);
    expect(outcome).toMatchObject({
      status: "failed",
      failure: { code: "JDBC_XA_SCALED_DOWN", message: "more than one state to recover" },
    });
  });
});
