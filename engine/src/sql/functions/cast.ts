/**
 * CAST and TRY_CAST by source and target type. A failing cast of text throws `SqlRuntimeError` (the job fails) or gives NULL under
 * TRY_CAST; integers wrap, decimals that do not fit become NULL, as in Flink.
 */
import { isBinary, isCharacter, isInteger, isNumeric, isTimestamp, type LogicalType, MAX_LENGTH } from "../../types/logical-type.ts";
import { cutToPrecision, msOf, nanosOfMs, type Timestamp, timestampFromMs } from "../../types/timestamp.ts";
import { type Big, wrapLong } from "./bigint.ts";
import { bitmapText } from "./bitmap.ts";
import { DAY_MS } from "./calendar.ts";
import { lengthOf, sliceOf } from "./code-points.ts";
import { decimalToNumber, decimalToString, fit, numberToDecimal, parseDecimal, rescale } from "./decimal.ts";
import { doubleToString, floatToString } from "./number-text.ts";
import type { EvalContext } from "./scalar-function.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";
import { formatDate, formatTime, formatTimestamp, parseSqlDate, parseSqlTimestamp, parseTime } from "./temporal-text.ts";
import { instantOfTimestamp, localTimestampOf } from "./time-zones.ts";
import { utf8Decode, utf8Encode } from "./utf8.ts";

/** Turns a value (never NULL) of one type into another; null = no value. */
export type Caster = (value: unknown) => unknown;

/** The phase in which Flink refuses a cast that has no caster: some pass Calcite's check and fail in the code generator. */
export function castRefusal(from: LogicalType, to: LogicalType): "validate" | "plan" {
  if (isCharacter(from) && (to.root === "ARRAY" || to.root.startsWith("INTERVAL"))) return "plan";
  if (isBinary(from) && (to.root === "DATE" || to.root === "TIME" || isTimestamp(to))) return "plan";
  if (from.root === "DECIMAL" && to.root === "INTERVAL_YEAR_MONTH") return "plan";
  return from.root === "BITMAP" && isBinary(to) ? "plan" : "validate";
}

/** null when Flink refuses the cast already while planning. */
export function casterFor(from: LogicalType, to: LogicalType, context: EvalContext): Caster | null {
  if (isCharacter(to)) return toText(from, to, context);
  if (from.root === "NULL") return () => null;
  if (isCharacter(from)) return fromText(to, context);
  if (isNumeric(from)) return fromNumber(from, to);
  if (from.root === "BOOLEAN") {
    if (to.root === "BOOLEAN") return (value) => value;
    if (to.root === "DECIMAL") return (value) => rescale(value === true ? 1n : 0n, 0, to.scale!);
    return isNumeric(to) ? (value) => (value === true ? 1 : 0) : null;
  }
  if (isBinary(from)) return isBinary(to) ? (value) => fitBytes(value as Uint8Array, to) : null;
  if (isTimestamp(from) || from.root === "DATE" || from.root === "TIME") return fromDatetime(from, to, context);
  if (from.root === "INTERVAL_DAY_TIME" || from.root === "INTERVAL_YEAR_MONTH") return from.root === to.root ? (value) => value : null;
  if (from.root === "VARIANT" || from.root === "BITMAP") return from.root === to.root ? (value) => value : null;
  return fromConstructed(from, to, context);
}

function fromConstructed(from: LogicalType, to: LogicalType, context: EvalContext): Caster | null {
  if (from.root !== to.root) return null;
  const nullable = (caster: Caster | null): Caster | null => (caster === null ? null : (value) => (value === null ? null : caster(value)));
  switch (from.root) {
    case "ARRAY": {
      const element = nullable(casterFor(from.element!, to.element!, context));
      return element === null ? null : (value) => (value as unknown[]).map(element);
    }
    case "MULTISET": {
      const element = nullable(casterFor(from.element!, to.element!, context));
      return element === null ? null : (value) => (value as [unknown, number][]).map(([item, count]) => [element(item), count]);
    }
    case "MAP": {
      const key = nullable(casterFor(from.key!, to.key!, context));
      const item = nullable(casterFor(from.value!, to.value!, context));
      return key === null || item === null ? null : (value) => (value as [unknown, unknown][]).map(([k, v]) => [key(k), item(v)]);
    }
    case "ROW":
    case "STRUCTURED": {
      if (from.fields!.length !== to.fields!.length) return null;
      const casters = from.fields!.map((field, i) => nullable(casterFor(field.type, to.fields![i].type, context)));
      return casters.includes(null) ? null : (value) => (value as unknown[]).map((field, i) => casters[i]!(field));
    }
    default:
      return null;
  }
}

function fitBytes(value: Uint8Array, to: LogicalType): Uint8Array {
  const length = to.length ?? MAX_LENGTH;
  if (value.length > length) return value.slice(0, length);
  if (to.root !== "BINARY" || value.length === length) return value;
  const padded = new Uint8Array(length);
  padded.set(value);
  return padded;
}

function toText(from: LogicalType, to: LogicalType, context: EvalContext): Caster | null {
  const text = textOf(from, context);
  if (text === null) return null;
  const length = to.length ?? MAX_LENGTH;
  if (to.root === "VARCHAR" && isCharacter(from) && from.length! <= length) return (value) => value;
  if (to.root === "CHAR") {
    return (value) => {
      const cut = sliceOf(text(value), 0, length);
      return cut + " ".repeat(length - lengthOf(cut));
    };
  }
  return length === MAX_LENGTH ? text : (value) => sliceOf(text(value), 0, length);
}

/** The text form of a value, as CAST(x AS STRING) gives it. */
export function textOf(type: LogicalType, context: EvalContext): ((value: unknown) => string) | null {
  const inner = (child: LogicalType): ((value: unknown) => string) => {
    const text = textOf(child, context);
    return (value) => (value === null || text === null ? "NULL" : text(value));
  };
  switch (type.root) {
    case "CHAR":
    case "VARCHAR":
      return (value) => value as string;
    case "BOOLEAN":
      return (value) => (value === true ? "TRUE" : "FALSE");
    case "TINYINT":
    case "SMALLINT":
    case "INT":
    case "BIGINT":
      return (value) => String(value);
    case "FLOAT":
      return (value) => floatToString(value as number);
    case "DOUBLE":
      return (value) => doubleToString(value as number);
    case "DECIMAL":
      return (value) => decimalToString(value as bigint, type.scale!);
    case "DATE":
      return (value) => formatDate(value as number);
    case "TIME":
      return (value) => formatTime(value as number, type.precision);
    case "TIMESTAMP":
      return (value) => formatTimestamp(value as Timestamp, type.precision);
    case "TIMESTAMP_LTZ":
      return (value) => formatTimestamp(localTimestampOf(value as Timestamp, context.zoneOffsetMs), type.precision);
    case "BINARY":
    case "VARBINARY":
      return (value) => utf8Decode(value as Uint8Array);
    case "INTERVAL_DAY_TIME":
      return (value) => {
        const ms = Math.abs(value as number);
        const days = Math.floor(ms / DAY_MS);
        return `${(value as number) < 0 ? "-" : "+"}${days} ${formatTime(ms - days * DAY_MS, 3)}`;
      };
    case "INTERVAL_YEAR_MONTH":
      return (value) => {
        const months = Math.abs(value as number);
        return `${(value as number) < 0 ? "-" : "+"}${Math.floor(months / 12)}-${String(months % 12).padStart(2, "0")}`;
      };
    case "ARRAY": {
      const element = inner(type.element!);
      return (value) => `[${(value as unknown[]).map(element).join(", ")}]`;
    }
    case "MULTISET": {
      const element = inner(type.element!);
      return (value) => `{${(value as [unknown, number][]).map(([item, count]) => `${element(item)}=${count}`).join(", ")}}`;
    }
    case "MAP": {
      const key = inner(type.key!);
      const item = inner(type.value!);
      return (value) => `{${(value as [unknown, unknown][]).map(([k, v]) => `${key(k)}=${item(v)}`).join(", ")}}`;
    }
    case "STRUCTURED": {
      const fields = type.fields!.map((field) => ({ name: field.name, text: inner(field.type) }));
      return (value) => `(${(value as unknown[]).map((field, i) => `${fields[i].name}=${fields[i].text(field)}`).join(", ")})`;
    }
    case "BITMAP":
      return (value) => bitmapText(value as number[]);
    case "ROW": {
      const fields = type.fields!.map((field) => inner(field.type));
      return (value) => `(${(value as unknown[]).map((field, i) => fields[i](field)).join(", ")})`;
    }
    case "NULL":
      return () => "NULL";
    default:
      return null;
  }
}

const TRUE_TEXTS = ["t", "true", "y", "yes", "1"];
const FALSE_TEXTS = ["f", "false", "n", "no", "0"];

function fromText(to: LogicalType, context: EvalContext): Caster | null {
  const bad = (value: unknown, as: string): never => {
    throw new SqlRuntimeError("SQL_CAST_FAILED", `Cannot parse '${value}' as ${as}.`);
  };
  /** Flink's own words, by type. */
  const fail = (message: string): never => {
    throw new SqlRuntimeError("SQL_CAST_FAILED", message);
  };
  switch (to.root) {
    case "BOOLEAN":
      return (value) => {
        const text = (value as string).toLowerCase();
        if (TRUE_TEXTS.includes(text)) return true;
        return FALSE_TEXTS.includes(text) ? false : bad(value, "BOOLEAN");
      };
    case "TINYINT":
      return integerParser(-128n, 127n);
    case "SMALLINT":
      return integerParser(-32768n, 32767n);
    case "INT":
      return integerParser(-2147483648n, 2147483647n);
    case "BIGINT":
      return integerParser(-(2n ** 63n), 2n ** 63n - 1n);
    case "FLOAT":
    case "DOUBLE":
      return (value) => {
        const text = (value as string).trim();
        const hexadecimal = hexadecimalDouble(text);
        if (hexadecimal !== null) return to.root === "FLOAT" ? Math.fround(hexadecimal) : hexadecimal;
        const match = /^[+-]?(NaN|Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[dDfF]?)$/.exec(text);
        if (match === null) return fail(`For input string: "${value}"`);
        const number = Number(text.replace(/(?<=[\d.])[dDfF]$/, ""));
        return to.root === "FLOAT" ? Math.fround(number) : number;
      };
    case "DECIMAL":
      return (value) => {
        const unscaled =
          parseDecimal(value as string, to.scale!) ?? (to.precision! <= 18 ? parseSloppily(value as string, to.scale!) : null);
        return (unscaled === null ? null : fit(unscaled, to.precision!)) ?? fail(`For input string: '${value}'. Overflow.`);
      };
    case "DATE":
      return (value) => parseSqlDate(value as string) ?? fail(`For input string: '${value}'.`);
    case "TIME":
      return (value) =>
        truncatedTime(
          parseTime(value as string) ??
            fail(`Invalid time format: '${value}'. Expected format: HH:mm:ss[.fff] where HH is 00-23, mm is 00-59, ss is 00-59`),
          to.precision!,
        );
    case "TIMESTAMP":
      return (value) =>
        cutToPrecision(parseSqlTimestamp(value as string) ?? fail(`Text '${value}' could not be parsed at index 0`), to.precision!);
    case "TIMESTAMP_LTZ":
      return (value) =>
        instantOfTimestamp(
          cutToPrecision(parseSqlTimestamp(value as string) ?? fail(`Text '${value}' could not be parsed at index 0`), to.precision!),
          context.zoneOffsetMs,
        );
    case "BINARY":
    case "VARBINARY":
      return (value) => fitBytes(utf8Encode(value as string), to);
    default:
      return null;
  }
}

/** Up to 18 digits Flink reads a number with a fast path that does not look at a last character that is no digit (recorded: `sc-cast-from-string`). */
function parseSloppily(text: string, scale: number): bigint | null {
  const trimmed = text.trim();
  if (!/[!-*,./:-~]$/.test(trimmed)) return null;
  return trimmed.length === 1 ? 0n : parseDecimal(trimmed.slice(0, -1), scale);
}

/** Java's notation of doubles in hexadecimal: `0x1.8p3`. */
function hexadecimalDouble(text: string): number | null {
  const match = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)[dDfF]?$/.exec(text);
  if (match === null || match[2] + match[3] === "") return null;
  const significand = Number(`0x${match[2]}${match[3]}`) * 2 ** (Number(match[4]) - 4 * match[3].length);
  return match[1] === "-" ? -significand : significand;
}

/**
 * Cuts the digits that a precision does not hold: below milliseconds downwards, above them towards 1970. Flink first looks whether the
 * nanoseconds of the second, written as a number, have more digits than the precision, and leaves a value alone that has not:
 * `…:00.000000001` as TIMESTAMP(4) keeps its nanosecond (recorded: `own-nanos-cast-to-4`). Up to TIMESTAMP(3) such a rest gets lost
 * on the way to the next task, here at once. (Flink: `DateTimeUtils.truncate`)
 */
function truncated(time: Timestamp, precision: number): Timestamp {
  if (precision >= 9 || (precision >= 3 && Number.isInteger(time))) return time;
  const ms = msOf(time);
  if (precision <= 3) return whole(zeroLastDigits(ms, 3 - precision));
  const nanos = nanosOfMs(time);
  const nanosOfSecond = (((ms % 1000) + 1000) % 1000) * 1_000_000 + nanos;
  return nanosOfSecond < 10 ** precision ? time : timestampFromMs(ms, zeroLastDigits(nanos, 9 - precision));
}

function zeroLastDigits(value: number, digits: number): number {
  const step = 10 ** digits;
  return Math.trunc(value / step) * step;
}

/** Without a negative zero. */
const whole = (value: number): number => (value === 0 ? 0 : value);

function truncatedTime(msOfDay: number, precision: number): number {
  return precision >= 3 ? Math.floor(msOfDay) : zeroLastDigits(msOfDay, 3 - precision);
}

function overflow(value: unknown): never {
  throw new SqlRuntimeError("SQL_CAST_FAILED", `For input string: '${value}'. Overflow.`);
}

function integerParser(minimum: bigint, maximum: bigint): Caster {
  return (value) => {
    const match = /^([+-]?\d+)(\.\d*)?$/.exec((value as string).trim());
    if (match === null) throw new SqlRuntimeError("SQL_CAST_FAILED", `For input string: '${value}'. Invalid character found.`);
    const number = BigInt(match[1]);
    return number < minimum || number > maximum ? overflow(value) : wrapLong(number);
  };
}

function fromNumber(from: LogicalType, to: LogicalType): Caster | null {
  if (to.root === "BOOLEAN") return from.root === "DECIMAL" ? (value) => value !== 0n : (value) => value !== 0;
  if (to.root === "INTERVAL_DAY_TIME") return isInteger(from) ? (value) => value : null;
  if (to.root === "INTERVAL_YEAR_MONTH") return isInteger(from) ? (value) => Number(BigInt.asIntN(32, BigInt(value as Big))) : null;
  if (!isNumeric(to)) return null;
  if (from.root === "DECIMAL") {
    const scale = from.scale!;
    if (to.root === "DECIMAL") return (value) => fit(rescale(value as bigint, scale, to.scale!), to.precision!);
    if (to.root === "DOUBLE") return (value) => decimalToNumber(value as bigint, scale);
    if (to.root === "FLOAT") return (value) => Math.fround(decimalToNumber(value as bigint, scale));
    const wrap = integerWrap(to);
    const divisor = 10n ** BigInt(scale);
    return (value) => wrap((value as bigint) / divisor);
  }
  if (to.root === "DECIMAL") {
    if (isInteger(from)) return (value) => fit(rescale(BigInt(value as Big), 0, to.scale!), to.precision!);
    return (value) => {
      const unscaled = numberToDecimal(value as number, to.scale!);
      return unscaled === null ? null : fit(unscaled, to.precision!);
    };
  }
  if (to.root === "DOUBLE") return (value) => Number(value);
  if (to.root === "FLOAT") return (value) => Math.fround(Number(value));
  const wrap = integerWrap(to);
  if (isInteger(from)) {
    if (to.root === "BIGINT") return (value) => value;
    return (value) => wrap(BigInt(value as Big));
  }
  return (value) => saturate(value as number, to, wrap);
}

/** Java narrows a double to int or long by saturation, and further down by cutting bits. */
function saturate(value: number, to: LogicalType, wrap: (value: bigint) => Big): Big {
  if (Number.isNaN(value)) return 0;
  const [minimum, maximum] = to.root === "BIGINT" ? [-(2n ** 63n), 2n ** 63n - 1n] : [-2147483648n, 2147483647n];
  if (!Number.isFinite(value)) return wrap(value < 0 ? minimum : maximum);
  const whole = BigInt(Math.trunc(value));
  return wrap(whole < minimum ? minimum : whole > maximum ? maximum : whole);
}

function integerWrap(to: LogicalType): (value: bigint) => Big {
  switch (to.root) {
    case "TINYINT":
      return (value) => Number(BigInt.asIntN(8, value));
    case "SMALLINT":
      return (value) => Number(BigInt.asIntN(16, value));
    case "INT":
      return (value) => Number(BigInt.asIntN(32, value));
    default:
      return wrapLong;
  }
}

function fromDatetime(from: LogicalType, to: LogicalType, context: EvalContext): Caster | null {
  const toLocal = (value: unknown): Timestamp =>
    from.root === "TIMESTAMP_LTZ" ? localTimestampOf(value as Timestamp, context.zoneOffsetMs) : (value as Timestamp);
  const fromLocal = (value: Timestamp): Timestamp =>
    to.root === "TIMESTAMP_LTZ" ? instantOfTimestamp(value, context.zoneOffsetMs) : value;
  switch (to.root) {
    case "DATE":
      if (from.root === "TIME") return null;
      if (from.root === "DATE") return (value) => value;
      // Flink divides a TIMESTAMP towards 1970 and an instant downwards.
      return from.root === "TIMESTAMP"
        ? (value) => whole(Math.trunc(msOf(value as Timestamp) / DAY_MS))
        : (value) => Math.floor(msOf(toLocal(value)) / DAY_MS);
    case "TIME":
      if (from.root === "DATE") return null;
      if (from.root === "TIME") return (value) => truncatedTime(value as number, to.precision!);
      return (value) => {
        const local = msOf(toLocal(value));
        if (from.root === "TIMESTAMP" && local < 0 && local % DAY_MS !== 0)
          throw new SqlRuntimeError("SQL_CAST_FAILED", "Invalid value for a time of day: Flink counts it backwards before 1970.");
        return truncatedTime(local - Math.floor(local / DAY_MS) * DAY_MS, to.precision!);
      };
    case "TIMESTAMP":
    case "TIMESTAMP_LTZ":
      if (from.root === "DATE") return (value) => fromLocal((value as number) * DAY_MS);
      if (from.root === "TIME") return (value) => fromLocal(value as number);
      if (from.root === to.root) return (value) => truncated(value as Timestamp, to.precision!);
      return (value) => truncated(fromLocal(toLocal(value)), to.precision!);
    default:
      return null;
  }
}
