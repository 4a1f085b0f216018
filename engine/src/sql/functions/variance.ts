/**
 * Variances and standard deviations by Welford's method: count, mean and sum of squared differences, in DOUBLE whatever the argument. The result
 * is cast back to the argument's type, so that of whole numbers the fraction is cut; a row taken back leaves a rounding error, as in Flink.
 */
import { decimalOf, isInteger, type LogicalType, withNullable, withoutTimeAttribute } from "../../types/logical-type.ts";
import type { AggregateFunction } from "./aggregate-function.ts";
import { wrapLong } from "./bigint.ts";
import { decimalToNumber, numberToDecimal } from "./decimal.ts";

type MomentState = [count: number, mean: number, squaredDifferences: number];

/** The argument's type; of decimals as wide as their average. */
export function averageType([type]: readonly LogicalType[]): LogicalType {
  return type.root === "DECIMAL" ? decimalOf(38, Math.max(6, type.scale!)) : withNullable(withoutTimeAttribute(type), true);
}

function numberOf(type: LogicalType): (value: unknown) => number {
  return type.root === "DECIMAL" ? (value) => decimalToNumber(value as bigint, type.scale!) : Number;
}

function fromNumber(type: LogicalType): (value: number) => unknown {
  if (type.root === "DECIMAL") return (value) => numberToDecimal(value, type.scale!);
  if (type.root === "FLOAT") return Math.fround;
  if (!isInteger(type)) return (value) => value;
  const bits = { TINYINT: 8, SMALLINT: 16, INT: 32 }[type.root as string];
  return (value) => (bits === undefined ? wrapLong(BigInt(Math.trunc(value))) : Number(BigInt.asIntN(bits, BigInt(Math.trunc(value)))));
}

/** `root` = the standard deviation. */
export function variance(kind: "pop" | "samp", root: boolean): AggregateFunction["implement"] {
  return (types, result) => {
    const read = numberOf(types[0]);
    const write = fromNumber(result);
    return {
      showsOrder: true,
      create: (): MomentState => [0, 0, 0],
      add: (state, value) => {
        const s = state as MomentState;
        const x = read(value);
        s[0]++;
        const delta = x - s[1];
        s[1] += delta / s[0];
        s[2] += delta * (x - s[1]);
        return s;
      },
      retract: (state, value) => {
        const s = state as MomentState;
        const x = read(value);
        s[0]--;
        if (s[0] === 0) {
          s[1] = 0;
          s[2] = 0;
          return s;
        }
        const delta = x - s[1];
        s[1] -= delta / s[0];
        s[2] -= delta * (x - s[1]);
        return s;
      },
      merge: (into, from) => {
        const a = into as MomentState;
        const b = from as MomentState;
        if (b[0] === 0) return a;
        const count = a[0] + b[0];
        const delta = b[1] - a[1];
        a[2] += b[2] + (delta * delta * a[0] * b[0]) / count;
        a[1] += (delta * b[0]) / count;
        a[0] = count;
        return a;
      },
      result: (state) => {
        const [count, , squaredDifferences] = state as MomentState;
        const divisor = kind === "pop" ? count : count - 1;
        if (divisor <= 0) return null;
        const value = squaredDifferences / divisor;
        return write(root ? Math.sqrt(Math.max(0, value)) : value);
      },
    };
  };
}
