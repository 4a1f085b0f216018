import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Statement } from "../../../src/sql/1-parse/ast.ts";
import { parseScript } from "../../../src/sql/1-parse/parse-script.ts";
import { printStatement } from "../../../src/sql/1-parse/print.ts";
import { textSpanOf } from "../../../src/sql/1-parse/sql-error.ts";
import { withoutSpans } from "./without-spans.ts";

const FOLDER = new URL("answers/", import.meta.url);

function answersOf(file: string): { answer: string; text: string }[] {
  const lines = readFileSync(new URL(file, FOLDER), "utf8").split("\n");
  return lines
    .filter((line) => line !== "")
    .map((line) => ({ answer: line.slice(0, line.indexOf("\t")), text: line.slice(line.indexOf("\t") + 1) }));
}

function printAll(statements: readonly Statement[]): string {
  return statements.map((statement) => printStatement(statement)).join("; ");
}

describe("SQL-PARSE Flink's parser and ours", () => {
  for (const file of readdirSync(FOLDER)) {
    const answers = answersOf(file);

    it(`take and refuse the same texts: ${file}`, () => {
      const different = answers.filter(({ answer, text }) => (answer === "ok") !== (parseScript(text).errors.length === 0));
      expect(different).toEqual([]);
    });

    it(`point at the same place where they did: ${file}`, () => {
      const moved: string[] = [];
      for (const { answer, text } of answers) {
        if (!answer.startsWith("=")) continue;
        const [error] = parseScript(text).errors;
        const { line, column } = textSpanOf(text, error.span!);
        if (`=${line}:${column}` !== answer) moved.push(`${answer} is now ${line}:${column}: ${text}`);
      }
      expect(moved).toEqual([]);
    });

    it(`prints what parses to the same tree: ${file}`, () => {
      for (const { answer, text } of answers) {
        if (answer !== "ok") continue;
        const { statements } = parseScript(text);
        const printed = printAll(statements);
        const again = parseScript(printed);
        expect(again.errors, printed).toEqual([]);
        expect(withoutSpans(again.statements), printed).toEqual(withoutSpans(statements));
        expect(printAll(again.statements)).toBe(printed);
      }
    });
  }
});
