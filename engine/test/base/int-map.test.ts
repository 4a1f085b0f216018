import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IntMap } from "../../src/base/int-map.ts";

describe("int map", () => {
  it("behaves as a Map", () => {
    const key = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
    const command = fc.record({ what: fc.constantFrom("set", "set", "delete"), key, value: fc.nat(2 ** 30) });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 400 }), (commands) => {
        const map = new IntMap();
        const model = new Map<number, number>();
        for (const { what, key, value } of commands) {
          if (what === "set") {
            map.set(key, value);
            model.set(key, value);
          } else {
            expect(map.delete(key)).toBe(model.delete(key));
          }
          expect(map.size).toBe(model.size);
        }
        for (const { key } of commands) expect(map.get(key)).toBe(model.get(key) ?? -1);
      }),
    );
  });

  it("shrinks and grows without losing anything", () => {
    const map = new IntMap();
    for (let round = 0; round < 3; round++) {
      for (let key = 0; key < 5000; key++) map.set(key * 7, key);
      for (let key = 0; key < 5000; key++) expect(map.get(key * 7)).toBe(key);
      for (let key = 0; key < 5000; key++) if (key % 50 !== 0) map.delete(key * 7);
      for (let key = 0; key < 5000; key++) expect(map.get(key * 7)).toBe(key % 50 === 0 ? key : -1);
    }
  });
});
