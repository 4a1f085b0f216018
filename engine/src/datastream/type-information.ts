/**
 * Flink's descriptions of types, for `returns(…)`, `OutputTag` and state descriptors. TypeScript's own types do the checking and values
 * are plain data, so these only carry a type for the compiler, a name for people, and what the fluent API checks before a job runs:
 * the fields of a tuple, whether a value can be a key.
 */
import type { DescribedType, SerializerSnapshot, TypeSerializer } from "../types/type-serializer.ts";
import type { TupleOf } from "./tuple.ts";
import { basicSerializer, classSerializer, composedOf, enumSerializer, genericSerializer, rowSerializer } from "./type-serializers.ts";

interface TypeDetails {
  readonly fieldTypes?: readonly TypeInformation<unknown>[];
  readonly isKeyType?: boolean;
  /** Absent = made of the field types, or unknown. */
  readonly describe?: () => TypeSerializer;
}

/** Describes the type `T`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export class TypeInformation<T> implements DescribedType {
  /** The type's name, such as `Tuple2<String, Integer>`. */
  readonly typeName: string;
  /** Types of a tuple's fields, undefined for everything else. @internal */
  readonly fieldTypes: readonly TypeInformation<unknown>[] | undefined;
  /** False for arrays, which Java compares by identity (Flink: `TypeInformation.isKeyType`). @internal */
  readonly isKeyType: boolean;
  private readonly describe: (() => TypeSerializer) | undefined;
  /** `Types.LONG` is the same for all jobs of an isolate and frozen there; this can be found out later. */
  #described: TypeSerializer | undefined = undefined;
  /** Only carries the type for inference; never set. */
  declare readonly describedType?: T;

  /** @internal Use `Types` or `TypeInformation.of`. */
  constructor(typeName: string, details: TypeDetails = {}) {
    this.typeName = typeName;
    this.fieldTypes = details.fieldTypes;
    this.isKeyType = details.isKeyType ?? true;
    this.describe = details.describe;
  }

  /** What snapshots remember of the type, found out when it is first asked for: an object of a class may have to be made. @internal */
  get serializer(): TypeSerializer | undefined {
    if (this.#described !== undefined) return this.#described;
    const { describe, fieldTypes } = this;
    if (describe !== undefined) this.#described = Object.freeze(describe());
    else if (fieldTypes !== undefined)
      this.#described = composedOf(fieldTypes, (fields) => Object.freeze({ kind: "tuple", fields: Object.freeze(fields) }));
    return this.#described;
  }

  /** The type of a class, `TypeInformation.of(Event)`, or what a hint keeps: `TypeInformation.of(new TypeHint<Tuple2<string, number>>())`. */
  static of<T>(type: (abstract new (...args: never[]) => T) | TypeHint<T>): TypeInformation<T> {
    if (type instanceof TypeHint) return new TypeInformation<T>("TypeHint");
    return new TypeInformation<T>(type.name, { describe: () => classSerializer(type) });
  }

  /** Number of fields of a tuple, 1 for everything else. */
  getArity(): number {
    return this.fieldTypes?.length ?? 1;
  }

  /** True for tuples. */
  isTupleType(): boolean {
    return this.fieldTypes !== undefined && this.typeName.startsWith("Tuple");
  }

  toString(): string {
    return this.typeName;
  }
}

/**
 * Keeps a generic type: `new TypeHint<Tuple2<string, number>>() {}` in Java, without the braces here.
 * (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization)
 */
export class TypeHint<T> {
  /** Only carries the type for inference; never set. */
  declare readonly describedType?: T;
}

/** Java's names of the numbers that need no object. */
const PRIMITIVE_NAMES: Readonly<Record<string, string>> = {
  Byte: "byte",
  Short: "short",
  Integer: "int",
  Long: "long",
  Float: "float",
  Double: "double",
};

function basic<T>(typeName: string): TypeInformation<T> {
  return new TypeInformation<T>(typeName, { describe: () => basicSerializer(typeName) });
}

function collection<T>(
  typeName: string,
  parts: readonly TypeInformation<unknown>[],
  snapshot: (parts: readonly SerializerSnapshot[]) => SerializerSnapshot,
  isKeyType = true,
): TypeInformation<T> {
  return new TypeInformation<T>(typeName, { isKeyType, describe: () => composedOf(parts, snapshot) });
}

/**
 * The common types, under Flink's names. Numbers of every size are `number`.
 * (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization)
 */
export const Types = {
  /** Nothing: only null. */
  VOID: basic<null>("Void"),
  STRING: basic<string>("String"),
  BOOLEAN: basic<boolean>("Boolean"),
  /** One character, as a text. */
  CHAR: basic<string>("Character"),
  BYTE: basic<number>("Byte"),
  SHORT: basic<number>("Short"),
  INT: basic<number>("Integer"),
  /** A whole number; those beyond ±2^53 are only exact as `bigint` (`BIG_INT`). */
  LONG: basic<number>("Long"),
  FLOAT: basic<number>("Float"),
  DOUBLE: basic<number>("Double"),
  BIG_INT: basic<bigint>("BigInteger"),
  /** A decimal number, which here is a double. */
  BIG_DEC: basic<number>("BigDecimal"),
  /** A point in time to the millisecond, as a `Date`; so are the other times of day and calendar. */
  INSTANT: basic<Date>("Instant"),
  SQL_DATE: basic<Date>("Date"),
  SQL_TIME: basic<Date>("Time"),
  SQL_TIMESTAMP: basic<Date>("Timestamp"),
  LOCAL_DATE: basic<Date>("LocalDate"),
  LOCAL_TIME: basic<Date>("LocalTime"),
  LOCAL_DATE_TIME: basic<Date>("LocalDateTime"),
  /** `TUPLE(Types.STRING, Types.INT)`: a `Tuple2<string, number>`; up to 25 fields. */
  TUPLE: tupleType,
  /** Fields by position: `ROW(Types.STRING, Types.INT)` describes an array `[string, number]`. */
  ROW: <F extends readonly TypeInformation<unknown>[]>(...fields: F): TypeInformation<DescribedFields<F>> =>
    new TypeInformation(`Row(${fields.map((type, position) => `f${position}: ${type}`).join(", ")})`, { fieldTypes: fields }),
  /** Fields by name: `ROW_NAMED(["user", "n"], Types.STRING, Types.INT)` describes `{ user: string, n: number }`. */
  ROW_NAMED: <const N extends readonly string[], F extends { readonly [I in keyof N]: TypeInformation<unknown> }>(
    names: N,
    ...fields: F
  ): TypeInformation<NamedFields<N, F>> =>
    new TypeInformation(`Row(${names.map((name, position) => `${name}: ${fields[position]}`).join(", ")})`, {
      describe: () => rowSerializer(names, fields),
    }),
  /** An array of numbers: `PRIMITIVE_ARRAY(Types.INT)`. No type of a key. */
  PRIMITIVE_ARRAY: (element: TypeInformation<number>): TypeInformation<number[]> =>
    collection(`${PRIMITIVE_NAMES[element.typeName] ?? element.typeName}[]`, [element], listOf, false),
  /** An array of objects: `OBJECT_ARRAY(Types.STRING)`. No type of a key. */
  OBJECT_ARRAY: <T>(element: TypeInformation<T>): TypeInformation<T[]> => collection(`${element}[]`, [element], listOf, false),
  /**
   * Objects of a class with public fields, which keep their class on the way between subtasks. State of such a type evolves: fields may be added
   * and removed by a later version of the program. Flink finds the fields in the class; here they are those of a new object, made without
   * arguments, that have a value, or those that are named: `POJO(Account, { owner: Types.STRING, balance: Types.LONG })`. Without any it is a generic type.
   */
  POJO: <T>(type: abstract new (...args: never[]) => T, fields?: { readonly [F in keyof T]?: TypeInformation<T[F]> }): TypeInformation<T> =>
    new TypeInformation(type.name, {
      describe: () => classSerializer(type, fields as Readonly<Record<string, DescribedType>> | undefined),
    }),
  /** Objects of any class. Flink leaves them to Kryo, so state of such a type does not evolve: its fields may not change. */
  GENERIC: <T>(type: abstract new (...args: never[]) => T): TypeInformation<T> =>
    new TypeInformation(type.name, { describe: () => genericSerializer(type) }),
  /** `ENUM(Color)` for `const Color = { RED: "RED", GREEN: "GREEN" } as const`: one of its values. No type of a key, as in Flink. Constants may be added
   * by a later version of the program, not removed. @param name what savepoints know it by; in Flink its class's. */
  ENUM: <const E extends Readonly<Record<string, string | number>>>(values: E, name = "Enum"): TypeInformation<E[keyof E]> =>
    new TypeInformation(`EnumTypeInfo<${Object.keys(values).join(", ")}>`, {
      isKeyType: false,
      describe: () => enumSerializer(name, values),
    }),
  LIST: <T>(element: TypeInformation<T>): TypeInformation<T[]> => collection(`List<${element}>`, [element], listOf),
  SET: <T>(element: TypeInformation<T>): TypeInformation<Set<T>> => basic(`Set<${element}>`),
  MAP: <K, V>(key: TypeInformation<K>, value: TypeInformation<V>): TypeInformation<Map<K, V>> =>
    collection(`Map<${key}, ${value}>`, [key, value], ([keys, values]) => ({ kind: "map", key: keys, value: values })),
} as const;

function listOf([element]: readonly SerializerSnapshot[]): SerializerSnapshot {
  return { kind: "list", element };
}

type DescribedFields<F extends readonly TypeInformation<unknown>[]> = {
  -readonly [Position in keyof F]: F[Position] extends TypeInformation<infer T> ? T : never;
};

type DescribedTuple<F extends readonly TypeInformation<unknown>[]> = TupleOf<DescribedFields<F>>;

type NamedFields<N extends readonly string[], F extends { readonly [I in keyof N]: TypeInformation<unknown> }> = {
  -readonly [I in Extract<keyof N, `${number}`> as N[I]]: F[I] extends TypeInformation<infer T> ? T : never;
};

function tupleType<F extends readonly TypeInformation<unknown>[]>(...fields: F): TypeInformation<DescribedTuple<F>> {
  return new TypeInformation(`Tuple${fields.length}<${fields.join(", ")}>`, { fieldTypes: fields });
}
