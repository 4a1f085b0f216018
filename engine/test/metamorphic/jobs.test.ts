import { describe, expect, it, vi } from "vitest";
import type { StreamExecutionEnvironment } from "../../src/index.ts";
import { PROGRAMS } from "./programs/all.ts";
import { firstDifference } from "./run-program.ts";
import { BASELINE, VARIATIONS } from "./variations.ts";
import { type MetamorphicProgram, read, write } from "./program.ts";

// Twenty runs per program: well under a second on a free machine.
vi.setConfig({ testTimeout: 60_000 });

/** Further seeds: `node engine/test/metamorphic/run.ts --rounds 20`. */
const SEED = 1;

describe("the same result however a job runs", () => {
  it.each(PROGRAMS.map((program) => [program.name, program] as const))("%s", (_name, program) => {
    expect(firstDifference(program, SEED)).toBeNull();
  });
});

describe("a program whose result does depend on how it runs", () => {
  const counting: MetamorphicProgram = {
    name: "counts in a variable",
    build(env: StreamExecutionEnvironment) {
      let seen = 0;
      write(read(env, "events").map((event) => ({ key: event.key, seen: ++seen })));
    },
  };

  it("is caught, with program, variation, seed and the first row that differs", () => {
    const difference = firstDifference(counting, SEED, VARIATIONS);
    expect(difference).toMatch(/^counts in a variable, parallelism 2, seed 1: out, key \w, row \d+: \{.*\} with one subtask, \{.*\} here/);
  });

  it("passes where nothing is varied", () => {
    expect(firstDifference(counting, SEED, [BASELINE])).toBeNull();
  });
});
