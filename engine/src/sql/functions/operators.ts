/** Operators as functions: arithmetic, comparison, logic, predicates. Operands arrive already cast to a common type where one is needed. */
import {
  BOOLEAN,
  charOf,
  INTERVAL_DAY_TIME,
  INTERVAL_YEAR_MONTH,
  isApproximate,
  isCharacter,
  isInterval,
  isTimestamp,
  type LogicalType,
  MAX_LENGTH,
  numericRank,
  varcharOf,
} from "../../types/logical-type.ts";
import { msOf, shiftedBy, type Timestamp } from "../../types/timestamp.ts";
import { addLong, type Big, divideLong, multiplyLong, remainderLong, subtractLong, wrapLong } from "./bigint.ts";
import { addMonths, DAY_MS, monthsBetween } from "./calendar.ts";
import { casterFor } from "./cast.ts";
import { compareValues, equalValues } from "./compare.ts";
import { divideHalfUp, fit, powerOfTen, rescale } from "./decimal.ts";
import { likeToRegExp, similarToRegExp } from "./patterns.ts";
import { type CallShape, type Implementation, parameters, type ScalarFunction } from "./scalar-function.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";

type Arithmetic = "+" | "-" | "*" | "/" | "MOD";

function byZero(): never {
  throw new SqlRuntimeError("SQL_DIVISION_BY_ZERO", "/ by zero");
}

/** In the words of `java.math.BigDecimal`. */
function decimalByZero(dividend: bigint): never {
  throw new SqlRuntimeError("SQL_DIVISION_BY_ZERO", dividend === 0n ? "Division undefined" : "Division by zero");
}

const LONG_OPS: Readonly<Record<Arithmetic, (a: Big, b: Big) => Big>> = {
  "+": addLong,
  "-": subtractLong,
  "*": multiplyLong,
  "/": (a, b) => (Number(b) === 0 ? byZero() : divideLong(a, b)),
  MOD: (a, b) => (Number(b) === 0 ? byZero() : remainderLong(a, b)),
};

const DOUBLE_OPS: Readonly<Record<Arithmetic, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  MOD: (a, b) => a % b,
};

const INT_OPS: Readonly<Record<Arithmetic, (a: number, b: number) => number>> = {
  "+": (a, b) => (a + b) | 0,
  "-": (a, b) => (a - b) | 0,
  "*": (a, b) => Math.imul(a, b),
  "/": (a, b) => (b === 0 ? byZero() : (a / b) | 0),
  MOD: (a, b) => (b === 0 ? byZero() : (a % b) | 0),
};

function decimalArithmetic(op: Arithmetic, a: LogicalType, b: LogicalType, result: LogicalType): Implementation {
  const [s1, s2] = [a.scale!, b.scale!];
  const scale = result.scale!;
  const precision = result.precision!;
  switch (op) {
    case "+":
      return (x: bigint, y: bigint) =>
        fit(rescale(rescale(x, s1, Math.max(s1, s2)) + rescale(y, s2, Math.max(s1, s2)), Math.max(s1, s2), scale), precision);
    case "-":
      return (x: bigint, y: bigint) =>
        fit(rescale(rescale(x, s1, Math.max(s1, s2)) - rescale(y, s2, Math.max(s1, s2)), Math.max(s1, s2), scale), precision);
    case "*":
      return (x: bigint, y: bigint) => fit(rescale(x * y, s1 + s2, scale), precision);
    case "/":
      return (x: bigint, y: bigint) =>
        y === 0n ? decimalByZero(x) : fit(divideHalfUp(x * powerOfTen(scale + s2 + 1), y * powerOfTen(s1 + 1)), precision);
    case "MOD":
      return (x: bigint, y: bigint) =>
        y === 0n
          ? byZero()
          : fit(rescale(rescale(x, s1, Math.max(s1, s2)) % rescale(y, s2, Math.max(s1, s2)), Math.max(s1, s2), scale), precision);
  }
}

/** Arithmetic of two numbers of the same family, or of points in time and intervals. */
function implementArithmetic(op: Arithmetic): (shape: CallShape) => Implementation {
  return ({ types, result }) => {
    const [a, b] = types;
    if (result.root === "DECIMAL") return decimalArithmetic(op, a, b, result);
    if (isApproximate(result)) {
      const apply = DOUBLE_OPS[op];
      return result.root === "FLOAT" ? (x: number, y: number) => Math.fround(apply(x, y)) : (apply as Implementation);
    }
    if (result.root === "INT") return INT_OPS[op] as Implementation;
    if (numericRank(result) >= 0 && result.root !== "BIGINT") {
      const shift = result.root === "TINYINT" ? 24 : 16;
      return (x: number, y: number) => (INT_OPS[op](x, y) << shift) >> shift;
    }
    if (result.root === "BIGINT") return LONG_OPS[op] as Implementation;
    return implementTemporal(op, a, b, result);
  };
}

function implementTemporal(op: Arithmetic, a: LogicalType, b: LogicalType, result: LogicalType): Implementation {
  if (isInterval(result)) {
    if (isInterval(a) && isInterval(b)) return op === "+" ? (x: number, y: number) => x + y : (x: number, y: number) => x - y;
    if (op === "*") return (x: number, y: number) => Math.trunc(Number(x) * Number(y));
    return (x: number, y: number) => Math.trunc(Number(x) / Number(y));
  }
  const swapped = isInterval(a);
  const interval = swapped ? a : b;
  const sign = op === "-" ? -1 : 1;
  let apply: (point: number, by: number) => Timestamp;
  if (interval.root === "INTERVAL_YEAR_MONTH") {
    apply =
      result.root === "TIME"
        ? (point) => point
        : result.root === "DATE"
          ? (point, months) => addMonths(point, sign * months)
          : (point: Timestamp, months) => {
              const days = Math.floor(msOf(point) / DAY_MS);
              return shiftedBy(point, (addMonths(days, sign * months) - days) * DAY_MS);
            };
  } else if (result.root === "DATE") {
    apply = (point, ms) => point + sign * Math.trunc(ms / DAY_MS);
  } else if (result.root === "TIME") {
    apply = (point, ms) => (((point + sign * ms) % DAY_MS) + DAY_MS) % DAY_MS;
  } else {
    apply = (point: Timestamp, ms) => shiftedBy(point, sign * ms);
  }
  return swapped ? (x: number, y: number) => apply(y, x) : (x: number, y: number) => apply(x, y);
}

function arithmetic(name: Arithmetic, description: string, example: { sql: string; value: unknown }): ScalarFunction {
  return {
    name,
    parameters: parameters("any", "any"),
    result: (types) => types[0],
    implement: implementArithmetic(name),
    operator: name !== "MOD",
    description,
    examples: [example],
  };
}

export const ADD = arithmetic("+", "Sum of two numbers, or a point in time moved by an interval.", { sql: "1 + 2", value: 3 });
export const SUBTRACT = arithmetic("-", "Difference of two numbers, or a point in time moved back by an interval.", {
  sql: "5 - 2",
  value: 3,
});
export const MULTIPLY = arithmetic("*", "Product of two numbers.", { sql: "3 * 4", value: 12 });
export const DIVIDE = arithmetic("/", "Quotient; of integers without its fraction.", { sql: "7 / 2", value: 3 });
export const MODULO = arithmetic("MOD", "Remainder of a division, with the sign of the dividend.", { sql: "MOD(7, 4)", value: 3 });

export const NEGATE: ScalarFunction = {
  name: "NEGATE",
  parameters: parameters("any"),
  result: (types) => types[0],
  implement: ({ result }) => {
    if (result.root === "INT") return (x: number) => -x | 0;
    if (result.root === "DECIMAL") return (x: bigint) => -x;
    if (result.root === "BIGINT") return (x: Big) => wrapLong(-BigInt(x));
    if (isApproximate(result)) return (x: number) => -x;
    if (result.root === "TINYINT" || result.root === "SMALLINT") {
      const shift = result.root === "TINYINT" ? 24 : 16;
      return (x: number) => (-x << shift) >> shift;
    }
    return (x: number) => (x === 0 ? 0 : -x);
  },
  operator: true,
  description: "The number with its sign turned.",
  examples: [{ sql: "-(3)", value: -3 }],
};

type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";

const PLAIN_ROOTS: ReadonlySet<string> = new Set(["BOOLEAN", "INT", "SMALLINT", "TINYINT", "DATE", "TIME"]);

/**
 * Scalars that JavaScript's own operators compare rightly. Decimals and longs mix number and bigint, which `===` does not see; finer timestamps than
 * those in ms do, too (types/timestamp.ts).
 */
export function isPlain(type: LogicalType): boolean {
  return isCharacter(type) || PLAIN_ROOTS.has(type.root) || (isTimestamp(type) && type.precision! <= 3);
}

function comparison(name: Comparison, description: string, example: { sql: string; value: unknown }): ScalarFunction {
  const plain: Record<Comparison, Implementation> = {
    "=": (a: number, b: number) => a === b,
    "<>": (a: number, b: number) => a !== b,
    "<": (a: number, b: number) => a < b,
    "<=": (a: number, b: number) => a <= b,
    ">": (a: number, b: number) => a > b,
    ">=": (a: number, b: number) => a >= b,
  };
  const general: Record<Comparison, Implementation> = {
    "=": (a: unknown, b: unknown) => equalValues(a, b),
    "<>": (a: unknown, b: unknown) => !equalValues(a, b),
    "<": (a: unknown, b: unknown) => compareValues(a, b) < 0,
    "<=": (a: unknown, b: unknown) => compareValues(a, b) <= 0,
    ">": (a: unknown, b: unknown) => compareValues(a, b) > 0,
    ">=": (a: unknown, b: unknown) => compareValues(a, b) >= 0,
  };
  return {
    name,
    parameters: parameters("any", "any"),
    result: () => BOOLEAN,
    implement: ({ types }) => (types.every(isPlain) ? plain[name] : general[name]),
    operator: true,
    description,
    examples: [example],
  };
}

export const EQUALS = comparison("=", "True when both are equal.", { sql: "1 = 1.0", value: true });
export const NOT_EQUALS = comparison("<>", "True when they differ.", { sql: "1 <> 2", value: true });
export const LESS = comparison("<", "True when the left is smaller.", { sql: "1 < 2", value: true });
export const LESS_EQUAL = comparison("<=", "True when the left is not larger.", { sql: "2 <= 2", value: true });
export const GREATER = comparison(">", "True when the left is larger.", { sql: "'b' > 'a'", value: true });
export const GREATER_EQUAL = comparison(">=", "True when the left is not smaller.", { sql: "1 >= 2", value: false });

export const IS_NOT_DISTINCT: ScalarFunction = {
  name: "IS NOT DISTINCT FROM",
  parameters: parameters("any", "any"),
  result: () => ({ ...BOOLEAN, nullable: false }),
  nullAware: true,
  implement: () => (a: unknown, b: unknown) => (a === null || b === null ? a === b : equalValues(a, b)),
  operator: true,
  description: "Equality that counts two NULLs as equal.",
  examples: [{ sql: "1 IS NOT DISTINCT FROM NULL", value: false }],
};

export const AND: ScalarFunction = {
  name: "AND",
  parameters: parameters("boolean", "boolean"),
  result: (types) => ({ ...BOOLEAN, nullable: types.some((type) => type.nullable) }),
  nullAware: true,
  implement: () => (a: boolean | null, b: boolean | null) => (a === false || b === false ? false : a === null || b === null ? null : true),
  operator: true,
  description: "Three-valued AND.",
  examples: [{ sql: "TRUE AND FALSE", value: false }],
};

export const OR: ScalarFunction = {
  name: "OR",
  parameters: parameters("boolean", "boolean"),
  result: (types) => ({ ...BOOLEAN, nullable: types.some((type) => type.nullable) }),
  nullAware: true,
  implement: () => (a: boolean | null, b: boolean | null) => (a === true || b === true ? true : a === null || b === null ? null : false),
  operator: true,
  description: "Three-valued OR.",
  examples: [{ sql: "FALSE OR TRUE", value: true }],
};

export const NOT: ScalarFunction = {
  name: "NOT",
  parameters: parameters("boolean"),
  result: () => BOOLEAN,
  implement: () => (a: boolean) => !a,
  operator: true,
  description: "Turns TRUE into FALSE and back; NULL stays.",
  examples: [{ sql: "NOT TRUE", value: false }],
};

function truthTest(
  name: string,
  test: (value: unknown) => boolean,
  description: string,
  example: { sql: string; value: unknown },
): ScalarFunction {
  return {
    name,
    parameters: parameters("any"),
    result: () => ({ ...BOOLEAN, nullable: false }),
    nullAware: true,
    implement: () => test as Implementation,
    operator: true,
    description,
    examples: [example],
  };
}

export const IS_NULL = truthTest("IS NULL", (value) => value === null, "True for NULL.", { sql: "1 IS NULL", value: false });
export const IS_NOT_NULL = truthTest("IS NOT NULL", (value) => value !== null, "True for anything but NULL.", {
  sql: "1 IS NOT NULL",
  value: true,
});
export const IS_TRUE = truthTest("IS TRUE", (value) => value === true, "True for TRUE only.", { sql: "(1 = 1) IS TRUE", value: true });
export const IS_FALSE = truthTest("IS FALSE", (value) => value === false, "True for FALSE only.", { sql: "(1 = 2) IS FALSE", value: true });

export const CONCAT_OPERATOR: ScalarFunction = {
  name: "||",
  parameters: parameters("any", "any"),
  result: ([a, b]) => {
    const length = Math.min(MAX_LENGTH, a.length! + b.length!);
    return a.root === "CHAR" && b.root === "CHAR" ? charOf(length) : varcharOf(length);
  },
  implement: () => (a: string, b: string) => a + b,
  operator: true,
  description: "Texts, one after the other.",
  examples: [{ sql: "'a' || 'b'", value: "ab" }],
};

export const LIKE: ScalarFunction = {
  name: "LIKE",
  parameters: parameters("string", "string", "string?"),
  result: () => BOOLEAN,
  implement: () => {
    let lastPattern: string | undefined;
    let regExp = /^$/;
    return (text: string, pattern: string, escapeChar?: string) => {
      if (pattern !== lastPattern) {
        regExp = likeToRegExp(pattern, escapeChar);
        lastPattern = pattern;
      }
      return regExp.test(text);
    };
  },
  operator: true,
  description: "Matches a pattern with % (any text) and _ (one character).",
  examples: [{ sql: "'abc' LIKE 'a%'", value: true }],
};

export const SIMILAR: ScalarFunction = {
  ...LIKE,
  name: "SIMILAR TO",
  implement: () => (text: string, pattern: string, escapeChar?: string) => similarToRegExp(pattern, escapeChar).test(text),
  description: "Matches an SQL regular expression: LIKE's wildcards with |, *, +, ?, groups and character classes.",
  examples: [{ sql: "'abc' SIMILAR TO '[a-c]+'", value: true }],
};

/** The cast is chosen by the types, so the one function serves all of them. */
export const CAST: ScalarFunction = {
  name: "CAST",
  parameters: parameters("any"),
  result: (types) => types[0],
  alwaysNullable: false,
  implement: ({ types, result, context }) => (casterFor(types[0], result, context) ?? (() => null)) as Implementation,
  operator: true,
  description: "Turns a value into another type; fails the job when it cannot.",
  examples: [{ sql: "CAST('12' AS INT)", value: 12 }],
};

export const TRY_CAST: ScalarFunction = {
  ...CAST,
  name: "TRY_CAST",
  alwaysNullable: true,
  implement: ({ types, result, context }) => {
    const cast = casterFor(types[0], result, context);
    return (value: unknown) => {
      try {
        return cast === null ? null : cast(value);
      } catch (error) {
        if (error instanceof SqlRuntimeError) return null;
        throw error;
      }
    };
  },
  description: "Turns a value into another type; NULL when it cannot.",
  examples: [{ sql: "TRY_CAST('x' AS INT)", value: null }],
};

/** Difference of two points in time. */
export const TIME_DIFFERENCE: ScalarFunction = {
  name: "TIME_DIFFERENCE",
  parameters: parameters("datetime", "datetime", "unit?"),
  result: () => INTERVAL_DAY_TIME,
  implement: ({ types }) => {
    if (types[0].root === "DATE") return (a: number, b: number) => (a - b) * DAY_MS;
    return (a: Timestamp, b: Timestamp) => msOf(a) - msOf(b);
  },
  operator: true,
  description: "The time between two points in time, as an interval.",
  examples: [{ sql: "(DATE '2026-01-02' - DATE '2026-01-01') DAY", value: { $ms: 86400000 } }],
};

/** Difference in whole months. */
export const MONTH_DIFFERENCE: ScalarFunction = {
  ...TIME_DIFFERENCE,
  name: "MONTH_DIFFERENCE",
  result: () => INTERVAL_YEAR_MONTH,
  implement: ({ types }) => {
    if (types[0].root === "DATE") return (a: number, b: number) => monthsBetween(b * DAY_MS, a * DAY_MS);
    return (a: Timestamp, b: Timestamp) => monthsBetween(msOf(b), msOf(a));
  },
  description: "The whole months between two points in time, as an interval.",
  examples: [{ sql: "(DATE '2026-03-01' - DATE '2026-01-01') MONTH", value: { $months: 2 } }],
};

export const CASE: ScalarFunction = {
  name: "CASE",
  parameters: parameters("any*"),
  result: (types) => types[0],
  nullAware: true,
  // Compiled on its own (expression compiler), because only the chosen branch may be evaluated.
  implement:
    () =>
    (...values: unknown[]) => {
      for (let i = 0; i + 1 < values.length; i += 2) if (values[i] === true) return values[i + 1];
      return values[values.length - 1];
    },
  operator: true,
  description: "The value behind the first condition that is TRUE.",
  examples: [{ sql: "CASE WHEN 1 > 2 THEN 'a' ELSE 'b' END", value: "b" }],
};

export const ROW: ScalarFunction = {
  name: "ROW",
  parameters: parameters("any*"),
  result: (types) => ({ root: "ROW", nullable: false, fields: types.map((type, i) => ({ name: `EXPR$${i}`, type })) }),
  nullAware: true,
  implement:
    () =>
    (...values: unknown[]) =>
      values,
  operator: true,
  description: "A row of values.",
  examples: [{ sql: "ROW(1, 'a')", value: [1, "a"] }],
};

export const FIELD: ScalarFunction = {
  name: "FIELD",
  parameters: parameters("row"),
  result: (types) => types[0],
  alwaysNullable: true,
  implement: ({ options }) => {
    const index = options.index as number;
    return (row: unknown[]) => row[index];
  },
  operator: true,
  description: "One field of a row.",
  examples: [],
};

export const OPERATORS: readonly ScalarFunction[] = [MODULO];
