/**
 * What a program says about the types of its state, as data: what Flink keeps as `TypeSerializerSnapshot` beside state, and compares when
 * another program takes the state over (schema-compatibility.ts, schema-migration.ts). How values are written is not its matter: that is one
 * form for all (value-codec.ts), and so are sizes.
 */

/** A type as a snapshot remembers it. Plain data. */
export type SerializerSnapshot =
  /** A value of a type with a name of its own: `Integer`, `String`, `Instant` … `Number` is any number, where nobody said which. */
  | { readonly kind: "basic"; readonly name: string }
  /** An object of a class with known fields, sorted by name. */
  | { readonly kind: "pojo"; readonly className: string; readonly fields: readonly FieldSnapshot[] }
  /** One of some constants, as [name, value]. */
  | { readonly kind: "enum"; readonly className: string; readonly constants: readonly (readonly [string, string | number])[] }
  /** Fields by position, `f0` … or an array. */
  | { readonly kind: "tuple"; readonly fields: readonly SerializerSnapshot[] }
  | { readonly kind: "row"; readonly fields: readonly FieldSnapshot[] }
  | { readonly kind: "list"; readonly element: SerializerSnapshot }
  | { readonly kind: "map"; readonly key: SerializerSnapshot; readonly value: SerializerSnapshot }
  /** An object that Flink leaves to Kryo. `fields` are those of a new object, sorted; null when none could be made. */
  | { readonly kind: "generic"; readonly className: string; readonly fields: readonly string[] | null }
  /** A value with the time of its last use. */
  | { readonly kind: "ttl"; readonly value: SerializerSnapshot }
  /** The program said nothing: any plain data, written with the names of its fields. */
  | { readonly kind: "untyped" };

export interface FieldSnapshot {
  readonly name: string;
  readonly type: SerializerSnapshot;
}

/** A type as a running program knows it: the description, and the classes that it speaks of. */
export interface TypeSerializer {
  readonly snapshot: SerializerSnapshot;
  /** By name. Each can be made without arguments. */
  readonly classes: ReadonlyMap<string, new () => object>;
}

/** What descriptors and streams hold of a type; `TypeInformation` is one. */
export interface DescribedType {
  /** undefined when only the compiler knows more. */
  readonly serializer: TypeSerializer | undefined;
}

export const UNTYPED: TypeSerializer = { snapshot: { kind: "untyped" }, classes: new Map() };

/** The serializer behind whatever a descriptor was given for a type. */
export function serializerOf(typeInfo: unknown): TypeSerializer {
  return (typeInfo as DescribedType | null | undefined)?.serializer ?? UNTYPED;
}

/** A serializer made of others. */
export function composed(parts: readonly TypeSerializer[], snapshot: SerializerSnapshot): TypeSerializer {
  return { snapshot, classes: new Map(parts.flatMap(({ classes }) => [...classes])) };
}

/** The names of a program's classes: what is its class path in Flink. */
export type ClassNames = Pick<ReadonlySet<string>, "has">;

/** Names of the classes without which values of the type cannot be made. */
export function classNamesIn(snapshot: SerializerSnapshot): readonly string[] {
  switch (snapshot.kind) {
    case "pojo":
      return [snapshot.className, ...snapshot.fields.flatMap(({ type }) => classNamesIn(type))];
    case "enum":
    case "generic":
      return [snapshot.className];
    case "tuple":
      return snapshot.fields.flatMap(classNamesIn);
    case "row":
      return snapshot.fields.flatMap(({ type }) => classNamesIn(type));
    case "list":
      return classNamesIn(snapshot.element);
    case "map":
      return [...classNamesIn(snapshot.key), ...classNamesIn(snapshot.value)];
    case "ttl":
      return classNamesIn(snapshot.value);
    case "basic":
    case "untyped":
      return [];
  }
}

/** The type under the name that Flink's messages give its serializer. */
export function serializerName(snapshot: SerializerSnapshot): string {
  switch (snapshot.kind) {
    case "basic":
      return `${snapshot.name === "Integer" ? "Int" : snapshot.name}Serializer`;
    case "pojo":
      return `PojoSerializer of ${snapshot.className}`;
    case "enum":
      return `EnumSerializer of ${snapshot.className}`;
    case "tuple":
      return "TupleSerializer";
    case "row":
      return "RowSerializer";
    case "list":
      return "ListSerializer";
    case "map":
      return "MapSerializer";
    case "generic":
      return `KryoSerializer of ${snapshot.className}`;
    case "ttl":
      return "TtlSerializer";
    case "untyped":
      return "serializer of plain data";
  }
}

/** The type as a program writes it. */
export function typeText(snapshot: SerializerSnapshot): string {
  switch (snapshot.kind) {
    case "basic":
      return snapshot.name;
    case "pojo":
      return `${snapshot.className}(${fieldsText(snapshot.fields)})`;
    case "enum":
      return `${snapshot.className}(${snapshot.constants.map(([name]) => name).join(", ")})`;
    case "tuple":
      return `Tuple${snapshot.fields.length}<${snapshot.fields.map(typeText).join(", ")}>`;
    case "row":
      return `Row(${fieldsText(snapshot.fields)})`;
    case "list":
      return `List<${typeText(snapshot.element)}>`;
    case "map":
      return `Map<${typeText(snapshot.key)}, ${typeText(snapshot.value)}>`;
    case "generic":
      return `GenericType<${snapshot.className}>`;
    case "ttl":
      return `${typeText(snapshot.value)} with time to live`;
    case "untyped":
      return "plain data of no declared type";
  }
}

function fieldsText(fields: readonly FieldSnapshot[]): string {
  return fields.map(({ name, type }) => `${name}: ${typeText(type)}`).join(", ");
}
