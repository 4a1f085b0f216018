import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ComputationQueue, offer, poll, removeWhere } from "../../../src/operators/cep/computation-queue.ts";
import { compareStart, type ComputationState, startComputation } from "../../../src/operators/cep/computation-state.ts";
import { increased, isCompatible, withStage } from "../../../src/operators/cep/dewey-number.ts";

function run(stateName: string, timestampMs: number, index: number): ComputationState {
  return { ...startComputation(stateName), startEvent: { timestampMs, index } };
}

const runs = fc.array(
  fc.oneof(
    fc.tuple(fc.integer({ min: -2, max: 2 }), fc.nat(2)).map(([timestampMs, index]) => run("a", timestampMs, index)),
    fc.constant(startComputation("start")),
  ),
);

describe("the queue of runs", () => {
  const drained = (queue: ComputationQueue) => {
    const order: ComputationState[] = [];
    while (queue.length > 0) order.push(poll(queue));
    return order;
  };

  it("gives runs in the order of their first events, the start state last", () => {
    fc.assert(
      fc.property(runs, (all) => {
        const queue: ComputationQueue = [];
        for (const state of all) offer(queue, state);
        const order = drained(queue);
        expect(order).toHaveLength(all.length);
        for (let index = 1; index < order.length; index++) expect(compareStart(order[index - 1], order[index])).toBeLessThanOrEqual(0);
      }),
    );
  });

  it("stays in order when some are removed", () => {
    fc.assert(
      fc.property(runs, fc.integer({ min: -2, max: 2 }), (all, bound) => {
        const queue: ComputationQueue = [];
        for (const state of all) offer(queue, state);
        const isUnwanted = ({ startEvent }: ComputationState) => startEvent !== null && startEvent.timestampMs < bound;
        removeWhere(queue, isUnwanted);
        const order = drained(queue);
        expect(order).toHaveLength(all.filter((state) => !isUnwanted(state)).length);
        for (let index = 1; index < order.length; index++) expect(compareStart(order[index - 1], order[index])).toBeLessThanOrEqual(0);
      }),
    );
  });

  it("keeps equal runs where a Java PriorityQueue has them", () => {
    const queue: ComputationQueue = [];
    for (const [name, timestampMs] of [
      ["a", 2],
      ["b", 1],
      ["c", 1],
      ["d", 1],
      ["e", 1],
    ] as const)
      offer(queue, run(name, timestampMs, 0));
    expect(queue.map(({ stateName }) => stateName)).toEqual(["b", "d", "c", "a", "e"]);
    expect(poll(queue).stateName).toBe("b");
    expect(queue.map(({ stateName }) => stateName)).toEqual(["e", "d", "c", "a"]);
  });
});

describe("version numbers", () => {
  it("a run belongs to the edges of its past and to no others", () => {
    const first = [1];
    const taken = withStage(first);
    expect(taken).toEqual([1, 0]);
    expect(isCompatible(taken, first)).toBe(true);
    expect(isCompatible(first, taken)).toBe(false);
    expect(isCompatible(increased(taken, 2), taken)).toBe(true);
    expect(isCompatible(taken, increased(taken, 2))).toBe(false);
    expect(isCompatible(withStage([2]), first)).toBe(false);
    expect(increased(first, 0)).toBe(first);
  });
});
