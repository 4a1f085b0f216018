import { describe, expect, it } from "vitest";
import { differenceOf, vendoredCases } from "../run.ts";
import { runCase } from "./run-case.ts";

describe("SQL cases recorded from Flink", () => {
  for (const caseFile of vendoredCases("sql")) {
    it(caseFile.id, async () => {
      expect(await differenceOf(runCase, caseFile)).toBeNull();
    });
  }
});
