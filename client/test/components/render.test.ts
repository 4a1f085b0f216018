/** Components rendered to text by Svelte's own renderer: what stands there, and what a screen reader is told. */
import { render } from "svelte/server";
import { describe, expect, it } from "vitest";
import DifferenceTable from "../../src/components/DifferenceTable.svelte";
import Prose from "../../src/components/Prose.svelte";
import WorldStrip from "../../src/components/WorldStrip.svelte";
import VerdictSide from "../../src/pages/verdict/VerdictSide.svelte";
import Plane from "../../src/visuals/Plane.svelte";
import PlaneTable from "../../src/visuals/PlaneTable.svelte";
import { planeModel } from "../../src/visuals/plane-model.ts";
import { judgeReport, problemDetail } from "../fixtures/answers.ts";
import { sessionRecording } from "../fixtures/session-recording.ts";

const count = (html: string, part: string) => html.split(part).length - 1;

describe("the plane", () => {
  const model = planeModel(sessionRecording({ crash: true }), { key: "u_42" });

  it("draws one mark per record, the crash, the barriers and the replay", () => {
    const { body } = render(Plane, { props: { model, width: 556, height: 240 } });
    expect(count(body, 'class="mk-')).toBe(model.records.length);
    expect(count(body, 'class="mk-duplicate"')).toBe(1);
    expect(count(body, 'class="crash"')).toBe(1);
    expect(count(body, "bar-line")).toBe(3);
    expect(body).toContain('aria-label="Event time against processing time, key u_42"');
    expect(body).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("has a table with the same facts", () => {
    const { body } = render(PlaneTable, { props: { model } });
    expect(body).toContain("10:40:00");
    expect(body).toContain("record, seen again");
  });
});

describe("DifferenceTable", () => {
  it("gives every difference a word and a symbol, and the expected value of what has changed", () => {
    const difference = judgeReport(false).difference;
    if (difference === null) throw new Error("the fixture has no difference");
    const known = problemDetail("sessions-exactly-once")?.samples[0].expected[0];
    const { body } = render(DifferenceTable, { props: { difference, known } });
    for (const word of ["again", "changed", "missing", "expected 10:52:00", "⊙", "≠", "−"]) expect(body).toContain(word);
    expect(body).toContain('data-diff="duplicate"');
  });
});

describe("WorldStrip", () => {
  it("says in words what the bars show", () => {
    const { body } = render(WorldStrip, { props: { marks: ["passed", "passed", "failed", "running", "waiting"] } });
    expect(body).toContain('aria-label="2 worlds passed, 1 failed, 1 running, 1 to go"');
  });
});

describe("VerdictSide", () => {
  it("lists groups and worlds with their points", () => {
    const { body } = render(VerdictSide, { props: { report: judgeReport(false), hintOpen: false } });
    expect(body).toContain("0 / 35");
    expect(body).toContain("tm-1 lost 20 s before a checkpoint");
    expect(body).toContain("4 failed, all duplicate-records");
  });
});

describe("Prose", () => {
  it("knows code and bold, and nothing of HTML", () => {
    const { body } = render(Prose, { props: { text: "Use `a < b`, **not** <img src=x>" } });
    expect(body).toContain("<code>a &lt; b</code>");
    expect(body).toContain("<b>not</b>");
    expect(body).not.toContain("<img");
  });
});

describe("a difference in a time column", () => {
  it("is none when one side is a number and the other SQL's text of the same moment", () => {
    const known = {
      topic: "hourly",
      columns: [
        { name: "net", role: "value" },
        { name: "hour", role: "eventTime" },
        { name: "place", role: "value" },
      ],
      rows: [],
    } as const;
    const difference = {
      world: 3,
      topic: "hourly",
      sentence: "",
      columns: ["net", "hour", "place"],
      rows: [
        { kind: "changed", cells: ["ci", "2026-01-05 10:00:00.000", "Castaic"], expected: ["ci", Date.UTC(2026, 0, 5, 10), "Aguanga"] },
      ],
      more: 0,
    } as const;
    const { body } = render(DifferenceTable, { props: { difference, known } });
    expect(count(body, 'class="exp')).toBe(1);
    expect(body).toContain(">10:00:00<");
    expect(body).toContain("expected Aguanga");
  });
});
