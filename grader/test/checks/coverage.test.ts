import { expect, test } from "vitest";
import { coverageOf } from "../../src/checks/coverage.ts";

const list = { format: 1 as const, atLeast: { all: 2, sql: 1, trace: 1, "real data": 1 }, items: { "S7.1": "windows", S8: "cards" } };
const sql = { id: "a", kind: "sql" as const, covers: ["S7.1"], topics: ["real data"] };

test("an empty row, a missing kind and an unknown item are told", () => {
  const { rows, complaints } = coverageOf(list, [sql, { id: "b", kind: "sql", covers: ["S7.1", "S7.9"], topics: [] }]);
  expect(rows[0]).toEqual({ id: "S7.1", item: "windows", problems: ["a", "b"] });
  expect(complaints).toEqual([
    "No problem covers S8 (cards).",
    "trace: 0 of 1 problems.",
    "b covers S7.9, which is no item of coverage.yaml.",
  ]);
});

test("nothing is missing", () => {
  expect(coverageOf(list, [sql, { id: "b", kind: "trace", covers: ["S8"], topics: [] }]).complaints).toEqual([]);
});
