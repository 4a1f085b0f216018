import type { TimerServiceSnapshot } from "./snapshot.ts";

/** The timers of a subtask as they were when they were asked for. Backends put them into their snapshots, now or later. */
export interface TimersOfSnapshot {
  readonly isEmpty: boolean;
  /** Serialized size: timestamp, namespace and key of each. */
  bytes(): number;
  byKeyGroup(): ReadonlyMap<number, readonly TimerServiceSnapshot[]>;
  /** Copies the keys, which the program may have too. */
  detach(): void;
}

export const NO_TIMERS: TimersOfSnapshot = Object.freeze({
  isEmpty: true,
  bytes: () => 0,
  byKeyGroup: () => new Map<number, readonly TimerServiceSnapshot[]>(),
  detach() {},
});
