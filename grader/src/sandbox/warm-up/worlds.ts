/** Worlds of the warm-up: clicks out of order and late, rules that change, and what goes wrong. */
import { type Arrival, DEFAULT_LIMITS, type Fault, type World } from "@millrace/engine/sim";

const START_MS = Date.UTC(2026, 0, 5, 10);
const CLICKS = 90;
const RULES = 10;
const EVERY_MS = 2000;

function clicks(): Arrival[] {
  return Array.from({ length: CLICKS }, (_, index): Arrival => {
    const at = START_MS + index * EVERY_MS - (index % 7 === 0 ? 30_000 : index % 3 === 0 ? 3000 : 0);
    const value = { user: `u${index % 4}`, page: `p${index % 5}`, at };
    return { atMs: START_MS + index * EVERY_MS, partition: index % 2, key: null, value };
  });
}

function rules(): Arrival[] {
  return Array.from({ length: RULES }, (_, index): Arrival => {
    const atMs = START_MS + (index * CLICKS * EVERY_MS) / RULES;
    return { atMs, partition: 0, key: null, value: { user: `u${index % 5}`, least: index % 4, at: atMs } };
  });
}

function world(seed: number, parallelism: number, faults: readonly Fault[]): World {
  return {
    seed,
    startMs: START_MS,
    topics: [
      { name: "clicks", partitions: 2, arrivals: clicks() },
      { name: "rules", partitions: 1, arrivals: rules() },
      { name: "results", partitions: 1, arrivals: [] },
      { name: "late", partitions: 1, arrivals: [] },
    ],
    cluster: { taskManagers: parallelism, slotsPerTaskManager: 1, parallelism },
    faults,
    end: { kind: "drain" },
    limits: DEFAULT_LIMITS,
    costsUs: {},
  };
}

export const WORLDS: readonly World[] = [
  world(1, 2, []),
  world(2, 2, [{ kind: "crashTaskManager", taskManager: 0, when: { kind: "afterRecords", records: 30 } }]),
  world(3, 1, [{ kind: "crashJobManager", when: { kind: "checkpoint", checkpoint: 3, step: "completed" } }]),
];
