/** The map of one key of map state against JavaScript's own, under random calls. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalKey } from "../../src/base/canonical-key.ts";
import { UserMap } from "../../src/state/heap/user-map.ts";

const KEYS: readonly unknown[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, "1", "", "\u0000a", true, null, [1, "x"], { a: 1 }, Number.NaN, 7n, -0, 0];
const key = fc.constantFrom(...KEYS);
const call = fc.oneof(
  fc.record({ what: fc.constant("set" as const), key, value: fc.integer() }),
  fc.record({ what: fc.constant("delete" as const), key }),
);

test("finds, keeps the order and forgets as a Map by canonical keys does, as a chain and as a table", () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 60 }), key, (calls, wanted) => {
      const map = new UserMap<unknown, number>();
      const model = new Map<unknown, number>();
      for (const call of calls) {
        if (call.what === "set") {
          map.set(call.key, call.value);
          model.set(canonicalKey(call.key), call.value);
        } else {
          expect(map.delete(call.key)).toBe(model.delete(canonicalKey(call.key)));
        }
        const entries: [unknown, number][] = [];
        map.forEach(({ key, value }) => entries.push([key === 0 ? 0 : canonicalKey(key), value]));
        expect(entries).toEqual([...model]);
        const values: number[] = [];
        expect(map.valuesInto(values)).toBe(model.size);
        expect(values.slice(0, model.size)).toEqual([...model.values()]);
        expect(map.size).toBe(model.size);
        expect(map.find(wanted)?.value).toBe(model.get(canonicalKey(wanted)));
      }
    }),
  );
});

test("the entry at hand may be deleted while going through", () => {
  for (const size of [3, 20]) {
    const map = new UserMap<number, number>();
    for (let i = 0; i < size; i++) map.set(i, i);
    map.forEach(({ key }) => {
      if (key % 2 === 0) map.delete(key);
    });
    const left: number[] = [];
    map.forEach(({ key }) => left.push(key));
    expect(left).toEqual(Array.from({ length: size }, (_, i) => i).filter((i) => i % 2 === 1));
  }
});
