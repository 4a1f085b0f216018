import { describe, expect, it } from "vitest";
import { keyGroupOf } from "../../src/base/key-groups.ts";
import { KeyGroupGuard } from "../../src/flow/key-group-guard.ts";

const MAX_PARALLELISM = 128;
const foreign = Array.from({ length: 1000 }, (_, key) => key).find((key) => keyGroupOf(key, MAX_PARALLELISM) >= 64) as number;
const own = Array.from({ length: 1000 }, (_, key) => key).find((key) => keyGroupOf(key, MAX_PARALLELISM) < 64) as number;

// Rule BAD-5 of SEMANTICS.md.
describe("keys of foreign key groups", () => {
  it("are noticed", () => {
    const guard = new KeyGroupGuard(MAX_PARALLELISM, { start: 0, end: 63 });
    expect(() => guard.check(foreign, 1)).toThrow(/key group \d+ is not in KeyGroupRange\{startKeyGroup=0, endKeyGroup=63\}/);
    expect(() => guard.check(own, 1)).not.toThrow();
  });

  it("are never looked for where every key group is the subtask's own", () => {
    expect(new KeyGroupGuard(MAX_PARALLELISM, { start: 0, end: 127 }).next).toBe(Number.POSITIVE_INFINITY);
  });

  it("cost a check for each of the first keys, then for every 64th", () => {
    const guard = new KeyGroupGuard(MAX_PARALLELISM, { start: 0, end: 63 });
    let checks = 0;
    const keys = 1024 + 64 * 10;
    for (let number = 1; number <= keys; number++) {
      if (number < guard.next) continue;
      guard.check(own, number);
      checks++;
    }
    expect(checks).toBe(1024 + 10);
  });
});
