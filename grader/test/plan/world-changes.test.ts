import { DEFAULT_LIMITS, type World } from "@millrace/engine/sim";
import { describe, expect, it } from "vitest";
import { changedWorld, type WorldChange } from "../../src/plan/world-changes.ts";

const START = 1_767_607_200_000;
const arrival = (afterMs: number, partition: number, value: unknown) => ({ atMs: START + afterMs, partition, key: null, value });

const world: World = {
  seed: 7,
  startMs: START,
  topics: [
    {
      name: "clicks",
      partitions: 2,
      arrivals: [arrival(1_000, 0, "a"), arrival(2_000, 1, "b"), arrival(3_000, 0, "c"), arrival(4_000, 0, "d")],
    },
    { name: "counts", partitions: 1, arrivals: [] },
  ],
  cluster: { taskManagers: 2, slotsPerTaskManager: 1, parallelism: 2 },
  faults: [{ kind: "crashJobManager", when: { kind: "afterRecords", records: 2 } }],
  end: { kind: "drain" },
  limits: DEFAULT_LIMITS,
  costsUs: {},
};
const given = structuredClone(world);

function changed(...changes: WorldChange[]) {
  const result = changedWorld(world, changes);
  if (result.kind !== "world") throw new Error(result.message);
  return result;
}

describe("a changed world", () => {
  it("without changes is the same", () => {
    expect(changed().world).toEqual(world);
    expect(changed().records.map(({ offset, from }) => [offset, from])).toEqual([
      [0, 0],
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
  });

  it("a record that is moved keeps its timestamp and takes another place", () => {
    const { world: moved, records } = changed({ what: "move", topic: "clicks", partition: 0, offset: 0, byMs: 2_500 });
    expect(moved.topics[0]!.arrivals.map(({ value }) => value)).toEqual(["b", "c", "a", "d"]);
    expect(moved.topics[0]!.arrivals[2]).toMatchObject({ atMs: START + 3_500, timestampMs: START + 1_000 });
    expect(records[2]).toEqual({ topic: "clicks", partition: 0, offset: 1, atMs: START + 3_500, from: 0, change: 0 });
  });

  it("each change is about the world as given, whatever the others do", () => {
    const { world: next, records } = changed(
      { what: "remove", topic: "clicks", partition: 0, offset: 0 },
      { what: "move", topic: "clicks", partition: 0, offset: 2, byMs: -1_500 },
      { what: "add", topic: "clicks", partition: 0, atMs: START + 500, key: "k", valueJson: '{"at":1}' },
    );
    expect(next.topics[0]!.arrivals.map(({ value }) => value)).toEqual([{ at: 1 }, "b", "d", "c"]);
    expect(records.map(({ from, change }) => [from, change])).toEqual([
      [null, 2],
      [0, null],
      [2, 1],
      [1, null],
    ]);
  });

  it("task managers are killed, faults are left out", () => {
    const { world: next } = changed({ what: "spare", fault: 0 }, { what: "kill", taskManager: 2, atMs: START + 3_000 });
    expect(next.faults).toEqual([{ kind: "crashTaskManager", taskManager: 1, when: { kind: "atMs", atMs: START + 3_000 } }]);
  });

  it("leaves the given world as it was", () => {
    changed(
      { what: "move", topic: "clicks", partition: 1, offset: 0, byMs: 1 },
      { what: "remove", topic: "clicks", partition: 0, offset: 1 },
    );
    expect(world).toEqual(given);
  });
});

const of = { topic: "clicks", partition: 0, offset: 0 } as const;
const refusals: readonly [name: string, changes: WorldChange[], message: RegExp][] = [
  ["a record that is not there", [{ what: "remove", ...of, offset: 3 }], /no record clicks 0 : 3/],
  ["an unknown topic", [{ what: "remove", ...of, topic: "orders" }], /Nothing arrives in a topic “orders”/],
  ["a topic that the job writes", [{ what: "add", topic: "counts", partition: 0, atMs: START, key: null, valueJson: "1" }], /counts/],
  ["a name of Object.prototype", [{ what: "remove", ...of, topic: "__proto__" }], /__proto__/],
  ["a partition too many", [{ what: "add", topic: "clicks", partition: 2, atMs: START, key: null, valueJson: "1" }], /only 0 to 1/],
  ["a value that is no JSON", [{ what: "add", topic: "clicks", partition: 0, atMs: START, key: null, valueJson: "{" }], /must be JSON/],
  ["before the start", [{ what: "move", ...of, byMs: -1_001 }], /before the job starts/],
  ["far behind the end", [{ what: "kill", taskManager: 1, atMs: START + 1e9 }], /more than a day/],
  ["a task manager too many", [{ what: "kill", taskManager: 3, atMs: START }], /task managers 1 to 2/],
  ["an unknown fault", [{ what: "spare", fault: 1 }], /no fault number 2/],
  [
    "a record changed twice",
    [
      { what: "move", ...of, byMs: 1 },
      { what: "remove", ...of },
    ],
    /changed twice/,
  ],
  [
    "a fault left out twice",
    [
      { what: "spare", fault: 0 },
      { what: "spare", fault: 0 },
    ],
    /left out twice/,
  ],
];

it.each(refusals)("refuses %s", (_name, changes, message) => {
  const result = changedWorld(world, changes);
  expect(result).toMatchObject({ kind: "refused", change: changes.length - 1 });
  expect(result.kind === "refused" ? result.message : "").toMatch(message);
});
