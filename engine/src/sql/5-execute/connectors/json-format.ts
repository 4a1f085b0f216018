/** The `json` format: log values (plain JSON) to typed fields and back, by column name. */
import { isCharacter, type LogicalType, typeName } from "../../../types/logical-type.ts";
import { casterFor } from "../../functions/cast.ts";
import { wrapLong } from "../../functions/bigint.ts";
import { decimalToString, fit, parseDecimal } from "../../functions/decimal.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import { formatDate, formatTime, formatTimestampForOutput, parseDate, parseTime, parseTimestamp } from "../../functions/temporal-text.ts";
import { utf8Decode } from "../../functions/utf8.ts";

type Decoder = (value: unknown) => unknown;

/** Decodes one value of a type; undefined and null become NULL. Throws `SqlRuntimeError` when it does not fit. */
export function jsonDecoder(type: LogicalType, context: EvalContext): Decoder {
  const decode = decoderOf(type, context);
  return (value) => {
    if (value === null || value === undefined) return null;
    const decoded = decode(value);
    if (decoded === null)
      throw new SqlRuntimeError("SQL_JSON_VALUE", `Failed to deserialize JSON: ${JSON.stringify(value)} is no ${typeName(type)}.`);
    return decoded;
  };
}

function decoderOf(type: LogicalType, context: EvalContext): Decoder {
  switch (type.root) {
    case "TINYINT":
    case "SMALLINT":
    case "INT":
      return (value) => {
        const number = Number(value);
        return Number.isInteger(number) ? number : Number.isFinite(number) ? Math.trunc(number) : null;
      };
    case "BIGINT":
      return (value) => {
        if (typeof value === "number") return Number.isSafeInteger(value) ? value : Math.trunc(value);
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
        const unscaled = parseDecimal(String(value), type.scale!);
        return unscaled === null ? null : fit(unscaled, type.precision!);
      };
    case "BOOLEAN":
      return (value) => (typeof value === "boolean" ? value : value === "true" ? true : value === "false" ? false : null);
    case "DATE":
      return (value) => (typeof value === "number" ? value : parseDate(String(value)));
    case "TIME":
      return (value) => (typeof value === "number" ? value : parseTime(String(value).replace(/Z$/, "")));
    case "TIMESTAMP":
    case "TIMESTAMP_LTZ":
      return (value) => (typeof value === "number" ? value : parseTimestamp(String(value)));
    case "ARRAY": {
      const element = jsonDecoder(type.element!, context);
      return (value) => (Array.isArray(value) ? value.map(element) : null);
    }
    case "MAP": {
      const item = jsonDecoder(type.value!, context);
      return (value) => (isObject(value) ? Object.entries(value).map(([key, entry]) => [key, item(entry)]) : null);
    }
    case "ROW": {
      const fields = type.fields!.map((field) => [field.name, jsonDecoder(field.type, context)] as const);
      return (value) => (isObject(value) ? fields.map(([name, decode]) => decode(value[name])) : null);
    }
    default: {
      if (!isCharacter(type)) return () => null;
      const fitLength = casterFor(type, type, context)!;
      return (value) => fitLength(typeof value === "string" ? value : JSON.stringify(value));
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field as plain JSON: timestamps as `yyyy-MM-dd HH:mm:ss.SSS`, decimals as numbers, BIGINT beyond 2^53 as text. */
export function jsonEncoder(type: LogicalType): (value: unknown) => unknown {
  const encode = encoderOf(type);
  return (value) => (value === null || value === undefined ? null : encode(value));
}

function encoderOf(type: LogicalType): (value: unknown) => unknown {
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
      return (value) => formatTime(value as number, type.precision);
    case "TIMESTAMP":
    case "TIMESTAMP_LTZ":
      return (value) => formatTimestampForOutput(value as number);
    case "ARRAY": {
      const element = jsonEncoder(type.element!);
      return (value) => (value as unknown[]).map(element);
    }
    case "MAP":
    case "MULTISET": {
      const item = type.root === "MAP" ? jsonEncoder(type.value!) : (count: unknown) => count;
      return (value) => Object.fromEntries((value as [unknown, unknown][]).map(([key, entry]) => [String(key), item(entry)]));
    }
    case "ROW": {
      const fields = type.fields!.map((field) => [field.name, jsonEncoder(field.type)] as const);
      return (value) => Object.fromEntries(fields.map(([name, encode], i) => [name, encode((value as unknown[])[i])]));
    }
    case "BINARY":
    case "VARBINARY":
      return (value) => utf8Decode(value as Uint8Array);
    default:
      return (value) => value;
  }
}
