/** Times and durations as written in scenario files. */

const DAY_MS = 86_400_000;
const UNIT_US: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1000,
  s: 1_000_000,
  m: 60_000_000,
  min: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
};

/** "40ms", "10us", "1h30m" in microseconds; null when it is none. */
export function parseDurationUs(text: string): number | null {
  const part = /(\d+(?:\.\d+)?)\s*(us|ms|min|s|m|h|d)\s*/y;
  let total = 0;
  const trimmed = text.trim();
  if (trimmed === "") return null;
  while (part.lastIndex < trimmed.length) {
    const match = part.exec(trimmed);
    if (match === null) return null;
    total += Number(match[1]) * UNIT_US[match[2]!]!;
  }
  return Math.round(total);
}

/**
 * A scenario's time in epoch ms: number, ISO instant (UTC when it names no zone), time of day on the day of `startMs`, or "+offset"
 * from it. null when it is none of these, or relative without a `startMs`.
 */
export function resolveTime(time: string | number, startMs: number | null): number | null {
  if (typeof time === "number") return time;
  const text = time.trim();
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/.exec(text);
  if (clock !== null) {
    if (startMs === null) return null;
    const [hours, minutes, seconds] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)];
    if (hours > 23 || minutes > 59 || seconds > 59) return null;
    const millis = Number((clock[4] ?? "").padEnd(3, "0"));
    return Math.floor(startMs / DAY_MS) * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis;
  }
  if (text.startsWith("+")) {
    const offsetUs = parseDurationUs(text.slice(1));
    return offsetUs === null || startMs === null ? null : startMs + Math.round(offsetUs / 1000);
  }
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  if (iso === null) return null;
  const millis = Date.parse(`${iso[1]}T${iso[2] ?? "00:00"}${iso[3] ?? "Z"}`);
  return Number.isNaN(millis) ? null : millis;
}
