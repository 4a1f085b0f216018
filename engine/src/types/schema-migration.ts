/**
 * How values of a compatible type become values of the declared one. As Flink's restore serializers do it: an object is made by its class, the
 * fields it still has are set, new ones keep what the class gives them, else 0, false or null by their type; fields that are gone are dropped.
 * Objects become instances of the running program's class, which is another one than the class of the program that wrote them.
 */
import { Diagnostic } from "../base/diagnostic.ts";
import type { FieldSnapshot, SerializerSnapshot, TypeSerializer } from "./type-serializer.ts";

type Change = (value: unknown) => unknown;
type Snapshot<K extends SerializerSnapshot["kind"]> = Extract<SerializerSnapshot, { readonly kind: K }>;

/**
 * Rewrites a value, into the running program's classes too; null = values may stay as they are. To be asked only for compatible types.
 *
 * @param before what the snapshot remembers; where it remembers nothing, values are taken to be of the declared type.
 */
export function migrationOf(now: TypeSerializer, before: SerializerSnapshot): Change | null {
  return migration(now.snapshot, before.kind === "untyped" ? now.snapshot : before, now.classes);
}

function migration(now: SerializerSnapshot, before: SerializerSnapshot, classes: TypeSerializer["classes"]): Change | null {
  switch (now.kind) {
    case "pojo":
      return before.kind === "pojo" ? pojoMigration(now, before, classes) : null;
    case "generic":
      return before.kind === "generic" ? genericMigration(now, before, classes) : null;
    case "enum":
      return before.kind === "enum" ? enumMigration(now, before) : null;
    case "tuple":
      return before.kind === "tuple" ? fieldwise(now.fields.map((field, index) => migration(field, before.fields[index], classes))) : null;
    case "row":
      return before.kind === "row" ? rowMigration(now.fields, before.fields, classes) : null;
    case "list": {
      const element = before.kind === "list" ? migration(now.element, before.element, classes) : null;
      return element === null ? null : nullable((list) => [...(list as Iterable<unknown>)].map(element));
    }
    case "map": {
      const value = before.kind === "map" ? migration(now.value, before.value, classes) : null;
      return value === null ? null : nullable((map) => new Map([...(map as Map<unknown, unknown>)].map(([key, old]) => [key, value(old)])));
    }
    case "ttl":
      return before.kind === "ttl" ? migration(now.value, before.value, classes) : null;
    case "basic":
    case "untyped":
      return null;
  }
}

function nullable(change: Change): Change {
  return (value) => (value === null || value === undefined ? value : change(value));
}

function pojoMigration(now: Snapshot<"pojo">, before: Snapshot<"pojo">, classes: TypeSerializer["classes"]): Change {
  const Pojo = classes.get(now.className);
  const old = new Map(before.fields.map(({ name, type }) => [name, type]));
  const added = now.fields.filter(({ name }) => !old.has(name));
  const changes = new Map<string, Change | null>();
  for (const { name, type } of now.fields) {
    const was = old.get(name);
    if (was !== undefined) changes.set(name, migration(type, was, classes));
  }
  const dropped = new Set(before.fields.flatMap(({ name }) => (changes.has(name) ? [] : [name])));
  return nullable((value) => {
    const target = (Pojo === undefined ? {} : new Pojo()) as Record<string, unknown>;
    for (const { name, type } of added) target[name] ??= defaultOf(type);
    // Fields that no type speaks of stay: JavaScript's objects may have more than their class says.
    for (const [name, field] of Object.entries(value as object)) {
      if (dropped.has(name)) continue;
      const change = changes.get(name);
      target[name] = change === undefined || change === null ? field : change(field);
    }
    return target;
  });
}

/** Flink's value of a new field that the class does not initialize. */
function defaultOf(type: SerializerSnapshot): unknown {
  if (type.kind !== "basic") return null;
  if (type.name === "Boolean") return false;
  return ["Byte", "Short", "Integer", "Long", "Float", "Double", "Number"].includes(type.name) ? 0 : null;
}

/** Kryo writes the fields one after the other without their names: what is read must be what was written, but for fields at the end. */
function genericMigration(now: Snapshot<"generic">, before: Snapshot<"generic">, classes: TypeSerializer["classes"]): Change | null {
  const Generic = classes.get(now.className);
  if (now.fields === null || before.fields === null) return Generic === undefined ? null : nullable((value) => instanceOf(Generic, value));
  const { fields } = now;
  if (!fields.every((name, index) => name === before.fields?.[index])) {
    return nullable(() => {
      throw genericChanged(now, before);
    });
  }
  const dropped = new Set(before.fields.slice(fields.length));
  return nullable((value) => {
    const kept = Object.fromEntries(Object.entries(value as object).filter(([name]) => !dropped.has(name)));
    return Generic === undefined ? kept : instanceOf(Generic, kept);
  });
}

function instanceOf(Class: new () => object, value: unknown): object {
  return Object.assign(Object.create(Class.prototype as object) as object, value);
}

function genericChanged(now: Snapshot<"generic">, before: Snapshot<"generic">): Diagnostic {
  return new Diagnostic({
    code: "STATE_GENERIC_CHANGED",
    phase: "runtime",
    message: `Values of the generic type ${now.className} cannot be read back. Buffer underflow: its fields have changed.`,
    found: `fields ${now.fields?.join(", ")}`,
    expected: `fields ${before.fields?.join(", ")}, as they were written`,
    hint: "Kryo writes fields without their names, so generic types do not evolve. Use Types.POJO(…) for state that is to outlive its program.",
  });
}

/** Values may be numbers that have been dealt out anew; they keep their constants. */
function enumMigration(now: Snapshot<"enum">, before: Snapshot<"enum">): Change | null {
  const values = new Map(now.constants);
  const changed = new Map(
    before.constants.flatMap(([name, value]) => (values.get(name) === value ? [] : [[value, values.get(name)] as const])),
  );
  if (changed.size === 0) return null;
  return (value) => (changed.has(value as string) ? changed.get(value as string) : value);
}

/** Fields of a tuple (f0 …) or of an array. */
function fieldwise(changes: readonly (Change | null)[]): Change | null {
  if (changes.every((change) => change === null)) return null;
  return nullable((value) => {
    const copy = (Array.isArray(value) ? [...value] : instanceLike(value as object)) as Record<string | number, unknown>;
    for (const [index, change] of changes.entries()) {
      const field = Array.isArray(value) ? index : `f${index}`;
      if (change !== null) copy[field] = change(copy[field]);
    }
    return copy;
  });
}

function instanceLike(value: object): object {
  return Object.assign(Object.create(Object.getPrototypeOf(value) as object) as object, value);
}

function rowMigration(now: readonly FieldSnapshot[], before: readonly FieldSnapshot[], classes: TypeSerializer["classes"]): Change | null {
  const changes = now.map(({ name, type }, index) => ({ name, change: migration(type, before[index].type, classes) }));
  if (changes.every(({ change }) => change === null)) return null;
  return nullable((value) => {
    const copy = { ...(value as Record<string, unknown>) };
    for (const { name, change } of changes) if (change !== null) copy[name] = change(copy[name]);
    return copy;
  });
}
