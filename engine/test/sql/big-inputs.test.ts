/** Statements of ten thousand terms, hundreds of joins, names that stand for millions of nodes: each is planned, or refused in plain words. */
import { describe, expect, it } from "vitest";
import { SqlError } from "../../src/sql/1-parse/sql-error.ts";
import { planCase } from "../../src/cases/plan-case.ts";
import { differenceOf } from "../conformance/sql/suite.ts";
import type { SqlCase } from "../../src/cases/sql-case.ts";

const TERMS = 10_000;

function times(count: number, part: (i: number) => string, separator: string): string {
  return Array.from({ length: count }, (_, i) => part(i)).join(separator);
}

function caseOf(query: string, final: readonly (readonly unknown[])[]): SqlCase {
  const columns = [
    ["a", "INT"],
    ["b", "INT"],
    ["g", "STRING"],
  ] as const;
  const rows = [
    [0, "+I", [1, 10, "x"]],
    [1, "+I", [20_000, 20, "y"]],
  ] as const;
  return { id: "big", tables: [{ name: "t", columns, rows }], query, expect: { final } } as unknown as SqlCase;
}

describe("ten thousand terms", () => {
  it.each([
    ["OR", `SELECT a FROM t WHERE ${times(TERMS, (i) => `a = ${i}`, " OR ")}`, [[1]]],
    ["OR over two columns", `SELECT a FROM t WHERE ${times(TERMS, (i) => (i % 2 === 0 ? `a = ${i}` : `b = ${i + 20}`), " OR ")}`, []],
    ["AND", `SELECT a FROM t WHERE ${times(TERMS, (i) => `a <> ${i}`, " AND ")}`, [[20_000]]],
    ["OR of AND", `SELECT a FROM t WHERE ${times(TERMS / 2, (i) => `(a = ${i} AND b = ${i * 10})`, " OR ")}`, [[1]]],
    ["AND of OR", `SELECT a FROM t WHERE ${times(TERMS / 2, (i) => `(a > ${i} OR b = ${i})`, " AND ")}`, [[20_000]]],
    ["IN", `SELECT a FROM t WHERE a IN (${times(TERMS, String, ", ")})`, [[1]]],
    ["NOT IN", `SELECT a FROM t WHERE a NOT IN (${times(TERMS, String, ", ")})`, [[20_000]]],
    ["IN of texts", `SELECT a FROM t WHERE g IN (${times(TERMS, (i) => `'${i}'`, ", ")}, 'x')`, [[1]]],
    ["+", `SELECT ${times(TERMS, () => "a", " + ")} AS s FROM t WHERE a = 1`, [[TERMS]]],
    ["||", `SELECT CHAR_LENGTH(${times(TERMS, () => "g", " || ")}) AS s FROM t WHERE a = 1`, [[TERMS]]],
    ["CASE", `SELECT CASE ${times(TERMS, (i) => `WHEN a = ${i} THEN ${i + 1}`, " ")} ELSE 0 END AS s FROM t`, [[0], [2]]],
  ])("%s", (_, query, final) => {
    expect(differenceOf(caseOf(query, final))).toBeNull();
  });
});

describe("what is refused, and how", () => {
  it.each([
    ["a long difference", `SELECT ${times(TERMS, () => "a", " - ")} AS s FROM t`, "SQL_TOO_DEEP"],
    ["brackets", `SELECT ${"(".repeat(TERMS)}a${")".repeat(TERMS)} AS s FROM t`, "SQL_TOO_DEEP"],
    ["calls in calls", `SELECT ${"ABS(".repeat(TERMS)}a${")".repeat(TERMS)} AS s FROM t`, "SQL_TOO_DEEP"],
    ["NOT NOT NOT", `SELECT a FROM t WHERE ${"NOT ".repeat(TERMS)}a = 1`, "SQL_TOO_DEEP"],
    [
      "a WITH that doubles forty times",
      `WITH w0 AS (SELECT a FROM t), ${times(40, (i) => `w${i + 1} AS (SELECT x.a FROM w${i} x JOIN w${i} y ON x.a = y.a)`, ", ")} SELECT * FROM w40`,
      "SQL_TOO_LARGE",
    ],
    [
      "correlated subqueries that each read the others' rows",
      `SELECT ${times(70, (i) => `(SELECT MAX(b) FROM t x WHERE x.a = t.a + ${i}) AS m${i}`, ", ")} FROM t`,
      "SQL_TOO_LARGE",
    ],
  ])("%s", (_, query, code) => {
    let thrown: unknown = null;
    try {
      planCase(caseOf(query, [])).plan();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(SqlError);
    expect((thrown as SqlError).code).toBe(code);
  });
});

describe("many joins", () => {
  it.each([
    ["with the first table", times(300, (i) => `JOIN t t${i + 1} ON t0.a = t${i + 1}.a`, " ")],
    ["each with the one before", times(300, (i) => `LEFT JOIN t t${i + 1} ON t${i}.a = t${i + 1}.a`, " ")],
  ])("%s", (_, joins) => {
    const spec = { ...caseOf(`SELECT t0.a FROM t t0 ${joins}`, []), explainOnly: true } as SqlCase;
    expect(differenceOf(spec)).toBeNull();
  });
});
