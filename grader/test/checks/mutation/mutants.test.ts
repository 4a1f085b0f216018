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

const GIVEN_TABLES = `
  CREATE TABLE taps (gate STRING NOT NULL, note STRING, ms BIGINT, tapped_at AS TO_TIMESTAMP_LTZ(ms, 3), WATERMARK FOR tapped_at AS tapped_at)
  WITH ('connector' = 'kafka', 'topic' = 'taps', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json')`;

function inScript(script: string): string[] {
  return applyChanges(script, changesOfScript(script, GIVEN_TABLES)).map(
    ({ name, shown }) => `${name.replace(/^line 1: /, "")}  |  ${shown}`,
  );
}

const JOBS: readonly (readonly [string, readonly string[]])[] = [
  [
    "w.allowedLateness(Duration.ofSeconds(30)).process(f);",
    [
      "allowedLateness(30 s) → none  |  w.process(f);",
      "allowedLateness(30 s) → 15 s  |  w.allowedLateness(Duration.ofSeconds(15)).process(f);",
      "allowedLateness(30 s) → 60 s  |  w.allowedLateness(Duration.ofSeconds(60)).process(f);",
    ],
  ],
  [
    "w.sideOutputLateData(tag).trigger(t);",
    ["sideOutputLateData(tag) → none  |  w.trigger(t);", "trigger(t) → none  |  w.sideOutputLateData(tag);"],
  ],
  [
    "WatermarkStrategy.forBoundedOutOfOrderness<Tap>(Duration.ofMinutes(1));",
    [
      "forBoundedOutOfOrderness → noWatermarks  |  WatermarkStrategy.noWatermarks<Tap>();",
      "bound 1 min → 0  |  WatermarkStrategy.forBoundedOutOfOrderness<Tap>(Duration.ofMillis(0));",
      "bound 1 min → 30000 ms  |  WatermarkStrategy.forBoundedOutOfOrderness<Tap>(Duration.ofMillis(30000));",
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
  [
    "a.connect(b).keyBy((tap) => tap.gate, (tap) => tap.side);",
    [
      'keyBy(tap.gate) → keyBy(a constant)  |  a.connect(b).keyBy((tap) => "all", (tap) => tap.side);',
      "keyBy(tap.gate) → keyBy(side)  |  a.connect(b).keyBy((tap) => tap.side, (tap) => tap.side);",
      'keyBy(tap.side) → keyBy(a constant)  |  a.connect(b).keyBy((tap) => tap.gate, (tap) => "all");',
      "keyBy(tap.side) → keyBy(gate)  |  a.connect(b).keyBy((tap) => tap.gate, (tap) => tap.gate);",
    ],
  ],
  [
    `s.keyBy((tap) => \`\${tap.gate}|\${tap.side}\`);`,
    [
      `keyBy(\`\${tap.gate}|\${tap.side}\`) → without tap.gate  |  s.keyBy((tap) => \`\${""}|\${tap.side}\`);`,
      `keyBy(\`\${tap.gate}|\${tap.side}\`) → without tap.side  |  s.keyBy((tap) => \`\${tap.gate}|\${""}\`);`,
    ],
  ],
  ["const GAP_MS = 1_800_000;", ["1_800_000 → 1860000  |  const GAP_MS = 1860000;", "1_800_000 → 1740000  |  const GAP_MS = 1740000;"]],
  [
    "t.registerProcessingTimeTimer(now + 24 * 3_600_000);",
    [
      "t.registerProcessingTimeTimer(now + 24 * 3_600_000) → none  |  ;",
      "registerProcessingTimeTimer → registerEventTimeTimer  |  t.registerEventTimeTimer(now + 24 * 3_600_000);",
      "24 * 3_600_000 → 25 * 3_600_000  |  t.registerProcessingTimeTimer(now + 25 * 3_600_000);",
      "24 * 3_600_000 → 23 * 3_600_000  |  t.registerProcessingTimeTimer(now + 23 * 3_600_000);",
    ],
  ],
  [
    "const gap = Duration.ofMillis(5 * 60 * 1000);",
    [
      "5 * 60 * 1000 → 6 * 60 * 1000  |  const gap = Duration.ofMillis(6 * 60 * 1000);",
      "5 * 60 * 1000 → 4 * 60 * 1000  |  const gap = Duration.ofMillis(4 * 60 * 1000);",
    ],
  ],
  ["const area = 7 * width;", []],
  ["env.enableCheckpointing(10 * 1000);", ["env.enableCheckpointing(10 * 1000) → none  |  ;"]],
  [
    "StateTtlConfig.newBuilder(Duration.ofHours(7)).build();",
    [
      "7 h → 8 h  |  StateTtlConfig.newBuilder(Duration.ofHours(8)).build();",
      "7 h → 6 h  |  StateTtlConfig.newBuilder(Duration.ofHours(6)).build();",
    ],
  ],
  ["const now = t.currentWatermark();", ["currentWatermark → currentProcessingTime  |  const now = t.currentProcessingTime();"]],
  [
    'a.setTransactionalIdPrefix("a-"); b.setTransactionalIdPrefix("b-");',
    [
      'setTransactionalIdPrefix("a-") → none  |  a; b.setTransactionalIdPrefix("b-");',
      'setTransactionalIdPrefix("b-") → none  |  a.setTransactionalIdPrefix("a-"); b;',
      '"b-" → "a-"  |  a.setTransactionalIdPrefix("a-"); b.setTransactionalIdPrefix("a-");',
    ],
  ],
  [
    'k.setProperty("isolation.level", "read_committed").build();',
    ['setProperty("isolation.level", "read_committed") → none  |  k.build();'],
  ],
  ["this.ledger.prepare(ticket);", ["this.ledger.prepare(ticket) → none  |  ;"]],
  [
    "class W { snapshotState() { return [this.count]; } }",
    ["snapshotState: return [this.count]; → []  |  class W { snapshotState() { return []; } }"],
  ],
  [
    "class S { merge(a: number, b: number) { return a + b; } } EventTimeSessionWindows;",
    ["merge: return a + b; → a  |  class S { merge(a: number, b: number) { return a; } } EventTimeSessionWindows;"],
  ],
  [
    "AsyncDataStream.unorderedWait(s, f, 30, TimeUnit.SECONDS, 50);",
    [
      "unorderedWait → orderedWait  |  AsyncDataStream.orderedWait(s, f, 30, TimeUnit.SECONDS, 50);",
      "capacity 50 → 1  |  AsyncDataStream.unorderedWait(s, f, 30, TimeUnit.SECONDS, 1);",
    ],
  ],
  [
    't.where($("cents").isGreaterOrEqual(1000));',
    ['where($("cents").isGreaterOrEqual(1000)) → none  |  t;', 'isGreaterOrEqual → isGreater  |  t.where($("cents").isGreater(1000));'],
  ],
  ['tEnv.sqlQuery("SELECT MIN(a) FROM t");', ['MIN → MAX  |  tEnv.sqlQuery("SELECT MAX(a) FROM t");']],
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

it("gives a state another name only there, too", () => {
  const line = 'new ValueStateDescriptor<number>("count", Types.LONG);';
  expect(inJob(line)).toEqual([]);
  expect(inJob(line, "upgrade")).toEqual(['"count" → "count-2"  |  new ValueStateDescriptor<number>("count-2", Types.LONG);']);
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
  ["SELECT gate, COUNT(*) FROM taps GROUP BY gate", ["COUNT(*) → COUNT(`note`)  |  SELECT gate, COUNT(`note`) FROM taps GROUP BY gate"]],
  ["SELECT COUNT(*) FROM others", []],
  ["SELECT AVG(CAST(a AS DOUBLE)) FROM t", ["CAST(a AS DOUBLE) → a  |  SELECT AVG(a) FROM t"]],
  ["SELECT COALESCE(a, 0) FROM t", ["COALESCE(a, 0) → a  |  SELECT a FROM t"]],
  ["SELECT COUNT(a) FROM t", ["COUNT(a) → COUNT(*)  |  SELECT COUNT(*) FROM t"]],
  ["SELECT MIN(a) FROM t", ["MIN → MAX  |  SELECT MAX(a) FROM t"]],
  [
    "SELECT a FROM t GROUP BY a, b",
    ["GROUP BY … a → none  |  SELECT a FROM t GROUP BY  b", "GROUP BY … b → none  |  SELECT a FROM t GROUP BY a"],
  ],
  [
    "SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b DESC) FROM t",
    [
      "PARTITION BY a → none  |  SELECT ROW_NUMBER() OVER ( ORDER BY b DESC) FROM t",
      "ORDER BY b DESC → ASC  |  SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b ASC) FROM t",
    ],
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
    [
      "WHERE b BETWEEN c AND d → none  |  SELECT a FROM t",
      "b BETWEEN c AND d → without c  |  SELECT a FROM t WHERE b > c AND b <= d",
      "b BETWEEN c AND d → without d  |  SELECT a FROM t WHERE b >= c AND b < d",
      "BETWEEN → NOT BETWEEN  |  SELECT a FROM t WHERE b NOT BETWEEN c AND d",
    ],
  ],
  [
    "SELECT a FROM t JOIN u ON t.a = u.a AND u.b < 5",
    [
      "JOIN → LEFT JOIN  |  SELECT a FROM t LEFT JOIN u ON t.a = u.a AND u.b < 5",
      "AND → OR  |  SELECT a FROM t JOIN u ON t.a = u.a OR u.b < 5",
      "AND u.b < 5 → none  |  SELECT a FROM t JOIN u ON t.a = u.a",
      "b < 5 → <=  |  SELECT a FROM t JOIN u ON t.a = u.a AND u.b <= 5",
      "b < 5 → 6  |  SELECT a FROM t JOIN u ON t.a = u.a AND u.b < 6",
      "b < 5 → 4  |  SELECT a FROM t JOIN u ON t.a = u.a AND u.b < 4",
    ],
  ],
  [
    "SELECT gate FROM TABLE(SESSION(TABLE taps, DESCRIPTOR(tapped_at), INTERVAL '1:30' MINUTE TO SECOND))",
    [
      "taps.tapped_at → PROCTIME()  |  SELECT gate FROM TABLE(SESSION(TABLE taps_as_seen, DESCRIPTOR(tapped_at), INTERVAL '1:30' MINUTE TO SECOND))",
    ],
  ],
  [
    "SELECT SUM(a) OVER (PARTITION BY b ORDER BY c RANGE BETWEEN INTERVAL '6' HOUR PRECEDING AND CURRENT ROW) FROM t",
    [
      "PARTITION BY b → none  |  SELECT SUM(a) OVER ( ORDER BY c RANGE BETWEEN INTERVAL '6' HOUR PRECEDING AND CURRENT ROW) FROM t",
      "ORDER BY c → DESC  |  SELECT SUM(a) OVER (PARTITION BY b ORDER BY c DESC RANGE BETWEEN INTERVAL '6' HOUR PRECEDING AND CURRENT ROW) FROM t",
      "RANGE BETWEEN INTERVAL '6' HOUR PRECEDING AND CURRENT ROW → none  |  SELECT SUM(a) OVER (PARTITION BY b ORDER BY c ) FROM t",
      "'6' HOUR → '7' HOUR  |  SELECT SUM(a) OVER (PARTITION BY b ORDER BY c RANGE BETWEEN INTERVAL '7' HOUR PRECEDING AND CURRENT ROW) FROM t",
      "'6' HOUR → '5' HOUR  |  SELECT SUM(a) OVER (PARTITION BY b ORDER BY c RANGE BETWEEN INTERVAL '5' HOUR PRECEDING AND CURRENT ROW) FROM t",
    ],
  ],
  [
    "AFTER MATCH SKIP PAST LAST ROW PATTERN (x y) WITHIN INTERVAL '2' MINUTE",
    [
      "SKIP PAST LAST ROW → SKIP TO NEXT ROW  |  AFTER MATCH SKIP TO NEXT ROW PATTERN (x y) WITHIN INTERVAL '2' MINUTE",
      "WITHIN INTERVAL '2' MINUTE → none  |  AFTER MATCH SKIP PAST LAST ROW PATTERN (x y)",
      "'2' MINUTE → '3' MINUTE  |  AFTER MATCH SKIP PAST LAST ROW PATTERN (x y) WITHIN INTERVAL '3' MINUTE",
      "'2' MINUTE → '1' MINUTE  |  AFTER MATCH SKIP PAST LAST ROW PATTERN (x y) WITHIN INTERVAL '1' MINUTE",
    ],
  ],
  [
    "SELECT /*+ STATE_TTL('t' = '1d') */ a FROM t",
    [
      "/*+ STATE_TTL('t' = '1d') */ → none  |  SELECT  a FROM t",
      "'1d' → '2d'  |  SELECT /*+ STATE_TTL('t' = '2d') */ a FROM t",
      "'1d' → '12 h'  |  SELECT /*+ STATE_TTL('t' = '12 h') */ a FROM t",
    ],
  ],
  [
    "SET 'table.exec.state.ttl' = '4 h'",
    [
      "SET 'table.exec.state.ttl' = '4 h' → none  |  ",
      "'4 h' → '8 h'  |  SET 'table.exec.state.ttl' = '8 h'",
      "'4 h' → '2 h'  |  SET 'table.exec.state.ttl' = '2 h'",
    ],
  ],
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
