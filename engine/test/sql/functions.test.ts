import { describe, expect, it } from "vitest";
import { ExpressionBinder } from "../../src/sql/2-analyze/bind-expression.ts";
import { constantValue } from "../../src/sql/2-analyze/constant.ts";
import { Scope } from "../../src/sql/2-analyze/scope.ts";
import { parseSingleQuery } from "../../src/sql/1-parse/parse-script.ts";
import { AGGREGATE_FUNCTIONS } from "../../src/sql/functions/aggregates.ts";
import { ARRAY, INDEX, MAP } from "../../src/sql/functions/collection.ts";
import * as operators from "../../src/sql/functions/operators.ts";
import { SCALAR_FUNCTIONS } from "../../src/sql/functions/registry.ts";
import type { ScalarFunction } from "../../src/sql/functions/scalar-function.ts";
import { toCase } from "../conformance/sql/values.ts";

function evaluate(sql: string): unknown {
  const { body } = parseSingleQuery(`SELECT ${sql}`);
  if (body.kind !== "select") throw new Error("not a select");
  const rex = new ExpressionBinder(new Scope([])).bind(body.items[0].expr);
  return toCase(constantValue(rex), rex.type);
}

const OPERATORS = Object.values(operators).filter((value): value is ScalarFunction => typeof value === "object" && "examples" in value);

describe("SQL functions", () => {
  for (const fn of [...SCALAR_FUNCTIONS.values(), ...OPERATORS, ARRAY, INDEX, MAP]) {
    for (const { sql, value } of fn.examples) {
      it(`${fn.name}: ${sql}`, () => {
        expect(evaluate(sql)).toEqual(value);
      });
    }
  }

  it("describes every function in one sentence", () => {
    for (const { name, description } of [...SCALAR_FUNCTIONS.values(), ...AGGREGATE_FUNCTIONS.values()]) {
      expect(description, name).toMatch(/[.)]$/);
    }
  });
});
