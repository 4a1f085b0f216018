import { describe, expect, it, vi } from "vitest";
import { datastreamProgram, Duration, RestartStrategies, StreamExecutionEnvironment } from "../../../src/index.ts";
import { type DebeziumDescription, runWorld } from "../../../src/sim.ts";
import { worldOf } from "../../datastream/run-job.ts";
import { busyShop, cdcSource, copyChanges } from "./cdc-jobs.ts";
import { drawWorld, exactlyOnce, orders } from "./database-jobs.ts";

// Many runs per test: seconds on a free machine, more on a busy one.
vi.setConfig({ testTimeout: 120_000 });

const CONNECTOR: DebeziumDescription = { kind: "debezium", name: "connector", database: "shop", topicPrefix: "shop", pollIntervalMs: 50 };

/** The table's changes into a topic, and orders from a topic into the table. */
const program = datastreamProgram(() => {
  const env = StreamExecutionEnvironment.getExecutionEnvironment();
  env.enableCheckpointing(Duration.ofMillis(500));
  env.setRestartStrategy(RestartStrategies.fixedDelayRestart(1000, Duration.ofMillis(200)));
  copyChanges(env, cdcSource().splitSize(7).build());
  orders(env)
    .map((order) => ({ ...order, id: order.id + 1_000_000 }))
    .sinkTo(exactlyOnce());
  env.execute("both ways");
});

describe("worlds with databases", () => {
  const worldFor = (seed: number) =>
    worldOf({
      ...drawWorld(seed, [busyShop(seed, { maxPreparedTransactions: 20 }), CONNECTOR], true),
      output: ["out", "shop.public.orders"],
    });

  it("give the same bytes for the same seed, recorded or not", () => {
    const fingerprints = new Set<string>();
    for (let seed = 1; seed <= 4; seed++) {
      const first = runWorld(program, worldFor(seed), { record: true });
      expect(first.status, `seed ${seed}: ${first.failure?.message}`).toBe("finished");
      expect(JSON.stringify(runWorld(program, worldFor(seed), { record: true }))).toBe(JSON.stringify(first));
      expect({ ...runWorld(program, worldFor(seed)) }).toEqual({ ...first, recording: null });
      expect(first.recording?.events.some(({ kind }) => kind === "system")).toBe(true);
      fingerprints.add(first.fingerprint);
    }
    expect(fingerprints.size).toBe(4);
  });
});
