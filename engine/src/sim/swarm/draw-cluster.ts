/** Draws the cluster of a world: its shape, the speed of its operators, and Flink's settings where a program says nothing. */
import type { Prng } from "../../base/prng.ts";
import type { WorldCluster } from "../world.ts";

/** No job of a swarm is wider, so that sources always have a partition for each subtask. */
export const SWARM_PARALLELISM = 3;

/** @param fixed settings that are not to be drawn. */
export function drawCluster(random: Prng, fixed: Readonly<Record<string, string>>): WorldCluster {
  const chance = (percent: number) => random.nextInt(100) < percent;
  const parallelism = 1 + random.nextInt(SWARM_PARALLELISM);
  return {
    taskManagers: 1 + random.nextInt(3),
    slotsPerTaskManager: SWARM_PARALLELISM,
    parallelism,
    ...(chance(50) ? { channelCapacity: 2 + random.nextInt(14) } : {}),
    configuration: { ...drawSettings(random.fork("settings")), ...fixed },
  };
}

/** Virtual cost of a record in microseconds: nothing costs anything (large batches), little, much, or one operator is slow. */
export function drawCosts(random: Prng): Readonly<Record<string, number>> {
  const costs = [{ "*": 0 }, {}, { "*": 100 }, { "*": 1000 }, { "*": 5000 }, { out: 2000 }] as const;
  return costs[random.nextInt(costs.length)];
}

function drawSettings(random: Prng): Record<string, string> {
  const chance = (percent: number) => random.nextInt(100) < percent;
  const ms = (least: number, more: number) => `${least + random.nextInt(more)} ms`;
  return {
    ...drawCheckpointing(random.fork("checkpointing")),
    ...drawRestarts(random.fork("restarts")),
    "state.backend.type": chance(50) ? "rocksdb" : "hashmap",
    "pipeline.auto-watermark-interval": chance(50) ? "200 ms" : ms(10, 500),
    ...(chance(25) ? { "pipeline.object-reuse": "true" } : {}),
    ...(chance(25) ? { "pipeline.operator-chaining.enabled": "false" } : {}),
    ...(chance(25) ? { "pipeline.max-parallelism": String(SWARM_PARALLELISM + random.nextInt(10)) } : {}),
    ...(chance(25) ? { "jobmanager.execution.failover-strategy": chance(50) ? "region" : "full" } : {}),
  };
}

function drawCheckpointing(random: Prng): Record<string, string> {
  const chance = (percent: number) => random.nextInt(100) < percent;
  const key = (name: string) => `execution.checkpointing.${name}`;
  const unaligned = chance(40);
  return {
    [key("interval")]: `${50 + random.nextInt(chance(50) ? 500 : 3000)} ms`,
    ...(chance(30) ? { [key("min-pause")]: `${random.nextInt(600)} ms` } : {}),
    // Never shorter than the longest backlog takes: a job that cannot keep up with its timeout starts anew for ever, in Flink too.
    ...(chance(25)
      ? { [key("timeout")]: `${10 + random.nextInt(10)} s`, [key("tolerable-failed-checkpoints")]: String(random.nextInt(4)) }
      : {}),
    // Flink refuses several unaligned checkpoints at a time.
    ...(!unaligned && chance(25) ? { [key("max-concurrent-checkpoints")]: String(2 + random.nextInt(2)) } : {}),
    ...(unaligned ? { [key("unaligned.enabled")]: "true" } : {}),
    ...(unaligned && chance(50) ? { [key("aligned-checkpoint-timeout")]: `${random.nextInt(400)} ms` } : {}),
    ...(chance(30) ? { [key("incremental")]: "true" } : {}),
    ...(chance(30) ? { [key("storage")]: chance(50) ? "jobmanager" : "filesystem" } : {}),
    ...(unaligned && chance(40) ? { [key("unaligned.recover-output-on-downstream.enabled")]: "true" } : {}),
    ...(unaligned && chance(40) ? { [key("during-recovery.enabled")]: "true" } : {}),
  };
}

/** Strategies that do not give up: a job must come to its end once the faults have. */
function drawRestarts(random: Prng): Record<string, string> {
  const delay = `${10 + random.nextInt(1000)} ms`;
  switch (random.nextInt(3)) {
    case 0:
      return {
        "restart-strategy.type": "fixed-delay",
        "restart-strategy.fixed-delay.attempts": "100000",
        "restart-strategy.fixed-delay.delay": delay,
      };
    case 1:
      return {
        "restart-strategy.type": "exponential-delay",
        "restart-strategy.exponential-delay.initial-backoff": delay,
        "restart-strategy.exponential-delay.max-backoff": "3 s",
      };
    default:
      return {
        "restart-strategy.type": "failure-rate",
        "restart-strategy.failure-rate.max-failures-per-interval": "100000",
        "restart-strategy.failure-rate.failure-rate-interval": "1 min",
        "restart-strategy.failure-rate.delay": delay,
      };
  }
}
