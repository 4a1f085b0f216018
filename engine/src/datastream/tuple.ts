/**
 * What Flink's tuples have in common; `tuples.ts` names the 25 of them. In TypeScript a plain object with names says more; tuples are here
 * so that Java examples can be followed word for word.
 *
 * There are two class bodies, for few fields and for many: `tupleClass(3)` makes `Tuple3` of the first. All tuples of one arity have one
 * shape.
 */
import { canonicalKey } from "../base/canonical-key.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import { javaHashCode } from "../base/java-hash.ts";

/** Flink's largest tuple. */
export const MAX_ARITY = 25;

const FIELD_NAMES: readonly string[] = Array.from({ length: MAX_ARITY }, (_, position) => `f${position}`);

/**
 * Base of `Tuple0` … `Tuple25`: fields `f0`, `f1`, … by position, Java's hash code (so key groups are Flink's), equality by fields, and
 * Flink's text form `(a,1)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization)
 */
export abstract class Tuple {
  /** Number of fields, 0 to 25. */
  abstract getArity(): number;

  /** Field by position, counted from 0. @throws Diagnostic TUPLE_NO_SUCH_FIELD */
  getField<F = unknown>(position: number): F {
    return (this as unknown as Record<string, F>)[this.nameOf(position)];
  }

  /** As `getField`. @throws Diagnostic TUPLE_NULL_FIELD when the field is null or undefined. */
  getFieldNotNull<F = unknown>(position: number): NonNullable<F> {
    const field = this.getField<F>(position);
    if (field !== null && field !== undefined) return field;
    throw new Diagnostic({
      code: "TUPLE_NULL_FIELD",
      message: `Field ${position} is null, but expected to hold a value.`,
      phase: "runtime",
      found: `null in ${this}`,
    });
  }

  /** Sets a field by position, counted from 0. @throws Diagnostic TUPLE_NO_SUCH_FIELD */
  setField(value: unknown, position: number): void {
    (this as unknown as Record<string, unknown>)[this.nameOf(position)] = value;
  }

  /** True for a tuple of the same arity with equal fields; tuples and arrays in fields are compared by content. */
  equals(other: unknown): boolean {
    if (!(other instanceof Tuple) || other.getArity() !== this.getArity()) return false;
    const [mine, theirs] = [this.fields(), other.fields()];
    return mine.every((field, position) => sameField(field, theirs[position]));
  }

  /** Java's hash code, which decides the key group: 31 times the hash so far plus the field's, 0 for null. */
  hashCode(): number {
    let hash = 0;
    for (const field of this.fields()) hash = (Math.imul(31, hash) + javaHashCode(field)) | 0;
    return hash;
  }

  /** `(a,1)`; null is written out, arrays as `[1, 2]`. */
  toString(): string {
    return `(${this.fields().map(fieldText).join(",")})`;
  }

  /** Another tuple with the same field values (which are not copied). */
  copy(): this {
    return new (this.constructor as new (...fields: readonly unknown[]) => this)(...this.fields());
  }

  private fields(): readonly unknown[] {
    const values = this as unknown as Record<string, unknown>;
    const fields: unknown[] = [];
    for (let position = 0; position < this.getArity(); position++) fields.push(values[FIELD_NAMES[position]]);
    return fields;
  }

  private nameOf(position: number): string {
    const arity = this.getArity();
    if (Number.isInteger(position) && position >= 0 && position < arity) return FIELD_NAMES[position];
    throw new Diagnostic({
      code: "TUPLE_NO_SUCH_FIELD",
      message: `A tuple of ${arity} fields has no field ${position}.`,
      phase: "runtime",
      found: String(position),
      expected: arity === 0 ? "no field at all" : `0 to ${arity - 1}`,
    });
  }
}

/** The tuple with these field types. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type TupleOf<F extends readonly unknown[]> = Tuple & {
  -readonly [Position in Extract<keyof F, `${number}`> as `f${Position}`]: F[Position];
} & {
  /** Sets all fields. */
  setFields(...fields: F): void;
};

type Fields = Partial<Record<`f${number}`, unknown>>;

/**
 * The class of tuples of one arity. What is behind the name in `tuples.ts` has typed fields; here only their number is known.
 * @internal
 */
export function tupleClass<C>(arity: number): C {
  classes[arity] ??= makeClass(arity);
  return classes[arity] as C;
}

type TupleClass = new (...fields: readonly unknown[]) => Tuple;

const classes: TupleClass[] = [];

/** Tuples are made once per record, and most have few fields: those are stored one by one, with no list in between. */
const FEW = 4;

function makeClass(arity: number): TupleClass {
  const made = arity <= FEW ? narrow(arity) : wide(arity);
  // What messages show.
  Object.defineProperty(made, "name", { value: `Tuple${arity}` });
  return made;
}

abstract class SizedTuple extends Tuple {
  setFields(...fields: readonly unknown[]): void {
    for (let position = 0; position < this.getArity(); position++) this.setField(fields[position], position);
  }
}

function narrow(arity: number): TupleClass {
  const made = class extends SizedTuple {
    static of(f0?: unknown, f1?: unknown, f2?: unknown, f3?: unknown): Tuple {
      return new made(f0, f1, f2, f3);
    }

    constructor(f0?: unknown, f1?: unknown, f2?: unknown, f3?: unknown) {
      super();
      const fields = this as unknown as Fields;
      if (arity > 0) fields.f0 = f0;
      if (arity > 1) fields.f1 = f1;
      if (arity > 2) fields.f2 = f2;
      if (arity > 3) fields.f3 = f3;
    }

    getArity(): number {
      return arity;
    }
  };
  return made;
}

function wide(arity: number): TupleClass {
  const made = class extends SizedTuple {
    static of(...fields: readonly unknown[]): Tuple {
      return new made(...fields);
    }

    constructor(...fields: readonly unknown[]) {
      super();
      const target = this as unknown as Record<string, unknown>;
      for (let position = 0; position < arity; position++) target[FIELD_NAMES[position]] = fields[position];
    }

    getArity(): number {
      return arity;
    }
  };
  return made;
}

function sameField(left: unknown, right: unknown): boolean {
  if (left === right || (Number.isNaN(left) && Number.isNaN(right))) return true;
  if (left === null || left === undefined) return right === null || right === undefined;
  if (left instanceof Tuple) return left.equals(right);
  if (left instanceof Date) return right instanceof Date && left.getTime() === right.getTime();
  return typeof left === "object" && typeof right === "object" && right !== null && canonicalKey(left) === canonicalKey(right);
}

function fieldText(field: unknown): string {
  if (Array.isArray(field)) return `[${field.map(fieldText).join(", ")}]`;
  return field === undefined ? "null" : String(field);
}
