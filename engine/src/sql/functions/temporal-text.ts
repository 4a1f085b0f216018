/** Dates, times and timestamps as text and back, by Flink's rules and by Java's DateTimeFormatter patterns. */
import { civilDate, DAY_MS, dayNumber, dayOfWeek, daysInMonth } from "./calendar.ts";

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
function fraction(ms: number): string {
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
  const micros = Math.round(Number(`0.${match[4] || "0"}`) * 1_000_000);
  return hour * 3_600_000 + minute * 60_000 + second * 1000 + micros / 1000;
}

/** `yyyy-MM-dd[ HH:mm[:ss[.f]]]`, also with `T` and a closing `Z`; null when malformed. */
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

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

interface PatternPart {
  /** Pattern letter, or "" for literal text. */
  readonly letter: string;
  readonly width: number;
  readonly text: string;
}

/** Splits a DateTimeFormatter pattern: runs of letters, quoted text, everything else literally. */
function patternParts(pattern: string): PatternPart[] {
  const parts: PatternPart[] = [];
  for (const match of pattern.matchAll(/([A-Za-z])\1*|'((?:[^']|'')*)'|[^A-Za-z']+/g)) {
    if (match[1] !== undefined) parts.push({ letter: match[1], width: match[0].length, text: match[0] });
    else
      parts.push({
        letter: "",
        width: 0,
        text: match[2] === undefined ? match[0] : match[2] === "" ? "'" : match[2].replaceAll("''", "'"),
      });
  }
  return parts;
}

/** DATE_FORMAT and FROM_UNIXTIME. */
export function formatWithPattern(epochMs: number, pattern: string): string {
  const days = Math.floor(epochMs / DAY_MS);
  const ms = Math.floor(epochMs - days * DAY_MS);
  const { year, month, day } = civilDate(days);
  const hour = Math.floor(ms / 3_600_000);
  let text = "";
  for (const part of patternParts(pattern)) {
    switch (part.letter) {
      case "y":
      case "u":
        text += part.width === 2 ? pad(year % 100, 2) : pad(year, part.width);
        break;
      case "M":
      case "L":
        text += part.width >= 4 ? MONTHS[month - 1] : part.width === 3 ? MONTHS[month - 1].slice(0, 3) : pad(month, part.width);
        break;
      case "d":
        text += pad(day, part.width);
        break;
      case "D":
        text += pad(days - dayNumber(year, 1, 1) + 1, part.width);
        break;
      case "E":
        text += part.width >= 4 ? WEEKDAYS[dayOfWeek(days) - 1] : WEEKDAYS[dayOfWeek(days) - 1].slice(0, 3);
        break;
      case "H":
        text += pad(hour, part.width);
        break;
      case "k":
        text += pad(hour === 0 ? 24 : hour, part.width);
        break;
      case "h":
        text += pad(hour % 12 === 0 ? 12 : hour % 12, part.width);
        break;
      case "K":
        text += pad(hour % 12, part.width);
        break;
      case "a":
        text += hour < 12 ? "AM" : "PM";
        break;
      case "m":
        text += pad(Math.floor(ms / 60_000) % 60, part.width);
        break;
      case "s":
        text += pad(Math.floor(ms / 1000) % 60, part.width);
        break;
      case "S":
        text += fraction(epochMs).slice(0, part.width).padEnd(part.width, "0");
        break;
      default:
        text += part.text;
    }
  }
  return text;
}

/** TO_TIMESTAMP with a pattern: days beyond the month's end are cut to it; null when the text does not fit. */
export function parseWithPattern(text: string, pattern: string): number | null {
  const fields: Record<string, number> = { y: 1970, M: 1, d: 1, H: 0, m: 0, s: 0, S: 0 };
  let at = 0;
  for (const part of patternParts(pattern)) {
    if (part.letter === "") {
      if (!text.startsWith(part.text, at)) return null;
      at += part.text.length;
      continue;
    }
    if (part.letter === "M" && part.width >= 3) {
      const index = MONTHS.findIndex((name) => text.startsWith(part.width === 3 ? name.slice(0, 3) : name, at));
      if (index < 0) return null;
      fields.M = index + 1;
      at += part.width === 3 ? 3 : MONTHS[index].length;
      continue;
    }
    const match = new RegExp(`^\\d{1,${Math.max(part.width, part.letter === "y" && part.width !== 2 ? 4 : part.width)}}`).exec(
      text.slice(at),
    );
    if (match === null || match[0].length < part.width) return null;
    const value = Number(match[0]);
    if (part.letter === "S") fields.S = Number(`0.${match[0]}`) * 1000;
    else if (part.letter === "y" || part.letter === "u") fields.y = part.width === 2 ? 2000 + value : value;
    else if (part.letter === "h" || part.letter === "K") fields.H = value;
    else fields[part.letter] = value;
    at += match[0].length;
  }
  if (at !== text.length) return null;
  const { y, M, d, H, m, s, S } = fields;
  if (M < 1 || M > 12 || d < 1 || d > 31 || H > 23 || m > 59 || s > 59) return null;
  return dayNumber(y, M, Math.min(d, daysInMonth(y, M))) * DAY_MS + H * 3_600_000 + m * 60_000 + s * 1000 + S;
}
