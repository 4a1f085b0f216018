/** What a learner sees of the samples before running anything: the arrivals, and what the reference makes of them. */
import type { WorldTopic } from "@millrace/engine/sim";
import { cellOf, columnsOf, rowsOf } from "../checkers/rows.ts";
import type { Problem } from "../pack/problem.ts";
import { planSamples } from "../plan/plan.ts";
import type { References } from "./references.ts";
import type { SampleTable, SampleWorld } from "./samples.ts";

/** Longer tables are cut: the statement is for reading. */
const MAX_ROWS = 200;

export async function sampleWorlds(references: References, problem: Problem): Promise<SampleWorld[]> {
  const worlds: SampleWorld[] = [];
  for (const planned of planSamples(problem)) {
    const { world, outcome } = await references.run(problem, planned);
    const inputs = world.topics
      .filter((topic) => Object.hasOwn(planned.scenario.streams, topic.name))
      .map((topic) => inputTable(problem, topic));
    const expected = problem.outputs.map((spec): SampleTable => {
      const columns = spec.columns.map((column) => ({
        name: column.name,
        role: column.type === "time" ? ("eventTime" as const) : ("value" as const),
      }));
      const rows = rowsOf(outcome, spec).committed;
      return { topic: spec.topic, columns, rows: rows.slice(0, MAX_ROWS).map((row) => row.cells) };
    });
    worlds.push({ name: planned.scenario.name, title: planned.scenario.title, faults: planned.scenario.faults, inputs, expected });
  }
  return worlds;
}

/**
 * Arrival time, partition when there are several, key when no field repeats it, then the value's fields; a value without fields (a plain
 * text) stands whole in the only column.
 */
export function inputTable(problem: Problem, topic: WorldTopic, { withOffsets = false } = {}): SampleTable {
  const spec = problem.inputs[topic.name];
  const names = spec?.columns ?? columnsOf(topic.arrivals.map((arrival) => arrival.value));
  const repeatsKey = (name: string) => topic.arrivals.every((arrival) => arrival.key === null || cellOf(arrival, name) === arrival.key);
  const keyed = topic.arrivals.some((arrival) => arrival.key !== null) && !names.includes("key") && !names.some(repeatsKey);
  const stamped = topic.arrivals.some((arrival) => arrival.timestampMs !== undefined && arrival.timestampMs !== arrival.atMs);
  const columns: SampleTable["columns"][number][] = [{ name: "arrives", role: "processingTime" }];
  const placed = topic.partitions > 1 && !withOffsets;
  const offsets = withOffsets ? offsetsOf(topic) : [];
  if (withOffsets) columns.unshift({ name: "offset", role: "offset" });
  if (placed) columns.push({ name: "partition", role: "offset" });
  if (keyed) columns.push({ name: "key", role: "value" });
  if (stamped) columns.push({ name: "timestamp", role: "eventTime" });
  for (const name of names) columns.push({ name, role: name === spec?.eventTime ? "eventTime" : "value" });
  const rows = topic.arrivals
    .slice(0, MAX_ROWS)
    .map((arrival, index) => [
      ...(withOffsets ? [offsets[index]] : []),
      arrival.atMs,
      ...(placed ? [arrival.partition] : []),
      ...(keyed ? [arrival.key] : []),
      ...(stamped ? [arrival.timestampMs ?? arrival.atMs] : []),
      ...names.map((name) => cellOf(arrival, names.length === 1 && !isFields(arrival.value) ? "value" : name)),
    ]);
  return { topic: topic.name, columns, rows };
}

/** Where each record of a topic lies, e.g. "0:3". */
export function offsetsOf(topic: WorldTopic): string[] {
  const next = new Map<number, number>();
  return topic.arrivals.map(({ partition }) => {
    const offset = next.get(partition) ?? 0;
    next.set(partition, offset + 1);
    return `${partition}:${offset}`;
  });
}

function isFields(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
