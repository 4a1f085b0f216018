import { Diagnostic } from "./diagnostic.ts";

/** A value that brings its own Java hash code (rows, decimals). */
export interface JavaHashable {
  hashCode(): number;
}

/**
 * The hash code that the Java counterpart of a value has; with it a learner's keys land in the key groups they have in Flink.
 *
 * | value | hashed as |
 * |---|---|
 * | string | `String` |
 * | integer number in the int range | `Integer` |
 * | integer number beyond it, bigint of 64 bits | `Long` |
 * | longer bigint | `BigInteger` |
 * | any other number | `Double` |
 * | boolean | `Boolean` |
 * | null, undefined | 0 |
 * | array | `Tuple` of its elements |
 * | Date | `java.util.Date` |
 * | Uint8Array | `Arrays.hashCode(byte[])` |
 * | object with a `hashCode()` method | that |
 * | any other object, Map | `java.util.Map` of its fields (order does not matter, undefined fields do not count) |
 * | Set | `java.util.Set` |
 *
 * @throws Diagnostic KEY_NOT_HASHABLE for functions, symbols.
 */
export function javaHashCode(value: unknown): number {
  switch (typeof value) {
    case "string":
      return stringHashCode(value);
    case "number":
      return numberHashCode(value);
    case "boolean":
      return value ? 1231 : 1237;
    case "bigint":
      return BigInt.asIntN(64, value) === value ? longHashCode(value) : bigIntegerHashCode(value);
    case "undefined":
      return 0;
    case "object":
      return value === null ? 0 : objectHashCode(value);
    default:
      throw new Diagnostic({
        code: "KEY_NOT_HASHABLE",
        message: `A ${typeof value} cannot be used as a key.`,
        phase: "runtime",
        found: typeof value,
        expected: "a string, number, boolean, tuple (array) or plain object",
        hint: "Return a value from the key selector that identifies the record, such as click.userId.",
      });
  }
}

/** `java.lang.String.hashCode`. */
export function stringHashCode(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash;
}

/** `java.lang.Long.hashCode`. */
export function longHashCode(value: bigint): number {
  const bits = BigInt.asUintN(64, value);
  return Number(BigInt.asIntN(32, bits ^ (bits >> 32n)));
}

/** `java.math.BigInteger.hashCode`: over the 32-bit digits of the magnitude, highest first. */
export function bigIntegerHashCode(value: bigint): number {
  let hash = 0;
  let scale = 1;
  for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 32n) {
    hash = (hash + Math.imul(scale, Number(rest & 0xffff_ffffn) | 0)) | 0;
    scale = Math.imul(scale, 31);
  }
  return value < 0n ? -hash | 0 : hash;
}

const doubleBits = new DataView(new ArrayBuffer(8));

/** `java.lang.Double.hashCode`. */
export function doubleHashCode(value: number): number {
  doubleBits.setFloat64(0, Number.isNaN(value) ? Number.NaN : value);
  return doubleBits.getInt32(0) ^ doubleBits.getInt32(4);
}

function numberHashCode(value: number): number {
  const int = value | 0;
  if (int === value) return int;
  return Number.isSafeInteger(value) ? safeLongHashCode(value) : doubleHashCode(value);
}

/** Long.hashCode of an integer that a JavaScript number holds exactly, without a detour over bigint. */
function safeLongHashCode(value: number): number {
  const high = Math.floor(value / 0x1_0000_0000);
  return ((value >>> 0) ^ high) | 0;
}

function objectHashCode(value: object): number {
  if (Array.isArray(value)) return tupleHashCode(value);
  if (typeof (value as Partial<JavaHashable>).hashCode === "function") return (value as JavaHashable).hashCode() | 0;
  if (value instanceof Date) return safeLongHashCode(value.getTime());
  if (value instanceof Uint8Array) return bytesHashCode(value);
  let hash = 0;
  if (value instanceof Map) {
    for (const [key, element] of value) hash = (hash + (javaHashCode(key) ^ javaHashCode(element))) | 0;
  } else if (value instanceof Set) {
    for (const element of value) hash = (hash + javaHashCode(element)) | 0;
  } else {
    for (const [field, element] of Object.entries(value)) {
      if (element !== undefined) hash = (hash + (stringHashCode(field) ^ javaHashCode(element))) | 0;
    }
  }
  return hash;
}

function tupleHashCode(fields: readonly unknown[]): number {
  let hash = 0;
  for (const field of fields) hash = (Math.imul(hash, 31) + javaHashCode(field)) | 0;
  return hash;
}

function bytesHashCode(bytes: Uint8Array): number {
  let hash = 1;
  for (const byte of bytes) hash = (Math.imul(hash, 31) + ((byte << 24) >> 24)) | 0;
  return hash;
}
