/** Faults that are easier to tell: the first task manager, an earlier or less particular moment, a shorter time. */
import type { Fault, FaultTrigger, World } from "../world.ts";
import type { ReductionPass } from "./reduce-world.ts";

export const simplerFaults: ReductionPass = function* (world) {
  let current = world;
  for (let index = 0; index < current.faults.length; index++) {
    for (;;) {
      let smaller: World | null = null;
      for (const fault of candidates(current.faults[index], current)) {
        const proposed = withFault(current, index, fault);
        if (!(yield proposed)) continue;
        smaller = proposed;
        break;
      }
      if (smaller === null) break;
      current = smaller;
    }
  }
  return current;
};

function withFault(world: World, index: number, fault: Fault): World {
  return { ...world, faults: world.faults.map((other, place) => (place === index ? fault : other)) };
}

function candidates(fault: Fault, world: World): Fault[] {
  const simpler: Fault[] = simplerTriggers(fault.when, world).map((when) => ({ ...fault, when }));
  if (fault.kind === "crashTaskManager" && fault.taskManager > 0) simpler.unshift({ ...fault, taskManager: 0 });
  if ("forMs" in fault && fault.forMs > 1000) simpler.push({ ...fault, forMs: Math.max(1000, roundedHalf(fault.forMs)) });
  return simpler;
}

/** Each is simpler in an order that has an end, so that trying comes to one. */
function simplerTriggers(when: FaultTrigger, { startMs }: World): FaultTrigger[] {
  switch (when.kind) {
    case "atMs": {
      const afterMs = when.atMs - startMs;
      const earlier = [Math.floor(afterMs / 2000) * 1000, Math.floor(afterMs / 1000) * 1000, Math.floor(afterMs / 100) * 100];
      return earlier.filter((ms) => ms < afterMs).map((ms) => ({ ...when, atMs: startMs + ms }));
    }
    case "afterRecords":
      return [1, Math.floor(when.records / 2), when.records - 1]
        .filter((records) => records >= 1 && records < when.records)
        .map((records) => ({ ...when, records }));
    case "checkpoint":
      return when.checkpoint > 1 ? [1, when.checkpoint - 1].map((checkpoint) => ({ ...when, checkpoint })) : [];
    case "step": {
      const { checkpoint, vertex, subtask, occurrence = 1, ...plain } = when;
      const kept = {
        ...(checkpoint === undefined ? {} : { checkpoint }),
        ...(vertex === undefined ? {} : { vertex }),
        ...(subtask === undefined ? {} : { subtask }),
      };
      const without = Object.keys(kept).map((name) => ({
        ...plain,
        ...Object.fromEntries(Object.entries(kept).filter(([other]) => other !== name)),
        occurrence,
      }));
      const sooner = [1, occurrence - 1].filter((count) => count >= 1 && count < occurrence);
      return [...without, ...sooner.map((count) => ({ ...plain, ...kept, occurrence: count }))];
    }
  }
}

function roundedHalf(ms: number): number {
  return Math.floor(ms / 2000) * 1000;
}
