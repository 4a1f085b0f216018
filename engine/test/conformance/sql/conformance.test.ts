import { describe, expect, it } from "vitest";
import { differenceOf, isKnown, knownDifferences, vendoredCases } from "../run.ts";
import { compareExplain } from "./compare-explain.ts";
import { NOT_YET } from "./not-yet.ts";
import { OTHER_WORDS } from "./other-words.ts";
import { runCase } from "./run-case.ts";
import type { SqlCase } from "../../../src/cases/sql-case.ts";
import { differenceInOutcome } from "./suite.ts";

const known = knownDifferences("sql");

describe("SQL cases recorded from Flink", () => {
  for (const caseFile of vendoredCases("sql")) {
    it(caseFile.id, async () => {
      const closely = await differenceOf(runCase, caseFile);
      const listed = known.get(caseFile.id);
      if (listed !== undefined) return expect(isKnown(listed, closely), closely ?? "it passes").toBe(true);
      if (caseFile.id in NOT_YET) return expect(closely, "agrees: take it off the list").not.toBeNull();
      if (!OTHER_WORDS.has(caseFile.id)) return expect(closely).toBeNull();
      expect(closely, "agrees in every word: take it off the list").not.toBeNull();
      expect(await differenceOf((json) => differenceInOutcome(json as SqlCase), caseFile)).toBeNull();
    });
  }

  it("knows every case of the lists", () => {
    const ids = new Set(vendoredCases("sql").map(({ id }) => id));
    expect([...OTHER_WORDS, ...Object.keys(NOT_YET)].filter((id) => !ids.has(id))).toEqual([]);
  });
});

describe("plans recorded from Flink", () => {
  for (const { id, json } of vendoredCases("sql")) {
    const spec = json as SqlCase;
    if (spec.expect.explain !== undefined) it(id, () => expect(compareExplain(spec)).toBeNull());
  }
});
