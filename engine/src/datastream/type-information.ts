/**
 * Flink's descriptions of types, for `returns(…)`, `OutputTag` and state descriptors. TypeScript's own types do the checking and values
 * are plain data, so these only carry a type for the compiler and a name for people.
 */
import type { Tuple2, Tuple3, Tuple4 } from "./tuple.ts";

/** Describes the type `T`. */
export class TypeInformation<T> {
  readonly typeName: string;
  /** Only carries the type for inference; never set. */
  declare readonly describedType?: T;

  /** @internal Use `Types` or `TypeInformation.of`. */
  constructor(typeName: string) {
    this.typeName = typeName;
  }

  /** The type of a class: `TypeInformation.of(Event)`. */
  static of<T>(type: abstract new (...args: never[]) => T): TypeInformation<T> {
    return new TypeInformation<T>(type.name);
  }

  toString(): string {
    return this.typeName;
  }
}

/** Keeps a generic type: `new TypeHint<Tuple2<string, number>>()`. */
export class TypeHint<T> {
  /** Only carries the type for inference; never set. */
  declare readonly describedType?: T;
}

function basic<T>(typeName: string): TypeInformation<T> {
  return new TypeInformation<T>(typeName);
}

/** The common types, under Flink's names. Numbers of every size are `number`. */
export const Types = {
  STRING: basic<string>("String"),
  BOOLEAN: basic<boolean>("Boolean"),
  BYTE: basic<number>("Byte"),
  SHORT: basic<number>("Short"),
  INT: basic<number>("Integer"),
  LONG: basic<number>("Long"),
  FLOAT: basic<number>("Float"),
  DOUBLE: basic<number>("Double"),
  BIG_INT: basic<bigint>("BigInteger"),
  VOID: basic<null>("Void"),
  TUPLE: tupleType,
  POJO: <T>(type: abstract new (...args: never[]) => T): TypeInformation<T> => TypeInformation.of(type),
  GENERIC: <T>(type: abstract new (...args: never[]) => T): TypeInformation<T> => TypeInformation.of(type),
  LIST: <T>(element: TypeInformation<T>): TypeInformation<T[]> => basic(`List<${element}>`),
  MAP: <K, V>(key: TypeInformation<K>, value: TypeInformation<V>): TypeInformation<Map<K, V>> => basic(`Map<${key}, ${value}>`),
} as const;

function tupleType<A, B>(a: TypeInformation<A>, b: TypeInformation<B>): TypeInformation<Tuple2<A, B>>;
function tupleType<A, B, C>(a: TypeInformation<A>, b: TypeInformation<B>, c: TypeInformation<C>): TypeInformation<Tuple3<A, B, C>>;
function tupleType<A, B, C, D>(
  a: TypeInformation<A>,
  b: TypeInformation<B>,
  c: TypeInformation<C>,
  d: TypeInformation<D>,
): TypeInformation<Tuple4<A, B, C, D>>;
function tupleType(...fields: readonly TypeInformation<unknown>[]): TypeInformation<unknown> {
  return basic(`Tuple${fields.length}<${fields.join(", ")}>`);
}
