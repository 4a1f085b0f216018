import { HeapKeyedStateBackend } from "../../src/state/heap/heap-keyed-state-backend.ts";
import { LsmKeyedStateBackend } from "../../src/state/lsm/lsm-keyed-state-backend.ts";
import { DEFAULT_LSM_OPTIONS } from "../../src/state/lsm/lsm-options.ts";
import { type BackendUnderTest, describeKeyedState } from "./keyed-state-contract.ts";
import { describeSnapshotIsolation } from "./snapshot-isolation.ts";

const HEAP: BackendUnderTest = {
  name: "heap",
  create: ({ keyGroups, now }) => new HeapKeyedStateBackend(16, now, keyGroups.end - keyGroups.start + 1),
};

const LSM: BackendUnderTest = {
  name: "log-structured",
  create: ({ keyGroups, now }) => new LsmKeyedStateBackend(16, now, keyGroups),
};

/** So small that a few records make several levels. */
const SMALL_LSM: BackendUnderTest = {
  name: "log-structured, small",
  create: ({ keyGroups, now }) =>
    new LsmKeyedStateBackend(16, now, keyGroups, {
      ...DEFAULT_LSM_OPTIONS,
      writeBufferBytes: 600,
      targetFileBytes: 200,
      levelBaseBytes: 500,
      level0Tables: 2,
      blockBytes: 64,
      blockCacheBytes: 256,
      bloomBitsPerKey: 10,
      incremental: true,
    }),
};

describeKeyedState(HEAP, LSM);
describeKeyedState(LSM, HEAP);
describeKeyedState(SMALL_LSM, HEAP);

for (const kind of [HEAP, LSM, SMALL_LSM]) describeSnapshotIsolation(kind);
