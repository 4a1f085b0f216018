/**
 * DOUBLE and FLOAT as Java prints them: `1.0`, `1.0E7`, `1.5E-5`, `NaN`, `Infinity`.
 *
 * Problem: Flink's text of a double is Java's, and up to Java 18 that is not always the shortest text that reads back as the same
 * number: `2.0E23` prints as `1.9999999999999998E23`, the float 3.4E10 as `3.3999999E10`. Flink 2.x runs on Java 11, 17 and 21, and what
 * we were recorded from ran on 17. Approach: whole numbers that the type holds exactly and that are small are printed from their
 * digits; everything else goes through the digit generation Java used (Steele and White's, with its two known impurities: whole
 * numbers are cut to the digits that the precision can tell apart, and at least two digits are produced outside 10^-3…10^8).
 * Limits: on Java 19 and newer those few numbers print shorter.
 */

interface Precision {
  /** Bits of the significand, with the hidden one. */
  readonly bits: number;
}

const DOUBLE_PRECISION: Precision = { bits: 53 };
const FLOAT_PRECISION: Precision = { bits: 24 };

export function doubleToString(value: number): string {
  return toText(value, DOUBLE_PRECISION);
}

/** The value is a float already (`Math.fround`). */
export function floatToString(value: number): string {
  return toText(value, FLOAT_PRECISION);
}

function toText(value: number, precision: Precision): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const magnitude = Math.abs(value);
  const sign = value < 0 ? "-" : "";
  if (magnitude < 1e7 && Number.isInteger(magnitude)) return `${sign}${magnitude}.0`;
  const { digits, exponent } = digitsOf(magnitude, precision);
  if (magnitude >= 1e-3 && magnitude < 1e7) {
    if (exponent <= 0) return `${sign}0.${"0".repeat(-exponent)}${digits}`;
    if (digits.length <= exponent) return `${sign}${digits.padEnd(exponent, "0")}.0`;
    return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
  }
  return `${sign}${digits[0]}.${digits.slice(1) || "0"}E${exponent - 1}`;
}

interface Digits {
  /** Without zeros at the end. */
  readonly digits: string;
  /** The value is 0.digits × 10^exponent. */
  readonly exponent: number;
}

const SCRATCH = new DataView(new ArrayBuffer(8));

/** Significand (a whole number of 53 bits, unless subnormal) and the exponent of its highest bit. */
function partsOf(value: number): { significand: bigint; binaryExponent: number; significantBits: number } {
  SCRATCH.setFloat64(0, value);
  const bits = SCRATCH.getBigUint64(0);
  const biased = Number(bits >> 52n);
  let significand = bits & ((1n << 52n) - 1n);
  if (biased > 0) return { significand: significand | (1n << 52n), binaryExponent: biased - 1023, significantBits: 53 };
  let shift = 0;
  while (significand >> 52n === 0n) {
    significand <<= 1n;
    shift++;
  }
  return { significand, binaryExponent: -1022 - shift, significantBits: 53 - shift };
}

function trailingZeros(value: bigint): number {
  let count = 0;
  for (let rest = value; (rest & 1n) === 0n; rest >>= 1n) count++;
  return count;
}

function digitsOf(value: number, precision: Precision): Digits {
  const parts = partsOf(value);
  // A subnormal float is a normal double, but has fewer bits to tell apart.
  const significantBits = precision.bits === 24 ? Math.min(24, 24 + parts.binaryExponent + 126) : parts.significantBits;
  const { binaryExponent } = parts;
  const zeros = trailingZeros(parts.significand);
  const fractionBits = 53 - zeros;
  const tinyBits = Math.max(0, fractionBits - binaryExponent - 1);
  if (tinyBits === 0 && binaryExponent <= 62) return wholeDigits(BigInt(value), binaryExponent, significantBits);
  return generate(parts.significand >> BigInt(zeros), { binaryExponent, fractionBits, tinyBits, significantBits }, value);
}

/** Digits of a whole number, less those that the precision cannot tell apart. */
function wholeDigits(value: bigint, binaryExponent: number, significantBits: number): Digits {
  let rest = value;
  let dropped = 0;
  if (binaryExponent > significantBits) {
    const bits = binaryExponent - significantBits - 1;
    const insignificant = bits > 1 ? Math.floor(bits * Math.LOG10E * Math.LN2) : 0;
    if (insignificant > 0) {
      const unit = 10n ** BigInt(insignificant);
      const residue = rest % unit;
      rest /= unit;
      dropped = insignificant;
      if (residue >= unit / 2n) rest++;
    }
  }
  const text = rest.toString();
  return { digits: text.replace(/0+$/, ""), exponent: text.length + dropped };
}

interface Shape {
  readonly binaryExponent: number;
  readonly fractionBits: number;
  readonly tinyBits: number;
  readonly significantBits: number;
}

/** Bits of 5^n. */
function fiveBits(n: number): number {
  return n < 27 ? (5n ** BigInt(n)).toString(2).length : n * 3;
}

function generate(odd: bigint, { binaryExponent, fractionBits, tinyBits, significantBits }: Shape, value: number): Digits {
  const one = value / 2 ** Math.max(-1074, binaryExponent);
  const estimate = (one - 1.5) * 0.289529654 + 0.176091259 + binaryExponent * 0.301029995663981;
  let exponent = Math.floor(estimate);
  const five = Math.max(0, -exponent);
  const tens = Math.max(0, exponent);
  let b2 = five + tinyBits + binaryExponent;
  let s2 = tens + tinyBits;
  let m2 = b2 - significantBits;
  b2 -= fractionBits - 1;
  const common = Math.min(b2, s2);
  b2 -= common;
  s2 -= common;
  m2 -= common;
  if (fractionBits === 1) m2 -= 1;
  if (m2 < 0) {
    b2 -= m2;
    s2 -= m2;
    m2 = 0;
  }
  // Java compares strictly while everything fits 64 bits, and not so strictly with its big numbers.
  const small = fractionBits + b2 + fiveBits(five) < 64 && s2 + 1 + fiveBits(tens + 1) < 64;
  const scale = (5n ** BigInt(tens)) << BigInt(s2);
  const limit = scale * 10n;
  let rest = (odd * 5n ** BigInt(five)) << BigInt(b2);
  let margin = (5n ** BigInt(five)) << BigInt(m2);
  let digits = "";
  let low: boolean;
  let high: boolean;
  const step = (): bigint => {
    const digit = rest / scale;
    rest = (rest % scale) * 10n;
    margin *= 10n;
    low = rest < margin;
    high = small ? rest + margin > limit : rest + margin >= limit;
    return digit;
  };
  const first = step();
  if (first === 0n && !high!) exponent--;
  else digits += first;
  if (exponent < -3 || exponent >= 8) {
    low = false;
    high = false;
  }
  while (!low! && !high!) digits += step();
  const difference = rest * 2n - limit;
  const up = high! && (!low! || difference > 0n || (difference === 0n && Number(digits[digits.length - 1]) % 2 === 1));
  if (up) {
    const raised = (BigInt(digits) + 1n).toString();
    if (raised.length > digits.length) exponent++;
    digits = raised.slice(0, Math.max(digits.length, 1));
  }
  return { digits: digits.replace(/0+$/, "") || "0", exponent: exponent + 1 };
}
