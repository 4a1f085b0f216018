import { describe, expect, it } from "vitest";
import { ENGINE_JOBS } from "../../bench/jobs.ts";
import { MEASURED_JOBS } from "../../bench/sections/throughput.ts";
import { CORE_WORK, type WorkName } from "../../bench/work.ts";
import { wordCount } from "../../bench/word-count.ts";
import { eventsOver } from "../../bench/workload.ts";
import { firstOfDay, slicedCounts, slidingCounts, tumblingCounts } from "../../bench/yardstick.ts";

describe.each(MEASURED_JOBS)("job $letter, $name", ({ name, yardstick }) => {
  it.each([1, 999, 1000, 70_000, 130_001])("engine and yardstick give the same number of rows for %i records", (records) => {
    const rows = CORE_WORK[`engine/${name}`]({ records });
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBe(CORE_WORK[`yardstick/${yardstick}`]({ records }));
  });
});

describe("yardsticks", () => {
  it("give the rows that can be counted by hand", () => {
    // 120 s of records: every key in 2 minutes, so in 2 tumbling windows and 6 sliding ones.
    expect(tumblingCounts(120_000)).toBe(2000);
    expect(slidingCounts(120_000)).toBe(6000);
    // 130 s: the first 300 keys have come back after 90 s of silence.
    expect(CORE_WORK["yardstick/session"]({ records: 130_000 })).toBe(1300);
  });

  it("sliced or not, sliding windows have the same rows", () => {
    for (const records of [1, 60_000, 250_500]) expect(slicedCounts(records)).toBe(slidingCounts(records));
  });

  it("forget a key after the horizon, at the watermark", () => {
    const oneKey = eventsOver(1, 1);
    // A timer at 1,500 fires with the watermark 1,998 after the record 1,999; the record 2,000 is a first one again.
    expect(firstOfDay(2000, oneKey, 1500)).toBe(1);
    expect(firstOfDay(2001, oneKey, 1500)).toBe(2);
    expect(ENGINE_JOBS.dedup(2000, oneKey, 1500)).toBe(1);
    expect(ENGINE_JOBS.dedup(2001, oneKey, 1500)).toBe(2);
  });
});

describe("work for growth", () => {
  it.each(["tumbling", "dedup"] as const)(
    "like %s over more keys: same rows as the yardstick, and the same share of rows per record",
    (job) => {
      const shares = [1000, 2000, 4000].map((keys) => {
        const size = { records: 80_000, keys };
        const rows = CORE_WORK[`engine/keys-${job}`](size);
        expect(rows).toBe(CORE_WORK[`yardstick/keys-${job}`](size));
        return rows / size.records;
      });
      expect(Math.max(...shares) / Math.min(...shares)).toBeLessThan(1.2);
    },
  );

  it("windows of more slides give one row per key and window", () => {
    expect(CORE_WORK["engine/sliding-cost"]({ records: 60_000, slides: 3 })).toBe(3000);
  });

  it("looks at the heap once, before the last record", () => {
    const looks: string[] = [];
    for (const name of ["engine/memory-tumbling", "engine/memory-dedup"] satisfies WorkName[]) {
      globalThis.lookAtHeap = () => looks.push(name);
      CORE_WORK[name]({ records: 2000, keys: 100 });
    }
    globalThis.lookAtHeap = undefined;
    expect(looks).toEqual(["engine/memory-tumbling", "engine/memory-dedup"]);
  });
});

describe("the 20-record job", () => {
  it("hands over each row while it runs", () => {
    const rows: string[] = [];
    expect(wordCount((row) => rows.push(row))).toBe(20);
    expect(rows.slice(0, 5)).toEqual(["to 1\n", "be 1\n", "or 1\n", "not 1\n", "to 2\n"]);
  });
});
