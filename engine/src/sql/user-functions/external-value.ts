/**
 * Values of programs to values of rows and back. Inside, values are what is cheapest to compute with (types/row.ts); a program gets what it would
 * expect: `Date` (to the ms) for days and times, `Row` for rows, `Map` for maps. Most types need nothing done, and then there is no function.
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import { type LogicalType, typeName } from "../../types/logical-type.ts";
import { msOf, type Timestamp } from "../../types/timestamp.ts";
import { type Big, wrapLong } from "../functions/bigint.ts";
import { decimalToNumber, fit, numberToDecimal, parseDecimal } from "../functions/decimal.ts";
import { parseDate, parseTime, parseTimestampFor } from "../functions/temporal-text.ts";
import { Row } from "./row.ts";

/** Takes no null. */
export type Convert = (value: unknown) => unknown;

const DAY_MS = 86_400_000;

/** From rows to programs; null = as it is. */
export function toExternal(type: LogicalType): Convert | null {
  switch (type.root) {
    case "DECIMAL": {
      const { scale = 0 } = type;
      return (value) => decimalToNumber(value as bigint, scale);
    }
    case "DATE":
      return (value) => new Date((value as number) * DAY_MS);
    case "TIME":
    case "TIMESTAMP":
    case "TIMESTAMP_LTZ":
      return (value) => new Date(msOf(value as Timestamp));
    case "ARRAY": {
      const element = toExternal(type.element!);
      return element === null ? null : (value) => (value as unknown[]).map((item) => (item === null ? null : element(item)));
    }
    case "MAP": {
      const key = orSame(toExternal(type.key!));
      const item = orSame(toExternal(type.value!));
      return (value) => new Map((value as [unknown, unknown][]).map(([k, v]) => [key(k), item(v)]));
    }
    case "MULTISET": {
      const key = orSame(toExternal(type.element!));
      return (value) => new Map((value as [unknown, number][]).map(([k, n]) => [key(k), n]));
    }
    case "ROW": {
      const fields = type.fields!.map((field) => orSame(toExternal(field.type)));
      const names = type.fields!.map(({ name }) => name);
      return (value) =>
        new Row(
          0,
          fields.map((field, i) => field((value as unknown[])[i])),
          [...names],
        );
    }
    case "STRUCTURED": {
      const fields = type.fields!.map((field) => [field.name, orSame(toExternal(field.type))] as const);
      return (value) => Object.fromEntries(fields.map(([name, field], i) => [name, field((value as unknown[])[i])]));
    }
    default:
      return null;
  }
}

function orSame(convert: Convert | null): Convert {
  return convert === null ? (value) => value : (value) => (value === null ? null : convert(value));
}

/**
 * From programs to rows, for every value: undefined is NULL.
 * @param what names the value in the message, such as "column 'n'".
 * Throws Diagnostic TABLE_VALUE when a value is not of the type.
 */
export function toInternal(type: LogicalType, what: string): Convert {
  const convert = internalOf(type, what);
  return (value) => {
    if (value !== null && value !== undefined) return convert(value);
    return null;
  };
}

function internalOf(type: LogicalType, what: string): Convert {
  const refuse = (value: unknown): never => {
    throw wrongValue(value, type, what);
  };
  const number: Convert = (value) => (typeof value === "number" ? value : refuse(value));
  switch (type.root) {
    case "BOOLEAN":
      return (value) => (typeof value === "boolean" ? value : refuse(value));
    case "CHAR":
    case "VARCHAR":
      return (value) => (typeof value === "string" ? value : refuse(value));
    case "TINYINT":
      return wholeNumber(7, refuse);
    case "SMALLINT":
      return wholeNumber(15, refuse);
    case "INT":
      return wholeNumber(31, refuse);
    case "BIGINT":
      return (value) => {
        if (typeof value === "number" && Number.isInteger(value)) return Number.isSafeInteger(value) ? value : wrapLong(BigInt(value));
        if (typeof value !== "bigint") return refuse(value);
        const wrapped: Big = wrapLong(value);
        return wrapped;
      };
    case "FLOAT":
      return (value) => Math.fround(number(value) as number);
    case "DOUBLE":
      return number;
    case "DECIMAL": {
      const { precision = 10, scale = 0 } = type;
      return (value) => {
        const unscaled =
          typeof value === "number"
            ? numberToDecimal(value, scale)
            : typeof value === "bigint" || typeof value === "string"
              ? parseDecimal(String(value), scale)
              : null;
        return unscaled === null ? refuse(value) : fit(unscaled, precision);
      };
    }
    case "DATE":
      return timeOf(
        (text) => parseDate(text),
        (ms) => Math.floor(ms / DAY_MS),
        refuse,
      );
    case "TIME":
      return timeOf(
        (text) => parseTime(text),
        (ms) => ((ms % DAY_MS) + DAY_MS) % DAY_MS,
        refuse,
      );
    case "TIMESTAMP":
    case "TIMESTAMP_LTZ":
      return timeOf(
        (text) => parseTimestampFor(type.precision!, text.replace("T", " ").replace("Z", "")),
        (ms) => ms,
        refuse,
      );
    case "BINARY":
    case "VARBINARY":
      return (value) => (value instanceof Uint8Array ? value : refuse(value));
    case "ARRAY": {
      const element = toInternal(type.element!, `an element of ${what}`);
      return (value) => (Array.isArray(value) ? value.map(element) : refuse(value));
    }
    case "MAP":
      return entriesOf(toInternal(type.key!, `a key of ${what}`), toInternal(type.value!, `a value of ${what}`), refuse);
    case "MULTISET":
      return entriesOf(toInternal(type.element!, `an element of ${what}`), number, refuse);
    case "ROW":
    case "STRUCTURED":
      return rowOf(type, what, refuse);
    default:
      return (value) => value;
  }
}

function wholeNumber(bits: number, refuse: (value: unknown) => never): Convert {
  const bound = 2 ** bits;
  return (value) => (typeof value === "number" && Number.isInteger(value) && value >= -bound && value < bound ? value : refuse(value));
}

function timeOf(parse: (text: string) => Timestamp | null, ofMs: (ms: number) => number, refuse: (value: unknown) => never): Convert {
  return (value) => {
    if (value instanceof Date) return ofMs(value.getTime());
    if (typeof value === "number") return value;
    if (typeof value === "string") return parse(value) ?? refuse(value);
    return refuse(value);
  };
}

function entriesOf(key: Convert, item: Convert, refuse: (value: unknown) => never): Convert {
  return (value) => {
    if (value instanceof Map) return [...value].map(([k, v]) => [key(k), item(v)]);
    if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype)
      return Object.entries(value as object).map(([k, v]) => [key(k), item(v)]);
    return refuse(value);
  };
}

/** Rows by name or position, arrays and tuples by position, objects by name. */
function rowOf(type: LogicalType, what: string, refuse: (value: unknown) => never): Convert {
  const names = type.fields!.map(({ name }) => name);
  const converts = type.fields!.map((field) => toInternal(field.type, `field '${field.name}' of ${what}`));
  const read = fieldReader(names);
  return (value) => {
    const values = read(value);
    return values === null ? refuse(value) : converts.map((convert, i) => convert(values[i]));
  };
}

/** The fields of whatever a program may give for a row of these columns; null = it cannot be read so. */
export function fieldReader(names: readonly string[]): (value: unknown) => readonly unknown[] | null {
  const width = names.length;
  return (value) => {
    if (value instanceof Row) {
      const known = value.getFieldNames(true);
      if (known !== null && names.every((name) => known.has(name))) return names.map((name) => value.getField(name));
      return known !== null && value.getFieldNames() !== null
        ? null
        : value.getArity() === width
          ? names.map((_, i) => value.getField(i))
          : null;
    }
    if (Array.isArray(value)) return value.length === width ? value : null;
    if (typeof value !== "object" || value === null || value instanceof Date || value instanceof Map || value instanceof Uint8Array)
      return width === 1 ? [value] : null;
    const fields = value as Readonly<Record<string, unknown>>;
    if ("f0" in fields && !names.some((name) => name in fields)) return names.map((_, i) => fields[`f${i}`]);
    return names.map((name) => fields[name]);
  };
}

function wrongValue(value: unknown, type: LogicalType, what: string): Diagnostic {
  const text =
    typeof value === "object" ? `an object (${(value as object).constructor?.name ?? "Object"})` : `${typeof value} ${String(value)}`;
  return new Diagnostic({
    code: "TABLE_VALUE",
    phase: "runtime",
    message: `The value of ${what} is no ${typeName(type)}.`,
    found: text,
    expected: typeName(type),
  });
}
