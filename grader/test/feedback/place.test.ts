import type { DiagnosticData } from "@millrace/engine";
import { describe, expect, it } from "vitest";
import { placed } from "../../src/feedback/place.ts";

const unknown: DiagnosticData = { code: "KAFKA_UNKNOWN_TOPIC", message: "", phase: "runtime", found: "linez", expected: "lines" };

describe("placed", () => {
  it("points at the literal that holds the name", () => {
    const text = 'const a = 1;\nsource.setTopics("linez");\n';
    expect(placed(unknown, text).span).toEqual({ line: 2, column: 18, endLine: 2, endColumn: 25 });
    expect(placed(unknown, "f('linez')").span).toEqual({ line: 1, column: 3, endLine: 1, endColumn: 10 });
  });

  it("prefers the call that takes topics to other uses of the same word", () => {
    expect(placed(unknown, 'b.setTopics("linez");\nenv.fromSource(s, w, "linez");').span).toMatchObject({ line: 1, column: 13 });
  });

  it("says nothing where it would guess", () => {
    expect(placed(unknown, 'f("linez", "linez")').span).toBeUndefined();
    expect(placed(unknown, "f(name)").span).toBeUndefined();
    expect(placed({ ...unknown, found: undefined }, 'f("linez")').span).toBeUndefined();
  });

  it("points at the last line when something is missing from the whole program", () => {
    const nothing: DiagnosticData = { code: "JOB_NOT_EXECUTED", message: "", phase: "graph" };
    expect(placed(nothing, "const a = 1;\nf(a);\n\n").span).toEqual({ line: 2, column: 1, endLine: 2, endColumn: 6 });
  });

  it("leaves other mistakes and known positions alone", () => {
    const known = { ...unknown, span: { line: 9, column: 1 } };
    expect(placed(known, 'f("linez")')).toBe(known);
    const other = { ...unknown, code: "JOB_USER_EXCEPTION" };
    expect(placed(other, 'f("linez")')).toBe(other);
  });
});
