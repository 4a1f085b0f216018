/** Asks axe about a page as it stands. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { accessibilityScore, SCORED_RULES } from "./accessibility-score.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export interface Audit {
  /** Each violation in a line: rule, what it is about, where. */
  readonly violations: readonly string[];
  /** See accessibility-score.ts. */
  readonly score: number;
}

/** All rules that axe runs by itself, and those that count in the score. */
export async function audit(page: Page): Promise<Audit> {
  // The policy of our pages lets no script in; what the browser's own tools evaluate it does not ask.
  if (!(await page.evaluate("typeof axe !== 'undefined'"))) await page.evaluate(AXE);
  const options: RunOptions = {
    resultTypes: ["violations"],
    rules: Object.fromEntries(SCORED_RULES.map((rule) => [rule, { enabled: true }])),
  };
  const results = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as AxeResults;
  return {
    violations: results.violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, any }) => `${id}: ${help} | ${target.join(" ")} | ${any[0]?.message ?? ""}`),
    ),
    score: accessibilityScore(results),
  };
}

/** What axe complains of. */
export async function violations(page: Page): Promise<readonly string[]> {
  return (await audit(page)).violations;
}
