/** The SQL suite: what our engine makes of a case, compared with what Flink made of it. */
import { INSERT, rowKindOf, UPDATE_AFTER } from "../../../src/types/row-kind.ts";
import { DOUBLE, FLOAT } from "../../../src/types/logical-type.ts";
import type { ClusterVariation } from "../../../src/cases/cluster-driver.ts";
import { fromCase } from "../../../src/cases/case-values.ts";
import { columnsOf, type Emitted, isQuery, resultOf, variedResultOf } from "../../../src/cases/run-case.ts";
import type { SqlCase } from "../../../src/cases/sql-case.ts";
import { plainValue } from "../../../src/sql/session/plain-value.ts";
import { differenceOfColumns } from "./compare-columns.ts";
import { differenceOfErrors } from "./compare-errors.ts";
import { FLINK_TEST_FUNCTIONS } from "./flink-test-functions.ts";

/** Refusals of what Flink has and we lack: right for no case, not even for one that Flink refuses too. */
const LACKING: ReadonlySet<string> = new Set(["SQL_NOT_AVAILABLE"]);

/** null when the engine does as Flink did, else the first difference in one line. */
export function differenceOf(spec: SqlCase): string | null {
  const expect = withNumbers(spec.expect);
  const result = resultOf(spec, FLINK_TEST_FUNCTIONS);
  if ("phase" in result) {
    if (expect.error === undefined) return `failed (${result.phase}): ${result.message}`;
    if (LACKING.has(result.code ?? "")) return `not built: ${result.message}`;
    return differenceOfErrors(result, expect.error);
  }
  if (expect.error !== undefined) return `no error, expected ${expect.error.phase}: ${expect.error.message}`;
  const columns = result.columns !== undefined && expect.columns !== undefined ? differenceOfColumns(result.columns, expect.columns) : null;
  if (columns !== null) return columns;
  if (spec.explainOnly === true || expect.finalUnstable === true) return null;
  if (expect.changelog === undefined || expect.stable !== true) return compareFinal(result.rows, expect.final ?? []);
  return compareChangelog(result.rows, expect.changelog, expect.after);
}

/**
 * Expectations with FLOAT and DOUBLE columns as numbers again, FLOAT in its shortest digits: the recorder wrote them as Java 17 prints them, and
 * whole numbers beyond 2^53 were read as their digits.
 */
function withNumbers(expect: SqlCase["expect"]): SqlCase["expect"] {
  const types = (expect.columns ?? []).map(([, type]) => (type.startsWith("FLOAT") ? FLOAT : type.startsWith("DOUBLE") ? DOUBLE : null));
  if (types.every((type) => type === null)) return expect;
  const row = (values: readonly unknown[]): readonly unknown[] =>
    values.map((value, i) => {
      const type = types[i];
      return type === null || value === null ? value : plainValue(fromCase(value, type), type);
    });
  return {
    ...expect,
    ...(expect.changelog === undefined ? {} : { changelog: expect.changelog.map(([kind, values]) => [kind, row(values)] as const) }),
    ...(expect.final === undefined ? {} : { final: expect.final.map(row) }),
  };
}

/** null when the result's columns have Flink's names and types, else the first that differs. */
export function columnDifferenceOf(spec: SqlCase): string | null {
  const expected = spec.expect.columns;
  if (expected === undefined || !isQuery(spec)) return null;
  const columns = columnsOf(spec, FLINK_TEST_FUNCTIONS);
  return "phase" in columns ? columns.message : differenceOfColumns(columns, expected);
}

/**
 * null when the case's final table is what Flink recorded, however the job runs. The order of rows, and so the changelog, may be another one.
 */
export function differenceWhenVaried(spec: SqlCase, variation: ClusterVariation): string | null {
  if (!isQuery(spec)) return null;
  const rows = variedResultOf(spec, variation, FLINK_TEST_FUNCTIONS);
  return "phase" in rows ? rows.message : compareFinal(rows, withNumbers(spec.expect).final ?? []);
}

/** Numbers within a part in 10^12, everything else exactly. */
function text(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "number" && !Number.isInteger(part) ? Number(part.toPrecision(12)) : part,
  );
}

function sortedTexts(rows: readonly unknown[]): string[] {
  return rows.map(text).sort();
}

function compareChangelog(
  rows: readonly Emitted[],
  expected: readonly (readonly [string, readonly unknown[]])[],
  after: readonly (number | null)[] | undefined,
): string | null {
  const groups = (list: readonly { readonly after: number | null; readonly row: unknown }[]): Map<number | null, unknown[]> => {
    const map = new Map<number | null, unknown[]>();
    for (const { after: seq, row } of list) map.set(seq, [...(map.get(seq) ?? []), row]);
    return map;
  };
  const ours = groups(rows.map((row) => ({ after: after === undefined ? null : row.after, row: [row.kind, row.values] })));
  const theirs = groups(expected.map((row, i) => ({ after: after?.[i] ?? null, row })));
  for (const seq of [...new Set([...theirs.keys(), ...ours.keys()])].sort(
    (a, b) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY),
  )) {
    const a = sortedTexts(ours.get(seq) ?? []);
    const b = sortedTexts(theirs.get(seq) ?? []);
    if (a.join("\n") !== b.join("\n")) {
      const extra = a.find((row) => !b.includes(row));
      const missing = b.find((row) => !a.includes(row));
      return `after row ${seq ?? "end"}: ${missing === undefined ? "" : `missing ${missing}; `}${extra === undefined ? `${a.length} rows instead of ${b.length}` : `unexpected ${extra}`}`;
    }
  }
  return null;
}

function compareFinal(rows: readonly Omit<Emitted, "after">[], expected: readonly (readonly unknown[])[]): string | null {
  // Counted, so that a row may be taken back by one subtask before another one has given it.
  const counts = new Map<string, number>();
  for (const row of rows) {
    const kind = rowKindOf(row.kind);
    const line = text(row.values);
    counts.set(line, (counts.get(line) ?? 0) + (kind === INSERT || kind === UPDATE_AFTER ? 1 : -1));
  }
  const table = [...counts].flatMap(([line, count]) => new Array<string>(Math.max(0, count)).fill(line));
  const ours = table.sort();
  const theirs = sortedTexts(expected);
  if (ours.join("\n") === theirs.join("\n")) return null;
  const missing = theirs.find((row) => !ours.includes(row));
  const extra = ours.find((row) => !theirs.includes(row));
  return `final table: ${missing === undefined ? "" : `missing ${missing}; `}${extra === undefined ? `${ours.length} rows instead of ${theirs.length}` : `unexpected ${extra}`}`;
}
