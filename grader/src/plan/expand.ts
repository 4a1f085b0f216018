/** (scenario, seed) → world: pure, the same bytes every time. */
import { type Arrival, DEFAULT_LIMITS, type Fault, type FaultTrigger, Prng, type World, type WorldTopic } from "@millrace/engine/sim";
import { JudgeFault } from "../judge/judge-fault.ts";
import type { Scenario } from "../pack/problem.ts";
import { type FaultText, parseFault } from "./fault-text.ts";
import { parseDurationUs, resolveTime } from "./time-text.ts";

/** As generate.ts returns it: arrivals by topic; for a system of the scenario what its description has besides. */
export type GeneratedStreams = Readonly<Record<string, unknown>>;

/** How version 1 gives way to version 2; see `runUpgrade` of the engine. */
export interface WorldUpgrade {
  readonly atMs: number;
  readonly downtimeMs: number;
  readonly parallelism: number | null;
  readonly allowNonRestoredState: boolean;
}

/** Few enough that a flood ends as `output-limit` before it is a matter of memory. */
const MAX_OUTPUT_RECORDS = 50_000;

/** Topics that generate.ts has to fill. */
export function generatedTopics(scenario: Scenario): string[] {
  return Object.entries(scenario.streams).flatMap(([topic, stream]) => (stream.records === undefined ? [topic] : []));
}

/** `outputs` are created empty besides the scenario's own. */
export function expand(scenario: Scenario, seed: number, generated: GeneratedStreams, outputs: readonly string[]): World {
  const startMs = timeOf(scenario.start, null);
  const topics: WorldTopic[] = Object.entries(scenario.streams).map(([name, stream]) => ({
    name,
    partitions: stream.partitions,
    ...(stream.growth === undefined
      ? {}
      : { growth: stream.growth.map(({ at, partitions }) => ({ atMs: timeOf(at, startMs), partitions })) }),
    arrivals: sorted(
      stream.records === undefined
        ? checkArrivals(generated[name], name, stream.partitions)
        : stream.records.map((record): Arrival => {
            const timestampMs = record.timestamp === undefined ? {} : { timestampMs: timeOf(record.timestamp, startMs) };
            const key = record.key === undefined || record.key === null ? null : String(record.key);
            const value = expandTimes(record.value, startMs);
            return { atMs: timeOf(record.at, startMs), partition: record.partition, key, value, ...timestampMs };
          }),
    ),
  }));
  const declared = scenario.outputs.map((output) => (typeof output === "string" ? { topic: output, partitions: 1 } : output));
  for (const topic of outputs) if (!declared.some((output) => output.topic === topic)) declared.push({ topic, partitions: 1 });
  for (const output of declared) {
    if (!topics.some((topic) => topic.name === output.topic))
      topics.push({ name: output.topic, partitions: output.partitions, arrivals: [] });
  }
  const { end } = scenario;
  const { configuration } = scenario.cluster;
  const described = (from: readonly { readonly name: string }[]) =>
    from.map((system) => ({ ...(expandTimes(system, startMs) as object), ...descriptionFrom(generated, system.name) }));
  const systems = described(scenario.systems) as unknown as NonNullable<World["systems"]>;
  const services = described(scenario.services) as unknown as NonNullable<World["services"]>;
  const transactionMaxTimeout = scenario.broker?.transactionMaxTimeout;
  return {
    seed,
    startMs,
    topics,
    cluster: {
      taskManagers: scenario.cluster.taskManagers,
      slotsPerTaskManager: scenario.cluster.slots,
      parallelism: scenario.cluster.parallelism,
      ...(scenario.cluster.channelCapacity === undefined ? {} : { channelCapacity: scenario.cluster.channelCapacity }),
      ...(Object.keys(configuration).length === 0 ? {} : { configuration }),
    },
    ...(systems.length === 0 ? {} : { systems }),
    ...(services.length === 0 ? {} : { services }),
    ...(transactionMaxTimeout === undefined
      ? {}
      : { broker: { transactionMaxTimeoutMs: (parseDurationUs(transactionMaxTimeout) ?? 0) / 1000 } }),
    faults: expandFaults(scenario, seed, startMs),
    end:
      end === "drain"
        ? { kind: "drain" }
        : "stop" in end
          ? { kind: "stop", atMs: timeOf(end.stop, startMs) }
          : { kind: "cancel", atMs: timeOf(end.cancel, startMs) },
    limits: { ...DEFAULT_LIMITS, maxOutputRecords: MAX_OUTPUT_RECORDS },
    costsUs: Object.fromEntries(Object.entries(scenario.costs).map(([operator, cost]) => [operator, parseDurationUs(cost) ?? 0])),
  };
}

/** null = the scenario has none. */
export function expandUpgrade(scenario: Scenario): WorldUpgrade | null {
  const { upgrade } = scenario;
  if (upgrade === undefined) return null;
  return {
    atMs: timeOf(upgrade.at, timeOf(scenario.start, null)),
    downtimeMs: (parseDurationUs(upgrade.downtime) ?? 0) / 1000,
    parallelism: upgrade.parallelism ?? null,
    allowNonRestoredState: upgrade.allowNonRestoredState,
  };
}

function descriptionFrom(generated: GeneratedStreams, system: string): object {
  const description = generated[system];
  if (description === undefined) return {};
  if (typeof description === "object" && description !== null && !Array.isArray(description)) return description;
  throw new JudgeFault(`generate.ts returned no object for system \`${system}\``);
}

function expandFaults(scenario: Scenario, seed: number, startMs: number): Fault[] {
  const random = new Prng(seed).fork(`faults/${scenario.name}`);
  const between = (from: number, to: number) => from + (to > from ? random.nextInt(to - from + 1) : 0);
  return scenario.faults.map((line): Fault => {
    const fault = parseFault(line);
    if (fault === null) throw new JudgeFault(`${scenario.file}: not a fault: ${line}`);
    return faultOf(fault, triggerOf(fault.trigger, startMs, between), () => between(1, scenario.cluster.taskManagers));
  });
}

/** The engine counts task managers from 0. */
function faultOf(fault: FaultText, when: FaultTrigger, anyTaskManager: () => number): Fault {
  switch (fault.what) {
    case "crash": {
      if (fault.taskManager === null) return { kind: "crashJobManager", when };
      const taskManager = fault.taskManager === "any" ? anyTaskManager() : fault.taskManager;
      return { kind: "crashTaskManager", taskManager: taskManager - 1, when };
    }
    case "breakConnection":
      return { kind: "breakConnection", from: fault.from - 1, to: fault.to - 1, when };
    case "slowConnection": {
      const { latencyMs, forMs } = fault;
      return { kind: "slowConnection", from: fault.from - 1, to: fault.to - 1, latencyMs, forMs, when };
    }
    case "silentPartition": {
      const { topic, partition, forMs } = fault;
      return { kind: "silentPartition", topic, partition, forMs, when };
    }
    case "clockAhead": {
      const { topic, partition, byMs, forMs, field } = fault;
      return { kind: "clockAhead", topic, partition, byMs, forMs, ...(field === null ? {} : { field }), when };
    }
    case "partitionUnavailable": {
      const { topic, partition, forMs } = fault;
      return { kind: "broker", action: { what: "partitionUnavailable", topic, partition, forMs }, when };
    }
    case "fenceProducer":
    case "expireTransactions":
      return { kind: "broker", action: { what: fault.what }, when };
    case "restartFromSavepoint":
      return { kind: "restartFromSavepoint", ...(fault.parallelism === null ? {} : { parallelism: fault.parallelism }), when };
  }
}

function triggerOf(trigger: FaultText["trigger"], startMs: number, between: (from: number, to: number) => number): FaultTrigger {
  switch (trigger.kind) {
    case "after":
      return { kind: "afterRecords", records: between(trigger.from, trigger.to) };
    case "at":
      return { kind: "atMs", atMs: between(timeOf(trigger.from, startMs), timeOf(trigger.to, startMs)) };
    case "checkpoint":
      return { kind: "checkpoint", checkpoint: between(trigger.from, trigger.to), step: trigger.step };
    case "step": {
      const { step, at, checkpoint } = trigger;
      return { kind: "step", step, at, ...(checkpoint === null ? {} : { checkpoint: between(checkpoint.from, checkpoint.to) }) };
    }
  }
}

function timeOf(time: string | number, startMs: number | null): number {
  const resolved = resolveTime(time, startMs);
  if (resolved === null) throw new JudgeFault(`not a time: ${time}`); // The loader has checked all of them.
  return resolved;
}

/** `{ $time: "10:00:05" }` inside values becomes epoch ms. */
function expandTimes(value: unknown, startMs: number): unknown {
  if (Array.isArray(value)) return value.map((item) => expandTimes(item, startMs));
  if (typeof value !== "object" || value === null) return value ?? null;
  const time = (value as { $time?: unknown }).$time;
  if (Object.keys(value).length === 1 && (typeof time === "string" || typeof time === "number")) return timeOf(time, startMs);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expandTimes(item, startMs)]));
}

/** What the author's generator returned is as little trusted as a submission. */
function checkArrivals(arrivals: unknown, topic: string, partitions: number): Arrival[] {
  if (!Array.isArray(arrivals)) throw new JudgeFault(`generate.ts returned no list for stream \`${topic}\``);
  return arrivals.map((arrival: Partial<Arrival>, index): Arrival => {
    const { atMs, partition = 0, key = null, value = null, timestampMs } = arrival;
    const bad = (what: string) => new JudgeFault(`generate.ts: ${what} of record ${index} in \`${topic}\``);
    if (typeof atMs !== "number" || !Number.isFinite(atMs)) throw bad("no `atMs`");
    if (!Number.isInteger(partition) || partition < 0 || partition >= partitions)
      throw bad(`no partition ${partition}: wrong \`partition\``);
    if (timestampMs !== undefined && !Number.isFinite(timestampMs)) throw bad("no number as `timestampMs`");
    return { atMs, partition, key: key === null ? null : String(key), value, ...(timestampMs === undefined ? {} : { timestampMs }) };
  });
}

function sorted(arrivals: Arrival[]): Arrival[] {
  return arrivals.sort((a, b) => a.atMs - b.atMs);
}
