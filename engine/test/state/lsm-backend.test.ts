/** What is particular to the log-structured backend: bytes instead of objects, tables, compactions, incremental checkpoints. */
import { describe, expect, it } from "vitest";
import { Duration } from "../../src/base/duration.ts";
import { ListStateDescriptor, MapStateDescriptor, ValueStateDescriptor } from "../../src/state/descriptors.ts";
import type { KeyedBackendSnapshot } from "../../src/state/keyed-state-backend.ts";
import type { LsmKeyedSnapshot } from "../../src/state/lsm/lsm-keyed-snapshot.ts";
import { LsmKeyedStateBackend } from "../../src/state/lsm/lsm-keyed-state-backend.ts";
import { DEFAULT_LSM_OPTIONS, type LsmOptions } from "../../src/state/lsm/lsm-options.ts";
import { redistributeSnapshots } from "../../src/state/redistribute.ts";
import { NO_TIMERS } from "../../src/state/timers-of-snapshot.ts";
import { StateTtlConfig } from "../../src/state/ttl.ts";

const MAX_PARALLELISM = 128;
const VALUE = new ValueStateDescriptor<number[]>("value");
const COUNT = new ValueStateDescriptor<number>("count");

function backend(options: Partial<LsmOptions> = {}, now = () => 0): LsmKeyedStateBackend {
  return new LsmKeyedStateBackend(MAX_PARALLELISM, now, undefined, { ...DEFAULT_LSM_OPTIONS, ...options });
}

function checkpoint(backend: LsmKeyedStateBackend, id: number): KeyedBackendSnapshot {
  return backend.snapshot(id, NO_TIMERS);
}

function fill(backend: LsmKeyedStateBackend, from: number, to: number, value: number): void {
  const state = backend.getState(COUNT);
  for (let key = from; key < to; key++) {
    backend.setCurrentKey(key);
    state.update(value);
  }
}

describe("state of bytes", () => {
  it("does not keep what was changed without update", () => {
    const store = backend();
    store.setCurrentKey("k");
    const state = store.getState(VALUE);
    const mine = [1];
    state.update(mine);
    mine.push(2);
    state.value()?.push(3);
    expect(state.value()).toEqual([1]);
    const list = store.getState(new ListStateDescriptor<number>("list"));
    list.add(1);
    list.get().push(2);
    expect(list.get()).toEqual([1]);
  });

  it("goes through maps in the order of their serialized keys", () => {
    const store = backend();
    store.setCurrentKey("k");
    const map = store.getState(new MapStateDescriptor<unknown, number>("map"));
    for (const key of [-1, "b", 300, 2, "aa", -300, "a", 2 ** 40]) map.put(key, 0);
    const inBuffer = [...map.keys()];
    expect(inBuffer).toEqual([2, 300, 2 ** 40, -300, -1, "a", "b", "aa"]);
    checkpoint(store, 1);
    map.put(7, 0);
    map.remove(300);
    expect([...map.keys()]).toEqual([2, 7, 2 ** 40, -300, -1, "a", "b", "aa"]);
  });

  it("adds to a list without reading it", () => {
    const store = backend();
    const list = store.getState(new ListStateDescriptor<number>("list"));
    store.setCurrentKey("k");
    for (let id = 1; id <= 3; id++) {
      list.add(id);
      checkpoint(store, id);
    }
    expect(store.store.cache.misses + store.store.cache.hits).toBe(0);
    expect(list.get()).toEqual([1, 2, 3]);
    expect(store.store.cache.misses).toBe(3);
    list.get();
    expect(store.store.cache.hits).toBe(3);
  });
});

describe("tables", () => {
  it("are written when the write buffer is full, and merged when there are too many", () => {
    const store = backend({ writeBufferBytes: 4096, targetFileBytes: 8192, levelBaseBytes: 16_384 });
    for (let round = 1; round <= 3; round++) fill(store, 0, 2000, round);
    const [{ levels }] = store.families();
    expect(store.store.counters.flushes).toBeGreaterThan(20);
    expect(store.store.counters.compactions).toBeGreaterThan(5);
    expect(levels.numFilesAt(0)).toBeLessThan(4);
    expect(levels.numLevels).toBeGreaterThan(2);
    for (let level = 1; level < levels.numLevels - 1; level++) {
      const bytes = levels.view[level].reduce((sum, view) => sum + view.sizeBytes, 0);
      expect(bytes).toBeLessThanOrEqual(16_384 * 10 ** (level - 1));
    }
    const state = store.getState(COUNT);
    for (let key = 0; key < 2000; key += 7) {
      store.setCurrentKey(key);
      expect(state.value()).toBe(3);
    }
  });

  it("lose what was deleted when they are merged to the bottom", () => {
    const store = backend();
    fill(store, 0, 1000, 1);
    checkpoint(store, 1);
    const state = store.getState(COUNT);
    for (let key = 0; key < 1000; key++) {
      store.setCurrentKey(key);
      state.clear();
    }
    for (let id = 2; id <= 4; id++) {
      fill(store, 2000, 2001, id);
      checkpoint(store, id);
    }
    const [{ levels }] = store.families();
    expect(levels.view.flat().reduce((sum, { table }) => sum + table.count, 0)).toBe(1);
  });

  it("answer most questions for absent keys without being read, with bloom filters", () => {
    const missesWith = (bloomBitsPerKey: number) => {
      const store = backend({ bloomBitsPerKey, blockCacheBytes: 4096 });
      fill(store, 0, 1000, 1);
      checkpoint(store, 1);
      const state = store.getState(COUNT);
      for (let key = 1000; key < 2000; key++) {
        store.setCurrentKey(key);
        expect(state.value()).toBeNull();
      }
      return store.store.cache.misses + store.store.cache.hits;
    };
    expect(missesWith(0)).toBeGreaterThan(900);
    expect(missesWith(10)).toBeLessThan(60);
  });

  it("lose what has expired when they are merged, and not before", () => {
    let nowMs = 0;
    const store = backend({ level0Tables: 2 }, () => nowMs);
    const expiring = new ValueStateDescriptor<number>("expiring");
    const list = new ListStateDescriptor<number>("list");
    for (const descriptor of [expiring, list]) {
      descriptor.enableTimeToLive(StateTtlConfig.newBuilder(Duration.ofMillis(10)).returnExpiredIfNotCleanedUp().build());
    }
    const write = (key: string, value: number) => {
      store.setCurrentKey(key);
      store.getState(expiring).update(value);
      store.getState(list).add(value);
    };
    write("old", 1);
    checkpoint(store, 1);
    nowMs = 20;
    expect(store.numEntries()).toBe(2);
    write("new", 2);
    store.setCurrentKey("old");
    store.getState(list).add(3);
    checkpoint(store, 2);
    expect(store.numEntries()).toBe(3);
    expect(store.getState(list).get()).toEqual([3]);
    expect(store.getState(expiring).value()).toBeNull();
  });
});

describe("checkpoints", () => {
  const KEYS = 100_000;

  it("upload at most 5 % after 1 % of the keys were touched, and nothing when none was", () => {
    const store = backend({ incremental: true });
    fill(store, 0, KEYS, 1);
    const first = checkpoint(store, 1);
    expect(first.uploadedBytes).toBe(first.bytes);
    store.notifyCheckpointComplete(1);
    const state = store.getState(COUNT);
    for (let key = 0; key < KEYS; key += 100) {
      store.setCurrentKey(key);
      state.update(2);
    }
    const second = checkpoint(store, 2);
    expect(second.uploadedBytes).toBeGreaterThan(0);
    expect(second.uploadedBytes / second.bytes).toBeLessThan(0.05);
    store.notifyCheckpointComplete(2);
    expect(checkpoint(store, 3)).toMatchObject({ uploadedBytes: 0, bytes: second.bytes });
  });

  it("upload again what only an aborted checkpoint, or one under way, has", () => {
    const store = backend({ incremental: true });
    fill(store, 0, 1000, 1);
    const first = checkpoint(store, 1);
    store.notifyCheckpointAborted(1);
    expect(checkpoint(store, 2).uploadedBytes).toBe(first.uploadedBytes);
    expect(checkpoint(store, 3).uploadedBytes).toBe(first.uploadedBytes);
    store.notifyCheckpointComplete(2);
    expect(checkpoint(store, 4).uploadedBytes).toBe(0);
  });

  it("are full without incremental ones", () => {
    const store = backend();
    fill(store, 0, 1000, 1);
    checkpoint(store, 1);
    store.notifyCheckpointComplete(1);
    const second = checkpoint(store, 2);
    expect(second.uploadedBytes).toBe(second.bytes);
    expect(second.bytes).toBe(store.sizes()[0].bytes);
  });

  it("go on from a restored one, whose tables they share; a rescaled job begins anew", () => {
    const store = backend({ incremental: true });
    fill(store, 0, 1000, 1);
    const { keyed } = checkpoint(store, 5);
    const restoredInto = (parallelism: number) =>
      redistributeSnapshots([{ keyed, operatorState: [], bytes: 0 }], parallelism, MAX_PARALLELISM).map((share) => {
        const restored = backend({ incremental: true });
        if (share.keyed !== null) restored.restore(share.keyed, 5);
        return restored;
      });
    const [same] = restoredInto(1);
    expect(checkpoint(same, 6).uploadedBytes).toBe(0);
    const rescaled = restoredInto(2);
    const tables = (keyed as LsmKeyedSnapshot).tables();
    for (const half of rescaled) {
      const snapshot = checkpoint(half, 6);
      expect(snapshot.uploadedBytes).toBeGreaterThan(0);
      expect([...(snapshot.keyed as LsmKeyedSnapshot).tables()].every((table) => tables.has(table))).toBe(true);
    }
    const entries = rescaled.map((half) => half.numEntries());
    expect(entries[0] + entries[1]).toBe(1000);
    expect(Math.min(...entries)).toBeGreaterThan(400);
  });
});
