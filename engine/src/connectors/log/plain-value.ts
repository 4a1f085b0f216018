/**
 * Values as they lie in the log: plain JSON data that shares nothing with the program that wrote or reads them.
 *
 * `toPlainValue` is what a JSON serializer would write: own enumerable fields, `undefined` fields left out, `toJSON` honoured (dates
 * become ISO texts). Like Jackson, not like `JSON.stringify`, it keeps NaN and the infinities visible as texts "NaN", "Infinity",
 * "-Infinity"; bigints become numbers when they fit, else texts.
 */
import { Diagnostic } from "../../base/diagnostic.ts";

const MAX_DEPTH = 200;

/** A plain copy of any value. Throws Diagnostic SINK_VALUE_NOT_SERIALIZABLE for functions, symbols and cycles. */
export function toPlainValue(value: unknown): unknown {
  return plain(value, 0);
}

function plain(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "undefined":
      return null;
    case "bigint":
      return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value.toString();
    case "object":
      return value === null ? null : plainObject(value, depth);
    default:
      throw notSerializable(`a ${typeof value}`, "Emit plain data: numbers, strings, booleans, arrays and objects of them.");
  }
}

function plainObject(value: object, depth: number): unknown {
  if (depth > MAX_DEPTH) {
    throw notSerializable("an object that contains itself (or is nested very deeply)", "Emit a copy of the fields you need.");
  }
  if (Array.isArray(value)) return plainArray(value, depth);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return plain(toJSON.call(value), depth + 1);
  if (value instanceof Set) return [...value].map((element) => plain(element, depth + 1));
  const entries = value instanceof Map ? [...value].map(([key, mapped]) => [String(key), mapped] as const) : Object.entries(value);
  const copy: Record<string, unknown> = {};
  for (const [name, field] of entries) {
    if (field === undefined) continue;
    const fieldCopy = plain(field, depth + 1);
    // A field called __proto__ must stay a field.
    if (name === "__proto__") Object.defineProperty(copy, name, { value: fieldCopy, enumerable: true, configurable: true, writable: true });
    else copy[name] = fieldCopy;
  }
  return copy;
}

/** Not with the array's own `map`: a program may have put one there, and what that gives would be in the log as it is. */
function plainArray(value: readonly unknown[], depth: number): unknown[] {
  const copy: unknown[] = [];
  for (let index = 0; index < value.length; index++) copy.push(plain(value[index], depth + 1));
  return copy;
}

function notSerializable(found: string, hint: string): Diagnostic {
  return new Diagnostic({
    code: "SINK_VALUE_NOT_SERIALIZABLE",
    message: `The sink cannot serialize ${found}.`,
    phase: "runtime",
    found,
    expected: "plain data",
    hint,
  });
}
