import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** The flags in the one array literal of a file that is called NODE_FLAGS. */
function flagsIn(path: string): string[] {
  const text = readFileSync(join(import.meta.dirname, "../../..", path), "utf8");
  const list = /NODE_FLAGS = \[([^\]]*)\]/.exec(text);
  return [...(list?.[1] ?? "").matchAll(/"([^"]+)"/g)].map((match) => match[1]);
}

describe("the bench's process", () => {
  it("runs with the flags of the judge's", () => {
    const judge = flagsIn("grader/src/sandbox/grading-process.ts");
    expect(judge.length).toBeGreaterThan(1);
    expect(flagsIn("engine/bench/host.ts").filter((flag) => flag !== "--expose-gc")).toEqual(judge);
  });
});
