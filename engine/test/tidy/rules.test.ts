/** SEMANTICS.md and CHECKLIST.md: rules have ids of their own, and what is referred to exists. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ENGINE = join(import.meta.dirname, "../..");
const semantics = readFileSync(join(ENGINE, "SEMANTICS.md"), "utf8");
const checklist = readFileSync(join(ENGINE, "CHECKLIST.md"), "utf8");
const rules = [...semantics.matchAll(/^- \*\*([A-Z]+-\d+)\*\*/gm)].map(([, id]) => id);

describe("rules", () => {
  it("every id is given once", () => {
    expect(rules.length).toBeGreaterThan(100);
    expect(rules.filter((id, index) => rules.indexOf(id) !== index)).toEqual([]);
  });

  it("the checklist names rules that exist, and says of every line how it stands", () => {
    const named = [...checklist.matchAll(/\b([A-Z]{2,5}-\d+)\b/g)].map(([, id]) => id);
    expect(named.filter((id) => !rules.includes(id))).toEqual([]);
    const lines = checklist.split("\n").filter((line) => /^\| (?!---|\|)/.test(line));
    const open = lines.filter((line) => !/\b[A-Z]{2,5}-\d+\b|later|not here|not built/.test(line.split("|").slice(2).join("|")));
    expect(lines.length).toBeGreaterThan(50);
    expect(open).toEqual([]);
  });

  it("tests name rules that exist", () => {
    const prefixes = new Set(rules.map((id) => id.split("-")[0]));
    const wrong: string[] = [];
    for (const entry of readdirSync(join(ENGINE, "test"), { recursive: true, encoding: "utf8" })) {
      if (!entry.endsWith(".test.ts")) continue;
      const text = readFileSync(join(ENGINE, "test", entry), "utf8");
      for (const [, title] of text.matchAll(/\b(?:it|describe)\(\s*["`]([^"`]*)/g)) {
        for (const [id, prefix] of title.matchAll(/\b([A-Z]{2,5})-\d+\b/g))
          if (prefixes.has(prefix) && !rules.includes(id)) wrong.push(`${entry}: ${id}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
