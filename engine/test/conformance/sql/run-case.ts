import type { SqlCase } from "./sql-case.ts";
import { differenceOf } from "./suite.ts";

/** Door of the suite for `test/conformance/run.ts`: null = as Flink did it, else the first difference. */
export function runCase(caseJson: unknown): string | null {
  return differenceOf(caseJson as SqlCase);
}
