/** Asks axe about a page as it stands. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Each violation in a line: rule, what it is about, where. */
export async function violations(page: Page): Promise<string[]> {
  // The policy of our pages lets no script in; what the browser's own tools evaluate it does not ask.
  if (!(await page.evaluate("typeof axe !== 'undefined'"))) await page.evaluate(AXE);
  const { violations: found } = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as AxeResults;
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${help} | ${target.join(" ")} | ${any[0]?.message ?? ""}`),
  );
}
