import type { PackDetail, PackEvent, PackReportLine } from "@millrace/server/contract";
import { describe, expect, it } from "vitest";
import type { EventListener } from "../../src/api/events.ts";
import { expectedVerdict, reportOf, withLine } from "../../src/state/pack-report.ts";
import { PackWatch } from "../../src/state/pack-watch.svelte.ts";

const line = (problem: string, subject: string, more: Partial<PackReportLine> = {}): PackReportLine => ({
  problem,
  subject,
  found: "accepted 100/100",
  complaint: null,
  warnings: [],
  mutants: null,
  tookMs: 10,
  ...more,
});

const mutants = (killed: number, survived: number) => ({ killed, survived, survivors: [], equivalent: 1, dropped: 0 });

describe("a pack's report", () => {
  it("tells submissions from other checks", () => {
    expect(expectedVerdict({ subject: "late-data/x.ts" })).toBe("late-data");
    expect(expectedVerdict({ subject: "mutants of accepted/x.ts" })).toBeNull();
    expect(expectedVerdict({ subject: "structure" })).toBeNull();
  });

  it("counts by problem and expected verdict, in the judge's order, and numbers its findings", () => {
    const report = reportOf(
      [
        line("b", "wrong-output/1.ts", { found: "accepted 100/100", complaint: "should be wrong-output" }),
        line("b", "wrong-output/2.ts"),
        line("b", "accepted/1.ts"),
        line("b", "mutants of accepted/1.ts", { mutants: mutants(4, 1), complaint: "no world tells it" }),
        line("b", "determinism", { found: "same bytes" }),
        line("a", "determinism", { found: "not applicable" }),
        line("a", "structure", { warnings: ["no hints.md"] }),
        line("", "cards", { found: "3 cards" }),
      ],
      [
        { id: "a", title: "A", kind: "decide" },
        { id: "b", title: "B", kind: "sql" },
        { id: "c", title: "C", kind: "trace" },
      ],
    );
    expect(report.verdicts).toEqual(["accepted", "wrong-output"]);
    expect(report.rows.map(({ title }) => title)).toEqual(["A", "B", "C", ""]);
    expect(report.rows[1]).toMatchObject({
      cells: { accepted: { good: 1, total: 1 }, "wrong-output": { good: 1, total: 2 } },
      mutants: { good: 4, total: 5, equivalent: 1 },
      checks: { good: 1, total: 1 },
    });
    expect(report.rows.flatMap(({ findings }) => findings.map(({ index, expected }) => [index, expected]))).toEqual([
      [0, "wrong-output"],
      [1, null],
    ]);
    expect(report.rows[0].warnings).toEqual(["no hints.md"]);
    expect([report.submissions, report.mutants, report.repeatable, report.findings]).toEqual([
      { good: 2, total: 3 },
      { good: 4, total: 5 },
      { good: 1, total: 1 },
      2,
    ]);
  });

  it("puts what is told again in the place of what was told before", () => {
    const before = [line("a", "structure"), line("a", "junk")];
    expect(withLine(before, line("a", "structure", { found: "complete" })).map(({ found }) => found)).toEqual([
      "complete",
      "accepted 100/100",
    ]);
    expect(withLine(before, line("b", "structure"))).toHaveLength(3);
  });
});

describe("a pack that is watched", () => {
  const pack = (state: PackDetail["state"], report: readonly PackReportLine[]): PackDetail => ({
    id: "1",
    packId: "mini",
    title: "Mini",
    version: "1.0.0",
    problems: 1,
    state,
    status: "draft",
    uploadedBy: "x",
    createdAtMs: 1,
    verification: 1,
    verifiedAtMs: null,
    diagnostics: [],
    report,
  });

  it("grows with its events, says when the connection is lost, and ends with what is stored", async () => {
    let stored = pack("waiting", []);
    let listener: EventListener<PackEvent> | undefined;
    let open = 0;
    const api = { find: async () => stored, problems: async () => [] };
    const watch = new PackWatch("1", api, (_id, given) => {
      listener = given;
      open++;
      return () => open--;
    });
    await watch.load();
    listener!.message({ kind: "planned", lines: 2 });
    listener!.message({ kind: "line", line: line("a", "structure") });
    expect([watch.pack?.state, watch.planned, watch.report.rows.length]).toEqual(["verifying", 2, 1]);
    listener!.interrupted();
    expect(watch.interrupted).toBe(true);
    listener!.message({ kind: "line", line: line("a", "structure") });
    expect([watch.interrupted, watch.pack?.report.length]).toEqual([false, 1]);
    stored = pack("passed", [line("a", "structure"), line("a", "junk")]);
    listener!.message({ kind: "finished", state: "passed" });
    await expect.poll(() => watch.pack?.state).toBe("passed");
    expect(watch.pack?.report).toHaveLength(2);
    watch.stop();
    expect(open).toBe(0);
  });

  it("begins its report anew with another verification, whether it was followed before or not", async () => {
    let listener: EventListener<PackEvent> | undefined;
    const watch = new PackWatch("1", { find: async () => pack("passed", [line("a", "junk")]), problems: async () => [] }, (_id, given) => {
      listener = given;
      return () => {};
    });
    await watch.load();
    expect(listener).toBeUndefined();
    watch.adopt(pack("waiting", [line("a", "junk")]));
    listener!.message({ kind: "begun" });
    expect([watch.pack?.state, watch.pack?.report, watch.planned]).toEqual(["verifying", [], null]);
    listener!.message({ kind: "planned", lines: 1 });
    listener!.message({ kind: "line", line: line("a", "junk") });
    expect([watch.planned, watch.pack?.report.length]).toEqual([1, 1]);
    watch.stop();
  });

  it("of which everything is known is not followed", async () => {
    const watch = new PackWatch("1", { find: async () => pack("failed", []), problems: () => Promise.reject(new Error("away")) }, () => {
      throw new Error("there is nothing to follow");
    });
    await watch.load();
    expect([watch.failure, watch.problems]).toEqual([null, []]);
  });
});
