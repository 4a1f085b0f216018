import { describe, expect, it } from "vitest";
import { stringHashCode } from "../../../src/base/java-hash.ts";
import type { Fault } from "../../../src/sim.ts";
import { vendoredCases } from "../run.ts";
import { type ClusterVariation, FIRST_ROW_MS, ROW_EVERY_MS } from "../../../src/cases/cluster-driver.ts";
import { differenceOf, differenceWhenVaried } from "./suite.ts";
import type { SqlCase, SqlCaseTable } from "../../../src/cases/sql-case.ts";

/** After so many rows each: a task manager dies, in turn, and the job goes on from its last checkpoint. */
function crashesAfter(...rows: readonly number[]): Fault[] {
  return rows.map(
    (row, i): Fault => ({
      kind: "crashTaskManager",
      taskManager: i % 2,
      when: { kind: "atMs", atMs: FIRST_ROW_MS + (row - 0.8) * ROW_EVERY_MS },
    }),
  );
}

const ROCKSDB = { "state.backend.type": "rocksdb" };
const SMALL_TABLES = {
  ...ROCKSDB,
  "execution.checkpointing.incremental": "true",
  "state.backend.rocksdb.writebuffer.size": "300b",
  "state.backend.rocksdb.compaction.level.target-file-size-base": "300b",
};

const VARIATIONS: readonly ClusterVariation[] = [
  { name: "parallelism 2", parallelism: 2 },
  { name: "parallelism 4, another order of events", parallelism: 4, seed: 3 },
  { name: "state backend rocksdb", parallelism: 2, options: ROCKSDB },
  { name: "crashes", parallelism: 1, faults: crashesAfter(2, 6, 11, 17, 29) },
  { name: "crashes, parallelism 3", parallelism: 3, faults: crashesAfter(3, 8, 13, 20) },
  { name: "rocksdb, small tables, crashes", parallelism: 2, options: SMALL_TABLES, faults: crashesAfter(2, 5, 10, 12, 22) },
];

/** What depends on more than the order of rows within a key. */
const ORDERED: Readonly<Record<string, string>> = {
  "wtopn-of-agg": "which of two equal rows is first depends on which subtask made it",
  "own-explain-tum-topn": "which of two equal rows is first depends on which subtask made it",
  "own-sql-topn-901-10": "which row Flink's Top-N with an offset loses depends on the order of rows and on the backend",
  "own-sql-topn-901-11": "which row Flink's Top-N with an offset loses depends on the order of rows and on the backend",
  "e1-topn-upsert-offset": "which row Flink's Top-N with an offset loses depends on the order of rows and on the backend",
  "own-split-mb-listagg": "in which order buckets come together depends on where batches are cut",
  "own-split-mb-listagg-distinct": "in which order buckets come together depends on where batches are cut",
  "own-split-mb-firstlast": "in which order buckets come together depends on where batches are cut",
  "own-split-noinc-firstlast": "in which order buckets come together depends on where batches are cut",
  "own-split-one-firstlast": "in which order buckets come together depends on where batches are cut",
  "fuzz-over-rows-0": "bounded OVER keeps late rows, and after a restart a watermark that was there before fires them anew",
};

/**
 * Rows that come again after a crash come at once: time of day, and the order of rows of different tables, are others. So is the order of a row and of the
 * watermarks of other keys where there are two exchanges, the first of which makes a full changelog of upserts. MATCH_RECOGNIZE keeps no watermark: after a
 * restart a row that was late is not. A process table function with a time sees the watermark, which begins anew too.
 */
function changesInReplay(spec: SqlCase): boolean {
  if (spec.query.includes("MATCH_RECOGNIZE") && spec.tables.some(hasLateRows)) return true;
  if (spec.tables.some(({ changelogMode, rowtime }) => changelogMode === "upsert" && rowtime !== undefined)) return true;
  const text = JSON.stringify([spec.query, spec.setup, spec.tables.map(({ computed }) => computed)]);
  if (text.includes("ProcessTableFunction") && spec.tables.some(({ rowtime }) => rowtime !== undefined)) return true;
  return (
    spec.tables.length > 1 ||
    /PROCTIME|CURRENT_WATERMARK|STATE_TTL|CURRENT_TIME|NOW\(/i.test(text) ||
    spec.config?.["table.exec.state.ttl"] !== undefined
  );
}

function hasLateRows({ columns, rowtime, watermarkDelayMs = 0, rows }: SqlCaseTable): boolean {
  const at = columns.findIndex(([name]) => name === rowtime);
  let highestMs = Number.NEGATIVE_INFINITY;
  return rows.some(([, , values]) => {
    const timeMs = Date.parse(`${String(values[at]).replace(" ", "T")}Z`);
    const late = timeMs <= highestMs - watermarkDelayMs;
    highestMs = Math.max(highestMs, timeMs);
    return late;
  });
}

/** Which rows Flink's buffer in front of windows lets go too late depends on where watermarks stand (operators/held-window-aggregate.ts). */
function losesWindows({ config, query, tables }: SqlCase): boolean {
  const zone = config?.["table.local-time-zone"] ?? "UTC";
  return (
    zone.startsWith("Asia/") &&
    /TUMBLE|HOP|CUMULATE/.test(query) &&
    tables.some(({ columns }) => columns.some(([, type]) => type.startsWith("TIMESTAMP_LTZ")))
  );
}

/**
 * Distinct values that are shown in the order of the map in which each buffer in front of windows, or each mini-batch, has gathered them: checkpoints empty it
 * too (operators/held-window-aggregate.ts).
 */
function showsGatherings({ config, query }: SqlCase): boolean {
  const gathered = /TUMBLE|HOP|CUMULATE/.test(query) || config?.["table.exec.mini-batch.enabled"] === "true";
  return gathered && /(ARRAY_AGG|LISTAGG|FIRST_VALUE|LAST_VALUE)\(DISTINCT/.test(query);
}

const CASES = vendoredCases("sql").filter(({ json }) => {
  const { expect: expected, id, explainOnly, tables, query } = json as SqlCase;
  // Statements that are no query, and queries over nothing but what they make themselves.
  if (explainOnly === true || tables.length === 0 || !/^\s*\(*\s*(SELECT|WITH|VALUES|FROM)\b/i.test(query)) return false;
  // Rows that could not be taken back: the table depends on what was shown when.
  if (expected.unmatchedRetractions === true || losesWindows(json as SqlCase)) return false;
  if (showsGatherings(json as SqlCase)) return false;
  return expected.error === undefined && expected.finalUnstable !== true && ORDERED[id] === undefined;
});

/** Each case goes through two of the variations, whatever other cases there are; through all of them with ALL_VARIATIONS=1. */
function isChosen(id: string, variationNumber: number): boolean {
  return process.env.ALL_VARIATIONS === "1" || (stringHashCode(id) + variationNumber) % 3 === 0;
}

describe.each(VARIATIONS)("final tables with $name", (variation) => {
  const chosen = CASES.filter(({ id }) => isChosen(id, VARIATIONS.indexOf(variation)));
  const cases = chosen.filter(({ json }) => variation.faults === undefined || !changesInReplay(json as SqlCase));

  it.each(cases.map(({ id, json }) => [id, json as SqlCase] as const))("%s", (_id, spec) => {
    // A case that already fails in its own way is the business of the conformance test.
    if (differenceOf(spec) !== null) return;
    expect(differenceWhenVaried(spec, variation)).toBeNull();
  });
});
