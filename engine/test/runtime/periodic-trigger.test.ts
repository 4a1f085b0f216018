import { describe, expect, it } from "vitest";
import { Prng } from "../../src/base/prng.ts";
import { PeriodicTrigger, type TriggerIntervals } from "../../src/runtime/checkpoint/periodic-trigger.ts";
import { EventLoop } from "../../src/runtime/event-loop.ts";

function triggered(
  intervals: TriggerIntervals,
  untilMs: number,
  act: (trigger: PeriodicTrigger, loop: EventLoop) => void = () => {},
): number[] {
  const loop = new EventLoop(0, new Prng(1));
  const times: number[] = [];
  const trigger = new PeriodicTrigger(loop, new Prng(2), intervals, () => times.push(loop.currentMs()));
  trigger.start();
  act(trigger, loop);
  while (loop.nextDueUs() <= untilMs * 1000) loop.step();
  return times;
}

describe("CKP-1 the periodic trigger", () => {
  it("begins within one interval, not before the minimum pause, and goes on every interval", () => {
    const times = triggered({ intervalMs: 1000, duringBacklogMs: undefined, minPauseMs: 300 }, 5000);
    expect(times[0]).toBeGreaterThanOrEqual(300);
    expect(times[0]).toBeLessThanOrEqual(1000);
    expect(times.slice(1).map((atMs, index) => atMs - times[index])).toEqual([1000, 1000, 1000, 1000].slice(0, times.length - 1));
  });

  it("after a restart comes as soon as the minimum pause is over", () => {
    const restart = (trigger: PeriodicTrigger, loop: EventLoop) =>
      loop.schedule(5000, () => {
        trigger.stop();
        trigger.start();
      });
    const times = triggered({ intervalMs: 10_000, duringBacklogMs: undefined, minPauseMs: 200 }, 6000, restart);
    expect(times.filter((atMs) => atMs >= 5000)).toEqual([5200]);
  });

  it("during a backlog keeps the other interval, and none when that is 0", () => {
    const backlog = (trigger: PeriodicTrigger, loop: EventLoop) => {
      trigger.setProcessingBacklog("source", true);
      loop.schedule(10_000, () => trigger.setProcessingBacklog("source", false));
    };
    const slow = triggered({ intervalMs: 1000, duringBacklogMs: 4000, minPauseMs: 0 }, 9000, backlog);
    expect(slow.slice(1).map((atMs, index) => atMs - slow[index])).toEqual([4000, 4000].slice(0, slow.length - 1));
    const none = triggered({ intervalMs: 1000, duringBacklogMs: 0, minPauseMs: 0 }, 12_500, backlog);
    expect(none.slice(1)).toEqual([11_000, 12_000]);
  });
});
