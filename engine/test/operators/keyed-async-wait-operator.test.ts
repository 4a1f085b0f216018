/** The async operator that keeps the order of each key, step by step, with answers given by hand. */
import { describe, expect, it } from "vitest";
import type { ResultFuture } from "../../src/flow/async-functions.ts";
import { AsyncWaitOperator } from "../../src/operators/async/async-wait-operator.ts";
import { KeyedAsyncWaitOperator } from "../../src/operators/async/keyed-async-wait-operator.ts";
import { OneInputOperatorHarness, type OperatorHarnessOptions } from "../../src/testing.ts";

/** Values are texts, `a1` is the first of key `a`. `answer` completes requests, `asked` says what has been asked for since the last time. */
function handAnswered({ capacity = 10, ...options }: { capacity?: number } & OperatorHarnessOptions = {}) {
  const requests = new Map<string, ResultFuture<string>>();
  let fresh: string[] = [];
  const fn = {
    asyncInvoke(value: string, resultFuture: ResultFuture<string>) {
      requests.set(value, resultFuture);
      fresh.push(value);
    },
  };
  const harness = new OneInputOperatorHarness(() => new KeyedAsyncWaitOperator(fn, { timeoutMs: 0, capacity }), {
    ...options,
    keySelector: (value) => (value as string)[0],
  });
  const asked = () => {
    const values = fresh;
    fresh = [];
    return values;
  };
  const send = (...values: (string | number)[]) => {
    for (const value of values) typeof value === "number" ? harness.processWatermark(value) : harness.processElement(value);
    return asked();
  };
  const taken = () =>
    harness
      .takeOutput()
      .map((output) => (output.kind === "record" ? output.value : output.kind === "watermark" ? output.timestampMs : output.kind));
  const answer = (...values: string[]) => {
    for (const value of values) requests.get(value)?.complete([value]);
    return taken();
  };
  return { harness, send, answer, asked, taken };
}

describe("keyed async wait operator", () => {
  it("ASY-10: asks for a record when the one before it of the same key has its answer; other keys overtake", () => {
    const { send, answer, asked } = handAnswered();
    expect(send("a1", "a2", "b1", "a3")).toEqual(["a1", "b1"]);
    expect(answer("b1")).toEqual(["b1"]);
    expect(asked()).toEqual([]);
    expect(answer("a1")).toEqual(["a1"]);
    expect(asked()).toEqual(["a2"]);
    expect(answer("a2")).toEqual(["a2"]);
    expect(asked()).toEqual(["a3"]);
  });

  it("ASY-10: nothing passes a watermark", () => {
    const { send, answer } = handAnswered();
    send("a1", "b1", 5, "c1", "a2", 9);
    expect(answer("c1")).toEqual([]);
    expect(answer("b1")).toEqual(["b1"]);
    expect(answer("a1")).toEqual(["a1", 5, "c1"]);
    expect(answer("a2")).toEqual(["a2", 9]);
  });

  it("ASY-10: records count for the capacity, asked for or not, watermarks do not", () => {
    const { send, answer, asked } = handAnswered({ capacity: 3 });
    expect(send("a1", "a2", 1, 2, 3, "b1", "c1", "d1")).toEqual(["a1", "b1"]);
    expect(answer("a1")).toEqual(["a1"]);
    expect(asked()).toEqual(["a2", "c1"]);
    expect(answer("a2")).toEqual(["a2", 1, 2, 3]);
    expect(asked()).toEqual(["d1"]);
  });

  it.each(["hashmap", "rocksdb"] as const)("ASY-11: what is under way is keyed state and moves with its key, %s", (stateBackend) => {
    const { harness, send, answer, asked } = handAnswered({ parallelism: 2, stateBackend });
    send("a1", "a2", "b1", 5, "c1", "a3", "d1");
    answer("a1", "c1");
    const snapshots = harness.snapshot();
    harness.restore(snapshots, 1);
    // What has left is not asked for; what was answered and held back by the watermark is.
    const again = asked();
    expect([...again].sort()).toEqual(expect.arrayContaining(["a2", "b1", "d1"]));
    expect(again).not.toContain("a1");
    expect(answer("a2")).toEqual(["a2"]);
    expect(asked()).toEqual(["a3"]);
    // Two subtasks again, of the same snapshot: nothing of the keys is left behind in the other.
    harness.restore(harness.snapshot(), 2);
    const rest = asked();
    expect(rest).toContain("a3");
    expect(rest).not.toContain("a2");
  });

  it("ASY-11: a key that has nothing under way any more leaves no state", () => {
    const { harness, send, answer, asked } = handAnswered();
    send("a1", "b1");
    harness.snapshot();
    answer("a1");
    harness.restore(harness.snapshot());
    expect(asked().slice(-1)).toEqual(["b1"]);
    expect(asked()).toEqual([]);
  });

  it.each([
    [
      "ordered",
      () =>
        new AsyncWaitOperator({ asyncInvoke: () => {} }, { outputMode: "ORDERED", timeoutMs: 0, capacity: 0, retryStrategy: undefined }),
    ],
    ["keyed", () => new KeyedAsyncWaitOperator({ asyncInvoke: () => {} }, { timeoutMs: 0, capacity: 0 })],
  ])("a capacity of nothing is refused, %s", (_, make) => {
    expect(make).toThrow("The number of concurrent async operation should be greater than 0.");
  });
});
