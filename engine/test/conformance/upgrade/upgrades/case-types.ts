/** The types that cases name, as a program of ours has them: classes are made anew for every evaluation of a program. */
import { Tuple2, Tuple3, type TypeInformation, Types } from "../../../../src/index.ts";
import type { Json, JsonObject } from "../../datastream/case-format.ts";

/** A type with its way between the case's JSON and a program's values. */
export interface CaseType {
  readonly type: TypeInformation<unknown>;
  fromJson(json: Json): unknown;
  toJson(value: unknown): Json;
}

/** @param spec absent = text that is JSON. */
export function caseTypeOf(spec: Json | undefined, classes: CaseClasses): CaseType {
  if (spec === undefined || spec === null || spec === "json") return JSON_TEXT;
  if (typeof spec === "object") return classes.typeOf(spec as JsonObject);
  switch (spec) {
    case "int":
      return plain(Types.INT, (json) => Math.trunc(Number(json)));
    case "long":
      return plain(Types.LONG, (json) => Math.trunc(Number(json)));
    case "double":
      return plain(Types.DOUBLE, Number);
    case "bool":
      return plain(Types.BOOLEAN, (json) => json === true);
    case "string":
      return plain(Types.STRING, asText);
    case "tuple2<string,int>":
      return tuple(Types.TUPLE(Types.STRING, Types.INT), ([f0, f1]) => Tuple2.of(asText(f0), Number(f1)));
    case "tuple2<string,long>":
      return tuple(Types.TUPLE(Types.STRING, Types.LONG), ([f0, f1]) => Tuple2.of(asText(f0), Number(f1)));
    case "tuple3<string,int,int>":
      return tuple(Types.TUPLE(Types.STRING, Types.INT, Types.INT), ([f0, f1, f2]) => Tuple3.of(asText(f0), Number(f1), Number(f2)));
    default:
      throw new Error(`unknown type ${JSON.stringify(spec)}`);
  }
}

const JSON_TEXT: CaseType = {
  type: Types.STRING,
  fromJson: (json) => JSON.stringify(json),
  toJson: (value) => (value === null || value === undefined ? null : (JSON.parse(value as string) as Json)),
};

function asText(json: Json): string {
  return typeof json === "string" ? json : JSON.stringify(json);
}

function plain(type: TypeInformation<never> | TypeInformation<unknown>, fromJson: (json: Json) => unknown): CaseType {
  return {
    type: type as TypeInformation<unknown>,
    fromJson: (json) => (json === null ? null : fromJson(json)),
    toJson: (value) => (value ?? null) as Json,
  };
}

function tuple(type: TypeInformation<never> | TypeInformation<unknown>, make: (fields: Json[]) => object): CaseType {
  return {
    type: type as TypeInformation<unknown>,
    fromJson: (json) => (json === null ? null : make(json as Json[])),
    toJson: (value) => (value === null || value === undefined ? null : (Object.values(value as object) as Json[])),
  };
}

const FIELD_TYPES: Readonly<Record<string, { readonly type: TypeInformation<unknown>; readonly initial: Json }>> = {
  int: { type: Types.INT as TypeInformation<unknown>, initial: 0 },
  long: { type: Types.LONG as TypeInformation<unknown>, initial: 0 },
  double: { type: Types.DOUBLE as TypeInformation<unknown>, initial: 0 },
  bool: { type: Types.BOOLEAN as TypeInformation<unknown>, initial: false },
  string: { type: Types.STRING as TypeInformation<unknown>, initial: null },
};

/** The classes of one evaluation of a program. */
export class CaseClasses {
  private readonly types = new Map<string, CaseType>();

  typeOf(spec: JsonObject): CaseType {
    const name = (spec["pojo"] ?? spec["enum"] ?? spec["generic"]) as string;
    let type = this.types.get(name);
    if (type === undefined) {
      type = "enum" in spec ? enumType(name, spec["values"] as string[]) : objectType(name, spec);
      this.types.set(name, type);
    }
    return type;
  }
}

function enumType(name: string, values: readonly string[]): CaseType {
  return plain(Types.ENUM(Object.fromEntries(values.map((value) => [value, value])), name), (json) => json);
}

function objectType(name: string, spec: JsonObject): CaseType {
  const fields = Object.entries(spec["fields"] as Record<string, string>);
  const Class = {
    [name]: class {
      constructor() {
        for (const [field, type] of fields) (this as unknown as Record<string, Json>)[field] = FIELD_TYPES[type].initial;
      }
    },
  }[name];
  const types = Object.fromEntries(fields.map(([field, type]) => [field, FIELD_TYPES[type].type]));
  const type = "pojo" in spec ? Types.POJO<object>(Class, types as never) : Types.GENERIC(Class);
  return {
    type,
    fromJson(json) {
      if (json === null) return null;
      const object = new Class() as Record<string, unknown>;
      for (const [field, fieldType] of fields) {
        const given = (json as JsonObject)[field];
        if (given !== undefined && given !== null) object[field] = fieldType === "string" ? asText(given) : given;
      }
      return object;
    },
    toJson(value) {
      if (value === null || value === undefined) return null;
      // What Java could not hold is no value of this class.
      if (!(value instanceof Class)) throw new TypeError(`a value of ${name} is no object of that class`);
      return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))) as JsonObject;
    },
  };
}

/** Names of the classes that a job's types speak of: what is in its jar. */
export function classNamesOf(spec: unknown): Set<string> {
  const names = new Set<string>();
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    const { pojo, generic, enum: enumName, fields, values } = part as Record<string, unknown>;
    if (fields !== undefined && (pojo ?? generic) !== undefined) names.add((pojo ?? generic) as string);
    if (values !== undefined && enumName !== undefined) names.add(enumName as string);
    for (const nested of Object.values(part)) visit(nested);
  };
  visit(spec);
  return names;
}
