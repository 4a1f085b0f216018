/**
 * Draws the faults of a world, the swarm's way: each kind of fault is in or out first, then a number of faults of the kinds that are in.
 * Worlds with every fault at once all look alike; what a bug needs is often that something does *not* happen.
 */
import type { Prng } from "../../base/prng.ts";
import type { SystemDescription } from "../../connectors/systems/outside-system.ts";
import type { CheckpointStep } from "../../flow/checkpoint-step.ts";
import type { Fault, FaultTrigger } from "../world.ts";
import { SWARM_PARALLELISM } from "./draw-cluster.ts";
import { systemFaultsOf } from "./draw-system-faults.ts";
import type { SwarmWorkload } from "./workload.ts";

/** The world for which faults are drawn. */
export interface FaultScene {
  readonly startMs: number;
  /** From the start to the last arrival. */
  readonly spanMs: number;
  readonly faultsEndMs: number;
  readonly events: number;
  readonly taskManagers: number;
  readonly partitions: number;
  readonly workload: SwarmWorkload;
  /** Those of the workload. */
  readonly systems: readonly SystemDescription[];
}

type Draw = (random: Prng, scene: FaultScene) => Fault | readonly Fault[];

/** The name of the file system with the checkpoints, in every world of a swarm. */
export const SWARM_DISK = "checkpoints";

const DRAWS: Readonly<Partial<Record<Fault["kind"], Draw>>> = {
  crashTaskManager: (random, scene) => ({
    kind: "crashTaskManager",
    taskManager: random.nextInt(scene.taskManagers),
    when: anyTrigger(random, scene),
  }),
  crashJobManager: (random, scene) => ({ kind: "crashJobManager", when: anyTrigger(random, scene) }),
  breakConnection: (random, scene) => ({ kind: "breakConnection", ...connection(random, scene), when: anyTrigger(random, scene) }),
  slowConnection: (random, scene) => ({
    kind: "slowConnection",
    ...connection(random, scene),
    latencyMs: 1 + random.nextInt(800),
    forMs: 100 + random.nextInt(scene.spanMs),
    when: anyTrigger(random, scene),
  }),
  silentPartition: (random, scene) => ({
    kind: "silentPartition",
    ...inputPartition(random, scene),
    forMs: 100 + random.nextInt(6000),
    when: anyTrigger(random, scene),
  }),
  // For good: a clock that is set back makes late what comes then, and how late depends on the schedule.
  clockAhead: (random, scene) => ({
    kind: "clockAhead",
    ...inputPartition(random, scene),
    byMs: 1 + random.nextInt(20_000),
    forMs: scene.spanMs + 1,
    field: "atMs",
    when: atSomeTime(random, scene),
  }),
  restartFromSavepoint: (random, scene) => ({
    kind: "restartFromSavepoint",
    ...(random.nextInt(3) > 0 ? { parallelism: 1 + random.nextInt(SWARM_PARALLELISM) } : {}),
    savepointFormat: random.nextInt(2) === 0 ? "canonical" : "native",
    when: anyTrigger(random, scene),
  }),
  // A disk that stays full, or slow, would let no job come to its end.
  system: (random, scene) => {
    const { startMs, spanMs, faultsEndMs } = scene;
    const fromMs = startMs + random.nextInt(spanMs + 1);
    const untilMs = Math.min(fromMs + 100 + random.nextInt(3000), faultsEndMs - 1);
    if (fromMs >= untilMs) return [];
    const isFull = random.nextInt(2) === 0;
    const worse = isFull ? { what: "full" } : { what: "slow", factor: 10 ** (1 + random.nextInt(4)) };
    const well = isFull ? { what: "free" } : { what: "slow", factor: 1 };
    return [
      { kind: "system", system: SWARM_DISK, action: worse, when: { kind: "atMs", atMs: fromMs } },
      { kind: "system", system: SWARM_DISK, action: well, when: { kind: "atMs", atMs: untilMs } },
    ];
  },
  broker: (random, scene) => ({ kind: "broker", action: brokerAction(random, scene), when: anyTrigger(random, scene) }),
};

/** What strikes topics that the job reads. */
const OF_INPUT_TOPICS: readonly Fault["kind"][] = ["silentPartition", "clockAhead", "broker"];

/** Up to eight faults, a few of which come in pairs, for a world. */
export function drawFaults(random: Prng, scene: FaultScene): Fault[] {
  const { unfit = [], unfitForSystems = [], ownFaults = [] } = scene.workload;
  const excluded = scene.workload.inputs.length === 0 ? [...unfit, ...OF_INPUT_TOPICS] : unfit;
  const draws = Object.entries(DRAWS).flatMap(([kind, draw]) => (excluded.includes(kind as Fault["kind"]) ? [] : [draw]));
  for (const system of scene.systems) {
    for (const [what, draw] of systemFaultsOf(system)) {
      if (unfitForSystems.includes(what)) continue;
      draws.push((own) => ({ kind: "system", system: system.name, action: { what, ...draw(own) }, when: anyTrigger(own, scene) }));
    }
  }
  for (const fault of ownFaults) draws.push((own) => ({ ...fault, when: anyTrigger(own, scene) }));
  const chosen = draws.filter(() => random.nextInt(100) < 40);
  if (chosen.length === 0) chosen.push(draws[random.nextInt(draws.length)]);
  const count = 1 + random.nextInt(8);
  return Array.from({ length: count }, () => chosen[random.nextInt(chosen.length)](random, scene)).flat();
}

function connection(random: Prng, { taskManagers }: FaultScene): { readonly from: number; readonly to: number } {
  return { from: random.nextInt(taskManagers), to: random.nextInt(taskManagers) };
}

function inputPartition(random: Prng, { workload, partitions }: FaultScene): { readonly topic: string; readonly partition: number } {
  const { inputs } = workload;
  return { topic: inputs[random.nextInt(inputs.length)].topic, partition: random.nextInt(partitions) };
}

/** What a broker does to transactions that are promised already costs data, in Kafka too: only the others are struck. */
function brokerAction(random: Prng, scene: FaultScene): Extract<Fault, { readonly kind: "broker" }>["action"] {
  switch (random.nextInt(3)) {
    case 0:
      return { what: "fenceProducer", transactions: "writing" };
    case 1:
      return { what: "expireTransactions", transactions: "writing" };
    default:
      return { what: "partitionUnavailable", ...inputPartition(random, scene), forMs: 100 + random.nextInt(4000) };
  }
}

function anyTrigger(random: Prng, scene: FaultScene): FaultTrigger {
  switch (random.nextInt(4)) {
    case 0:
      return atSomeTime(random, scene);
    case 1:
      return { kind: "afterRecords", records: 1 + random.nextInt(Math.ceil(scene.events * 1.5)) };
    case 2:
      return { kind: "checkpoint", checkpoint: 1 + random.nextInt(6), step: COARSE_STEPS[random.nextInt(COARSE_STEPS.length)] };
    default:
      return fineStep(random);
  }
}

function atSomeTime(random: Prng, { startMs, spanMs }: FaultScene): FaultTrigger {
  return { kind: "atMs", atMs: startMs + random.nextInt(spanMs + 1000) };
}

const COARSE_STEPS = ["triggered", "barrier", "acked", "completed", "committed"] as const;
const FINE_STEPS: readonly CheckpointStep[] = [
  ...(["trigger", "barrier", "snapshot", "ack", "complete", "notify", "committed"] as const),
  ...(["begin", "write", "flush", "preCommit", "commit", "abort"] as const),
];

/** Any point of any checkpoint, or of one; of any task. */
function fineStep(random: Prng): FaultTrigger {
  const step = FINE_STEPS[random.nextInt(FINE_STEPS.length)];
  return {
    kind: "step",
    step,
    at: step === "committed" || random.nextInt(2) === 0 ? "after" : "before",
    ...(random.nextInt(2) === 0 ? { checkpoint: 1 + random.nextInt(6) } : {}),
    ...(random.nextInt(3) === 0 ? { subtask: random.nextInt(3) } : {}),
    occurrence: 1 + random.nextInt(step === "write" ? 30 : 6),
  };
}
