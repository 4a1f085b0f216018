import { MAX_TIMESTAMP } from "../../base/long.ts";
import { type DeweyNumber, FIRST_VERSION, sameVersion } from "./dewey-number.ts";

/** An event that the shared buffer holds: its time, and its number among the buffered events of that time. */
export interface EventId {
  readonly timestampMs: number;
  readonly index: number;
}

export function compareEvents(left: EventId, right: EventId): number {
  return left.timestampMs === right.timestampMs ? left.index - right.index : left.timestampMs < right.timestampMs ? -1 : 1;
}

/**
 * One run through the state graph: the state it waits in and the events it has taken so far (the path from `previousNode` backwards
 * along edges compatible with `version`). Plain data, since it lives in keyed state.
 */
export interface ComputationState {
  readonly stateName: string;
  readonly version: DeweyNumber;
  /** Node of the shared buffer with the event taken last; null in the start state. */
  readonly previousNode: string | null;
  /** null in the start state. */
  readonly startEvent: EventId | null;
  /** Time of the first event; -1 in the start state. */
  readonly startMs: number;
  /** Time of the event taken last; -1 in the start state. */
  readonly previousMs: number;
}

export function startComputation(stateName: string, version: DeweyNumber = FIRST_VERSION): ComputationState {
  return { stateName, version, previousNode: null, startEvent: null, startMs: -1, previousMs: -1 };
}

export function sameComputation(left: ComputationState, right: ComputationState): boolean {
  return (
    left.stateName === right.stateName &&
    left.startMs === right.startMs &&
    left.previousMs === right.previousMs &&
    left.previousNode === right.previousNode &&
    sameEvent(left.startEvent, right.startEvent) &&
    sameVersion(left.version, right.version)
  );
}

function sameEvent(left: EventId | null, right: EventId | null): boolean {
  if (left === null || right === null) return left === right;
  return compareEvents(left, right) === 0;
}

/** By first event; the start state, which has none, comes last. */
export function compareStart(left: ComputationState, right: ComputationState): number {
  if (left.startEvent !== null && right.startEvent !== null) return compareEvents(left.startEvent, right.startEvent);
  const leftMs = left.startEvent === null ? MAX_TIMESTAMP : left.startEvent.timestampMs;
  const rightMs = right.startEvent === null ? MAX_TIMESTAMP : right.startEvent.timestampMs;
  if (leftMs !== rightMs) return leftMs < rightMs ? -1 : 1;
  if (left.startEvent === right.startEvent) return 0;
  return left.startEvent === null ? 1 : -1;
}
