/** Tuple0 … Tuple25 and Types. Hash codes are those of Java's tuples, asked of Flink 2.3. */
import { describe, expect, expectTypeOf, it } from "vitest";
import { canonicalKey } from "../../src/base/canonical-key.ts";
import { javaHashCode } from "../../src/base/java-hash.ts";
import { keyGroupOf } from "../../src/base/key-groups.ts";
import * as flink from "../../src/index.ts";
import { Diagnostic, Tuple, Tuple0, Tuple1, Tuple2, Tuple3, Tuple25, TypeHint, TypeInformation, Types } from "../../src/index.ts";
import { copyValue, encodeValue } from "../../src/types/value-codec.ts";
import { decodeValue } from "../types/decode-value.ts";
import { committed, runJob, sorted } from "./run-job.ts";

const numbersTo = (end: number) => Array.from({ length: end }, (_, index) => index + 1);

describe("tuples", () => {
  it("TY-1 have fields f0, f1, … that may be set, in every arity from 0 to 25", () => {
    for (let arity = 0; arity <= 25; arity++) {
      const type = (flink as unknown as Record<string, { of(...fields: unknown[]): Tuple }>)[`Tuple${arity}`];
      const tuple = type.of(...numbersTo(arity));
      expect(tuple.getArity()).toBe(arity);
      expect(tuple.constructor.name).toBe(`Tuple${arity}`);
      expect(Object.entries(tuple)).toEqual(numbersTo(arity).map((value, position) => [`f${position}`, value]));
    }
    const pair = new Tuple2("word", 1);
    pair.f1 += 1;
    pair.setField("other", 0);
    expect([pair.f0, pair.f1, pair.getField(1)]).toEqual(["other", 2, 2]);
    pair.setFields("third", 3);
    expect(pair).toEqual(Tuple2.of("third", 3));
  });

  it("TY-1 have Java's hash codes and text", () => {
    expect(Tuple0.of().hashCode()).toBe(0);
    expect(Tuple1.of("a").hashCode()).toBe(97);
    expect(Tuple2.of(null, 1).hashCode()).toBe(1);
    expect(Tuple3.of("a", Tuple2.of(1, 2n), 1.5).hashCode()).toBe(1073311776);
    expect(Tuple25.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25).hashCode()).toBe(
      -1149028339,
    );
    expect(String(Tuple2.of("a", [1, 2]))).toBe("(a,[1, 2])");
    expect(String(Tuple2.of(null, "b"))).toBe("(null,b)");
    expect(String(Tuple1.of(Tuple2.of(1, "x")))).toBe("((1,x))");
    expect(String(Tuple0.of())).toBe("()");
  });

  it("TY-1 are equal by their fields", () => {
    const pair = Tuple2.of("a", Tuple2.of(1, [2, null]));
    expect(pair.equals(Tuple2.of("a", Tuple2.of(1, [2, null])))).toBe(true);
    expect(pair.equals(pair.copy())).toBe(true);
    expect(pair.equals(Tuple2.of("a", Tuple2.of(1, [3, null])))).toBe(false);
    expect(Tuple2.of("a", 1).equals(Tuple3.of("a", 1, null))).toBe(false);
    expect(Tuple1.of(Number.NaN).equals(Tuple1.of(Number.NaN))).toBe(true);
    expect(Tuple1.of("a").equals("a")).toBe(false);
  });

  it("TY-2 fall, as keys, into the group and the entry of an array of the same fields", () => {
    for (const [tuple, array] of [
      [Tuple2.of("user-1", 7), ["user-1", 7]],
      [Tuple3.of("a", "b", true), ["a", "b", true]],
    ] as const) {
      expect(javaHashCode(tuple)).toBe(javaHashCode(array));
      expect(keyGroupOf(tuple, 128)).toBe(keyGroupOf(array, 128));
    }
    expect(canonicalKey(Tuple2.of("a", 1))).toBe(canonicalKey(Tuple2.of("a", 1)));
    expect(canonicalKey(Tuple2.of("a", 1))).not.toBe(canonicalKey(Tuple2.of("a", 2)));
  });

  it("stay tuples when they are copied", () => {
    const copy = copyValue(Tuple2.of("a", Tuple1.of(1)));
    expect(copy).toBeInstanceOf(Tuple2);
    expect(copy.f1).toBeInstanceOf(Tuple1);
    expect(copy.f1).toBeInstanceOf(Tuple);
    expect(decodeValue(encodeValue(copy))).toEqual({ f0: "a", f1: { f0: 1 } });
  });

  it("complain about fields that are not there", () => {
    const complaint = (act: () => unknown) => {
      try {
        act();
      } catch (error) {
        if (error instanceof Diagnostic) return error.data.code;
        throw error;
      }
      return "none";
    };
    expect(complaint(() => Tuple2.of("a", 1).getField(2))).toBe("TUPLE_NO_SUCH_FIELD");
    expect(complaint(() => Tuple2.of("a", 1).setField(1, -1))).toBe("TUPLE_NO_SUCH_FIELD");
    expect(complaint(() => Tuple2.of(null, 1).getFieldNotNull(0))).toBe("TUPLE_NULL_FIELD");
  });

  it("TY-2 key a stream, and come back from state and channels", () => {
    const outcome = runJob(
      (env) => {
        env.setParallelism(3);
        env
          .fromData(Tuple3.of("a", 1, 10), Tuple3.of("a", 2, 20), Tuple3.of("a", 1, 30), Tuple3.of("b", 1, 40))
          .keyBy((value) => Tuple2.of(value.f0, value.f1))
          .sum("f2")
          .map((value) => (value instanceof Tuple3 ? String(value) : "no tuple"))
          .sinkTo(flink.KafkaSink.builder<string>().setRecordSerializer(flink.json("out")).build());
      },
      { cluster: { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 1 } },
    );
    expect(sorted(committed(outcome))).toEqual(['"(a,1,10)"', '"(a,1,40)"', '"(a,2,20)"', '"(b,1,40)"']);
  });
});

describe("Types", () => {
  it("TY-3 carry TypeScript's types", () => {
    expectTypeOf(Types.TUPLE(Types.STRING, Types.INT)).toExtend<TypeInformation<Tuple2<string, number>>>();
    expectTypeOf(Types.LIST(Types.MAP(Types.STRING, Types.BOOLEAN))).toEqualTypeOf<TypeInformation<Map<string, boolean>[]>>();
    expectTypeOf(Types.ROW(Types.STRING, Types.LONG)).toEqualTypeOf<TypeInformation<[string, number]>>();
    expectTypeOf(Types.ROW_NAMED(["user", "n"], Types.STRING, Types.INT)).toEqualTypeOf<TypeInformation<{ user: string; n: number }>>();
    expectTypeOf(Types.ENUM({ RED: "red", GREEN: "green" })).toEqualTypeOf<TypeInformation<"red" | "green">>();
    expectTypeOf(TypeInformation.of(new TypeHint<Tuple2<string, number>>())).toEqualTypeOf<TypeInformation<Tuple2<string, number>>>();
    expectTypeOf(Types.INSTANT).toEqualTypeOf<TypeInformation<Date>>();
  });

  it("TY-3 have Flink's names", () => {
    class Click {}
    expect(String(Types.TUPLE(Types.STRING, Types.INT))).toBe("Tuple2<String, Integer>");
    expect(Types.TUPLE(Types.STRING, Types.INT).getArity()).toBe(2);
    expect(String(Types.ROW_NAMED(["a", "b"], Types.STRING, Types.INT))).toBe("Row(a: String, b: Integer)");
    expect(String(Types.ROW(Types.STRING, Types.INT))).toBe("Row(f0: String, f1: Integer)");
    expect(String(Types.PRIMITIVE_ARRAY(Types.INT))).toBe("int[]");
    expect(String(Types.MAP(Types.STRING, Types.LIST(Types.LONG)))).toBe("Map<String, List<Long>>");
    expect(String(Types.POJO(Click))).toBe("Click");
    expect([Types.TUPLE(Types.INT).isTupleType(), Types.INT.isTupleType()]).toEqual([true, false]);
  });
});
