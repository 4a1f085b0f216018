import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { fromYaml, toYaml } from "../../src/state/answer-yaml.ts";
import { FormAnswer } from "../../src/state/form-answer.svelte.ts";
import { judgeReport, traceForm } from "../fixtures/answers.ts";

const blanks = [
  { row: "A", column: "watermark" },
  { row: "A", column: "fires" },
  { row: "2", column: "watermark" },
];

describe("answer YAML", () => {
  it("writes what a YAML parser reads as row, column, text", () => {
    const answers = { A: { watermark: "10:00:04.999", fires: 'none, "yet": {}' }, "2": { watermark: "" } };
    const text = toYaml(answers, blanks);
    expect(parse(text)).toEqual({ A: { watermark: "10:00:04.999", fires: 'none, "yet": {}' } });
    expect(fromYaml(text)).toEqual({ A: { watermark: "10:00:04.999", fires: 'none, "yet": {}' } });
  });

  it("keeps a row id that looks like a number a key", () => {
    const text = toYaml({ "2": { watermark: "7" } }, blanks);
    expect(parse(text)).toEqual({ "2": { watermark: "7" } });
    expect(fromYaml(text)).toEqual({ "2": { watermark: "7" } });
  });

  it("reads a starter and what a person would write by hand", () => {
    expect(fromYaml('A: { watermark: "", fires: "" }\n')).toEqual({ A: {} });
    expect(fromYaml("# mine\nA: { watermark: 10:00:04, fires: [0, 10) }\n")).toMatchObject({ A: { watermark: "10:00:04" } });
    expect(fromYaml("A: {watermark: none}\nnonsense\n")).toEqual({ A: { watermark: "none" } });
  });

  it("is an empty mapping when nothing is filled in", () => {
    expect(parse(toYaml({}, blanks))).toEqual({});
  });
});

describe("FormAnswer", () => {
  it("knows its blanks, counts them and moves between them", () => {
    const trace = new FormAnswer(traceForm, "{}\n");
    expect(trace.blanks).toHaveLength(7);
    trace.set("r1", "watermark", "10:00:02.999");
    expect(trace.filled).toBe(1);
    expect(trace.text).toBe('r1: { watermark: "10:00:02.999" }\n');
    expect(trace.neighbour({ row: 0, column: 2 }, "down")).toEqual({ row: 1, column: 2 });
    expect(trace.neighbour({ row: 0, column: 2 }, "right")).toBeNull();
    expect(trace.neighbour({ row: 0, column: 2 }, "next")).toEqual({ row: 1, column: 2 });
    expect(trace.neighbour({ row: 1, column: 3 }, "up")).toBeNull();
    expect(trace.neighbour({ row: 1, column: 2 }, "previous")).toEqual({ row: 0, column: 2 });
    expect(trace.neighbour({ row: 3, column: 3 }, "next")).toBeNull();
  });

  it("marks the cell in which the first wrong row parts from the right one, until it is changed", () => {
    const trace = new FormAnswer(traceForm, "");
    trace.markFrom({
      ...judgeReport(false),
      difference: {
        world: 1,
        topic: "answer",
        sentence: "",
        columns: ["step", "event time", "watermark", "fires"],
        rows: [
          { kind: "equal", cells: ["1", "10:00:03", "10:00:02.999", "none"], expected: null },
          { kind: "changed", cells: ["2", "10:00:12", "10:00:07", "none"], expected: ["2", "10:00:12", "10:00:06.999", "none"] },
        ],
        more: 1,
      },
    });
    expect(trace.isWrong("r2", "watermark")).toBe(true);
    expect(trace.isWrong("r2", "fires")).toBe(false);
    trace.set("r2", "watermark", "10:00:06.999");
    expect(trace.isWrong("r2", "watermark")).toBe(false);
  });
});
