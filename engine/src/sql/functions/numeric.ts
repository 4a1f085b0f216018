/** Functions of numbers. */
import {
  DOUBLE,
  decimalOf,
  isApproximate,
  isDatetime,
  isInteger,
  isInterval,
  type LogicalType,
  withoutTimeAttribute,
  typeSummary,
} from "../../types/logical-type.ts";
import { type Big, wrapLong } from "./bigint.ts";
import { decimalToNumber, divideHalfUp, fit as fitDecimal, numberToDecimal, powerOfTen, rescale } from "./decimal.ts";
import { unsupportedCall } from "./generated-code.ts";
import { type CallShape, type Implementation, parameters, type Refusal, type ScalarFunction } from "./scalar-function.ts";
import { RANDOM } from "./random.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";
import { roundTime } from "./temporal.ts";

export function toDouble(type: LogicalType): (value: never) => number {
  if (type.root === "DECIMAL") return (value: bigint) => decimalToNumber(value, type.scale!);
  return (value: Big) => Number(value);
}

function double(
  name: string,
  apply: (x: number, y: number) => number,
  description: string,
  sql: string,
  value: unknown,
  arity = 1,
): ScalarFunction {
  return {
    name,
    parameters: parameters(...Array.from({ length: arity }, () => "numeric")),
    result: () => DOUBLE,
    implement: ({ types }) => {
      const casts = types.map(toDouble);
      return arity === 1 ? (x: never) => apply(casts[0](x), 0) : (x: never, y: never) => apply(casts[0](x), casts[1](y));
    },
    description,
    examples: [{ sql, value }],
  };
}

const FORMS = (name: string): string => `${name}(<NUMERIC>)' | '${name}(<DATE> TO <TIME_UNIT>)`;

/** The code generator knows a number of places that is an INT. */
function refuseLongPlaces(name: string, types: readonly LogicalType[]): Refusal | null {
  return types[1]?.root === "BIGINT" ? unsupportedCall(name, types) : null;
}

function rounding(name: string, up: boolean): ScalarFunction {
  return {
    name,
    parameters: parameters("numeric-or-datetime", "unit?"),
    refuse: ([type, unit]) => (isDatetime(type) === (unit !== undefined) ? null : { expected: FORMS(name) }),
    result: (types) => {
      const [type] = types;
      if (isDatetime(type)) return withoutTimeAttribute(type);
      return type.root === "DECIMAL" ? decimalOf(type.precision!, 0) : type;
    },
    implement: (shape: CallShape): Implementation => {
      const [type] = shape.types;
      if (isDatetime(type)) return roundTime(shape, up);
      if (type.root === "DECIMAL") {
        const unit = powerOfTen(type.scale!);
        return (x: bigint) => {
          const quotient = x / unit;
          const exact = quotient * unit === x;
          return exact ? quotient : up ? (x > 0n ? quotient + 1n : quotient) : x < 0n ? quotient - 1n : quotient;
        };
      }
      if (isInteger(type)) return (x: Big) => x;
      return up ? (x: number) => Math.ceil(x) : (x: number) => Math.floor(x);
    },
    description: up
      ? "The next whole number above, or the end of a unit of time."
      : "The next whole number below, or the start of a unit of time.",
    examples: up
      ? [{ sql: "CEIL(1.2)", value: "2" }]
      : [{ sql: "FLOOR(TIMESTAMP '2026-03-01 10:20:30' TO HOUR)", value: "2026-03-01 10:00:00.000" }],
  };
}

/** Rounds to `digits` places, away from zero on a half, or cuts. */
function roundTo(shape: CallShape, cut: boolean): Implementation {
  const [type] = shape.types;
  if (type.root === "DECIMAL") {
    const scale = type.scale!;
    const rounded = (x: bigint, digits: number): bigint => {
      const unit = powerOfTen(scale - digits);
      return (cut ? x / unit : divideHalfUp(x, unit)) * powerOfTen(Math.max(0, -digits));
    };
    const target = shape.result.scale!;
    return (x: bigint, digits = 0) =>
      digits >= scale ? rescale(x, scale, target) : rescale(rounded(x, digits), Math.max(0, digits), target);
  }
  if (isInteger(type)) {
    const wrap = wrapTo(type);
    return (x: Big, digits = 0) => {
      if (digits >= 0) return x;
      const unit = powerOfTen(-digits);
      const value = BigInt(x);
      return wrap((cut ? value / unit : divideHalfUp(value, unit)) * unit);
    };
  }
  const fit = type.root === "FLOAT" ? Math.fround : (x: number): number => x;
  if (cut) return (x: number, digits = 0) => fit(cutAsDecimal(x, digits));
  return (x: number, digits = 0) => {
    if (!Number.isFinite(x)) return x;
    const shifted = Number(`${Math.abs(x)}e${digits}`);
    const scaled = Number.isNaN(shifted) ? Math.abs(x) * 10 ** digits : shifted;
    const rounded = Math.round(scaled);
    const back = Number(`${rounded}e${-digits}`);
    return fit((Number.isNaN(back) ? rounded / 10 ** digits : back) * Math.sign(x));
  };
}

/** Flink cuts an approximate number as the DECIMAL(38, 18) nearest to it, and fails when it has none. */
function cutAsDecimal(x: number, digits: number): number {
  if (!Number.isFinite(x)) {
    const letter = Number.isNaN(x) ? "N" : "I";
    throw new SqlRuntimeError(
      "SQL_NUMBER",
      `Character ${letter} is neither a decimal digit number, decimal point, nor "e" notation exponential mark.`,
    );
  }
  const exact = fitDecimal(numberToDecimal(x, 18)!, 38);
  if (exact === null) throw new SqlRuntimeError("SQL_NUMBER", `${x} does not fit DECIMAL(38, 18), as which it is cut.`);
  if (digits >= 18) return decimalToNumber(exact, 18);
  const unit = powerOfTen(18 - digits);
  return decimalToNumber((exact / unit) * unit, 18);
}

/** Cuts a whole number to the bits of a type. */
function wrapTo(type: LogicalType): (value: bigint) => Big {
  const bits = { TINYINT: 8, SMALLINT: 16, INT: 32 }[type.root as string];
  return bits === undefined ? wrapLong : (value) => Number(BigInt.asIntN(bits, value));
}

function roundType(types: readonly LogicalType[], args: CallShape["args"]): LogicalType {
  const [type] = types;
  if (type.root !== "DECIMAL") return type;
  const digits = args.length < 2 ? 0 : args[1].kind === "literal" ? Number(args[1].value) : type.scale!;
  if (digits >= type.scale!) return type;
  if (digits < 0) return decimalOf(Math.min(38, type.precision! - type.scale! + 1), 0);
  return decimalOf(Math.min(38, type.precision! - type.scale! + digits + 1), digits);
}

/** A type as Flink's code generator names it. */
function operandText(type: LogicalType): string {
  return type.root === "INTERVAL_DAY_TIME" ? `INTERVAL SECOND(3)${type.nullable ? "" : " NOT NULL"}` : typeSummary(type);
}

export const NUMERIC: readonly ScalarFunction[] = [
  {
    name: "ABS",
    parameters: parameters("numeric-or-interval"),
    refuse: ([type]) => (isInterval(type) ? { phase: "plan", message: `Unsupported call: ABS(${operandText(type)})` } : null),
    result: (types) => types[0],
    implement: ({ types }) => {
      if (types[0].root === "DECIMAL") return (x: bigint) => (x < 0n ? -x : x);
      if (types[0].root === "TINYINT") return (x: number) => (x === -128 ? x : Math.abs(x));
      if (types[0].root === "SMALLINT") return (x: number) => (x === -32768 ? x : Math.abs(x));
      if (types[0].root === "BIGINT") return (x: Big) => (Number(x) < 0 ? wrapLong(-BigInt(x)) : x);
      if (types[0].root === "INT") return (x: number) => (x < 0 ? -x | 0 : x);
      return (x: number) => Math.abs(x);
    },
    description: "The number without its sign.",
    examples: [{ sql: "ABS(-3)", value: 3 }],
  },
  rounding("FLOOR", false),
  rounding("CEIL", true),
  rounding("CEILING", true),
  {
    name: "ROUND",
    parameters: parameters("numeric", "integer?"),
    refuse: (types) => refuseLongPlaces("ROUND", types),
    result: roundType,
    implement: (shape) => roundTo(shape, false),
    description: "Rounded to a number of places, halves away from zero.",
    examples: [{ sql: "ROUND(2.345, 2)", value: "2.35" }],
  },
  {
    name: "TRUNCATE",
    parameters: parameters("numeric", "integer?"),
    refuse: (types) => refuseLongPlaces("TRUNCATE", types),
    result: roundType,
    implement: (shape) => roundTo(shape, true),
    description: "Cut to a number of places.",
    examples: [{ sql: "TRUNCATE(2.349, 2)", value: "2.34" }],
  },
  {
    name: "SIGN",
    parameters: parameters("numeric"),
    result: (types) => types[0],
    implement: ({ types }) => {
      const [type] = types;
      if (type.root === "DECIMAL") return (x: bigint) => (x > 0n ? powerOfTen(type.scale!) : x < 0n ? -powerOfTen(type.scale!) : 0n);
      return (x: Big) => (isApproximate(type) ? Math.sign(Number(x)) : Number(x) > 0 ? 1 : Number(x) < 0 ? -1 : 0);
    },
    description: "-1, 0 or 1.",
    examples: [{ sql: "SIGN(-5)", value: -1 }],
  },
  double("SQRT", Math.sqrt, "Square root.", "SQRT(4)", 2),
  double("POWER", (x, y) => x ** y, "A power.", "POWER(2, 3)", 8, 2),
  double("EXP", Math.exp, "e to the power.", "EXP(0)", 1),
  double("LN", Math.log, "Natural logarithm.", "LN(1)", 0),
  double("LOG10", Math.log10, "Logarithm to base 10.", "LOG10(100)", 2),
  double("LOG2", Math.log2, "Logarithm to base 2.", "LOG2(8)", 3),
  {
    ...double("LOG", (x) => Math.log(x), "Natural logarithm, or LOG(base, x).", "LOG(2, 8)", 3),
    parameters: parameters("numeric", "numeric?"),
    implement: ({ types }) => {
      const casts = types.map(toDouble);
      return (x: never, y?: never) => {
        if (y === undefined) return Math.log(casts[0](x));
        return casts[0](x) === 2
          ? Math.log2(casts[1](y))
          : casts[0](x) === 10
            ? Math.log10(casts[1](y))
            : Math.log(casts[1](y)) / Math.log(casts[0](x));
      };
    },
  },
  double("SIN", Math.sin, "Sine.", "SIN(0)", 0),
  double("COS", Math.cos, "Cosine.", "COS(0)", 1),
  double("TAN", Math.tan, "Tangent.", "TAN(0)", 0),
  double("ASIN", Math.asin, "Arc sine.", "ASIN(0)", 0),
  double("ACOS", Math.acos, "Arc cosine.", "ACOS(1)", 0),
  double("ATAN", Math.atan, "Arc tangent.", "ATAN(0)", 0),
  {
    ...double("ATAN2", Math.atan2, "Arc tangent of a quotient.", "ATAN2(0, 1)", 0, 2),
    refuse: ([a, b]) => ((a.root === "DECIMAL") !== (b.root === "DECIMAL") ? unsupportedCall("ATAN2", [a, b]) : null),
  },
  double("COT", (x) => 1 / Math.tan(x), "Cotangent.", "COT(1)", 0.6420926159343306),
  double("SINH", Math.sinh, "Hyperbolic sine.", "SINH(0)", 0),
  double("COSH", Math.cosh, "Hyperbolic cosine.", "COSH(0)", 1),
  double("TANH", Math.tanh, "Hyperbolic tangent.", "TANH(0)", 0),
  double("DEGREES", (x) => (x * 180) / Math.PI, "Radians as degrees.", "DEGREES(0)", 0),
  double("RADIANS", (x) => (x * Math.PI) / 180, "Degrees as radians.", "RADIANS(0)", 0),
  { ...double("PI", () => Math.PI, "The number pi.", "PI()", Math.PI), parameters: [], implement: () => () => Math.PI },
  { ...double("E", () => Math.E, "The number e.", "E()", Math.E), parameters: [], implement: () => () => Math.E },
  ...RANDOM,
];
