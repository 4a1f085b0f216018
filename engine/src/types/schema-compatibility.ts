/**
 * Whether state of one type can be taken over by a program that declares another. Flink: `TypeSerializerSnapshot.resolveSchemaCompatibility`
 * (docs/dev/datastream/fault-tolerance/serialization/schema_evolution).
 *
 * What may change: fields of a POJO may come and go, constants of an enum may be added and reordered. What may not: the type of a field, the
 * name of a class, the arity of a tuple, any basic type (Integer to Long too), anything of a generic type. A part that may not change makes
 * the whole incompatible, wherever it is nested; otherwise a part that must be rewritten has the whole rewritten.
 *
 * Where a program declares nothing, plain data is written with the names of its fields and nothing is compared.
 */
import { type FieldSnapshot, type SerializerSnapshot, typeText } from "./type-serializer.ts";

/** Flink: `TypeSerializerSchemaCompatibility`. */
export type SchemaCompatibility =
  | { readonly kind: "asIs" }
  /** Values must be rewritten. */
  | { readonly kind: "afterMigration" }
  /** Values stay; the new serializer has learned from the old one. */
  | { readonly kind: "reconfigured" }
  /** `reason` names the part and what it was. */
  | { readonly kind: "incompatible"; readonly reason: string };

const AS_IS: SchemaCompatibility = { kind: "asIs" };
const AFTER_MIGRATION: SchemaCompatibility = { kind: "afterMigration" };
const RECONFIGURED: SchemaCompatibility = { kind: "reconfigured" };

/** @param now what the program declares. @param before what the snapshot remembers. */
export function resolveSchemaCompatibility(now: SerializerSnapshot, before: SerializerSnapshot): SchemaCompatibility {
  return resolve(now, before, "");
}

function resolve(now: SerializerSnapshot, before: SerializerSnapshot, path: string): SchemaCompatibility {
  if (now.kind === "untyped" || before.kind === "untyped") return AS_IS;
  switch (now.kind) {
    case "basic":
      return before.kind === "basic" && sameBasic(now.name, before.name) ? AS_IS : changed(now, before, path);
    case "pojo":
      return before.kind === "pojo" && before.className === now.className
        ? resolvePojo(now.fields, before.fields, path)
        : changed(now, before, path);
    case "enum":
      if (before.kind !== "enum" || before.className !== now.className) return changed(now, before, path);
      return now.constants.length === before.constants.length && now.constants.every(([name], index) => name === before.constants[index][0])
        ? AS_IS
        : RECONFIGURED;
    case "tuple":
      if (before.kind !== "tuple" || before.fields.length !== now.fields.length) return changed(now, before, path);
      return worst(now.fields.map((field, index) => resolve(field, before.fields[index], `${path}.f${index}`)));
    case "row":
      return before.kind === "row" && sameNames(now.fields, before.fields)
        ? worst(now.fields.map(({ name, type }, index) => resolve(type, before.fields[index].type, `${path}.${name}`)))
        : changed(now, before, path);
    case "list":
      return before.kind === "list" ? resolve(now.element, before.element, `${path}[]`) : changed(now, before, path);
    case "map":
      return before.kind === "map"
        ? worst([resolve(now.key, before.key, `${path}.key`), resolve(now.value, before.value, `${path}.value`)])
        : changed(now, before, path);
    case "generic":
      return before.kind === "generic" && before.className === now.className ? AS_IS : changed(now, before, path);
    case "ttl":
      return before.kind === "ttl" ? resolve(now.value, before.value, path) : changed(now, before, path);
  }
}

function resolvePojo(now: readonly FieldSnapshot[], before: readonly FieldSnapshot[], path: string): SchemaCompatibility {
  const old = new Map(before.map(({ name, type }) => [name, type]));
  const kept = now.flatMap(({ name, type }) => {
    const was = old.get(name);
    return was === undefined ? [] : [resolve(type, was, `${path}.${name}`)];
  });
  const nested = worst(kept);
  if (nested.kind === "incompatible") return nested;
  return kept.length === now.length && kept.length === before.length ? nested : AFTER_MIGRATION;
}

function worst(parts: readonly SchemaCompatibility[]): SchemaCompatibility {
  return (
    parts.find(({ kind }) => kind === "incompatible") ??
    parts.find(({ kind }) => kind === "afterMigration") ??
    parts.find(({ kind }) => kind === "reconfigured") ??
    AS_IS
  );
}

const NUMBERS: ReadonlySet<string> = new Set(["Byte", "Short", "Integer", "Long", "Float", "Double", "Number"]);

function sameBasic(now: string, before: string): boolean {
  if (now === before) return true;
  return (now === "Number" || before === "Number") && NUMBERS.has(now) && NUMBERS.has(before);
}

function sameNames(now: readonly FieldSnapshot[], before: readonly FieldSnapshot[]): boolean {
  return now.length === before.length && now.every(({ name }, index) => name === before[index].name);
}

function changed(now: SerializerSnapshot, before: SerializerSnapshot, path: string): SchemaCompatibility {
  const part = path === "" ? "it" : `"${path.replace(/^\./, "")}"`;
  return { kind: "incompatible", reason: `${part} was ${typeText(before)}, is now ${typeText(now)}` };
}
