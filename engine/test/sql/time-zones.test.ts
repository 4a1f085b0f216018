/** Offsets as Java 17 has them; all 30,226 changes of 590 zones were compared when zone-history.ts was written. */
import { describe, expect, it } from "vitest";
import { instantOf, isKnownZone, zoneOffset } from "../../src/sql/functions/time-zones.ts";

const hours = (zone: string, instant: string): number => zoneOffset(zone, Date.parse(instant)) / 3_600_000;

describe("time zones", () => {
  it.each([
    ["America/New_York", "1974-01-06T07:00:00Z", -5, -4],
    ["America/New_York", "2026-03-08T07:00:00Z", -5, -4],
    ["America/New_York", "2090-03-12T07:00:00Z", -5, -4],
    ["Europe/Berlin", "2026-10-25T01:00:00Z", 2, 1],
    ["Europe/Moscow", "2014-10-25T22:00:00Z", 4, 3],
    ["America/Sao_Paulo", "2018-11-04T03:00:00Z", -3, -2],
    ["America/Santiago", "2026-04-05T03:00:00Z", -3, -4],
    ["Africa/Cairo", "2014-05-15T22:00:00Z", 2, 3],
    ["Asia/Jerusalem", "2026-03-27T00:00:00Z", 2, 3],
    ["Australia/Lord_Howe", "2026-04-04T15:00:00Z", 11, 10.5],
    ["Asia/Pyongyang", "2018-05-04T15:00:00Z", 8.5, 9],
    ["Africa/Monrovia", "1972-01-07T00:44:30Z", -2670 / 3600, 0],
  ] as const)("%s at %s", (zone, instant, before, after) => {
    expect([hours(zone, new Date(Date.parse(instant) - 1).toISOString()), hours(zone, instant)]).toEqual([before, after]);
  });

  it("know older names, fixed offsets, and nothing else", () => {
    expect(["Asia/Calcutta", "US/Pacific", "EST5EDT", "Z", "UTC", "GMT+02:00", "+5:30", "Etc/GMT-14"].every(isKnownZone)).toBe(true);
    expect(["Mars/Olympus", "utc+", ""].some(isKnownZone)).toBe(false);
    expect(hours("GMT-03:30", "2026-01-01T00:00:00Z")).toBe(-3.5);
  });

  it("read a local time that comes twice as the first, and one that is skipped as if it were not", () => {
    const at = (ms: number) => zoneOffset("Europe/Berlin", ms);
    expect(new Date(instantOf(Date.parse("2026-10-25T02:30:00Z"), at)).toISOString()).toBe("2026-10-25T00:30:00.000Z");
    expect(new Date(instantOf(Date.parse("2026-03-29T02:30:00Z"), at)).toISOString()).toBe("2026-03-29T01:30:00.000Z");
  });
});
