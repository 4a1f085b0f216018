/** COALESCE, NULLIF, IF, IFNULL, GREATEST, LEAST and the like. Their arguments have been cast to a common type. */
import {
  BOOLEAN,
  isBinary,
  isCharacter,
  isDatetime,
  isNumeric,
  isTimestamp,
  type LogicalType,
  STRING,
  typeSummary,
  withNullable,
} from "../../types/logical-type.ts";
import { compareValues } from "./compare.ts";
import { commonTypeOf } from "./implicit-casts.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";
import { type Coercion, type Implementation, parameters, type ScalarFunction } from "./scalar-function.ts";

/** All arguments in Flink's common type. */
const common: Coercion = {
  types: (types) => {
    const type = commonTypeOf(types);
    return type === null || type.root === "NULL" ? null : types.map((own) => withNullable(type, own.nullable));
  },
};

const firstOrNull = (types: readonly LogicalType[]): LogicalType =>
  withNullable(
    types[0],
    types.every((type) => type.nullable),
  );

/** IF between timestamps of one kind has the precision of the first, whatever digits the other loses. */
function inTimestampOfFirst([condition, then, otherwise]: readonly LogicalType[]): readonly LogicalType[] | null {
  if (!isTimestamp(then) || then.root !== otherwise.root) return null;
  return [condition, then, withNullable(then, otherwise.nullable)];
}

/** IF takes results of one family. */
function sameFamily(a: LogicalType, b: LogicalType): boolean {
  if (isNumeric(a)) return isNumeric(b);
  if (isCharacter(a)) return isCharacter(b);
  if (isBinary(a)) return isBinary(b);
  if (isTimestamp(a)) return isTimestamp(b);
  return a.root === b.root && (a.root === "BOOLEAN" || a.root === "DATE" || a.root === "TIME");
}

/** A DATE or TIME beside a timestamp: the validator finds their common type, and the generated code forgets to cast to it. */
function mixesDays(types: readonly LogicalType[]): boolean {
  return types.some(isTimestamp) && types.some(({ root }) => root === "DATE" || root === "TIME");
}

function extreme(name: string, sign: 1 | -1, description: string, example: { sql: string; value: unknown }): ScalarFunction {
  const better = (a: unknown, b: unknown): unknown => (compareValues(b, a) * sign > 0 ? b : a);
  return {
    name,
    parameters: parameters("any", "any*"),
    result: (types) => types[0],
    coerce: { types: (types, args) => (mixesDays(types) ? types : common.types!(types, args)) },
    nullArguments: true,
    refuse: (types) => {
      if (types.some((type) => type.root === "NULL")) return { phase: "plan", message: "Unsupported casting from NULL." };
      const apart = types.findIndex((type, i) => i > 0 && commonTypeOf([types[i - 1], type]) === null);
      if (apart > 0) {
        if (isDatetime(types[apart - 1]) && isDatetime(types[apart]))
          return { message: "Could not infer an output type for the given arguments." };
        const [left, right] = [typeSummary(types[apart - 1]), typeSummary(types[apart])];
        const rule = "All types in a comparison should support both 'EQUALS' and 'ORDER' comparison with each other.";
        return { message: `${rule} Can not compare ${left} with ${right}` };
      }
      const unordered = types.find((type) => ["ARRAY", "MAP", "MULTISET", "ROW"].includes(type.root));
      return unordered === undefined ? null : { phase: "plan", message: `Comparable type expected, but was '${typeSummary(unordered)}'.` };
    },
    implement: ({ types }): Implementation => {
      if (mixesDays(types)) {
        throw new SqlRuntimeError(
          "SQL_NO_METHOD",
          `Assignment conversion not possible: ${name} of ${types.map(typeSummary).join(" and ")} does not compile in Flink. Cast all to one type.`,
        );
      }
      if (types.length === 2) return better;
      return (...values: unknown[]) => values.reduce(better);
    },
    description,
    examples: [example],
  };
}

const WHOLE: readonly LogicalType["root"][] = ["TINYINT", "SMALLINT", "INT", "BIGINT"];

/** @param numbers types of numbers that pass */
function test(
  name: string,
  passes: (text: string) => boolean,
  { numbers, description, sql }: { readonly numbers: readonly LogicalType["root"][]; readonly description: string; readonly sql: string },
): ScalarFunction {
  return {
    name,
    parameters: parameters("any"),
    result: () => withNullable(BOOLEAN, false),
    nullAware: true,
    refuse: ([type]) => (isCharacter(type) || isNumeric(type) ? null : { expected: `${name}(<CHARACTER>)` }),
    // A number passes by its type, whatever it is.
    implement: ({ types: [{ root }] }) => {
      if (root !== "CHAR" && root !== "VARCHAR") return (value: unknown) => value !== null && numbers.includes(root);
      return (value: string | null) => value !== null && passes(value);
    },
    description,
    examples: [{ sql, value: true }],
  };
}

/** What Java's `Double.parseDouble` reads, blanks around it aside. */
const JAVA_NUMBER =
  /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?|0[xX][0-9a-fA-F]*\.?[0-9a-fA-F]*[pP][+-]?\d+[fFdD]?)$/;

export const IF: ScalarFunction = {
  name: "IF",
  parameters: parameters("boolean", "any", "any"),
  result: ([condition, then, otherwise]) => withNullable(then, condition.nullable || then.nullable || otherwise.nullable),
  coerce: { commonFrom: 1, types: inTimestampOfFirst },
  refuse: ([, then, otherwise]) => (sameFamily(then, otherwise) ? null : { expected: "IF(<BOOLEAN>, <ANY>, <same as ANY>)" }),
  nullAware: true,
  implement: () => (condition: boolean | null, then: unknown, otherwise: unknown) => (condition === true ? then : otherwise),
  description: "The second argument where the first is TRUE, else the third.",
  examples: [{ sql: "IF(1 > 2, 'a', 'b')", value: "b" }],
};

export const CONDITIONAL: readonly ScalarFunction[] = [
  {
    name: "COALESCE",
    parameters: parameters("any", "any*"),
    result: firstOrNull,
    coerce: common,
    nullAware: true,
    nullArguments: true,
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
    result: firstOrNull,
    coerce: common,
    nullAware: true,
    nullArguments: true,
    implement: () => (value: unknown, otherwise: unknown) => (value === null ? otherwise : value),
    description: "The first argument, or the second where it is NULL.",
    examples: [{ sql: "IFNULL(CAST(NULL AS INT), 5)", value: 5 }],
  },
  IF,
  extreme("GREATEST", 1, "The largest argument; NULL when one is NULL.", { sql: "GREATEST(1, 3, 2)", value: 3 }),
  extreme("LEAST", -1, "The smallest argument; NULL when one is NULL.", { sql: "LEAST(3, 1, 2)", value: 1 }),
  {
    name: "TYPEOF",
    parameters: parameters("any", "boolean?"),
    result: () => STRING,
    nullAware: true,
    alwaysNullable: true,
    nullArguments: true,
    implement:
      ({ types }) =>
      () =>
        typeSummary(types[0]),
    description: "The type of the argument, as text.",
    examples: [{ sql: "TYPEOF(1)", value: "INT NOT NULL" }],
  },
  test("IS_ALPHA", (text) => /^\p{L}+$/u.test(text), {
    numbers: [],
    description: "True when the text consists of letters only.",
    sql: "IS_ALPHA('ab')",
  }),
  test("IS_DIGIT", (text) => /^\p{Nd}+$/u.test(text), {
    numbers: WHOLE,
    description: "True when the text consists of digits only.",
    sql: "IS_DIGIT('12')",
  }),
  test("IS_DECIMAL", (text) => JAVA_NUMBER.test(text.trim()), {
    numbers: [...WHOLE, "FLOAT", "DOUBLE"],
    description: "True when the text reads as a number.",
    sql: "IS_DECIMAL('1.5')",
  }),
];
