/**
 * What snapshots remember of the types that a program names. A class says little in JavaScript: its fields show in an object of it, so one is
 * made, without arguments, as Flink demands of a POJO too. Where that fails or shows no field the type is generic, as in Flink.
 */
import {
  composed,
  type DescribedType,
  type FieldSnapshot,
  type SerializerSnapshot,
  serializerOf,
  type TypeSerializer,
  UNTYPED,
} from "../types/type-serializer.ts";
import { Tuple } from "./tuple.ts";

type Class = abstract new (...args: never[]) => unknown;

export function basicSerializer(name: string): TypeSerializer {
  return { snapshot: { kind: "basic", name }, classes: new Map() };
}

export function composedOf(
  parts: readonly DescribedType[],
  snapshot: (parts: readonly SerializerSnapshot[]) => SerializerSnapshot,
): TypeSerializer {
  const serializers = parts.map(serializerOf);
  return composed(serializers, snapshot(serializers.map((serializer) => serializer.snapshot)));
}

export function rowSerializer(names: readonly string[], types: readonly DescribedType[]): TypeSerializer {
  return composedOf(types, (fields) => ({ kind: "row", fields: fields.map((type, index) => ({ name: names[index], type })) }));
}

/** TypeScript's own enums with numbers map both ways; what leads from a number to a name is no constant. */
export function enumSerializer(className: string, values: Readonly<Record<string, string | number>>): TypeSerializer {
  const constants = Object.entries(values).filter(([name, value]) => !(typeof value === "string" && values[value] === Number(name)));
  return { snapshot: { kind: "enum", className, constants }, classes: new Map() };
}

/** A POJO when its fields are known, else a generic type. JavaScript's own classes of values are basic types. */
export function classSerializer(type: Class, named?: Readonly<Record<string, DescribedType>>): TypeSerializer {
  const basic = BASIC_CLASSES.get(type);
  if (basic !== undefined) return basicSerializer(basic);
  const sample = sampleOf(type);
  const fields = named === undefined ? fieldsOf(sample) : fieldsNamed(named);
  if (fields.length === 0) return genericSerializer(type);
  const own: TypeSerializer["classes"] = sample === null ? new Map() : new Map([[type.name, type as unknown as new () => object]]);
  const nested = named === undefined ? [] : Object.values(named).map((field) => serializerOf(field).classes);
  const snapshot: SerializerSnapshot = { kind: "pojo", className: type.name, fields };
  return { snapshot, classes: new Map([...own, ...nested.flatMap((classes) => [...classes])]) };
}

export function genericSerializer(type: Class): TypeSerializer {
  const sample = sampleOf(type);
  const fields = sample === null ? [] : Object.keys(sample).sort();
  const classes: TypeSerializer["classes"] = sample === null ? new Map() : new Map([[type.name, type as unknown as new () => object]]);
  return { snapshot: { kind: "generic", className: type.name, fields: fields.length === 0 ? null : fields }, classes };
}

const BASIC_CLASSES: ReadonlyMap<Class, string> = new Map<Class, string>([
  [String, "String"],
  [Number, "Number"],
  [Boolean, "Boolean"],
  [Date, "Instant"],
]);

/** An object of the class; null when it takes arguments or cannot be made. */
function sampleOf(type: Class): object | null {
  if (type.length > 0) return null;
  try {
    const sample: unknown = new (type as unknown as new () => unknown)();
    return typeof sample === "object" ? sample : null;
  } catch {
    // The user's constructor wants something: not a POJO.
    return null;
  }
}

function fieldsOf(sample: object | null): FieldSnapshot[] {
  return sortedByName(Object.entries(sample ?? {}).map(([name, value]) => ({ name, type: shownBy(value) })));
}

function fieldsNamed(named: Readonly<Record<string, DescribedType>>): FieldSnapshot[] {
  return sortedByName(Object.entries(named).map(([name, type]) => ({ name, type: serializerOf(type).snapshot })));
}

function sortedByName(fields: FieldSnapshot[]): FieldSnapshot[] {
  return fields.sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** The type of what `make` gives, asked for when a state of it is opened; unknown when it gives nothing that shows one. */
export function typeShownBy(make: () => unknown): DescribedType {
  return {
    get serializer(): TypeSerializer {
      return serializerShownBy(make());
    },
  };
}

function serializerShownBy(value: unknown): TypeSerializer {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { snapshot: shownBy(value), classes: new Map() };
  if (value instanceof Tuple) {
    const fields = Array.from({ length: value.getArity() }, (_, position) => serializerShownBy(value.getField(position)));
    return composed(fields, { kind: "tuple", fields: fields.map(({ snapshot }) => snapshot) });
  }
  const type: unknown = value.constructor;
  return type === Object || typeof type !== "function" ? UNTYPED : classSerializer(type as Class);
}

/** The type of a field, from its first value: what kind of number it is does not show, nor what will be in a list. */
function shownBy(value: unknown): SerializerSnapshot {
  switch (typeof value) {
    case "string":
      return { kind: "basic", name: "String" };
    case "boolean":
      return { kind: "basic", name: "Boolean" };
    case "number":
      return { kind: "basic", name: "Number" };
    case "bigint":
      return { kind: "basic", name: "BigInteger" };
    default:
      return { kind: "untyped" };
  }
}
