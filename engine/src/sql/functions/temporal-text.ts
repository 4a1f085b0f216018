/** Dates, times and timestamps as text and back, by Flink's rules. Patterns have temporal-patterns.ts. */
import { cutToPrecision, msOf, nanosOfMs, shiftedBy, type Timestamp, timestampFromMs } from "../../types/timestamp.ts";
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
  const base = secondOfDayText(Math.floor(msOfDay));
  return precision === 0 ? base : `${base}.${fraction(msOfDay).slice(0, precision)}`;
}

function secondOfDayText(ms: number): string {
  return `${pad(Math.floor(ms / 3_600_000), 2)}:${pad(Math.floor(ms / 60_000) % 60, 2)}:${pad(Math.floor(ms / 1000) % 60, 2)}`;
}

/** Nine digits of the second's fraction. */
export function fraction(time: Timestamp): string {
  const ms = msOf(time);
  return `${pad(((ms % 1000) + 1000) % 1000, 3)}${pad(nanosOfMs(time), 6)}`;
}

/** `yyyy-MM-dd` and `HH:mm:ss`. */
function dateAndTime(time: Timestamp): [date: string, time: string] {
  const ms = msOf(time);
  const days = Math.floor(ms / DAY_MS);
  return [formatDate(days), secondOfDayText(ms - days * DAY_MS)];
}

/** `yyyy-MM-dd HH:mm:ss` and `.fraction` with `precision` digits. */
export function formatTimestamp(time: Timestamp, precision = 3): string {
  const text = dateAndTime(time).join(" ");
  return precision === 0 ? text : `${text}.${fraction(time).slice(0, precision)}`;
}

/** How results are compared: milliseconds always, microseconds and nanoseconds only when there are some. */
export function formatTimestampForOutput(time: Timestamp): string {
  const nanos = nanosOfMs(time);
  return formatTimestamp(time, nanos === 0 ? 3 : nanos % 1000 === 0 ? 6 : 9);
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

/** `H[:m[:s[.f]]]`, to the millisecond, as a TIME is kept; null when malformed. */
export function parseTime(text: string): number | null {
  const time = parseTimeOfDay(text);
  return time === null ? null : msOf(time);
}

function parseTimeOfDay(text: string): Timestamp | null {
  const match = /^\s*(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{0,9}))?)?)?\s*$/.exec(text);
  if (match === null) return null;
  const [hour, minute, second] = [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  return withFraction(hour * 3_600_000 + minute * 60_000 + second * 1000, match[4]);
}

/** A whole second and the digits behind its point. */
function withFraction(ms: number, digits = ""): Timestamp {
  const nanos = Number(digits.padEnd(9, "0").slice(0, 9));
  return timestampFromMs(ms + Math.floor(nanos / 1_000_000), nanos % 1_000_000);
}

/** `yyyy-MM-dd[ HH:mm[:ss[.f]]]`, also with `T` and a closing `Z`, as formats write it; null when malformed. */
export function parseTimestamp(text: string): Timestamp | null {
  const match = /^\s*([+-]?\d{1,5}-\d{1,2}-\d{1,2})(?:[ T](.+?))?(Z|[+-]\d{2}:?\d{2})?\s*$/.exec(text);
  if (match === null) return null;
  const days = parseDate(match[1]);
  const time = match[2] === undefined ? 0 : parseTimeOfDay(match[2]);
  if (days === null || time === null) return null;
  const zone = match[3];
  const offset =
    zone === undefined || zone === "Z" ? 0 : (zone[0] === "-" ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
  return shiftedBy(time, days * DAY_MS - offset * 60_000);
}

/**
 * The same for a column: it gets all digits that are there, as from Flink's formats, whatever its precision. Up to TIMESTAMP(3) a column has no form
 * for nanoseconds (types/timestamp.ts); there they are cut.
 */
export function parseTimestampFor(precision: number, text: string): Timestamp | null {
  const time = parseTimestamp(text);
  if (time === null || precision > 3) return time;
  const cut = cutToPrecision(time, 6);
  return typeof cut === "bigint" ? msOf(cut) : cut;
}

/**
 * `yyyy-MM-dd[ HH:mm:ss[.f]]` and nothing else: what CAST, TO_TIMESTAMP and text in comparisons read. A day beyond the month's end is cut
 * to it (30 February is the 28th or 29th).
 */
export function parseSqlTimestamp(text: string): Timestamp | null {
  const match = /^(\d{4,5})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?)?$/.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > 31 || minute > 59 || second > 59) return null;
  // Midnight may be written as the end of the day before.
  if (hour > 23 && !(hour === 24 && minute === 0 && second === 0)) return null;
  const days = dayNumber(year, month, Math.min(day, daysInMonth(year, month)));
  return withFraction(days * DAY_MS + hour * 3_600_000 + minute * 60_000 + second * 1000, match[7]);
}

/** `yyyy-M-d[ …]`: a date, whatever stands behind a blank. */
export function parseSqlDate(text: string): number | null {
  const blank = text.trim().indexOf(" ");
  return parseDate(blank < 0 ? text : text.trim().slice(0, blank));
}

/** ISO 8601 with `T`, seconds always, and only as much fraction as there is. */
export function formatIsoTimestamp(time: Timestamp): string {
  const digits = fraction(time).replace(/0+$/, "");
  return `${dateAndTime(time).join("T")}${digits === "" ? "" : `.${digits}`}`;
}

/** Java's `LocalDateTime.toString`: no seconds when there are none, the fraction in groups of three digits. */
export function localDateTimeText(time: Timestamp): string {
  const [date, timeOfDay] = dateAndTime(time);
  const digits = fraction(time).replace(/(?:000){1,3}$/, "");
  const short = timeOfDay.endsWith(":00") && digits === "" ? timeOfDay.slice(0, -3) : timeOfDay;
  return `${date}T${short}${digits === "" ? "" : `.${digits}`}`;
}
