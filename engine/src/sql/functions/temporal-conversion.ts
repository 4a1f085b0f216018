/** Points in time as text and numbers, and back. TIMESTAMP_LTZ is read and written on the session's clock. */
import {
  BIGINT,
  DATE,
  isApproximate,
  isCharacter,
  isTimestamp,
  STRING,
  timestampLtzOf,
  timestampOf,
  typeSummary,
} from "../../types/logical-type.ts";
import { cutToPrecision, msOf, shiftedBy, type Timestamp, timestampFromNanos } from "../../types/timestamp.ts";
import type { Big } from "./bigint.ts";
import { DAY_MS } from "./calendar.ts";
import { type CallShape, type Implementation, parameters, type Refusal, type ScalarFunction } from "./scalar-function.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";
import {
  formatWithPattern,
  formatWithSimplePattern,
  type ParsedTime,
  parseWithPattern,
  parseWithSimplePattern,
  patternFault,
} from "./temporal-patterns.ts";
import { formatTimestamp, parseSqlDate, parseSqlTimestamp } from "./temporal-text.ts";
import { instantOfTimestamp, localTimestampOf, standardInstantOf, zoneOffset } from "./time-zones.ts";

const LONG_MIN = -(2n ** 63n);
const DEFAULT_PATTERN = "yyyy-MM-dd HH:mm:ss";

/** Years 1 to 9999: what a TIMESTAMP_LTZ can be made of. */
const FIRST_MS = -62_135_596_800_000;
const LAST_MS = 253_402_300_799_999;

/** A pattern without meaning fails while formatting and fits no text while parsing. */
function parsed(text: string, pattern: string, parse = parseWithPattern): ParsedTime | null {
  try {
    return parse(text, pattern);
  } catch (error) {
    if (error instanceof SqlRuntimeError) return null;
    throw error;
  }
}

function implementDateFormat({ types, context }: CallShape): Implementation {
  if (types[0].root === "TIMESTAMP") return formatWithPattern as Implementation;
  if (isTimestamp(types[0]))
    return (value: Timestamp, pattern: string) => formatWithPattern(localTimestampOf(value, context.zoneOffsetMs), pattern);
  return (value: string, pattern: string) => {
    // Read by `yyyy-MM-dd HH:mm:ss`: what stands behind the seconds is not looked at.
    const match = /^\d+-\d+-\d+ \d+:\d+:\d+/.exec(value);
    const local = match === null ? null : parseSqlTimestamp(match[0]);
    return local === null ? null : formatWithPattern(local, pattern);
  };
}

function toTimestamp(text: string, pattern?: string): number | null {
  const local = pattern === undefined || pattern === DEFAULT_PATTERN ? parseSqlTimestamp(text) : (parsed(text, pattern)?.local ?? null);
  return local === null ? null : msOf(local);
}

/** How many digits of a second's fraction a pattern asks for: the last run of `S`. */
function fractionDigits(pattern: string): number {
  return /(S*)[^S]*$/.exec(pattern.replace(/'[^']*'/g, ""))![1].length;
}

function refusePrecision(_types: unknown, args: CallShape["args"]): Refusal | null {
  const [first, second, third] = args;
  if (isCharacter(first.type)) {
    const fault = second?.kind === "literal" && typeof second.value === "string" ? patternFault(second.value) : null;
    if (fault !== null) return { message: `Invalid pattern for parsing TIMESTAMP_LTZ: ${fault}` };
    const bad = [second, third].find((arg) => arg !== undefined && !isCharacter(arg.type) && arg.type.root !== "NULL");
    if (bad === undefined) return null;
    return {
      message: `Unsupported argument type. Expected type of family 'CHARACTER_STRING' but actual type was '${typeSummary(bad.type)}'.`,
    };
  }
  if (third !== undefined) return { message: "Invalid input arguments." };
  if (second !== undefined && !["TINYINT", "SMALLINT", "INT", "BIGINT"].includes(second.type.root))
    return { message: "Invalid input arguments." };
  if (second?.kind !== "literal") return null;
  const precision = Number(second.value);
  if (precision >= 0 && precision <= 9) return null;
  return { message: `Precision for TO_TIMESTAMP_LTZ must be between 0 and 9 but was ${precision}.` };
}

function implementToTimestampLtz({ types, result, context }: CallShape): Implementation {
  if (isCharacter(types[0])) {
    return (text: string, pattern?: string, zone?: string) => {
      const time = pattern === undefined || pattern === DEFAULT_PATTERN ? asParsed(parseSqlTimestamp(text)) : parsed(text, pattern);
      if (time === null) {
        if (pattern !== undefined) return null;
        throw new SqlRuntimeError("SQL_TIMESTAMP_TEXT", `Text '${text}' could not be parsed at index 0`);
      }
      const local = cutToPrecision(time.local, result.precision!);
      if (time.offsetMs !== null) return shiftedBy(local, -time.offsetMs);
      return instantOfTimestamp(local, zone === undefined ? context.zoneOffsetMs : (instant) => zoneOffset(zone, instant));
    };
  }
  const divisor = types[0].root === "DECIMAL" ? 10n ** BigInt(types[0].scale!) : 1n;
  const isDecimal = types[0].root === "DECIMAL";
  const isFraction = isApproximate(types[0]);
  return (value: Big, precision = 3) => {
    if (precision <= 3 && isFraction) return inRange(Math.floor((value as number) * 10 ** (3 - precision)));
    if (precision <= 3) return inRange((isDecimal ? Number(BigInt(value) / divisor) : Math.floor(Number(value))) * 10 ** (3 - precision));
    const units = isDecimal ? BigInt(value) / divisor : typeof value === "bigint" ? value : BigInt(Math.floor(value));
    return inRange(timestampFromNanos(units * 10n ** BigInt(9 - precision)));
  };
}

function inRange(instant: Timestamp): Timestamp | null {
  const ms = msOf(instant);
  return ms < FIRST_MS || ms > LAST_MS ? null : instant;
}

function asParsed(local: Timestamp | null): ParsedTime | null {
  return local === null ? null : { local, offsetMs: null };
}

/** seconds × 1000 as Java's long, which overflows. */
function secondsToMs(seconds: Big): number {
  const ms = Number(seconds) * 1000;
  return Number.isSafeInteger(ms) ? ms : Number(BigInt.asIntN(64, BigInt(seconds) * 1000n));
}

export const TEMPORAL_CONVERSION: readonly ScalarFunction[] = [
  {
    name: "DATE_FORMAT",
    parameters: parameters("timestamp-or-text", "string"),
    result: () => STRING,
    alwaysNullable: true,
    implement: implementDateFormat,
    description: "A timestamp as text, by a pattern such as 'yyyy-MM-dd HH:mm'.",
    examples: [{ sql: "DATE_FORMAT(TIMESTAMP '2026-03-05 10:20:30', 'HH:mm')", value: "10:20" }],
  },
  {
    name: "TO_TIMESTAMP",
    parameters: parameters("string", "string?"),
    result: () => timestampOf(3),
    alwaysNullable: true,
    implement: () => toTimestamp,
    description: "Text as a TIMESTAMP(3), by default 'yyyy-MM-dd HH:mm:ss'; NULL when it does not fit.",
    examples: [
      { sql: "TO_TIMESTAMP('2026-03-01 10:20:30')", value: "2026-03-01 10:20:30.000" },
      { sql: "TO_TIMESTAMP('01/03/2026', 'dd/MM/yyyy')", value: "2026-03-01 00:00:00.000" },
    ],
  },
  {
    name: "TO_TIMESTAMP_LTZ",
    parameters: parameters("numeric-or-text", "any?", "string?"),
    result: (types, args) => {
      const [, second] = args;
      if (second?.kind !== "literal" || second.value === null) return timestampLtzOf(3);
      return timestampLtzOf(Math.max(3, isCharacter(types[0]) ? fractionDigits(String(second.value)) : Number(second.value)));
    },
    alwaysNullable: true,
    refuse: refusePrecision,
    implement: implementToTimestampLtz,
    description:
      "An instant from epoch seconds (precision 0) up to nanoseconds (9), milliseconds (3) by default; or from text: TO_TIMESTAMP_LTZ(text [, pattern [, zone]]).",
    examples: [
      { sql: "TO_TIMESTAMP_LTZ(1000, 3)", value: "1970-01-01 00:00:01.000" },
      { sql: "TO_TIMESTAMP_LTZ('2024-05-06 07:08:09', 'yyyy-MM-dd HH:mm:ss', 'Asia/Shanghai')", value: "2024-05-05 23:08:09.000" },
    ],
  },
  {
    name: "TO_DATE",
    parameters: parameters("string", "string?"),
    result: () => DATE,
    alwaysNullable: true,
    implement: () => (text: string, pattern?: string) => {
      if (pattern === undefined) return parseSqlDate(text);
      const time = parsed(text, pattern, parseWithSimplePattern);
      return time === null ? null : Math.floor(msOf(time.local) / DAY_MS);
    },
    description: "Text as a DATE, by default 'yyyy-MM-dd'; NULL when it does not fit.",
    examples: [{ sql: "TO_DATE('2026-03-01')", value: "2026-03-01" }],
  },
  {
    name: "FROM_UNIXTIME",
    parameters: parameters("long", "string?"),
    result: () => STRING,
    alwaysNullable: true,
    implement:
      ({ context }) =>
      (seconds: Big, pattern = DEFAULT_PATTERN) => {
        const epochMs = secondsToMs(seconds);
        return formatWithSimplePattern(epochMs + context.zoneOffsetMs(epochMs), pattern);
      },
    description: "Epoch seconds as text on the session's clock.",
    examples: [{ sql: "FROM_UNIXTIME(44)", value: "1970-01-01 00:00:44" }],
  },
  {
    name: "UNIX_TIMESTAMP",
    parameters: parameters("string?", "string?"),
    result: () => BIGINT,
    dynamic: true,
    implement:
      ({ context }) =>
      (text?: string, pattern?: string) => {
        if (text === undefined) return Math.floor(context.currentMs() / 1000);
        const time = pattern === undefined ? asParsed(parseSqlTimestamp(text)) : parsed(text, pattern, parseWithSimplePattern);
        if (time === null) return LONG_MIN;
        const localMs = msOf(time.local);
        const instant = time.offsetMs === null ? standardInstantOf(localMs, context.zoneOffsetMs) : localMs - time.offsetMs;
        return Math.floor(instant / 1000);
      },
    description: "Epoch seconds of a text on the session's clock, or of now; the smallest BIGINT when the text does not fit.",
    examples: [{ sql: "UNIX_TIMESTAMP('1970-01-01 00:01:00')", value: 60 }],
  },
  {
    name: "CONVERT_TZ",
    parameters: parameters("string", "string", "string"),
    result: () => STRING,
    alwaysNullable: true,
    implement: () => (text: string, from: string, to: string) => {
      const local = text.includes(" ") ? parseSqlTimestamp(text) : null;
      if (local === null) return null;
      const instant = standardInstantOf(msOf(local), (epochMs) => zoneOffset(from, epochMs));
      return formatTimestamp(instant + zoneOffset(to, instant), 0);
    },
    description: "A text timestamp moved from one time zone to another.",
    examples: [{ sql: "CONVERT_TZ('1970-01-01 00:00:00', 'UTC', 'GMT+02:00')", value: "1970-01-01 02:00:00" }],
  },
];
