/**
 * Flink's tuples with fields `f0`, `f1`, … In TypeScript a plain object with names says more; tuples are here so that Java examples can
 * be followed word for word.
 */

import { Diagnostic } from "../base/diagnostic.ts";
import { javaHashCode } from "../base/java-hash.ts";

/** What all tuples share: Java's hash code (so key groups are Flink's), equality by fields, and Flink's text form `(a,1)`. */
abstract class Tuple {
  getArity(): number {
    return this.fields().length;
  }

  /** Field by position; throws Diagnostic TUPLE_NO_SUCH_FIELD. */
  getField<F = unknown>(position: number): F {
    const fields = this.fields();
    if (position >= 0 && position < fields.length) return fields[position] as F;
    throw new Diagnostic({
      code: "TUPLE_NO_SUCH_FIELD",
      message: `A tuple of ${fields.length} fields has no field ${position}.`,
      phase: "runtime",
      found: String(position),
      expected: `0 to ${fields.length - 1}`,
    });
  }

  hashCode(): number {
    return this.fields().reduce<number>(
      (hash, field, index) => (index === 0 ? javaHashCode(field) : (Math.imul(31, hash) + javaHashCode(field)) | 0),
      0,
    );
  }

  toString(): string {
    return `(${this.fields().map(String).join(",")})`;
  }

  protected abstract fields(): readonly unknown[];
}

/** A pair. `Tuple2.of("word", 1)` */
export class Tuple2<A, B> extends Tuple {
  f0: A;
  f1: B;

  constructor(f0: A, f1: B) {
    super();
    this.f0 = f0;
    this.f1 = f1;
  }

  static of<A, B>(f0: A, f1: B): Tuple2<A, B> {
    return new Tuple2(f0, f1);
  }

  protected fields(): readonly unknown[] {
    return [this.f0, this.f1];
  }
}

/** Three fields. */
export class Tuple3<A, B, C> extends Tuple {
  f0: A;
  f1: B;
  f2: C;

  constructor(f0: A, f1: B, f2: C) {
    super();
    this.f0 = f0;
    this.f1 = f1;
    this.f2 = f2;
  }

  static of<A, B, C>(f0: A, f1: B, f2: C): Tuple3<A, B, C> {
    return new Tuple3(f0, f1, f2);
  }

  protected fields(): readonly unknown[] {
    return [this.f0, this.f1, this.f2];
  }
}

/** Four fields. */
export class Tuple4<A, B, C, D> extends Tuple {
  f0: A;
  f1: B;
  f2: C;
  f3: D;

  constructor(f0: A, f1: B, f2: C, f3: D) {
    super();
    this.f0 = f0;
    this.f1 = f1;
    this.f2 = f2;
    this.f3 = f3;
  }

  static of<A, B, C, D>(f0: A, f1: B, f2: C, f3: D): Tuple4<A, B, C, D> {
    return new Tuple4(f0, f1, f2, f3);
  }

  protected fields(): readonly unknown[] {
    return [this.f0, this.f1, this.f2, this.f3];
  }
}
