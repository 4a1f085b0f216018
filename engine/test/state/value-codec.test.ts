import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyValue, encodeValue, serializedSize } from "../../src/types/value-codec.ts";
import { decodeValue } from "../types/decode-value.ts";

const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, undefined, true, false, -0, Number.NaN, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.string({ unit: "binary" }),
    fc.date(),
    fc.uint8Array(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 4, noNullPrototype: true }),
    fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(fc.integer(), { maxLength: 3 }).map((elements) => new Set(elements)),
  ),
})).value;

describe("value codec", () => {
  it("ST-9: decode(encode(x)) is x, copy(x) is x, and the size is the encoded length", () => {
    fc.assert(
      fc.property(plain, (value) => {
        const bytes = encodeValue(value);
        expect(decodeValue(bytes)).toStrictEqual(value);
        expect(copyValue(value)).toStrictEqual(value);
        expect(serializedSize(value)).toBe(bytes.length);
      }),
    );
  });

  it("ST-9: a copy keeps the class of its objects and shares nothing with the original", () => {
    class Click {
      tags = ["a"];
      size() {
        return this.tags.length;
      }
    }
    const click = new Click();
    const copy = copyValue(click);
    copy.tags.push("b");
    expect(copy).toBeInstanceOf(Click);
    expect([click.size(), copy.size()]).toEqual([1, 2]);
  });

  it("ST-9: names the path of what cannot be serialized", () => {
    expect(() => copyValue({ user: { callbacks: [() => 1] } })).toThrow(/value\.user\.callbacks\[0\] is a function/);
    expect(() => serializedSize({ cache: new WeakMap() })).toThrow(/value\.cache is a WeakMap/);
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(() => encodeValue(cycle)).toThrow(/contains itself/);
  });
});
