/** Rules of summer time that several zones follow today. Histories (zone-history.ts) end in one of them. */
import { civilDate, DAY_MS, dayNumber, dayOfWeek } from "./calendar.ts";

export type TailRule = "us" | "eu" | "au" | "nz";

export const TAIL_RULES: readonly TailRule[] = ["us", "eu", "au", "nz"];

const HOUR_MS = 3_600_000;

/** The offset, summer time included, of a zone that follows the rule. */
export function summerOffset(rule: TailRule, standardMs: number, epochMs: number): number {
  return isSummer(rule, standardMs, epochMs) ? standardMs + HOUR_MS : standardMs;
}

/** Day number of the n-th Sunday of a month, or of its last one (-1). */
function sunday(year: number, month: number, nth: number): number {
  const first = nth > 0 ? dayNumber(year, month, 1) : dayNumber(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - 7;
  return first + ((8 - dayOfWeek(first)) % 7) + (nth > 0 ? (nth - 1) * 7 : 0);
}

function isSummer(rule: TailRule, standardMs: number, epochMs: number): boolean {
  const { year } = civilDate(Math.floor((epochMs + standardMs) / DAY_MS));
  const local = (day: number, hour: number): number => day * DAY_MS + hour * HOUR_MS - standardMs;
  switch (rule) {
    case "eu":
      return epochMs >= sunday(year, 3, -1) * DAY_MS + HOUR_MS && epochMs < sunday(year, 10, -1) * DAY_MS + HOUR_MS;
    case "us":
      return epochMs >= local(sunday(year, 3, 2), 2) && epochMs < local(sunday(year, 11, 1), 1);
    case "au":
      return epochMs < local(sunday(year, 4, 1), 2) || epochMs >= local(sunday(year, 10, 1), 2);
    case "nz":
      return epochMs < local(sunday(year, 4, 1), 2) || epochMs >= local(sunday(year, 9, -1), 2);
  }
}
