/** Process table functions through crashes: state, timers and rows that wait for their order come back with the checkpoint. */
import { expect, it } from "vitest";
import {
  type ProcessTableContext,
  ProcessTableFunction,
  type ProcessTableOnTimerContext,
} from "../../src/sql/user-functions/process-table-function.ts";
import { Row } from "../../src/sql/user-functions/row.ts";
import type { MapView } from "../../src/sql/user-functions/data-views.ts";
import { runScript, type ScriptSettings } from "./run-script.ts";

/** Counts the rows of a key in the ten seconds since the first: the next row ends them, or a timer. */
class Bursts extends ProcessTableFunction<Row> {
  static functionHint = {
    arguments: [{ name: "input", traits: ["SET_SEMANTIC_TABLE", "REQUIRE_ON_TIME"] as const }],
    state: [
      { name: "burst", type: "ROW<count BIGINT, last INT, ends BIGINT>" },
      { name: "seen", type: "MAP<INT, BIGINT>", view: true },
    ],
    output: "ROW<size BIGINT, last INT, kinds INT>",
  };
  eval(context: ProcessTableContext, burst: Row, seen: MapView<number, number>, input: Row): void {
    const time = context.timeContext();
    const now = time.time()!;
    if (burst.getField("ends") !== null && now > burst.getFieldAs<number>("ends")) {
      this.emit(burst, seen);
      for (const field of ["count", "last", "ends"]) burst.setField(field, null);
      seen.clear();
    }
    if (burst.getField("ends") === null) {
      burst.setField("ends", now + 10_000);
      time.registerOnTime("end", now + 10_000);
    }
    burst.setField("count", (burst.getFieldAs<number | null>("count") ?? 0) + 1);
    burst.setField("last", input.getField("n"));
    const kind = input.getFieldAs<number>("n") % 3;
    seen.put(kind, (seen.get(kind) ?? 0) + 1);
  }
  override onTimer(context: ProcessTableOnTimerContext, burst: Row, seen: MapView<number, number>): void {
    this.emit(burst, seen);
    context.clearAll();
  }
  private emit(burst: Row, seen: MapView<number, number>): void {
    this.collect(Row.of(burst.getField("count"), burst.getField("last"), [...seen.keys()].length));
  }
}

const functionClasses = new Map([["Bursts", Bursts]]);

function script(settings = ""): string {
  return `${settings}
CREATE TEMPORARY FUNCTION bursts AS 'Bursts' LANGUAGE TYPESCRIPT;
CREATE TABLE src (n INT, k AS n % 7, ts AS TO_TIMESTAMP_LTZ(n * 137, 3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
  WITH ('connector' = 'datagen', 'number-of-rows' = '2000', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '2000');
CREATE TABLE snk (k INT, size BIGINT, last INT, kinds INT) WITH ('connector' = 'blackhole');
INSERT INTO snk SELECT k, size, last, kinds FROM bursts(input => TABLE src PARTITION BY k ORDER BY ts, on_time => DESCRIPTOR(ts));`;
}

const run = (text: string, settings: ScriptSettings = {}) => runScript(text, { functionClasses, ...settings });

it("give the same after a crash, with more subtasks and on the other backend", () => {
  const calm = run(script()).tables.snk;
  expect(calm.length).toBeGreaterThan(100);
  expect(calm[0]).toBe("[0,10,1995,3]");
  const checkpoints =
    "SET 'execution.checkpointing.interval' = '20 ms';\nSET 'restart-strategy.type' = 'fixed-delay';\nSET 'restart-strategy.fixed-delay.attempts' = '5';";
  for (const backend of ["hashmap", "rocksdb"]) {
    for (const records of [700, 1500]) {
      const text = script(`${checkpoints}\nSET 'state.backend.type' = '${backend}';`);
      const faults: ScriptSettings["faults"] = [{ kind: "crashTaskManager", taskManager: 0, when: { kind: "afterRecords", records } }];
      const crashed = run(text, { simulated: true, faults, parallelism: 2 });
      expect(crashed.restarts).toBe(1);
      expect(crashed.tables.snk).toEqual(calm);
    }
  }
});
