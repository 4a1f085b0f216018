import { describe, expect, it } from "vitest";
import { differenceOf, isKnown, knownDifferences, vendoredCases } from "../run.ts";
import { compareExplain } from "./compare-explain.ts";
import { NOT_YET } from "./not-yet.ts";
import { runCase } from "./run-case.ts";
import type { SqlCase } from "./sql-case.ts";

const known = knownDifferences("sql");

describe("SQL cases recorded from Flink", () => {
  for (const caseFile of vendoredCases("sql")) {
    it(caseFile.id, async () => {
      const difference = await differenceOf(runCase, caseFile);
      const listed = known.get(caseFile.id);
      if (listed !== undefined) return expect(isKnown(listed, difference), difference ?? "it passes").toBe(true);
      if (caseFile.id in NOT_YET) return expect(difference, "agrees: take it off the list").not.toBeNull();
      expect(difference).toBeNull();
    });
  }

  it("knows every case of the list", () => {
    const ids = new Set(vendoredCases("sql").map(({ id }) => id));
    expect(Object.keys(NOT_YET).filter((id) => !ids.has(id))).toEqual([]);
  });
});

describe("plans recorded from Flink", () => {
  for (const { id, json } of vendoredCases("sql")) {
    const spec = json as SqlCase;
    if (spec.expect.explain !== undefined) it(id, () => expect(compareExplain(spec)).toBeNull());
  }
});
