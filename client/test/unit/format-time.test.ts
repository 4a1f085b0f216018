import { expect, it } from "vitest";
import { formatDuration, formatTime, timeFormatterFor } from "../../src/visuals/format-time.ts";

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

it("writes durations in their two largest units", () => {
  expect([31, 1_400, 1_955_000, 183_600_000].map(formatDuration)).toEqual(["31 ms", "1.4 s", "32 min 35 s", "2 d 3 h"]);
});
