import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyValue } from "../../src/types/value-codec.ts";
import { ValueCopier } from "../../src/types/value-copier.ts";

class Click {
  readonly user: string;
  readonly tags: unknown;
  constructor(user: string, tags: unknown) {
    this.user = user;
    this.tags = tags;
  }
}

class Guarded {
  private hidden = 1;
  get size(): number {
    return this.hidden;
  }
}

const leaf = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.boolean(), fc.constant(null), fc.constant(undefined), fc.bigInt());
const field = fc.constantFrom("a", "b", "c", "1", "0", "length", "toString", "__proto__", 'quo"te');
const plain: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
    tie("instance"),
    fc.date(),
    tie("map"),
  ),
  object: fc.array(fc.tuple(field, tie("value")), { maxLength: 4 }).map((fields) => {
    const object: Record<string, unknown> = {};
    for (const [name, value] of fields)
      Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
    return object;
  }),
  instance: fc.tuple(fc.string(), tie("value")).map(([user, tags]) => new Click(user, tags)),
  map: fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 2 }).map((entries) => new Map(entries)),
})).value;

describe("value copier", () => {
  it("ST-9: copies as the generic copy does, whatever shapes follow each other", () => {
    fc.assert(
      fc.property(fc.array(plain, { maxLength: 30 }), (values) => {
        const copier = new ValueCopier();
        for (const value of values) {
          const copy = copier.copy(value);
          expect(copy).toStrictEqual(copyValue(value));
          if (typeof value === "object" && value !== null) expect(copy).not.toBe(value);
        }
      }),
    );
  });

  it("keeps the class and shares nothing", () => {
    const copier = new ValueCopier();
    const tags = ["new"];
    for (let round = 0; round < 3; round++) {
      const copy = copier.copy(new Click("u1", tags));
      expect(copy).toBeInstanceOf(Click);
      expect(copy).toEqual(new Click("u1", tags));
      expect(copy.tags).not.toBe(tags);
      expect(copier.copy(new Guarded()).size).toBe(1);
    }
  });

  it("names the value that cannot travel", () => {
    const copier = new ValueCopier();
    copier.copy({ user: "u1", at: 1 as unknown });
    expect(() => copier.copy({ user: "u1", at: () => 1 })).toThrow(/value\.at is a function/);
    expect(() => copier.copy({ user: "u1", at: { deep: Symbol("s") } })).toThrow(/value\.at\.deep is a symbol/);
  });

  it("gives up writing functions for an edge of many shapes", () => {
    const copier = new ValueCopier();
    for (let n = 0; n < 50; n++) expect(copier.copy({ [`field${n}`]: n })).toEqual({ [`field${n}`]: n });
  });
});
