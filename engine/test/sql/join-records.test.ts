/** The rows of one side of a join, kept by hash where hashes collide and by text, against a plain bag. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { InternalMapState } from "../../src/state/keyed-state-backend.ts";
import { rowDigest, type Row, sameFields } from "../../src/types/row.ts";
import { rowHash } from "../../src/types/row-hash.ts";
import { pairMaker, rowMaker, slowPairMaker, slowRowMaker } from "../../src/sql/5-execute/codegen/row-makers.ts";
import { RecordsByHash, RecordsByText } from "../../src/sql/5-execute/operators/join-records.ts";

/** Map state of one key. */
function mapState<K>(): InternalMapState<K, Row> {
  const map = new Map<K, Row>();
  const state: Partial<InternalMapState<K, Row>> = {
    get: (key) => map.get(key) ?? null,
    put: (key, value) => void map.set(key, [...value]),
    remove: (key) => void map.delete(key),
    valuesInto: (target) => [...map.values()].map((row, i) => (target[i] = [...row])).length,
  };
  return state as InternalMapState<K, Row>;
}

const value = fc.oneof(
  fc.constantFrom<unknown>(null, 0, -0, 1, 1.5, 2 ** 40, Number.NaN, "a", "b", true, 3n, [1, 2]),
  fc.integer({ min: 0, max: 3 }),
);
const row = fc.tuple(value, value).map(([a, b]): Row => [0, a, b]);
const call = fc.record({ add: fc.boolean(), row });

test("counts equal rows whatever their hashes are", () => {
  for (const hash of [rowHash, () => 0, (row: Row) => rowHash(row) & 1, (row: Row) => (rowHash(row) & 3) - 2, () => 0x7fffffff]) {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 40 }), (calls) => {
        const records = [true, false].flatMap((partners) => [
          { side: new RecordsByHash(2, partners, true, mapState<number>(), hash), partners },
          { side: new RecordsByText(2, partners, true, mapState<string>()), partners },
        ]);
        for (const { side, partners } of records) {
          const model = new Map<string, number>();
          // What has no fields that differ must be one row: 0 and -0 are two by hash, one by text.
          const digest = (row: Row) =>
            (side instanceof RecordsByHash ? row.map((v) => (Object.is(v, -0) ? "minus" : v)) : row)
              .map((v) => rowDigest([0, v]))
              .slice(1, 3)
              .join();
          for (const { add, row } of calls) {
            const count = model.get(digest(row)) ?? 0;
            if (add) {
              side.add(row, 5);
              model.set(digest(row), count + 1);
            } else {
              side.retract(row);
              if (count > 1) model.set(digest(row), count - 1);
              else model.delete(digest(row));
            }
            const kept: Row[] = [];
            const found = side.load(kept);
            expect(new Map(kept.slice(0, found).map((row) => [digest(row), side.countOf(row)]))).toEqual(model);
            if (partners) for (const row of kept.slice(0, found)) side.setPartners(row, side.partnersOf(row) + 1);
          }
        }
      }),
      { numRuns: 60 },
    );
  }
});

test("rows with equal fields have one hash", () => {
  fc.assert(
    fc.property(row, row, (a, b) => {
      if (sameFields(a, b)) expect(rowHash(a)).toBe(rowHash([3, ...b.slice(1)]));
    }),
  );
});

test("rows are made alike with and without generated code", () => {
  const [left, right] = [
    [1, "a", null, 7, 8],
    [0, 2, 3],
  ];
  expect(pairMaker(2, 2)(left, right, 3)).toEqual(slowPairMaker(2, 2)(left, right, 3));
  expect(pairMaker(2, 2)(left, right, 3)).toEqual([3, "a", null, 2, 3]);
  for (const extra of [0, 1, 2] as const) {
    expect(rowMaker(2, extra)(left, 2, 10, 11)).toEqual(slowRowMaker(2, extra)(left, 2, 10, 11));
    expect(rowMaker(2, extra)(left, 2, 10, 11)).toEqual([2, "a", null, 10, 11].slice(0, 3 + extra));
  }
});
