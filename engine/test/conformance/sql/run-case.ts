import type { SqlCase } from "../../../src/cases/sql-case.ts";
import { compareExplain } from "./compare-explain.ts";
import { differenceOf } from "./suite.ts";

/** Door of the suite for `test/conformance/run.ts`: null = as Flink did it, else the first difference. */
export function runCase(caseJson: unknown): string | null {
  return differenceOf(caseJson as SqlCase);
}

/** As `runCase`, of the plan that was recorded with the case; undefined = none was. */
export function planDifference(caseJson: unknown): string | null | undefined {
  return compareExplain(caseJson as SqlCase);
}
