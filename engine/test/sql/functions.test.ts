import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ExpressionBinder } from "../../src/sql/2-analyze/bind-expression.ts";
import { constantValue } from "../../src/sql/2-analyze/constant.ts";
import { Scope } from "../../src/sql/2-analyze/scope.ts";
import { parseSingleQuery } from "../../src/sql/1-parse/parse-script.ts";
import { type CatalogueEntry, catalogue } from "../../src/sql/functions/catalogue.ts";
import { REFUSED_FUNCTIONS } from "../../src/sql/functions/refused-functions.ts";
import { readCases } from "../conformance/run.ts";
import type { SqlCase } from "../../src/cases/sql-case.ts";
import { plainValue } from "../../src/sql/session/plain-value.ts";
import { functionsPage } from "./functions-page.ts";

const HERE = import.meta.dirname;
const OWN = join(HERE, "../conformance/own/sql/functions");

function evaluate(sql: string): unknown {
  const { body } = parseSingleQuery(`SELECT ${sql}`);
  if (body.kind !== "select") throw new Error("not a select");
  const rex = new ExpressionBinder(new Scope([])).bind(body.items[0].expr);
  return plainValue(constantValue(rex), rex.type);
}

/** What real Flink gave for the examples, by their text. */
function recordedExamples(): Map<string, unknown> {
  const recorded = new Map<string, unknown>();
  for (const { json } of readCases(OWN, "fn-examples")) {
    const { expressions, expect: expected } = json as SqlCase & { readonly expressions: readonly string[] };
    const rows = expected.final ?? [];
    expressions.forEach((sql, i) => {
      recorded.set(sql, rows[0][i]);
    });
  }
  return recorded;
}

const ENTRIES = catalogue();
const RECORDED = recordedExamples();
const examplesOf = (entry: CatalogueEntry) => entry.examples.map((example) => ({ ...example, entry }));

describe("SQL functions", () => {
  for (const { sql, value, entry } of ENTRIES.flatMap(examplesOf)) {
    it(`${entry.name}: ${sql}`, () => {
      expect(RECORDED.has(sql), "asked of real Flink: see test/conformance/README.md").toBe(true);
      expect(RECORDED.get(sql)).toEqual(value);
      if (entry.kind !== "aggregate") expect(evaluate(sql)).toEqual(value);
    });
  }

  it("describes every function in one sentence", () => {
    for (const { name, description } of ENTRIES) expect(description, name).toMatch(/[.)]$/);
  });

  it("shows every function at work, unless its value cannot be foreseen", () => {
    const unforeseeable = /^(RAND|RAND_INTEGER|UUID|CURRENT_|LOCALTIME|NOW|PROCTIME|SOURCE_WATERMARK|SINGLE_VALUE|APPROX_COUNT_DISTINCT)/;
    const bare = ENTRIES.filter((entry) => entry.kind !== "syntax" && entry.examples.length === 0 && !unforeseeable.test(entry.name));
    expect(bare.map(({ name }) => name)).toEqual([]);
  });
});

describe("Flink's list of functions", () => {
  const list = JSON.parse(readFileSync(join(HERE, "flink-functions.json"), "utf8")) as { readonly functions: readonly string[] };
  const refused = new Set(REFUSED_FUNCTIONS.map(({ name }) => name));
  const known = new Set(ENTRIES.map(({ name }) => name));

  it("has nothing that is neither there nor refused with a reason", () => {
    expect(list.functions.filter((name) => !known.has(name) && !refused.has(name))).toEqual([]);
  });

  it("has few refused ones, and none that is there", () => {
    expect(refused.size / list.functions.length).toBeLessThanOrEqual(0.03);
    expect([...refused].filter((name) => known.has(name))).toEqual([]);
  });
});

describe("SQL-FUNCTIONS.md", () => {
  it("is what the functions' declarations say (node test/sql/functions-page.ts writes it anew)", () => {
    expect(readFileSync(join(HERE, "../../SQL-FUNCTIONS.md"), "utf8")).toBe(functionsPage());
  });
});
