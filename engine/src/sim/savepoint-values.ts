/**
 * Values in state as JSON and back: what JSON has no word for is written as an object with one field that begins with "$".
 *
 * Instances of the engine's own classes come back as such. A class of the learner's belongs to a program, and a file to none: its objects come
 * back with their fields, and become instances again where state of a POJO type is asked for (types/schema-migration.ts).
 */
import { Tuple } from "../datastream/tuple.ts";
import * as tuples from "../datastream/tuples.ts";
import { GlobalWindow, TimeWindow } from "../operators/windowing/window.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [field: string]: Json };

export function valueToJson(value: unknown): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { $number: Object.is(value, -0) ? "-0" : String(value) };
    case "bigint":
      return { $bigint: String(value) };
    case "undefined":
      return { $undefined: true };
    default:
      return value === null ? null : objectToJson(value as object);
  }
}

function objectToJson(value: object): Json {
  if (Array.isArray(value)) return Array.from(value, valueToJson);
  if (value instanceof Date) return { $date: Number.isNaN(value.getTime()) ? null : value.getTime() };
  if (value instanceof Map) return { $map: [...value].map(([key, element]) => [valueToJson(key), valueToJson(element)]) };
  if (value instanceof Set) return { $set: [...value].map(valueToJson) };
  if (value instanceof Uint8Array) return { $bytes: [...value] };
  if (value instanceof TimeWindow) return { $timeWindow: [value.start, value.end] };
  if (value instanceof GlobalWindow) return { $globalWindow: true };
  if (value instanceof Tuple) return { $tuple: Array.from({ length: value.getArity() }, (_, field) => valueToJson(value.getField(field))) };
  const fields = Object.entries(value).map(([name, field]) => [name, valueToJson(field)] as const);
  // A plain object that looks like one of ours is written as a list of fields.
  if (fields.some(([name]) => name.startsWith("$") || name === "__proto__")) return { $fields: fields };
  return Object.fromEntries(fields);
}

export function valueFromJson(json: Json): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(valueFromJson);
  const entries = Object.entries(json as { readonly [field: string]: Json });
  const [first] = entries;
  if (entries.length === 1 && first[0].startsWith("$")) return tagged(first[0], first[1]);
  return Object.fromEntries(entries.map(([name, field]) => [name, valueFromJson(field)]));
}

function tagged(tag: string, json: Json): unknown {
  const list = json as readonly Json[];
  const pairs = json as readonly (readonly [Json, Json])[];
  switch (tag) {
    case "$number":
      return Number(json);
    case "$bigint":
      return BigInt(json as string);
    case "$undefined":
      return undefined;
    case "$date":
      return new Date(json === null ? Number.NaN : (json as number));
    case "$map":
      return new Map(pairs.map(([key, value]) => [valueFromJson(key), valueFromJson(value)]));
    case "$set":
      return new Set(list.map(valueFromJson));
    case "$bytes":
      return Uint8Array.from(list as readonly number[]);
    case "$timeWindow":
      return new TimeWindow(list[0] as number, list[1] as number);
    case "$globalWindow":
      return GlobalWindow.get();
    case "$tuple":
      return tupleOf(list.map(valueFromJson));
    case "$fields": {
      const object: Record<string, unknown> = {};
      for (const [name, value] of pairs) {
        Object.defineProperty(object, name as string, {
          value: valueFromJson(value),
          enumerable: true,
          writable: true,
          configurable: true,
        });
      }
      return object;
    }
    default:
      throw new RangeError(`unknown tag ${tag} in a value of state`);
  }
}

function tupleOf(fields: readonly unknown[]): unknown {
  const TupleN = (tuples as unknown as Record<string, new (...fields: readonly unknown[]) => unknown>)[`Tuple${fields.length}`];
  return new TupleN(...fields);
}
