import { serializedSize } from "../types/value-codec.ts";
import type { KeyGroupSnapshot, OperatorStateSnapshot, TimerServiceSnapshot } from "./snapshot.ts";

/** Of a timer beside its key: timestamp and namespace. */
export const TIMER_BYTES = 16;

/** Serialized size of a subtask's share: keys, values, timers, operator state. */
export function snapshotBytes(groups: ReadonlyMap<number, KeyGroupSnapshot>, operatorState: readonly OperatorStateSnapshot[]): number {
  let bytes = 0;
  for (const { states, timers } of groups.values()) {
    for (const { entries } of states) {
      for (const { key, value } of entries) bytes += serializedSize(key) + serializedSize(value);
    }
    for (const service of timers) bytes += bytesOf(service);
  }
  for (const { elements } of operatorState) bytes += serializedSize(elements);
  return bytes;
}

export function timerBytes(timers: ReadonlyMap<number, readonly TimerServiceSnapshot[]>): number {
  let bytes = 0;
  for (const services of timers.values()) for (const service of services) bytes += bytesOf(service);
  return bytes;
}

function bytesOf({ event, processing }: TimerServiceSnapshot): number {
  let bytes = 0;
  for (const { key } of event) bytes += TIMER_BYTES + serializedSize(key);
  for (const { key } of processing) bytes += TIMER_BYTES + serializedSize(key);
  return bytes;
}
