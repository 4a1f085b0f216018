import { describe, expect, it } from "vitest";
import { differenceOf, knownDifferences, vendoredCases } from "../run.ts";
import { runCase } from "./run-case.ts";

const known = knownDifferences("upgrade");

describe("upgrade, async I/O and error cases recorded from Flink 2.3", () => {
  for (const caseFile of vendoredCases("upgrade")) {
    const listed = known.get(caseFile.id);
    it(listed === undefined ? caseFile.id : `${caseFile.id} (known difference)`, async () => {
      const difference = await differenceOf(runCase, caseFile);
      if (listed === undefined) expect(difference).toBeNull();
      else expect(difference).toContain(listed.difference);
      // The first case that asks the compiler waits for it.
    }, 60_000);
  }
});
