/** Which mistakes are put into a line of a job or script: names, and the line that comes of it. */
import { expect, it } from "vitest";
import { applyChanges } from "../../../src/checks/mutation/mutant.ts";
import { changesOfScript } from "../../../src/checks/mutation/sql/mutate-script.ts";
import { changesOfJob } from "../../../src/checks/mutation/typescript/mutate-job.ts";

const GIVEN = "export interface Tap { readonly gate: string; readonly side: string; readonly at: number }";

function inJob(line: string, kind = "datastream"): string[] {
  const text = `import { EventTimeSessionWindows } from "flink";\n${line}\n`;
  return applyChanges(text, changesOfJob(text, GIVEN, kind)).map(({ name, shown }) => `${name.replace(/^line 2: /, "")}  |  ${shown}`);
}

function inScript(script: string): string[] {
  return applyChanges(script, changesOfScript(script)).map(({ name, shown }) => `${name.replace(/^line 1: /, "")}  |  ${shown}`);
}

const JOBS: readonly (readonly [string, readonly string[]])[] = [
  ["w.allowedLateness(Duration.ofSeconds(30)).process(f);", ["allowedLateness(30 s) → none  |  w.process(f);"]],
  [
    "w.sideOutputLateData(tag).trigger(t);",
    ["sideOutputLateData(tag) → none  |  w.trigger(t);", "trigger(t) → none  |  w.sideOutputLateData(tag);"],
  ],
  [
    "WatermarkStrategy.forBoundedOutOfOrderness<Tap>(Duration.ofMinutes(1));",
    [
      "forBoundedOutOfOrderness → noWatermarks  |  WatermarkStrategy.noWatermarks<Tap>();",
      "bound 1 min → 0  |  WatermarkStrategy.forBoundedOutOfOrderness<Tap>(Duration.ofMillis(0));",
    ],
  ],
  [
    "w.window(EventTimeSessionWindows.withGap(Duration.ofMinutes(1)));",
    [
      "EventTimeSessionWindows → ProcessingTimeSessionWindows  |  w.window(ProcessingTimeSessionWindows.withGap(Duration.ofMinutes(1)));",
      "1 min → 2 min  |  w.window(EventTimeSessionWindows.withGap(Duration.ofMinutes(2)));",
      "1 min → 59 s  |  w.window(EventTimeSessionWindows.withGap(Duration.ofSeconds(59)));",
    ],
  ],
  [
    "TumblingEventTimeWindows.of(GAP, offset);",
    [
      "TumblingEventTimeWindows → TumblingProcessingTimeWindows  |  TumblingProcessingTimeWindows.of(GAP, offset);",
      "offset offset → none  |  TumblingEventTimeWindows.of(GAP);",
    ],
  ],
  [
    "if (count < 3) count++;",
    [
      "count < 3 → <=  |  if (count <= 3) count++;",
      "count < 3 → 4  |  if (count < 4) count++;",
      "count < 3 → 2  |  if (count < 2) count++;",
    ],
  ],
  ["s.filter((tap) => tap.open);", ["filter (tap.open) → filter not  |  s.filter((tap) => !(tap.open));"]],
  [
    "s.keyBy((tap) => tap.gate);",
    ['keyBy(tap.gate) → keyBy(a constant)  |  s.keyBy((tap) => "all");', "keyBy(tap.gate) → keyBy(side)  |  s.keyBy((tap) => tap.side);"],
  ],
  ["s.keyBy((tap) => tap.at);", ["keyBy(tap.at) → keyBy(a constant)  |  s.keyBy((tap) => 0);"]],
  ["d.enableTimeToLive(ttl);", ["d.enableTimeToLive(ttl) → none  |  ;"]],
  [
    "b.setUpdateType(StateTtlConfig.UpdateType.OnReadAndWrite);",
    ["OnReadAndWrite → OnCreateAndWrite  |  b.setUpdateType(StateTtlConfig.UpdateType.OnCreateAndWrite);"],
  ],
  [
    "t.registerEventTimeTimer(5);",
    [
      "t.registerEventTimeTimer(5) → none  |  ;",
      "registerEventTimeTimer → registerProcessingTimeTimer  |  t.registerProcessingTimeTimer(5);",
    ],
  ],
  ["this.seen.clear();", ["this.seen.clear() → none  |  ;"]],
  ["const x = this.seen.update(1);", []],
  ["env.enableCheckpointing(1000);", ["env.enableCheckpointing(1000) → none  |  ;"]],
  [
    "k.setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE);",
    ["EXACTLY_ONCE → AT_LEAST_ONCE  |  k.setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE);"],
  ],
  ["Math.min(a, b);", ["min → max  |  Math.max(a, b);"]],
  ['s.uid("counts");', []],
];

it.each(JOBS)("job: %s", (line, expected) => {
  expect(inJob(line)).toEqual(expected);
});

it("drops uids only where a savepoint is taken over", () => {
  expect(inJob('s.uid("counts").print();', "upgrade")).toEqual(['uid("counts") → none  |  s.print();']);
});

it("imports what a mutant needs", () => {
  const text = 'import { EventTimeSessionWindows } from "flink";\nEventTimeSessionWindows.withGap(gap);\n';
  const [mutant] = applyChanges(text, changesOfJob(text, GIVEN, "datastream"));
  expect(mutant?.text).toMatch(/^import \{ ProcessingTimeSessionWindows, EventTimeSessionWindows \} from "flink";/);
  expect(mutant?.shown).toBe("ProcessingTimeSessionWindows.withGap(gap);");
});

const SCRIPTS: readonly (readonly [string, readonly string[]])[] = [
  [
    "SELECT a FROM t WHERE b < 5",
    [
      "WHERE b < 5 → none  |  SELECT a FROM t",
      "b < 5 → <=  |  SELECT a FROM t WHERE b <= 5",
      "b < 5 → 6  |  SELECT a FROM t WHERE b < 6",
      "b < 5 → 4  |  SELECT a FROM t WHERE b < 4",
    ],
  ],
  ["SELECT a FROM t JOIN u ON t.a = u.a", ["JOIN → LEFT JOIN  |  SELECT a FROM t LEFT JOIN u ON t.a = u.a"]],
  [
    "SELECT a FROM t FULL OUTER JOIN u ON t.a = u.a",
    [
      "FULL OUTER JOIN → LEFT JOIN  |  SELECT a FROM t LEFT JOIN u ON t.a = u.a",
      "FULL OUTER JOIN → RIGHT JOIN  |  SELECT a FROM t RIGHT JOIN u ON t.a = u.a",
    ],
  ],
  [
    "SELECT a FROM t JOIN r FOR SYSTEM_TIME AS OF t.ts ON t.a = r.a",
    [
      "JOIN → LEFT JOIN  |  SELECT a FROM t LEFT JOIN r FOR SYSTEM_TIME AS OF t.ts ON t.a = r.a",
      "FOR SYSTEM_TIME AS OF t.ts → none  |  SELECT a FROM t JOIN r  ON t.a = r.a",
    ],
  ],
  ["SELECT COUNT(DISTINCT a) FROM t", ["DISTINCT a → none  |  SELECT COUNT( a) FROM t"]],
  ["SELECT COUNT(a) FROM t", ["COUNT(a) → COUNT(*)  |  SELECT COUNT(*) FROM t"]],
  ["SELECT MIN(a) FROM t", ["MIN → MAX  |  SELECT MAX(a) FROM t"]],
  [
    "SELECT a FROM t GROUP BY a, b",
    ["GROUP BY … a → none  |  SELECT a FROM t GROUP BY  b", "GROUP BY … b → none  |  SELECT a FROM t GROUP BY a"],
  ],
  [
    "SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b DESC) FROM t",
    ["ORDER BY b DESC → ASC  |  SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b ASC) FROM t"],
  ],
  [
    "SELECT a FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' MINUTE))",
    [
      "TUMBLE → HOP  |  SELECT a FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE))",
      "'5' MINUTE → '6' MINUTE  |  SELECT a FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '6' MINUTE))",
      "'5' MINUTE → '4' MINUTE  |  SELECT a FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '4' MINUTE))",
    ],
  ],
  [
    "SELECT a FROM t WHERE b BETWEEN c AND d",
    ["WHERE b BETWEEN c AND d → none  |  SELECT a FROM t", "BETWEEN → NOT BETWEEN  |  SELECT a FROM t WHERE b NOT BETWEEN c AND d"],
  ],
  ["SELECT /*+ STATE_TTL('t' = '1d') */ a FROM t", ["/*+ STATE_TTL('t' = '1d') */ → none  |  SELECT  a FROM t"]],
  ["SET 'table.exec.state.ttl' = '1 d'", ["SET 'table.exec.state.ttl' = '1 d' → none  |  "]],
  [
    "CREATE TABLE t (a INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'kafka')",
    [
      "watermark - INTERVAL '5' SECOND → none  |  CREATE TABLE t (a INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts ) WITH ('connector' = 'kafka')",
    ],
  ],
];

it.each(SCRIPTS)("script: %s", (script, expected) => {
  expect(inScript(script)).toEqual(expected);
});
