import { describe, expect, it } from "vitest";
import { binaryRowHash } from "../../src/sql/5-execute/binary-row-hash.ts";
import * as t from "../../src/types/logical-type.ts";
import { STRING } from "../../src/types/logical-type.ts";

const SMALLINT: t.LogicalType = { root: "SMALLINT", nullable: true };
const TINYINT: t.LogicalType = { root: "TINYINT", nullable: true };
const LTZ3 = t.timestampLtzOf(3);

/** Hash codes that Flink 2.3's `BinaryRowData` gave. */
const CASES: readonly (readonly [title: string, types: readonly t.LogicalType[], values: readonly unknown[], hash: number])[] = [
  ["an INT", [t.INT], [7], -348168691],
  ["a negative INT", [t.INT], [-7], 1485184587],
  ["NULLs", [t.INT, STRING], [null, null], -1130415291],
  ["a short text", [STRING], ["abc"], -101922419],
  ["a long text", [STRING, t.INT], ["abcdefghijk", 3], 55287932],
  ["a text of other letters", [STRING], ["é€"], 1244700773],
  ["a DECIMAL of few digits", [t.INT, STRING, t.INT, t.decimalOf(8, 2)], [1, "x", 5, 1050n], -1078180726],
  ["a NULL between", [STRING, STRING, t.INT], ["x", null, 9], 257553348],
  ["BIGINT, DOUBLE, FLOAT, BOOLEAN", [t.BIGINT, t.DOUBLE, t.FLOAT, t.BOOLEAN], [1234567890123, 2.5, -1.5, true], 226263116],
  ["a negative BIGINT", [t.BIGINT], [-5], -716660054],
  ["SMALLINT, TINYINT, DATE, TIME", [SMALLINT, TINYINT, t.DATE, t.timeOf(0)], [-300, 5, 20000, 3600000], -1937386146],
  ["timestamps of ms", [t.timestampOf(3), LTZ3], [1775552887123, -5], -745316852],
  ["a finer timestamp", [t.timestampOf(6)], [1775552887123.456], 598438764],
  ["a finer timestamp that is NULL", [t.timestampOf(6), STRING], [null, "abcdefghijk"], 1425286886],
  ["a DECIMAL of many digits", [t.decimalOf(30, 4)], [-123456789012345678901234n], 2013574592],
  ["one that is NULL", [t.decimalOf(30, 4)], [null], -1748325344],
];

describe("the hash code of a binary row", () => {
  it.each(CASES)("is Flink's: %s", (_title, types, values, hash) => {
    const hasher = binaryRowHash(
      types,
      types.map((_, i) => i),
    );
    expect(hasher?.([0, ...values])).toBe(hash);
    // What was hashed before leaves nothing behind.
    hasher?.([0, ...types.map(() => null)]);
    expect(hasher?.([0, ...values])).toBe(hash);
  });

  it("is not known for rows with collections", () => {
    expect(binaryRowHash([{ root: "ARRAY", nullable: true, element: t.INT }], [0])).toBeNull();
  });
});
