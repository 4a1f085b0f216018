/** What work costs in virtual time, and how tasks share it. */
import type { CostModel, TaskTiming } from "../runtime/task-host.ts";

const DEFAULT_COST_US = 10;

/** Costs are given by operator name, as in the job graph ("out: Writer") or as in the program ("out"); "*" is everything else. */
export function costModelOf(costsUs: Readonly<Record<string, number>>): CostModel {
  const fallback = costsUs["*"] ?? DEFAULT_COST_US;
  return (operatorName) => {
    const plainName = operatorName.replace(/^(Source|Sink): /, "").replace(/: (Writer|Committer)$/, "");
    return costsUs[operatorName] ?? costsUs[plainName] ?? fallback;
  };
}

/** Elements per channel in a simulated run: few enough that backpressure shows in small worlds. */
const SIMULATED_CAPACITY = 64;

const SIMULATION: TaskTiming = { channelCapacity: SIMULATED_CAPACITY, maxBatch: 8, maxStepUs: 100, maxNetworkUs: 2000, recordsPerPoll: 1 };

/** Nothing costs anything: large batches, no latency, flat out. */
const THROUGHPUT: TaskTiming = {
  channelCapacity: 1024,
  maxBatch: 512,
  maxStepUs: Number.POSITIVE_INFINITY,
  maxNetworkUs: 0,
  recordsPerPoll: 32,
};

/** A world in which every cost is 0 runs in throughput mode. */
export function timingOf(costsUs: Readonly<Record<string, number>>, channelCapacity?: number): TaskTiming {
  const timing = isFlatOut(costsUs) ? THROUGHPUT : SIMULATION;
  return channelCapacity === undefined ? timing : { ...timing, channelCapacity: Math.max(2, channelCapacity) };
}

/** Throughput mode: every cost is 0. */
export function isFlatOut(costsUs: Readonly<Record<string, number>>): boolean {
  return costsUs["*"] === 0 && Object.values(costsUs).every((cost) => cost === 0);
}
