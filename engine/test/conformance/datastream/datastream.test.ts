import { describe, expect, it } from "vitest";
import { differenceOf, vendoredCases } from "../run.ts";
import { runCase } from "./run-case.ts";

describe("cases recorded from Flink 2.3", () => {
  for (const caseFile of vendoredCases("datastream")) {
    it(caseFile.id, async () => {
      expect(await differenceOf(runCase, caseFile)).toBeNull();
    });
  }
});
