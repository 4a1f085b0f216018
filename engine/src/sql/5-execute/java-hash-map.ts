/**
 * In which order a `java.util.HashMap` gives its entries. Maps that sources bring in, and what DISTINCT aggregates have seen, are such maps in Flink; functions like
 * MAP_KEYS, and ARRAY_AGG(DISTINCT …) where parts are put together, show their order. An entry's bucket is `(h ^ h >>> 16) & (size - 1)`, h its key's
 * `hashCode()`; entries of one bucket stay as they came.
 */
import type { LogicalType } from "../../types/logical-type.ts";
import { msOf, nanosOfMs, type Timestamp } from "../../types/timestamp.ts";
import { utf8Encode } from "../functions/utf8.ts";
import { binaryRowHash } from "./java-map-order.ts";

export type KeyHash = (key: never) => number;

const LEAST_BUCKETS = 16;

/** Entries in the order of a map to which they have been added one by one; as they are when nobody knows the hash of their keys. */
export function inHashMapOrder<T>(entries: readonly T[], keyOf: (entry: T) => unknown, type: LogicalType): readonly T[] {
  const hash = hashOfKeys(type);
  return hash === null ? entries : inOrderOfHashes(entries, keyOf, hash);
}

/** The same by a known hash; a key that is null has the hash 0. */
export function inOrderOfHashes<T>(entries: readonly T[], keyOf: (entry: T) => unknown, hash: KeyHash): readonly T[] {
  if (entries.length < 2) return entries;
  let size = LEAST_BUCKETS;
  while (entries.length > size * 0.75) size *= 2;
  const placed = entries.map((entry, at) => {
    const key = keyOf(entry);
    const code = key === null ? 0 : hash(key as never);
    return { entry, at, bucket: (code ^ (code >>> 16)) & (size - 1) };
  });
  return placed.sort((a, b) => a.bucket - b.bucket || a.at - b.at).map(({ entry }) => entry);
}

/** Of what a DISTINCT call tells apart: its argument, or all of them as a row when there are several; null = not known here. */
export function hashOfArguments(types: readonly LogicalType[]): KeyHash | null {
  if (types.length === 1) return hashOfKeys(types[0]);
  const hash = binaryRowHash(
    types,
    types.map((_, i) => i),
  );
  return hash === null ? null : (key: readonly unknown[]) => hash([0, ...key]);
}

/** `hashCode()` of Flink's internal value; null = not known here. */
function hashOfKeys(type: LogicalType): KeyHash | null {
  switch (type.root) {
    case "CHAR":
    case "VARCHAR":
      return (text: string) => hashOfText(text);
    case "TINYINT":
    case "SMALLINT":
    case "INT":
    case "DATE":
    case "TIME":
    case "INTERVAL_YEAR_MONTH":
      return (value: number) => value | 0;
    case "BIGINT":
    case "INTERVAL_DAY_TIME":
      return (value: number | bigint) => hashOfLong(BigInt(value));
    case "BOOLEAN":
      return (value: boolean) => (value ? 1231 : 1237);
    case "DOUBLE":
      return hashOfDouble;
    case "FLOAT":
      return hashOfFloat;
    case "DECIMAL":
      return (unscaled: bigint) => hashOfDecimal(unscaled, type.scale!);
    case "TIMESTAMP":
    case "TIMESTAMP_LTZ":
      return (value: Timestamp) => (Math.imul(31, hashOfLong(BigInt(msOf(value)))) + nanosOfMs(value)) | 0;
    default:
      return null;
  }
}

function hashOfLong(value: bigint): number {
  return Number(BigInt.asIntN(32, value ^ (BigInt.asUintN(64, value) >> 32n)));
}

const DOUBLE_BYTES = new DataView(new ArrayBuffer(8));

function hashOfDouble(value: number): number {
  DOUBLE_BYTES.setFloat64(0, value);
  return DOUBLE_BYTES.getInt32(0) ^ DOUBLE_BYTES.getInt32(4);
}

function hashOfFloat(value: number): number {
  DOUBLE_BYTES.setFloat32(0, value);
  return DOUBLE_BYTES.getInt32(0);
}

/** `BigDecimal.hashCode()`: of the digits in words of four bytes, highest first, and the scale. */
function hashOfDecimal(unscaled: bigint, scale: number): number {
  const negative = unscaled < 0n;
  const words: number[] = [];
  for (let rest = negative ? -unscaled : unscaled; rest > 0n; rest >>= 32n) words.unshift(Number(rest & 0xffff_ffffn));
  let hash = 0;
  for (const word of words) hash = (Math.imul(31, hash) + word) | 0;
  return (Math.imul(31, negative ? -hash : hash) + scale) | 0;
}

/** `BinaryStringData.hashCode()`: murmur over words of four bytes, what is left byte by byte. */
function hashOfText(text: string): number {
  const bytes = utf8Encode(text);
  const { length } = bytes;
  const whole = length - (length % 4);
  let hash = 42;
  for (let at = 0; at < whole; at += 4)
    hash = mixed(hash, bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
  for (let at = whole; at < length; at++) hash = mixed(hash, (bytes[at] << 24) >> 24);
  hash ^= length;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85eb_ca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}

function mixed(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e_2d51);
  k = (k << 15) | (k >>> 17);
  let h = hash ^ Math.imul(k, 0x1b87_3593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe654_6b64) | 0;
}
