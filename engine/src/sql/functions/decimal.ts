/** Exact decimals: an unscaled bigint whose scale stands in the type. Rounding is HALF_UP, as in Flink's DecimalData. */
import { decimalOf, type LogicalType } from "../../types/logical-type.ts";

export const MAX_PRECISION = 38;

const POWERS: bigint[] = [];

export function powerOfTen(exponent: number): bigint {
  POWERS[exponent] ??= 10n ** BigInt(exponent);
  return POWERS[exponent];
}

/** Changes the scale, rounding half up (away from zero). */
export function rescale(unscaled: bigint, from: number, to: number): bigint {
  if (to >= from) return unscaled * powerOfTen(to - from);
  return divideHalfUp(unscaled, powerOfTen(from - to));
}

/** Quotient rounded half away from zero. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  const magnitude = divisor < 0n ? -divisor : divisor;
  if (twice < magnitude) return quotient;
  return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n;
}

/** null when the value needs more digits than the precision. */
export function fit(unscaled: bigint, precision: number): bigint | null {
  const limit = powerOfTen(precision);
  return unscaled < limit && unscaled > -limit ? unscaled : null;
}

export function decimalToString(unscaled: bigint, scale: number): string {
  const negative = unscaled < 0n;
  const digits = (negative ? -unscaled : unscaled).toString().padStart(scale + 1, "0");
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return negative ? `-${text}` : text;
}

/** Parses `-12.345e2` into the wanted scale; null when it is no number. */
export function parseDecimal(text: string, scale: number): bigint | null {
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?\s*$/.exec(text);
  if (match === null || (match[2] === "" && (match[3] ?? "") === "")) return null;
  const fraction = match[3] ?? "";
  const exponent = Number(match[4] ?? "0");
  let unscaled = BigInt(`${match[2]}${fraction}` || "0");
  const ownScale = fraction.length - exponent;
  unscaled = ownScale >= 0 ? rescale(unscaled, ownScale, scale) : unscaled * powerOfTen(-ownScale + scale);
  return match[1] === "-" ? -unscaled : unscaled;
}

export function decimalToNumber(unscaled: bigint, scale: number): number {
  return scale === 0 ? Number(unscaled) : Number(decimalToString(unscaled, scale));
}

/** A double's shortest decimal text, into the wanted scale. */
export function numberToDecimal(value: number, scale: number): bigint | null {
  return Number.isFinite(value) ? parseDecimal(String(value), scale) : null;
}

// ---- result types (Flink: LogicalTypeMerging) ----

function adjust(precision: number, scale: number): LogicalType {
  if (precision <= MAX_PRECISION) return decimalOf(precision, scale);
  const digits = precision - scale;
  const minScale = Math.min(scale, 6);
  return decimalOf(MAX_PRECISION, Math.max(MAX_PRECISION - digits, minScale));
}

export function additionType(p1: number, s1: number, p2: number, s2: number): LogicalType {
  const scale = Math.max(s1, s2);
  return adjust(Math.max(p1 - s1, p2 - s2) + scale + 1, scale);
}

export function multiplicationType(p1: number, s1: number, p2: number, s2: number): LogicalType {
  return adjust(p1 + p2 + 1, s1 + s2);
}

export function divisionType(p1: number, s1: number, p2: number, s2: number): LogicalType {
  const scale = Math.max(6, s1 + p2 + 1);
  return adjust(p1 - s1 + s2 + scale, scale);
}

export function moduloType(p1: number, s1: number, p2: number, s2: number): LogicalType {
  const scale = Math.max(s1, s2);
  return adjust(Math.min(p1 - s1, p2 - s2) + scale, scale);
}
