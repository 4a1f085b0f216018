/** `millrace sql check`: what is printed, and when nothing more than the grammar is looked at. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { checkScripts, sqlCheckCommand } from "../../src/cli/sql-check-command.ts";

const DDL = "CREATE TABLE t (a INT) WITH ('connector' = 'datagen');\n";
const folder = mkdtempSync(join(tmpdir(), "sql-check-"));
afterAll(() => rmSync(folder, { recursive: true }));

const check = (text: string, parseOnly = false) => checkScripts([{ file: "q.sql", text }], parseOnly);

describe("millrace sql check", () => {
  it("says where each mistake is, what was found and what was expected", () => {
    expect(check("SELECT a, FROM t;\nSELECT a FROM t GRUP BY a")).toMatchObject([
      {
        file: "q.sql",
        line: 1,
        column: 11,
        endLine: 1,
        endColumn: 15,
        phase: "parse",
        code: "SQL_SYNTAX",
        found: "FROM",
        expected: "an expression",
      },
      { file: "q.sql", line: 2, column: 22, phase: "parse", hint: "Is 'GRUP' meant to be GROUP?" },
    ]);
  });

  it("leaves tables alone while no file declares any", () => {
    expect(check("SELECT a FROM nowhere")).toEqual([]);
    expect(check(`${DDL}SELECT a FROM nowhere`)).toMatchObject([{ phase: "validate", code: "SQL_UNKNOWN_TABLE", line: 2, column: 15 }]);
    expect(check(`${DDL}SELECT a FROM nowhere`, true)).toEqual([]);
  });

  it("knows in one file what another has declared", () => {
    const lines = checkScripts(
      [
        { file: "ddl.sql", text: DDL },
        { file: "q.sql", text: "SELECT a FROM t;\nSELECT b FROM t" },
      ],
      false,
    );
    expect(lines).toMatchObject([{ file: "q.sql", line: 2, column: 8, code: "SQL_UNKNOWN_COLUMN" }]);
  });

  it("does not call wrong what cannot be carried out here", () => {
    expect(check(`${DDL}ANALYZE TABLE t COMPUTE STATISTICS; STOP JOB 'x'`)).toEqual([]);
  });

  it("prints a JSON object a line and answers 1 for mistakes", async () => {
    const file = join(folder, "q.sql");
    const lines: string[] = [];
    const log = vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
    writeFileSync(file, "SELECT 'x FROM t");
    const wrong = await sqlCheckCommand({ files: [file], variables: [], parseOnly: false });
    writeFileSync(file, `SELECT a FROM ${"$"}{NAME}`);
    const right = await sqlCheckCommand({ files: [file], variables: ["NAME=t"], parseOnly: true });
    log.mockRestore();
    expect([wrong, right]).toEqual([1, 0]);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ file, line: 1, column: 8, code: "SQL_UNTERMINATED", phase: "parse" }]);
  });
});
