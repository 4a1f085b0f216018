import { describe, expect, it } from "vitest";
import { loadScenario } from "../../src/pack/load-scenario.ts";
import { expand } from "../../src/plan/expand.ts";
import { parseFault } from "../../src/plan/fault-text.ts";
import { parseDurationUs, resolveTime } from "../../src/plan/time-text.ts";

const START = Date.UTC(2026, 0, 5, 10);

describe("times", () => {
  it.each([
    ["2026-01-05T10:00:00Z", START],
    ["2026-01-05T12:00:00+02:00", START],
    ["2026-01-05 10:00:00.250", START + 250],
    ["10:00", START],
    ["9:59:59.5", START - 500],
    ["+1h30m", START + 5_400_000],
    ["+250ms", START + 250],
    [17, 17],
  ])("%s", (text, expected) => expect(resolveTime(text, START)).toBe(expected));

  it.each(["", "soon", "25:00:00", "+5", "2026-13-05T10:00:00Z"])("refuses %j", (text) => expect(resolveTime(text, START)).toBeNull());

  it("reads durations", () =>
    expect(["10us", "40ms", "1s", "1h 30m", "x"].map(parseDurationUs)).toEqual([10, 40_000, 1_000_000, 5_400_000_000, null]));
});

describe("faults", () => {
  it.each([
    ["crash tm 1 after 120 records", { what: "crash", taskManager: 1, trigger: { kind: "after", from: 120, to: 120 } }],
    ["crash tm any after 20..200 records", { what: "crash", taskManager: "any", trigger: { kind: "after", from: 20, to: 200 } }],
    ["crash tm 2 at 10:05:00", { what: "crash", taskManager: 2, trigger: { kind: "at", from: "10:05:00", to: "10:05:00" } }],
    [
      "crash jm when checkpoint 3 is acked",
      { what: "crash", taskManager: null, trigger: { kind: "checkpoint", from: 3, to: 3, step: "acked" } },
    ],
    [
      "crash tm 2 before commit of checkpoint 3",
      { what: "crash", taskManager: 2, trigger: { kind: "step", at: "before", step: "commit", checkpoint: { from: 3, to: 3 } } },
    ],
    [
      "crash tm any after preCommit",
      { what: "crash", taskManager: "any", trigger: { kind: "step", at: "after", step: "preCommit", checkpoint: null } },
    ],
    [
      "break connection tm 1 to tm 2 after 7 records",
      { what: "breakConnection", from: 1, to: 2, trigger: { kind: "after", from: 7, to: 7 } },
    ],
    [
      "slow connection tm 2 to tm 1 by 400ms for 1m at +5s",
      { what: "slowConnection", from: 2, to: 1, latencyMs: 400, forMs: 60_000, trigger: { kind: "at", from: "+5s", to: "+5s" } },
    ],
    [
      "silence partition 0 of clicks for 30s at 10:05",
      { what: "silentPartition", topic: "clicks", partition: 0, forMs: 30_000, trigger: { kind: "at", from: "10:05", to: "10:05" } },
    ],
    [
      "clock of partition 1 of clicks in at ahead by 1h for 5m at 10:05",
      {
        ...{ what: "clockAhead", topic: "clicks", partition: 1, field: "at", byMs: 3_600_000, forMs: 300_000 },
        trigger: { kind: "at", from: "10:05", to: "10:05" },
      },
    ],
    [
      "partition 1 of clicks unavailable for 5s when checkpoint 2 is acked",
      {
        ...{ what: "partitionUnavailable", topic: "clicks", partition: 1, forMs: 5000 },
        trigger: { kind: "checkpoint", from: 2, to: 2, step: "acked" },
      },
    ],
    ["fence producers at +1s", { what: "fenceProducer", trigger: { kind: "at", from: "+1s", to: "+1s" } }],
    ["expire transactions at +1s", { what: "expireTransactions", trigger: { kind: "at", from: "+1s", to: "+1s" } }],
    ["restart from savepoint at +1s", { what: "restartFromSavepoint", parallelism: null, trigger: { kind: "at", from: "+1s", to: "+1s" } }],
    [
      "restart from savepoint with parallelism 3 after 9 records",
      { what: "restartFromSavepoint", parallelism: 3, trigger: { kind: "after", from: 9, to: 9 } },
    ],
  ])("%s", (line, expected) => expect(parseFault(line)).toEqual(expected));

  it.each([
    "slow connection tm 1 to tm 2 by much for 1s at 10:00",
    "break connection tm 0 to tm 1 at 10:00",
    "restart from savepoint with parallelism 0 at 10:00",
    "crash tm 1 before committed",
    "crash",
    "crash tm 0 at 10:00",
    "crash tm 1 after 5..2 records",
    "crash jm when checkpoint 1 is done",
  ])("refuses %s", (line) => expect(parseFault(line)).toBeNull());
});

describe("expansion", () => {
  const scenario = loadScenario(
    "s.yaml",
    `format: 1
title: t
visibility: hidden
start: "2026-01-05T10:00:00Z"
cluster: { taskManagers: 4 }
streams:
  a:
    partitions: 2
    records:
      - { at: "+2s", partition: 1, key: 7, value: { t: { $time: "10:00:01" } }, timestamp: "+1s" }
      - { at: "+1s", value: [1] }
faults: [crash tm any after 20..200 records]
outputs: [{ topic: side, partitions: 3 }]
end: { stop: "10:01" }
costs: { "*": 40ms }
`,
    ["main"],
  ).scenario!;

  it("resolves times, sorts arrivals, creates outputs", () => {
    const world = expand(scenario, 1, {}, ["out", "side"]);
    expect(world.startMs).toBe(START);
    expect(world.topics).toEqual([
      {
        name: "a",
        partitions: 2,
        arrivals: [
          { atMs: START + 1000, partition: 0, key: null, value: [1] },
          { atMs: START + 2000, partition: 1, key: "7", value: { t: START + 1000 }, timestampMs: START + 1000 },
        ],
      },
      { name: "side", partitions: 3, arrivals: [] },
      { name: "out", partitions: 1, arrivals: [] },
    ]);
    expect(world.end).toEqual({ kind: "stop", atMs: START + 60_000 });
    expect(world.costsUs).toEqual({ "*": 40_000 });
  });

  it("draws faults from the seed, the same each time", () => {
    const faults = (seed: number) => JSON.stringify(expand(scenario, seed, {}, []).faults);
    expect(faults(1)).toBe(faults(1));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => faults(seed + 1))).size).toBeGreaterThan(10);
    for (let seed = 1; seed <= 50; seed++) {
      const [fault] = expand(scenario, seed, {}, []).faults;
      expect(fault).toMatchObject({ kind: "crashTaskManager", when: { kind: "afterRecords" } });
      if (fault?.kind !== "crashTaskManager" || fault.when.kind !== "afterRecords") continue;
      expect(fault.taskManager).toBeGreaterThanOrEqual(0);
      expect(fault.taskManager).toBeLessThan(4);
      expect(fault.when.records).toBeGreaterThanOrEqual(20);
      expect(fault.when.records).toBeLessThanOrEqual(200);
    }
  });
});
