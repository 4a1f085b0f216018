/**
 * Faults that strike after so many records strike at a time instead. Taking records away moves the former: a crash after a hundred records never comes in a
 * world of fifty, so that world does not fail, and nothing could be taken away. One that strikes at a time stays between the same records.
 */
import type { Fault } from "../world.ts";
import type { ReductionPass } from "./reduce-world.ts";

/** Behind the arrival of that record: reading it, and passing it on, may take some time. */
const OFFSETS_MS = [1, 20, 200, 2000];

export const faultsAtTimes: ReductionPass = function* (world) {
  const times = world.topics.flatMap(({ arrivals }) => arrivals.map(({ atMs }) => atMs)).sort((a, b) => a - b);
  let current = world;
  for (const [index, fault] of world.faults.entries()) {
    if (fault.when.kind !== "afterRecords" || fault.when.records > times.length) continue;
    const readMs = Math.max(times[fault.when.records - 1], world.startMs);
    for (const offsetMs of OFFSETS_MS) {
      const timed: Fault = { ...fault, when: { kind: "atMs", atMs: readMs + offsetMs } };
      const proposed = { ...current, faults: current.faults.map((other, place) => (place === index ? timed : other)) };
      if (!(yield proposed)) continue;
      current = proposed;
      break;
    }
  }
  return current;
};
