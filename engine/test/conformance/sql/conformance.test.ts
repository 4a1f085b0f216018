import { describe, expect, it } from "vitest";
import { differenceOf, isKnown, knownDifferences, vendoredCases } from "../run.ts";
import { compareExplain } from "./compare-explain.ts";
import { runCase } from "./run-case.ts";
import type { SqlCase } from "../../../src/cases/sql-case.ts";

const known = knownDifferences("sql");

describe("SQL cases recorded from Flink", () => {
  for (const caseFile of vendoredCases("sql")) {
    it(caseFile.id, async () => {
      const difference = await differenceOf(runCase, caseFile);
      const listed = known.get(caseFile.id);
      if (listed !== undefined) return expect(isKnown(listed, difference), difference ?? "it passes").toBe(true);
      expect(difference).toBeNull();
    });
  }
});

describe("plans recorded from Flink", () => {
  for (const { id, json } of vendoredCases("sql")) {
    const spec = json as SqlCase;
    if (spec.expect.explain !== undefined) it(id, () => expect(compareExplain(spec)).toBeNull());
  }
});
