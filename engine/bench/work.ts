/** What the bench can ask to be run, by name, without SQL: the same list in an isolate and in plain Node. */
import { ENGINE_JOBS } from "./jobs.ts";
import type { SqlWorkName } from "./sql-work.ts";
import {
  changeAccounts,
  checkpointAccounts,
  detachSnapshot,
  fillAccounts,
  measureSnapshot,
  readAccounts,
  takeSnapshot,
  uploadTouchedAccounts,
  writeAccounts,
} from "./state-access.ts";
import { type Event, eventsOver, MINUTE_MS } from "./workload.ts";
import { firstOfDay, sessionCounts, slicedCounts, slidingCounts, tumblingCounts } from "./yardstick.ts";

/** What the work is done on; a piece of work takes from it what it knows. */
export interface WorkSize {
  readonly records: number;
  /** Number of distinct keys ("keys-…"). */
  readonly keys?: number;
  /** Window size, in slides of a minute ("sliding-cost"). */
  readonly slides?: number;
}

/** A piece of work: returns its number of output rows, or what it has found. */
export type Work = ({ records, keys, slides }: WorkSize) => number;

/** Records of a key in one window, where both grow together. */
const RECORDS_PER_KEY_AND_WINDOW = 5;
const MS_PER_WIDE_RECORD = 20;

export const CORE_WORK = {
  "engine/tumbling": ({ records }) => ENGINE_JOBS.tumbling(records),
  "engine/sliding": ({ records }) => ENGINE_JOBS.sliding(records),
  "engine/session": ({ records }) => ENGINE_JOBS.session(records),
  "engine/dedup": ({ records }) => ENGINE_JOBS.dedup(records),
  "engine/dedup-lsm": ({ records }) => ENGINE_JOBS.dedupLsm(records),
  "yardstick/tumbling": ({ records }) => tumblingCounts(records),
  "yardstick/sliding": ({ records }) => slidingCounts(records),
  "yardstick/sliced": ({ records }) => slicedCounts(records),
  "yardstick/session": ({ records }) => sessionCounts(records),
  "yardstick/dedup": ({ records }) => firstOfDay(records),

  // Like a and d over any number of keys. Windows (horizons) grow with the keys, so that the output per record stays what it is.
  "engine/keys-tumbling": ({ records, keys = 1000 }) => ENGINE_JOBS.tumbling(records, eventsOver(keys, 1), windowMs(keys)),
  "engine/keys-dedup": ({ records, keys = 1000 }) => ENGINE_JOBS.dedup(records, eventsOver(keys, MS_PER_WIDE_RECORD), horizonMs(keys)),
  "yardstick/keys-tumbling": ({ records, keys = 1000 }) => tumblingCounts(records, eventsOver(keys, 1), windowMs(keys)),
  "yardstick/keys-dedup": ({ records, keys = 1000 }) => firstOfDay(records, eventsOver(keys, MS_PER_WIDE_RECORD), horizonMs(keys)),

  "engine/sliding-cost": ({ records, slides = 5 }) => ENGINE_JOBS.sliding(records, slides * MINUTE_MS),

  "engine/dedup-in-time": ({ records }) => ENGINE_JOBS.dedupInTime(records, false),
  "engine/dedup-checkpoints": ({ records }) => ENGINE_JOBS.dedupInTime(records, true),

  // The heap is looked at just before the last record, when every key still has its state and its timer.
  "engine/memory-tumbling": ({ records, keys = 1000 }) =>
    ENGINE_JOBS.tumbling(records, lookingAtTheEnd(records, eventsOver(keys, 1)), records),
  "engine/memory-dedup": ({ records, keys = 1000 }) =>
    ENGINE_JOBS.dedup(records, lookingAtTheEnd(records, eventsOver(keys, MS_PER_WIDE_RECORD))),

  // These go on from what the one before has left.
  "state/fill-heap": ({ keys = 1000 }) => fillAccounts("heap", keys),
  "state/fill-lsm": ({ keys = 1000 }) => fillAccounts("lsm", keys),
  "state/read": ({ records, keys = 1000 }) => readAccounts(records, keys),
  "state/write": ({ records, keys = 1000 }) => writeAccounts(records, keys),
  "state/change": ({ records, keys = 1000 }) => changeAccounts(records, keys),
  "state/checkpoint": () => checkpointAccounts(),
  "state/take": () => takeSnapshot(),
  "state/measure": () => measureSnapshot(),
  "state/detach": () => detachSnapshot(),
  "state/upload-touched": ({ keys = 1000 }) => uploadTouchedAccounts(keys),
} satisfies Record<string, Work>;

export type WorkName = keyof typeof CORE_WORK | SqlWorkName;

/** The piece of work of this name among those that a place has. */
export function workCalled(name: WorkName, works: Readonly<Partial<Record<WorkName, Work>>>): Work {
  const work = works[name];
  if (work === undefined) throw new Error(`no work is called ${name} here`);
  return work;
}

function windowMs(keys: number): number {
  return keys * RECORDS_PER_KEY_AND_WINDOW;
}

function horizonMs(keys: number): number {
  return keys * RECORDS_PER_KEY_AND_WINDOW * MS_PER_WIDE_RECORD;
}

declare global {
  /** Given by the host of an isolate. */
  var lookAtHeap: (() => void) | undefined;
}

function lookingAtTheEnd(records: number, generate: (i: number) => Event): (i: number) => Event {
  return (i) => {
    if (i === records - 1) globalThis.lookAtHeap?.();
    return generate(i);
  };
}
