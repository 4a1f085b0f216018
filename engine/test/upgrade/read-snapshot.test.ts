/** SAV-9: what is in a savepoint can be looked at. */
import { expect, it } from "vitest";
import { keyGroupOf } from "../../src/base/key-groups.ts";
import { readSnapshot, runWorld, type Savepoint } from "../../src/sim.ts";
import { clicking, countingJob } from "./counting-job.ts";

it.each(["hashmap", "rocksdb"] as const)("SAV-9 operators by uid, states by name, entries by key, on %s", (backend) => {
  const world = clicking({ end: { kind: "stop", atMs: 1350 } });
  const { savepoint } = runWorld(countingJob({ parallelism: 2, backend }), world, { keepSavepoint: true });
  const contents = readSnapshot(savepoint as Savepoint);
  expect(contents).toMatchObject({ jobName: "counts", format: "canonical", stateBackend: backend });
  const count = contents.operators.find(({ uid }) => uid === "count");
  expect(count).toMatchObject({ name: "KeyedProcess", parallelism: 2, maxParallelism: 128, keyType: "String", timers: [] });
  const [state] = count?.keyedStates ?? [];
  expect(state).toMatchObject({ stateName: "count", kind: "value", type: "Long" });
  // 14 clicks of 12 users have come.
  const counts = Object.fromEntries(state.entries.map(({ key, value }) => [key, value]));
  expect(counts).toEqual(Object.fromEntries(Array.from({ length: 12 }, (_, user) => [`u${user}`, user < 2 ? 2 : 1])));
  for (const { key, keyGroup, window } of state.entries) expect([keyGroup, window]).toEqual([keyGroupOf(key, 128), null]);
  const clicks = contents.operators.find(({ uid }) => uid === "clicks");
  expect(clicks?.operatorStates[0]).toMatchObject({ stateName: "SourceReaderState", mode: "list" });
  expect(clicks?.operatorStates[0].bySubtask.flat()).toHaveLength(3);
  expect(clicks?.enumerator).toBeDefined();
});
