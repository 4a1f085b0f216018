/** COALESCE, NULLIF, IF, IFNULL, GREATEST, LEAST and the like. Their arguments have been cast to a common type. */
import { BOOLEAN, withNullable, charOf } from "../../types/logical-type.ts";
import { compareValues, equalValues } from "./compare.ts";
import { parameters, type ScalarFunction } from "./scalar-function.ts";
import { typeSummary } from "../../types/logical-type.ts";

/** Functions whose arguments from this position on must share a type. */
export const COMMON_TYPE_FROM: Readonly<Record<string, number>> = { COALESCE: 0, IFNULL: 0, GREATEST: 0, LEAST: 0, IF: 1 };

export const CONDITIONAL: readonly ScalarFunction[] = [
  {
    name: "COALESCE",
    parameters: parameters("any", "any*"),
    result: (types) =>
      withNullable(
        types[0],
        types.every((type) => type.nullable),
      ),
    nullAware: true,
    implement:
      () =>
      (...values: unknown[]) => {
        for (const value of values) if (value !== null) return value;
        return null;
      },
    description: "The first argument that is not NULL.",
    examples: [{ sql: "COALESCE(CAST(NULL AS INT), 2, 3)", value: 2 }],
  },
  {
    name: "IFNULL",
    parameters: parameters("any", "any"),
    result: (types) =>
      withNullable(
        types[0],
        types.every((type) => type.nullable),
      ),
    nullAware: true,
    implement: () => (value: unknown, otherwise: unknown) => (value === null ? otherwise : value),
    description: "The first argument, or the second where it is NULL.",
    examples: [{ sql: "IFNULL(CAST(NULL AS INT), 5)", value: 5 }],
  },
  {
    name: "NULLIF",
    parameters: parameters("any", "any"),
    result: (types) => withNullable(types[0], true),
    nullAware: true,
    implement: () => (a: unknown, b: unknown) => (a !== null && b !== null && equalValues(a, b) ? null : a),
    description: "NULL when both are equal, else the first.",
    examples: [{ sql: "NULLIF(5, 5)", value: null }],
  },
  {
    name: "IF",
    parameters: parameters("boolean", "any", "any"),
    result: (types) => withNullable(types[1], types[1].nullable || types[2].nullable),
    nullAware: true,
    implement: () => (condition: boolean | null, then: unknown, otherwise: unknown) => (condition === true ? then : otherwise),
    description: "The second argument where the first is TRUE, else the third.",
    examples: [{ sql: "IF(1 > 2, 'a', 'b')", value: "b" }],
  },
  {
    name: "GREATEST",
    parameters: parameters("any", "any*"),
    result: (types) => types[0],
    implement:
      () =>
      (...values: unknown[]) =>
        values.reduce((best, value) => (compareValues(value, best) > 0 ? value : best)),
    description: "The largest argument; NULL when one is NULL.",
    examples: [{ sql: "GREATEST(1, 3, 2)", value: 3 }],
  },
  {
    name: "LEAST",
    parameters: parameters("any", "any*"),
    result: (types) => types[0],
    implement:
      () =>
      (...values: unknown[]) =>
        values.reduce((best, value) => (compareValues(value, best) < 0 ? value : best)),
    description: "The smallest argument; NULL when one is NULL.",
    examples: [{ sql: "LEAST(3, 1, 2)", value: 1 }],
  },
  {
    name: "TYPEOF",
    parameters: parameters("any"),
    result: () => ({ ...charOf(1), root: "VARCHAR", length: 2147483647, nullable: false }),
    nullAware: true,
    implement:
      ({ types }) =>
      () =>
        typeSummary(types[0]),
    description: "The type of the argument, as text.",
    examples: [{ sql: "TYPEOF(1)", value: "INT NOT NULL" }],
  },
  {
    name: "IS_ALPHA",
    parameters: parameters("any"),
    result: () => withNullable(BOOLEAN, false),
    nullAware: true,
    implement: () => (value: string | null) => value !== null && /^\p{L}+$/u.test(String(value)),
    description: "True when the text consists of letters only.",
    examples: [{ sql: "IS_ALPHA('ab')", value: true }],
  },
  {
    name: "IS_DIGIT",
    parameters: parameters("any"),
    result: () => withNullable(BOOLEAN, false),
    nullAware: true,
    implement: () => (value: string | null) => value !== null && /^\p{Nd}+$/u.test(String(value)),
    description: "True when the text consists of digits only.",
    examples: [{ sql: "IS_DIGIT('12')", value: true }],
  },
  {
    name: "IS_DECIMAL",
    parameters: parameters("any"),
    result: () => withNullable(BOOLEAN, false),
    nullAware: true,
    implement: () => (value: string | null) => value !== null && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(String(value)),
    description: "True when the text reads as a number.",
    examples: [{ sql: "IS_DECIMAL('1.5')", value: true }],
  },
];
