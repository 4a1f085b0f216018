import { describe, expect, it } from "vitest";
import { type BaselineSection, replaced } from "../../bench/baseline.ts";
import { missOf, type Row, type Section, shortNumber, tableOf } from "../../bench/section.ts";
import { settingsOf, UsageError, wants } from "../../bench/settings.ts";

const row = (value: number, rest: Partial<Row> = {}): Row => ({ id: "r", figures: { ratio: value }, ...rest });
const section = (rows: readonly Row[]): Section => ({ title: "T", judged: "ratio", rows });

describe("targets", () => {
  it("are bounds from below or above, the bound included", () => {
    expect(missOf(section([]), row(0.22, { target: { atLeast: 0.22 } }))).toBeNull();
    expect(missOf(section([]), row(0.219, { target: { atLeast: 0.22 } }))).toBe("0.219 < 0.22");
    expect(missOf(section([]), row(150, { target: { atMost: 150 } }))).toBeNull();
    expect(missOf(section([]), row(151, { target: { atMost: 150 } }))).toBe("151 > 150");
  });

  it("a wrong result misses whatever its speed, and so does no figure at all", () => {
    expect(missOf(section([]), row(9, { target: { atLeast: 1 }, fault: "5 rows, not 6" }))).toBe("5 rows, not 6");
    expect(missOf(section([]), { id: "r", figures: {}, target: { atMost: 1 } })).not.toBeNull();
  });

  it("without a target there is nothing to miss", () => {
    expect(missOf(section([]), row(0))).toBeNull();
  });
});

describe("tables", () => {
  it("stand beside the baseline", () => {
    const lines = tableOf(section([row(0.3, { id: "a", target: { atLeast: 0.22 } }), row(2, { id: "bb" })]), (id) =>
      id === "a" ? 0.2 : undefined,
    );
    expect(lines).toEqual(["", "T", "    ratio  target      baseline (ratio)", "a   0.300  ≥ 0.22  ok      1.50 × 0.200", "bb      2"]);
  });

  it("numbers keep about three digits", () => {
    expect([0.03456, 3.456, 34.56, 345.6, 2_134_098, 7].map(shortNumber)).toEqual(["0.035", "3.46", "34.6", "346", "2,134,098", "7"]);
  });
});

describe("the baseline", () => {
  const kept = (title: string, date: string, ...ids: string[]): BaselineSection => ({
    title,
    date,
    judged: "ratio",
    rows: ids.map((id) => ({ id, figures: { ratio: 1 } })),
  });

  it("keeps sections that were not measured, and puts new ones behind", () => {
    const old = [kept("A, 10 runs", "1", "a", "b"), kept("C", "1", "c")];
    const fresh = [kept("D", "2", "d"), kept("A, 3 runs", "2", "b", "e")];
    expect(replaced(old, fresh)).toEqual([fresh[1], old[1], fresh[0]]);
    expect(replaced([], fresh)).toEqual(fresh);
  });
});

describe("the command line", () => {
  it("measures everything with 10 M records in isolates, if nothing is said", () => {
    const settings = settingsOf([]);
    expect(settings).toMatchObject({ host: "isolate", records: 10_000_000, repeat: 3, quick: false });
    expect(wants(settings, "growth")).toBe(true);
  });

  it("one job, or plain Node, is throughput alone", () => {
    expect(wants(settingsOf(["--job", "dedup"]), "growth")).toBe(false);
    expect(wants(settingsOf(["--in", "node"]), "memory")).toBe(false);
    expect(wants(settingsOf(["--only", "memory"]), "throughput")).toBe(false);
  });

  it.each([["--fast"], ["--records"], ["--records", "many"], ["--in", "space"], ["--only", "speed"], ["--quick", "--save-baseline"]])(
    "refuses %s %s",
    (...args) => {
      expect(() => settingsOf(args.filter((arg) => arg !== undefined))).toThrow(UsageError);
    },
  );
});
