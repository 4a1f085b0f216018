import { describe, expect, it } from "vitest";
import { Prng } from "../../src/base/prng.ts";
import { type TimedEntry, TimedQueue } from "../../src/runtime/timed-queue.ts";

const NOTHING = (): void => {};

/** Takes everything out, in order. */
function drained(queue: TimedQueue): TimedEntry[] {
  const entries: TimedEntry[] = [];
  for (let entry = queue.take(); entry !== undefined; entry = queue.take()) entries.push(entry);
  return entries;
}

describe("what is due on the clock", () => {
  it("comes by time, and by order of scheduling among those of one time, whatever was cancelled before", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = new Prng(seed);
      const queue = new TimedQueue();
      const waiting = new Set<TimedEntry>();
      const taken: TimedEntry[] = [];
      const takeNext = () => {
        const expected = [...waiting].sort((a, b) => a.atUs - b.atUs || a.sequence - b.sequence)[0];
        expect(queue.nextDueUs()).toBe(expected === undefined ? Number.POSITIVE_INFINITY : expected.atUs);
        const entry = queue.take();
        expect(entry).toBe(expected);
        if (entry === undefined) return;
        waiting.delete(entry);
        taken.push(entry);
      };
      for (let action = 0; action < 300; action++) {
        const kind = random.nextInt(6);
        if (kind < 3) {
          waiting.add(queue.add(random.nextInt(20), NOTHING));
        } else if (kind < 5) {
          const entry = [...waiting][random.nextInt(waiting.size + 1)];
          entry?.cancel();
          if (entry !== undefined) waiting.delete(entry);
        } else {
          takeNext();
        }
      }
      const rest = [...waiting].sort((a, b) => a.atUs - b.atUs || a.sequence - b.sequence);
      expect(drained(queue)).toEqual(rest);
      for (const entry of taken) entry.cancel();
      expect(queue.nextDueUs()).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it("runs once, and not at all when it was cancelled", () => {
    const queue = new TimedQueue();
    const run: string[] = [];
    queue.add(2, () => run.push("second"));
    const first = queue.add(1, () => run.push("first"));
    queue.add(0, () => run.push("cancelled")).cancel();
    for (const entry of drained(queue)) entry.fire();
    first.fire();
    first.cancel();
    expect(run).toEqual(["first", "second"]);
  });
});
