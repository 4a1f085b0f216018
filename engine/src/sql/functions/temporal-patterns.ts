/**
 * Patterns of dates and times, as Java's `DateTimeFormatter` (DATE_FORMAT, TO_TIMESTAMP …) and `SimpleDateFormat` (FROM_UNIXTIME,
 * UNIX_TIMESTAMP) read them, in the US locale. A pattern is taken apart once; formatting and parsing then walk its parts.
 */
import { msOf, type Timestamp, timestampFromMs } from "../../types/timestamp.ts";
import { civilDate, DAY_MS, dayNumber, dayOfWeek, daysInMonth } from "./calendar.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";
import { fraction } from "./temporal-text.ts";

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

interface PatternPart {
  /** Pattern letter, or "" for literal text. */
  readonly letter: string;
  readonly width: number;
  readonly text: string;
}

const LETTERS = "GuyDMLQqYwWdEecaBhKkHmsSAnNVvzOXxZ";
const ZONE_LETTERS = "VvzOXxZ";

/** Splits a pattern: runs of letters, quoted text, everything else literally. Letters without a meaning fail. */
function partsOf(pattern: string): readonly PatternPart[] {
  const parts: PatternPart[] = [];
  for (const match of pattern.matchAll(/([A-Za-z])\1*|'((?:[^']|'')*)'|[^A-Za-z']+|'/g)) {
    if (match[1] !== undefined) {
      if (!LETTERS.includes(match[1])) throw new SqlRuntimeError("SQL_PATTERN", `Unknown pattern letter: ${match[1]}`);
      const fault = widthFault(match[1], match[0].length);
      if (fault !== null) throw new SqlRuntimeError("SQL_PATTERN", fault);
      parts.push({ letter: match[1], width: match[0].length, text: match[0] });
    } else
      parts.push({
        letter: "",
        width: 0,
        text: match[2] === undefined ? match[0] : match[2] === "" ? "'" : match[2].replaceAll("''", "'"),
      });
  }
  return parts;
}

/** `SimpleDateFormat` counts milliseconds and takes any width. */
function widthFault(letter: string, width: number): string | null {
  if (letter === "S" && width > 9) return `Minimum width must be from 0 to 9 inclusive but was ${width}`;
  if ("AnN".includes(letter) && width > 19) return `The minimum width must be from 1 to 19 inclusive but was ${width}`;
  return null;
}

/** Why `DateTimeFormatter` does not take a pattern because of the digits it asks for; null = it does. */
export function patternFault(pattern: string): string | null {
  for (const [run] of pattern.replace(/'[^']*'/g, "").matchAll(/([SAnN])\1*/g)) {
    const fault = widthFault(run[0], run.length);
    if (fault !== null) return fault;
  }
  return null;
}

let cachedPattern: string | undefined;
let cachedParts: readonly PatternPart[] = [];

/** A query's pattern is nearly always a constant. */
function patternParts(pattern: string): readonly PatternPart[] {
  if (pattern !== cachedPattern) {
    cachedParts = partsOf(pattern);
    cachedPattern = pattern;
  }
  return cachedParts;
}

function pad(value: number, width: number): string {
  return value < 0 ? `-${String(-value).padStart(width, "0")}` : String(value).padStart(width, "0");
}

/** Weeks of the US: they begin on Sunday, the first is the one with the first of January. */
function localWeek(days: number, year: number): { week: number; weekYear: number } {
  const weekOf = (y: number): number => {
    const first = dayNumber(y, 1, 1);
    return Math.floor((days - (first - (dayOfWeek(first) - 1))) / 7) + 1;
  };
  const nextFirst = dayNumber(year + 1, 1, 1);
  if (days >= nextFirst - (dayOfWeek(nextFirst) - 1)) return { week: 1, weekYear: year + 1 };
  return { week: weekOf(year), weekYear: year };
}

function formatPart({ letter, width, text }: PatternPart, time: Timestamp): string {
  const epochMs = msOf(time);
  const days = Math.floor(epochMs / DAY_MS);
  const ms = epochMs - days * DAY_MS;
  const { year, month, day } = civilDate(days);
  const hour = Math.floor(ms / 3_600_000);
  switch (letter) {
    case "y":
    case "u":
      return width === 2 ? pad(((year % 100) + 100) % 100, 2) : pad(year, width);
    case "Y": {
      const { weekYear } = localWeek(days, year);
      return width === 2 ? pad(weekYear % 100, 2) : pad(weekYear, width);
    }
    case "M":
    case "L":
      return width >= 4 ? MONTHS[month - 1] : width === 3 ? MONTHS[month - 1].slice(0, 3) : pad(month, width);
    case "Q":
    case "q": {
      const quarter = Math.ceil(month / 3);
      return width >= 4 ? `${["1st", "2nd", "3rd", "4th"][quarter - 1]} quarter` : width === 3 ? `Q${quarter}` : pad(quarter, width);
    }
    case "w":
      return pad(localWeek(days, year).week, width);
    case "W": {
      const first = dayNumber(year, month, 1);
      return pad(Math.floor((days - (first - (dayOfWeek(first) - 1))) / 7) + 1, width);
    }
    case "d":
      return pad(day, width);
    case "D":
      return pad(days - dayNumber(year, 1, 1) + 1, width);
    case "E":
      return width >= 4 ? WEEKDAYS[dayOfWeek(days) - 1] : WEEKDAYS[dayOfWeek(days) - 1].slice(0, 3);
    case "e":
    case "c":
      return width >= 4
        ? WEEKDAYS[dayOfWeek(days) - 1]
        : width === 3
          ? WEEKDAYS[dayOfWeek(days) - 1].slice(0, 3)
          : pad(dayOfWeek(days), width);
    case "G":
      return year > 0 ? "AD" : "BC";
    case "a":
      return hour < 12 ? "AM" : "PM";
    case "H":
      return pad(hour, width);
    case "k":
      return pad(hour === 0 ? 24 : hour, width);
    case "h":
      return pad(hour % 12 === 0 ? 12 : hour % 12, width);
    case "K":
      return pad(hour % 12, width);
    case "m":
      return pad(Math.floor(ms / 60_000) % 60, width);
    case "s":
      return pad(Math.floor(ms / 1000) % 60, width);
    case "S":
      return fraction(time).slice(0, width).padEnd(width, "0");
    case "A":
      return pad(ms, width);
    case "n":
      return pad(Number(fraction(time)), width);
    case "N":
      return pad(Math.floor(ms / 1000) * 1_000_000_000 + Number(fraction(time)), width);
    default:
      if (ZONE_LETTERS.includes(letter) && letter !== "")
        throw new SqlRuntimeError("SQL_PATTERN", `Unable to extract a time zone for pattern letter ${letter} from a local timestamp.`);
      return text;
  }
}

/** A local time (as on the wall) by a pattern. Fails for letters that have no meaning or want a zone. */
export function formatWithPattern(local: Timestamp, pattern: string): string {
  let text = "";
  for (const part of patternParts(pattern)) text += part.letter === "" ? part.text : formatPart(part, local);
  return text;
}

/** The same by the letters of `SimpleDateFormat`, where `u` is the day of the week from Monday. */
export function formatWithSimplePattern(epochMs: number, pattern: string): string {
  const weekday = ((dayOfWeek(Math.floor(epochMs / DAY_MS)) + 5) % 7) + 1;
  let text = "";
  for (const part of patternParts(pattern)) {
    if (part.letter === "u") text += pad(weekday, part.width);
    else text += part.letter === "" ? part.text : formatPart(part, epochMs);
  }
  return text;
}

/** Fields read so far; `offsetMinutes` when the text names its offset from UTC. */
interface Fields {
  year: number;
  month: number;
  day: number;
  dayOfYear: number | null;
  hour: number;
  halfDay: "AM" | "PM" | null;
  minute: number;
  second: number;
  /** Digits of the second's fraction. */
  fraction: string;
  offsetMinutes: number | null;
}

function nameAt(text: string, at: number, names: readonly string[], short: boolean): { index: number; length: number } | null {
  const index = names.findIndex((name) => text.startsWith(short ? name.slice(0, 3) : name, at));
  return index < 0 ? null : { index, length: short ? 3 : names[index].length };
}

/** Digits of one part: as wide as the pattern says, or wider where the next part does not follow at once. */
function digitsAt(text: string, at: number, part: PatternPart, adjacent: boolean, flavour: Flavour): string | null {
  if (part.letter === "n" || (part.letter === "S" && flavour === "simple" && !adjacent))
    return /^\d{1,19}/.exec(text.slice(at))?.[0] ?? null;
  const most =
    adjacent || part.letter === "S"
      ? part.width
      : part.letter === "y" || part.letter === "u"
        ? part.width === 2
          ? 2
          : 10
        : part.width === 1
          ? 19
          : part.width;
  const least = part.width === 1 || (part.letter === "S" && !adjacent) ? 1 : part.width;
  const match = new RegExp(`^\\d{${least},${Math.max(part.width, most)}}`).exec(text.slice(at));
  return match === null ? null : match[0];
}

function store(fields: Fields, letter: string, width: number, digits: string): void {
  const value = Number(digits);
  if (letter === "S") fields.fraction = digits;
  else if (letter === "n") fields.fraction = digits.padStart(9, "0");
  else if (letter === "y" || letter === "u") fields.year = width === 2 ? 2000 + value : value;
  else if (letter === "M" || letter === "L") fields.month = value;
  else if (letter === "d") fields.day = value;
  else if (letter === "D") fields.dayOfYear = value;
  else if (letter === "H") fields.hour = value;
  else if (letter === "k") fields.hour = value % 24;
  else if (letter === "h") fields.hour = value % 12;
  else if (letter === "K") fields.hour = value;
  else if (letter === "m") fields.minute = value;
  else if (letter === "s") fields.second = value;
}

/** Of which of Java's formatters a pattern is. */
type Flavour = "formatter" | "simple";

function readFields(text: string, parts: readonly PatternPart[], flavour: Flavour): Fields | null {
  const fields: Fields = {
    year: 1970,
    month: 1,
    day: 1,
    dayOfYear: null,
    hour: 0,
    halfDay: null,
    minute: 0,
    second: 0,
    fraction: "",
    offsetMinutes: null,
  };
  let at = 0;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (part.letter === "") {
      if (!text.startsWith(part.text, at)) return null;
      at += part.text.length;
    } else if ((part.letter === "M" || part.letter === "L") && part.width >= 3) {
      const found = nameAt(text, at, MONTHS, part.width === 3);
      if (found === null) return null;
      fields.month = found.index + 1;
      at += found.length;
    } else if (part.letter === "E") {
      const found = nameAt(text, at, WEEKDAYS, part.width <= 3);
      if (found === null) return null;
      at += found.length;
    } else if (part.letter === "a") {
      const half = text.slice(at, at + 2).toUpperCase();
      if (half !== "AM" && half !== "PM") return null;
      fields.halfDay = half;
      at += 2;
    } else if ("XxZ".includes(part.letter)) {
      const match = /^(?:Z|([+-])(\d{2}):?(\d{2})?)/.exec(text.slice(at));
      if (match === null) return null;
      fields.offsetMinutes = match[1] === undefined ? 0 : (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0));
      at += match[0].length;
    } else {
      const digits = digitsAt(text, at, part, parts[i + 1] !== undefined && parts[i + 1].letter !== "", flavour);
      if (digits === null) return null;
      store(fields, part.letter, part.width, digits);
      at += digits.length;
    }
  }
  return at === text.length ? fields : null;
}

/** What a text says by a pattern. */
export interface ParsedTime {
  /** As on the wall. */
  readonly local: Timestamp;
  /** Offset that the text names itself, in ms. */
  readonly offsetMs: number | null;
}

/** null when the text does not fit. Days beyond a month's end are cut to it. */
export function parseWithPattern(text: string, pattern: string): ParsedTime | null {
  return parse(text, pattern, "formatter");
}

/** The same by the letters of `SimpleDateFormat`, where `S` is a count of milliseconds: `.5` are five, and ten thousand are ten seconds. */
export function parseWithSimplePattern(text: string, pattern: string): ParsedTime | null {
  return parse(text, pattern, "simple");
}

function parse(text: string, pattern: string, flavour: Flavour): ParsedTime | null {
  const fields = readFields(text, patternParts(pattern), flavour);
  if (fields === null) return null;
  const { year, month, day, dayOfYear, minute, second, fraction: digits, offsetMinutes } = fields;
  const hour = fields.halfDay === null ? fields.hour : (fields.hour % 12) + (fields.halfDay === "PM" ? 12 : 0);
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) return null;
  const days = dayOfYear === null ? dayNumber(year, month, Math.min(day, daysInMonth(year, month))) : dayNumber(year, 1, 1) + dayOfYear - 1;
  const nanos = flavour === "simple" ? Number(digits) * 1_000_000 : Number(digits.padEnd(9, "0").slice(0, 9));
  const ms = days * DAY_MS + hour * 3_600_000 + minute * 60_000 + second * 1000 + Math.floor(nanos / 1_000_000);
  return {
    local: timestampFromMs(ms, nanos % 1_000_000),
    offsetMs: offsetMinutes === null ? null : offsetMinutes * 60_000,
  };
}
