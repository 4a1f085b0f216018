import { describe, expect, it } from "vitest";
import {
  compareTimestamps,
  cutToPrecision,
  isNanoTimestamp,
  msOf,
  nanosOfMs,
  shiftedBy,
  timestampFromMs,
  timestampFromNanos,
} from "../../src/types/timestamp.ts";
import { compareValues, equalValues } from "../../src/sql/functions/compare.ts";
import { formatTimestamp, parseSqlTimestamp } from "../../src/sql/functions/temporal-text.ts";
import { valueDigest } from "../../src/types/row.ts";

/** In ascending order. */
const TEXTS = [
  "0001-01-01 00:00:00.000000001",
  "1969-12-31 23:59:59.999999998",
  "1969-12-31 23:59:59.999999999",
  "1970-01-01 00:00:00.000000000",
  "1970-01-01 00:00:00.000000001",
  "1970-01-01 00:00:00.000001000",
  "2026-04-07 09:08:07.123000000",
  "2026-04-07 09:08:07.123000001",
  "2026-04-07 09:08:07.123456000",
  "2026-04-07 09:08:07.123456001",
  "2248-01-01 00:00:00.123456000",
  "9999-12-31 23:59:59.999999000",
  "9999-12-31 23:59:59.999999999",
];
const TIMES = TEXTS.map((text) => parseSqlTimestamp(text)!);

describe("TY-4 points in time", () => {
  it("keep nine digits from text to text", () => {
    expect(TIMES.map((time) => formatTimestamp(time, 9))).toEqual(TEXTS);
  });

  it("are numbers as long as these hold them, and else are bigints that no BIGINT is", () => {
    expect(parseSqlTimestamp("2026-04-07 09:08:07.123456000")).toBe(1775552887123.456);
    expect(parseSqlTimestamp("2026-04-07 09:08:07.123456001")).toBeTypeOf("bigint");
    expect(TIMES.filter((time) => typeof time === "bigint").every(isNanoTimestamp)).toBe(true);
    for (const value of [2n ** 63n - 1n, -(2n ** 63n), 0n, 1, "1", null]) expect(isNanoTimestamp(value)).toBe(false);
  });

  it("have one form each: the same by milliseconds, by nanoseconds, and after a way there and back", () => {
    for (const time of TIMES) {
      const [ms, nanos] = [msOf(time), nanosOfMs(time)];
      expect(timestampFromMs(ms, nanos)).toBe(time);
      expect(timestampFromNanos(BigInt(ms) * 1_000_000n + BigInt(nanos))).toBe(time);
      for (const by of [1, 3_600_000, -3_600_000, 86_400_000_000]) expect(shiftedBy(shiftedBy(time, by), -by)).toBe(time);
    }
  });

  it("are ordered across both forms, and apart from each other as keys", () => {
    for (let i = 0; i < TIMES.length; i++) {
      for (let j = 0; j < TIMES.length; j++) {
        expect(compareTimestamps(TIMES[i], TIMES[j])).toBe(Math.sign(i - j));
        expect(compareValues([TIMES[i]], [TIMES[j]])).toBe(Math.sign(i - j));
        expect(equalValues(TIMES[i], TIMES[j])).toBe(i === j);
      }
    }
    expect(new Set(TIMES.map(valueDigest)).size).toBe(TIMES.length);
  });

  it("lose the digits behind a precision, downwards", () => {
    const cut = (text: string, precision: number): string => formatTimestamp(cutToPrecision(parseSqlTimestamp(text)!, precision), 9);
    expect([0, 1, 3, 4, 6, 7, 8, 9].map((precision) => cut("1969-12-31 23:59:59.987654321", precision).slice(20))).toEqual([
      "000000000",
      "900000000",
      "987000000",
      "987600000",
      "987654000",
      "987654300",
      "987654320",
      "987654321",
    ]);
  });

  it("round trip for any nanosecond of a thousand years around 1970", () => {
    let state = 1n;
    for (let i = 0; i < 2000; i++) {
      state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
      const nanos = (state % 2n ** 54n) * 1000n + (i % 3 === 0 ? 0n : state % 1000n) - 2n ** 63n / 2n;
      const time = timestampFromNanos(nanos);
      expect(BigInt(msOf(time)) * 1_000_000n + BigInt(nanosOfMs(time))).toBe(nanos);
      expect(parseSqlTimestamp(formatTimestamp(time, 9))).toBe(time);
    }
  });
});
