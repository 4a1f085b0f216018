import fc from "fast-check";
import { expect, it } from "vitest";
import { compareBytes } from "../../src/state/lsm/key-codec.ts";
import { PUT } from "../../src/state/lsm/record-kind.ts";
import { sortAddresses } from "../../src/state/lsm/sort-addresses.ts";
import { SortedTableBuilder } from "../../src/state/lsm/sorted-table.ts";

/** Few different bytes, so that many addresses begin alike. */
const address = fc.array(fc.constantFrom(0, 1, 255), { maxLength: 14 }).map((bytes) => Uint8Array.from(bytes));
const compare = (a: Uint8Array, b: Uint8Array) => compareBytes(a, 0, a.length, b, 0, b.length);

it("a table finds the first address that is not smaller, whatever addresses begin like", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(address, { maxLength: 200, selector: String }),
      fc.array(address, { maxLength: 50 }),
      (addresses, wanted) => {
        const sorted = [...addresses].sort(compare);
        const builder = new SortedTableBuilder();
        for (const each of sorted) builder.addKey(each, 0, each.length, PUT);
        const table = builder.finish(10);
        for (const each of [...wanted, ...sorted]) {
          const expected = sorted.findIndex((other) => compare(other, each) >= 0);
          expect(table.lowerBound(each, 0, each.length)).toBe(expected < 0 ? sorted.length : expected);
        }
        for (const each of sorted) expect(table.mayContain(each, each.length)).toBe(true);
      },
    ),
  );
});

it("addresses are sorted like bytes", () => {
  fc.assert(
    fc.property(fc.array(address, { maxLength: 300 }), (addresses) => {
      const starts: number[] = [];
      const bytes: number[] = [];
      for (const each of addresses) {
        starts.push(bytes.length);
        bytes.push(...each);
      }
      const order = sortAddresses(Int32Array.from(addresses.keys()), {
        bytes: Uint8Array.from(bytes),
        keyStart: (entry) => starts[entry],
        keyEnd: (entry) => starts[entry] + addresses[entry].length,
      });
      const sorted = [...order].map((entry) => addresses[entry]);
      expect(sorted.map(String)).toEqual([...addresses].sort(compare).map(String));
    }),
  );
});
