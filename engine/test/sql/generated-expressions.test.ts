import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Rex, inputRef, literalOf } from "../../src/sql/2-analyze/rex.ts";
import { UTC_CONTEXT } from "../../src/sql/2-analyze/constant.ts";
import { compileCalc, compileExpression, interpretCalc } from "../../src/sql/5-execute/codegen/compile-expression.ts";
import { interpretExpression } from "../../src/sql/5-execute/codegen/interpret-expression.ts";
import {
  ADD,
  AND,
  CASE,
  EQUALS,
  GREATER,
  IS_FALSE,
  IS_NOT_DISTINCT,
  IS_NOT_NULL,
  IS_NULL,
  IS_TRUE,
  LESS_EQUAL,
  MULTIPLY,
  NEGATE,
  NOT,
  NOT_EQUALS,
  OR,
  SUBTRACT,
} from "../../src/sql/functions/operators.ts";
import type { ScalarFunction } from "../../src/sql/functions/scalar-function.ts";
import { BIGINT, BOOLEAN, DOUBLE, INT, type LogicalType, STRING } from "../../src/types/logical-type.ts";
import { INSERT } from "../../src/types/row-kind.ts";
import type { Row } from "../../src/types/row.ts";

const FIELDS: readonly LogicalType[] = [INT, INT, BOOLEAN, BOOLEAN, STRING, DOUBLE, BIGINT];

const call = (fn: ScalarFunction, type: LogicalType, ...args: Rex[]): Rex => ({ kind: "call", fn, args, type, options: {} });
const field = (type: LogicalType): fc.Arbitrary<Rex> =>
  fc.constantFrom(...FIELDS.flatMap((own, index) => (own.root === type.root ? [inputRef(index, own)] : [])));

const VALUES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  INT: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(2147483647, -2147483648)),
  BOOLEAN: fc.boolean(),
  STRING: fc.constantFrom("", "a", "b", '"\\\n\u2028', "\u0000"),
  DOUBLE: fc.constantFrom(0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY),
  BIGINT: fc.constantFrom(0, 1, 2n ** 62n, -(2n ** 62n)),
};
const valueFor = (type: LogicalType): fc.Arbitrary<unknown> =>
  fc.option(VALUES[type === STRING ? "STRING" : type.root], { nil: null, freq: 3 });
const leaf = (type: LogicalType): fc.Arbitrary<Rex> =>
  fc.oneof(
    field(type),
    valueFor(type).map((value) => literalOf(value, type)),
  );

/** Expressions of each type over the fields, of all operators that the generator writes itself, and some that it calls. */
const { number, truth } = fc.letrec<{ number: Rex; truth: Rex; text: Rex; real: Rex; long: Rex }>((tie) => {
  const binary = (fn: ScalarFunction, type: LogicalType, of: "number" | "truth" | "text" | "real" | "long") =>
    fc.tuple(tie(of), tie(of)).map(([a, b]) => call(fn, type, a, b));
  const choice = (type: LogicalType, of: "number" | "truth") =>
    fc.tuple(tie("truth"), tie(of), tie("truth"), tie(of), tie(of)).map((args) => call(CASE, type, ...args));
  return {
    number: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf(INT),
      binary(ADD, INT, "number"),
      binary(SUBTRACT, INT, "number"),
      binary(MULTIPLY, INT, "number"),
      tie("number").map((a) => call(NEGATE, INT, a)),
      choice(INT, "number"),
    ),
    truth: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf(BOOLEAN),
      binary(AND, BOOLEAN, "truth"),
      binary(OR, BOOLEAN, "truth"),
      tie("truth").map((a) => call(NOT, BOOLEAN, a)),
      ...[IS_NULL, IS_NOT_NULL].map((fn) => tie("number").map((a) => call(fn, BOOLEAN, a))),
      ...[IS_TRUE, IS_FALSE].map((fn) => tie("truth").map((a) => call(fn, BOOLEAN, a))),
      ...[EQUALS, NOT_EQUALS, GREATER, LESS_EQUAL, IS_NOT_DISTINCT].flatMap((fn) => [
        binary(fn, BOOLEAN, "number"),
        binary(fn, BOOLEAN, "text"),
        binary(fn, BOOLEAN, "real"),
        binary(fn, BOOLEAN, "long"),
        binary(fn, BOOLEAN, "truth"),
      ]),
      choice(BOOLEAN, "truth"),
    ),
    text: leaf(STRING),
    real: leaf(DOUBLE),
    long: leaf(BIGINT),
  };
});

const row: fc.Arbitrary<Row> = fc.tuple(...FIELDS.map(valueFor)).map((fields) => [INSERT, ...fields]);

describe("generated code gives what closures give", () => {
  it("for expressions", () => {
    fc.assert(
      fc.property(fc.oneof(number, truth), fc.array(row, { minLength: 1, maxLength: 8 }), (rex, rows) => {
        const generated = compileExpression(rex, UTC_CONTEXT);
        const closure = interpretExpression(rex, UTC_CONTEXT);
        for (const own of rows) expect(generated(own)).toEqual(closure(own));
      }),
      { numRuns: 500, seed: 6 },
    );
  });

  it("for filters with projections", () => {
    fc.assert(
      fc.property(
        fc.option(truth),
        fc.option(fc.array(number, { maxLength: 3 })),
        fc.array(row, { maxLength: 8 }),
        (condition, fields, rows) => {
          const generated = compileCalc(condition, fields, UTC_CONTEXT);
          const closures = interpretCalc(condition, fields, UTC_CONTEXT);
          for (const own of rows) expect(generated(own)).toEqual(closures(own));
        },
      ),
      { numRuns: 300, seed: 6 },
    );
  });

  it("also when an expression is too large for it", () => {
    let rex: Rex = inputRef(0, INT);
    for (let i = 0; i < 10_000; i++) rex = call(ADD, INT, rex, literalOf(1, INT));
    expect(compileExpression(rex, UTC_CONTEXT)([INSERT, 5])).toBe(10_005);
  });
});
