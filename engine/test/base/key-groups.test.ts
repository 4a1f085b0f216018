import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { javaHashCode } from "../../src/base/java-hash.ts";
import { defaultMaxParallelism, keyGroupOf, keyGroupRange, subtaskForKeyGroup } from "../../src/base/key-groups.ts";

const parallelisms = fc
  .integer({ min: 1, max: 300 })
  .chain((parallelism) =>
    fc.record({ parallelism: fc.constant(parallelism), maxParallelism: fc.integer({ min: parallelism, max: 2000 }) }),
  );

describe("key groups", () => {
  it("ST-1: ranges of all subtasks cover every key group once, and agree with the owner of the group", () => {
    fc.assert(
      fc.property(parallelisms, ({ parallelism, maxParallelism }) => {
        let next = 0;
        for (let subtask = 0; subtask < parallelism; subtask++) {
          const { start, end } = keyGroupRange(maxParallelism, parallelism, subtask);
          expect(start).toBe(next);
          for (let group = start; group <= end; group++) expect(subtaskForKeyGroup(maxParallelism, parallelism, group)).toBe(subtask);
          next = end + 1;
        }
        expect(next).toBe(maxParallelism);
      }),
      { numRuns: 50 },
    );
  });

  it("ST-1: a key group is within the maximum parallelism, and equal keys share it", () => {
    const keys = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.bigInt(), fc.tuple(fc.string(), fc.integer()));
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 32768 }), (key, maxParallelism) => {
        const group = keyGroupOf(key, maxParallelism);
        expect(group).toBeGreaterThanOrEqual(0);
        expect(group).toBeLessThan(maxParallelism);
        expect(keyGroupOf(structuredClone(key), maxParallelism)).toBe(group);
      }),
    );
  });

  it("ST-1: objects hash alike whatever the order of their fields", () => {
    expect(javaHashCode({ a: 1, b: "x" })).toBe(javaHashCode({ b: "x", a: 1, c: undefined }));
  });

  it("refuses functions as keys", () => {
    expect(() => javaHashCode(() => 1)).toThrow(/cannot be used as a key/);
  });

  it("ST-2: the default maximum parallelism lies between 128 and 32768", () => {
    expect([1, 85, 86, 128, 40_000].map(defaultMaxParallelism)).toEqual([128, 128, 256, 256, 32768]);
  });
});
