/** Values of plain JSON and of SQL types, each to the other, with the options of Flink's `json` format. */
import { isBinary, isCharacter, type LogicalType, typeName } from "../../../types/logical-type.ts";
import type { Timestamp } from "../../../types/timestamp.ts";
import { wrapLong } from "../../functions/bigint.ts";
import { casterFor } from "../../functions/cast.ts";
import { decimalToString, fit, parseDecimal } from "../../functions/decimal.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import { formatDate, formatTime, formatTimestamp, parseDate, parseTime, parseTimestampFor } from "../../functions/temporal-text.ts";
import { inHashMapOrder } from "../java-hash-map.ts";
import { base64Decode, base64Encode } from "./base64.ts";

export interface JsonDecoding {
  /** `fail-on-missing-field`. */
  readonly failsOnMissing: boolean;
  /** `ignore-parse-errors`: a value that does not fit is NULL. */
  readonly ignoresErrors: boolean;
}

export interface JsonEncoding {
  /** `timestamp-format.standard` is ISO-8601. */
  readonly iso: boolean;
  /** `encode.decimal-as-plain-number`: without exponents. */
  readonly plainDecimals: boolean;
  /** `encode.ignore-null-fields`. */
  readonly leavesNullsOut: boolean;
  /** `map-null-key.mode`. */
  readonly nullKeys: "fail" | "drop" | "literal";
  /** `map-null-key.literal`. */
  readonly nullKeyLiteral: string;
}

export type ValueDecoder = (value: unknown) => unknown;

/** Decodes a value of the type; undefined and null become NULL. Throws SqlRuntimeError when it does not fit, unless errors are ignored. */
export function jsonDecoder(type: LogicalType, decoding: JsonDecoding, context: EvalContext): ValueDecoder {
  const decode = decoderOf(type, decoding, context);
  const { ignoresErrors } = decoding;
  return (value) => {
    if (value === null || value === undefined) return null;
    const decoded = decode(value);
    if (decoded !== null || ignoresErrors) return decoded;
    throw new SqlRuntimeError("SQL_JSON_VALUE", `Failed to deserialize JSON: ${JSON.stringify(value)} is no ${typeName(type)}.`);
  };
}

/** null = it does not fit. */
function decoderOf(type: LogicalType, decoding: JsonDecoding, context: EvalContext): ValueDecoder {
  switch (type.root) {
    case "TINYINT":
      return (value) => whole(value, 0x80);
    case "SMALLINT":
      return (value) => whole(value, 0x8000);
    case "INT":
      return (value) => whole(value, 0x8000_0000);
    case "BIGINT":
      return (value) => {
        if (typeof value === "number") return Number.isFinite(value) ? Math.trunc(value) : null;
        return typeof value === "string" && /^[+-]?\d+$/.test(value.trim()) ? wrapLong(BigInt(value.trim())) : null;
      };
    case "FLOAT":
    case "DOUBLE":
      return (value) => {
        const number = typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
        if (Number.isNaN(number) && value !== "NaN") return null;
        return type.root === "FLOAT" ? Math.fround(number) : number;
      };
    case "DECIMAL":
      return (value) => {
        if (typeof value !== "number" && typeof value !== "string") return null;
        const unscaled = parseDecimal(String(value), type.scale!);
        return unscaled === null ? null : fit(unscaled, type.precision!);
      };
    case "BOOLEAN":
      return (value) => {
        if (typeof value === "boolean") return value;
        // Java: Boolean.parseBoolean.
        return typeof value === "string" ? value.trim().toLowerCase() === "true" : null;
      };
    case "DATE":
      return (value) => (typeof value === "number" ? value : parseDate(String(value)));
    case "TIME":
      return (value) => (typeof value === "number" ? value : parseTime(String(value).replace(/Z$/, "")));
    case "TIMESTAMP":
    case "TIMESTAMP_LTZ":
      return (value) => (typeof value === "number" ? value : parseTimestampFor(type.precision!, String(value)));
    case "BINARY":
    case "VARBINARY":
      return (value) => (typeof value === "string" ? base64Decode(value) : null);
    case "ARRAY": {
      const element = jsonDecoder(type.element!, decoding, context);
      return (value) => (Array.isArray(value) ? value.map(element) : null);
    }
    case "MAP":
    case "MULTISET": {
      const item = type.root === "MAP" ? jsonDecoder(type.value!, decoding, context) : Number;
      const key = jsonDecoder(type.root === "MAP" ? type.key! : type.element!, decoding, context);
      const keyType = type.root === "MAP" ? type.key! : type.element!;
      return (value) => {
        if (!isObject(value)) return null;
        const entries = Object.entries(value).map(([name, entry]) => [key(name), item(entry)] as const);
        return inHashMapOrder(entries, ([name]) => name, keyType);
      };
    }
    case "ROW": {
      const decode = fieldsDecoder(type.fields!, decoding, context);
      return (value) => (isObject(value) ? decode(value) : null);
    }
    default: {
      if (!isCharacter(type)) return () => null;
      const fitLength = casterFor(type, type, context)!;
      return (value) => fitLength(typeof value === "string" ? value : JSON.stringify(value));
    }
  }
}

function whole(value: unknown, limit: number): number | null {
  const number = typeof value === "string" && value.trim() === "" ? Number.NaN : typeof value === "boolean" ? Number.NaN : Number(value);
  const truncated = Math.trunc(number);
  return Number.isFinite(number) && truncated >= -limit && truncated < limit ? truncated : null;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Fields by name out of an object. */
export function fieldsDecoder(
  fields: readonly { readonly name: string; readonly type: LogicalType }[],
  decoding: JsonDecoding,
  context: EvalContext,
): (value: Readonly<Record<string, unknown>>) => unknown[] {
  const decoders = fields.map(({ name, type }) => ({ name, decode: jsonDecoder(type, decoding, context) }));
  const { failsOnMissing } = decoding;
  return (value) => {
    const values = new Array<unknown>(decoders.length);
    for (let i = 0; i < decoders.length; i++) {
      const { name, decode } = decoders[i];
      const field = value[name];
      if (field === undefined && failsOnMissing) throw new SqlRuntimeError("SQL_JSON_MISSING", `Could not find field with name '${name}'.`);
      values[i] = decode(field);
    }
    return values;
  };
}

/** A field as plain JSON: BIGINT beyond 2^53 as text, binary as base64. */
export function jsonEncoder(type: LogicalType, encoding: JsonEncoding): (value: unknown) => unknown {
  const encode = encoderOf(type, encoding);
  return (value) => (value === null || value === undefined ? null : encode(value));
}

function encoderOf(type: LogicalType, encoding: JsonEncoding): (value: unknown) => unknown {
  switch (type.root) {
    case "BIGINT":
      return (value) => (typeof value === "bigint" ? value.toString() : value);
    case "DECIMAL":
      return (value) => Number(decimalToString(value as bigint, type.scale!));
    case "FLOAT":
    case "DOUBLE":
      return (value) => (Number.isFinite(value as number) ? value : String(value));
    case "DATE":
      return (value) => formatDate(value as number);
    case "TIME":
      return (value) => withoutZeros(formatTime(value as number, 9));
    case "TIMESTAMP":
    case "TIMESTAMP_LTZ":
      return (value) => timestampText(value as Timestamp, type, encoding.iso);
    case "ARRAY": {
      const element = jsonEncoder(type.element!, encoding);
      return (value) => (value as unknown[]).map(element);
    }
    case "MAP":
    case "MULTISET":
      return mapEncoder(type, encoding);
    case "ROW":
      return fieldsEncoder(type.fields!, encoding) as (value: unknown) => unknown;
    default:
      if (!isBinary(type)) return (value) => value;
      return (value) => base64Encode(value as Uint8Array);
  }
}

function mapEncoder(type: LogicalType, encoding: JsonEncoding): (value: unknown) => unknown {
  const item = type.root === "MAP" ? jsonEncoder(type.value!, encoding) : (count: unknown) => count;
  return (value) => {
    const object: Record<string, unknown> = {};
    for (const [key, entry] of value as [unknown, unknown][]) {
      if (key !== null) object[String(key)] = item(entry);
      else if (encoding.nullKeys === "literal") object[encoding.nullKeyLiteral] = item(entry);
      else if (encoding.nullKeys === "fail") {
        throw new SqlRuntimeError(
          "SQL_JSON_NULL_KEY",
          `JSON format doesn't support to serialize map data with null keys. You can drop null key entries or encode null in literals by specifying map-null-key.mode option.`,
        );
      }
    }
    return object;
  };
}

/** Fields by name into an object. */
export function fieldsEncoder(
  fields: readonly { readonly name: string; readonly type: LogicalType }[],
  encoding: JsonEncoding,
): (values: readonly unknown[]) => Record<string, unknown> {
  const encoders = fields.map(({ name, type }) => ({ name, encode: jsonEncoder(type, encoding) }));
  const { leavesNullsOut } = encoding;
  return (values) => {
    const object: Record<string, unknown> = {};
    for (let i = 0; i < encoders.length; i++) {
      const value = encoders[i].encode(values[i]);
      if (value !== null || !leavesNullsOut) object[encoders[i].name] = value;
    }
    return object;
  };
}

/** As many digits of a second's fraction as are not zero; an instant ends with Z. (Flink: `TimeFormats`) */
function timestampText(time: Timestamp, type: LogicalType, iso: boolean): string {
  const text = withoutZeros(formatTimestamp(time, 9));
  const zoned = type.root === "TIMESTAMP_LTZ" ? `${text}Z` : text;
  return iso ? zoned.replace(" ", "T") : zoned;
}

function withoutZeros(text: string): string {
  return text.replace(/\.?0*$/, "");
}
