/** A job may end only when its last checkpoint, and none before it, has been committed. Found by the swarm (seed 452). */
import { describe, expect, it, vi } from "vitest";
import {
  Duration,
  json,
  KafkaSink,
  KafkaSource,
  type StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  WatermarkStrategy,
} from "../../src/index.ts";
import { committed, runJob, type TestWorld } from "../datastream/run-job.ts";

// Many runs: a second on a free machine, more on a busy one.
vi.setConfig({ testTimeout: 60_000 });

function sumsInTransactions(env: StreamExecutionEnvironment, from: "a topic" | "a bounded source"): void {
  const numbers =
    from === "a topic"
      ? env.fromSource(KafkaSource.builder<number>().setTopics("numbers").build(), WatermarkStrategy.noWatermarks(), "numbers")
      : env.fromSequence(1, 8);
  const sink = KafkaSink.builder<number>()
    .setRecordSerializer(json<number>("out"))
    .setDeliveryGuarantee("EXACTLY_ONCE")
    .setTransactionalIdPrefix("tx")
    .build();
  // The sums come when event time ends, and nothing but the last checkpoint can commit them.
  numbers
    .assignTimestampsAndWatermarks(WatermarkStrategy.forMonotonousTimestamps<number>().withTimestampAssigner((n) => n))
    .keyBy((n) => n % 4)
    .window(TumblingEventTimeWindows.of(Duration.ofHours(1)))
    .reduce((left, right) => left + right)
    .sinkTo(sink)
    .name("out");
}

/** The sink is slow, so checkpoints are completed and committed while the job is about to end. */
function world(intervalMs: number): TestWorld {
  return {
    input: { numbers: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => [n * 20, n] as const) },
    cluster: {
      taskManagers: 1,
      slotsPerTaskManager: 2,
      parallelism: 1,
      configuration: { "execution.checkpointing.interval": `${intervalMs} ms`, "execution.checkpointing.max-concurrent-checkpoints": "3" },
    },
    costsUs: { out: 3000 },
  };
}

describe.each(["a topic", "a bounded source"] as const)("a job that reads %s", (from) => {
  it("SINK-6: commits everything before it ends, however its checkpoints fall", () => {
    for (let intervalMs = 10; intervalMs < 100; intervalMs++) {
      const outcome = runJob((env) => sumsInTransactions(env, from), world(intervalMs));
      expect([...committed(outcome)].sort(), `a checkpoint every ${intervalMs} ms`).toEqual([10, 12, 6, 8]);
    }
  });
});

describe("a job with one source that has ended and one that has not", () => {
  const build = (env: StreamExecutionEnvironment) => {
    const numbers = env.fromSource(KafkaSource.builder<number>().setTopics("numbers").build(), WatermarkStrategy.noWatermarks(), "numbers");
    const sink = KafkaSink.builder<number>()
      .setRecordSerializer(json<number>("out"))
      .setDeliveryGuarantee("EXACTLY_ONCE")
      .setTransactionalIdPrefix("tx")
      .build();
    numbers.union(env.fromSequence(11, 14)).rebalance().sinkTo(sink);
  };

  it("SINK-6: can be drained after a restart, when the ended source is deployed as finished (found by the swarm, seed 2490)", () => {
    for (const checkpoint of [1, 2, 3, 4]) {
      const outcome = runJob(build, {
        ...world(100),
        faults: [{ kind: "crashTaskManager", taskManager: 0, when: { kind: "checkpoint", checkpoint, step: "completed" } }],
      });
      expect(
        committed(outcome)
          .map(Number)
          .sort((a, b) => a - b),
        `crash after checkpoint ${checkpoint}`,
      ).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14]);
      expect(outcome.restarts).toBeLessThanOrEqual(1);
    }
  });
});
