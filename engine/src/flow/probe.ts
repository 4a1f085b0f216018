import type { StateNamespace } from "../state/namespace.ts";

/**
 * What an operator tells the recording and the metrics about things that cannot be seen from its outputs. All methods are
 * no-ops in throughput mode (`NO_PROBE`); none may change behaviour.
 */
export interface OperatorProbe {
  /** False in throughput mode: callers skip building arguments. */
  readonly recording: boolean;
  /** A record was assigned to a window. `endMs` may be MAX_TIMESTAMP for global windows. */
  windowAssigned(key: unknown, startMs: number, endMs: number): void;
  /** Session windows `merged` became one window. */
  windowMerged(key: unknown, startMs: number, endMs: number, merged: readonly { startMs: number; endMs: number }[]): void;
  /** A window fired; `late` when its end had already been passed before (a refiring). */
  windowFired(key: unknown, startMs: number, endMs: number, late: boolean): void;
  /** The contents of a window were dropped (purge or cleanup). */
  windowPurged(key: unknown, startMs: number, endMs: number): void;
  /** A record came too late: dropped, or sent to the side output `tagId`. */
  recordLate(value: unknown, timestampMs: number, watermarkMs: number, tagId: string | null): void;
  timerFired(domain: "event" | "processing", key: unknown, timestampMs: number): void;
  /** A function of the program set a timer of the current key, or deleted it. */
  timerSet(domain: "event" | "processing", key: unknown, timestampMs: number, set: boolean): void;
  /** Keyed state holds something else; see `StateListener`. */
  stateChanged(stateName: string, key: unknown, namespace: StateNamespace, present: boolean, value: unknown): void;
}

/** Throughput mode: records nothing. */
export const NO_PROBE: OperatorProbe = Object.freeze({
  recording: false,
  windowAssigned() {},
  windowMerged() {},
  windowFired() {},
  windowPurged() {},
  recordLate() {},
  timerFired() {},
  timerSet() {},
  stateChanged() {},
});
