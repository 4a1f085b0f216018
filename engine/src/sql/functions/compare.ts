/** Order of values of one SQL type: -1, 0 or 1. NULL is left to the caller. */
import { compareTimestamps, isNanoTimestamp, type Timestamp } from "../../types/timestamp.ts";

/** For numbers, strings, booleans, bigints, points in time of both forms, bytes and arrays of them. Strings compare by code unit; NaN equals itself and is largest. */
export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") {
    if (a < b) return -1;
    if (a > b) return 1;
    if (a === b) return 0;
    return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : -1;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      if (a[i] === null || b[i] === null) {
        if (a[i] === b[i]) continue;
        return a[i] === null ? -1 : 1;
      }
      const order = compareValues(a[i], b[i]);
      if (order !== 0) return order;
    }
    return Math.sign(a.length - b.length);
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareValues(Array.from(a), Array.from(b));
  if (typeof a !== typeof b && (typeof a === "string" || typeof b === "string")) return typeof a < typeof b ? -1 : 1;
  if (typeof a !== typeof b && (isNanoTimestamp(a) || isNanoTimestamp(b))) return compareTimestamps(a as Timestamp, b as Timestamp);
  const x = a as string | number | bigint | boolean;
  const y = b as string | number | bigint | boolean;
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Equality as SQL's `=` on two values that are not NULL. */
export function equalValues(a: unknown, b: unknown): boolean {
  return a === b || compareValues(a, b) === 0;
}
