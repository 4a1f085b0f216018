/** What a recording tells of SQL's sessions: one that grows is told as in the DataStream API, as a window that took the place of another. */
import { expect, it } from "vitest";
import { runWorld } from "../../src/sim/run-world.ts";
import { type Arrival, DEFAULT_LIMITS, type World } from "../../src/sim/world.ts";
import { sqlProgram } from "../../src/sql.ts";

const MINUTE = 60_000;
const SCRIPT = `
CREATE TABLE clicks (\`at\` BIGINT, clicked AS TO_TIMESTAMP_LTZ(\`at\`, 3), WATERMARK FOR clicked AS clicked - INTERVAL '1' HOUR)
  WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset');
CREATE TABLE sessions (begins TIMESTAMP(3), n BIGINT) WITH ('connector' = 'print');
INSERT INTO sessions
SELECT window_start, COUNT(*) FROM TABLE(SESSION(TABLE clicks, DESCRIPTOR(clicked), INTERVAL '10' MINUTES)) GROUP BY window_start, window_end;`;

function merges(minutes: readonly number[]): string[] {
  const arrivals = minutes.map((minute, i): Arrival => ({ atMs: i * 1_000, partition: 0, key: null, value: { at: minute * MINUTE } }));
  const world: World = {
    seed: 1,
    startMs: 0,
    topics: [{ name: "clicks", partitions: 1, arrivals }],
    cluster: { taskManagers: 1, slotsPerTaskManager: 1, parallelism: 1 },
    faults: [],
    end: { kind: "drain" },
    limits: DEFAULT_LIMITS,
    costsUs: {},
  };
  const { program } = sqlProgram(SCRIPT, { given: "", topics: ["clicks"] });
  const bounds = ({ startMs, endMs }: { readonly startMs: number; readonly endMs: number }) => `${startMs / MINUTE}-${endMs / MINUTE}`;
  return runWorld(program!, world, { record: true }).recording!.events.flatMap((event) =>
    event.kind === "windowMerged" ? [`${bounds(event)} of ${event.merged.map(bounds).join(", ")}`] : [],
  );
}

it("a session that grows at its end, at its beginning, or joins another", () => {
  expect(merges([0, 5])).toEqual(["0-15 of 0-10"]);
  expect(merges([20, 15])).toEqual(["15-30 of 20-30"]);
  expect(merges([0, 18, 9])).toEqual(["0-28 of 0-10, 18-28"]);
});

it("a click inside of a session, or apart from it, merges nothing", () => {
  expect(merges([0, 9, 4])).toEqual(["0-19 of 0-10"]);
  expect(merges([0, 40])).toEqual([]);
});
