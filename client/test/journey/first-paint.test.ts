/** What a first visit costs: the scripts that the catalogue needs before it shows, as they lie in client/dist (built before the journeys). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { root } from "../browser/product.ts";

const BUDGET_KB = 150;
const DIST = join(root, "client", "dist");

/** All scripts that the page loads by itself: those it names, and what these import (not: what they import on demand). */
function initialScripts(): string[] {
  const html = readFileSync(join(DIST, "index.html"), "utf8");
  const waiting = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => match[1]!);
  const found = new Set<string>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const text = readFileSync(join(DIST, name), "utf8");
    for (const match of text.matchAll(/(?:^|[;}\s])(?:import|export)\s*(?:[\w$*{}\s,]+?from\s*)?["'`](\.\/[^"'`]+\.js)["'`]/g)) {
      waiting.push(`assets/${match[1]!.slice(2)}`);
    }
  }
  return [...found];
}

describe("first paint", () => {
  it(`needs at most ${BUDGET_KB} kB of script, compressed`, () => {
    const scripts = initialScripts();
    expect(scripts.length).toBeGreaterThanOrEqual(2);
    const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(DIST, name))).length, 0);
    expect(bytes / 1_000).toBeGreaterThan(20);
    expect(bytes / 1_000).toBeLessThanOrEqual(BUDGET_KB);
  });

  it("does not load the editor", () => {
    for (const name of initialScripts()) expect(readFileSync(join(DIST, name), "utf8")).not.toContain("IStandaloneCodeEditor");
    expect(initialScripts().filter((name) => /monaco|editor|worker/.test(name))).toEqual([]);
  });
});
