/**
 * One state of many keys in each of the backends, without a job around it: what an access costs, what a key takes, what a checkpoint uploads.
 * The pieces are called one after the other; what one has left is what the next finds.
 */
import { HeapKeyedStateBackend } from "../src/state/heap/heap-keyed-state-backend.ts";
import type { KeyedBackendSnapshot, KeyedStateBackend } from "../src/state/keyed-state-backend.ts";
import { LsmKeyedStateBackend } from "../src/state/lsm/lsm-keyed-state-backend.ts";
import { DEFAULT_LSM_OPTIONS } from "../src/state/lsm/lsm-options.ts";
import { ValueStateDescriptor } from "../src/state/descriptors.ts";
import { NO_TIMERS } from "../src/state/timers-of-snapshot.ts";
import { mix } from "./workload.ts";

const MAX_PARALLELISM = 128;
/** Of so many keys one is touched between two checkpoints. */
const TOUCHED_ONE_OF = 100;

interface Account {
  readonly visits: number;
  readonly total: number;
}

const ACCOUNTS = new ValueStateDescriptor<Account>("account");

type BackendName = "heap" | "lsm";

let backend: KeyedStateBackend = create("heap");
let checkpoints = 0;

function keyOf(i: number, keys: number): number {
  return (mix(i) & 0x7fff_ffff) % keys;
}

function create(name: BackendName): KeyedStateBackend {
  if (name === "heap") return new HeapKeyedStateBackend(MAX_PARALLELISM, () => 0);
  return new LsmKeyedStateBackend(MAX_PARALLELISM, () => 0, undefined, { ...DEFAULT_LSM_OPTIONS, incremental: true });
}

/** A new backend with an account of each key. */
export function fillAccounts(name: BackendName, keys: number): number {
  backend = create(name);
  checkpoints = 0;
  const accounts = backend.getState(ACCOUNTS);
  for (let key = 0; key < keys; key++) {
    backend.setCurrentKey(key);
    accounts.update({ visits: 1, total: key });
  }
  globalThis.lookAtHeap?.();
  return keys;
}

export function readAccounts(records: number, keys: number): number {
  const accounts = backend.getState(ACCOUNTS);
  let found = 0;
  for (let i = 0; i < records; i++) {
    backend.setCurrentKey(keyOf(i, keys));
    if (accounts.value() !== null) found++;
  }
  return found;
}

export function writeAccounts(records: number, keys: number): number {
  const accounts = backend.getState(ACCOUNTS);
  for (let i = 0; i < records; i++) {
    backend.setCurrentKey(keyOf(i, keys));
    accounts.update({ visits: 2, total: i });
  }
  return records;
}

/** Reads each account, and writes it back changed. */
export function changeAccounts(records: number, keys: number): number {
  const accounts = backend.getState(ACCOUNTS);
  for (let i = 0; i < records; i++) {
    backend.setCurrentKey(keyOf(i, keys));
    const account = accounts.value();
    accounts.update({ visits: (account === null ? 0 : account.visits) + 1, total: i });
  }
  return records;
}

let taken: KeyedBackendSnapshot | null = null;

/** The synchronous part of a snapshot. */
export function takeSnapshot(): number {
  taken = backend.snapshot(++checkpoints, NO_TIMERS);
  return 0;
}

/** The asynchronous part: first the size of the snapshot that was taken last, */
export function measureSnapshot(): number {
  return taken?.bytes ?? 0;
}

/** then its end. */
export function detachSnapshot(): number {
  taken?.keyed?.detach?.();
  return 0;
}

function completedCheckpoint(): KeyedBackendSnapshot {
  const snapshot = backend.snapshot(++checkpoints, NO_TIMERS);
  backend.notifyCheckpointComplete(checkpoints);
  return snapshot;
}

/** Bytes of everything, after a checkpoint of it. */
export function checkpointAccounts(): number {
  return completedCheckpoint().bytes;
}

/** Bytes that the next checkpoint uploads when one of a hundred keys has changed since. */
export function uploadTouchedAccounts(keys: number): number {
  const accounts = backend.getState(ACCOUNTS);
  for (let key = 0; key < keys; key += TOUCHED_ONE_OF) {
    backend.setCurrentKey(key);
    accounts.update({ visits: 3, total: key });
  }
  return completedCheckpoint().uploadedBytes;
}
