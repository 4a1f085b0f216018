import { describe, expect, it } from "vitest";
import { vendoredCases } from "../conformance/run.ts";
import { columnDifferenceOf } from "../conformance/sql/suite.ts";
import type { SqlCase } from "../../src/cases/sql-case.ts";

describe("types of results", () => {
  it("are Flink's, nullability included, in every recorded case", () => {
    const differences = vendoredCases("sql").flatMap(({ id, json }) => {
      const difference = columnDifferenceOf(json as SqlCase);
      return difference === null ? [] : [`${id}: ${difference}`];
    });
    expect(differences).toEqual([]);
    // Some thousand plans: no figure, only a bound for a busy machine.
  }, 60_000);
});
