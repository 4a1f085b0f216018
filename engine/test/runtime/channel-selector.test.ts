import { describe, expect, it } from "vitest";
import type { Partitioning } from "../../src/graph/stream-graph.ts";
import { channelSelectorOf, targetSubtasks } from "../../src/runtime/channel-selector.ts";

const KEYS = ["a", "bb", "ccc", "dddd", "e", "ff", "a", "bb", "zzzzzzz", "user-1", "user-2"];

function channels(partitioning: Partitioning, count: number, maxParallelism = 128): (number | undefined)[] {
  const selector = channelSelectorOf(partitioning, { channels: count, maxParallelism }, () => 0);
  return KEYS.map((key) => selector?.select(key));
}

describe("channel selectors", () => {
  it("hash follows Flink's key groups (recorded: part-hash-10)", () => {
    expect(channels({ kind: "hash", keySelector: (key) => key }, 3, 10)).toEqual([0, 2, 2, 0, 1, 2, 0, 2, 0, 0, 1]);
  });

  it("rebalance and rescale go round, global takes the first", () => {
    expect(channels({ kind: "rebalance" }, 3).slice(0, 5)).toEqual([0, 1, 2, 0, 1]);
    expect(channels({ kind: "rescale" }, 3).slice(0, 5)).toEqual([0, 1, 2, 0, 1]);
    expect(new Set(channels({ kind: "global" }, 3))).toEqual(new Set([0]));
  });

  it("a key that is never null is asked for only where there is a choice", () => {
    const keySelector = (key: unknown): unknown => {
      asked++;
      return key;
    };
    let asked = 0;
    const partitioning: Partitioning = { kind: "hash", keySelector, neverNull: true };
    expect(new Set(channels(partitioning, 1))).toEqual(new Set([0]));
    expect(asked).toBe(0);
    expect(channels(partitioning, 3, 10)).toEqual(channels({ kind: "hash", keySelector }, 3, 10));
    expect(asked).toBe(2 * KEYS.length);
  });

  it("broadcast has no selector", () => {
    expect(channels({ kind: "broadcast" }, 3)[0]).toBeUndefined();
  });

  it("a null key and a partition that does not exist are the user's mistakes", () => {
    expect(() => channels({ kind: "hash", keySelector: () => null }, 2)).toThrow("Assigned key must not be null!");
    expect(() => channels({ kind: "custom", keySelector: (key) => key, partition: () => 99 }, 2)).toThrow(
      "Index 99 out of bounds for length 2",
    );
  });
});

describe("target subtasks", () => {
  const targets = (senders: number, receivers: number) =>
    Array.from({ length: senders }, (_, sender) => {
      const { first, count } = targetSubtasks({ kind: "rescale" }, sender, senders, receivers);
      return Array.from({ length: count }, (__, index) => first + index);
    });

  it("rescale deals receivers out evenly, pointwise", () => {
    expect(targets(2, 4)).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(targets(2, 3)).toEqual([[0, 1], [2]]);
    expect(targets(4, 2)).toEqual([[0], [0], [1], [1]]);
    expect(targets(3, 2)).toEqual([[0], [1], [1]]);
  });
});
