/** Dates, times and timestamps as text and back, by Flink's rules. Patterns have temporal-patterns.ts. */
import { civilDate, DAY_MS, dayNumber, daysInMonth } from "./calendar.ts";

function pad(value: number, width: number): string {
  return value < 0 ? `-${String(-value).padStart(width, "0")}` : String(value).padStart(width, "0");
}

export function formatDate(days: number): string {
  const { year, month, day } = civilDate(days);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** `HH:mm:ss`, with as many fraction digits as the precision has. */
export function formatTime(msOfDay: number, precision = 0): string {
  const ms = Math.floor(msOfDay);
  const base = `${pad(Math.floor(ms / 3_600_000), 2)}:${pad(Math.floor(ms / 60_000) % 60, 2)}:${pad(Math.floor(ms / 1000) % 60, 2)}`;
  return precision === 0 ? base : `${base}.${fraction(msOfDay).slice(0, precision)}`;
}

/** Nine digits of the second's fraction; microseconds survive in the fraction of the millisecond. */
export function fraction(ms: number): string {
  const whole = Math.floor(ms);
  const micros = Math.round((ms - whole) * 1000);
  return `${pad(((whole % 1000) + 1000) % 1000, 3)}${pad(micros, 3)}000`;
}

/** `yyyy-MM-dd HH:mm:ss` and `.fraction` with `precision` digits. */
export function formatTimestamp(epochMs: number, precision = 3): string {
  const days = Math.floor(epochMs / DAY_MS);
  return `${formatDate(days)} ${formatTime(epochMs - days * DAY_MS, precision)}`;
}

/** How results are compared: milliseconds always, microseconds only when there are some. */
export function formatTimestampForOutput(epochMs: number): string {
  return formatTimestamp(epochMs, Number.isInteger(epochMs) ? 3 : 6);
}

/** `yyyy-M-d`, or only `yyyy-M` or `yyyy`; null when malformed or impossible. */
export function parseDate(text: string): number | null {
  const match = /^\s*([+-]?\d{1,5})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\s*$/.exec(text);
  if (match === null) return null;
  return validDate(Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1));
}

function validDate(year: number, month: number, day: number): number | null {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month) || year < 0 || year > 9999) return null;
  return dayNumber(year, month, day);
}

/** `H[:m[:s[.f]]]`; null when malformed. */
export function parseTime(text: string): number | null {
  const match = /^\s*(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{0,9}))?)?)?\s*$/.exec(text);
  if (match === null) return null;
  const [hour, minute, second] = [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const micros = Math.floor(Number((match[4] ?? "").padEnd(9, "0")) / 1000);
  return hour * 3_600_000 + minute * 60_000 + second * 1000 + micros / 1000;
}

/** `yyyy-MM-dd[ HH:mm[:ss[.f]]]`, also with `T` and a closing `Z`, as formats write it; null when malformed. */
export function parseTimestamp(text: string): number | null {
  const match = /^\s*([+-]?\d{1,5}-\d{1,2}-\d{1,2})(?:[ T](.+?))?(Z|[+-]\d{2}:?\d{2})?\s*$/.exec(text);
  if (match === null) return null;
  const days = parseDate(match[1]);
  const time = match[2] === undefined ? 0 : parseTime(match[2]);
  if (days === null || time === null) return null;
  const zone = match[3];
  const offset =
    zone === undefined || zone === "Z" ? 0 : (zone[0] === "-" ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
  return days * DAY_MS + time - offset * 60_000;
}

/**
 * `yyyy-MM-dd[ HH:mm:ss[.f]]` and nothing else: what CAST, TO_TIMESTAMP and text in comparisons read. A day beyond the month's end is cut
 * to it (30 February is the 28th or 29th); fractions of a microsecond are cut.
 */
export function parseSqlTimestamp(text: string): number | null {
  const match = /^(\d{4,5})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?)?$/.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > 31 || minute > 59 || second > 59) return null;
  // Midnight may be written as the end of the day before.
  if (hour > 23 && !(hour === 24 && minute === 0 && second === 0)) return null;
  const days = dayNumber(year, month, Math.min(day, daysInMonth(year, month)));
  const micros = Math.floor(Number((match[7] ?? "0").padEnd(9, "0")) / 1000);
  return days * DAY_MS + hour * 3_600_000 + minute * 60_000 + second * 1000 + micros / 1000;
}

/** `yyyy-M-d[ …]`: a date, whatever stands behind a blank. */
export function parseSqlDate(text: string): number | null {
  const blank = text.trim().indexOf(" ");
  return parseDate(blank < 0 ? text : text.trim().slice(0, blank));
}

/** ISO 8601 with `T`, seconds always, and only as much fraction as there is. */
export function formatIsoTimestamp(epochMs: number): string {
  const days = Math.floor(epochMs / DAY_MS);
  const digits = fraction(epochMs).replace(/0+$/, "");
  return `${formatDate(days)}T${formatTime(epochMs - days * DAY_MS)}${digits === "" ? "" : `.${digits}`}`;
}

/** Java's `LocalDateTime.toString`: no seconds when there are none, the fraction in groups of three digits. */
export function localDateTimeText(epochMs: number): string {
  const days = Math.floor(epochMs / DAY_MS);
  const time = formatTime(epochMs - days * DAY_MS);
  const digits = fraction(epochMs).replace(/(?:000){1,3}$/, "");
  const short = time.endsWith(":00") && digits === "" ? time.slice(0, -3) : time;
  return `${formatDate(days)}T${short}${digits === "" ? "" : `.${digits}`}`;
}
