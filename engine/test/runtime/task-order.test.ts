/** In which order the event loop gives ready tasks the processor. */
import { expect, test } from "vitest";
import { Prng } from "../../src/base/prng.ts";
import { EventLoop, type Runnable, type TaskOrder } from "../../src/runtime/event-loop.ts";

const TASKS = 3;

/** Tasks that are always ready; the largest difference between the turns of any two, and who had the first turn. */
function turnsOf(order: TaskOrder, seed: number): { readonly apart: number; readonly first: number } {
  const loop = new EventLoop(0, new Prng(seed), order);
  const turns = new Array<number>(TASKS).fill(0);
  let apart = 0;
  let first = -1;
  for (let index = 0; index < TASKS; index++) {
    const task: Runnable = {
      queued: false,
      run() {
        if (first < 0) first = index;
        turns[index]++;
        apart = Math.max(apart, Math.max(...turns) - Math.min(...turns));
        loop.makeReady(task);
      },
    };
    loop.makeReady(task);
  }
  for (let step = 0; step < 3000; step++) loop.step();
  return { apart, first };
}

test("drawn, tasks drift apart; fairly, they take turns", () => {
  expect(turnsOf("drawn", 1).apart).toBeGreaterThan(10);
  for (let seed = 1; seed <= 20; seed++) expect(turnsOf("drawn-fairly", seed).apart).toBe(1);
});

test("who is first among those that have waited as long is drawn from the seed", () => {
  const firsts = Array.from({ length: 40 }, (_, seed) => turnsOf("drawn-fairly", seed).first);
  expect(new Set(firsts).size).toBe(TASKS);
  expect(turnsOf("drawn-fairly", 7)).toEqual(turnsOf("drawn-fairly", 7));
});
