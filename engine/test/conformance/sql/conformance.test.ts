import { describe, expect, it } from "vitest";
import { differenceOf, vendoredCases } from "../run.ts";
import { compareExplain } from "./compare-explain.ts";
import type { SqlCase } from "./sql-case.ts";
import { differenceInOutcome } from "./suite.ts";

describe("SQL cases recorded from Flink", () => {
  for (const caseFile of vendoredCases("sql")) {
    it(caseFile.id, async () => {
      expect(await differenceOf((json) => differenceInOutcome(json as SqlCase), caseFile)).toBeNull();
    });
  }
});

/** Cases whose plan is still another one than Flink's. */
const UNEQUAL: ReadonlySet<string> = new Set([]);

describe("plans recorded from Flink", () => {
  for (const { id, json } of vendoredCases("sql")) {
    const spec = json as SqlCase;
    if (spec.expect.explain === undefined || UNEQUAL.has(id)) continue;
    it(id, () => expect(compareExplain(spec)).toBeNull());
  }
});
