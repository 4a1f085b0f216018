import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../src/types/byte-buffer.ts";
import { ShapedReader, writeShaped } from "../../src/types/shaped-codec.ts";
import { ValueShapes } from "../../src/types/value-shapes.ts";

class Click {
  user = "u";
  at = 1;
}

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, undefined, true, false, 0, -0, Number.NaN, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.string({ unit: "binary" }),
    fc.date(),
    fc.uint8Array(),
    fc.constant(0).map(() => new Click()),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
    fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(fc.integer(), { maxLength: 3 }).map((elements) => new Set(elements)),
  ),
})).value;

describe("values by shape", () => {
  it("come back as they were, one behind the other, also with a table that has grown since, and with a copy of it", () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 5 }), fc.array(value, { maxLength: 5 }), (first, later) => {
        const shapes = new ValueShapes();
        const writer = new ByteWriter();
        for (const each of first) writeShaped(writer, shapes, each);
        const bytes = writer.finish();
        const known = shapes.size;
        for (const each of later) writeShaped(writer, shapes, each);
        const copy = new ValueShapes();
        copy.copyFrom(shapes, known);
        expect(copy.agreesWith(shapes, known)).toBe(true);
        for (const table of [shapes, copy]) {
          const reader = new ShapedReader(table).at(bytes, 0);
          for (const each of first) expect(reader.value()).toStrictEqual(each);
          expect(reader.position).toBe(bytes.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("take as many bytes as their contents and a number", () => {
    const writer = new ByteWriter();
    const shapes = new ValueShapes();
    writeShaped(writer, shapes, new Click());
    expect(writer.length).toBe(2 + 3 + 2);
    for (let n = 0; n < 10_000; n++) writeShaped(writer, shapes, { [`field ${n}`]: n });
    expect(shapes.size).toBeLessThan(40);
  });

  it("name what has no binary form", () => {
    const writer = new ByteWriter();
    expect(() => writeShaped(writer, new ValueShapes(), { a: [() => 1] })).toThrow(/value\.a\[0\] is a function/);
  });
});
