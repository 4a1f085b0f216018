/**
 * JSON values as the recorder of the cases (Jackson, in Java) turns them into numbers, truth and text. Longs beyond JavaScript's safe range stay
 * the text that the format has for them until something is computed with them.
 */
import { encodeLongs, type Json } from "./case-format.ts";

const LONG_BITS = 64;
const LONG_MAX = 2n ** 63n - 1n;
const LONG_MIN = -(2n ** 63n);

/** For `-`, `*`, timers and gaps: text is a long or an error, fractions are cut off, what is no number counts as 0. */
export function asLong(value: Json | undefined): bigint {
  if (value === "MAX") return LONG_MAX;
  if (value === "MIN") return LONG_MIN;
  if (typeof value === "string") {
    if (!/^[+-]?\d+$/.test(value)) throw new Error(`NumberFormatException: ${value}`);
    return BigInt(value);
  }
  if (typeof value === "number") return BigInt(Math.trunc(value));
  return value === true ? 1n : 0n;
}

/** A long as the format writes it. */
export function longValue(value: bigint): Json {
  const long = BigInt.asIntN(LONG_BITS, value);
  if (long === LONG_MAX) return "MAX";
  if (long === LONG_MIN) return "MIN";
  return Number.isSafeInteger(Number(long)) ? Number(long) : long.toString();
}

/** For `<`, `>`, averages, sums of fractions and distances: what is no number counts as 0. */
export function asDouble(value: Json | undefined): number {
  if (typeof value === "string") return Number(value) || 0;
  if (typeof value === "number") return value;
  return value === true ? 1 : 0;
}

/** For `if`, `not` and conditions. A fraction is false. */
export function asBoolean(value: Json | undefined): boolean {
  if (typeof value === "number") return Number.isInteger(value) && value !== 0;
  return value === true || value === "true";
}

export function sumOf(left: Json | undefined, right: Json | undefined): Json {
  if (Number.isInteger(left) && Number.isInteger(right)) return longValue(asLong(left) + asLong(right));
  return encodeLongs(asDouble(left) + asDouble(right));
}

/** Keys of map and broadcast state: a string as it is, anything else as JSON, and null as null. */
export function mapKeyOf(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The key of a record: the text of its field `key`. */
export function keyText(record: unknown): string {
  const key = (record as { readonly key?: Json }).key;
  if (key === undefined || (typeof key === "object" && key !== null)) return "";
  return String(key);
}
