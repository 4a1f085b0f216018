import { describe, expect, it } from "vitest";
import { CheckpointRequests, type CheckpointRequest } from "../../src/runtime/checkpoint/checkpoint-requests.ts";
import { CHECKPOINT_FAILURE } from "../../src/runtime/checkpoint/checkpoint-failure.ts";

const NONE = { pending: 0, nowMs: 1000, lastCompletedMs: Number.NEGATIVE_INFINITY };

function queue(limits: { maxConcurrent?: number; minPauseMs?: number } = {}) {
  const waits: number[] = [];
  const ended: string[] = [];
  const requests = new CheckpointRequests({ maxConcurrent: 1, minPauseMs: 0, ...limits }, (waitMs) => waits.push(waitMs));
  const names = new Map<CheckpointRequest, string>();
  const add = (name: string, kind: CheckpointRequest["kind"]) => {
    const request: CheckpointRequest = {
      kind,
      savepoint: kind === "savepoint" ? { format: "canonical", terminates: true } : null,
      ended: (failure) => ended.push(`${name}: ${failure?.reason.message ?? "complete"}`),
    };
    names.set(request, name);
    requests.add(request);
  };
  const next = (more: Partial<typeof NONE> = {}) => {
    const request = requests.next({ ...NONE, ...more });
    return request === undefined ? undefined : names.get(request);
  };
  return { requests, add, next, waits, ended };
}

describe("CKP-2 the queue of checkpoints that were asked for", () => {
  it("savepoints first, then those by hand, then periodic ones; each kind in the order of asking", () => {
    const { add, next } = queue();
    for (const [name, kind] of [
      ["p1", "periodic"],
      ["m1", "manual"],
      ["s1", "savepoint"],
      ["p2", "periodic"],
      ["s2", "savepoint"],
      ["m2", "manual"],
    ] as const) {
      add(name, kind);
    }
    expect([1, 2, 3, 4, 5, 6, 7].map(() => next())).toEqual(["s1", "s2", "m1", "m2", "p1", "p2", undefined]);
  });

  it("while as many are under way as may be, only savepoints go", () => {
    const { add, next } = queue({ maxConcurrent: 2 });
    add("p", "periodic");
    expect(next({ pending: 2 })).toBeUndefined();
    add("s", "savepoint");
    expect(next({ pending: 2 })).toBe("s");
    expect(next({ pending: 1 })).toBe("p");
  });

  it("a periodic one within the minimum pause is dropped, and the trigger told how long to wait; others do not care", () => {
    const { add, next, waits, ended } = queue({ minPauseMs: 500 });
    add("p", "periodic");
    expect(next({ lastCompletedMs: 800 })).toBeUndefined();
    expect(waits).toEqual([300]);
    expect(ended).toEqual([`p: ${CHECKPOINT_FAILURE.minimumPause.message}`]);
    add("m", "manual");
    expect(next({ lastCompletedMs: 800 })).toBe("m");
    add("p2", "periodic");
    expect(next({ lastCompletedMs: 500 })).toBe("p2");
  });

  it("the thousand and first is refused, a periodic one before any other", () => {
    const { add, ended, requests } = queue();
    for (let index = 0; index < 999; index++) add(`m${index}`, "manual");
    add("p", "periodic");
    add("late", "manual");
    expect(ended).toEqual([`p: ${CHECKPOINT_FAILURE.tooManyRequests.message}`]);
    requests.dropAll({ reason: CHECKPOINT_FAILURE.suspended });
    expect(ended).toHaveLength(1001);
  });
});
