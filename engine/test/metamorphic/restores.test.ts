import { describe, expect, it, vi } from "vitest";
import { RESTORED_AREAS, restoreDifference } from "./restores.ts";

vi.setConfig({ testTimeout: 60_000 });

/** Further seeds: `node engine/test/metamorphic/run.ts --rounds 20`. */
const SEEDS = Array.from({ length: 150 }, (_, index) => index + 1);

describe.each(RESTORED_AREAS)("random %s operators", (area) => {
  it("go on after a restore at every step as if nothing had happened", () => {
    const differences = SEEDS.map((seed) => restoreDifference(area, seed));
    expect(differences.filter((difference) => typeof difference === "string")).toEqual([]);
    expect(differences.filter((difference) => difference === null).length).toBeGreaterThan(20);
  });
});
