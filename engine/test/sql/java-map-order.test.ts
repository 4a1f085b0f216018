/** Hash codes of rows as Flink 2.3 computes them: each was printed by a `BinaryRowData` that a `BinaryRowWriter` had filled. */
import { describe, expect, it } from "vitest";
import { binaryRowHash, JavaMapOrder } from "../../src/sql/5-execute/java-map-order.ts";
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  DATE,
  decimalOf,
  DOUBLE,
  FLOAT,
  INT,
  type LogicalType,
  SMALLINT,
  STRING,
  timestampOf,
  TINYINT,
} from "../../src/types/logical-type.ts";
import { rowOf } from "../../src/types/row.ts";

const BYTES: LogicalType = { root: "VARBINARY", nullable: true, length: 100 };

const HASHES: readonly (readonly [name: string, types: readonly LogicalType[], values: readonly unknown[], hash: number])[] = [
  ["int", [INT], [-7], 1485184587],
  ["bigint", [BIGINT], [-1234567890123], -590283792],
  ["bigint big", [BIGINT], [9007199254740993n], 1801556886],
  ["texts", [STRING, STRING, STRING], ["abc", "a longer text, äöü", null], -345215358],
  ["small", [TINYINT, SMALLINT, BOOLEAN, INT], [-3, -300, true, null], -1885211909],
  ["floats", [FLOAT, DOUBLE], [1.5, -0.1], -921377448],
  ["decimals", [decimalOf(10, 2), decimalOf(30, 5), decimalOf(30, 5)], [1234n, -123456789012345678912345n, null], 1341124847],
  ["times", [timestampOf(3), timestampOf(6), timestampOf(6), DATE], [1700000000123, 1700000000123.456, null, 19000], 1409073376],
  ["bytes", [BYTES], [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9)], -171399545],
  ["many", Array.from({ length: 70 }, () => INT), Array.from({ length: 70 }, (_, i) => (i % 3 === 0 ? null : i)), -200445330],
  ["text after decimal", [decimalOf(30, 5), STRING], [1n, "behind the number"], -1727520816],
];

describe("hash codes of Flink's binary rows", () => {
  it.each(HASHES)("%s", (_, types, values, hash) => {
    const hashOf = binaryRowHash(
      types,
      types.map((__, i) => i),
    );
    expect(hashOf!(rowOf(...values))).toBe(hash);
    // The bytes of the row before must leave no trace.
    expect(hashOf!(rowOf(...values))).toBe(hash);
  });

  it("knows no bytes of arrays", () => {
    expect(binaryRowHash([INT, arrayOf(INT)], [0, 1])).toBeNull();
    expect(binaryRowHash([INT, arrayOf(INT)], [0])).not.toBeNull();
  });
});

describe("the order of a HashMap", () => {
  const order = new JavaMapOrder((row) => row[1] as number);
  const sorted = (...hashes: number[]): unknown[] => {
    const rows = hashes.map((hash) => rowOf(hash));
    order.sort(rows, rows.length);
    return rows.map((row) => row[1]);
  };

  it("is by bucket, and by arrival in a bucket", () => {
    expect(sorted(3, 17, 1, 33)).toEqual([17, 1, 33, 3]);
  });

  it("counts the high half of the hash in", () => {
    expect(sorted(0x0003_0000, 2)).toEqual([2, 0x0003_0000]);
  });

  it("follows the table as it grows", () => {
    const many = Array.from({ length: 13 }, (_, i) => 16 * (12 - i) + 1);
    expect(sorted(...many.slice(0, 12))).toEqual(many.slice(0, 12));
    expect(sorted(...many)).toEqual([...many.filter((hash) => (hash & 31) === 1), ...many.filter((hash) => (hash & 31) === 17)]);
    const most = Array.from({ length: 200 }, (_, i) => 199 - i);
    expect(sorted(...most)).toEqual([...most].reverse());
  });
});
