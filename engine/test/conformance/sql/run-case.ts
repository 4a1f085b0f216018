import type { SqlCase } from "./sql-case.ts";
import { compareExplain } from "./compare-explain.ts";
import { NOT_YET } from "./not-yet.ts";
import { OTHER_WORDS } from "./other-words.ts";
import { differenceOf } from "./suite.ts";

/** Door of the suite for `test/conformance/run.ts`: null = as Flink did it, else the first difference. */
export function runCase(caseJson: unknown): string | null {
  return differenceOf(caseJson as SqlCase);
}

/** As `runCase`, of the plan that was recorded with the case; undefined = none was. */
export function planDifference(caseJson: unknown): string | null | undefined {
  return compareExplain(caseJson as SqlCase);
}

/** Cases of our own that are known to differ, and how. */
export const openCases: ReadonlyMap<string, string> = new Map([
  ...Object.entries(NOT_YET),
  ...[...OTHER_WORDS].map((id) => [id, "ends as in Flink, says it in other words"] as const),
]);
