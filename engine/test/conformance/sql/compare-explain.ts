/** EXPLAIN CHANGELOG_MODE of a case, section by section. */
import { SqlError } from "../../../src/sql/1-parse/sql-error.ts";
import { planCase } from "../../../src/cases/plan-case.ts";
import { FLINK_TEST_FUNCTIONS } from "./flink-test-functions.ts";
import type { SqlCase } from "../../../src/cases/sql-case.ts";

const SECTIONS = ["syntax tree", "physical plan", "execution plan"];

/** The first line that differs; null = none does, undefined = the case has no plan. */
export function compareExplain(spec: SqlCase): string | null | undefined {
  const { explain } = spec.expect;
  if (explain === undefined) return undefined;
  let own: string;
  try {
    own = planCase(spec, FLINK_TEST_FUNCTIONS).explain();
  } catch (error) {
    if (error instanceof SqlError) return `refused: ${error.message}`;
    throw error;
  }
  const [ours, theirs] = [sectionsOf(own), sectionsOf(explain)];
  for (const [i, section] of SECTIONS.entries()) {
    const [a, b] = [ours[i] ?? [], theirs[i] ?? []];
    const at = b.findIndex((line, n) => line !== a[n]);
    if (at >= 0) return `${section}, line ${at + 1}: ${a[at] ?? "(end)"} instead of ${b[at]}`;
    if (a.length > b.length) return `${section}: ${a[b.length]} is too much`;
  }
  return null;
}

function sectionsOf(text: string): string[][] {
  return text
    .split(/== .* ==\n/)
    .slice(1)
    .map((section) => section.trimEnd().split("\n"));
}
