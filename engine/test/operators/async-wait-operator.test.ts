import { describe, expect, it } from "vitest";
import type { ResultFuture } from "../../src/flow/async-functions.ts";
import { AsyncWaitOperator, type AsyncWaitSettings } from "../../src/operators/async/async-wait-operator.ts";
import { OneInputOperatorHarness } from "../../src/testing.ts";

/** An operator whose requests are answered by hand: `answer(value)` completes the newest request for it. */
function handAnswered(settings: Partial<AsyncWaitSettings> = {}, parallelism = 1) {
  const requests = new Map<number, ResultFuture<number>>();
  const harness = new OneInputOperatorHarness(
    () =>
      new AsyncWaitOperator<number, number>(
        { asyncInvoke: (value, resultFuture) => void requests.set(value, resultFuture) },
        { outputMode: "ORDERED", timeoutMs: 0, capacity: 2, retryStrategy: undefined, ...settings },
      ),
    { parallelism },
  );
  const answer = (...values: number[]) => {
    for (const value of values) requests.get(value)?.complete([value]);
    return harness.takeOutput().map((output) => (output.kind === "record" ? output.value : output.kind));
  };
  return { harness, requests, answer };
}

describe("async wait operator", () => {
  it("ASY-3: what finds the queue full is asked for when there is room", () => {
    const { harness, requests, answer } = handAnswered();
    for (const value of [1, 2, 3, 4]) harness.processElement(value, value);
    expect([...requests.keys()]).toEqual([1, 2]);
    expect(answer(2)).toEqual([]);
    expect(answer(1)).toEqual([1, 2]);
    expect([...requests.keys()]).toEqual([1, 2, 3, 4]);
  });

  it("ASY-8: a snapshot holds what waits in front of the queue too", () => {
    const { harness, requests, answer } = handAnswered();
    for (const value of [1, 2, 3]) harness.processElement(value, value);
    harness.processWatermark(3);
    const snapshots = harness.snapshot();
    requests.clear();
    harness.restore(snapshots);
    expect([...requests.keys()]).toEqual([1, 2]);
    expect(answer(1, 2)).toEqual([1, 2]);
    expect(answer(3)).toEqual([3, "watermark"]);
  });

  it("ASY-8: with fewer subtasks more is restored than there is room for, and goes in bit by bit", () => {
    const { harness, requests, answer } = handAnswered({ outputMode: "UNORDERED" }, 2);
    for (const value of [1, 2]) harness.processElement(value, value, 0);
    for (const value of [3, 4]) harness.processElement(value, value, 1);
    const snapshots = harness.snapshot();
    requests.clear();
    harness.restore(snapshots, 1);
    expect([...requests.keys()]).toEqual([1, 2]);
    expect(answer(2)).toEqual([2]);
    expect([...requests.keys()]).toEqual([1, 2, 3]);
    expect(answer(3)).toEqual([3]);
    expect(answer(4, 1)).toEqual([4, 1]);
  });

  it("a record is what it was when it came, whatever its maker does with it afterwards", () => {
    const seen: { n: number }[] = [];
    const harness = new OneInputOperatorHarness(
      () =>
        new AsyncWaitOperator<{ n: number }, number>(
          {
            asyncInvoke: (value, resultFuture) => {
              seen.push(value);
              resultFuture.complete(() => [value.n]);
            },
          },
          { outputMode: "ORDERED", timeoutMs: 0, capacity: 10, retryStrategy: undefined },
        ),
    );
    const reused = { n: 1 };
    harness.processElement(reused);
    reused.n = 2;
    harness.processElement(reused);
    expect(harness.takeOutput()).toMatchObject([{ value: 1 }, { value: 2 }]);
    expect(seen).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it("takes any collection, and fails with what a supplier throws", () => {
    const results: (Iterable<number> | (() => Iterable<number>))[] = [new Set([1, 2]), () => [3], [].values()];
    const harness = new OneInputOperatorHarness(
      () =>
        new AsyncWaitOperator<number, number>(
          { asyncInvoke: (index, resultFuture) => resultFuture.complete(results[index]) },
          { outputMode: "ORDERED", timeoutMs: 0, capacity: 10, retryStrategy: undefined },
        ),
    );
    for (const index of [0, 1, 2]) harness.processElement(index);
    expect(harness.takeOutput()).toMatchObject([{ value: 1 }, { value: 2 }, { value: 3 }]);
    results.push(() => {
      throw new RangeError("supplied");
    });
    harness.processElement(3);
    expect(() => harness.takeOutput()).toThrow("supplied");
  });
});
