import { expect, it } from "vitest";
import { formatDuration, formatTime, tickFormatter, timeFormatterFor, timeOf } from "../../src/visuals/format-time.ts";

it("writes times in UTC with milliseconds only where there are any", () => {
  expect(formatTime(Date.UTC(2026, 0, 1, 10, 0, 4, 999))).toBe("10:00:04.999");
  expect(formatTime(Date.UTC(2026, 0, 1, 10, 0, 5))).toBe("10:00:05");
  expect(formatTime(-1)).toBe("23:59:59.999");
  expect(formatTime(2 ** 63)).toBe("end of input");
  expect(formatTime(-(2 ** 63))).toBe("none yet");
});

it("adds dates to a whole column as soon as it spans days", () => {
  const day = Date.UTC(2026, 0, 1, 10);
  expect(timeFormatterFor([day, day + 1_000, null, "x"])(day)).toBe("10:00:00");
  expect(timeFormatterFor([day, day + 86_400_000])(day)).toBe("2026-01-01 10:00:00");
});

it("reads a time as a number and as SQL writes it, and nothing else", () => {
  const at = Date.UTC(2026, 0, 5, 10, 0, 0, 500);
  expect([at, "2026-01-05 10:00:00.500", "2026-01-05T10:00:00.5Z"].map(timeOf)).toEqual([at, at, at]);
  expect(["10:00", "2026-13-40 10:00:00", "u_42", null, 1.5].map(timeOf)).toEqual([null, null, null, null, null]);
});

it("writes midnight as a date on an axis of half a day and more", () => {
  const midnight = Date.UTC(2026, 0, 6);
  expect(tickFormatter(86_400_000)(midnight)).toBe("01-06");
  expect(tickFormatter(86_400_000)(midnight + 3_600_000)).toBe("01:00:00");
  expect(tickFormatter(10_000)(midnight)).toBe("00:00:00");
  expect(tickFormatter(5 * 86_400_000)(midnight)).toBe("01-06 00:00");
});

it("writes durations in their two largest units", () => {
  expect([31, 1_400, 1_955_000, 183_600_000].map(formatDuration)).toEqual(["31 ms", "1.4 s", "32 min 35 s", "2 d 3 h"]);
});
