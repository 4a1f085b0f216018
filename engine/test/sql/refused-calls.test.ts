/**
 * Calls that Flink refuses, each function with too few, too many and wrong arguments: in which phase, and with which words. Recorded from Flink 2.3
 * (refused-calls.json: call, phase, first line of the root cause). The table has one row, so that refusals at run time count too.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { SqlCase } from "../../src/cases/sql-case.ts";
import { differenceOf } from "../conformance/sql/suite.ts";

interface Recorded {
  readonly columns: readonly (readonly [string, string])[];
  readonly calls: readonly (readonly [call: string, phase: string, message: string])[];
}

const { columns, calls }: Recorded = JSON.parse(readFileSync(new URL("refused-calls.json", import.meta.url), "utf8"));
const ROW = [3, "ab", true, 1.5, "2026-01-02 03:04:05.000", "2026-01-02", { $map: [["k", 1]] }, [1, 2], { $bytes: "6162" }];

/** Where Java or Janino speaks. One of these that comes to agree has to leave the list. */
const OTHER: ReadonlySet<string> = new Set([
  "TRIM()",
  "JSON_VALUE(i, '$.a.b')",
  "JSON_QUERY(i, '$.a')",
  'JSON_QUERY(\'{"a": {"b": 1}}\', i)',
]);

const byFunction = new Map<string, (typeof calls)[number][]>();
for (const call of calls) {
  const name = call[0].slice(0, call[0].indexOf("("));
  byFunction.set(name, [...(byFunction.get(name) ?? []), call]);
}

function difference([call, phase, message]: (typeof calls)[number]): string | null {
  const table = { name: "t", columns, rows: [[1, "+I", ROW]] };
  const spec = { id: call, area: "functions", title: call, config: {}, tables: [table], query: `SELECT ${call} AS c0 FROM t` };
  return differenceOf({ ...spec, expect: { error: { phase, message } } } as unknown as SqlCase);
}

describe("calls that Flink refuses", () => {
  it.each([...byFunction])("%s", (_name, recorded) => {
    const listed = recorded.filter(([call]) => OTHER.has(call));
    expect(listed.filter((call) => difference(call) === null)).toEqual([]);
    const differences = recorded
      .filter(([call]) => !OTHER.has(call))
      .flatMap((call) => difference(call) ?? [])
      .map((text) => text.slice(0, 300));
    expect(differences).toEqual([]);
  });
});
