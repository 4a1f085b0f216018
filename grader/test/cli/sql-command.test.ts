/** `millrace sql`: what a script prints. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { sqlCommand } from "../../src/cli/sql-command.ts";

const folder = mkdtempSync(join(tmpdir(), "sql-command-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

async function printed(script: string): Promise<string> {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: unknown) => void lines.push(String(line)));
  const file = join(folder, "script.sql");
  writeFileSync(file, script);
  const settings = { variables: [], capture: false, parallelism: 1, forMs: 1000, paced: false, functions: null };
  expect(await sqlCommand({ files: [file], ...settings })).toBe(0);
  return lines.join("\n");
}

describe("millrace sql", () => {
  it("prints rows as a table, and texts of several lines as they are", async () => {
    const text = await printed(`
      CREATE TABLE t (a INT, b STRING) WITH ('connector' = 'datagen', 'number-of-rows' = '3');
      SHOW TABLES;
      EXPLAIN SELECT a, COUNT(*) AS n FROM t WHERE b IS NOT NULL GROUP BY a;`);
    expect(text).toContain("  table name\n  ----------\n  t\n1 row in set");
    expect(text).toContain(
      [
        "== Optimized Physical Plan ==",
        "GroupAggregate(groupBy=[a], select=[a, COUNT(*) AS n])",
        "+- Exchange(distribution=[hash[a]])",
      ].join("\n"),
    );
    expect(text).not.toContain("…");
  });
});
