import { describe, expect, it } from "vitest";
import type { CompletedCheckpoint } from "../../src/runtime/checkpoint/completed-checkpoint.ts";
import { SharedStateRegistry } from "../../src/runtime/checkpoint/shared-state-registry.ts";
import { ValueStateDescriptor } from "../../src/state/descriptors.ts";
import type { LsmKeyedSnapshot } from "../../src/state/lsm/lsm-keyed-snapshot.ts";
import { LsmKeyedStateBackend } from "../../src/state/lsm/lsm-keyed-state-backend.ts";
import { DEFAULT_LSM_OPTIONS } from "../../src/state/lsm/lsm-options.ts";
import type { SortedTable } from "../../src/state/lsm/sorted-table.ts";
import { NO_TIMERS } from "../../src/state/timers-of-snapshot.ts";

const COUNT = new ValueStateDescriptor<number>("count");

/** A checkpoint of one operator with one subtask, after so many keys were written. */
function checkpointOf(backend: LsmKeyedStateBackend, id: number, keys: number): CompletedCheckpoint & { readonly tables: SortedTable[] } {
  for (let key = 0; key < keys; key++) {
    backend.setCurrentKey(key);
    backend.getState(COUNT).update(id);
  }
  const { keyed, bytes, uploadedBytes } = backend.snapshot(id, NO_TIMERS);
  backend.notifyCheckpointComplete(id);
  const subtasks = [{ keyed, operatorState: [], bytes, uploadedBytes }];
  const operators = new Map([["op", { name: "op", uid: undefined, parallelism: 1, maxParallelism: 16, subtasks }]]);
  return {
    id,
    completedAtMs: id,
    bytes,
    operators,
    enumerators: new Map(),
    channels: [],
    tables: [...(keyed as LsmKeyedSnapshot).tables()],
  };
}

describe("files of retained checkpoints", () => {
  it("go with the last checkpoint that refers to them, and not before", () => {
    const backend = new LsmKeyedStateBackend(16, () => 0, undefined, { ...DEFAULT_LSM_OPTIONS, incremental: true });
    const registry = new SharedStateRegistry();
    const [first, second, third] = [checkpointOf(backend, 1, 1000), checkpointOf(backend, 2, 10), checkpointOf(backend, 3, 10)];
    const fourth = checkpointOf(backend, 4, 10); // the fourth table in level 0: all are merged into one
    registry.retain(first);
    registry.retain(second);
    expect(second.tables).toHaveLength(2);
    expect(registry.files).toBe(2);
    registry.release(1);
    expect(registry.holds(first.tables[0])).toBe(true);
    registry.retain(third);
    registry.release(2);
    expect(registry.files).toBe(3);
    expect(registry.discardedFiles).toBe(0);
    registry.retain(fourth);
    registry.release(3);
    expect(registry.files).toBe(1);
    expect(registry.discardedFiles).toBe(3);
    expect(registry.holds(first.tables[0])).toBe(false);
    expect(registry.bytes).toBe(fourth.bytes);
    registry.release(3);
    registry.release(4);
    expect(registry.files).toBe(0);
  });
});
