/** What nobody writes by hand: very long, very deep, cut off anywhere. Every text ends in a tree or in diagnostics with a place. */
import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { tokenize } from "../../../src/sql/1-parse/lexer.ts";
import { parseScript } from "../../../src/sql/1-parse/parse-script.ts";
import { printStatement } from "../../../src/sql/1-parse/print.ts";
import { checkSql } from "../../../src/sql.ts";
import { withoutSpans } from "./without-spans.ts";

const MANY = 10_000;
const chain = (term: string, operator: string): string => Array.from({ length: MANY }, () => term).join(operator);

describe("SQL-PARSE long and deep texts", () => {
  const long = {
    "terms of OR": `SELECT ${chain("a = 1", " OR ")} FROM t`,
    "terms of AND": `SELECT ${chain("a", " AND ")} FROM t`,
    "terms of +": `SELECT ${chain("1", " + ")}`,
    "terms of ||": `SELECT ${chain("'x'", " || ")}`,
    "select items": `SELECT ${chain("a", ", ")} FROM t`,
    "IN items": `SELECT a IN (${chain("1", ", ")}) FROM t`,
    "rows of VALUES": `VALUES ${chain("(1, 2)", ", ")}`,
    "UNION ALL": chain("SELECT 1", " UNION ALL "),
    joins: `SELECT * FROM ${chain("t", " JOIN ")}`,
    "WHEN branches": `SELECT CASE ${chain("WHEN a THEN b", " ")} END`,
    statements: chain("SELECT 1", ";"),
  };
  for (const [what, text] of Object.entries(long)) {
    it(`reads and prints ten thousand ${what}`, () => {
      const { statements, errors } = parseScript(text);
      expect(errors).toEqual([]);
      const printed = statements.map((statement) => printStatement(statement)).join("; ");
      expect(parseScript(printed).errors).toEqual([]);
    });
  }

  const deep = {
    brackets: `SELECT ${"(".repeat(MANY)}1${")".repeat(MANY)}`,
    "open brackets": `SELECT ${"(".repeat(MANY)}`,
    calls: `SELECT ${"f(".repeat(MANY)}`,
    negations: `SELECT ${"NOT ".repeat(MANY)}a`,
    signs: `SELECT ${"- ".repeat(MANY)}a`,
    subqueries: `SELECT * FROM ${"(SELECT * FROM ".repeat(MANY)}`,
    "joins in brackets": `SELECT * FROM ${"(t JOIN ".repeat(MANY)}`,
    CASE: `SELECT ${"CASE WHEN ".repeat(MANY)}`,
    subscripts: `SELECT a${"[a".repeat(MANY)}`,
    arrays: `SELECT ${"ARRAY[".repeat(MANY)}`,
    types: `CREATE TABLE t (a ${"ARRAY<".repeat(MANY)}`,
    patterns: `SELECT * FROM t MATCH_RECOGNIZE (PATTERN (${"(".repeat(MANY)}`,
    WITH: "WITH a AS (".repeat(MANY),
  };
  for (const [what, text] of Object.entries(deep)) {
    it(`gives up on ten thousand levels of ${what} with a diagnostic`, () => {
      const codes = parseScript(text).errors.map(({ code }) => code);
      expect(codes).toEqual(["SQL_TOO_DEEP"]);
    });
  }

  it("analyzes what is long, and says when it is too long", () => {
    const given = "CREATE TABLE t (a INT) WITH ('connector' = 'datagen'); CREATE TABLE o (a INT) WITH ('connector' = 'print');";
    const terms = Array.from({ length: 500 }, (_, i) => `a = ${i}`).join(" OR ");
    expect(checkSql(`INSERT INTO o SELECT a FROM t WHERE ${terms}`, given, [])).toEqual([]);
    expect(checkSql(`INSERT INTO o SELECT ${chain("a", " + ")} FROM t`, given, [])).toEqual([]);
    expect(checkSql(`INSERT INTO o SELECT ${chain("a", " - ")} FROM t`, given, [])).toMatchObject([{ code: "SQL_TOO_DEEP" }]);
  });
});

describe("SQL-PARSE texts with a mistake", () => {
  const folder = new URL("answers/", import.meta.url);
  const texts = readdirSync(folder).flatMap((file) =>
    readFileSync(new URL(file, folder), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.slice(line.indexOf("\t") + 1)),
  );
  const fragments = [
    "(",
    ")",
    ",",
    ".",
    ";",
    "'",
    "`",
    "/*",
    "--",
    "SELECT",
    "FROM",
    "NOT",
    "BETWEEN",
    "CASE",
    "INTERVAL",
    "{",
    "[",
    "?",
    "\u0000",
    "é",
    "😀",
  ];
  const mutation = fc.record({
    text: fc.constantFrom(...texts),
    at: fc.nat(),
    kind: fc.constantFrom("delete", "repeat", "cut", "insert"),
    fragment: fc.constantFrom(...fragments),
  });

  it("end in a tree that prints, or in diagnostics within the text", () => {
    fc.assert(
      fc.property(mutation, ({ text, at, kind, fragment }) => {
        const tokens = tokenize(text);
        const token = tokens[at % tokens.length];
        const before = text.slice(0, token.start);
        const mutated = {
          delete: before + text.slice(token.end),
          repeat: `${text.slice(0, token.end)} ${text.slice(token.start)}`,
          cut: before,
          insert: `${before}${fragment} ${text.slice(token.start)}`,
        }[kind];
        const { statements, errors } = parseScript(mutated);
        for (const { span, message } of errors) {
          expect(message.length).toBeGreaterThan(0);
          expect(span!.start).toBeLessThanOrEqual(span!.end);
          expect(span!.end).toBeLessThanOrEqual(mutated.length);
        }
        for (const statement of statements) {
          const printed = printStatement(statement);
          expect(withoutSpans(parseScript(printed).statements[0]), printed).toEqual(withoutSpans(statement));
        }
      }),
      { numRuns: 1500 },
    );
  });
});
