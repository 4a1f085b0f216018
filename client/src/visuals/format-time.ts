/** Times as the whole client writes them: hh:mm:ss(.mmm) in UTC, never the reader's zone or locale. */

const DAY_MS = 86_400_000;

/** Flink's Long extremes stand for "no watermark yet" and "end of input"; everything beyond these is one of them. */
const EXTREME_MS = 2 ** 62;

export function isMaxTime(ms: number): boolean {
  return ms >= EXTREME_MS;
}

export function isMinTime(ms: number): boolean {
  return ms <= -EXTREME_MS;
}

/** True for a number that a Date can hold. */
export function isPlainTime(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= 8.64e15;
}

const SQL_TIMESTAMP = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,9})?Z?$/;

/** Epoch ms of a time however a row spells it: a number, or SQL's `2026-01-05 10:00:00.000` (UTC). Null = no time. */
export function timeOf(value: unknown): number | null {
  if (isPlainTime(value)) return value;
  if (typeof value !== "string" || !SQL_TIMESTAMP.test(value)) return null;
  const ms = Date.parse(`${value.replace(" ", "T").replace("Z", "")}Z`);
  return Number.isNaN(ms) ? null : ms;
}

/** "10:00:05", with milliseconds only where there are any: "10:00:04.999". */
export function formatTime(ms: number): string {
  if (isMaxTime(ms)) return "end of input";
  if (isMinTime(ms)) return "none yet";
  if (!isPlainTime(Math.trunc(ms))) return String(ms);
  const iso = new Date(Math.trunc(ms)).toISOString();
  const time = iso.slice(iso.indexOf("T") + 1, -1);
  return time.endsWith(".000") ? time.slice(0, -4) : time;
}

/** "2026-10-02". */
export function formatDate(ms: number): string {
  const iso = new Date(Math.trunc(ms)).toISOString();
  return iso.slice(0, iso.indexOf("T"));
}

/** "2026-10-02 10:00:05". */
export function formatDateTime(ms: number): string {
  return isPlainTime(Math.trunc(ms)) ? `${formatDate(ms)} ${formatTime(ms)}` : formatTime(ms);
}

/** One formatter for a column: without dates as long as all its times lie in the same day. */
export function timeFormatterFor(values: readonly unknown[]): (ms: number) => string {
  let day: number | null = null;
  for (const value of values) {
    const ms = timeOf(value);
    if (ms === null) continue;
    const valueDay = Math.floor(ms / DAY_MS);
    if (day !== null && day !== valueDay) return formatDateTime;
    day = valueDay;
  }
  return formatTime;
}

/** A tick: the date joins in when the axis spans days; on an axis of half a day and more midnight is written as the day that begins. */
export function tickFormatter(spanMs: number): (ms: number) => string {
  if (spanMs > 2 * DAY_MS) return (ms) => `${formatDate(ms).slice(5)} ${formatTime(ms).slice(0, 5)}`;
  if (spanMs >= DAY_MS / 2) return (ms) => (ms % DAY_MS === 0 ? formatDate(ms).slice(5) : formatTime(ms));
  return formatTime;
}

/** "32 min 35 s", "1.4 s", "31 ms", "2 d 3 h": the two largest units. */
export function formatDuration(ms: number): string {
  const abs = Math.abs(ms);
  if (abs < 1_000) return `${Math.round(abs)} ms`;
  if (abs < 60_000) return `${Number((abs / 1_000).toFixed(1))} s`;
  const units: [string, number][] = [
    ["d", DAY_MS],
    ["h", 3_600_000],
    ["min", 60_000],
    ["s", 1_000],
  ];
  const first = units.findIndex(([, size]) => abs >= size);
  return units
    .slice(first, first + 2)
    .map(([name, size], i) => {
      const rest = i === 0 ? abs : abs % units[first][1];
      return [Math.floor(rest / size), name] as const;
    })
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} ${name}`)
    .join(" ");
}
