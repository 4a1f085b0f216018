/**
 * A world drawn from one seed: what comes in, the cluster, its settings, and what breaks. Same seed and workload, same world; each part is
 * drawn from a fork of the seed, so a new choice in one part leaves the others as they were.
 *
 * The life of such a world has two phases. Until `faultsEndMs` faults strike; then nothing does any more, and within `LIVENESS_MS` the job
 * must have read everything, and ended.
 */
import { Prng } from "../../base/prng.ts";
import type { ServiceDescription } from "../../connectors/service/service-description.ts";
import type { SystemDescription } from "../../connectors/systems/outside-system.ts";
import { CHECKPOINT_DISK } from "../checkpoint-disk.ts";
import { DEFAULT_LIMITS, type World } from "../world.ts";
import { drawArrivals, drawArrivalStyle } from "./draw-arrivals.ts";
import { drawCluster, drawCosts, SWARM_PARALLELISM } from "./draw-cluster.ts";
import { drawFaults, SWARM_DISK } from "./draw-faults.ts";
import type { DrawnSystem, SwarmWorkload } from "./workload.ts";

export const SWARM_START_MS = Date.UTC(2026, 0, 5, 10);
/** Virtual time within which a job must have come to its end once nothing strikes any more. */
const LIVENESS_MS = 180_000;
/** A world of a swarm is small: more steps mean that something goes round in circles. */
const MAX_STEPS = 400_000;

/** The world of a seed. */
export function drawWorld(seed: number, workload: SwarmWorkload): World {
  const random = new Prng(seed).fork("swarm");
  const startMs = SWARM_START_MS;
  const style = drawArrivalStyle(random.fork("style"), SWARM_PARALLELISM);
  const inputs = workload.inputs.map((input) => drawArrivals(random.fork(`arrivals/${input.topic}`), startMs, style, input));
  const outputs = workload.outputs.map((name) => ({ name, partitions: 1 + random.fork(name).nextInt(3), arrivals: [] }));
  const cluster = drawCluster(random.fork("cluster"), workload.configuration ?? {});
  const fed = (workload.systems ?? []).map((system) => {
    if (!isDrawn(system)) return { system, arrivals: [] };
    const input = { topic: system.name, ...(system.share === undefined ? {} : { share: system.share }) };
    const { arrivals } = drawArrivals(random.fork(`system/${system.name}`), startMs, style, input);
    return { system: system.describe(arrivals, random.fork(`contents/${system.name}`)), arrivals };
  });
  const systems = fed.map(({ system }) => system);
  const feeds = [...inputs, ...fed];
  const spanMs = Math.max(...feeds.map(({ arrivals }) => arrivals.at(-1)?.atMs ?? startMs)) - startMs;
  const faultsEndMs = startMs + spanMs + random.fork("end").nextInt(8000);
  const scene = {
    startMs,
    spanMs,
    faultsEndMs,
    events: feeds.reduce((sum, { arrivals }) => sum + arrivals.length, 0),
    taskManagers: cluster.taskManagers,
    partitions: style.partitions,
    workload,
    systems,
  };
  return {
    seed,
    startMs,
    topics: [...inputs, ...outputs],
    ...(workload.services === undefined ? {} : { services: workload.services }),
    systems: [{ kind: CHECKPOINT_DISK, name: SWARM_DISK }, ...systems],
    cluster,
    faults: drawFaults(random.fork("faults"), scene),
    faultsEndMs,
    end: { kind: "drain" },
    limits: { ...DEFAULT_LIMITS, maxVirtualMs: faultsEndMs - startMs + LIVENESS_MS, maxSteps: MAX_STEPS, maxRestarts: 1000 },
    costsUs: drawCosts(random.fork("costs")),
  };
}

function isDrawn(system: SystemDescription | DrawnSystem): system is DrawnSystem {
  return "describe" in system;
}

/**
 * The same input where nothing breaks, on one subtask and flat out: what comes out is what every other run has to give. What was sent with
 * a wrong clock stays so, since that is part of the input.
 */
export function quietWorld(world: World): World {
  return {
    ...world,
    ...(world.services === undefined ? {} : { services: world.services.map(quietService) }),
    cluster: { taskManagers: 1, slotsPerTaskManager: 8, parallelism: 1 },
    faults: world.faults.filter(({ kind }) => kind === "clockAhead"),
    costsUs: { "*": 0 },
  };
}

/** It answers at once, and always. */
function quietService({ name, rows, topic }: ServiceDescription): ServiceDescription {
  return { name, ...(rows === undefined ? {} : { rows }), ...(topic === undefined ? {} : { topic }), latencyMs: { min: 0, max: 0 } };
}
